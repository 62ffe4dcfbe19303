//! What people can do with accounts: one function a use case, inside its transaction.

pub mod staff;
