//! The plan's registers through their HTTP door.

mod concerns;
mod difficulties;
mod figures;
mod obligations;
pub(crate) mod owed;
pub(crate) mod products;
