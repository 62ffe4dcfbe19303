//! The plan's registers through their HTTP door.

mod obligations;
