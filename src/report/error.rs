//! Every way the use cases of reports may refuse.

use serde_json::{Map, Value};

use crate::db;
use crate::kernel::{Class, Coded, Fault};
use crate::sealed::vault;

/// Why a use case of a report refuses.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A report of this year is there.
    #[error("a report of this year is there")]
    ReportExists,
    /// Agencies have not sent their part.
    #[error("parts of agencies are missing")]
    ContributionsMissing {
        /// Whose, by their codes.
        agencies: Vec<String>,
    },
    /// Nothing was written.
    #[error("an agency's part is empty")]
    ContributionEmpty,
    /// Its last day is not over.
    #[error("the report's period is not over")]
    PeriodNotOver,
    /// A report keeps no more files.
    #[error("the report has enough files")]
    FilesFull,
    /// The plan refused.
    #[error(transparent)]
    Plan(#[from] crate::plan::Error),
    /// The office refused.
    #[error(transparent)]
    Office(#[from] crate::office::Error),
    /// Training refused.
    #[error(transparent)]
    Training(#[from] crate::training::Error),
    /// Counselling refused.
    #[error(transparent)]
    Counselling(#[from] crate::counselling::Error),
    /// Legal aid refused.
    #[error(transparent)]
    LegalAid(#[from] crate::legal_aid::Error),
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

impl Error {
    /// The refusal of another slice.
    fn foreign(&self) -> Option<&dyn Coded> {
        Some(match self {
            Self::Plan(error) => error,
            Self::Office(error) => error,
            Self::Training(error) => error,
            Self::Counselling(error) => error,
            Self::LegalAid(error) => error,
            Self::Fault(error) => error,
            Self::Db(error) => error,
            _ => return None,
        })
    }
}

impl Coded for Error {
    fn class(&self) -> Class {
        match self {
            Self::ReportExists
            | Self::ContributionsMissing { .. }
            | Self::ContributionEmpty
            | Self::PeriodNotOver
            | Self::FilesFull => Class::Conflict,
            _ => self.foreign().map_or(Class::Internal, Coded::class),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::ReportExists => "report-exists",
            Self::ContributionsMissing { .. } => "contributions-missing",
            Self::ContributionEmpty => "contribution-empty",
            Self::PeriodNotOver => "period-not-over",
            Self::FilesFull => "documents-full",
            _ => self.foreign().map_or("internal", Coded::code),
        }
    }

    fn facts(&self) -> Map<String, Value> {
        match self {
            Self::ContributionsMissing { agencies } => {
                let mut facts = Map::new();
                facts.insert("missing_agencies".into(), agencies.clone().into());
                facts
            }
            _ => self.foreign().map(Coded::facts).unwrap_or_default(),
        }
    }

    fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Fault(fault) => Some(fault),
            Self::Plan(error) => error.fault(),
            Self::Office(error) => error.fault(),
            Self::Training(error) => error.fault(),
            Self::Counselling(error) => error.fault(),
            Self::LegalAid(error) => error.fault(),
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
            Self::Plan(error) => error.is_retryable(),
            Self::Office(error) => error.is_retryable(),
            Self::Training(error) => error.is_retryable(),
            Self::Counselling(error) => error.is_retryable(),
            Self::LegalAid(error) => error.is_retryable(),
            Self::Db(error) => error.is_retryable(),
            _ => false,
        }
    }
}
