//! The use cases, one function each, inside the transaction they are given.

pub(super) mod appointment;
pub(super) mod availability;
pub(super) mod booking;
pub(super) mod break_glass;
pub(super) mod case;
mod case_fields;
pub(super) mod claim;
pub(super) mod closing;
pub(super) mod consent;
pub(super) mod ending;
pub(super) mod erasure;
pub(super) mod follow_up;
mod handing;
mod history;
pub(super) mod matter;
pub(super) mod note;
mod notice;
pub(super) mod overview;
pub(super) mod own_appointment;
pub(super) mod party;
pub(super) mod phase;
pub(super) mod reminder;
pub(super) mod report;
pub(super) mod request;
pub(super) mod scan;
pub(super) mod supervision;
pub(super) mod withdrawal;
