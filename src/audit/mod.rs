//! The append-only log of what was done and of sensitive reads. An event is written in the
//! transaction of its effect and carries ids and field names, never a value.

pub mod event;
pub mod routes;

pub use event::{Event, record};
