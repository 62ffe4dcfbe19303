//! What the ward's plan asks for beside its sessions: products, figures, obligations, concerns and
//! difficulties.
//!
//! Each is a folder of the same files: `status` holds what may be done when, `service` the use
//! cases, `store` the rows, `view` the bodies, `routes` the handlers. The plan's tasks are reference
//! data of `office`; reports, which read all slices, stand above.

pub mod background;
pub mod concern;
pub mod demo;
pub mod difficulty;
pub mod error;
mod figure;
pub mod obligation;
mod policy;
pub mod product;
pub mod routes;

pub use concern::counts_of as concern_counts;
pub use difficulty::{DifficultyLine, of_period as difficulties_of};
pub use error::Error;
pub use figure::{FigureSum, IndicatorId, IndicatorKind, figure_sums};
pub use product::{ProductLine, ProductStatus, products_of};

use std::collections::BTreeSet;

use crate::db::{self, Conn};
use crate::sealed::StoredId;

/// Which of some stored files the plan's rows name.
///
/// # Errors
/// When storage fails.
pub fn names(conn: &mut Conn, ids: &[StoredId]) -> db::Result<BTreeSet<StoredId>> {
    product::names(conn, ids)
}
