//! Keys by purpose: what signs, derives and (later) encrypts. Keys never lie in the database;
//! the database names the ids of those it needs.

pub mod keys;

pub use keys::{Keys, Purpose};
