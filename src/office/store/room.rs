//! Rows of rooms.

use diesel::prelude::*;

use crate::db::conn::Backend;
use crate::db::schema::rooms;
use crate::db::{self, Conn};
use crate::kernel::{OfficeId, Timestamp};
use crate::office::room::{RoomDetails, RoomFields, RoomId, Wanted};

type Columns = (
    rooms::id,
    rooms::name,
    rooms::address,
    rooms::places,
    rooms::active,
    rooms::version,
    rooms::created_at,
    rooms::updated_at,
);
const COLUMNS: Columns = (
    rooms::id,
    rooms::name,
    rooms::address,
    rooms::places,
    rooms::active,
    rooms::version,
    rooms::created_at,
    rooms::updated_at,
);

pub(in crate::office) fn insert(
    conn: &mut Conn,
    now: Timestamp,
    office: OfficeId,
    fields: &RoomFields,
) -> db::Result<RoomId> {
    let id = RoomId::new(now);
    diesel::insert_into(rooms::table)
        .values((
            rooms::id.eq(id),
            rooms::office_id.eq(office),
            rooms::name.eq(&fields.name),
            rooms::address.eq(&fields.address),
            rooms::places.eq(fields.places),
            rooms::active.eq(fields.active),
            rooms::version.eq(1),
            rooms::created_at.eq(now),
            rooms::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(id)
}

pub(in crate::office) fn find(
    conn: &mut Conn,
    office: OfficeId,
    id: RoomId,
) -> db::Result<Option<RoomDetails>> {
    Ok(rooms::table
        .filter(rooms::office_id.eq(office))
        .filter(rooms::id.eq(id))
        .select(COLUMNS)
        .first(conn)
        .optional()?)
}

/// Writes the next version; `false` when another is current by now.
pub(in crate::office) fn update(
    conn: &mut Conn,
    now: Timestamp,
    (id, version): (RoomId, i32),
    fields: &RoomFields,
) -> db::Result<bool> {
    let same = rooms::table
        .filter(rooms::id.eq(id))
        .filter(rooms::version.eq(version));
    let changed = diesel::update(same)
        .set((
            rooms::name.eq(&fields.name),
            rooms::address.eq(&fields.address),
            rooms::places.eq(fields.places),
            rooms::active.eq(fields.active),
            rooms::version.eq(version + 1),
            rooms::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

fn query<'a>(office: OfficeId, wanted: &Wanted) -> rooms::BoxedQuery<'a, Backend> {
    let mut query = rooms::table
        .filter(rooms::office_id.eq(office))
        .into_boxed::<Backend>();
    if let Some(active) = wanted.active {
        query = query.filter(rooms::active.eq(active));
    }
    if let Some(since) = wanted.updated_since {
        query = query.filter(rooms::updated_at.ge(since));
    }
    query
}

pub(in crate::office) fn page(
    conn: &mut Conn,
    office: OfficeId,
    wanted: &Wanted,
    after: Option<(String, RoomId)>,
    limit: i64,
) -> db::Result<Vec<RoomDetails>> {
    let mut query = query(office, wanted);
    if let Some((name, id)) = after {
        let behind = rooms::name
            .gt(name.clone())
            .or(rooms::name.eq(name).and(rooms::id.gt(id)));
        query = query.filter(behind);
    }
    Ok(query
        .select(COLUMNS)
        .order((rooms::name, rooms::id))
        .limit(limit)
        .load(conn)?)
}

pub(in crate::office) fn count(
    conn: &mut Conn,
    office: OfficeId,
    wanted: &Wanted,
) -> db::Result<i64> {
    Ok(query(office, wanted).count().get_result(conn)?)
}
