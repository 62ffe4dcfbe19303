//! Rows of legal aid; private to the slice.

pub(super) mod claim;
pub(super) mod conflict;
pub(super) mod count;
pub(super) mod document;
pub(super) mod due;
pub(super) mod event;
pub(super) mod receipt;
pub(super) mod request;
pub(super) mod row;
pub(super) mod talk;
pub(super) mod terms;
