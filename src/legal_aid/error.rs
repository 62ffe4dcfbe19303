//! Every way a use case of legal aid may refuse.

use serde_json::{Map, Value, json};

use super::words::PaperKind;
use crate::kernel::{Class, Coded, Fault, Violation};
use crate::sealed::vault;

/// A refusal.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What every slice refuses alike.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// Storage failed.
    #[error(transparent)]
    Db(#[from] crate::db::Error),
    /// A slice below refused.
    #[error(transparent)]
    Office(#[from] crate::office::Error),
    /// What is sealed does not open.
    #[error("sealed: {0}")]
    Sealed(vault::Error),
    /// Nobody confirms their own.
    #[error("nobody confirms their own")]
    OwnAct,
    /// Papers of the category's set are missing, and nobody said that they follow.
    #[error("papers are missing")]
    PapersMissing {
        /// Which.
        papers: Vec<PaperKind>,
    },
    /// Nothing came since the last time, and nobody said why or that it follows.
    #[error("nothing new was handed in")]
    NothingNew {
        /// What is wanted.
        papers: Vec<PaperKind>,
    },
    /// Everybody else stands back: nobody would see the request.
    #[error("nobody would be left to see to it")]
    NobodyLeft,
    /// An account has as many requests at the ward as it may.
    #[error("too many requests of one account")]
    RequestsMany,
    /// An account handed in as many bytes as it may.
    #[error("too many bytes of one account")]
    AccountFull,
    /// A request has as many pages as it may.
    #[error("too many pages")]
    DocumentsFull,
    /// Another decision of the Centre is recorded, and nobody said that this puts it right.
    #[error("another decision stands")]
    DecisionStands,
    /// A question is answered once.
    #[error("it was answered")]
    Answered,
    /// No such one-time code, or no longer.
    #[error("no such one-time code")]
    CodeInvalid,
    /// No receipt of this code and number, or no longer.
    #[error("no such receipt")]
    ReceiptInvalid,
}

impl From<vault::Error> for Error {
    fn from(error: vault::Error) -> Self {
        match error {
            vault::Error::Db(error) => Self::Db(error),
            // What was erased is gone, as if it had never been.
            vault::Error::Erased => Self::Fault(Fault::NotFound),
            other => Self::Sealed(other),
        }
    }
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        Self::Db(error.into())
    }
}

impl crate::db::error::Failure for Error {
    fn is_retryable(&self) -> bool {
        match self {
            Self::Db(error) | Self::Office(crate::office::Error::Db(error)) => error.is_retryable(),
            _ => false,
        }
    }
}

impl Coded for Error {
    fn class(&self) -> Class {
        match self {
            Self::Fault(fault) => fault.class(),
            Self::Db(error) => error.class(),
            Self::Office(error) => error.class(),
            Self::Sealed(_) => Class::Internal,
            Self::CodeInvalid | Self::ReceiptInvalid => Class::Invalid,
            Self::OwnAct
            | Self::PapersMissing { .. }
            | Self::NothingNew { .. }
            | Self::NobodyLeft
            | Self::RequestsMany
            | Self::AccountFull
            | Self::DocumentsFull
            | Self::DecisionStands
            | Self::Answered => Class::Conflict,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Fault(fault) => fault.code(),
            Self::Db(error) => error.code(),
            Self::Office(error) => error.code(),
            Self::Sealed(_) => "internal",
            Self::OwnAct => "own-act",
            Self::PapersMissing { .. } => "papers-missing",
            Self::NothingNew { .. } => "nothing-new",
            Self::NobodyLeft => "nobody-left",
            Self::RequestsMany => "requests-many",
            Self::AccountFull => "account-full",
            Self::DocumentsFull => "documents-full",
            Self::DecisionStands => "decision-stands",
            Self::Answered => "question-answered",
            Self::CodeInvalid => "claim-code-invalid",
            Self::ReceiptInvalid => "receipt-invalid",
        }
    }

    fn violations(&self) -> &[Violation] {
        match self {
            Self::Fault(fault) => fault.violations(),
            Self::Office(error) => error.violations(),
            _ => &[],
        }
    }

    fn facts(&self) -> Map<String, Value> {
        match self {
            Self::Fault(fault) => fault.facts(),
            Self::Office(error) => error.facts(),
            Self::PapersMissing { papers } | Self::NothingNew { papers } => {
                Map::from_iter([("papers".to_owned(), json!(papers))])
            }
            _ => Map::new(),
        }
    }
}
