//! Keys by purpose: what signs, derives and seals, and the files that are stored sealed. Keys
//! never lie in the database; the database names the ids of those it needs.

pub mod erasure;
#[cfg(fuzzing)]
pub mod fuzz;
mod key_file;
mod keyring;
pub mod keys;
pub mod rotation;
pub mod stored;
pub mod vault;

#[cfg(test)]
mod vault_tests;

pub use erasure::erase;
pub use keys::{Keys, Purpose};
pub use stored::{Depot, Stored, StoredId};
pub use vault::{DataKey, DataKeyId, Place, Subject, blind_index};
