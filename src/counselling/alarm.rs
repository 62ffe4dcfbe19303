//! The mails of counselling to staff: that something wants looking at, never what. Those that alarm go
//! to the work address at once, in quiet hours too.

use chrono::TimeDelta;

use super::appointment::Appointment;
use super::error::Error;
use super::model::Case;
use crate::identity::{Role, UserId, colleague, contact};
use crate::kernel::Timestamp;
use crate::mail::message::{Content, MessageClass, NewMessage};
use crate::mail::outbox;
use crate::office::work::Work;
use crate::office::work_item;

/// The family agreed to a time.
pub(super) const AGREED: &str = "offer_agreed";

/// What staff are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Alert {
    /// Someone reads a case that is not theirs.
    BreakGlassUsed,
    /// A consent was taken back.
    ConsentWithdrawn,
}

impl Alert {
    const fn kind(self) -> &'static str {
        match self {
            Self::BreakGlassUsed => "break_glass_used",
            Self::ConsentWithdrawn => "consent_withdrawn_staff",
        }
    }
}

/// Who supervises a case: its supervisor, or every one of the office where it has none at work.
pub(super) fn supervisors(work: &mut Work<'_>, case: &Case) -> Result<Vec<UserId>, Error> {
    let all = colleague::holders(work.conn, work.office.id, Role::Supervisor)?;
    let own = case.supervisor_id.filter(|id| all.contains(id));
    Ok(own.map_or(all, |own| vec![own]))
}

/// Tells staff about a case by a code that is not the case's; `once` tells two events apart.
pub(super) fn alert(
    work: &mut Work<'_>,
    case: &Case,
    alert: Alert,
    (to, code, once): (&[UserId], &str, uuid::Uuid),
) -> Result<(), Error> {
    for user in to {
        let note = Note {
            kind: alert.kind(),
            object_kind: "counselling-case",
            object: (case.id.uuid(), case.version),
            code,
            when: None,
            dedupe_key: format!("{}:{once}:{user}", alert.kind()),
            not_before: work.now,
        };
        write(work, *user, note)?;
    }
    Ok(())
}

/// Tells who counsels that the family agreed to the time they offered.
pub(super) fn agreed(work: &mut Work<'_>, one: &Appointment) -> Result<(), Error> {
    let starts_at = one.span.starts_at;
    let is_soon = starts_at.since(work.now) < TimeDelta::days(1);
    let note = Note {
        kind: AGREED,
        object_kind: "counselling-appointment",
        object: (one.id.uuid(), one.version),
        code: &work_item::code(one.id),
        when: Some(starts_at),
        dedupe_key: format!("{AGREED}:{}:{}", one.id, one.version),
        not_before: work.send_time(!is_soon)?,
    };
    write(work, one.counsellor_id, note)
}

/// A mail to one of the staff.
struct Note<'a> {
    kind: &'static str,
    object_kind: &'static str,
    object: (uuid::Uuid, i32),
    code: &'a str,
    when: Option<Timestamp>,
    dedupe_key: String,
    not_before: Timestamp,
}

fn write(work: &mut Work<'_>, user: UserId, note: Note<'_>) -> Result<(), Error> {
    let Some(contact) = contact::find(work.conn, user)? else {
        return Ok(());
    };
    let (zone, language) = (work.zone(), contact.language);
    let mut content = Content::default()
        .value("code", note.code)
        .link("link", 'o', None);
    if let Some(at) = note.when {
        content = content.value("when", zone.format_long(language, at));
    }
    let message = NewMessage {
        kind: note.kind,
        class: MessageClass::Case,
        office: work.office_id(),
        user: Some(user.uuid()),
        address: Some(&contact.email),
        language,
        object_kind: note.object_kind,
        object: note.object.0,
        object_version: note.object.1,
        content,
        dedupe_key: note.dedupe_key,
        not_before: note.not_before,
        expires_at: note.when,
    };
    outbox::enqueue(work.conn, &work.platform.keys, work.now, &message, &[])?;
    Ok(())
}
