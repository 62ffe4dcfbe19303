//! The office's rooms.

use std::collections::HashMap;

use diesel::prelude::*;

use super::error::Error;
use super::store;
use crate::db::{self, Conn};
use crate::kernel::{Fault, Id, OfficeId, Timestamp};

/// Marks ids of rooms.
#[derive(Debug)]
pub enum Room {}
/// The id of a room.
pub type RoomId = Id<Room>;

/// A room.
#[derive(Debug, Clone, Queryable)]
pub struct RoomDetails {
    /// Its id.
    pub id: RoomId,
    /// Its name.
    pub name: String,
    /// Where it is, where it is not at the office.
    pub address: Option<String>,
    /// How many people it holds.
    pub places: Option<i32>,
    /// Whether new sessions can use it.
    pub active: bool,
    /// Moves with every change.
    pub version: i32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// What is set of a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomFields {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub address: Option<String>,
    /// How many people it holds.
    pub places: Option<i32>,
    /// Whether new sessions can use it.
    pub active: bool,
}

impl RoomDetails {
    pub(super) fn fields(&self) -> RoomFields {
        RoomFields {
            name: self.name.clone(),
            address: self.address.clone(),
            places: self.places,
            active: self.active,
        }
    }
}

/// Adds a room to an office that is being filled.
///
/// # Errors
/// When storage fails.
pub fn add(
    conn: &mut Conn,
    office: OfficeId,
    now: Timestamp,
    fields: &RoomFields,
) -> db::Result<RoomId> {
    store::room::insert(conn, now, office, fields)
}

/// Which rooms are wanted.
#[derive(Debug, Default)]
pub struct Wanted<'a> {
    /// Words of the name or the address.
    pub q: Option<&'a str>,
    /// In use or not.
    pub active: Option<bool>,
    /// Changed since.
    pub updated_since: Option<Timestamp>,
}

/// A room of the office.
///
/// # Errors
/// `not-found`, storage failures.
pub fn find(conn: &mut Conn, office: OfficeId, id: RoomId) -> Result<RoomDetails, Error> {
    Ok(store::room::find(conn, office, id)?.ok_or(Fault::NotFound)?)
}

/// The names of some of the office's rooms, in one query.
///
/// # Errors
/// When storage fails.
pub fn names(
    conn: &mut Conn,
    office: OfficeId,
    ids: &[RoomId],
) -> db::Result<HashMap<RoomId, String>> {
    store::room::names(conn, office, ids)
}

/// Whether a room is the office's, and may be named anew.
///
/// # Errors
/// When storage fails.
pub fn is_active(conn: &mut Conn, office: OfficeId, id: RoomId) -> db::Result<bool> {
    Ok(store::room::find(conn, office, id)?.is_some_and(|room| room.active))
}
