//! The office's rooms.

use serde_json::json;

use super::is_taken;
use crate::identity::Cx;
use crate::kernel::Fault;
use crate::office::error::Error;
use crate::office::room::{RoomDetails, RoomFields, RoomId, Wanted};
use crate::office::store;
use crate::office::store::office as office_row;

/// One page of rooms, one row too many, and how many there are where asked.
///
/// # Errors
/// When storage fails.
pub fn list(
    cx: &mut Cx<'_>,
    wanted: &Wanted<'_>,
    after: Option<(String, RoomId)>,
    limit: i64,
    wants_total: bool,
) -> Result<(Vec<RoomDetails>, Option<i64>), Error> {
    let office = cx.office();
    let rows = store::room::page(cx.conn, office, wanted, after, limit + 1)?;
    let total = if wants_total {
        Some(store::room::count(cx.conn, office, wanted)?)
    } else {
        None
    };
    Ok((rows, total))
}

/// A room of the office.
///
/// # Errors
/// `not-found`, storage failures.
pub fn load(cx: &mut Cx<'_>, id: RoomId) -> Result<RoomDetails, Error> {
    let office = cx.office();
    Ok(store::room::find(cx.conn, office, id)?.ok_or(Fault::NotFound)?)
}

/// Adds a room.
///
/// # Errors
/// `room-name-taken`, storage failures.
pub fn create(cx: &mut Cx<'_>, fields: &RoomFields) -> Result<RoomDetails, Error> {
    let office = cx.office();
    require_own_name(cx, None, &fields.name)?;
    let id = store::room::insert(cx.conn, cx.now, office, fields).map_err(taken)?;
    cx.audit("room.create", "room", id.uuid(), json!({}))?;
    load(cx, id)
}

/// Changes a room.
///
/// # Errors
/// `not-found`, `stale-version`, `if-match-required`, `room-name-taken`, storage failures.
pub fn update(
    cx: &mut Cx<'_>,
    id: RoomId,
    change: impl FnOnce(&mut RoomFields),
) -> Result<RoomDetails, Error> {
    let room = load(cx, id)?;
    cx.expected.require(room.version)?;
    let mut fields = room.fields();
    change(&mut fields);
    if fields == room.fields() {
        return Ok(room);
    }
    require_own_name(cx, Some(id), &fields.name)?;
    let version = (id, room.version);
    if !store::room::update(cx.conn, cx.now, version, &fields).map_err(taken)? {
        return Err(Fault::Stale.into());
    }
    cx.audit("room.update", "room", id.uuid(), json!({}))?;
    load(cx, id)
}

/// Refuses a name that another room has in other letters: nobody tells the two apart.
fn require_own_name(cx: &mut Cx<'_>, but: Option<RoomId>, name: &str) -> Result<(), Error> {
    let office = cx.office();
    office_row::touch(cx.conn, office)?;
    let key = name.to_lowercase();
    let rooms = store::room::page(cx.conn, office, &Wanted::default(), None, i64::MAX)?;
    let is_taken = rooms
        .iter()
        .any(|room| Some(room.id) != but && room.name.to_lowercase() == key);
    if is_taken {
        return Err(Error::RoomNameTaken);
    }
    Ok(())
}

fn taken(error: crate::db::Error) -> Error {
    if is_taken(&error) {
        Error::RoomNameTaken
    } else {
        error.into()
    }
}
