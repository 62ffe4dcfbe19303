//! Completing a session settles its attendance; reopening unsettles it.

use std::collections::{BTreeMap, BTreeSet};

use super::{mark as marks_of, owing, seat, session};
use crate::office::work::Work;
use crate::training::attendance::{Gap, SlotMark, is_expected, is_forgotten};
use crate::training::error::Error;
use crate::training::messages::{self, Telling};
use crate::training::model::{
    Basis, Mark, Registration, RegistrationId, Session, SessionId, Slot, SlotId,
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
    owing::owe(work, &locked.session)?;
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

/// Refuses while attendance looks forgotten: of a slot that has no mark at all, of one that counts and
/// lacks those of a fifth, or of a fifth of the people everywhere.
fn require_entered(
    session: &Session,
    confirmed: &[WithAttendee],
    marks: &BTreeMap<RegistrationId, Marks>,
) -> Result<(), Error> {
    let mark_at = |registration: &Registration, slot: &Slot| {
        let own = marks.get(&registration.id)?;
        own.get(&slot.id).map(|stored| stored.mark)
    };
    let is_expected_at = |registration: &Registration, slot: &Slot| {
        let mark = mark_at(registration, slot);
        is_expected(slot, registration.expected_from, mark.as_ref())
    };
    let people = || confirmed.iter().map(|(registration, _)| registration);
    let gap_at = |slot: &Slot| {
        let expected: Vec<_> = people().filter(|one| is_expected_at(one, slot)).collect();
        Gap {
            slot: slot.id,
            unmarked: expected
                .iter()
                .filter(|one| mark_at(one, slot).is_none())
                .count(),
            expected: expected.len(),
        }
    };
    let marked: BTreeSet<SlotId> = marks.values().flat_map(|own| own.keys().copied()).collect();
    let has_mandatory = session.slots.iter().any(|slot| slot.mandatory);
    let asks = |(slot, gap): &(&Slot, Gap)| {
        let counts = slot.mandatory || !has_mandatory;
        !marked.contains(&slot.id) || (counts && is_forgotten(gap.unmarked, gap.expected))
    };
    let gaps = session.slots.iter().map(|slot| (slot, gap_at(slot)));
    let slots: Vec<Gap> = gaps.filter(asks).map(|(_, gap)| gap).collect();
    let expected: Vec<_> = people()
        .filter(|one| session.slots.iter().any(|slot| is_expected_at(one, slot)))
        .collect();
    let unmarked = expected
        .iter()
        .filter(|one| marks.get(&one.id).is_none_or(BTreeMap::is_empty))
        .count();
    if slots.is_empty() && !is_forgotten(unmarked, expected.len()) {
        return Ok(());
    }
    let all = session.slots.iter();
    Err(Error::AttendanceNotEntered {
        empty_slots: all.filter(|slot| !marked.contains(&slot.id)).count(),
        unmarked,
        expected: expected.len(),
        slots,
    })
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
    owing::release(work, &locked.session)?;
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
