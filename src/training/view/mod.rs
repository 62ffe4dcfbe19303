//! Bodies and answers.

pub(super) mod attendance;
pub(super) mod attendee;
pub(super) mod counts;
pub(super) mod registration;
pub(super) mod respond;
pub(super) mod session;
pub(super) mod session_action;
pub(super) mod session_body;
pub(super) mod sheet;
