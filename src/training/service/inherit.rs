//! What people wrote of a registration that a merge takes out, and nobody of the one that stays: it is
//! about one person, so it counts there, until the merge is taken back.

use super::{attendance as scans, completion, mark};
use crate::kernel::Fault;
use crate::office::work::Work;
use crate::training::error::Error;
use crate::training::model::{Basis, Mark, RegistrationId, SlotId};
use crate::training::status::SessionStatus;
use crate::training::store::attendance::{self as store, MarkKey};
use crate::training::store::ledger::Locked;
use crate::training::store::registration;

/// Whether somebody wrote it: it was not merely concluded.
fn is_said(basis: Basis) -> bool {
    matches!(basis, Basis::Sheet | Basis::Override)
}

/// Lets the kept registration have the marks of the other where nothing else is known; gives their slots.
pub(super) fn marks(
    work: &mut Work<'_>,
    locked: &mut Locked,
    (kept, other): (RegistrationId, RegistrationId),
) -> Result<Vec<SlotId>, Error> {
    let known = store::marks_of(work.conn, kept)?;
    let is_free = |slot: &SlotId| {
        let mark = known.get(slot).map(|stored| stored.mark.basis);
        mark.is_none_or(|basis| basis == Basis::Completion)
    };
    let mut theirs = store::marks_of(work.conn, other)?;
    theirs.retain(|slot, stored| {
        is_said(stored.mark.basis) && stored.mark.mark != Mark::Absent && is_free(slot)
    });
    if theirs
        .values()
        .any(|stored| stored.mark.mark == Mark::Present)
    {
        let found = registration::find(work.conn, locked.session.id, kept, None)?;
        let (before, attendee) = found.ok_or(Fault::NotFound)?;
        scans::bring_in(work, locked, &before, &attendee)?;
    }
    for (slot, stored) in &theirs {
        let key = MarkKey {
            session: locked.session.id,
            registration: kept,
            slot: *slot,
            by: work.actor,
        };
        let reason = stored.reason.as_deref();
        store::set_mark(work.conn, work.now, key, &stored.mark, reason)?;
    }
    Ok(theirs.into_keys().collect())
}

/// Takes such marks back: what the registration's own events say counts there again.
pub(super) fn give_back(
    work: &mut Work<'_>,
    locked: &mut Locked,
    (kept, slots): (RegistrationId, &[SlotId]),
) -> Result<(), Error> {
    for slot in slots {
        store::clear_mark(work.conn, kept, *slot)?;
    }
    let found = registration::find(work.conn, locked.session.id, kept, None)?;
    let (mut before, _) = found.ok_or(Fault::NotFound)?;
    for slot in slots {
        before = mark::rederive(work, locked, &before, Some(*slot))?;
    }
    if locked.session.status == SessionStatus::Completed {
        let mut marks = store::marks_of(work.conn, kept)?;
        completion::derive_absences(work, locked, &before, &mut marks)?;
        mark::reckon(work, locked, &before, &marks)?;
    }
    Ok(())
}
