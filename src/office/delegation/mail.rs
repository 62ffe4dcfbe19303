//! The mail to who stands in, and to who is stood in for: a code, the days, a link; never whose work
//! it is, nor who does it.

use super::store::Row;
use crate::db;
use crate::identity::{UserId, colleague, contact};
use crate::kernel::civil::write_date;
use crate::mail::message::{Content, MessageClass, NewMessage};
use crate::mail::outbox::{self, Withdrawn};
use crate::office::work::Work;
use crate::office::work_item;

const KIND: &str = "stand_in";

/// Tells who stands in that they do, and the colleague in whose place.
pub(super) fn tell(work: &mut Work<'_>, row: &Row) -> db::Result<()> {
    write(work, row, false)
}

/// Tells both that it is over; where neither was told yet of it, they hear nothing.
pub(super) fn take_back(work: &mut Work<'_>, row: &Row) -> db::Result<()> {
    let id = row.id.uuid();
    let is_untold = !outbox::untold(work.conn, id, &[KIND])?.is_empty();
    outbox::withdraw(work.conn, work.now, id, &[KIND], Withdrawn::Cancelled)?;
    if is_untold {
        return Ok(());
    }
    write(work, row, true)
}

fn write(work: &mut Work<'_>, row: &Row, is_over: bool) -> db::Result<()> {
    write_one(work, row, (row.to_id, false), is_over)?;
    let Some(from) = row.from_id else {
        return Ok(());
    };
    let office = work.office_id();
    let colleague = colleague::find(work.conn, office, from)?;
    if colleague.is_some_and(|one| one.is_active) {
        write_one(work, row, (from, true), is_over)?;
    }
    Ok(())
}

fn write_one(
    work: &mut Work<'_>,
    row: &Row,
    (user, is_theirs): (UserId, bool),
    is_over: bool,
) -> db::Result<()> {
    let contact = contact::find(work.conn, user)?;
    let Some(contact) = contact.filter(|_| work.actor != Some(user)) else {
        return Ok(());
    };
    let content = Content::default()
        .value("code", work_item::code(row.id))
        .value("from", write_date(contact.language, row.starts_on))
        .value("to", write_date(contact.language, row.ends_on))
        .value("theirs", is_theirs)
        .value("over", is_over)
        .link("link", 'o', None);
    let message = NewMessage {
        kind: KIND,
        class: MessageClass::Case,
        office: work.office_id(),
        user: Some(user.uuid()),
        address: Some(&contact.email),
        language: contact.language,
        object_kind: "delegation",
        object: row.id.uuid(),
        object_version: row.version,
        content,
        dedupe_key: format!("{KIND}:{}:{}:{user}", row.id, row.version),
        not_before: work.send_time(true)?,
        expires_at: None,
    };
    outbox::enqueue(work.conn, &work.platform.keys, work.now, &message, &[])?;
    Ok(())
}
