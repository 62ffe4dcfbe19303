//! Sessions and their slots.

use std::collections::HashSet;

use diesel::prelude::*;

use super::session_row::{SessionRow, SlotRow, into_slot};
use crate::db::Backend;
use crate::db::schema::{
    attendance_marks as marks, owed_products as owed, training_sessions as sessions,
    training_slots as slots,
};
use crate::db::{Conn, Result};
use crate::identity::UserId;
use crate::kernel::{AgencyId, OfficeId, Timestamp, text};
use crate::office::owed::OwedStatus;
use crate::training::model::{Mark, RoomId, Session, SessionId, SessionKind, Slot, Visibility};
use crate::training::status::SessionStatus;

/// Whose eyes a list or a look-up is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::training) enum Eyes {
    /// A member of staff: everything of the office.
    Staff,
    /// Anybody else: what was announced to the public.
    Public,
}

/// What a list may be narrowed to.
#[derive(Debug, Clone, Default)]
pub(in crate::training) struct Filter {
    pub(in crate::training) kind: Option<SessionKind>,
    pub(in crate::training) status: Option<SessionStatus>,
    pub(in crate::training) plan_task: Option<String>,
    pub(in crate::training) agency: Option<AgencyId>,
    pub(in crate::training) from: Option<Timestamp>,
    pub(in crate::training) to: Option<Timestamp>,
    pub(in crate::training) ends_after: Option<Timestamp>,
    pub(in crate::training) updated_since: Option<Timestamp>,
    pub(in crate::training) owes: Option<bool>,
    pub(in crate::training) q: Option<String>,
}

type Boxed<'a> = sessions::BoxedQuery<'a, Backend>;

/// The base of every list and look-up.
fn visible_to<'a>(office: OfficeId, eyes: Eyes) -> Boxed<'a> {
    let query = sessions::table
        .filter(sessions::office_id.eq(office))
        .into_boxed();
    match eyes {
        Eyes::Staff => query,
        Eyes::Public => query
            .filter(sessions::visibility.eq(Visibility::Public))
            .filter(sessions::status.ne(SessionStatus::Draft)),
    }
}

fn filtered<'a>(office: OfficeId, eyes: Eyes, filter: &Filter) -> Boxed<'a> {
    let mut query = visible_to(office, eyes);
    if let Some(kind) = filter.kind {
        query = query.filter(sessions::kind.eq(kind));
    }
    if let Some(status) = filter.status {
        query = query.filter(sessions::status.eq(status));
    }
    if let Some(task) = &filter.plan_task {
        query = query.filter(
            sessions::tags
                .like(word(&format!("task:{task}")))
                .escape('\\'),
        );
    }
    if let Some(agency) = filter.agency {
        query = query.filter(
            sessions::tags
                .like(word(&format!("agency:{agency}")))
                .escape('\\'),
        );
    }
    if let Some(from) = filter.from {
        query = query.filter(sessions::first_starts_at.ge(from));
    }
    if let Some(to) = filter.to {
        query = query.filter(sessions::first_starts_at.lt(to));
    }
    if let Some(after) = filter.ends_after {
        query = query.filter(sessions::last_ends_at.gt(after));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(sessions::updated_at.ge(since));
    }
    if let Some(owes) = filter.owes {
        let owing = owed::table
            .filter(owed::office_id.eq(office))
            .filter(owed::status.eq(OwedStatus::Owed))
            .select(owed::session_id);
        query = if owes {
            query.filter(sessions::id.eq_any(owing))
        } else {
            query.filter(sessions::id.ne_all(owing))
        };
    }
    if let Some(q) = &filter.q {
        query = query.filter(
            sessions::title_key
                .like(text::like_pattern(q))
                .escape('\\')
                .or(sessions::reference.like(part_of_reference(q)).escape('\\')),
        );
    }
    query
}

/// A pattern over references of what may be a part of one, `th-2026-0007`; of other words it finds none.
fn part_of_reference(typed: &str) -> String {
    if typed.contains('-') && typed.contains(|c: char| c.is_ascii_digit()) {
        text::like_pattern(typed).to_uppercase()
    } else {
        String::new()
    }
}

fn word(text: &str) -> String {
    let escaped = text
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    format!("%,{escaped},%")
}

/// One page, by start and id, and one row more.
pub(in crate::training) fn page(
    conn: &mut Conn,
    (office, eyes): (OfficeId, Eyes),
    filter: &Filter,
    after: Option<(Timestamp, SessionId)>,
    limit: i64,
) -> Result<Vec<Session>> {
    let mut query = filtered(office, eyes, filter);
    if let Some((start, id)) = after {
        query = query.filter(
            sessions::first_starts_at
                .gt(start)
                .or(sessions::first_starts_at.eq(start).and(sessions::id.gt(id))),
        );
    }
    let rows: Vec<SessionRow> = query
        .order((sessions::first_starts_at, sessions::id))
        .limit(limit + 1)
        .select(SessionRow::as_select())
        .load(conn)?;
    with_slots(conn, rows)
}

/// Whether a session would be called off but for somebody who is marked present there.
pub(in crate::training) fn is_attended(conn: &mut Conn, session: &Session) -> Result<bool> {
    Ok(!attended(conn, std::slice::from_ref(session))?.is_empty())
}

/// Which of some sessions would be called off but for somebody who is marked present there.
pub(in crate::training) fn attended(
    conn: &mut Conn,
    some: &[Session],
) -> Result<HashSet<SessionId>> {
    let is_held = |session: &&Session| session.status == SessionStatus::Published;
    let ids: Vec<SessionId> = some.iter().filter(is_held).map(|one| one.id).collect();
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let present = marks::table
        .filter(marks::session_id.eq(sessions::id))
        .filter(marks::mark.eq(Mark::Present));
    let found: Vec<SessionId> = sessions::table
        .filter(sessions::id.eq_any(ids))
        .filter(diesel::dsl::exists(present))
        .select(sessions::id)
        .load(conn)?;
    Ok(found.into_iter().collect())
}

/// How many there are in all.
pub(in crate::training) fn count(
    conn: &mut Conn,
    (office, eyes): (OfficeId, Eyes),
    filter: &Filter,
) -> Result<i64> {
    Ok(filtered(office, eyes, filter).count().get_result(conn)?)
}

/// All of a period, for reports.
pub(in crate::training) fn all(
    conn: &mut Conn,
    office: OfficeId,
    filter: &Filter,
) -> Result<Vec<Session>> {
    let rows: Vec<SessionRow> = filtered(office, Eyes::Staff, filter)
        .order((sessions::first_starts_at, sessions::id))
        .select(SessionRow::as_select())
        .load(conn)?;
    with_slots(conn, rows)
}

fn with_slots(conn: &mut Conn, rows: Vec<SessionRow>) -> Result<Vec<Session>> {
    let ids: Vec<SessionId> = rows.iter().map(|row| row.id).collect();
    let mut by_session = std::collections::BTreeMap::<SessionId, Vec<Slot>>::new();
    for row in slots_of(conn, &ids)? {
        by_session
            .entry(row.session_id)
            .or_default()
            .push(into_slot(row));
    }
    rows.into_iter()
        .map(|row| {
            let slots = by_session.remove(&row.id).unwrap_or_default();
            row.into_session(slots)
        })
        .collect()
}

/// The slots of sessions, in order.
fn slots_of(conn: &mut Conn, sessions: &[SessionId]) -> Result<Vec<SlotRow>> {
    let query = slots::table
        .order((slots::session_id, slots::position))
        .select(SlotRow::as_select());
    // The usual one alone: SQLite keeps a prepared statement for it, and none for a list.
    if let [session] = sessions {
        return Ok(query.filter(slots::session_id.eq(session)).load(conn)?);
    }
    let mut found = Vec::new();
    for chunk in sessions.chunks(500) {
        let rows: Vec<SlotRow> = query.filter(slots::session_id.eq_any(chunk)).load(conn)?;
        found.extend(rows);
    }
    Ok(found)
}

/// The session, where these eyes may see it.
pub(in crate::training) fn find(
    conn: &mut Conn,
    (office, eyes): (OfficeId, Eyes),
    id: SessionId,
) -> Result<Option<Session>> {
    let one = sessions::table
        .filter(sessions::office_id.eq(office))
        .filter(sessions::id.eq(id))
        .select(SessionRow::as_select());
    // As `visible_to`, each in a form that stays prepared by its type.
    let row: Option<SessionRow> = match eyes {
        Eyes::Staff => one.first(conn).optional()?,
        Eyes::Public => one
            .filter(sessions::visibility.eq(Visibility::Public))
            .filter(sessions::status.ne(SessionStatus::Draft))
            .first(conn)
            .optional()?,
    };
    let found = with_slots(conn, row.into_iter().collect())?;
    Ok(found.into_iter().next())
}

/// Writes a new session with its slots.
pub(in crate::training) fn insert(
    conn: &mut Conn,
    session: &Session,
    created_by: UserId,
) -> Result<()> {
    diesel::insert_into(sessions::table)
        .values((
            SessionRow::of(session)?,
            sessions::created_by.eq(created_by),
        ))
        .execute(conn)?;
    replace_slots(conn, session)
}

/// Writes the session's own fields.
pub(in crate::training) fn update(conn: &mut Conn, session: &Session) -> Result<()> {
    diesel::update(sessions::table.find(session.id))
        .set(SessionRow::of(session)?)
        .execute(conn)?;
    Ok(())
}

/// Writes the session's slots anew, under their ids.
pub(in crate::training) fn replace_slots(conn: &mut Conn, session: &Session) -> Result<()> {
    diesel::delete(slots::table.filter(slots::session_id.eq(session.id))).execute(conn)?;
    for (position, slot) in session.slots.iter().enumerate() {
        diesel::insert_into(slots::table)
            .values(SlotRow {
                id: slot.id,
                session_id: session.id,
                position: i32::try_from(position).unwrap_or(i32::MAX),
                starts_at: slot.starts_at,
                ends_at: slot.ends_at,
                title: slot.title.clone(),
                mandatory: slot.mandatory,
            })
            .execute(conn)?;
    }
    Ok(())
}

/// Removes a draft.
pub(in crate::training) fn delete(conn: &mut Conn, id: SessionId) -> Result<()> {
    use crate::db::schema::training_counters as counters;
    diesel::delete(slots::table.filter(slots::session_id.eq(id))).execute(conn)?;
    diesel::delete(counters::table.find(id)).execute(conn)?;
    diesel::delete(sessions::table.find(id)).execute(conn)?;
    Ok(())
}

/// References of other published sessions that hold the room during one of the slots.
pub(in crate::training) fn holding_room(
    conn: &mut Conn,
    room: RoomId,
    session: &Session,
) -> Result<Vec<String>> {
    let mut found = std::collections::BTreeSet::new();
    for slot in &session.slots {
        let references: Vec<String> = slots::table
            .inner_join(sessions::table.on(sessions::id.eq(slots::session_id)))
            .filter(sessions::room_id.eq(room))
            .filter(sessions::id.ne(session.id))
            .filter(sessions::status.eq(SessionStatus::Published))
            .filter(slots::starts_at.lt(slot.ends_at))
            .filter(slots::ends_at.gt(slot.starts_at))
            .select(sessions::reference)
            .load(conn)?;
        found.extend(references);
    }
    Ok(found.into_iter().collect())
}

/// Locks the room's row, so that two sessions cannot take it at once.
pub(in crate::training) fn touch_room(
    conn: &mut Conn,
    office: OfficeId,
    room: RoomId,
) -> Result<bool> {
    use crate::db::schema::rooms;
    let mine = rooms::table
        .filter(rooms::id.eq(room))
        .filter(rooms::office_id.eq(office));
    let touched = diesel::update(mine)
        .set(rooms::version.eq(rooms::version))
        .execute(conn)?;
    Ok(touched == 1)
}

/// Who made a session.
pub(in crate::training) fn author(conn: &mut Conn, id: SessionId) -> Result<Option<UserId>> {
    let made = sessions::table
        .find(id)
        .select(sessions::created_by)
        .first(conn)
        .optional()?;
    Ok(made.flatten())
}
