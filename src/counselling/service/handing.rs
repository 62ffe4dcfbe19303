//! What becomes of appointments when another counsellor takes over what they are for: those to
//! come are with the new one. One that finds them booked is called off, so that nobody is in two
//! places and the old counsellor is left nothing to read: the family is told to choose another
//! time, and the new counsellor to call it.

use std::collections::BTreeSet;

use serde_json::json;

use super::history::note_on;
use super::matter::Matter;
use super::{booking, notice};
use crate::counselling::appointment::{Appointment, AppointmentStatus, CancelledBy};
use crate::counselling::errand;
use crate::counselling::error::Error;
use crate::counselling::model::Case;
use crate::counselling::store::appointment as store;
use crate::counselling::store::{
    availability, consent as consents, follow_up as follow_ups, note as notes,
};
use crate::identity::UserId;
use crate::office::work::Work;

/// Gives what waits of a case that is kept from use to its supervisor: nobody else can look it up.
pub(super) fn leave_to_supervisor(work: &mut Work<'_>, case: &Case) -> Result<(), Error> {
    let waiting = subjects(work, &Matter::Case(Box::new(case.clone())))?;
    match case.supervisor_id {
        Some(supervisor) => errand::counselled(work, &waiting, supervisor),
        None => errand::left(work, &waiting),
    }
}

/// Gives what is to come of a matter, whose row is locked, to its counsellor of now.
pub(super) fn follow(work: &mut Work<'_>, matter: &Matter) -> Result<(), Error> {
    hand_all(work, matter)?;
    // Calendars come before what waits for people, as wherever an appointment changes.
    let waiting = subjects(work, matter)?;
    errand::counselled(work, &waiting, matter.counsellor()?)
}

fn hand_all(work: &mut Work<'_>, matter: &Matter) -> Result<(), Error> {
    let to = matter.counsellor()?;
    let subject = matter.subject();
    let seen = store::live_of(work, subject)?;
    if seen.iter().all(|one| one.counsellor_id == to) {
        return Ok(());
    }
    lock_all(work, &seen, to)?;
    for one in store::live_of(work, subject)? {
        if one.counsellor_id != to && booking::is_ahead(one.span, work.now) {
            hand(work, matter, one, to)?;
        }
    }
    Ok(())
}

/// Whatever of a matter somebody may have to see to.
fn subjects(work: &mut Work<'_>, matter: &Matter) -> Result<Vec<uuid::Uuid>, Error> {
    let mut found = match matter {
        Matter::Request(request) => vec![request.id.uuid()],
        Matter::Case(case) => {
            let consents = consents::ids_of(work.conn, case.id)?;
            let follow_ups = follow_ups::of_case(work, case)?;
            let follow_ups = follow_ups.iter().map(|one| one.id.uuid());
            let notes = notes::ids_of(work.conn, case.id)?;
            let notes = notes.iter().map(|id| id.uuid());
            consents
                .into_iter()
                .chain(follow_ups)
                .chain(notes)
                .collect()
        }
    };
    let appointments = store::ids_of(work.conn, matter.subject())?;
    found.extend(appointments.iter().map(|id| id.uuid()));
    Ok(found)
}

/// Gives one that is moved to the counsellor of now: what had begun, or was missed, was left to
/// whoever counselled then.
pub(super) fn take_over(
    work: &mut Work<'_>,
    matter: &Matter,
    one: &mut Appointment,
) -> Result<(), Error> {
    let to = matter.counsellor()?;
    if one.counsellor_id != to {
        one.counsellor_id = to;
        booking::lock(work, one)?;
    }
    Ok(())
}

/// Every calendar first, then all people, each in one order: two transactions that take several
/// never wait for one another.
fn lock_all(work: &mut Work<'_>, seen: &[Appointment], to: UserId) -> Result<(), Error> {
    let (office, now) = (work.office_id(), work.now);
    let counsellors = seen.iter().map(|one| one.counsellor_id);
    let counsellors: BTreeSet<UserId> = counsellors.chain([to]).collect();
    for counsellor in counsellors {
        availability::lock(work.conn, office, counsellor, now)?;
    }
    let seats = seen.iter().flat_map(|one| one.seats.iter());
    let people: Vec<Vec<u8>> = seats.map(|seat| seat.person_key.clone()).collect();
    Ok(availability::lock_people(work.conn, office, &people)?)
}

fn hand(
    work: &mut Work<'_>,
    matter: &Matter,
    mut one: Appointment,
    to: UserId,
) -> Result<(), Error> {
    let is_over = one.expires_at.is_some_and(|until| until <= work.now);
    if is_over {
        booking::expire(work, (one.office_id, one.id, one.data_key_id))?;
        return Ok(());
    }
    let (from, seen) = (one.counsellor_id, one.version);
    one.counsellor_id = to;
    // Requests that hold the new counsellor's time and are over let go of it.
    booking::lock(work, &one)?;
    one.version += 1;
    one.updated_at = work.now;
    let facts = json!({"from": from, "counsellor": to});
    let which = (one.id, one.data_key_id);
    let terms = matter.terms(false);
    if booking::is_taken(work, &one, terms)? {
        return call_off(work, matter, one, seen);
    }
    match booking::write(work, &one, terms, Some(seen)) {
        Err(Error::SlotTaken { .. }) => return call_off(work, matter, one, seen),
        other => other?,
    }
    note_on(work, which, "hand-over", &facts, None)
}

fn call_off(
    work: &mut Work<'_>,
    matter: &Matter,
    mut one: Appointment,
    seen: i32,
) -> Result<(), Error> {
    one.status = AppointmentStatus::Cancelled;
    one.cancelled_by = Some(CancelledBy::Office);
    one.expires_at = None;
    store::update(work, &one, seen)?;
    let facts =
        json!({"by": CancelledBy::Office, "because": "hand-over", "counsellor": one.counsellor_id});
    note_on(work, (one.id, one.data_key_id), "cancel", &facts, None)?;
    errand::appointment_answered(work, one.id)?;
    notice::called_off(work, matter, &one)?;
    errand::another_time(work, &one)
}
