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
use crate::kernel::Fault;
use crate::office::work::Work;
use crate::sealed::StoredId;

pub use error::Error;

/// A report as a document.
#[derive(Debug)]
pub struct Written {
    /// The Word document.
    pub document: Vec<u8>,
    /// The number it was issued with; none is a draft.
    pub number: Option<String>,
}

/// The yearly report of a year as a document: as it was issued, or a draft of what it would say now,
/// whether or not somebody began it.
///
/// # Errors
/// `invalid` where no report is due for the year; storage failures.
pub fn annual_document(work: &mut Work<'_>, year: i32) -> Result<Written, Error> {
    let report = service::report::load_or_fresh(work, (model::ReportKind::Annual, year))?;
    let content = service::report::content(work, &report)?;
    let (settings, now) = (work.settings()?.clone(), work.now);
    let document = print::document(&report, &content, (&settings, now))
        .map_err(|error| Fault::Internal(error.to_string()))?;
    Ok(Written {
        document,
        number: report.number,
    })
}

/// Which of some stored files its reports name.
///
/// # Errors
/// When storage fails.
pub fn names(conn: &mut Conn, ids: &[StoredId]) -> db::Result<BTreeSet<StoredId>> {
    store::file::named(conn, ids)
}
