//! Validated inputs: what a use case accepts.

use super::model::{
    AttendeeId, Audience, Direction, Mark, Method, RegistrationId, RoomId, SessionId, SessionKind,
    Sex, SlotId, Venue, Visibility,
};
use crate::kernel::{AgencyId, Language, Timestamp};

/// Everything about a session that can be set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SessionDraft {
    pub(super) kind: SessionKind,
    pub(super) title: String,
    pub(super) mail_title: Option<String>,
    pub(super) description: Option<String>,
    pub(super) plan_task: String,
    pub(super) also_plan_tasks: Vec<String>,
    pub(super) toolkit_topics: Vec<String>,
    pub(super) lead_agency: AgencyId,
    pub(super) coordinating_agencies: Vec<AgencyId>,
    pub(super) chair: Option<String>,
    pub(super) speakers: Vec<String>,
    pub(super) language: Language,
    pub(super) room: Option<RoomId>,
    pub(super) venue: Option<Venue>,
    pub(super) online_url: Option<String>,
    pub(super) capacity: Option<i32>,
    pub(super) waitlist: bool,
    pub(super) registration_opens_at: Option<Timestamp>,
    pub(super) registration_closes_at: Option<Timestamp>,
    pub(super) visibility: Visibility,
    pub(super) late_after_minutes: Option<i32>,
    pub(super) minimum_presence_percent: Option<i32>,
    pub(super) check_in_opens_minutes: Option<i32>,
}

/// A slot as it is to be; with the id of the one it was.
#[derive(Debug, Clone)]
pub(super) struct SlotDraft {
    pub(super) id: Option<SlotId>,
    pub(super) starts_at: Timestamp,
    pub(super) ends_at: Timestamp,
    pub(super) title: Option<String>,
    pub(super) mandatory: bool,
}

/// Everything about an attendee that can be set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AttendeeDraft {
    pub(super) full_name: String,
    pub(super) email: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) sex: Sex,
    pub(super) birth_year: Option<i32>,
    pub(super) agency: Option<AgencyId>,
    pub(super) organisation: Option<String>,
    pub(super) position: Option<String>,
    pub(super) audience: Audience,
    pub(super) language: Language,
}

/// Who is meant: someone known, or someone new.
#[derive(Debug, Clone)]
pub(super) enum Who {
    Known(AttendeeId),
    New(Box<AttendeeDraft>),
}

/// Put someone on the list.
#[derive(Debug, Clone)]
pub(super) struct Register {
    pub(super) who: Who,
    /// Ask instead of confirming.
    pub(super) ask: bool,
    pub(super) note: Option<String>,
}

/// One scan.
#[derive(Debug, Clone)]
pub(super) struct Scan {
    pub(super) ticket: String,
    pub(super) session: Option<SessionId>,
    pub(super) slot: Option<SlotId>,
    pub(super) direction: Direction,
    pub(super) method: Method,
    pub(super) at: Option<Timestamp>,
    pub(super) nonce: String,
}

/// Someone just came.
#[derive(Debug, Clone)]
pub(super) struct WalkIn {
    pub(super) who: Who,
    pub(super) slot: Option<SlotId>,
    pub(super) at: Option<Timestamp>,
    pub(super) nonce: Option<String>,
    pub(super) note: Option<String>,
}

/// One row of a paper sheet.
#[derive(Debug, Clone)]
pub(super) struct SheetEntry {
    /// The client's key of the row.
    pub(super) row: String,
    pub(super) who: SheetWho,
    pub(super) marks: Vec<SheetMark>,
    pub(super) note: Option<String>,
    /// Digest of the row as it came, so that a repeat is known.
    pub(super) digest: Vec<u8>,
}

impl SheetEntry {
    /// Whether the row says that the person was there.
    pub(super) fn shows_present(&self) -> bool {
        self.marks.iter().any(|mark| mark.mark == Mark::Present)
    }
}

/// Whose row it is.
#[derive(Debug, Clone)]
pub(super) enum SheetWho {
    Registration(RegistrationId),
    Person(Who),
}

/// What the row says about one slot.
#[derive(Debug, Clone)]
pub(super) struct SheetMark {
    pub(super) slot: SlotId,
    pub(super) mark: Mark,
    pub(super) came_at: Option<Timestamp>,
    pub(super) left_at: Option<Timestamp>,
}
