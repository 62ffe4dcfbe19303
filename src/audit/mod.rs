//! The append-only log of what was done and of sensitive reads. An event is written in the
//! transaction of its effect and carries ids and field names, never a value.
//!
//! A sealer numbers and chains each committed row within seconds; [`verify`] tells the first
//! number that is no longer what was sealed. The log knows no users; its route is the office's.

pub mod event;
pub mod log;
pub mod seal;
pub mod verify;

pub use event::{Event, record};
