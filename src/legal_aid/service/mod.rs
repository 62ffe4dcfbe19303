//! Use cases of legal aid, each inside the transaction it is given.

pub(super) mod claim;
pub(super) mod conflict;
pub(super) mod document;
pub(super) mod draft;
pub(super) mod letter;
pub(super) mod reading;
pub(super) mod receipt;
pub(super) mod schedule;
pub(super) mod step;
mod submission;
pub(super) mod submit;
pub(super) mod talk;
pub(super) mod withdrawal;
