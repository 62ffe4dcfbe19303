//! The plan's registers through their HTTP door.

mod concerns;
mod difficulties;
mod figures;
mod obligations;
mod owed;
pub(crate) mod products;
