//! What training is made of: types and pure rules, no storage and no clock.

use serde::{Deserialize, Serialize};

use super::status::{RegistrationStatus, SessionAction, SessionStatus};
use crate::identity::UserId;
use crate::kernel::{AgencyId, Fault, Id, Language, OfficeId, Timestamp};

pub use crate::office::room::RoomId;

pub use super::words::{
    Audience, Basis, Direction, EndedBy, Mark, Method, SessionKind, Sex, Source, Visibility,
};

/// Marks ids of training sessions.
#[derive(Debug)]
pub enum TrainingSession {}
/// The id of a training session.
pub type SessionId = Id<TrainingSession>;

/// Marks ids of slots.
#[derive(Debug)]
pub enum TrainingSlot {}
/// The id of a slot.
pub type SlotId = Id<TrainingSlot>;

/// Marks ids of attendees.
#[derive(Debug)]
pub enum TrainingAttendee {}
/// The id of an attendee.
pub type AttendeeId = Id<TrainingAttendee>;

/// Marks ids of registrations.
#[derive(Debug)]
pub enum TrainingRegistration {}
/// The id of a registration.
pub type RegistrationId = Id<TrainingRegistration>;

/// A place outside the office's rooms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Venue {
    /// What it is called.
    #[schema(max_length = 200)]
    pub name: String,
    /// Where it is.
    #[schema(max_length = 300)]
    pub address: Option<String>,
}

/// What a session says of itself beyond what is searched for; kept as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// What it is about.
    pub description: Option<String>,
    /// Further tasks of the plan it serves.
    pub also_plan_tasks: Vec<String>,
    /// Parts of the toolkit it covers.
    pub toolkit_topics: Vec<String>,
    /// Agencies that help.
    pub coordinating_agencies: Vec<AgencyId>,
    /// Who chairs.
    pub chair: Option<String>,
    /// Who speaks.
    pub speakers: Vec<String>,
    /// Where, if not in a room.
    pub venue: Option<Venue>,
    /// Minutes after the start from which someone is late.
    pub late_after_minutes: i32,
    /// Share of the time from which someone counts as present.
    pub minimum_presence_percent: i32,
    /// Minutes before the start from which tickets are taken.
    pub check_in_opens_minutes: i32,
    /// Why it was cancelled.
    pub cancel_reason: Option<String>,
    /// Why it shares its room.
    pub room_override_reason: Option<String>,
}

/// One part of a session, with attendance of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Its id.
    pub id: SlotId,
    /// When it starts.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
    /// What it is called.
    pub title: Option<String>,
    /// Whether being there is part of the result.
    pub mandatory: bool,
}

impl Slot {
    /// Its length in whole minutes, at least one.
    pub fn minutes(&self) -> i64 {
        self.ends_at.since(self.starts_at).num_minutes().max(1)
    }
}

/// A training session.
#[derive(Debug, Clone)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Its office.
    pub office_id: OfficeId,
    /// What staff call it: `LC-TH-2026-0007`.
    pub reference: String,
    /// What kind it is.
    pub kind: SessionKind,
    /// Its title.
    pub title: String,
    /// The neutral title toward families.
    pub mail_title: Option<String>,
    /// The first task of the plan it serves.
    pub plan_task: String,
    /// The agency that leads.
    pub lead_agency_id: AgencyId,
    /// The language it is held in.
    pub language: Language,
    /// Its room.
    pub room_id: Option<RoomId>,
    /// Where it is held online.
    pub online_url: Option<String>,
    /// Its seats; `None` has no bound.
    pub capacity: Option<i32>,
    /// Whether a full session keeps a line.
    pub waitlist: bool,
    /// From when families may register.
    pub registration_opens_at: Option<Timestamp>,
    /// Until when families may register.
    pub registration_closes_at: Option<Timestamp>,
    /// Who may find it.
    pub visibility: Visibility,
    /// Its status.
    pub status: SessionStatus,
    /// Everything else it says.
    pub details: Details,
    /// Grows with each change a calendar must learn.
    pub calendar_sequence: i32,
    /// When it was published last.
    pub published_at: Option<Timestamp>,
    /// When it was completed.
    pub completed_at: Option<Timestamp>,
    /// When it was cancelled.
    pub cancelled_at: Option<Timestamp>,
    /// Moves with its own fields and status only.
    pub version: i32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it changed last.
    pub updated_at: Timestamp,
    /// Its slots, in order; never none.
    pub slots: Vec<Slot>,
}

/// What a full session says to one more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// A seat.
    Seat,
    /// A place in the line.
    Line,
    /// Neither.
    Full,
}

impl Session {
    /// When the first slot starts.
    pub fn first_starts_at(&self) -> Timestamp {
        self.slots
            .iter()
            .map(|slot| slot.starts_at)
            .min()
            .unwrap_or(self.created_at)
    }

    /// When the last slot begins.
    pub fn last_starts_at(&self) -> Timestamp {
        self.slots
            .iter()
            .map(|slot| slot.starts_at)
            .max()
            .unwrap_or(self.created_at)
    }

    /// When the last slot ends.
    pub fn last_ends_at(&self) -> Timestamp {
        self.slots
            .iter()
            .map(|slot| slot.ends_at)
            .max()
            .unwrap_or(self.created_at)
    }

    /// Whether an agency leads it or helps.
    pub fn names_agency(&self, agency: AgencyId) -> bool {
        self.lead_agency_id == agency || self.details.coordinating_agencies.contains(&agency)
    }

    /// Whether it says where people come to, or join.
    pub fn has_place(&self) -> bool {
        self.room_id.is_some() || self.details.venue.is_some() || self.online_url.is_some()
    }

    /// Whether the first slot has begun.
    pub fn has_started(&self, now: Timestamp) -> bool {
        self.first_starts_at() <= now
    }

    /// Whether the last slot is over: then nobody is mailed any more.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.last_ends_at() <= now
    }

    /// The actions its state and the clock allow an organiser.
    pub fn allowed(&self, now: Timestamp) -> Vec<&'static str> {
        let mut actions = self.status.allowed();
        if now < self.last_starts_at() {
            actions.retain(|action| *action != SessionAction::Complete.as_str());
        }
        actions
    }

    /// Refuses an action its state does not allow.
    ///
    /// # Errors
    /// `action-not-allowed`, with the actions that are.
    pub fn require(&self, action: SessionAction, now: Timestamp) -> Result<(), Fault> {
        let refused = |_| Fault::Transition {
            current: self.status.as_str(),
            action: action.as_str(),
            allowed: self.allowed(now),
        };
        self.status.apply(action).map(drop).map_err(refused)
    }

    /// Whether families may register now; the window binds them alone.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.status == SessionStatus::Published
            && !self.has_started(now)
            && self.registration_opens_at.is_none_or(|from| from <= now)
            && self.registration_closes_at.is_none_or(|to| now < to)
    }

    /// Whether a seat is free.
    pub fn has_seat(&self, seats_taken: i32) -> bool {
        self.capacity.is_none_or(|capacity| seats_taken < capacity)
    }

    /// What one more person gets.
    pub fn admit(&self, seats_taken: i32) -> Admission {
        match (self.has_seat(seats_taken), self.waitlist) {
            (true, _) => Admission::Seat,
            (false, true) => Admission::Line,
            (false, false) => Admission::Full,
        }
    }

    /// Whether everybody registered is expected at every slot: it was entered after the fact.
    pub fn was_entered_late(&self) -> bool {
        self.published_at
            .is_some_and(|at| at > self.first_starts_at())
    }

    /// From when a registration made `now` is expected; `None` means at every slot.
    pub fn expected_from(&self, now: Timestamp, source: Source) -> Option<Timestamp> {
        let is_everywhere =
            source == Source::Import || self.was_entered_late() || !self.has_started(now);
        (!is_everywhere).then_some(now)
    }

    /// From when tickets are taken at a slot.
    pub fn opens_at(&self, slot: &Slot) -> Timestamp {
        let before = i64::from(self.details.check_in_opens_minutes);
        slot.starts_at.minus(chrono::TimeDelta::minutes(before))
    }

    /// The slot with an id.
    pub fn slot(&self, id: SlotId) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.id == id)
    }
}

/// A person known to training.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attendee {
    /// Its id.
    pub id: AttendeeId,
    /// Its office.
    pub office_id: OfficeId,
    /// The account, where a family registered itself.
    pub user_id: Option<UserId>,
    /// Its name, as one text.
    pub full_name: String,
    /// Its address.
    pub email: Option<String>,
    /// Its phone, E.164.
    pub phone: Option<String>,
    /// Its sex.
    pub sex: Sex,
    /// The year it was born in.
    pub birth_year: Option<i32>,
    /// The plan's agency it belongs to.
    pub agency_id: Option<AgencyId>,
    /// Any other body it belongs to.
    pub organisation: Option<String>,
    /// Its post there.
    pub position: Option<String>,
    /// Whom it comes as.
    pub audience: Audience,
    /// The language mails to it are in.
    pub language: Language,
    /// The attendee it turned out to be.
    pub merged_into: Option<AttendeeId>,
    /// What a merge changed, for `unmerge`.
    pub merge_undo: Option<String>,
    /// Moves with its own fields only.
    pub version: i32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it changed last.
    pub updated_at: Timestamp,
}

/// One attendee at one session.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Registration {
    /// Its id.
    pub id: RegistrationId,
    /// The session.
    pub session_id: SessionId,
    /// Who comes.
    pub attendee_id: AttendeeId,
    /// Who was asked first, where someone goes in their place.
    pub invited_attendee_id: Option<AttendeeId>,
    /// Its status.
    pub status: RegistrationStatus,
    /// Its place in line, drawn under the session's lock.
    pub place: i64,
    /// Whether it sits outside the seat counter.
    pub extra_seat: bool,
    /// Whether the person just came.
    pub walk_in: bool,
    /// How it came to be.
    pub source: Source,
    /// The attendee's sex; frozen at completion, like the next three.
    pub sex: Sex,
    /// The attendee's audience.
    pub audience: Audience,
    /// The attendee's agency.
    pub agency_id: Option<AgencyId>,
    /// The attendee's year of birth.
    pub birth_year: Option<i32>,
    /// From when it is expected; `None` at every slot.
    pub expected_from: Option<Timestamp>,
    /// How it stands, once the session is completed.
    pub result: Option<Mark>,
    /// Whether it was late at a slot.
    pub late: bool,
    /// Whether it left a slot early.
    pub left_early: bool,
    /// Slots it was present at.
    pub slots_present: i32,
    /// Which of its tickets counts.
    pub ticket_generation: i32,
    /// SHA-256 of that ticket.
    pub ticket_digest: Vec<u8>,
    /// The ticket's short code.
    pub short_code: String,
    /// A remark.
    pub note: Option<String>,
    /// Who ended it.
    pub ended_by: Option<EndedBy>,
    /// The registration kept in its place by a merge.
    pub kept_id: Option<RegistrationId>,
    /// Moves with its own fields and status only.
    pub version: i32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it changed last.
    pub updated_at: Timestamp,
}

impl Registration {
    /// Whether it was there, and too little to count as present.
    pub fn came_short(&self) -> bool {
        self.result == Some(Mark::Absent) && self.slots_present > 0
    }

    /// Whether it holds a seat that the counter counts.
    pub fn holds_seat(&self) -> bool {
        self.status == RegistrationStatus::Confirmed && !self.extra_seat
    }
}
