//! Events read back: what was seen of somebody at a slot.

use diesel::prelude::*;

use super::attendance::AttendanceEvent;
use crate::db::schema::attendance_events as events;
use crate::db::{Conn, Result};
use crate::kernel::{Id, Timestamp};
use crate::training::attendance::Seen;
use crate::training::model::{Direction, Method, RegistrationId, SlotId};

/// What was seen of registrations at a slot; those of a merge are read together. Of the times a paper sheet
/// gave for one way, the last written counts: it corrects those before.
pub(in crate::training) fn of(
    conn: &mut Conn,
    registrations: &[RegistrationId],
    slot: SlotId,
) -> Result<Vec<Seen>> {
    type Row = (Direction, Timestamp, Id<AttendanceEvent>, Method);
    let mut rows: Vec<Row> = Vec::new();
    // One after another: SQLite keeps no prepared statement for a list.
    for registration in registrations {
        let its: Vec<Row> = events::table
            .filter(events::registration_id.eq(registration))
            .filter(events::slot_id.eq(slot))
            .select((events::kind, events::at, events::id, events::method))
            .load(conn)?;
        let last = |way: Direction| {
            let written = its
                .iter()
                .filter(|(kind, .., method)| *kind == way && *method == Method::Sheet);
            written.map(|(_, _, id, _)| *id).max()
        };
        let counts =
            |(kind, _, id, method): &Row| *method != Method::Sheet || last(*kind) == Some(*id);
        rows.extend(its.iter().filter(|row| counts(row)).copied());
    }
    rows.sort_by_key(|(_, at, id, _)| (*at, *id));
    Ok(rows
        .into_iter()
        .map(|(direction, at, ..)| Seen { direction, at })
        .collect())
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
