//! The use cases, one function each, inside the transaction they are given.

pub(super) mod case;
pub(super) mod claim;
pub(super) mod party;
pub(super) mod phase;
pub(super) mod request;
