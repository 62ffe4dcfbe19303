//! Counselling before, during and after an adoption: requests, cases and their parties.
//!
//! The shape is that of `training`. What tells who someone is or what they said is sealed by the
//! data key of its request or case (`sealed::vault`), and only the rows' states, dates and ids lie
//! open. Nothing else of the crate sees more than the routes and the background steps.

mod alarm;
pub mod appointment;
pub mod background;
mod case_errand;
mod channel;
pub mod consent;
pub mod counts;
mod days;
pub mod demo;
mod entry;
mod errand;
pub mod error;
pub mod follow_up;
#[cfg(fuzzing)]
pub mod fuzz;
pub mod gate;
mod letter;
mod messages;
pub mod model;
mod policy;
mod print;
pub mod record;
pub mod record_status;
mod report_rows;
pub mod routes;
mod service;
mod sight;
pub mod slot;
pub mod status;
mod store;
mod told;
mod view;
mod waiver;
pub mod words;

use std::collections::BTreeSet;

use crate::db::{self, Conn};
use crate::sealed::StoredId;

pub use error::Error;
pub use report_rows::report_rows;
pub use sight::sees;

/// Which of some stored files its records name.
///
/// # Errors
/// When storage fails.
pub fn names(conn: &mut Conn, ids: &[StoredId]) -> db::Result<BTreeSet<StoredId>> {
    store::scan::named(conn, ids)
}
