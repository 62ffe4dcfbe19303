//! Appointments: types, states and what may be done in each; no storage and no clock.

#![warn(clippy::wildcard_enum_match_arm)]

use serde::{Deserialize, Serialize};

use super::model::{AppointmentId, CaseId, Mode, PartyId, PartyRole, Phase, RequestId, Topic};
use super::slot::{Sides, Span};
use crate::identity::UserId;
use crate::kernel::text_enum::text_enum;
use crate::kernel::{Fault, Id, OfficeId, Timestamp};
use crate::sealed::DataKeyId;

text_enum! {
    /// Where an appointment stands.
    pub enum AppointmentStatus {
        /// Asked for; it holds its time until it expires.
        Requested = "requested",
        /// Both sides count on it.
        Confirmed = "confirmed",
        /// The office did not take it.
        Declined = "declined",
        /// Called off.
        Cancelled = "cancelled",
        /// Nobody answered in time.
        Expired = "expired",
        /// Held.
        Completed = "completed",
        /// Someone did not come.
        NoShow = "no_show",
    }
}

text_enum! {
    /// What may be done to an appointment.
    pub enum AppointmentAction {
        /// Take a request.
        Confirm = "confirm",
        /// Not take it.
        Decline = "decline",
        /// Change how and where it is held, who interprets, what it is about.
        Edit = "edit",
        /// Move it; after a no-show, make the next one.
        Reschedule = "reschedule",
        /// Call it off.
        Cancel = "cancel",
        /// Say that it was held.
        Complete = "complete",
        /// Say that someone did not come.
        NoShow = "no-show",
        /// Take back what was told of how it went.
        Reopen = "reopen",
    }
}

text_enum! {
    /// Who called an appointment off.
    pub enum CancelledBy {
        /// The family.
        Party = "party",
        /// Who counsels.
        Counsellor = "counsellor",
        /// The office, as when a case ends.
        Office = "office",
    }
}

text_enum! {
    /// Who did not come.
    pub enum NoShowBy {
        /// The family.
        Party = "party",
        /// Who counsels.
        Counsellor = "counsellor",
        /// The interpreter.
        Interpreter = "interpreter",
    }
}

impl AppointmentStatus {
    /// Whether it holds its time.
    pub const fn is_live(self) -> bool {
        match self {
            Self::Requested | Self::Confirmed => true,
            Self::Declined | Self::Cancelled | Self::Expired | Self::Completed | Self::NoShow => {
                false
            }
        }
    }

    /// The status after an action.
    ///
    /// # Errors
    /// `action-not-allowed`, with the actions that are.
    pub fn apply(self, action: AppointmentAction) -> Result<Self, Fault> {
        self.after(action).ok_or_else(|| Fault::Transition {
            current: self.as_str(),
            action: action.as_str(),
            allowed: self.allowed(),
        })
    }

    /// The actions this state allows.
    pub fn allowed(self) -> Vec<&'static str> {
        let possible = AppointmentAction::ALL
            .iter()
            .filter(|action| self.after(**action).is_some());
        possible.map(|action| action.as_str()).collect()
    }

    fn after(self, action: AppointmentAction) -> Option<Self> {
        use AppointmentAction as A;
        match self {
            Self::Requested => match action {
                A::Confirm => Some(Self::Confirmed),
                A::Decline => Some(Self::Declined),
                A::Edit | A::Reschedule => Some(self),
                A::Cancel => Some(Self::Cancelled),
                A::Complete | A::NoShow | A::Reopen => None,
            },
            Self::Confirmed => match action {
                A::Edit | A::Reschedule => Some(self),
                A::Cancel => Some(Self::Cancelled),
                A::Complete => Some(Self::Completed),
                A::NoShow => Some(Self::NoShow),
                A::Confirm | A::Decline | A::Reopen => None,
            },
            Self::NoShow => match action {
                A::Reschedule => Some(self),
                A::Reopen => Some(Self::Confirmed),
                A::Confirm | A::Decline | A::Edit | A::Cancel | A::Complete | A::NoShow => None,
            },
            Self::Completed => match action {
                A::Reopen => Some(Self::Confirmed),
                A::Confirm
                | A::Decline
                | A::Edit
                | A::Reschedule
                | A::Cancel
                | A::Complete
                | A::NoShow => None,
            },
            Self::Declined | Self::Cancelled | Self::Expired => match action {
                A::Confirm
                | A::Decline
                | A::Edit
                | A::Reschedule
                | A::Cancel
                | A::Complete
                | A::NoShow
                | A::Reopen => None,
            },
        }
    }
}

/// What of an appointment is sealed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppointmentSecret {
    /// Where, when it is not at the desk; the family that comes reads it, mails tell nothing of it.
    pub location: Option<String>,
    /// Who interprets, or into what.
    pub interpreter: Option<String>,
}

/// Marks ids of the places people have in an appointment.
#[derive(Debug)]
pub enum AppointmentSeat {}
/// The id of such a place.
pub type SeatId = Id<AppointmentSeat>;

/// One person of an appointment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// Its id.
    pub id: SeatId,
    /// The party; whoever asked is none before there is a case.
    pub party_id: Option<PartyId>,
    /// The same wherever this person is a party.
    pub person_key: Vec<u8>,
    /// Whom the person was when it was booked.
    pub role: PartyRole,
    /// Whether the person came.
    pub has_attended: Option<bool>,
}

/// An appointment.
#[derive(Debug, Clone)]
pub struct Appointment {
    /// Its id.
    pub id: AppointmentId,
    /// Its office.
    pub office_id: OfficeId,
    /// Its case.
    pub case_id: Option<CaseId>,
    /// The request it was made for.
    pub request_id: Option<RequestId>,
    /// What seals it.
    pub data_key_id: DataKeyId,
    /// Who counsels.
    pub counsellor_id: UserId,
    /// The phase it was held or missed in; until then, the one it was booked in.
    pub phase: Phase,
    /// What it is about.
    pub topics: Vec<Topic>,
    /// How it is held.
    pub mode: Mode,
    /// From when to when.
    pub span: Span,
    /// Where it stands.
    pub status: AppointmentStatus,
    /// Until when a request holds its time.
    pub expires_at: Option<Timestamp>,
    /// Who called it off.
    pub cancelled_by: Option<CancelledBy>,
    /// Who did not come.
    pub no_show_by: Option<NoShowBy>,
    /// The missed one it follows.
    pub follows_id: Option<AppointmentId>,
    /// When it was first confirmed.
    pub confirmed_at: Option<Timestamp>,
    /// When it was said to be held.
    pub completed_at: Option<Timestamp>,
    /// Moves with every move, for calendars.
    pub calendar_sequence: i32,
    /// Moves with every change.
    pub version: i32,
    /// Who asks for it as it stands: whoever made it, or changed it before it was answered.
    pub asked_by: Option<UserId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// What is sealed.
    pub secret: AppointmentSecret,
    /// Who comes.
    pub seats: Vec<Seat>,
    /// What its matter leaves to be done to it.
    pub leave: Leave,
}

/// What may be done to an appointment, as far as what it is for says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leave {
    /// Whatever its status allows.
    All,
    /// How it went may be told: what it was for is over.
    Telling,
    /// Nothing: what it was for is kept from use, or the next one is made.
    Nothing,
}

impl Appointment {
    /// The sides of an adoption that come.
    pub fn sides(&self) -> Sides {
        Sides::of(self.seats.iter().map(|seat| seat.role.side()))
    }

    /// Whether its time can still be answered: nobody lets go of it yet.
    fn is_held(&self, now: Timestamp) -> bool {
        let is_over = self.expires_at.is_some_and(|until| until <= now);
        !(self.status == AppointmentStatus::Requested && is_over)
    }

    /// The status after an action.
    ///
    /// # Errors
    /// `action-not-allowed` where its status or what it is for refuses: one that was missed and has its
    /// next stays as it is.
    pub fn apply(&self, action: AppointmentAction) -> Result<AppointmentStatus, Fault> {
        if self.leave == Leave::Nothing {
            return Err(Fault::Transition {
                current: self.status.as_str(),
                action: action.as_str(),
                allowed: Vec::new(),
            });
        }
        self.status.apply(action)
    }

    /// What staff who see it may do to it now.
    pub fn staff_actions(&self, now: Timestamp) -> Vec<&'static str> {
        use AppointmentAction as A;
        if self.leave == Leave::Nothing || !self.is_held(now) {
            return Vec::new();
        }
        let has_begun = self.span.starts_at <= now;
        let told = [A::Complete, A::NoShow, A::Reopen].map(A::as_str);
        let mut actions = self.status.allowed();
        actions.retain(|action| {
            if told.contains(action) {
                has_begun
            } else {
                self.leave == Leave::All
            }
        });
        actions
    }

    /// Whether the office offered it to the family behind an account and waits for its word.
    pub fn is_offered_to(&self, user: UserId) -> bool {
        self.status == AppointmentStatus::Requested && self.asked_by != Some(user)
    }

    /// What the family behind an account may do to its appointment now.
    pub fn family_actions(&self, user: UserId, now: Timestamp) -> Vec<&'static str> {
        use AppointmentAction as A;
        let is_ahead = now < self.span.starts_at;
        if self.leave != Leave::All || !is_ahead || !self.is_held(now) {
            return Vec::new();
        }
        let answers = [A::Confirm.as_str(), A::Decline.as_str()];
        let is_asked = self.is_offered_to(user);
        let mut actions = self.status.allowed();
        actions.retain(|action| {
            *action == A::Cancel.as_str() || (is_asked && answers.contains(action))
        });
        actions
    }

    /// Whether it is held where others wait.
    pub fn is_at_office(&self) -> bool {
        self.mode == Mode::AtOffice
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_appointment_table_is_that_of_the_contract() {
        let row = |status: &AppointmentStatus| format!("{status}: {}", status.allowed().join(" "));
        let table: Vec<String> = AppointmentStatus::ALL.iter().map(row).collect();
        assert_eq!(
            table,
            [
                "requested: confirm decline edit reschedule cancel",
                "confirmed: edit reschedule cancel complete no-show",
                "declined: ",
                "cancelled: ",
                "expired: ",
                "completed: reopen",
                "no_show: reschedule reopen",
            ]
        );
    }
}
