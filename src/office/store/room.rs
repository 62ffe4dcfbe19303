//! Rows of rooms.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::Backend;
use crate::db::schema::rooms;
use crate::db::{self, Conn};
use crate::kernel::{OfficeId, Timestamp, text};
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

/// The names of some of an office's rooms.
pub(in crate::office) fn names(
    conn: &mut Conn,
    office: OfficeId,
    ids: &[RoomId],
) -> db::Result<HashMap<RoomId, String>> {
    let named: Vec<(RoomId, String)> = rooms::table
        .filter(rooms::office_id.eq(office))
        .filter(rooms::id.eq_any(ids))
        .select((rooms::id, rooms::name))
        .load(conn)?;
    Ok(named.into_iter().collect())
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

fn query<'a>(office: OfficeId, wanted: &Wanted<'_>) -> rooms::BoxedQuery<'a, Backend> {
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

/// The rooms behind a name, by name. A room has no search key: the few an office has are read
/// and searched here.
pub(in crate::office) fn page(
    conn: &mut Conn,
    office: OfficeId,
    wanted: &Wanted<'_>,
    after: Option<(String, RoomId)>,
    limit: i64,
) -> db::Result<Vec<RoomDetails>> {
    let mut query = query(office, wanted)
        .select(COLUMNS)
        .order((rooms::name, rooms::id));
    if let Some((name, id)) = after {
        let behind = rooms::name
            .gt(name.clone())
            .or(rooms::name.eq(name).and(rooms::id.gt(id)));
        query = query.filter(behind);
    }
    let Some(q) = wanted.q else {
        return Ok(query.limit(limit).load(conn)?);
    };
    let words = text::fold(q);
    let rows: Vec<RoomDetails> = query.load(conn)?;
    let found = rows.into_iter().filter(|room| is_meant(room, &words));
    Ok(found.take(usize::try_from(limit).unwrap_or(0)).collect())
}

/// Whether every word stands in the name or the address.
fn is_meant(room: &RoomDetails, words: &str) -> bool {
    let address = room.address.as_deref().unwrap_or_default();
    let key = text::fold(&format!("{} {address}", room.name));
    words.split(' ').all(|word| key.contains(word))
}

pub(in crate::office) fn count(
    conn: &mut Conn,
    office: OfficeId,
    wanted: &Wanted<'_>,
) -> db::Result<i64> {
    if wanted.q.is_none() {
        return Ok(query(office, wanted).count().get_result(conn)?);
    }
    let found = page(conn, office, wanted, None, i64::MAX)?;
    Ok(i64::try_from(found.len()).unwrap_or(i64::MAX))
}
