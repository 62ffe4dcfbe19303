//! The mails of counselling: a code, times, the desk; never a name, a matter or an outcome (`mail-models.md`
//! §0). Who may be written to is decided here, by what is safe; a mail that may not go is kept as withheld.

use chrono::{NaiveDate, TimeDelta};

use super::alarm;
use super::entry::calendar;
use super::error::Error;
use super::letter::{Addressee, Letter, send};
use super::model::{Case, Mode, Party, PartyId, PartyRole, Request};
use super::record::Note;
use crate::identity::UserId;
use crate::kernel::Timestamp;
use crate::kernel::civil::write_date;
use crate::mail::message::Content;
use crate::mail::outbox::{self, Withdrawn};
use crate::office::work::Work;

/// Kinds about an appointment that are withdrawn when it is moved or off.
const FORWARD_KINDS: [&str; 5] = [
    alarm::AGREED,
    "appointment_requested",
    "appointment_confirmed",
    "appointment_changed",
    "appointment_reminder",
];

/// The first answer to a request.
const FIRST: &str = "case_received";
/// There is news; what it is stays behind the login.
const NEWS: &str = "case_answered";

/// What is told about an appointment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Telling {
    /// It was asked for.
    Requested,
    /// It stands.
    Confirmed,
    /// It cannot be.
    Declined,
    /// Nobody answered in time.
    Lapsed,
    /// Its time or its place changed.
    Changed,
    /// It is off.
    Cancelled,
    /// It is soon; hours ahead.
    Reminder(i32),
    /// The family did not come.
    Missed,
}

impl Telling {
    const fn kind(self) -> &'static str {
        match self {
            Self::Requested => "appointment_requested",
            Self::Confirmed => "appointment_confirmed",
            Self::Declined | Self::Lapsed => "appointment_declined",
            Self::Changed => "appointment_changed",
            Self::Cancelled => "appointment_cancelled",
            Self::Reminder(_) => "appointment_reminder",
            Self::Missed => "appointment_missed",
        }
    }

    /// Whether it still makes sense once its time has come.
    const fn looks_back(self) -> bool {
        matches!(self, Self::Missed | Self::Lapsed)
    }

    const fn has_calendar(self) -> bool {
        matches!(self, Self::Confirmed | Self::Changed | Self::Cancelled)
    }
}

/// What of an appointment a mail tells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told {
    /// The appointment.
    pub(super) id: uuid::Uuid,
    /// Who counsels, and calls where no mail may go.
    pub(super) counsellor: UserId,
    /// Moves with every change.
    pub(super) version: i32,
    /// How it is held.
    pub(super) mode: Mode,
    /// When it begins.
    pub(super) starts_at: Timestamp,
    /// When it ends.
    pub(super) ends_at: Timestamp,
    /// When it began before it was changed; a change of its place keeps the time.
    pub(super) was_at: Option<Timestamp>,
    /// Grows with every change of its time.
    pub(super) calendar_sequence: i32,
    /// Until when it is held, while nobody has answered.
    pub(super) held_until: Option<Timestamp>,
    /// Whether both sides counted on it once: then it stands in their calendars.
    pub(super) was_confirmed: bool,
    /// Whether it was missed by whoever counsels or interprets.
    pub(super) missed_by_office: bool,
    /// Whether whoever is told is to ask for another time: the office called it off, and can give one.
    pub(super) wants_another: bool,
    /// Who asks for it as it stands: the family itself, or the office.
    pub(super) asked_by: Option<UserId>,
}

/// Tells a family that its request came, and by when it is reached.
pub(super) fn tell_received(work: &mut Work<'_>, request: &Request) -> Result<(), Error> {
    let due = write_date(request.language, request.contact_due_on);
    about_request(work, request, FIRST, |content| {
        content.value("due_date", due)
    })
}

/// Tells a family that there is news on its request; what it is stays behind the login.
pub(super) fn tell_answered(work: &mut Work<'_>, request: &Request) -> Result<(), Error> {
    about_request(work, request, NEWS, |content| content)
}

fn about_request(
    work: &mut Work<'_>,
    request: &Request,
    kind: &'static str,
    fill: impl FnOnce(Content) -> Content,
) -> Result<(), Error> {
    let (id, version) = (request.id.uuid(), request.version);
    let letter = Letter {
        kind,
        object_kind: "counselling-request",
        object: (id, version),
        content: fill(Content::default()),
        dedupe_key: format!("{kind}:{id}:{version}"),
        can_wait: true,
        calls: true,
        at: None,
        expires_at: None,
        to: Addressee::of_request(request, kind == FIRST),
    };
    send(work, letter)
}

/// Tells a party about an appointment. Nobody is mailed about the past, save that it was missed or
/// that nobody answered.
pub(super) fn tell(
    work: &mut Work<'_>,
    told: &Told,
    party: &Party,
    telling: Telling,
) -> Result<(), Error> {
    let to = Addressee::of_party(party, Some(told.counsellor));
    tell_one(work, told, to, (telling, party.id.uuid()))
}

/// Tells whoever made a request about an appointment that no case came before.
pub(super) fn tell_requester(
    work: &mut Work<'_>,
    told: &Told,
    request: &Request,
    telling: Telling,
) -> Result<(), Error> {
    let to = Addressee::of_request(request, false);
    tell_one(work, told, to, (telling, request.id.uuid()))
}

fn tell_one(
    work: &mut Work<'_>,
    told: &Told,
    to: Addressee<'_>,
    (telling, whom): (Telling, uuid::Uuid),
) -> Result<(), Error> {
    if told.starts_at <= work.now && !telling.looks_back() {
        return Ok(());
    }
    let (kind, id, sequence) = (telling.kind(), told.id, told.calendar_sequence);
    let once = match telling {
        Telling::Reminder(hours) => format!("{sequence}:{hours}"),
        _ => format!("{}:{sequence}", told.version),
    };
    let was_at = told.was_at.unwrap_or(told.starts_at);
    let zone = work.zone();
    let when = |at| zone.format_long(to.language, at);
    let mut content = Content::default()
        .value("at_office", told.mode == Mode::AtOffice)
        .value("offered", to.user.is_none() || told.asked_by != to.user)
        .value("when", when(told.starts_at))
        .value("old_when", when(was_at))
        .value("moved", was_at != told.starts_at);
    content = content
        .value("until", told.held_until.map(when))
        .value("by_office", told.missed_by_office)
        .value("again", told.wants_another);
    let has_entry = telling != Telling::Cancelled || told.was_confirmed;
    if telling.has_calendar() && has_entry && to.channels.calendar {
        content.calendar = Some(calendar(work, told, (to.language, telling))?);
    }
    let is_soon = told.starts_at.since(work.now) < TimeDelta::hours(24);
    let at = match telling {
        Telling::Reminder(hours) => Some(told.starts_at.minus(TimeDelta::hours(i64::from(hours)))),
        _ => None,
    };
    let letter = Letter {
        kind,
        calls: at.is_none(),
        at,
        object_kind: "counselling-appointment",
        object: (id, told.version),
        content,
        dedupe_key: format!("{kind}:{id}:{whom}:{once}"),
        can_wait: !is_soon,
        expires_at: (!telling.looks_back()).then_some(told.starts_at),
        to,
    };
    send(work, letter)
}

/// Takes back what was not sent yet about an appointment that is off or moved.
pub(super) fn withdraw(
    work: &mut Work<'_>,
    appointment: uuid::Uuid,
    why: Withdrawn,
) -> Result<(), Error> {
    outbox::withdraw(work.conn, work.now, appointment, &FORWARD_KINDS, why)?;
    Ok(())
}

/// Takes back what was not sent yet about an appointment that was not missed after all; whether
/// somebody may have read it.
pub(super) fn withdraw_missed(work: &mut Work<'_>, appointment: uuid::Uuid) -> Result<bool, Error> {
    let kinds = [Telling::Missed.kind()];
    let was_told = outbox::was_told(work.conn, appointment, &kinds)?;
    let why = Withdrawn::Superseded;
    outbox::withdraw(work.conn, work.now, appointment, &kinds, why)?;
    Ok(was_told)
}

/// Reminds whoever consented of the last day to think again: the plain date, never rolled on, by a
/// way that was confirmed for this very purpose (`mail-models.md` §3).
pub(super) fn remind_of_window(
    work: &mut Work<'_>,
    party: &Party,
    consent: uuid::Uuid,
    (met_on, ends_on): (NaiveDate, NaiveDate),
) -> Result<bool, Error> {
    let mut to = Addressee::of_party(party, None);
    to.channels.may_email &= to.channels.may_remind_consent;
    let is_safe = to.channels.may_email;
    let six = chrono::NaiveTime::from_hms_opt(18, 0, 0).unwrap_or_default();
    let letter = Letter {
        kind: "case_window",
        object_kind: "adoption-consent",
        object: (consent, 1),
        content: Content::default()
            .value("meeting_date", write_date(party.language, met_on))
            .value("window_end", write_date(party.language, ends_on)),
        dedupe_key: format!("case_window:{consent}:{}", party.id),
        can_wait: true,
        calls: false,
        at: None,
        expires_at: Some(work.zone().at(ends_on, six)),
        to,
    };
    send(work, letter)?;
    Ok(is_safe)
}

/// Reminds a family of a periodic report.
pub(super) fn remind_of_report(
    work: &mut Work<'_>,
    party: &Party,
    follow_up: uuid::Uuid,
    due_on: NaiveDate,
) -> Result<(), Error> {
    let letter = Letter {
        kind: "case_periodic",
        object_kind: "counselling-follow-up",
        object: (follow_up, 1),
        content: Content::default().value("due_date", write_date(party.language, due_on)),
        dedupe_key: format!("case_periodic:{follow_up}:{}:{due_on}", party.id),
        can_wait: true,
        calls: true,
        at: None,
        expires_at: None,
        to: Addressee::of_party(party, None),
    };
    send(work, letter)
}

/// Tells a family that there is news: a summary, which it reads behind the login. Whoever has no account
/// could not open it.
pub(super) fn tell_shared(
    work: &mut Work<'_>,
    (case, note): (&Case, &Note),
    party: &Party,
) -> Result<(), Error> {
    if party.user_id.is_none() {
        return Ok(());
    }
    let (id, version) = (note.id.uuid(), note.version);
    let letter = Letter {
        kind: NEWS,
        object_kind: "counselling-note",
        object: (id, version),
        content: Content::default(),
        dedupe_key: format!("{NEWS}:{id}:{}:{version}", party.id),
        can_wait: true,
        calls: true,
        at: None,
        expires_at: None,
        to: Addressee::of_party(party, Some(case.counsellor_id)),
    };
    send(work, letter)
}

/// Takes back what was not sent yet to those a summary is shown to no longer.
pub(super) fn withdraw_shared(
    work: &mut Work<'_>,
    note: &Note,
    parties: &[(PartyId, PartyRole)],
) -> Result<(), Error> {
    for (party, _) in parties {
        let what = (note.id.uuid(), party.uuid());
        outbox::withdraw_from(work.conn, work.now, what, &[NEWS])?;
    }
    Ok(())
}
