//! How a session is put into words: its title toward whom, its time, its place, its calendar.

use chrono::TimeDelta;

use super::error::Error;
use super::model::{Attendee, Session, Slot};
use super::store::attendee::is_family;
use crate::kernel::{Language, Timestamp, Zone};
use crate::mail::message::{Calendar, CalendarEntry};
use crate::mail::plain::is_link;
use crate::office::work::Work;

/// What the session is called toward somebody: families get its neutral title, since a
/// subject is read by whoever shares the inbox (`mail-models.md` §0.9).
pub(super) fn title_for(
    work: &mut Work<'_>,
    session: &Session,
    attendee: &Attendee,
) -> Result<String, Error> {
    if !is_family(work.conn, attendee)? {
        return Ok(session.title.clone());
    }
    family_title(work, session, attendee.language)
}

/// What the session is called toward families.
pub(super) fn family_title(
    work: &mut Work<'_>,
    session: &Session,
    language: Language,
) -> Result<String, Error> {
    if let Some(title) = &session.mail_title {
        return Ok(title.clone());
    }
    let office = work.office.name.clone();
    Ok(work.settings()?.family_title(language, &office))
}

/// When the session begins, as a mail writes it.
pub(super) fn when(zone: Zone, language: Language, session: &Session) -> String {
    zone.format_long(language, session.first_starts_at())
}

/// When each slot is.
pub(super) fn slots(zone: Zone, language: Language, session: &Session) -> Vec<String> {
    session
        .slots
        .iter()
        .map(|slot| line(zone, language, slot))
        .collect()
}

/// When a slot is, and what it is called.
pub(super) fn line(zone: Zone, language: Language, slot: &Slot) -> String {
    let span = zone.format_span(language, (slot.starts_at, slot.ends_at));
    match &slot.title {
        Some(title) => format!("{title}: {span}"),
        None => span,
    }
}

/// When a session of one slot is, from its beginning to its end; of several, when it begins.
pub(super) fn span(zone: Zone, language: Language, session: &Session) -> String {
    match session.slots.as_slice() {
        [slot] => zone.format_span(language, (slot.starts_at, slot.ends_at)),
        _ => when(zone, language, session),
    }
}

/// Where the session is, as a mail and a calendar write it.
pub(super) fn place(work: &mut Work<'_>, session: &Session) -> Result<String, Error> {
    let office = work.office_id();
    let mut parts = Vec::new();
    if let Some(room) = session.room_id {
        let room = crate::office::room::find(work.conn, office, room)?;
        parts.push(room.name);
        // A room without an address is in the office's own house.
        let desk = work.settings()?.desk.address.clone();
        parts.extend(room.address.or(desk));
    }
    if let Some(venue) = &session.details.venue {
        parts.push(venue.name.clone());
        parts.extend(venue.address.clone());
    }
    Ok(parts.join(", "))
}

/// Where to join a session on the net, for who has a seat.
pub(super) fn join_link(session: &Session) -> Option<&str> {
    session.online_url.as_deref().filter(|url| is_link(url))
}

/// A slot for a calendar.
pub(super) fn entry(slot: &Slot, title: &str) -> CalendarEntry {
    CalendarEntry {
        uid: slot_uid(slot),
        starts_at: slot.starts_at.micros(),
        ends_at: slot.ends_at.micros(),
        summary: title.to_owned(),
    }
}

/// The session for a calendar.
pub(super) fn calendar(
    session: &Session,
    title: &str,
    (place, url): (&str, Option<&str>),
    is_cancelled: bool,
) -> Calendar {
    let entry = |slot: &Slot| entry(slot, title);
    Calendar {
        is_cancelled,
        sequence: session.calendar_sequence,
        location: place.to_owned(),
        url: url.map(str::to_owned),
        entries: session.slots.iter().map(entry).collect(),
        gone: Vec::new(),
        is_private: false,
    }
}

/// The UID of a slot in every calendar, for life.
pub(super) fn slot_uid(slot: &Slot) -> String {
    format!("{}@calendar", slot.id)
}

/// Now, or the end of the quiet hours; what concerns the next day waits for nothing.
pub(super) fn send_time(work: &mut Work<'_>, session: &Session) -> Result<Timestamp, Error> {
    let is_soon = session.first_starts_at().since(work.now) < TimeDelta::hours(24);
    Ok(work.send_time(!is_soon)?)
}
