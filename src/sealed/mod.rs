//! Keys by purpose: what signs, derives and seals. Keys never lie in the database;
//! the database names the ids of those it needs.

pub mod keys;
pub mod vault;

pub use keys::{Keys, Purpose};
pub use vault::{DataKey, DataKeyId, Place, Subject, blind_index};
