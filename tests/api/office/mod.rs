//! The office by HTTP, and the chain of its log.

mod log;
mod rows;
