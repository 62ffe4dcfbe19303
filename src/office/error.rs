//! Every way a use case of the office may refuse.

use serde_json::{Map, Value};

use crate::kernel::{Class, Coded, Fault, Violation};

/// A refusal.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What every slice refuses alike.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// Storage failed.
    #[error(transparent)]
    Db(#[from] crate::db::Error),
    /// The agency's code is taken.
    #[error("the agency code is taken")]
    AgencyCodeTaken,
    /// The room's name is taken.
    #[error("the room name is taken")]
    RoomNameTaken,
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        Self::Db(error.into())
    }
}

impl Coded for Error {
    fn class(&self) -> Class {
        match self {
            Self::Fault(fault) => fault.class(),
            Self::Db(error) => error.class(),
            Self::AgencyCodeTaken | Self::RoomNameTaken => Class::Conflict,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Fault(fault) => fault.code(),
            Self::Db(error) => error.code(),
            Self::AgencyCodeTaken => "agency-code-taken",
            Self::RoomNameTaken => "room-name-taken",
        }
    }

    fn violations(&self) -> &[Violation] {
        if let Self::Fault(fault) = self {
            fault.violations()
        } else {
            &[]
        }
    }

    fn facts(&self) -> Map<String, Value> {
        if let Self::Fault(fault) = self {
            fault.facts()
        } else {
            Map::new()
        }
    }
}
