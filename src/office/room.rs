//! The office's rooms.

use diesel::prelude::*;

use super::error::Error;
use crate::db::schema::rooms;
use crate::db::{Conn, Result};
use crate::kernel::{Fault, Id, OfficeId};

/// Marks ids of rooms.
#[derive(Debug)]
pub enum Room {}
/// The id of a room.
pub type RoomId = Id<Room>;

/// A room, as a mail names it.
#[derive(Debug, Clone, Queryable)]
pub struct RoomBrief {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub address: Option<String>,
}

/// A room of the office.
///
/// # Errors
/// `not-found`; storage failures.
pub fn find(
    conn: &mut Conn,
    office: OfficeId,
    id: RoomId,
) -> std::result::Result<RoomBrief, Error> {
    let row = rooms::table
        .filter(rooms::office_id.eq(office))
        .filter(rooms::id.eq(id))
        .select((rooms::name, rooms::address))
        .first(conn)
        .optional()?;
    Ok(row.ok_or(Fault::NotFound)?)
}

/// Whether a room is the office's.
///
/// # Errors
/// When storage fails.
pub fn exists(conn: &mut Conn, office: OfficeId, id: RoomId) -> Result<bool> {
    let count: i64 = rooms::table
        .filter(rooms::office_id.eq(office))
        .filter(rooms::id.eq(id))
        .count()
        .get_result(conn)?;
    Ok(count > 0)
}
