//! The mails of counselling to staff: that something wants looking at, never what. They go to the
//! work address at once, in quiet hours too.

use super::error::Error;
use super::model::Case;
use crate::identity::{Role, UserId, colleague, contact};
use crate::mail::message::{Content, MessageClass, NewMessage};
use crate::mail::outbox;
use crate::office::work::Work;

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
        let Some(contact) = contact::find(work.conn, *user)? else {
            continue;
        };
        let content = Content::default()
            .value("code", code)
            .link("link", 'o', None);
        let message = NewMessage {
            kind: alert.kind(),
            class: MessageClass::Case,
            office: work.office_id(),
            user: Some(user.uuid()),
            address: Some(&contact.email),
            language: contact.language,
            object_kind: "counselling-case",
            object: case.id.uuid(),
            object_version: case.version,
            content,
            dedupe_key: format!("{}:{once}:{user}", alert.kind()),
            not_before: work.now,
            expires_at: None,
        };
        outbox::enqueue(work.conn, &work.platform.keys, work.now, &message, &[])?;
    }
    Ok(())
}
