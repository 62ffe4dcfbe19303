//! Storage failures, without anything a caller may see.

use crate::kernel::{Class, Coded};

/// Storage failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A statement failed; a violated constraint is found with `dialect::violated`.
    #[error("a statement failed: {0}")]
    Statement(#[from] diesel::result::Error),
    /// No connection, no room in the queue, or the disk is full: later perhaps.
    #[error("storage is not available: {0}")]
    Unavailable(String),
    /// What the database holds forbids what an operator asked for.
    #[error("{0}")]
    Refused(String),
    /// A stored row is impossible.
    #[error("a stored row is impossible: {0}")]
    Corrupt(String),
    /// A job panicked; it was rolled back alone.
    #[error("a job panicked")]
    Panicked,
}

/// An error a transaction may end with: it can be made of a storage failure, and says whether
/// the transaction lost a race and may succeed when it is run again.
pub trait Failure: From<Error> {
    /// Whether running the transaction again may succeed.
    fn is_retryable(&self) -> bool;
}

impl Failure for Error {
    fn is_retryable(&self) -> bool {
        match self {
            Self::Statement(error) => lost_race(error),
            _ => false,
        }
    }
}

/// Whether a statement failed because another transaction was in its way.
pub fn lost_race(error: &diesel::result::Error) -> bool {
    use diesel::result::{DatabaseErrorKind, Error as Diesel};
    match error {
        Diesel::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => true,
        Diesel::DatabaseError(_, info) => info.message().contains("deadlock detected"),
        _ => false,
    }
}

impl Error {
    /// Whether waiting may help: locks, full disks, lost connections.
    fn is_outage(&self) -> bool {
        use diesel::result::{DatabaseErrorKind, Error as Diesel};
        match self {
            Self::Unavailable(_) | Self::Statement(Diesel::BrokenTransactionManager) => true,
            Self::Statement(Diesel::DatabaseError(kind, info)) => {
                let message = info.message();
                matches!(kind, DatabaseErrorKind::ClosedConnection)
                    || [
                        "database is locked",
                        "database or disk is full",
                        "disk I/O error",
                    ]
                    .iter()
                    .any(|known| message.contains(known))
                    || [
                        "lock timeout",
                        "statement timeout",
                        "No space left",
                        "shutting down",
                    ]
                    .iter()
                    .any(|known| message.contains(known))
                    || message.contains("connection")
                    || self.is_retryable()
            }
            _ => self.is_retryable(),
        }
    }
}

impl Coded for Error {
    fn class(&self) -> Class {
        if self.is_outage() {
            Class::Unavailable
        } else {
            Class::Internal
        }
    }

    fn code(&self) -> &'static str {
        if self.is_outage() {
            "storage-unavailable"
        } else {
            "internal"
        }
    }
}
