//! Rows of legal aid; private to the slice.

pub(super) mod conflict;
pub(super) mod document;
pub(super) mod event;
pub(super) mod request;
pub(super) mod row;
pub(super) mod terms;
