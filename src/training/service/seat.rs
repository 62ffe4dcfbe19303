//! Seats and the line for them, under a session's lock.

use super::owing;
use crate::db::dialect;
use crate::kernel::{Fault, Id};
use crate::mail::outbox::Withdrawn;
use crate::office::work::Work;
use crate::training::error::Error;
use crate::training::messages::{self, Telling};
use crate::training::model::{Admission, Attendee, Registration, Session, SessionId, Source};
use crate::training::policy::{self, SessionCaller};
use crate::training::status::{RegistrationStatus, SessionAction};
use crate::training::store::ledger::{self, Locked};
use crate::training::store::registration as store;
use crate::training::store::session::{Eyes, is_attended};
use crate::training::ticket;

/// Locks a session for a change of its people.
pub(in crate::training) fn lock(
    work: &mut Work<'_>,
    eyes: Eyes,
    id: SessionId,
) -> Result<Locked, Error> {
    let office = work.office_id();
    let locked = ledger::lock(work.conn, (office, eyes), id)?;
    Ok(locked.ok_or(Fault::NotFound)?)
}

/// Locks a session whose state allows an action on its people.
pub(in crate::training) fn lock_for(
    work: &mut Work<'_>,
    eyes: Eyes,
    id: SessionId,
    action: SessionAction,
) -> Result<Locked, Error> {
    let locked = lock(work, eyes, id)?;
    if let Err(refusal) = locked.session.require(action, work.now) {
        return Err(refused(work, &locked.session, refusal)?.into());
    }
    work.require_seen(locked.session.version)?;
    Ok(locked)
}

/// A refusal, with what would not be refused.
fn refused(work: &mut Work<'_>, session: &Session, refusal: Fault) -> Result<Fault, Error> {
    let Fault::Transition {
        current, action, ..
    } = refusal
    else {
        return Ok(refusal);
    };
    let caller = SessionCaller {
        is_organiser: true,
        is_attended: is_attended(work.conn, session)?,
        owes: owing::owes(&owing::of_one(work, session)?),
    };
    Ok(Fault::Transition {
        current,
        action,
        allowed: policy::session_actions(session, work.now, caller),
    })
}

/// The status someone gets who says yes now.
pub(in crate::training) fn admitted(locked: &Locked) -> Result<RegistrationStatus, Error> {
    match locked.session.admit(locked.ledger.seats_taken) {
        Admission::Seat => Ok(RegistrationStatus::Confirmed),
        Admission::Line => Ok(RegistrationStatus::Waitlisted),
        Admission::Full => Err(Error::SessionFull {
            capacity: locked.session.capacity.unwrap_or_default(),
        }),
    }
}

/// How a new registration comes about.
#[derive(Debug, Clone)]
pub(in crate::training) struct Entry {
    pub(in crate::training) status: RegistrationStatus,
    pub(in crate::training) source: Source,
    pub(in crate::training) extra_seat: bool,
    /// Whether they just came, unannounced; who is written into a blank row of the sheet did, too.
    pub(in crate::training) walk_in: bool,
    pub(in crate::training) note: Option<String>,
}

/// Writes a new registration at the tail of the line.
pub(in crate::training) fn enter(
    work: &mut Work<'_>,
    locked: &mut Locked,
    attendee: &Attendee,
    entry: Entry,
) -> Result<Registration, Error> {
    let id = Id::new(work.now);
    let (ticket_digest, short_code) = ticket::issue(&work.platform.keys, id, 1);
    let registration = Registration {
        id,
        session_id: locked.session.id,
        attendee_id: attendee.id,
        invited_attendee_id: None,
        status: entry.status,
        place: locked.ledger.next_place(),
        extra_seat: entry.extra_seat,
        walk_in: entry.walk_in,
        source: entry.source,
        sex: attendee.sex,
        audience: attendee.audience,
        agency_id: attendee.agency_id,
        birth_year: attendee.birth_year,
        expected_from: locked.session.expected_from(work.now, entry.source),
        result: None,
        late: false,
        left_early: false,
        slots_present: 0,
        ticket_generation: 1,
        ticket_digest,
        short_code,
        note: entry.note,
        ended_by: None,
        kept_id: None,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
    };
    let office = work.office_id();
    store::insert(work.conn, office, &registration, work.actor).map_err(already_registered)?;
    locked.ledger.replace(None, Some(&registration));
    Ok(registration)
}

/// The partial unique index speaks where the look-up before it was outrun.
fn already_registered(error: crate::db::Error) -> Error {
    if let crate::db::Error::Statement(statement) = &error {
        let violated = dialect::violated_unique(statement).unwrap_or_default();
        if violated == "uq_registrations_session_id_attendee_id" {
            return Error::Fault(Fault::Stale);
        }
    }
    error.into()
}

/// Writes a change of a registration's own fields or status, and of what it counts for.
pub(in crate::training) fn change(
    work: &mut Work<'_>,
    locked: &mut Locked,
    before: &Registration,
    mut after: Registration,
) -> Result<Registration, Error> {
    after.version = before.version + 1;
    after.updated_at = work.now;
    store::update(work.conn, &after)?;
    locked.ledger.replace(Some(before), Some(&after));
    Ok(after)
}

/// Writes what attendance says of a registration; its version stays, attendance is its child.
pub(in crate::training) fn settle(
    work: &mut Work<'_>,
    locked: &mut Locked,
    before: &Registration,
    after: &Registration,
) -> Result<(), Error> {
    if counts_alike(before, after) {
        return Ok(());
    }
    // The time moves, so that whoever syncs the list sees it; the version does not.
    let after = Registration {
        updated_at: work.now,
        ..after.clone()
    };
    store::update(work.conn, &after)?;
    locked.ledger.replace(Some(before), Some(&after));
    Ok(())
}

fn counts_alike(before: &Registration, after: &Registration) -> bool {
    (
        before.result,
        before.late,
        before.left_early,
        before.slots_present,
    ) == (
        after.result,
        after.late,
        after.left_early,
        after.slots_present,
    ) && (
        before.sex,
        before.audience,
        before.agency_id,
        before.birth_year,
    ) == (after.sex, after.audience, after.agency_id, after.birth_year)
}

/// Gives free seats to the first in line, until the first slot starts.
pub(in crate::training) fn promote(work: &mut Work<'_>, locked: &mut Locked) -> Result<(), Error> {
    while may_promote(work, locked) {
        let next = store::first_in_line(work.conn, locked.session.id)?;
        let Some((before, attendee)) = next else {
            break;
        };
        let mut after = before.clone();
        after.status = RegistrationStatus::Confirmed;
        let after = change(work, locked, &before, after)?;
        // That they wait is true no more, and its link would give up the seat.
        messages::withdraw(work, &after, Withdrawn::Superseded)?;
        messages::tell(
            work,
            &locked.session,
            (&after, &attendee),
            Telling::Promoted,
        )?;
        let facts = serde_json::json!({"from": "waitlisted", "place": after.place});
        work.audit(
            "registration.promote",
            "registration",
            after.id.uuid(),
            facts,
        )?;
    }
    Ok(())
}

fn may_promote(work: &Work<'_>, locked: &Locked) -> bool {
    locked.session.status == crate::training::status::SessionStatus::Published
        && !locked.session.has_started(work.now)
        && locked.session.has_seat(locked.ledger.seats_taken)
}

/// What someone with this status is told first.
pub(in crate::training) fn first_telling(status: RegistrationStatus) -> Option<Telling> {
    match status {
        RegistrationStatus::Invited => Some(Telling::Invitation),
        RegistrationStatus::Confirmed => Some(Telling::Confirmation),
        RegistrationStatus::Waitlisted => Some(Telling::Waitlisted),
        RegistrationStatus::Declined
        | RegistrationStatus::Cancelled
        | RegistrationStatus::Merged => None,
    }
}

/// Saves the ledger and gives back the session.
pub(in crate::training) fn close(work: &mut Work<'_>, locked: &Locked) -> Result<(), Error> {
    Ok(locked.ledger.save(work.conn)?)
}
