//! Rows of counselling; private to the slice. What may be seen is part of every query.

pub(super) mod appointment;
pub(super) mod appointment_event;
mod appointment_row;
pub(super) mod availability;
pub(super) mod booking;
pub(super) mod break_glass;
pub(super) mod case;
pub(super) mod code;
pub(super) mod consent;
pub(super) mod contact_try;
pub(super) mod count;
pub(super) mod due;
pub(super) mod event;
pub(super) mod follow_up;
pub(super) mod held;
pub(super) mod note;
pub(super) mod party;
pub(super) mod request;
pub(super) mod scan;
pub(super) mod share;
