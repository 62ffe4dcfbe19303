//! What organisers are told of their sessions.

use super::error::Error;
use super::model::Session;
use super::store::session as sessions;
use super::wording::when;
use crate::identity::{Role, UserId, colleague, contact};
use crate::mail::message::{Content, MessageClass, NewMessage};
use crate::mail::outbox;
use crate::office::work::Work;

/// Whom something about a session is told: the organiser who acts, else who made it, else the first there
/// is. A family that takes the last seat is none of them.
fn organiser_of(work: &mut Work<'_>, session: &Session) -> Result<Option<UserId>, Error> {
    let office = work.office_id();
    let organisers = colleague::holders(work.conn, office, Role::Organiser)?;
    let author = sessions::author(work.conn, session.id)?;
    let mut wanted = [work.actor, author].into_iter().flatten();
    let found = wanted.find(|user| organisers.contains(user));
    Ok(found.or_else(|| organisers.first().copied()))
}

/// Tells the organiser who acts, or made the session, something about it.
pub(super) fn tell_organiser(
    work: &mut Work<'_>,
    session: &Session,
    kind: &'static str,
    values: &[(&str, serde_json::Value)],
    once: &str,
) -> Result<(), Error> {
    let Some(to) = organiser_of(work, session)? else {
        return Ok(());
    };
    let Some(contact) = contact::find(work.conn, to)? else {
        return Ok(());
    };
    let mut content = Content::default()
        .value("title", session.title.clone())
        .value("when", when(work.zone(), contact.language, session))
        .link("link", 'o', None);
    for (name, value) in values {
        content = content.value(name, value.clone());
    }
    let message = NewMessage {
        kind,
        class: MessageClass::Session,
        office: work.office_id(),
        user: Some(to.uuid()),
        address: Some(&contact.email),
        language: contact.language,
        object_kind: "training-session",
        object: session.id.uuid(),
        object_version: session.version,
        content,
        dedupe_key: format!("{kind}:{}:{once}", session.id),
        not_before: work.now,
        expires_at: None,
    };
    outbox::enqueue(work.conn, &work.platform.keys, work.now, &message, &[])?;
    Ok(())
}
