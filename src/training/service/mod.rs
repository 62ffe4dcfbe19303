//! The use cases, one function each: sync, inside a transaction, reading as the office works.

pub(super) mod attendance;
pub(super) mod attendee;
mod audience;
pub(super) mod completion;
mod filling;
pub(super) mod import;
pub(super) mod import_row;
mod inherit;
pub(super) mod mark;
pub(super) mod merge;
pub(super) mod outlook;
pub(super) mod own;
pub(super) mod pace;
pub(super) mod people;
pub(super) mod registration;
pub(super) mod rehearsal;
pub(super) mod reminder;
pub(super) mod report;
pub(super) mod resend;
pub(super) mod respond;
pub(super) mod schedule;
pub(super) mod seat;
pub(super) mod session;
pub(super) mod sheet;
mod standing;
pub(super) mod warning;
mod whom;
