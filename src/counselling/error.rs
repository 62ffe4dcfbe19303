//! Every way a use case of counselling may refuse.

use chrono::NaiveDate;
use serde_json::{Map, Value, json};

use super::consent::Doubt;
use super::gate::Closed;
use super::model::{PartyId, PartyRole};
use super::record::NoteId;
use crate::kernel::civil::Shown;
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
    /// The account has a request that is not over.
    #[error("a request is open")]
    RequestOpen,
    /// An account made as many in a day as it may.
    #[error("too many requests of one account")]
    RequestsMany,
    /// Three tries on different days come first.
    #[error("too few tries")]
    TooFewTries {
        /// Days on which someone tried.
        days: usize,
    },
    /// The note has as many scans as it may.
    #[error("too many scans")]
    ScansFull,
    /// Nobody approves their own.
    #[error("nobody approves their own")]
    OwnAct,
    /// What is to be done in the phase is not done.
    #[error("the checklist is not done")]
    ChecklistOpen {
        /// What is open.
        open: Vec<String>,
        /// Whether the supervisor is asked to let it go on.
        is_asked: bool,
    },
    /// Notes that nobody signed: whoever wrote them signs or discards them first.
    #[error("notes are not signed")]
    DraftsOpen {
        /// Which.
        notes: Vec<NoteId>,
    },
    /// A party with appointments or consents stays.
    #[error("the party is in use")]
    PartyInUse,
    /// A family's account is tied to the party already.
    #[error("the party is tied")]
    PartyTied,
    /// The time is taken, or closed.
    #[error("the time is taken")]
    SlotTaken {
        /// Others that are free.
        free: Vec<(Shown, Shown)>,
    },
    /// Birth family and prospective adopters do not share an appointment.
    #[error("the sides do not meet")]
    SidesApart,
    /// Too many requests of the person wait for an answer.
    #[error("requests wait for an answer")]
    AppointmentsPending,
    /// What did not begin was not held, and nobody missed it.
    #[error("it has not begun")]
    TooEarly,
    /// Whoever reads a case's notes anyway opens no window for it.
    #[error("the notes are theirs to read")]
    AlreadyVisible,
    /// A consent can still be taken back.
    #[error("a consent can still be taken back")]
    ConsentWindowOpen {
        /// Whose.
        parties: Vec<PartyId>,
        /// Until when; none while nobody can say.
        open_until: Option<NaiveDate>,
    },
    /// A required consent is missing, refused or taken back.
    #[error("a required consent is lacking")]
    ConsentLacking {
        /// Whose.
        parties: Vec<PartyId>,
        /// Whom the case has no party for, though their consent is needed.
        roles: Vec<PartyRole>,
        /// Whose consent was given and does not count, and why.
        doubts: Vec<(PartyId, Doubt)>,
    },
    /// No such one-time code, or no longer.
    #[error("the code does not work")]
    CodeInvalid,
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

impl From<Closed> for Error {
    fn from(closed: Closed) -> Self {
        match closed {
            Closed::Lacking {
                parties,
                roles,
                doubts,
            } => Self::ConsentLacking {
                parties,
                roles,
                doubts,
            },
            Closed::WindowOpen {
                parties,
                open_until,
            } => Self::ConsentWindowOpen {
                parties,
                open_until,
            },
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
            Self::CodeInvalid => Class::Invalid,
            _ => Class::Conflict,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Fault(fault) => fault.code(),
            Self::Db(error) => error.code(),
            Self::Office(error) => error.code(),
            Self::Sealed(_) => "internal",
            Self::RequestOpen => "request-open",
            Self::RequestsMany => "requests-many",
            Self::TooFewTries { .. } => "too-few-tries",
            Self::ScansFull => "documents-full",
            Self::OwnAct => "own-act",
            Self::ChecklistOpen { .. } => "checklist-open",
            Self::DraftsOpen { .. } => "drafts-open",
            Self::PartyInUse => "party-in-use",
            Self::PartyTied => "party-tied",
            Self::SlotTaken { .. } => "appointment-slot-taken",
            Self::SidesApart => "sides-apart",
            Self::AppointmentsPending => "appointments-pending",
            Self::TooEarly => "too-early",
            Self::CodeInvalid => "claim-code-invalid",
            Self::AlreadyVisible => "already-visible",
            Self::ConsentWindowOpen { .. } => "consent-window-open",
            Self::ConsentLacking { .. } => "consent-lacking",
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
        let facts = match self {
            Self::Fault(fault) => return fault.facts(),
            Self::Office(error) => return error.facts(),
            Self::TooFewTries { days } => json!({"days": days}),
            Self::ChecklistOpen { open, is_asked } => {
                json!({"open": open, "override_asked": is_asked})
            }
            Self::DraftsOpen { notes } => json!({"notes": notes}),
            Self::SlotTaken { free } => {
                let one = |(from, to): &(Shown, Shown)| json!({"starts_at": from, "ends_at": to});
                json!({"free": free.iter().map(one).collect::<Vec<_>>()})
            }
            Self::ConsentWindowOpen {
                parties,
                open_until,
            } => json!({"parties": parties, "open_until": open_until}),
            Self::ConsentLacking {
                parties,
                roles,
                doubts,
            } => {
                let one =
                    |(party, doubt): &(PartyId, Doubt)| json!({"party_id": party, "doubt": doubt});
                let doubts: Vec<Value> = doubts.iter().map(one).collect();
                json!({"parties": parties, "roles": roles, "doubts": doubts})
            }
            _ => Value::Null,
        };
        match facts {
            Value::Object(facts) => facts,
            _ => Map::new(),
        }
    }
}
