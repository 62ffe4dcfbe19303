//! Every way the plan's use cases may refuse.

use serde_json::{Map, Value, json};

use crate::db;
use crate::kernel::{Class, Coded, Fault};
use crate::sealed::vault;

/// Why a use case of the plan refuses.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody approves their own work while another could.
    #[error("approved by its own author")]
    OwnApproval,
    /// What an indicator counts and for whom stays once figures were entered.
    #[error("figures were entered for the indicator")]
    IndicatorCounted,
    /// Another figure of the indicator counts a day of this one.
    #[error("days that another figure counts")]
    PeriodOverlaps {
        /// That figure.
        figure: uuid::Uuid,
    },
    /// A product is issued with its file.
    #[error("the product has no file")]
    ProductFileMissing,
    /// Of what is approved only the note changes.
    #[error("the product is approved")]
    ProductSettled,
    /// Sealing or opening failed.
    #[error(transparent)]
    Sealed(vault::Error),
    /// What every slice refuses alike.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The office refused.
    #[error(transparent)]
    Office(#[from] crate::office::Error),
    /// Storage failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for Error {
    fn class(&self) -> Class {
        match self {
            Self::OwnApproval
            | Self::IndicatorCounted
            | Self::PeriodOverlaps { .. }
            | Self::ProductFileMissing
            | Self::ProductSettled => Class::Conflict,
            Self::Sealed(_) => Class::Internal,
            Self::Fault(fault) => fault.class(),
            Self::Office(error) => error.class(),
            Self::Db(error) => error.class(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::OwnApproval => "own-approval",
            Self::IndicatorCounted => "indicator-counted",
            Self::PeriodOverlaps { .. } => "period-overlaps",
            Self::ProductFileMissing => "product-file-missing",
            Self::ProductSettled => "product-settled",
            Self::Sealed(_) => "internal",
            Self::Fault(fault) => fault.code(),
            Self::Office(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Fault(fault) => Some(fault),
            Self::Office(error) => error.fault(),
            _ => None,
        }
    }

    fn facts(&self) -> Map<String, Value> {
        match self {
            Self::Fault(fault) => fault.facts(),
            Self::Office(error) => error.facts(),
            Self::PeriodOverlaps { figure } => {
                Map::from_iter([("figure_id".to_owned(), json!(figure))])
            }
            _ => Map::new(),
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
            Self::Office(error) => error.is_retryable(),
            _ => false,
        }
    }
}
