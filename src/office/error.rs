//! Every way the office's use cases may refuse.

use crate::db;
use crate::kernel::{Class, Coded, Fault};
use crate::sealed::vault;

/// Why a use case about the office refuses.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// An agency of this code exists.
    #[error("an agency of this code exists")]
    AgencyCodeTaken,
    /// A room of this name exists.
    #[error("a room of this name exists")]
    RoomNameTaken,
    /// An office of this code exists.
    #[error("an office of this code exists")]
    OfficeCodeTaken,
    /// Delegating is the supervisors' while one is active.
    #[error("a supervisor is active")]
    SupervisorActive,
    /// What is to be done about an alert is done when it is closed.
    #[error("the alert is open")]
    AlertOpen,
    /// A session owes no such product.
    #[error("no such product is owed")]
    ProductNotOwed,
    /// Sealing or opening failed.
    #[error(transparent)]
    Sealed(vault::Error),
    /// What every slice refuses alike.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// Storage failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for Error {
    fn class(&self) -> Class {
        match self {
            Self::AgencyCodeTaken
            | Self::RoomNameTaken
            | Self::OfficeCodeTaken
            | Self::SupervisorActive
            | Self::AlertOpen
            | Self::ProductNotOwed => Class::Conflict,
            Self::Sealed(_) => Class::Internal,
            Self::Fault(fault) => fault.class(),
            Self::Db(error) => error.class(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::AgencyCodeTaken => "agency-code-taken",
            Self::RoomNameTaken => "room-name-taken",
            Self::OfficeCodeTaken => "office-code-taken",
            Self::SupervisorActive => "supervisor-active",
            Self::AlertOpen => "risk-alert-open",
            Self::ProductNotOwed => "product-not-owed",
            Self::Sealed(_) => "internal",
            Self::Fault(fault) => fault.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Fault(fault) => Some(fault),
            _ => None,
        }
    }
}

impl From<vault::Error> for Error {
    fn from(error: vault::Error) -> Self {
        match error {
            vault::Error::Db(error) => Self::Db(error),
            other => Self::Sealed(other),
        }
    }
}

impl db::error::Failure for Error {
    fn is_retryable(&self) -> bool {
        match self {
            Self::Db(error) => error.is_retryable(),
            _ => false,
        }
    }
}
