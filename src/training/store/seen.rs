//! Events read back: what was seen of somebody at a slot.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::attendance::AttendanceEvent;
use crate::db::schema::attendance_events as events;
use crate::db::{Conn, Result};
use crate::kernel::{Id, Timestamp};
use crate::training::attendance::Seen;
use crate::training::model::{Direction, Method, RegistrationId, SessionId, SlotId};

/// An event: which way, when, in which order it was written, how it was seen.
type Row = (Direction, Timestamp, Id<AttendanceEvent>, Method);

/// What counts of somebody's events at a slot: of the times a paper sheet gave for one way, the last
/// written corrects those before.
fn counting(its: &[Row]) -> impl Iterator<Item = &Row> {
    let last = |way: Direction| {
        let written = its
            .iter()
            .filter(move |(kind, .., method)| *kind == way && *method == Method::Sheet);
        written.map(|(_, _, id, _)| *id).max()
    };
    its.iter()
        .filter(move |(kind, _, id, method)| *method != Method::Sheet || last(*kind) == Some(*id))
}

/// What was seen of registrations at a slot; those of a merge are read together.
pub(in crate::training) fn of(
    conn: &mut Conn,
    registrations: &[RegistrationId],
    slot: SlotId,
) -> Result<Vec<Seen>> {
    let mut rows: Vec<Row> = Vec::new();
    // One after another: SQLite keeps no prepared statement for a list.
    for registration in registrations {
        let its: Vec<Row> = events::table
            .filter(events::registration_id.eq(registration))
            .filter(events::slot_id.eq(slot))
            .select((events::kind, events::at, events::id, events::method))
            .load(conn)?;
        rows.extend(counting(&its).copied());
    }
    rows.sort_by_key(|(_, at, id, _)| (*at, *id));
    Ok(rows
        .into_iter()
        .map(|(direction, at, ..)| Seen { direction, at })
        .collect())
}

/// From when to when somebody was at a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::training) struct Stay {
    /// When they first came.
    pub(in crate::training) came_at: Option<Timestamp>,
    /// When they left, if they did not come back.
    pub(in crate::training) left_at: Option<Timestamp>,
}

/// From when to when each of a session was at each of its slots.
pub(in crate::training) fn stays(
    conn: &mut Conn,
    session: SessionId,
) -> Result<BTreeMap<(RegistrationId, SlotId), Stay>> {
    let rows: Vec<(RegistrationId, SlotId, Row)> = events::table
        .filter(events::session_id.eq(session))
        .order((events::at, events::id))
        .select((
            events::registration_id,
            events::slot_id,
            (events::kind, events::at, events::id, events::method),
        ))
        .load(conn)?;
    let mut seen = BTreeMap::<_, Vec<Row>>::new();
    for (registration, slot, row) in rows {
        seen.entry((registration, slot)).or_default().push(row);
    }
    let stays = seen.into_iter().map(|(key, rows)| (key, stay(&rows)));
    Ok(stays.collect())
}

fn stay(rows: &[Row]) -> Stay {
    let mut stay = Stay::default();
    for (way, at, ..) in counting(rows) {
        match way {
            Direction::In => {
                stay.came_at.get_or_insert(*at);
                stay.left_at = None;
            }
            Direction::Out => stay.left_at = Some(*at),
        }
    }
    stay
}

/// The time a paper sheet gave last for one way of somebody at a slot.
pub(in crate::training) fn last_written(
    conn: &mut Conn,
    (registration, slot): (RegistrationId, SlotId),
    way: Direction,
) -> Result<Option<Timestamp>> {
    Ok(events::table
        .filter(events::registration_id.eq(registration))
        .filter(events::slot_id.eq(slot))
        .filter(events::kind.eq(way))
        .filter(events::method.eq(Method::Sheet))
        .order(events::id.desc())
        .select(events::at)
        .first(conn)
        .optional()?)
}

/// Whether somebody was scanned at a slot, and not only written on a sheet.
pub(in crate::training) fn is_scanned(
    conn: &mut Conn,
    registration: RegistrationId,
    slot: SlotId,
) -> Result<bool> {
    let scans: i64 = events::table
        .filter(events::registration_id.eq(registration))
        .filter(events::slot_id.eq(slot))
        .filter(events::method.ne(Method::Sheet))
        .count()
        .get_result(conn)?;
    Ok(scans > 0)
}
