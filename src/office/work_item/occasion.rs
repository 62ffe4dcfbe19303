//! How an item is opened: once for each occasion, and never two of one kind about one subject at a time.

use diesel::Connection;
use diesel::prelude::*;

use super::{NewWorkItem, WorkItemId};
use crate::db::schema::work_items as items;
use crate::db::{self, Conn, dialect};
use crate::identity::Role;
use crate::kernel::{OfficeId, Timestamp};

/// What became of an occasion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Occasion {
    /// It has an item of its own.
    New,
    /// An item that was open already stands for it, too.
    Added,
    /// It was there before.
    Known,
}

/// Opens an item, or adds to the open one of its kind and subject.
pub(super) fn open(
    conn: &mut Conn,
    now: Timestamp,
    new: &NewWorkItem<'_>,
) -> db::Result<(WorkItemId, Occasion)> {
    let key = format!("{}:{}:{}", new.kind, new.subject, new.once);
    if let Some(id) = known(conn, new.office, &key)? {
        return Ok((id, Occasion::Known));
    }
    // In a savepoint: on PostgreSQL another transaction may write the same item meanwhile.
    let placed = conn.transaction(|conn| match waiting(conn, new)? {
        Some(open) => add(conn, now, open, (new, &key)),
        None => insert(conn, now, new, &key),
    });
    match placed {
        Err(db::Error::Statement(error)) if dialect::violated_unique(&error).is_some() => {
            let id = known(conn, new.office, &key)?
                .ok_or_else(|| db::Error::Corrupt("a work item is there and is not".into()))?;
            Ok((id, Occasion::Known))
        }
        other => other,
    }
}

fn known(conn: &mut Conn, office: OfficeId, key: &str) -> db::Result<Option<WorkItemId>> {
    Ok(items::table
        .filter(items::office_id.eq(office))
        .filter(items::dedupe_key.eq(key))
        .select(items::id)
        .first(conn)
        .optional()?)
}

/// The open item of a kind and subject, and by when it is due.
type Open = (WorkItemId, Option<Timestamp>);

fn waiting(conn: &mut Conn, new: &NewWorkItem<'_>) -> db::Result<Option<Open>> {
    Ok(items::table
        .filter(items::subject_id.eq(WorkItemId::from_uuid(new.subject)))
        .filter(items::kind.eq(new.kind))
        .filter(items::office_id.eq(new.office))
        .filter(items::done_at.is_null())
        .order(items::id)
        .select((items::id, items::due_at))
        .first(conn)
        .optional()?)
}

/// Lets an open item stand for one occasion more, by the earlier of both days. It keeps the last
/// one's key: what is looked for again and again is the last.
fn add(
    conn: &mut Conn,
    now: Timestamp,
    (id, due_at): Open,
    (new, key): (&NewWorkItem<'_>, &str),
) -> db::Result<(WorkItemId, Occasion)> {
    let due_at = due_at.into_iter().chain(new.due_at).min();
    diesel::update(items::table.find(id))
        .set((
            items::due_at.eq(due_at),
            items::dedupe_key.eq(key),
            items::version.eq(items::version + 1),
            items::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok((id, Occasion::Added))
}

fn insert(
    conn: &mut Conn,
    now: Timestamp,
    new: &NewWorkItem<'_>,
    key: &str,
) -> db::Result<(WorkItemId, Occasion)> {
    let id = WorkItemId::new(now);
    let nobody = new.owner.is_none().then_some(Role::Supervisor);
    diesel::insert_into(items::table)
        .values((
            items::id.eq(id),
            items::office_id.eq(new.office),
            items::kind.eq(new.kind),
            items::subject_kind.eq(new.subject_kind),
            items::subject_id.eq(WorkItemId::from_uuid(new.subject)),
            items::owner_id.eq(new.owner),
            items::role.eq(new.role.or(nobody)),
            items::due_at.eq(new.due_at),
            items::dedupe_key.eq(key),
            items::version.eq(1),
            items::created_at.eq(now),
            items::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok((id, Occasion::New))
}
