//! Sessions and their slots.

use diesel::prelude::*;

use crate::db::conn::Backend;
use crate::db::schema::{training_sessions as sessions, training_slots as slots};
use crate::db::{Conn, Error, Result};
use crate::identity::UserId;
use crate::kernel::{AgencyId, Language, OfficeId, Timestamp};
use crate::training::model::{
    Details, RoomId, Session, SessionId, SessionKind, Slot, SlotId, Visibility,
};
use crate::training::status::SessionStatus;

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = sessions, treat_none_as_null = true)]
struct SessionRow {
    id: SessionId,
    office_id: OfficeId,
    reference: String,
    kind: SessionKind,
    title: String,
    title_key: String,
    mail_title: Option<String>,
    plan_task: String,
    lead_agency_id: AgencyId,
    language: Language,
    room_id: Option<RoomId>,
    online_url: Option<String>,
    capacity: Option<i32>,
    waitlist: bool,
    registration_opens_at: Option<Timestamp>,
    registration_closes_at: Option<Timestamp>,
    visibility: Visibility,
    status: SessionStatus,
    first_starts_at: Timestamp,
    last_ends_at: Timestamp,
    details: String,
    tags: String,
    calendar_sequence: i32,
    published_at: Option<Timestamp>,
    completed_at: Option<Timestamp>,
    cancelled_at: Option<Timestamp>,
    version: i32,
    created_at: Timestamp,
    updated_at: Timestamp,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = slots)]
struct SlotRow {
    id: SlotId,
    session_id: SessionId,
    position: i32,
    starts_at: Timestamp,
    ends_at: Timestamp,
    title: Option<String>,
    mandatory: bool,
}

impl SessionRow {
    fn of(session: &Session) -> Result<Self> {
        let session = session.clone();
        let details =
            serde_json::to_string(&session.details).map_err(|e| Error::Corrupt(e.to_string()))?;
        Ok(Self {
            first_starts_at: session.first_starts_at(),
            last_ends_at: session.last_ends_at(),
            title_key: crate::kernel::text::fold(&session.title),
            tags: tags(&session),
            details,
            id: session.id,
            office_id: session.office_id,
            reference: session.reference,
            kind: session.kind,
            title: session.title,
            mail_title: session.mail_title,
            plan_task: session.plan_task,
            lead_agency_id: session.lead_agency_id,
            language: session.language,
            room_id: session.room_id,
            online_url: session.online_url,
            capacity: session.capacity,
            waitlist: session.waitlist,
            registration_opens_at: session.registration_opens_at,
            registration_closes_at: session.registration_closes_at,
            visibility: session.visibility,
            status: session.status,
            calendar_sequence: session.calendar_sequence,
            published_at: session.published_at,
            completed_at: session.completed_at,
            cancelled_at: session.cancelled_at,
            version: session.version,
            created_at: session.created_at,
            updated_at: session.updated_at,
        })
    }

    fn into_session(self, slots: Vec<Slot>) -> Result<Session> {
        let details: Details = serde_json::from_str(&self.details)
            .map_err(|e| Error::Corrupt(format!("session {}: {e}", self.id)))?;
        Ok(Session {
            id: self.id,
            office_id: self.office_id,
            reference: self.reference,
            kind: self.kind,
            title: self.title,
            mail_title: self.mail_title,
            plan_task: self.plan_task,
            lead_agency_id: self.lead_agency_id,
            language: self.language,
            room_id: self.room_id,
            online_url: self.online_url,
            capacity: self.capacity,
            waitlist: self.waitlist,
            registration_opens_at: self.registration_opens_at,
            registration_closes_at: self.registration_closes_at,
            visibility: self.visibility,
            status: self.status,
            details,
            calendar_sequence: self.calendar_sequence,
            published_at: self.published_at,
            completed_at: self.completed_at,
            cancelled_at: self.cancelled_at,
            version: self.version,
            created_at: self.created_at,
            updated_at: self.updated_at,
            slots,
        })
    }
}

/// What a filter by task or agency looks for, as words between commas.
fn tags(session: &Session) -> String {
    let tasks = std::iter::once(&session.plan_task).chain(&session.details.also_plan_tasks);
    let agencies =
        std::iter::once(&session.lead_agency_id).chain(&session.details.coordinating_agencies);
    let words: Vec<String> = tasks
        .map(|task| format!("task:{task}"))
        .chain(agencies.map(|agency| format!("agency:{agency}")))
        .collect();
    format!(",{},", words.join(","))
}

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
    if let Some(q) = &filter.q {
        query = query.filter(
            sessions::title_key
                .like(crate::kernel::text::like_pattern(q))
                .escape('\\'),
        );
    }
    query
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
    for chunk in ids.chunks(500) {
        let found: Vec<SlotRow> = slots::table
            .filter(slots::session_id.eq_any(chunk))
            .order((slots::session_id, slots::position))
            .select(SlotRow::as_select())
            .load(conn)?;
        for row in found {
            by_session
                .entry(row.session_id)
                .or_default()
                .push(into_slot(row));
        }
    }
    rows.into_iter()
        .map(|row| {
            let slots = by_session.remove(&row.id).unwrap_or_default();
            row.into_session(slots)
        })
        .collect()
}

fn into_slot(row: SlotRow) -> Slot {
    Slot {
        id: row.id,
        starts_at: row.starts_at,
        ends_at: row.ends_at,
        title: row.title,
        mandatory: row.mandatory,
    }
}

/// The session, where these eyes may see it.
pub(in crate::training) fn find(
    conn: &mut Conn,
    (office, eyes): (OfficeId, Eyes),
    id: SessionId,
) -> Result<Option<Session>> {
    let row: Option<SessionRow> = visible_to(office, eyes)
        .filter(sessions::id.eq(id))
        .select(SessionRow::as_select())
        .first(conn)
        .optional()?;
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
