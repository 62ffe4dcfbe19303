//! Rows and queries; private to the slice. Every query starts from the office.

pub(super) mod attendance;
pub(super) mod attendee;
pub(super) mod imported;
pub(super) mod ledger;
pub(super) mod reach;
pub(super) mod registration;
pub(super) mod rows;
pub(super) mod seen;
pub(super) mod session;
mod session_row;
pub(super) mod undelivered;
