//! The plan's registers through their HTTP door.

mod figures;
mod obligations;
mod owed;
pub(crate) mod products;
