//! Rows of work items.

use diesel::prelude::*;
use uuid::Uuid;

use super::{WorkItem, WorkItemId, WorkItemKind};
use crate::db::schema::{work_item_asides as asides, work_items as items};
use crate::db::{self, Backend, Conn};
use crate::identity::{Role, UserId};
use crate::kernel::{Id, OfficeId, Timestamp};

/// An item as it stands.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = items)]
pub(super) struct Item {
    pub(super) id: WorkItemId,
    pub(super) kind: WorkItemKind,
    pub(super) subject_kind: String,
    pub(super) subject_id: Id<WorkItem>,
    pub(super) owner_id: Option<UserId>,
    pub(super) role: Option<Role>,
    pub(super) due_at: Option<Timestamp>,
    pub(super) done_at: Option<Timestamp>,
    pub(super) done_by_id: Option<UserId>,
    pub(super) version: i32,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
}

/// Which items a caller sees.
#[derive(Debug, Clone)]
pub(super) enum Eyes {
    /// All of the office: a supervisor.
    Everything,
    /// What is someone's, and what waits for a role.
    Own {
        /// The caller, and those the caller stands in for.
        owners: Vec<UserId>,
        /// Roles whose items are seen while nobody has them.
        unowned: Vec<Role>,
        /// Roles whose items are seen whoever has them.
        named: Vec<Role>,
    },
}

/// Which items are wanted.
#[derive(Debug, Clone, Default)]
pub(super) struct Wanted {
    pub(super) kind: Option<WorkItemKind>,
    pub(super) done: Option<bool>,
    pub(super) owner: Option<UserId>,
    pub(super) updated_since: Option<Timestamp>,
}

/// What a caller sees, in the query itself; nothing about what they stand aside from.
fn seen<'a>(office: OfficeId, (who, eyes): (UserId, &Eyes)) -> items::BoxedQuery<'a, Backend> {
    let aside = asides::table
        .filter(asides::user_id.eq(who))
        .select(asides::subject_id);
    let query = items::table
        .filter(items::office_id.eq(office))
        .filter(items::subject_id.ne_all(aside))
        .into_boxed::<Backend>();
    match eyes {
        Eyes::Everything => query,
        Eyes::Own {
            owners,
            unowned,
            named,
        } => {
            let waiting = items::owner_id
                .is_null()
                .and(items::role.eq_any(unowned.clone()));
            let own = items::owner_id.eq_any(owners.clone());
            query.filter(own.or(waiting).or(items::role.eq_any(named.clone())))
        }
    }
}

fn query<'a>(
    office: OfficeId,
    eyes: (UserId, &Eyes),
    wanted: &Wanted,
) -> items::BoxedQuery<'a, Backend> {
    let mut query = seen(office, eyes);
    if let Some(kind) = wanted.kind {
        query = query.filter(items::kind.eq(kind));
    }
    match wanted.done {
        // As the index of the list says it.
        Some(true) => query = query.filter(items::done_at.is_not_null().eq(true)),
        Some(false) => query = query.filter(items::done_at.is_null()),
        None => {}
    }
    if let Some(owner) = wanted.owner {
        query = query.filter(items::owner_id.eq(owner));
    }
    if let Some(since) = wanted.updated_since {
        query = query.filter(items::updated_at.ge(since));
    }
    query
}

/// Where a page begins: behind an item that is done or not, of this due time and id.
pub(super) type After = (bool, Option<Timestamp>, WorkItemId);

/// One page: what waits before what is done, what is due first, and then what is not due at all.
pub(super) fn page(
    conn: &mut Conn,
    (office, eyes): (OfficeId, (UserId, &Eyes)),
    wanted: &Wanted,
    after: Option<After>,
    limit: i64,
) -> db::Result<Vec<Item>> {
    let mut query = query(office, eyes, wanted);
    query = match after {
        None => query,
        Some((is_done, None, id)) => {
            let behind = items::due_at.is_null().and(items::id.gt(id));
            if is_done {
                query.filter(items::done_at.is_not_null()).filter(behind)
            } else {
                query.filter(items::done_at.is_not_null().or(behind))
            }
        }
        Some((is_done, Some(due), id)) => {
            let same = items::due_at.eq(due).and(items::id.gt(id));
            let behind = items::due_at.gt(due).or(items::due_at.is_null()).or(same);
            if is_done {
                query.filter(items::done_at.is_not_null()).filter(behind)
            } else {
                query.filter(items::done_at.is_not_null().or(behind))
            }
        }
    };
    // What waits comes first where both are wanted.
    if wanted.done.is_none() {
        query = query.order(items::done_at.is_not_null());
    }
    // Engines differ in where a NULL sorts.
    query = query
        .then_order_by(items::due_at.is_null())
        .then_order_by(items::due_at)
        .then_order_by(items::id);
    Ok(query.select(Item::as_select()).limit(limit).load(conn)?)
}

/// How many there are in all.
pub(super) fn count(
    conn: &mut Conn,
    (office, eyes): (OfficeId, (UserId, &Eyes)),
    wanted: &Wanted,
) -> db::Result<i64> {
    Ok(query(office, eyes, wanted).count().get_result(conn)?)
}

/// An item the caller sees.
pub(super) fn find(
    conn: &mut Conn,
    (office, eyes): (OfficeId, (UserId, &Eyes)),
    id: WorkItemId,
) -> db::Result<Option<Item>> {
    Ok(seen(office, eyes)
        .filter(items::id.eq(id))
        .select(Item::as_select())
        .first(conn)
        .optional()?)
}

/// What an item is about.
pub(super) fn subject(conn: &mut Conn, id: WorkItemId) -> db::Result<Option<Uuid>> {
    let found: Option<WorkItemId> = items::table
        .find(id)
        .select(items::subject_id)
        .first(conn)
        .optional()?;
    Ok(found.map(Id::uuid))
}

/// Takes the row lock of an item.
pub(super) fn lock(conn: &mut Conn, office: OfficeId, id: WorkItemId) -> db::Result<()> {
    let row = items::table
        .filter(items::office_id.eq(office))
        .filter(items::id.eq(id));
    diesel::update(row)
        .set(items::version.eq(items::version))
        .execute(conn)?;
    Ok(())
}

pub(super) fn own(
    conn: &mut Conn,
    now: Timestamp,
    id: WorkItemId,
    owner: UserId,
) -> db::Result<()> {
    diesel::update(items::table.find(id))
        .set((
            items::owner_id.eq(owner),
            items::version.eq(items::version + 1),
            items::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

pub(super) fn finish(
    conn: &mut Conn,
    now: Timestamp,
    id: WorkItemId,
    by: UserId,
) -> db::Result<()> {
    diesel::update(items::table.find(id))
        .set((
            items::done_at.eq(now),
            items::done_by_id.eq(by),
            items::version.eq(items::version + 1),
            items::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// Whether an open item of a kind is about a subject.
pub(super) fn waits(conn: &mut Conn, subject: Uuid, kind: WorkItemKind) -> db::Result<bool> {
    let open = items::table
        .filter(items::subject_id.eq(WorkItemId::from_uuid(subject)))
        .filter(items::kind.eq(kind))
        .filter(items::done_at.is_null());
    Ok(diesel::select(diesel::dsl::exists(open)).get_result(conn)?)
}

/// Ends open items; gives their ids.
pub(super) fn close_for(
    conn: &mut Conn,
    now: Timestamp,
    (subject, kinds): (Uuid, &[WorkItemKind]),
    by: Option<UserId>,
) -> db::Result<Vec<WorkItemId>> {
    let open = items::table
        .filter(items::subject_id.eq(WorkItemId::from_uuid(subject)))
        .filter(items::kind.eq_any(kinds.to_vec()))
        .filter(items::done_at.is_null());
    Ok(diesel::update(open)
        .set((
            items::done_at.eq(now),
            items::done_by_id.eq(by),
            items::version.eq(items::version + 1),
            items::updated_at.eq(now),
        ))
        .returning(items::id)
        .get_results(conn)?)
}

/// An item that waits.
#[derive(Debug, Clone, Copy, Queryable)]
pub(super) struct Waiting {
    pub(super) id: WorkItemId,
    pub(super) kind: WorkItemKind,
    pub(super) owner: Option<UserId>,
    pub(super) due_at: Option<Timestamp>,
    pub(super) subject: WorkItemId,
}

/// The open items of some kinds about a subject.
pub(super) fn open_about(
    conn: &mut Conn,
    subject: Uuid,
    kinds: &[WorkItemKind],
) -> db::Result<Vec<Waiting>> {
    Ok(items::table
        .filter(items::subject_id.eq(WorkItemId::from_uuid(subject)))
        .filter(items::kind.eq_any(kinds.to_vec()))
        .filter(items::done_at.is_null())
        .order(items::id)
        .select((
            items::id,
            items::kind,
            items::owner_id,
            items::due_at,
            items::subject_id,
        ))
        .load(conn)?)
}

/// Moves the day by which the open items of a kind about a subject are due.
pub(super) fn set_due(
    conn: &mut Conn,
    now: Timestamp,
    (subject, kind): (Uuid, WorkItemKind),
    due_at: Option<Timestamp>,
) -> db::Result<usize> {
    let open = items::table
        .filter(items::subject_id.eq(WorkItemId::from_uuid(subject)))
        .filter(items::kind.eq(kind))
        .filter(items::done_at.is_null());
    let set = (items::due_at.eq(due_at), items::updated_at.eq(now));
    let moved = (set, items::version.eq(items::version + 1));
    Ok(diesel::update(open).set(moved).execute(conn)?)
}

/// Gives an open item to someone.
pub(super) fn give(
    conn: &mut Conn,
    now: Timestamp,
    id: WorkItemId,
    owner: UserId,
) -> db::Result<usize> {
    let open = items::table
        .filter(items::id.eq(id))
        .filter(items::done_at.is_null());
    Ok(diesel::update(open)
        .set((
            items::owner_id.eq(owner),
            items::version.eq(items::version + 1),
            items::updated_at.eq(now),
        ))
        .execute(conn)?)
}

/// Takes the owner from open items of theirs.
pub(super) fn release(
    conn: &mut Conn,
    now: Timestamp,
    (subject, kinds): (Uuid, &[WorkItemKind]),
    from: UserId,
) -> db::Result<usize> {
    let theirs = items::table
        .filter(items::subject_id.eq(WorkItemId::from_uuid(subject)))
        .filter(items::kind.eq_any(kinds.to_vec()))
        .filter(items::owner_id.eq(from))
        .filter(items::done_at.is_null());
    Ok(diesel::update(theirs)
        .set((
            items::owner_id.eq(None::<UserId>),
            items::version.eq(items::version + 1),
            items::updated_at.eq(now),
        ))
        .execute(conn)?)
}

pub(super) fn raise(
    conn: &mut Conn,
    now: Timestamp,
    (subject, kinds): (Uuid, &[WorkItemKind]),
    owner: Option<UserId>,
) -> db::Result<usize> {
    let open = items::table
        .filter(items::subject_id.eq(WorkItemId::from_uuid(subject)))
        .filter(items::kind.eq_any(kinds.to_vec()))
        .filter(items::done_at.is_null());
    Ok(diesel::update(open)
        .set((
            items::owner_id.eq(owner),
            items::role.eq(Some(Role::Supervisor)),
            items::version.eq(items::version + 1),
            items::updated_at.eq(now),
        ))
        .execute(conn)?)
}
