//! Bodies and answers.

pub(super) mod attendance;
pub(super) mod attendee;
pub(super) mod counts;
pub(super) mod registration;
pub(super) mod session;
