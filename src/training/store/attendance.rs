//! Attendance: the append-only events, the marks derived from them, the keys of rows.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::db::Backend;
use crate::db::schema::{attendance_events as events, attendance_marks as marks, sheet_rows};
use crate::db::{Conn, Result};
use crate::identity::UserId;
use crate::kernel::{Id, Timestamp};
use crate::training::attendance::{Seen, SlotMark};
use crate::training::model::{Basis, Direction, Mark, Method, RegistrationId, SessionId, SlotId};

/// Marks ids of events.
#[derive(Debug)]
pub(in crate::training) enum AttendanceEvent {}

/// An event as it is written.
#[derive(Debug, Clone)]
pub(in crate::training) struct NewEvent<'a> {
    pub(in crate::training) session: SessionId,
    pub(in crate::training) registration: RegistrationId,
    pub(in crate::training) slot: SlotId,
    pub(in crate::training) seen: Seen,
    pub(in crate::training) method: Method,
    pub(in crate::training) by: Option<UserId>,
    pub(in crate::training) nonce: &'a str,
}

/// An event as it stands under its nonce.
#[derive(Debug, Clone, Queryable)]
pub(in crate::training) struct StoredEvent {
    pub(in crate::training) registration: RegistrationId,
    pub(in crate::training) slot: SlotId,
    pub(in crate::training) direction: Direction,
    pub(in crate::training) at: Timestamp,
}

/// Appends an event.
pub(in crate::training) fn append(
    conn: &mut Conn,
    now: Timestamp,
    event: &NewEvent<'_>,
) -> Result<()> {
    diesel::insert_into(events::table)
        .values((
            events::id.eq(Id::<AttendanceEvent>::new(now)),
            events::session_id.eq(event.session),
            events::registration_id.eq(event.registration),
            events::slot_id.eq(event.slot),
            events::kind.eq(event.seen.direction),
            events::at.eq(event.seen.at),
            events::method.eq(event.method),
            events::recorded_by.eq(event.by),
            events::nonce.eq(event.nonce),
            events::created_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// The event recorded under a nonce.
pub(in crate::training) fn by_nonce(
    conn: &mut Conn,
    session: SessionId,
    nonce: &str,
) -> Result<Option<StoredEvent>> {
    Ok(events::table
        .filter(events::session_id.eq(session))
        .filter(events::nonce.eq(nonce))
        .select((
            events::registration_id,
            events::slot_id,
            events::kind,
            events::at,
        ))
        .first(conn)
        .optional()?)
}

/// Whether a registration has any event or any mark that is not merely derived.
pub(in crate::training) fn has_any(conn: &mut Conn, registration: RegistrationId) -> Result<bool> {
    let seen: i64 = events::table
        .filter(events::registration_id.eq(registration))
        .count()
        .get_result(conn)?;
    let marked: i64 = marks::table
        .filter(marks::registration_id.eq(registration))
        .filter(marks::basis.ne(Basis::Completion))
        .count()
        .get_result(conn)?;
    Ok(seen + marked > 0)
}

/// Whether anybody of a session, or of a registration of it, is marked present.
pub(in crate::training) fn is_present(
    conn: &mut Conn,
    session: SessionId,
    registration: Option<RegistrationId>,
) -> Result<bool> {
    let mut present = marks::table
        .filter(marks::session_id.eq(session))
        .filter(marks::mark.eq(Mark::Present))
        .into_boxed::<Backend>();
    if let Some(id) = registration {
        present = present.filter(marks::registration_id.eq(id));
    }
    let found: i64 = present.count().get_result(conn)?;
    Ok(found > 0)
}

/// Whether a slot has attendance.
pub(in crate::training) fn slot_has_any(
    conn: &mut Conn,
    session: SessionId,
    slot: SlotId,
) -> Result<bool> {
    let seen: i64 = events::table
        .filter(events::session_id.eq(session))
        .filter(events::slot_id.eq(slot))
        .count()
        .get_result(conn)?;
    let marked: i64 = marks::table
        .filter(marks::session_id.eq(session))
        .filter(marks::slot_id.eq(slot))
        .count()
        .get_result(conn)?;
    Ok(seen + marked > 0)
}

/// A mark with what was said about it.
#[derive(Debug, Clone)]
pub(in crate::training) struct StoredMark {
    pub(in crate::training) mark: SlotMark,
    pub(in crate::training) reason: Option<String>,
    /// What paper said where an organiser's word stands over it.
    pub(in crate::training) under: Option<Mark>,
}

impl StoredMark {
    /// A mark with nothing said about it.
    pub(in crate::training) const fn bare(mark: SlotMark) -> Self {
        Self {
            mark,
            reason: None,
            under: None,
        }
    }

    /// What paper said last, whether or not another word stands over it.
    pub(in crate::training) fn of_paper(&self) -> Option<Mark> {
        match self.mark.basis {
            Basis::Sheet => Some(self.mark.mark),
            _ => self.under,
        }
    }
}

type MarkRow = (
    RegistrationId,
    SlotId,
    Mark,
    Basis,
    bool,
    bool,
    i32,
    Option<String>,
    Option<Mark>,
);

fn stored(row: MarkRow) -> ((RegistrationId, SlotId), StoredMark) {
    let (registration, slot, mark, basis, late, left_early, minutes, reason, under) = row;
    let mark = SlotMark {
        mark,
        basis,
        late,
        left_early,
        minutes: i64::from(minutes),
    };
    let stored = StoredMark {
        mark,
        reason,
        under,
    };
    ((registration, slot), stored)
}

fn load_marks(
    conn: &mut Conn,
    query: marks::BoxedQuery<'_, Backend>,
) -> Result<BTreeMap<(RegistrationId, SlotId), StoredMark>> {
    let rows: Vec<MarkRow> = query
        .select((
            marks::registration_id,
            marks::slot_id,
            marks::mark,
            marks::basis,
            marks::late,
            marks::left_early,
            marks::minutes,
            marks::reason,
            marks::sheet_mark,
        ))
        .load(conn)?;
    Ok(rows.into_iter().map(stored).collect())
}

/// The marks of one registration.
pub(in crate::training) fn marks_of(
    conn: &mut Conn,
    registration: RegistrationId,
) -> Result<BTreeMap<SlotId, StoredMark>> {
    let its = marks::table.filter(marks::registration_id.eq(registration));
    let marks = load_marks(conn, its.into_boxed())?;
    Ok(marks
        .into_iter()
        .map(|((_, slot), mark)| (slot, mark))
        .collect())
}

/// The marks of a whole session.
pub(in crate::training) fn marks_of_session(
    conn: &mut Conn,
    session: SessionId,
) -> Result<BTreeMap<(RegistrationId, SlotId), StoredMark>> {
    let its = marks::table.filter(marks::session_id.eq(session));
    load_marks(conn, its.into_boxed())
}

/// Where a mark belongs and who set it.
#[derive(Debug, Clone, Copy)]
pub(in crate::training) struct MarkKey {
    pub(in crate::training) session: SessionId,
    pub(in crate::training) registration: RegistrationId,
    pub(in crate::training) slot: SlotId,
    pub(in crate::training) by: Option<UserId>,
}

/// Writes a mark over whatever stood there.
pub(in crate::training) fn set_mark(
    conn: &mut Conn,
    now: Timestamp,
    key: MarkKey,
    mark: &SlotMark,
    reason: Option<&str>,
) -> Result<()> {
    clear_mark(conn, key.registration, key.slot)?;
    diesel::insert_into(marks::table)
        .values((
            marks::registration_id.eq(key.registration),
            marks::slot_id.eq(key.slot),
            marks::session_id.eq(key.session),
            marks::mark.eq(mark.mark),
            marks::basis.eq(mark.basis),
            marks::late.eq(mark.late),
            marks::left_early.eq(mark.left_early),
            marks::minutes.eq(i32::try_from(mark.minutes).unwrap_or(i32::MAX)),
            marks::reason.eq(reason),
            marks::recorded_by.eq(key.by),
            marks::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// Keeps what paper said under an organiser's word.
pub(in crate::training) fn keep_under(
    conn: &mut Conn,
    (registration, slot): (RegistrationId, SlotId),
    under: Option<Mark>,
) -> Result<()> {
    diesel::update(marks::table.find((registration, slot)))
        .set(marks::sheet_mark.eq(under))
        .execute(conn)?;
    Ok(())
}

/// Removes a mark.
pub(in crate::training) fn clear_mark(
    conn: &mut Conn,
    registration: RegistrationId,
    slot: SlotId,
) -> Result<()> {
    diesel::delete(marks::table.find((registration, slot))).execute(conn)?;
    Ok(())
}

/// Drops the derived absences of a session.
pub(in crate::training) fn drop_derived(conn: &mut Conn, session: SessionId) -> Result<()> {
    let derived = marks::table
        .filter(marks::session_id.eq(session))
        .filter(marks::basis.eq(Basis::Completion));
    diesel::delete(derived).execute(conn)?;
    Ok(())
}

/// What was recorded for a row of an attendance sheet.
pub(in crate::training) fn sheet_row(
    conn: &mut Conn,
    session: SessionId,
    key: &str,
) -> Result<Option<(RegistrationId, Vec<u8>)>> {
    Ok(sheet_rows::table
        .find((session, key))
        .select((sheet_rows::registration_id, sheet_rows::digest))
        .first(conn)
        .optional()?)
}

/// Records a row of an attendance sheet.
pub(in crate::training) fn keep_sheet_row(
    conn: &mut Conn,
    (session, key): (SessionId, &str),
    registration: RegistrationId,
    digest: &[u8],
) -> Result<()> {
    diesel::delete(sheet_rows::table.find((session, key))).execute(conn)?;
    diesel::insert_into(sheet_rows::table)
        .values((
            sheet_rows::session_id.eq(session),
            sheet_rows::row_key.eq(key),
            sheet_rows::registration_id.eq(registration),
            sheet_rows::digest.eq(digest),
        ))
        .execute(conn)?;
    Ok(())
}
