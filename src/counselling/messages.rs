//! The mails of counselling: a code, times, the desk; never a name, a matter or an outcome (`mail-models.md`
//! §0). Who may be written to is decided here, by what is safe; a mail that may not go is kept as withheld.

use chrono::{NaiveDate, TimeDelta};

use super::alarm;
use super::entry::calendar;
use super::errand;
use super::error::Error;
use super::model::{Mode, Party, Request};
use crate::identity::{UserId, contact};
use crate::kernel::civil::write_date;
use crate::kernel::{Language, Timestamp};
use crate::mail::message::{Content, MessageClass, NewMessage};
use crate::mail::outbox::{self, Withdrawn};
use crate::office::safe_contact::Channels;
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

/// To whom a mail of a matter goes, and what is safe.
struct Addressee<'a> {
    code: &'a str,
    user: Option<UserId>,
    email: Option<&'a str>,
    language: Language,
    channels: Channels,
    /// Who calls where no mail may go.
    staff: Option<UserId>,
}

impl<'a> Addressee<'a> {
    /// Whoever asked: the channels stated in the request count for the first answer, those that were
    /// confirmed from then on.
    fn of_request(request: &'a Request, is_first: bool) -> Self {
        let contact = &request.secret.safe_contact;
        let channels = if is_first {
            contact.first_contact().clone()
        } else {
            contact.open()
        };
        Self {
            code: &request.code,
            user: request.user_id,
            email: request.secret.email.as_deref(),
            language: request.language,
            channels,
            staff: request.assignee_id,
        }
    }

    /// A party: only what was confirmed is open.
    fn of_party(party: &'a Party, staff: Option<UserId>) -> Self {
        Self {
            code: &party.code,
            user: party.user_id,
            email: party.secret.email.as_deref(),
            language: party.language,
            channels: party.secret.safe_contact.open(),
            staff,
        }
    }
}

/// A mail to be written.
struct Letter<'a> {
    kind: &'static str,
    object_kind: &'static str,
    object: (uuid::Uuid, i32),
    content: Content,
    dedupe_key: String,
    can_wait: bool,
    /// Whether someone calls where it may not go: not where a reminder alone is lost, or the call
    /// is asked for otherwise.
    calls: bool,
    /// Not before this, where it is one for later.
    at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    to: Addressee<'a>,
}

fn send(work: &mut Work<'_>, letter: Letter<'_>) -> Result<(), Error> {
    let to = letter.to;
    let account = match to.user {
        Some(user) => contact::find(work.conn, user)?,
        None => None,
    };
    let address = account
        .as_ref()
        .map(|account| account.email.as_str())
        .or(to.email);
    let not_before = match letter.at {
        Some(at) => at,
        None => work.send_time(letter.can_wait)?,
    };
    let mut content = letter.content.value("code", to.code);
    // Whoever has no account opens nothing: they are shown the desk.
    if to.user.is_some() {
        content = content.link("link", 'o', None);
    }
    let message = NewMessage {
        kind: letter.kind,
        class: MessageClass::Case,
        office: work.office_id(),
        user: to.user.map(UserId::uuid),
        address,
        language: to.language,
        object_kind: letter.object_kind,
        object: letter.object.0,
        object_version: letter.object.1,
        content,
        dedupe_key: letter.dedupe_key,
        not_before,
        expires_at: letter.expires_at,
    };
    let keys = &work.platform.keys;
    let is_safe = address.is_some() && to.channels.may_email;
    let written = if is_safe || address.is_none() {
        outbox::enqueue(work.conn, keys, work.now, &message, &[])?
    } else {
        outbox::withhold(work.conn, keys, work.now, &message)?
    };
    if !is_safe && written.is_some() && letter.calls {
        let about = (letter.object_kind, letter.object.0);
        errand::call(
            work,
            about,
            (to.staff, letter.expires_at),
            &message.dedupe_key,
        )?;
    }
    Ok(())
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
    about_request(work, request, "case_answered", |content| content)
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
