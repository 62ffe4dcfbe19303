//! Every way the office's use cases may refuse.

use crate::db;
use crate::kernel::{Class, Coded, Fault};

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
            Self::AgencyCodeTaken | Self::RoomNameTaken | Self::OfficeCodeTaken => Class::Conflict,
            Self::Fault(fault) => fault.class(),
            Self::Db(error) => error.class(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::AgencyCodeTaken => "agency-code-taken",
            Self::RoomNameTaken => "room-name-taken",
            Self::OfficeCodeTaken => "office-code-taken",
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
