//! The mails of legal aid to families: a code, a day, the desk; never a name, a matter or an
//! outcome (`mail-models.md` §0, §4, §5). Every outcome is one mail, the same but for its code and
//! link. Who may be written to is decided here, by what was confirmed to be safe; a mail that may
//! not go is kept as withheld, and somebody calls.

use chrono::NaiveDate;

use super::errand;
use super::error::Error;
use super::model::Request;
use super::status::Status;
use crate::identity::{UserId, contact};
use crate::kernel::civil::write_date;
use crate::mail::message::{Content, MessageClass, NewMessage};
use crate::mail::outbox::{self, Withdrawn};
use crate::office::safe_contact::Channels;
use crate::office::work::Work;

/// What a family is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Telling {
    /// It was handed in.
    Received,
    /// Papers are wanted.
    PapersWanted,
    /// Papers came.
    PapersReceived,
    /// Something is new; what it is stays behind the login.
    News,
    /// It asked to take it back; it is asked again by a safe way.
    Withdrawal,
    /// A draft nobody touches is erased after a day.
    Draft(NaiveDate),
}

impl Telling {
    const fn kind(self) -> &'static str {
        match self {
            Self::Received => "file_received",
            Self::PapersWanted => "file_papers_wanted",
            Self::PapersReceived => "file_papers_received",
            Self::News => "file_news",
            Self::Withdrawal => "file_withdrawal",
            Self::Draft(_) => "file_draft",
        }
    }

    /// Whether one that has not left yet is said again by the next: a family need not wake to five mails
    /// that each say no more than that there is news.
    const fn is_said_by_the_last(self) -> bool {
        matches!(self, Self::News | Self::PapersWanted)
    }

    /// The day the mail names.
    const fn day(self, request: &Request) -> Option<NaiveDate> {
        match self {
            Self::Draft(until) => Some(until),
            _ => request.clock.due_on,
        }
    }

    /// The channels that count: for the first contact those stated in the request itself.
    fn channels(self, request: &Request) -> Channels {
        let contact = &request.secret.requester.safe_contact;
        if self == Self::Received {
            contact.first_contact().clone()
        } else {
            contact.open()
        }
    }
}

/// Tells a family about its request; `once` tells two events of one version apart.
pub(super) fn tell(
    work: &mut Work<'_>,
    request: &Request,
    telling: Telling,
    once: &str,
) -> Result<(), Error> {
    if telling.is_said_by_the_last() {
        take_back(work, request, telling)?;
    }
    let account = match request.user_id {
        Some(user) => contact::find(work.conn, user)?,
        None => None,
    };
    let stated = request.secret.requester.email.as_deref();
    let address = account
        .as_ref()
        .map(|account| account.email.as_str())
        .or(stated);
    let (id, kind) = (request.id.uuid(), telling.kind());
    let mut content = Content::default()
        .value("code", request.code.clone())
        .value(
            "due_date",
            telling
                .day(request)
                .map(|day| write_date(request.language, day)),
        );
    // Whoever has no account opens nothing: they are shown the desk.
    if account.is_some() {
        content = content.link("link", 'o', None);
    }
    let is_urgent = request.clock.rank() == 0;
    let message = NewMessage {
        kind,
        class: MessageClass::Case,
        office: work.office_id(),
        user: request.user_id.map(UserId::uuid),
        address,
        language: request.language,
        object_kind: "legal-aid-request",
        object: id,
        object_version: request.version,
        content,
        dedupe_key: format!("{kind}:{id}:{}{once}", request.version),
        not_before: work.send_time(!is_urgent)?,
        expires_at: None,
    };
    let keys = &work.platform.keys;
    let is_safe = telling.channels(request).may_email;
    // Without an address nothing is safe either: the outbox says so.
    let written = if is_safe || address.is_none() {
        outbox::enqueue(work.conn, keys, work.now, &message, &[])?
    } else {
        outbox::withhold(work.conn, keys, work.now, &message)?
    };
    // A family's draft is seen by that family alone: nobody is told to call about it.
    let is_seen = request.user_id.is_none() || request.status != Status::Draft;
    if written.is_some() && !(is_safe && address.is_some()) && is_seen {
        errand::call(work, request, &message.dedupe_key)?;
    }
    Ok(())
}

/// Takes back what was not sent yet and is not so any more.
pub(super) fn take_back(
    work: &mut Work<'_>,
    request: &Request,
    telling: Telling,
) -> Result<(), Error> {
    let (id, kinds) = (request.id.uuid(), [telling.kind()]);
    outbox::withdraw(work.conn, work.now, id, &kinds, Withdrawn::Superseded)?;
    Ok(())
}

/// Mail is not safe for a family any more: what was written and not sent stays here, and somebody calls.
pub(super) fn close(work: &mut Work<'_>, request: &Request) -> Result<(), Error> {
    let whom = [request.id.uuid()];
    let kept = outbox::keep_back(work.conn, work.now, (work.office.id, &whom))?;
    for one in kept.iter().filter(|_| request.status != Status::Draft) {
        errand::call(work, request, &one.dedupe_key)?;
    }
    Ok(())
}
