//! The plan's registers through their HTTP door.

mod figures;
mod obligations;
