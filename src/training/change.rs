//! What is told of a session that changed: to whom, and by what of it matters most to who comes.

use super::error::Error;
use super::messages::{FORWARD_KINDS, Telling, dedupe_key, tell, withdraw, write_with};
use super::model::{Attendee, Registration, Session, Slot};
use super::status::RegistrationStatus;
use super::wording::{entry, line, title_for};
use crate::mail::outbox::{self, Withdrawn};
use crate::office::work::Work;

/// What of a session changed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Change<'a> {
    /// The session as it was.
    pub(super) before: &'a Session,
    /// The slots that are no more.
    pub(super) gone: &'a [Slot],
}

/// Where somebody goes, or that they need not.
fn where_to(session: &Session) -> impl PartialEq + use<> {
    let is_online = session.online_url.is_some();
    (session.room_id, session.details.venue.clone(), is_online)
}

/// What of a session changed, by what matters most to who comes: `time`, `place`, `name`, `link`.
fn what(before: &Session, session: &Session, is_renamed: bool) -> Option<&'static str> {
    let all = [
        ("time", before.slots != session.slots),
        ("place", where_to(before) != where_to(session)),
        ("name", is_renamed),
        ("link", before.online_url != session.online_url),
    ];
    let first = all.into_iter().find(|(_, is_so)| *is_so);
    first.map(|(what, _)| what)
}

/// Whether something changed that calendars show: somebody is told of it.
pub(super) fn is_told(before: &Session, session: &Session) -> bool {
    let titles = |one: &Session| (one.title.clone(), one.mail_title.clone());
    what(before, session, titles(before) != titles(session)).is_some()
}

/// What of a change somebody is told, and the title they knew where they know it by another: a name they
/// are told, a link by which they join.
fn concerns(
    work: &mut Work<'_>,
    session: &Session,
    (registration, attendee): (&Registration, &Attendee),
    before: &Session,
) -> Result<Option<(&'static str, Option<String>)>, Error> {
    let mut title = |one| title_for(work, one, attendee);
    let (old, new) = (title(before)?, title(session)?);
    let has_seat = registration.status == RegistrationStatus::Confirmed;
    let what = what(before, session, old != new).filter(|what| *what != "link" || has_seat);
    Ok(what.map(|what| (what, (old != new).then_some(old))))
}

/// Tells of another time or place, in place of whatever told the old one and has not left: who was
/// not told yet that they are asked, wait or have a seat is told that, as it is now.
pub(super) fn tell_changed(
    work: &mut Work<'_>,
    session: &Session,
    who: (&Registration, &Attendee),
    change: Change<'_>,
) -> Result<(), Error> {
    let Some(told) = concerns(work, session, who, change.before)? else {
        return Ok(());
    };
    let registration = who.0;
    let untold = outbox::untold(work.conn, registration.id.uuid(), &FORWARD_KINDS)?;
    withdraw(work, registration, Withdrawn::Superseded)?;
    let first: &[Telling] = match registration.status {
        RegistrationStatus::Invited => &[Telling::Invitation],
        RegistrationStatus::Waitlisted => &[Telling::Waitlisted],
        _ => &[Telling::Promoted, Telling::TakenOver, Telling::Confirmation],
    };
    let is_untold = |telling: &&Telling| untold.iter().any(|kind| kind == telling.kind());
    let telling = first.iter().find(is_untold).copied();
    match telling {
        Some(telling) => tell(work, session, who, telling),
        None => tell_moved(work, session, who, (change.gone, told)),
    }
}

/// Tells somebody who knew the old time, also of what is no more.
fn tell_moved(
    work: &mut Work<'_>,
    session: &Session,
    who: (&Registration, &Attendee),
    (gone, (what, old_title)): (&[Slot], (&'static str, Option<String>)),
) -> Result<(), Error> {
    let (zone, language) = (work.zone(), who.1.language);
    let title = title_for(work, session, who.1)?;
    let lines: Vec<String> = gone.iter().map(|slot| line(zone, language, slot)).collect();
    let key = dedupe_key(session, who.0, Telling::Changed);
    // A day to come that is off is news, also where all the others are over.
    let ends = gone.iter().map(|slot| slot.ends_at);
    let until = ends.chain([session.last_ends_at()]).max();
    let until = until.unwrap_or(work.now);
    write_with(
        work,
        session,
        who,
        (Telling::Changed, key, until),
        |mut content| {
            if let Some(calendar) = &mut content.calendar {
                calendar.gone = gone.iter().map(|slot| entry(slot, &title)).collect();
            }
            let content = content.value("gone", lines).value("change", what);
            content.value("old_title", old_title)
        },
    )
}
