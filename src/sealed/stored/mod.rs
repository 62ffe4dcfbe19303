//! Stored documents: files in the data folder, each sealed by the data key of the subject it
//! belongs to. It knows no feature: a row of some slice names a file by its id.
//!
//! How a file comes to be: [`Depot::receive`] makes room, [`Incoming::push`] takes the bytes,
//! [`Depot::keep`] cleans, seals and writes them, durable when it returns; only then is the row
//! written that names it. A crash between the two leaves a file that no row names, which
//! [`Depot::sweep`] removes after a while. A destroyed data key makes a file unreadable for good,
//! in backups too; [`Depot::remove`] gives its space back.

mod depot;
mod room;
mod stream;
#[cfg(test)]
mod tests;

pub use depot::Depot;
pub use room::{Clean, Incoming, Sender};
pub use stream::Reader;

use crate::kernel::{Class, Coded, Id};
use crate::paper::incoming::{FileKind, Refusal};

/// Marks ids of stored files.
#[derive(Debug)]
pub enum StoredMark {}
/// The id of a stored file; the id of the row that names it may be the same, by [`Id::cast`].
pub type StoredId = Id<StoredMark>;

/// A file that is stored: what its row keeps. The name and the digest are personal data of the
/// subject: seal them like other text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its id.
    pub id: StoredId,
    /// What it is.
    pub kind: FileKind,
    /// How many bytes it has.
    pub size: i64,
    /// The SHA-256 of its bytes, as they are given back.
    pub sha256: Vec<u8>,
    /// The name to show.
    pub name: String,
}

/// Why a file cannot be stored or read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No file has that id.
    #[error("a stored file is not there")]
    Missing,
    /// It is not what was sealed there: changed, moved, cut, or sealed by another key.
    #[error("a stored file does not open: {0}")]
    Broken(&'static str),
    /// The file system.
    #[error("a stored file: {0}")]
    Io(#[from] std::io::Error),
    /// The file is refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Storage failed.
    #[error(transparent)]
    Db(#[from] crate::db::Error),
}

impl Coded for Error {
    fn class(&self) -> Class {
        match self {
            Self::Missing | Self::Broken(_) => Class::Internal,
            Self::Io(_) => Class::Unavailable,
            Self::Refused(refusal) => refusal.class(),
            Self::Db(error) => error.class(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Missing | Self::Broken(_) => "internal",
            Self::Io(_) => "storage-unavailable",
            Self::Refused(refusal) => refusal.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn facts(&self) -> serde_json::Map<String, serde_json::Value> {
        match self {
            Self::Refused(refusal) => refusal.facts(),
            _ => serde_json::Map::new(),
        }
    }
}
