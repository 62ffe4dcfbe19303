//! The tenant: its settings, agencies, rooms, working-day calendar and plan tasks.

pub mod agency;
pub mod error;
pub mod plan;
pub mod reference;
pub mod room;
pub mod routes;
pub mod settings;

pub use error::Error;
