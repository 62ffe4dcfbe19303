//! What a use case may need beside its transaction; one per process.

use std::sync::Arc;

use super::password::Hasher;
use crate::db::Db;
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
}
