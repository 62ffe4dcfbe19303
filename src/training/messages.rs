//! The mails of training: who is told what, in the transaction of what it tells.

use chrono::TimeDelta;

use super::error::Error;
use super::model::{Attendee, Registration, Session};
use super::status::RegistrationStatus;
use super::store::attendee::is_family;
use super::store::registration::of_any_in;
use super::store::undelivered::Unreached;
use super::ticket;
use super::wording::{calendar, join_link, place, send_time, slots, span, title_for, when};
use crate::kernel::Timestamp;
use crate::mail::message::{Content, MessageClass, NewMessage, TokenPurpose};
use crate::mail::outbox::{self, Grant, Withdrawn};
use crate::mail::pace;
use crate::office::work::Work;

/// What an attendee is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Telling {
    /// They are asked.
    Invitation,
    /// They have a seat.
    Confirmation,
    /// They wait.
    Waitlisted,
    /// A seat was freed for them.
    Promoted,
    /// Time or place changed.
    Changed,
    /// The session is off.
    Cancelled,
    /// It is soon; hours ahead.
    Reminder(i32),
    /// It was held.
    Thanks,
    /// Their registration ended, by the office or by themselves.
    Ended { by_office: bool },
    /// Someone goes in their place.
    Replaced,
    /// They go in someone's place.
    TakenOver,
}

/// Kinds that are withdrawn when the session they tell of is off or moved.
pub(super) const FORWARD_KINDS: [&str; 7] = [
    "session_invitation",
    "session_confirmation",
    "session_waitlisted",
    "session_promoted",
    "session_changed",
    "session_reminder",
    "registration_taken_over",
];

impl Telling {
    pub(super) const fn kind(self) -> &'static str {
        match self {
            Self::Invitation => "session_invitation",
            Self::Confirmation => "session_confirmation",
            Self::Waitlisted => "session_waitlisted",
            Self::Promoted => "session_promoted",
            Self::Changed => "session_changed",
            Self::Cancelled => "session_cancelled",
            Self::Reminder(_) => "session_reminder",
            Self::Thanks => "session_thanks",
            Self::Ended { .. } => "registration_cancelled",
            Self::Replaced => "registration_replaced",
            Self::TakenOver => "registration_taken_over",
        }
    }

    /// Whether the entry code and the calendar go with it.
    const fn has_ticket(self) -> bool {
        matches!(
            self,
            Self::Confirmation | Self::Promoted | Self::Reminder(_) | Self::TakenOver
        )
    }

    /// Whether it takes a time out of the recipient's calendar.
    const fn takes_back(self) -> bool {
        matches!(self, Self::Cancelled | Self::Ended { .. } | Self::Replaced)
    }

    /// Whether it still makes sense once the session is over.
    const fn looks_back(self) -> bool {
        matches!(self, Self::Thanks)
    }

    /// Whether the recipient can still answer by a link.
    const fn has_links(self) -> bool {
        !matches!(
            self,
            Self::Cancelled | Self::Thanks | Self::Ended { .. } | Self::Replaced
        )
    }
}

/// Tells an attendee, once for each state of things. Nobody is mailed about the past.
pub(super) fn tell(
    work: &mut Work<'_>,
    session: &Session,
    who: (&Registration, &Attendee),
    telling: Telling,
) -> Result<(), Error> {
    let key = dedupe_key(session, who.0, telling);
    write(work, session, who, telling, key)
}

/// Tells somebody that they do not come any more; who had no seat had no entry code, nor an entry in
/// their calendar.
pub(super) fn tell_left(
    work: &mut Work<'_>,
    session: &Session,
    who: (&Registration, &Attendee),
    (telling, had_seat): (Telling, bool),
) -> Result<(), Error> {
    let key = dedupe_key(session, who.0, telling);
    let until = session.last_ends_at();
    write_with(work, session, who, (telling, key, until), |mut content| {
        content.calendar = content.calendar.filter(|_| had_seat);
        content.value("had_seat", had_seat)
    })
}

/// Why a telling would not arrive, where that is known.
pub(super) fn unreached(
    work: &mut Work<'_>,
    attendee: &Attendee,
    telling: Telling,
) -> Result<Option<Unreached>, Error> {
    let Some(address) = &attendee.email else {
        return Ok(Some(Unreached::NoAddress));
    };
    let what = (work.office_id(), telling.kind(), MessageClass::Session);
    let user = attendee.user_id.map(crate::kernel::Id::uuid);
    let why = outbox::silence(work.conn, what, user, address)?;
    Ok(why.map(Unreached::why))
}

/// Tells an attendee once more what they were told.
pub(super) fn tell_again(
    work: &mut Work<'_>,
    session: &Session,
    who: (&Registration, &Attendee),
    telling: Telling,
) -> Result<(), Error> {
    let again = work.now.micros();
    let key = format!("{}:{again}", dedupe_key(session, who.0, telling));
    write(work, session, who, telling, key)
}

fn write(
    work: &mut Work<'_>,
    session: &Session,
    (registration, attendee): (&Registration, &Attendee),
    telling: Telling,
    key: String,
) -> Result<(), Error> {
    let who = (registration, attendee);
    let until = session.last_ends_at();
    write_with(work, session, who, (telling, key, until), |content| content)
}

/// Writes what somebody is told, which makes sense until some time.
pub(super) fn write_with(
    work: &mut Work<'_>,
    session: &Session,
    (registration, attendee): (&Registration, &Attendee),
    (telling, key, until): (Telling, String, Timestamp),
    more: impl FnOnce(Content) -> Content,
) -> Result<(), Error> {
    if until <= work.now && !telling.looks_back() {
        return Ok(());
    }
    let language = attendee.language;
    let title = title_for(work, session, attendee)?;
    let content = content(work, session, registration, attendee, telling, &title)?;
    let content = more(content);
    let expires_at = match telling {
        Telling::Reminder(_) => Some(session.first_starts_at()),
        Telling::Thanks => Some(work.now.plus(TimeDelta::days(7))),
        _ => Some(until),
    };
    let not_before = send_time(work, session)?;
    let message = NewMessage {
        kind: telling.kind(),
        class: MessageClass::Session,
        office: work.office_id(),
        user: attendee.user_id.map(crate::kernel::Id::uuid),
        address: attendee.email.as_deref(),
        language,
        object_kind: "registration",
        object: registration.id.uuid(),
        object_version: registration.version,
        content,
        dedupe_key: key,
        not_before,
        expires_at,
    };
    let grants = grants(work, session, (registration, attendee), telling);
    outbox::enqueue(work.conn, &work.platform.keys, work.now, &message, &grants)?;
    Ok(())
}

pub(super) fn dedupe_key(
    session: &Session,
    registration: &Registration,
    telling: Telling,
) -> String {
    let (kind, id) = (telling.kind(), registration.id);
    let (version, sequence) = (registration.version, session.calendar_sequence);
    match telling {
        Telling::Reminder(hours) => format!("{kind}:{id}:{sequence}:{hours}"),
        Telling::Changed | Telling::Cancelled | Telling::Thanks => {
            format!("{kind}:{id}:{sequence}:{}", session.version)
        }
        _ => format!("{kind}:{id}:{version}:{sequence}"),
    }
}

/// The rights a telling's links give.
fn grants(
    work: &Work<'_>,
    session: &Session,
    (registration, attendee): (&Registration, &Attendee),
    telling: Telling,
) -> Vec<Grant> {
    let grant = |purpose, binding| Grant {
        purpose,
        subject: registration.id.uuid(),
        binding,
        expires_at: session.last_ends_at(),
    };
    let mut grants = Vec::new();
    if telling.has_links() {
        let binding = registration.ticket_generation.to_string();
        grants.push(grant(TokenPurpose::Registration, binding));
    }
    if let (Telling::Invitation, Some(address)) = (telling, &attendee.email) {
        let binding = format!("{}|{address}", work.office_id());
        grants.push(grant(TokenPurpose::Unsubscribe, binding));
    }
    grants
}

fn content(
    work: &mut Work<'_>,
    session: &Session,
    registration: &Registration,
    attendee: &Attendee,
    telling: Telling,
    title: &str,
) -> Result<Content, Error> {
    let language = attendee.language;
    let zone = work.zone();
    let place = place(work, session)?;
    let mut content = Content::default()
        .value("title", title)
        .value("when", when(zone, language, session))
        .value("span", span(zone, language, session))
        .value("slots", slots(zone, language, session))
        .value("place", place.clone())
        .value("online", session.online_url.is_some())
        .value("standing", registration.status.as_str());
    let has_seat = registration.status == RegistrationStatus::Confirmed;
    // Whoever has no seat yet is told of no place to go to.
    let link = join_link(session).filter(|_| has_seat && telling.has_links());
    if let Some(link) = link {
        content = content.value("join_link", link);
    }
    if telling.has_ticket() {
        content.ticket = Some(ticket::of(registration));
        content = content.value("short_code", registration.short_code.clone());
    }
    let attaches = telling.has_ticket() || (telling == Telling::Changed && has_seat);
    if attaches || telling.takes_back() {
        content.calendar = Some(calendar(session, title, (&place, link), !attaches));
    }
    content = match telling {
        Telling::Invitation => answerable(unsubscribable(content)),
        Telling::Changed if registration.status == RegistrationStatus::Invited => {
            answerable(content)
        }
        Telling::Cancelled => {
            // To families a reason may tell what the session was about.
            let reason = session.details.cancel_reason.clone();
            let is_told = !is_family(work.conn, attendee)?;
            content.value("reason", reason.filter(|_| is_told).unwrap_or_default())
        }
        Telling::Ended { by_office } => content.value("by_office", by_office),
        Telling::Thanks | Telling::Replaced => content,
        _ => content.link("leave_link", 'l', Some(TokenPurpose::Registration)),
    };
    Ok(content)
}

/// With a link to come and one not to.
fn answerable(content: Content) -> Content {
    content
        .link("accept_link", 'a', Some(TokenPurpose::Registration))
        .link("leave_link", 'd', Some(TokenPurpose::Registration))
}

fn unsubscribable(mut content: Content) -> Content {
    content.can_unsubscribe = true;
    content
}

/// Whether what somebody was to be told first has not left: they know of no registration, or last heard that
/// an earlier one ended.
pub(super) fn is_untold(work: &mut Work<'_>, registration: &Registration) -> Result<bool, Error> {
    let first = [
        "session_invitation",
        "session_confirmation",
        "session_waitlisted",
    ];
    if outbox::untold(work.conn, registration.id.uuid(), &first)?.is_empty() {
        return Ok(false);
    }
    let (session, whose) = (registration.session_id, registration.attendee_id);
    let there = of_any_in(work.conn, session, &[whose])?;
    let ids: Vec<uuid::Uuid> = there.iter().map(|one| one.id.uuid()).collect();
    let last = pace::last_left(work.conn, &ids)?;
    let ended = Telling::Ended { by_office: false }.kind();
    Ok(last.is_none_or(|kind| kind == ended))
}

/// Takes back what was not sent yet about a registration that is off or moved.
pub(super) fn withdraw(
    work: &mut Work<'_>,
    registration: &Registration,
    why: Withdrawn,
) -> Result<(), Error> {
    outbox::withdraw(
        work.conn,
        work.now,
        registration.id.uuid(),
        &FORWARD_KINDS,
        why,
    )?;
    Ok(())
}
