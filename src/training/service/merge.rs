//! Two attendees turn out to be one, or turn out not to be. No row moves: the merged one points
//! to the survivor, and where both were registered one registration stands for both.

use serde::{Deserialize, Serialize};

use super::filling::Filled;
use super::{attendance as scans, inherit, mark, people, seat};
use crate::kernel::Fault;
use crate::mail::outbox::Withdrawn;
use crate::office::work::Work;
use crate::training::error::Error;
use crate::training::messages;
use crate::training::model::{
    Attendee, AttendeeId, Registration, RegistrationId, SessionId, SlotId,
};
use crate::training::status::RegistrationStatus;
use crate::training::store::session::Eyes;
use crate::training::store::{attendee as store, registration, seen};

/// A registration a merge took out, as it was.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct TakenOut {
    session: SessionId,
    registration: RegistrationId,
    status: RegistrationStatus,
    extra_seat: bool,
    /// Slots at which what was written of it counts for the kept one.
    #[serde(default)]
    inherited: Vec<SlotId>,
}

/// What taking a merge back undoes.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Undo {
    /// Registrations, and what was filled in.
    Whole {
        taken: Vec<TakenOut>,
        filled: Filled,
    },
    /// Registrations alone, as merges of before wrote it.
    Taken(Vec<TakenOut>),
}

/// Merges an attendee into another, which takes over what it lacks; `keep` names the registration that
/// stands wherever both have a live one.
pub(in crate::training) fn merge(
    work: &mut Work<'_>,
    id: AttendeeId,
    into: AttendeeId,
    keep: &[RegistrationId],
) -> Result<Attendee, Error> {
    let into = people::survivor(work, into)?.id;
    lock_both(work, id, into)?;
    let mut survivor = super::attendee::load(work, into)?;
    let mut merged = super::attendee::load(work, id)?;
    if merged.merged_into.is_some() || survivor.id == id {
        return Err(Error::CannotMerge);
    }
    let pairs = both_registered(work, id, survivor.id)?;
    let is_settled = |pair: &(Registration, Registration)| {
        keep.contains(&pair.0.id) != keep.contains(&pair.1.id)
    };
    if !pairs.iter().all(is_settled) {
        let pairs = pairs
            .iter()
            .map(|(left, right)| (left.id, right.id))
            .collect();
        return Err(Error::BothRegistered { pairs });
    }
    let mut taken = Vec::new();
    for (left, right) in pairs {
        let (kept, other) = if keep.contains(&left.id) {
            (left, right)
        } else {
            (right, left)
        };
        taken.push(take_out(work, &kept, &other)?);
    }
    let facts = serde_json::json!({"into": survivor.id, "registrations": taken.len()});
    let filled = Filled::fill(&mut survivor, &merged);
    if filled != Filled::default() {
        super::attendee::save(work, &mut survivor)?;
    }
    let undo = serde_json::to_string(&Undo::Whole { taken, filled });
    merged.merged_into = Some(survivor.id);
    merged.merge_undo = Some(undo.map_err(|e| Fault::Internal(e.to_string()))?);
    merged.version += 1;
    merged.updated_at = work.now;
    store::update(work.conn, &merged)?;
    work.audit("attendee.merge", "attendee", id.uuid(), facts)?;
    Ok(merged)
}

/// Locks both rows in one order, whichever way the merge goes.
fn lock_both(work: &mut Work<'_>, left: AttendeeId, right: AttendeeId) -> Result<(), Error> {
    store::touch(work.conn, left.min(right))?;
    store::touch(work.conn, left.max(right))?;
    Ok(())
}

fn both_registered(
    work: &mut Work<'_>,
    left: AttendeeId,
    right: AttendeeId,
) -> Result<Vec<(Registration, Registration)>, Error> {
    let left = people::aliases(work, left)?;
    let right = people::aliases(work, right)?;
    let is_live = |one: &Registration| one.status.is_live();
    let theirs = registration::of_attendee(work.conn, &right)?;
    let mut pairs: Vec<(Registration, Registration)> = registration::of_attendee(work.conn, &left)?
        .into_iter()
        .filter(is_live)
        .filter_map(|mine| {
            let other = theirs
                .iter()
                .find(|other| is_live(other) && other.session_id == mine.session_id)?;
            Some((mine, other.clone()))
        })
        .collect();
    pairs.sort_by_key(|(mine, _)| mine.session_id);
    Ok(pairs)
}

/// Takes a registration out in favour of the kept one: no seat, in no count.
fn take_out(
    work: &mut Work<'_>,
    kept: &Registration,
    other: &Registration,
) -> Result<TakenOut, Error> {
    let mut locked = seat::lock(work, Eyes::Staff, other.session_id)?;
    let session = other.session_id;
    let found = registration::find(work.conn, session, other.id, None)?;
    let (before, _) = found.ok_or(Fault::NotFound)?;
    let mut taken = TakenOut {
        session,
        registration: before.id,
        status: before.status,
        extra_seat: before.extra_seat,
        inherited: Vec::new(),
    };
    let mut after = before.clone();
    after.status = RegistrationStatus::Merged;
    after.kept_id = Some(kept.id);
    (after.result, after.slots_present) = (None, 0);
    let after = seat::change(work, &mut locked, &before, after)?;
    messages::withdraw(work, &after, Withdrawn::Superseded)?;
    taken.inherited = inherit::marks(work, &mut locked, (kept.id, before.id))?;
    reread(work, &mut locked, kept.id)?;
    seat::promote(work, &mut locked)?;
    seat::close(work, &locked)?;
    Ok(taken)
}

/// Reads a registration's events anew, at every slot.
fn reread(
    work: &mut Work<'_>,
    locked: &mut crate::training::store::ledger::Locked,
    id: RegistrationId,
) -> Result<(), Error> {
    let found = registration::find(work.conn, locked.session.id, id, None)?;
    let (mut kept, attendee) = found.ok_or(Fault::NotFound)?;
    let mut was_seen = false;
    for slot in locked.session.slots.clone() {
        let ids = registration::with_merged(work.conn, id)?;
        let is_seen = !seen::of(work.conn, &ids, slot.id)?.is_empty();
        if is_seen && !was_seen {
            kept = scans::bring_in(work, locked, &kept, &attendee)?;
            was_seen = true;
        }
        kept = mark::rederive(work, locked, &kept, Some(slot.id))?;
    }
    Ok(())
}

/// Takes a merge back; refused where seats no longer allow it.
pub(in crate::training) fn unmerge(work: &mut Work<'_>, id: AttendeeId) -> Result<Attendee, Error> {
    let into = super::attendee::load(work, id)?.merged_into;
    lock_both(work, id, into.ok_or(Error::CannotMerge)?)?;
    let mut merged = super::attendee::load(work, id)?;
    let (Some(into), Some(undo)) = (merged.merged_into, merged.merge_undo.take()) else {
        return Err(Error::CannotMerge);
    };
    let undo: Undo = serde_json::from_str(&undo).map_err(|e| Fault::Internal(e.to_string()))?;
    let (taken, filled) = match undo {
        Undo::Whole { taken, filled } => (taken, filled),
        Undo::Taken(taken) => (taken, Filled::default()),
    };
    for one in taken {
        restore(work, &one)?;
    }
    let mut survivor = super::attendee::load(work, into)?;
    let before = survivor.clone();
    filled.empty(&mut survivor);
    if survivor != before {
        super::attendee::save(work, &mut survivor)?;
    }
    merged.merged_into = None;
    merged.version += 1;
    merged.updated_at = work.now;
    store::update(work.conn, &merged)?;
    work.audit(
        "attendee.unmerge",
        "attendee",
        id.uuid(),
        serde_json::json!({}),
    )?;
    Ok(merged)
}

fn restore(work: &mut Work<'_>, taken: &TakenOut) -> Result<(), Error> {
    let mut locked = seat::lock(work, Eyes::Staff, taken.session)?;
    let found = registration::find(work.conn, taken.session, taken.registration, None)?;
    let (before, _) = found.ok_or(Fault::NotFound)?;
    if before.status != RegistrationStatus::Merged {
        return Ok(());
    }
    let mut after = before.clone();
    // Who is on the list anew has left what the merge took out.
    let anew = registration::live(work.conn, taken.session, &[before.attendee_id])?;
    after.status = match anew {
        Some(_) => RegistrationStatus::Cancelled,
        None => taken.status,
    };
    after.extra_seat = taken.extra_seat;
    after.kept_id = None;
    if after.holds_seat() && !locked.session.has_seat(locked.ledger.seats_taken) {
        return Err(Error::UnmergeNeedsSeats);
    }
    let after = seat::change(work, &mut locked, &before, after)?;
    reread(work, &mut locked, after.id)?;
    if let Some(kept) = before.kept_id {
        inherit::give_back(work, &mut locked, (kept, &taken.inherited))?;
        reread(work, &mut locked, kept)?;
    }
    seat::close(work, &locked)?;
    Ok(())
}
