//! A mail of counselling before it is written: to whom it goes, and whether that is safe.

use super::errand;
use super::error::Error;
use super::model::{Party, Request};
use crate::identity::{UserId, contact};
use crate::kernel::{Language, Timestamp};
use crate::mail::message::{Content, MessageClass, NewMessage};
use crate::mail::outbox;
use crate::office::safe_contact::Channels;
use crate::office::work::Work;

/// To whom a mail of a matter goes, and what is safe.
pub(super) struct Addressee<'a> {
    pub(super) code: &'a str,
    pub(super) user: Option<UserId>,
    pub(super) email: Option<&'a str>,
    pub(super) language: Language,
    pub(super) channels: Channels,
    /// Who calls where no mail may go.
    pub(super) staff: Option<UserId>,
}

impl<'a> Addressee<'a> {
    /// Whoever asked: the channels stated in the request count for the first answer, those that were
    /// confirmed from then on.
    pub(super) fn of_request(request: &'a Request, is_first: bool) -> Self {
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
    pub(super) fn of_party(party: &'a Party, staff: Option<UserId>) -> Self {
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
pub(super) struct Letter<'a> {
    pub(super) kind: &'static str,
    pub(super) object_kind: &'static str,
    pub(super) object: (uuid::Uuid, i32),
    pub(super) content: Content,
    pub(super) dedupe_key: String,
    pub(super) can_wait: bool,
    /// Whether someone calls where it may not go: not where a reminder alone is lost, or the call
    /// is asked for otherwise.
    pub(super) calls: bool,
    /// Not before this, where it is one for later.
    pub(super) at: Option<Timestamp>,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) to: Addressee<'a>,
}

/// Writes it, or keeps it as withheld.
pub(super) fn send(work: &mut Work<'_>, letter: Letter<'_>) -> Result<(), Error> {
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
