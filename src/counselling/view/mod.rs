//! What comes in and goes out: bodies with every broken rule at once, answers in the office's zone.

pub(super) mod appointment;
pub(super) mod appointment_step;
pub(super) mod availability;
pub(super) mod case;
pub(super) mod case_step;
pub(super) mod consent;
pub(super) mod counts;
pub(super) mod follow_up;
pub(super) mod note;
pub(super) mod overview;
pub(super) mod own_appointment;
pub(super) mod party;
pub(super) mod request;
pub(super) mod scan;
pub(super) mod timeline;
pub(super) mod words;
