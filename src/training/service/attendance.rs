//! Attendance: scans, people who just came, an organiser's word; each re-derives its marks.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::registration::alone;
use super::seat::{self, Entry};
use super::{mark, people, standing};
use crate::kernel::{Fault, Timestamp, title};
use crate::mail::outbox::Withdrawn;
use crate::office::work::Work;
use crate::training::attendance::{self, Seen, SlotMark, Window};
use crate::training::command::{Scan, WalkIn, Who};
use crate::training::error::Error;
use crate::training::messages;
use crate::training::model::{
    Attendee, Basis, Direction, Mark, Method, Registration, RegistrationId, Session, SessionId,
    Slot, SlotId, Source,
};
use crate::training::status::{RegistrationStatus, SessionAction};
use crate::training::store::attendance::{self as store, NewEvent};
use crate::training::store::ledger::Locked;
use crate::training::store::registration;
use crate::training::store::seen;
use crate::training::store::session::Eyes;
use crate::training::ticket;

/// How far a phone's clock may run ahead.
const AHEAD: TimeDelta = TimeDelta::minutes(5);

/// What a scan came to.
#[derive(Debug)]
pub(in crate::training) struct Scanned {
    pub(in crate::training) registration: Registration,
    pub(in crate::training) attendee: Attendee,
    pub(in crate::training) slot: SlotId,
    pub(in crate::training) seen: Seen,
    /// Whether the same nonce had recorded it before.
    pub(in crate::training) is_repeat: bool,
}

/// Sessions locked by a batch of scans, each once.
pub(in crate::training) type Open = BTreeMap<SessionId, Locked>;

/// Takes one scan; the batch's sessions stay locked until it ends. A refused scan undoes itself
/// alone: the lock is taken outside its savepoint, or the roll-back would release it while the
/// ledger is still in hand.
pub(in crate::training) fn scan(
    work: &mut Work<'_>,
    open: &mut Open,
    scan: &Scan,
) -> Result<Scanned, Error> {
    let (id, session) = find_ticket(work, scan)?;
    let mut locked = match open.remove(&session) {
        Some(locked) => locked,
        None => seat::lock_for(work, Eyes::Staff, session, SessionAction::TakeAttendance)?,
    };
    let ledger = locked.ledger.clone();
    let answer = alone(work, |work| take(work, &mut locked, id, scan));
    if answer.is_err() {
        locked.ledger = ledger;
    }
    open.insert(session, locked);
    answer
}

/// Writes what the batch changed.
pub(in crate::training) fn close(work: &mut Work<'_>, open: &Open) -> Result<(), Error> {
    open.values()
        .try_for_each(|locked| seat::close(work, locked))
}

fn find_ticket(work: &mut Work<'_>, scan: &Scan) -> Result<(RegistrationId, SessionId), Error> {
    let office = work.office_id();
    let digest = ticket::digest(&scan.ticket);
    let by_ticket = registration::by_ticket(work.conn, office, &digest)?;
    if let Some((id, session)) = by_ticket {
        if scan.session.is_some_and(|here| here != session) {
            return Err(Error::OtherSession);
        }
        return Ok((id, session));
    }
    // A short code is only unique within its session.
    let code = ticket::read_short_code(&scan.ticket).zip(scan.session);
    let Some((code, session)) = code else {
        return Err(Error::UnknownTicket);
    };
    seat_is_ours(work, session)?;
    let found = registration::by_short_code(work.conn, session, &code)?;
    Ok((found.ok_or(Error::UnknownTicket)?, session))
}

fn seat_is_ours(work: &mut Work<'_>, session: SessionId) -> Result<(), Error> {
    let office = work.office_id();
    let found = crate::training::store::session::find(work.conn, (office, Eyes::Staff), session)?;
    found.map(|_| ()).ok_or(Error::UnknownTicket)
}

fn take(
    work: &mut Work<'_>,
    locked: &mut Locked,
    id: RegistrationId,
    scan: &Scan,
) -> Result<Scanned, Error> {
    let found = registration::find(work.conn, locked.session.id, id, None)?;
    let found = found.ok_or(Error::UnknownTicket)?;
    let (before, attendee) = standing::of(work, locked.session.id, found)?;
    let id = before.id;
    if let Some(stored) = store::by_nonce(work.conn, locked.session.id, &scan.nonce)? {
        if stored.registration != id || stored.direction != scan.direction {
            return Err(Error::NonceReused);
        }
        let seen = Seen {
            direction: stored.direction,
            at: stored.at,
        };
        let slot = stored.slot;
        return Ok(Scanned {
            registration: before,
            attendee,
            slot,
            seen,
            is_repeat: true,
        });
    }
    let is_off = matches!(
        before.status,
        RegistrationStatus::Cancelled | RegistrationStatus::Merged
    );
    if is_off && (scan.method == Method::Qr || before.status == RegistrationStatus::Merged) {
        return Err(Error::RegistrationCancelled);
    }
    let at = moment(work, scan.at)?;
    let slot = slot_for(work, locked, scan.slot, at, scan.direction)?;
    let seen = Seen {
        direction: scan.direction,
        at,
    };
    refuse_twice(work, id, slot.id, seen)?;
    let (session, slot_id) = (locked.session.id, slot.id);
    let present = bring_in(work, locked, &before, &attendee)?;
    let event = NewEvent {
        session,
        registration: id,
        slot: slot_id,
        seen,
        method: scan.method,
        by: work.actor,
        nonce: &scan.nonce,
    };
    store::append(work.conn, work.now, &event)?;
    let registration = mark::rederive(work, locked, &present, Some(slot_id))?;
    Ok(Scanned {
        registration,
        attendee,
        slot: slot_id,
        seen,
        is_repeat: false,
    })
}

/// The time of a scan: the phone's, where it tells one that can be.
fn moment(work: &Work<'_>, at: Option<Timestamp>) -> Result<Timestamp, Error> {
    let at = at.unwrap_or(work.now);
    require_past(work, "/at", at)?;
    Ok(at)
}

/// Refuses a time that has not come, but for what clocks may differ.
pub(in crate::training) fn require_past(
    work: &Work<'_>,
    pointer: &str,
    at: Timestamp,
) -> Result<(), Error> {
    if at > work.now.plus(AHEAD) {
        return Err(Fault::rule(pointer, "in-the-future").into());
    }
    Ok(())
}

fn slot_for(
    work: &Work<'_>,
    locked: &Locked,
    wanted: Option<SlotId>,
    at: Timestamp,
    direction: Direction,
) -> Result<Slot, Error> {
    let session = &locked.session;
    let slot = match wanted {
        Some(id) => session.slot(id),
        None => attendance::slot_at(session, at, direction),
    };
    let slot = slot.ok_or_else(unknown_slot)?;
    let opens = session.details.check_in_opens_minutes;
    match attendance::window(slot, opens, at, direction) {
        Window::Open => Ok(slot.clone()),
        Window::Early => Err(too_early(work, session, slot)),
        Window::Late => Err(Error::TooLate),
    }
}

fn too_early(work: &Work<'_>, session: &Session, slot: &Slot) -> Error {
    let opens_at = work.zone().show(session.opens_at(slot));
    Error::TooEarly { opens_at }
}

/// Refuses a word about who was there before anybody can be: only excused is someone beforehand.
pub(in crate::training) fn require_open(
    work: &Work<'_>,
    session: &Session,
    slot: &Slot,
    mark: Mark,
) -> Result<(), Error> {
    if mark == Mark::Excused || session.opens_at(slot) <= work.now {
        return Ok(());
    }
    Err(too_early(work, session, slot))
}

pub(in crate::training) fn unknown_slot() -> Error {
    Fault::rule("/slot", "unknown-reference").into()
}

/// Refuses an `in` of someone who is in at that moment, and an `out` of someone who is not. Where paper
/// said since that they were not there, a scan is news.
fn refuse_twice(
    work: &mut Work<'_>,
    id: RegistrationId,
    slot: SlotId,
    seen: Seen,
) -> Result<(), Error> {
    let ids = registration::with_merged(work.conn, id)?;
    let events = seen::of(work.conn, &ids, slot)?;
    let last = events.iter().rfind(|event| event.at <= seen.at);
    let Some(last) = last.filter(|last| last.direction == seen.direction) else {
        return Ok(());
    };
    let denied = |mark: SlotMark| mark.basis == Basis::Sheet && mark.mark != Mark::Present;
    let marks = store::marks_of(work.conn, id)?;
    if marks.get(&slot).is_some_and(|stored| denied(stored.mark)) {
        return Ok(());
    }
    Err(match last.direction {
        Direction::In => Error::AlreadyCheckedIn {
            at: work.zone().show(last.at),
        },
        Direction::Out => Error::NotCheckedIn,
    })
}

/// Whoever is shown present becomes confirmed from any state, over capacity if need be.
pub(in crate::training) fn bring_in(
    work: &mut Work<'_>,
    locked: &mut Locked,
    before: &Registration,
    attendee: &Attendee,
) -> Result<Registration, Error> {
    if before.status == RegistrationStatus::Confirmed {
        return Ok(before.clone());
    }
    if let Some(live) = people::live(work, locked.session.id, attendee.id)?
        && live.id != before.id
    {
        return Err(Error::AlreadyRegistered {
            registration: live.id,
        });
    }
    let mut after = before.clone();
    after.status = RegistrationStatus::Confirmed;
    after.extra_seat = !locked.session.has_seat(locked.ledger.seats_taken);
    after.ended_by = None;
    let after = seat::change(work, locked, before, after)?;
    messages::withdraw(work, &after, Withdrawn::Superseded)?;
    let facts = serde_json::json!({"from": before.status, "to": after.status});
    work.audit(
        "registration.bring-in",
        "registration",
        after.id.uuid(),
        facts,
    )?;
    Ok(after)
}

/// Someone who just came: a new registration, confirmed, and their first event.
pub(in crate::training) fn walk_in(
    work: &mut Work<'_>,
    id: SessionId,
    command: &WalkIn,
) -> Result<Scanned, Error> {
    let mut locked = seat::lock_for(work, Eyes::Staff, id, SessionAction::TakeAttendance)?;
    let nonce = command
        .nonce
        .clone()
        .unwrap_or_else(crate::kernel::token::fresh);
    if let Some(stored) = store::by_nonce(work.conn, id, &nonce)? {
        let found = registration::find(work.conn, id, stored.registration, None)?;
        let (registration, attendee) = found.ok_or(Fault::NotFound)?;
        if !is_about(work, &attendee, &command.who)? {
            return Err(Error::NonceReused);
        }
        let seen = Seen {
            direction: stored.direction,
            at: stored.at,
        };
        let slot = stored.slot;
        return Ok(Scanned {
            registration,
            attendee,
            slot,
            seen,
            is_repeat: true,
        });
    }
    let at = moment(work, command.at)?;
    let slot = slot_for(work, &locked, command.slot, at, Direction::In)?;
    let attendee = people::resolve(work, &command.who)?;
    let note = command.note.clone();
    let present = enter_present(work, &mut locked, &attendee, (Source::WalkIn, true), note)?;
    let seen = Seen {
        direction: Direction::In,
        at,
    };
    refuse_twice(work, present.id, slot.id, seen)?;
    let event = NewEvent {
        session: id,
        registration: present.id,
        slot: slot.id,
        seen,
        method: Method::Desk,
        by: work.actor,
        nonce: &nonce,
    };
    store::append(work.conn, work.now, &event)?;
    let registration = mark::rederive(work, &mut locked, &present, Some(slot.id))?;
    seat::close(work, &locked)?;
    Ok(Scanned {
        registration,
        attendee,
        slot: slot.id,
        seen,
        is_repeat: false,
    })
}

/// Whether a call is about someone: another person is not the same call again.
fn is_about(work: &mut Work<'_>, attendee: &Attendee, who: &Who) -> Result<bool, Error> {
    Ok(match who {
        Who::Known(id) => {
            people::survivor(work, *id)?.id == people::survivor(work, attendee.id)?.id
        }
        Who::New(draft) => {
            title::name_key(&draft.full_name) == title::name_key(&attendee.full_name)
        }
    })
}

/// The confirmed registration of someone shown present: theirs brought in, or a new one.
pub(in crate::training) fn enter_present(
    work: &mut Work<'_>,
    locked: &mut Locked,
    attendee: &Attendee,
    (source, walk_in): (Source, bool),
    note: Option<String>,
) -> Result<Registration, Error> {
    if let Some(live) = people::live(work, locked.session.id, attendee.id)? {
        return bring_in(work, locked, &live, attendee);
    }
    let declined = [RegistrationStatus::Declined];
    let session = locked.session.id;
    if let Some(no) = registration::latest(work.conn, session, attendee.id, &declined)? {
        return bring_in(work, locked, &no, attendee);
    }
    let extra_seat = !locked.session.has_seat(locked.ledger.seats_taken);
    let status = RegistrationStatus::Confirmed;
    let entry = Entry {
        status,
        source,
        extra_seat,
        walk_in,
        note,
    };
    let entered = seat::enter(work, locked, attendee, entry)?;
    let facts = serde_json::json!({"session": session, "source": source});
    work.audit(
        "registration.create",
        "registration",
        entered.id.uuid(),
        facts,
    )?;
    Ok(entered)
}
