//! Every way a use case of training may refuse.

use serde_json::{Map, Value, json};

use super::attendance::Gap;
use super::model::RegistrationId;
use super::store::undelivered::Unreached;
use crate::kernel::civil::Shown;
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
    /// A slice below refused.
    #[error(transparent)]
    Office(#[from] crate::office::Error),
    /// No seat, and no line.
    #[error("the session is full")]
    SessionFull {
        /// Its seats.
        capacity: i32,
    },
    /// The attendee is on the list already.
    #[error("registered already")]
    AlreadyRegistered {
        /// As this.
        registration: RegistrationId,
    },
    /// Families cannot register now.
    #[error("registration is not open")]
    RegistrationNotOpen,
    /// The room is taken at that time.
    #[error("the room is taken")]
    RoomTaken {
        /// References of the sessions that hold it.
        sessions: Vec<String>,
    },
    /// Fewer seats than people who have one.
    #[error("the capacity is below the confirmed number")]
    CapacityBelowConfirmed {
        /// Seats taken.
        confirmed: i32,
    },
    /// A slot with attendance cannot go.
    #[error("a slot has attendance")]
    SlotHasAttendance,
    /// Slots without any mark, or too many people without one.
    #[error("attendance is not entered")]
    AttendanceNotEntered {
        /// The slots that ask.
        slots: Vec<Gap>,
        /// Slots nobody has a mark at.
        empty_slots: usize,
        /// Expected people without any mark.
        unmarked: usize,
        /// Expected people.
        expected: usize,
    },
    /// Someone who was there cannot be replaced.
    #[error("the registration has attendance")]
    HasAttendance,
    /// Both attendees of a merge are registered in one session.
    #[error("both are registered")]
    BothRegistered {
        /// Pairs of registrations.
        pairs: Vec<(RegistrationId, RegistrationId)>,
    },
    /// The attendees were merged already, or are one.
    #[error("cannot be merged")]
    CannotMerge,
    /// The attendee was merged into another.
    #[error("merged into another")]
    Merged,
    /// Undoing a merge needs seats that are gone.
    #[error("seats no longer allow it")]
    UnmergeNeedsSeats,
    /// No such ticket.
    #[error("unknown ticket")]
    UnknownTicket,
    /// Is in already.
    #[error("checked in already")]
    AlreadyCheckedIn {
        /// Since when.
        at: Shown,
    },
    /// Is not in.
    #[error("not checked in")]
    NotCheckedIn,
    /// A ticket of another session.
    #[error("a ticket of another session")]
    OtherSession,
    /// The registration was cancelled.
    #[error("the registration was cancelled")]
    RegistrationCancelled,
    /// Tickets are not taken yet.
    #[error("too early")]
    TooEarly {
        /// From when they are.
        opens_at: Shown,
    },
    /// Tickets are no longer taken.
    #[error("too late")]
    TooLate,
    /// No mail reaches the person.
    #[error("no mail reaches the person")]
    Unreachable {
        /// Why.
        why: Unreached,
    },
    /// A nonce was used for something else.
    #[error("the nonce was used for something else")]
    NonceReused,
    /// A row key of a sheet was used for something else.
    #[error("the row key was used for someone else")]
    RowReused,
    /// An earlier row of the same sheet says otherwise of the same person.
    #[error("an earlier row of the sheet says otherwise")]
    RowsContradict {
        /// The key of that row.
        row: String,
    },
    /// A sheet that cannot be read.
    #[error(transparent)]
    Sheet(#[from] super::sheet::SheetError),
}

impl Error {
    /// The code to tell in a list of results: of the first broken rule, where it is one.
    pub fn reason(&self) -> &'static str {
        self.violations()
            .first()
            .map_or(self.code(), |violation| violation.code)
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
            Self::UnknownTicket => Class::NotFound,
            Self::Sheet(_) => Class::Invalid,
            _ => Class::Conflict,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Fault(fault) => fault.code(),
            Self::Db(error) => error.code(),
            Self::Office(error) => error.code(),
            Self::SessionFull { .. } => "session-full",
            Self::AlreadyRegistered { .. } => "already-registered",
            Self::RegistrationNotOpen => "registration-not-open",
            Self::RoomTaken { .. } => "room-taken",
            Self::CapacityBelowConfirmed { .. } => "capacity-below-confirmed",
            Self::SlotHasAttendance => "slot-has-attendance",
            Self::AttendanceNotEntered { .. } => "attendance-not-entered",
            Self::HasAttendance => "has-attendance",
            Self::BothRegistered { .. } => "both-registered",
            Self::CannotMerge => "cannot-merge",
            Self::Merged => "attendee-merged",
            Self::UnmergeNeedsSeats => "unmerge-needs-seats",
            Self::UnknownTicket => "unknown-ticket",
            Self::AlreadyCheckedIn { .. } => "already-checked-in",
            Self::NotCheckedIn => "not-checked-in",
            Self::OtherSession => "other-session",
            Self::RegistrationCancelled => "registration-cancelled",
            Self::TooEarly { .. } => "too-early",
            Self::TooLate => "too-late",
            Self::Unreachable { .. } => "mail-unreachable",
            Self::NonceReused => "nonce-reused",
            Self::RowReused => "row-reused",
            Self::RowsContradict { .. } => "rows-contradict",
            Self::Sheet(error) => error.code(),
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
            Self::SessionFull { capacity } => json!({"capacity": capacity}),
            Self::AlreadyRegistered { registration } => json!({"registration_id": registration}),
            Self::Unreachable { why } => json!({"reason": why}),
            Self::RoomTaken { sessions } => json!({"sessions": sessions}),
            Self::CapacityBelowConfirmed { confirmed } => json!({"confirmed": confirmed}),
            Self::AttendanceNotEntered {
                slots,
                empty_slots,
                unmarked,
                expected,
            } => json!({
                "slots": slots,
                "empty_slots": empty_slots,
                "unmarked": unmarked,
                "expected": expected,
            }),
            Self::BothRegistered { pairs } => {
                let pairs = pairs.iter().map(|(left, right)| json!([left, right]));
                json!({"registrations": pairs.collect::<Vec<_>>()})
            }
            Self::AlreadyCheckedIn { at } => json!({"at": at}),
            Self::TooEarly { opens_at } => json!({"opens_at": opens_at}),
            _ => Value::Null,
        };
        match facts {
            Value::Object(facts) => facts,
            _ => Map::new(),
        }
    }
}
