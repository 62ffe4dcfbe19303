//! The reports the ward owes on its plan: what was done for each task, and the yearly and the
//! summary report, frozen when they are issued.
//!
//! It reads across the slices through what each of them offers, and nobody imports it. `content` is
//! what a report says, counted now or frozen; documents, workbooks and JSON are made of it alone, so
//! that all of them say the same.

mod concerns;
mod content;
mod coverage;
pub mod error;
mod lines;
mod mask;
mod messages;
pub mod model;
mod policy;
mod print;
pub mod routes;
mod service;
pub mod status;
mod store;
mod view;

use std::collections::BTreeSet;

use crate::db::{self, Conn};
use crate::sealed::StoredId;

pub use error::Error;

/// Which of some stored files its reports name.
///
/// # Errors
/// When storage fails.
pub fn names(conn: &mut Conn, ids: &[StoredId]) -> db::Result<BTreeSet<StoredId>> {
    store::file::named(conn, ids)
}
