//! A whole paper sheet in one call: rows keyed by the client, a result each, rows not named
//! untouched.

use std::collections::BTreeMap;

use super::{attendance as scans, people, registration as registrations, seat};
use crate::kernel::{Fault, token};
use crate::office::work::Work;
use crate::training::attendance::{Seen, SlotMark, from_events};
use crate::training::command::{SheetEntry, SheetMark, SheetWho};
use crate::training::error::Error;
use crate::training::model::{
    Attendee, Basis, Direction, Mark, Method, Registration, RegistrationId, Session, SessionId,
    Slot, SlotId, Source,
};
use crate::training::status::{RegistrationStatus, SessionAction, SessionStatus};
use crate::training::store::attendance::{self as store, MarkKey, NewEvent, StoredMark};
use crate::training::store::ledger::Locked;
use crate::training::store::registration;
use crate::training::store::seen;
use crate::training::store::session::Eyes;

/// What a row came to.
#[derive(Debug)]
pub(in crate::training) struct RowDone {
    pub(in crate::training) row: String,
    pub(in crate::training) outcome: Result<Entered, Error>,
}

/// What was entered of a row.
#[derive(Debug)]
pub(in crate::training) struct Entered {
    pub(in crate::training) result: RowResult,
    pub(in crate::training) registration: RegistrationId,
    /// Where a scan had shown the person present and the row says otherwise.
    pub(in crate::training) against_scans: Vec<SlotId>,
}

/// How a row ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::training) enum RowResult {
    /// Someone new on the list.
    Created,
    /// Marks were written.
    Updated,
    /// The same row had been sent before.
    Unchanged,
}

/// Enters a sheet. A refused row undoes itself and no other.
pub(in crate::training) fn enter(
    work: &mut Work<'_>,
    id: SessionId,
    entries: &[SheetEntry],
) -> Result<(Session, Vec<RowDone>), Error> {
    let mut locked = seat::lock_for(work, Eyes::Staff, id, SessionAction::TakeAttendance)?;
    let mut said = Said::new();
    let mut done = Vec::with_capacity(entries.len());
    for entry in entries {
        // A refused row must leave the ledger as it was, too.
        let ledger = locked.ledger.clone();
        let outcome = registrations::alone(work, |work| enter_row(work, &mut locked, entry, &said));
        match &outcome {
            Ok(entered) => remember(&mut said, entered.registration, entry),
            Err(_) => locked.ledger = ledger,
        }
        if let Err(Error::Db(error)) = outcome {
            return Err(error.into());
        }
        done.push(RowDone {
            row: entry.row.clone(),
            outcome,
        });
    }
    let facts = serde_json::json!({"rows": entries.len()});
    work.audit("attendance.sheet", "training-session", id.uuid(), facts)?;
    seat::close(work, &locked)?;
    Ok((locked.session, done))
}

/// What the rows of one sheet have said so far, and which row did.
type Said = BTreeMap<(RegistrationId, SlotId), (String, Mark)>;

fn remember(said: &mut Said, registration: RegistrationId, entry: &SheetEntry) {
    for one in &entry.marks {
        said.insert((registration, one.slot), (entry.row.clone(), one.mark));
    }
}

/// Refuses a row that says otherwise of someone than an earlier one of the sheet: which of them is true
/// is not for a computer to say.
fn require_agreed(
    said: &Said,
    registration: RegistrationId,
    entry: &SheetEntry,
) -> Result<(), Error> {
    for one in &entry.marks {
        if let Some((row, mark)) = said.get(&(registration, one.slot))
            && *mark != one.mark
        {
            return Err(Error::RowsContradict { row: row.clone() });
        }
    }
    Ok(())
}

fn enter_row(
    work: &mut Work<'_>,
    locked: &mut Locked,
    entry: &SheetEntry,
    said: &Said,
) -> Result<Entered, Error> {
    let session = locked.session.id;
    let known = store::sheet_row(work.conn, session, &entry.row)?;
    if let (Some((id, _)), SheetWho::Registration(named)) = (&known, &entry.who)
        && id != named
    {
        return Err(Error::RowReused);
    }
    let (before, attendee, is_new) = match known {
        Some((registration, digest)) if digest == entry.digest => {
            return Ok(Entered {
                result: RowResult::Unchanged,
                registration,
                against_scans: Vec::new(),
            });
        }
        Some((id, _)) => {
            let (registration, attendee) = load(work, session, id)?;
            (registration, attendee, false)
        }
        None => whose(work, locked, entry)?,
    };
    require_agreed(said, before.id, entry)?;
    let registration = if entry.shows_present() {
        scans::bring_in(work, locked, &before, &attendee)?
    } else {
        before
    };
    let registration = note(work, locked, registration, entry)?;
    let against_scans = mark(work, locked, &registration, entry)?;
    let row = (session, entry.row.as_str());
    store::keep_sheet_row(work.conn, row, registration.id, &entry.digest)?;
    let result = if is_new {
        RowResult::Created
    } else {
        RowResult::Updated
    };
    Ok(Entered {
        result,
        registration: registration.id,
        against_scans,
    })
}

fn load(
    work: &mut Work<'_>,
    session: SessionId,
    id: RegistrationId,
) -> Result<(Registration, Attendee), Error> {
    let found = registration::find(work.conn, session, id, None)?.ok_or(Fault::NotFound)?;
    if found.0.status == RegistrationStatus::Merged {
        return Err(Error::RegistrationCancelled);
    }
    Ok(found)
}

/// Whose row it is: a registration, or a person who then is put on the list.
fn whose(
    work: &mut Work<'_>,
    locked: &mut Locked,
    entry: &SheetEntry,
) -> Result<(Registration, Attendee, bool), Error> {
    match &entry.who {
        SheetWho::Registration(id) => {
            let (registration, attendee) = load(work, locked.session.id, *id)?;
            Ok((registration, attendee, false))
        }
        SheetWho::Person(who) => {
            let attendee = people::resolve(work, who)?;
            let live = people::live(work, locked.session.id, attendee.id)?;
            if let Some(live) = live {
                return Ok((live, attendee, false));
            }
            let source = (Source::Sheet, entry.shows_present());
            let entered = scans::enter_present(work, locked, &attendee, source, None)?;
            Ok((entered, attendee, true))
        }
    }
}

fn note(
    work: &mut Work<'_>,
    locked: &mut Locked,
    registration: Registration,
    entry: &SheetEntry,
) -> Result<Registration, Error> {
    if entry.note.is_none() || entry.note == registration.note {
        return Ok(registration);
    }
    let mut after = registration.clone();
    after.note.clone_from(&entry.note);
    seat::change(work, locked, &registration, after)
}

/// Writes the row's marks over everything but an organiser's word; gives the slots at which they speak
/// against a scan.
fn mark(
    work: &mut Work<'_>,
    locked: &mut Locked,
    registration: &Registration,
    entry: &SheetEntry,
) -> Result<Vec<SlotId>, Error> {
    let mut against_scans = Vec::new();
    let mut marks = store::marks_of(work.conn, registration.id)?;
    for said in &entry.marks {
        let slot = locked
            .session
            .slot(said.slot)
            .cloned()
            .ok_or_else(scans::unknown_slot)?;
        scans::require_open(work, &locked.session, &slot, said.mark)?;
        let standing = marks.get(&slot.id).map(|stored| &stored.mark);
        let late_after = locked.session.details.late_after_minutes;
        if standing.is_some_and(|mark| mark.basis == Basis::Override) {
            // It counts once that word is taken back.
            let mark = read(work, late_after, registration, &slot, (entry, said))?;
            let under = Some(mark.mark).filter(|_| mark.basis == Basis::Sheet);
            store::keep_under(work.conn, (registration.id, slot.id), under)?;
            continue;
        }
        let was_present =
            standing.is_some_and(|mark| mark.basis == Basis::Events && mark.mark == Mark::Present);
        let is_against = was_present && said.mark != Mark::Present;
        if is_against && seen::is_scanned(work.conn, registration.id, slot.id)? {
            against_scans.push(slot.id);
        }
        let mark = read(work, late_after, registration, &slot, (entry, said))?;
        let key = MarkKey {
            session: locked.session.id,
            registration: registration.id,
            slot: slot.id,
            by: work.actor,
        };
        store::set_mark(work.conn, work.now, key, &mark, None)?;
        marks.insert(slot.id, StoredMark::bare(mark));
    }
    if locked.session.status == SessionStatus::Completed {
        super::completion::derive_absences(work, locked, registration, &mut marks)?;
    }
    super::mark::reckon(work, locked, registration, &marks)?;
    Ok(against_scans)
}

/// What the row says of one slot. With times they become events, so that a scan of the same
/// person is read together with them.
fn read(
    work: &mut Work<'_>,
    late_after: i32,
    registration: &Registration,
    slot: &Slot,
    (entry, said): (&SheetEntry, &SheetMark),
) -> Result<SlotMark, Error> {
    if said.mark != Mark::Present {
        return Ok(SlotMark::plain(said.mark, Basis::Sheet, slot));
    }
    let times = [
        (Direction::In, "/came_at", said.came_at),
        (Direction::Out, "/left_at", said.left_at),
    ];
    for (direction, pointer, at) in times {
        let Some(at) = at else { continue };
        scans::require_past(work, pointer, at)?;
        let whose = (registration.id, slot.id);
        if seen::last_written(work.conn, whose, direction)? == Some(at) {
            continue;
        }
        let nonce = format!("sheet:{}:{}", entry.row, token::fresh());
        let event = NewEvent {
            session: registration.session_id,
            registration: registration.id,
            slot: slot.id,
            seen: Seen { direction, at },
            method: Method::Sheet,
            by: work.actor,
            nonce: &nonce,
        };
        store::append(work.conn, work.now, &event)?;
    }
    let events = seen::of(work.conn, &[registration.id], slot.id)?;
    let derived = from_events(slot, late_after, &events);
    Ok(derived.unwrap_or_else(|| SlotMark::plain(Mark::Present, Basis::Sheet, slot)))
}
