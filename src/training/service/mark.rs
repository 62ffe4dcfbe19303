//! Marks: derived from events, overridden by an organiser's word, and what they come to.

use std::collections::BTreeMap;

use super::attendance::{self as scans, bring_in};
use super::{registration as registrations, seat};
use crate::kernel::Fault;
use crate::office::work::Work;
use crate::training::attendance::{self, SlotMark};
use crate::training::error::Error;
use crate::training::model::{Basis, Mark, Registration, RegistrationId, SessionId, Slot, SlotId};
use crate::training::status::{RegistrationStatus, SessionAction, SessionStatus};
use crate::training::store::attendance::{self as store, MarkKey, StoredMark};
use crate::training::store::ledger::Locked;
use crate::training::store::registration;
use crate::training::store::seen;
use crate::training::store::session::Eyes;

/// Re-derives the mark of one slot from its events, then the registration's outcome.
pub(in crate::training) fn rederive(
    work: &mut Work<'_>,
    locked: &mut Locked,
    registration: &Registration,
    slot: Option<SlotId>,
) -> Result<Registration, Error> {
    let mut marks = store::marks_of(work.conn, registration.id)?;
    if let Some(slot) = slot.and_then(|id| locked.session.slot(id).cloned()) {
        derive_slot(work, locked, registration, &slot, &mut marks)?;
    }
    reckon(work, locked, registration, &marks)
}

fn derive_slot(
    work: &mut Work<'_>,
    locked: &Locked,
    registration: &Registration,
    slot: &Slot,
    marks: &mut BTreeMap<SlotId, StoredMark>,
) -> Result<(), Error> {
    let standing = marks.get(&slot.id).map(|stored| stored.mark);
    if standing.is_some_and(|mark| mark.basis == Basis::Override) {
        return Ok(());
    }
    let ids = registration::with_merged(work.conn, registration.id)?;
    let events = seen::of(work.conn, &ids, slot.id)?;
    let late_after = locked.session.details.late_after_minutes;
    let Some(derived) = attendance::from_events(slot, late_after, &events) else {
        return Ok(());
    };
    if standing == Some(derived) {
        return Ok(());
    }
    let key = MarkKey {
        session: locked.session.id,
        registration: registration.id,
        slot: slot.id,
        by: work.actor,
    };
    store::set_mark(work.conn, work.now, key, &derived, None)?;
    marks.insert(slot.id, StoredMark::bare(derived));
    Ok(())
}

/// The registration's outcome from its marks; a completed session's result moves with them.
pub(in crate::training) fn reckon(
    work: &mut Work<'_>,
    locked: &mut Locked,
    before: &Registration,
    marks: &BTreeMap<SlotId, StoredMark>,
) -> Result<Registration, Error> {
    let mut after = before.clone();
    if before.status == RegistrationStatus::Confirmed {
        let is_completed = locked.session.status == SessionStatus::Completed;
        let outcome = attendance::outcome(
            &locked.session,
            before.expected_from,
            |slot| marks.get(&slot.id).map(|stored| stored.mark),
            is_completed,
        );
        after.result = outcome.result;
        (after.late, after.left_early) = (outcome.late, outcome.left_early);
        after.slots_present = outcome.slots_present;
    } else {
        (after.result, after.late, after.left_early) = (None, false, false);
        after.slots_present = 0;
    }
    seat::settle(work, locked, before, &after)?;
    Ok(after)
}

/// Re-derives everything of a session whose slots moved.
pub(in crate::training) fn rederive_all(
    work: &mut Work<'_>,
    locked: &mut Locked,
) -> Result<(), Error> {
    let confirmed = [RegistrationStatus::Confirmed];
    let slots = locked.session.slots.clone();
    for (registration, _) in registration::all(work.conn, locked.session.id, &confirmed)? {
        let mut marks = store::marks_of(work.conn, registration.id)?;
        if marks.is_empty() {
            continue;
        }
        for slot in &slots {
            derive_slot(work, locked, &registration, slot, &mut marks)?;
        }
        marks.retain(|id, _| slots.iter().any(|slot| slot.id == *id));
        reckon(work, locked, &registration, &marks)?;
    }
    Ok(())
}

/// An organiser's word over a mark, with its reason; `None` takes the word back.
pub(in crate::training) fn override_mark(
    work: &mut Work<'_>,
    (session, id, slot): (SessionId, RegistrationId, SlotId),
    said: Option<&(Mark, String)>,
) -> Result<registrations::Done, Error> {
    let mut locked = seat::lock_for(work, Eyes::Staff, session, SessionAction::TakeAttendance)?;
    let found = registration::find(work.conn, session, id, None)?;
    let (before, attendee) = found.ok_or(Fault::NotFound)?;
    let slot = locked.session.slot(slot).cloned().ok_or(Fault::NotFound)?;
    if before.status == RegistrationStatus::Merged {
        return Err(Error::RegistrationCancelled);
    }
    if let Some((mark, _)) = said {
        scans::require_open(work, &locked.session, &slot, *mark)?;
    }
    let before = match said {
        Some((Mark::Present, _)) => bring_in(work, &mut locked, &before, &attendee)?,
        _ => before,
    };
    let mut marks = store::marks_of(work.conn, id)?;
    let key = MarkKey {
        session,
        registration: id,
        slot: slot.id,
        by: work.actor,
    };
    let under = marks.get(&slot.id).and_then(StoredMark::of_paper);
    if let Some((mark, reason)) = said {
        let stands = SlotMark::plain(*mark, Basis::Override, &slot);
        store::set_mark(work.conn, work.now, key, &stands, Some(reason))?;
        store::keep_under(work.conn, (id, slot.id), under)?;
        marks.insert(slot.id, StoredMark::bare(stands));
    } else if let Some(paper) = under {
        // What paper said stands again.
        let stands = SlotMark::plain(paper, Basis::Sheet, &slot);
        store::set_mark(work.conn, work.now, key, &stands, None)?;
        marks.insert(slot.id, StoredMark::bare(stands));
    } else {
        store::clear_mark(work.conn, id, slot.id)?;
        marks.remove(&slot.id);
        derive_slot(work, &locked, &before, &slot, &mut marks)?;
    }
    let facts = serde_json::json!({"slot": slot.id, "mark": said.map(|(mark, _)| mark)});
    if locked.session.status == SessionStatus::Completed {
        super::completion::derive_absences(work, &locked, &before, &mut marks)?;
    }
    let after = reckon(work, &mut locked, &before, &marks)?;
    work.audit("attendance.override", "registration", id.uuid(), facts)?;
    seat::close(work, &locked)?;
    Ok((locked.session, after, attendee))
}
