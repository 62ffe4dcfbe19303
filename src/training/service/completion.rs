//! Completing a session settles its attendance; reopening unsettles it.

use std::collections::{BTreeMap, BTreeSet};

use super::{mark as marks_of, seat, session};
use crate::office::work::Work;
use crate::training::attendance::{SlotMark, is_expected};
use crate::training::error::Error;
use crate::training::messages::{self, Telling};
use crate::training::model::{
    Basis, Mark, Registration, RegistrationId, Session, SessionId, SlotId,
};
use crate::training::status::{RegistrationStatus, SessionAction};
use crate::training::store::attendance::{self as store, MarkKey, StoredMark};
use crate::training::store::ledger::Locked;
use crate::training::store::registration::{self, WithAttendee};
use crate::training::store::session::Eyes;

type Marks = BTreeMap<SlotId, StoredMark>;

/// Completes a session: whoever was expected and has no mark is absent, and everybody expected
/// gets one result. Refused while attendance looks forgotten, unless that is acknowledged.
pub(in crate::training) fn complete(
    work: &mut Work<'_>,
    id: SessionId,
    is_acknowledged: bool,
) -> Result<Session, Error> {
    let mut locked = seat::lock_for(work, Eyes::Staff, id, SessionAction::Complete)?;
    // A day that is still to come has nobody's attendance yet.
    let opens_at = locked.session.last_starts_at();
    if work.now < opens_at {
        return Err(Error::TooEarly {
            opens_at: work.zone().show(opens_at),
        });
    }
    let confirmed = registration::all(work.conn, id, &[RegistrationStatus::Confirmed])?;
    let mut marks = by_registration(work, id)?;
    if !is_acknowledged {
        require_entered(&locked.session, &confirmed, &marks)?;
    }
    locked.session.status = locked.session.status.apply(SessionAction::Complete)?;
    locked.session.completed_at = Some(work.now);
    session::save(work, &mut locked, "training-session.complete")?;
    for (before, attendee) in confirmed {
        let mut own = marks.remove(&before.id).unwrap_or_default();
        derive_absences(work, &locked, &before, &mut own)?;
        let after = marks_of::reckon(work, &mut locked, &before, &own)?;
        if after.result == Some(Mark::Present) && is_recent(&locked.session, work) {
            messages::tell(work, &locked.session, (&after, &attendee), Telling::Thanks)?;
        }
    }
    seat::close(work, &locked)?;
    Ok(locked.session)
}

/// Thanks are for what was held these days, not for a session entered from last spring's paper.
fn is_recent(session: &Session, work: &Work<'_>) -> bool {
    !session.was_entered_late()
        && work.now.since(session.last_ends_at()) < chrono::TimeDelta::days(7)
}

fn by_registration(
    work: &mut Work<'_>,
    id: SessionId,
) -> Result<BTreeMap<RegistrationId, Marks>, Error> {
    let mut found = BTreeMap::<RegistrationId, Marks>::new();
    for ((registration, slot), mark) in store::marks_of_session(work.conn, id)? {
        found.entry(registration).or_default().insert(slot, mark);
    }
    Ok(found)
}

/// The share of the expected who may lack any mark before the sheet looks forgotten: a fifth.
const FORGOTTEN_ONE_IN: usize = 5;

fn require_entered(
    session: &Session,
    confirmed: &[WithAttendee],
    marks: &BTreeMap<RegistrationId, Marks>,
) -> Result<(), Error> {
    let expected_at = |registration: &Registration, slot: &crate::training::model::Slot| {
        let mark = marks
            .get(&registration.id)
            .and_then(|own| own.get(&slot.id));
        is_expected(
            slot,
            registration.expected_from,
            mark.map(|stored| &stored.mark),
        )
    };
    let people: Vec<&Registration> = confirmed
        .iter()
        .map(|(registration, _)| registration)
        .filter(|one| session.slots.iter().any(|slot| expected_at(one, slot)))
        .collect();
    let marked_slots: BTreeSet<SlotId> =
        marks.values().flat_map(|own| own.keys().copied()).collect();
    let empty_slots = session
        .slots
        .iter()
        .filter(|slot| !marked_slots.contains(&slot.id))
        .count();
    let unmarked = people
        .iter()
        .filter(|one| marks.get(&one.id).is_none_or(BTreeMap::is_empty))
        .count();
    let expected = people.len();
    let is_forgotten = empty_slots > 0 || (unmarked > 0 && unmarked * FORGOTTEN_ONE_IN >= expected);
    if is_forgotten {
        return Err(Error::AttendanceNotEntered {
            empty_slots,
            unmarked,
            expected,
        });
    }
    Ok(())
}

/// Marks someone absent at every slot where they were expected and nothing is known.
pub(in crate::training) fn derive_absences(
    work: &mut Work<'_>,
    locked: &Locked,
    registration: &Registration,
    marks: &mut Marks,
) -> Result<(), Error> {
    for slot in &locked.session.slots {
        if marks.contains_key(&slot.id) || !is_expected(slot, registration.expected_from, None) {
            continue;
        }
        let mark = SlotMark::plain(Mark::Absent, Basis::Completion, slot);
        let key = MarkKey {
            session: locked.session.id,
            registration: registration.id,
            slot: slot.id,
            by: None,
        };
        store::set_mark(work.conn, work.now, key, &mark, None)?;
        marks.insert(slot.id, StoredMark::bare(mark));
    }
    Ok(())
}

/// Reopens a completed session: derived absences go, words and scans stay.
pub(in crate::training) fn reopen(
    work: &mut Work<'_>,
    id: SessionId,
    reason: &str,
) -> Result<Session, Error> {
    let mut locked = seat::lock_for(work, Eyes::Staff, id, SessionAction::Reopen)?;
    locked.session.status = locked.session.status.apply(SessionAction::Reopen)?;
    locked.session.completed_at = None;
    super::schedule::hold_room(work, &locked.session)?;
    session::save(work, &mut locked, "training-session.reopen")?;
    let facts = serde_json::json!({"reason_length": reason.chars().count()});
    work.audit(
        "training-session.reopen-reason",
        "training-session",
        id.uuid(),
        facts,
    )?;
    store::drop_derived(work.conn, id)?;
    let mut marks = by_registration(work, id)?;
    let confirmed = [RegistrationStatus::Confirmed];
    for (before, attendee) in registration::all(work.conn, id, &confirmed)? {
        let own = marks.remove(&before.id).unwrap_or_default();
        // The dimensions thaw: until the next completion they follow the attendee again.
        let mut thawed = before.clone();
        (thawed.sex, thawed.audience) = (attendee.sex, attendee.audience);
        (thawed.agency_id, thawed.birth_year) = (attendee.agency_id, attendee.birth_year);
        seat::settle(work, &mut locked, &before, &thawed)?;
        marks_of::reckon(work, &mut locked, &thawed, &own)?;
    }
    seat::close(work, &locked)?;
    Ok(locked.session)
}
