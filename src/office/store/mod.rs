//! Rows and queries; nothing outside the slice sees them.

pub(super) mod agency;
pub(super) mod calendar;
pub(super) mod office;
pub(super) mod plan;
pub(super) mod room;
