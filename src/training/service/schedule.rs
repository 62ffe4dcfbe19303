//! When and where: slots, rooms, and telling of a move.

use chrono::TimeDelta;

use super::{seat, session};
use crate::kernel::error::Check;
use crate::kernel::{Fault, Id, Timestamp};
use crate::office::work::Work;
use crate::training::change::{self, Change};
use crate::training::command::SlotDraft;
use crate::training::error::Error;
use crate::training::model::{Session, SessionId, Slot};
use crate::training::status::{SessionAction, SessionStatus};
use crate::training::store::attendance;
use crate::training::store::ledger::Locked;
use crate::training::store::registration::{self, LIVE};
use crate::training::store::session::{self as store, Eyes};

/// The most slots a session has.
const SLOTS_MAX: usize = 60;
/// The longest a slot lasts.
const SLOT_HOURS_MAX: i64 = 24;

/// The slots of a draft, in order; an id must be of one that was.
pub(in crate::training) fn slots(
    now: Timestamp,
    drafts: &[SlotDraft],
    before: &[Slot],
) -> Result<Vec<Slot>, Error> {
    let mut check = Check::new();
    check.rule(
        (1..=SLOTS_MAX).contains(&drafts.len()),
        "/slots",
        "out-of-range",
    );
    let mut slots: Vec<Slot> = Vec::new();
    for (index, draft) in drafts.iter().enumerate() {
        let pointer = format!("/slots/{index}");
        let length = draft.ends_at.since(draft.starts_at);
        let is_fit = length >= TimeDelta::minutes(1) && length <= TimeDelta::hours(SLOT_HOURS_MAX);
        check.rule(is_fit, format!("{pointer}/ends_at"), "slot-length");
        if let Some(id) = draft.id {
            let is_known = before.iter().any(|slot| slot.id == id);
            let is_new = !slots.iter().any(|slot| slot.id == id);
            check.rule(
                is_known && is_new,
                format!("{pointer}/id"),
                "unknown-reference",
            );
        }
        slots.push(Slot {
            id: draft.id.unwrap_or_else(|| Id::new(now)),
            starts_at: draft.starts_at,
            ends_at: draft.ends_at,
            title: draft.title.clone(),
            mandatory: draft.mandatory,
        });
    }
    slots.sort_by_key(|slot| (slot.starts_at, slot.ends_at));
    let overlaps = slots
        .windows(2)
        .any(|pair| matches!(pair, [first, second] if second.starts_at < first.ends_at));
    check.rule(!overlaps, "/slots", "slots-overlap");
    check.done()?;
    Ok(slots)
}

/// Refuses a room that another published session holds, unless a reason was given. The room's
/// row is locked, so that two sessions cannot take it at once.
pub(in crate::training) fn hold_room(work: &mut Work<'_>, session: &Session) -> Result<(), Error> {
    let Some(room) = session.room_id else {
        return Ok(());
    };
    let office = work.office_id();
    store::touch_room(work.conn, office, room)?;
    let holding = store::holding_room(work.conn, room, session)?;
    if holding.is_empty() || session.details.room_override_reason.is_some() {
        return Ok(());
    }
    Err(Error::RoomTaken { sessions: holding })
}

/// The only slot of a session is the one it was, also without its id: it keeps its place in calendars.
fn recognised(drafts: &[SlotDraft], before: &[Slot]) -> Vec<SlotDraft> {
    let mut drafts = drafts.to_vec();
    if let ([only], [was]) = (drafts.as_mut_slice(), before) {
        only.id = only.id.or(Some(was.id));
    }
    drafts
}

/// Moves a session: the whole list of slots, with the ids of those that stay. A slot with
/// attendance cannot go, seats are kept, one message tells it.
pub(in crate::training) fn reschedule(
    work: &mut Work<'_>,
    id: SessionId,
    drafts: &[SlotDraft],
    room_override: Option<String>,
) -> Result<Session, Error> {
    let mut locked = seat::lock_for(work, Eyes::Staff, id, SessionAction::Reschedule)?;
    let was = locked.session.clone();
    let before = was.slots.as_slice();
    let after = slots(work.now, &recognised(drafts, before), before)?;
    let is_same = after == before && room_override.is_none();
    if is_same && locked.session.status == SessionStatus::Published {
        return Err(Fault::rule("/slots", "unchanged").into());
    }
    let is_gone = |slot: &Slot| !after.iter().any(|kept| kept.id == slot.id);
    let gone: Vec<Slot> = before
        .iter()
        .filter(|slot| is_gone(slot))
        .cloned()
        .collect();
    for slot in &gone {
        if attendance::slot_has_any(work.conn, id, slot.id)? {
            return Err(Error::SlotHasAttendance);
        }
    }
    locked.session.slots = after;
    // A reason excuses the times it was given for, not later ones.
    locked.session.details.room_override_reason = room_override;
    store::replace_slots(work.conn, &locked.session)?;
    let is_published = locked.session.status == SessionStatus::Published;
    if is_published {
        hold_room(work, &locked.session)?;
        locked.session.calendar_sequence += 1;
    }
    session::save(work, &mut locked, "training-session.reschedule")?;
    if is_published {
        super::mark::rederive_all(work, &mut locked)?;
        let change = Change {
            before: &was,
            gone: &gone,
        };
        tell_changed(work, &mut locked, change)?;
        seat::promote(work, &mut locked)?;
    }
    seat::close(work, &locked)?;
    Ok(locked.session)
}

/// Tells everybody on the list of a move, once; what told the old time is withdrawn.
pub(in crate::training) fn tell_changed(
    work: &mut Work<'_>,
    locked: &mut Locked,
    change: Change<'_>,
) -> Result<(), Error> {
    for (registration, attendee) in registration::all(work.conn, locked.session.id, &LIVE)? {
        let who = (&registration, &attendee);
        change::tell_changed(work, &locked.session, who, change)?;
    }
    Ok(())
}
