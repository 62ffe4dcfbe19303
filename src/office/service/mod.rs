//! What people can do with the office: one function a use case, inside its transaction.

pub mod agency;
pub mod calendar;
pub mod office;
pub mod room;

use crate::db::{self, dialect};

/// Whether a write failed because something unique is there already.
fn is_taken(error: &db::Error) -> bool {
    matches!(error, db::Error::Statement(error) if dialect::violated_unique(error).is_some())
}
