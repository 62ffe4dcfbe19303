//! What decides, beside where somebody stands, which actions on their registration would succeed: looked up
//! for a page at once.

use std::collections::HashSet;

use super::seat;
use crate::kernel::{Fault, Id};
use crate::mail::silence::Silence;
use crate::office::work::Work;
use crate::training::error::Error;
use crate::training::model::{Admission, Attendee, Registration, RegistrationId, Session};
use crate::training::policy::{self, Circumstances, Reach};
use crate::training::status::{RegistrationAction, RegistrationStatus, SessionStatus};
use crate::training::store::registration::WithAttendee;
use crate::training::store::{ledger, reach, undelivered};

/// What is known of the people of a page.
#[derive(Debug)]
pub(in crate::training) struct Outlook {
    has_room: bool,
    anew: HashSet<RegistrationId>,
    silence: Silence,
}

impl Outlook {
    /// Looks up what the page's actions depend on, and nothing that none of them does.
    pub(in crate::training) fn of(
        work: &mut Work<'_>,
        session: &Session,
        page: &[WithAttendee],
    ) -> Result<Self, Error> {
        let mut outlook = Self {
            has_room: true,
            anew: HashSet::new(),
            silence: Silence::default(),
        };
        if session.status != SessionStatus::Published {
            return Ok(outlook);
        }
        let stands = |status| page.iter().any(|(one, _)| one.status == status);
        let is_declined = stands(RegistrationStatus::Declined);
        if is_declined || stands(RegistrationStatus::Invited) {
            let taken = ledger::seats_taken(work.conn, session.id)?;
            outlook.has_room = session.admit(taken) != Admission::Full;
        }
        if is_declined {
            outlook.anew = reach::listed_anew(work.conn, session.id, page)?;
        }
        if !session.is_over(work.now) {
            let office = work.office_id();
            outlook.silence = undelivered::silence_of(work.conn, office, page)?;
        }
        Ok(outlook)
    }

    /// What it says of one of them.
    pub(in crate::training) fn circumstances(
        &self,
        (registration, attendee): &WithAttendee,
    ) -> Circumstances {
        Circumstances {
            has_room: self.has_room,
            is_anew: self.anew.contains(&registration.id),
            is_mailed: self.reaches(registration, attendee),
        }
    }

    /// Whether the mail of where somebody stands would go out.
    fn reaches(&self, registration: &Registration, attendee: &Attendee) -> bool {
        let telling = seat::first_telling(registration.status);
        let account = attendee.user_id.map(Id::uuid);
        let Some((telling, address)) = telling.zip(attendee.email.as_deref()) else {
            return false;
        };
        self.silence
            .keeps(telling.kind(), account, address)
            .is_none()
    }
}

/// The refusal of an action the states do not allow, with those that would succeed.
pub(super) fn refusal(
    work: &mut Work<'_>,
    session: &Session,
    who: &WithAttendee,
    (reach, action): (Reach, RegistrationAction),
) -> Error {
    let outlook = match Outlook::of(work, session, std::slice::from_ref(who)) {
        Ok(outlook) => outlook,
        Err(error) => return error,
    };
    let circumstances = outlook.circumstances(who);
    Error::Fault(Fault::Transition {
        current: who.0.status.as_str(),
        action: action.as_str(),
        allowed: policy::offered(&who.0, (session, work.now), reach, circumstances),
    })
}
