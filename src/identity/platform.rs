//! What a use case may need beside its transaction; one per process.

use std::sync::Arc;

use super::call::Cx;
use super::password::Hasher;
use crate::db::Db;
use crate::http::Problem;
use crate::kernel::Clock;
use crate::mail::message::Links;
use crate::sealed::{Depot, Keys};

/// Storage, time, keys and the places links point to.
#[derive(Debug)]
pub struct Platform {
    /// The database.
    pub db: Db,
    /// The present.
    pub clock: Arc<Clock>,
    /// The keys.
    pub keys: Arc<Keys>,
    /// The stored documents.
    pub depot: Depot,
    /// Hashes passwords, few at a time.
    pub hasher: Hasher,
    /// Where links in mails point.
    pub links: Links,
    /// Asks the slices whether a caller still sees what is at a path.
    pub sight: Sight,
}

/// Whether a caller still sees the thing that is at a path.
pub type Sight = fn(&mut Cx<'_>, &str) -> Result<bool, Problem>;
