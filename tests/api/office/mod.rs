//! The office by HTTP, and the chain of its log.

mod alerts;
mod days;
mod delegations;
mod duties;
mod escalation;
mod isolation;
mod log;
mod rows;
mod rules;
mod work;
