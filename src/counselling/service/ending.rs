//! What becomes of appointments when what they are for ends, moves on, or is somebody else.

use serde_json::json;

use super::history::note_on;
use super::{booking, matter, notice};
use crate::counselling::appointment::{Appointment, AppointmentStatus, CancelledBy};
use crate::counselling::errand;
use crate::counselling::error::Error;
use crate::counselling::model::{Party, Request, RequestId};
use crate::counselling::store::appointment::{self as store, About};
use crate::counselling::store::availability;
use crate::db;
use crate::office::work::Work;

/// Calls off what is still to come, and every request: what it was for has ended. Its row is
/// locked, so nothing new is booked meanwhile.
pub(super) fn end_all(work: &mut Work<'_>, subject: About, by: CancelledBy) -> Result<(), Error> {
    let (office, now) = (work.office_id(), work.now);
    let seen = store::live_of(work, subject)?;
    let mut counsellors: Vec<_> = seen.iter().map(|one| one.counsellor_id).collect();
    counsellors.sort_unstable();
    counsellors.dedup();
    for counsellor in counsellors {
        availability::lock(work.conn, office, counsellor, now)?;
    }
    for one in store::live_of(work, subject)? {
        let is_asked = one.status == AppointmentStatus::Requested;
        if is_asked || booking::is_ahead(one.span, now) {
            call_off(work, one, by)?;
        }
    }
    Ok(())
}

fn call_off(work: &mut Work<'_>, mut one: Appointment, by: CancelledBy) -> Result<(), Error> {
    let seen = one.version;
    one.status = AppointmentStatus::Cancelled;
    one.cancelled_by = Some(by);
    one.expires_at = None;
    one.version += 1;
    one.updated_at = work.now;
    store::update(work, &one, seen)?;
    let facts = json!({"by": by, "because": "ended"});
    note_on(work, (one.id, one.data_key_id), "cancel", &facts, None)?;
    let matter = matter::lock_of(work, matter::subject_of(&one)?)?;
    errand::appointment_answered(work, one.id)?;
    notice::called_off(work, &matter, &one)
}

/// The appointments of a request become those of the case it became, and of its first party.
pub(super) fn follow_case(
    work: &mut Work<'_>,
    request: RequestId,
    party: &Party,
) -> Result<(), Error> {
    Ok(store::follow_case(work.conn, request, party)?)
}

/// Who a party is has changed: its appointments are those of the person it is now. Where that
/// person is elsewhere at the time, or changes the side it stands on, one of the appointments goes
/// first.
pub(super) fn rekey(work: &mut Work<'_>, old: &Party, new: &Party) -> Result<(), Error> {
    let is_other_side = old.role.side() != new.role.side();
    if is_other_side && store::has_live(work.conn, new.id)? {
        return Err(Error::PartyInUse);
    }
    if old.person_key == new.person_key {
        return Ok(());
    }
    let keys = [old.person_key.clone(), new.person_key.clone()];
    availability::lock_people(work.conn, new.office_id, &keys)?;
    fenced(store::rekey(work.conn, new))
}

/// The same of whoever made a request that is no case yet.
pub(super) fn rekey_asker(
    work: &mut Work<'_>,
    request: &Request,
    (old, new): (Vec<u8>, Vec<u8>),
) -> Result<(), Error> {
    if old == new {
        return Ok(());
    }
    availability::lock_people(work.conn, request.office_id, &[old, new.clone()])?;
    fenced(store::rekey_asker(work.conn, request.id, &new))
}

fn fenced(moved: db::Result<()>) -> Result<(), Error> {
    match moved.map_err(Error::from) {
        Err(error) if booking::is_fenced(&error) => Err(Error::SlotTaken { free: Vec::new() }),
        other => other,
    }
}
