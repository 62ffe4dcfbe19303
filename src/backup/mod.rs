//! Backups: a whole database and the stored documents in one sealed file, made while the service runs, put back into an
//! empty place and checked before anything serves from it.
//!
//! A backup is sealed to a public key (age, x25519), so that the machine that makes it cannot
//! read it afterwards, and whoever finds it on a disk cannot either. The service's own keys are
//! not in it.

mod archive;
mod manifest;
mod run;

pub use archive::{SealKey, recipient};
pub use manifest::Manifest;
pub use run::{create, restore, sweep};

/// Why a backup was not made or not put back.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Storage.
    #[error(transparent)]
    Db(#[from] crate::db::Error),
    /// Keys.
    #[error(transparent)]
    Keys(#[from] crate::sealed::keys::Error),
    /// The stored documents.
    #[error(transparent)]
    Stored(#[from] crate::sealed::stored::Error),
    /// The file system.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// What an operator must read.
    #[error("{0}")]
    Told(String),
}

fn told(text: impl Into<String>) -> Error {
    Error::Told(text.into())
}
