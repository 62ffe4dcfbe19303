//! How an account is reached, for slices that write to it.

use diesel::prelude::*;

use super::actor::UserId;
use crate::db::schema::users;
use crate::db::{Conn, Result};
use crate::kernel::Language;

/// Name and contacts of an account.
#[derive(Debug, Clone, Queryable)]
pub struct Contact {
    /// Its name.
    pub full_name: String,
    /// Its address.
    pub email: String,
    /// Its phone.
    pub phone: Option<String>,
    /// The language it is written to in.
    pub language: Language,
}

/// Locks an account's row: what is counted by account is counted for one call after another.
///
/// # Errors
/// When storage fails.
pub fn lock(conn: &mut Conn, id: UserId) -> Result<()> {
    super::store::user::touch(conn, id)
}

/// The contact of a user.
///
/// # Errors
/// When storage fails.
pub fn find(conn: &mut Conn, id: UserId) -> Result<Option<Contact>> {
    Ok(users::table
        .find(id)
        .select((
            users::full_name,
            users::email,
            users::phone,
            users::language,
        ))
        .first(conn)
        .optional()?)
}
