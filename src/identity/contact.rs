//! How an account is reached, for slices that write to it.

use diesel::prelude::*;

use super::actor::UserId;
use super::role::{Role, Roles};
use crate::db::schema::users;
use crate::db::{Conn, Result};
use crate::kernel::{Language, OfficeId};

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

/// The active users of an office who hold a role, in the order they came.
///
/// # Errors
/// When storage fails.
pub fn holders(conn: &mut Conn, office: OfficeId, role: Role) -> Result<Vec<(UserId, Contact)>> {
    let rows: Vec<(UserId, String, String, Option<String>, Language)> = users::table
        .filter(users::office_id.eq(office))
        .filter(users::status.eq("active"))
        .filter(users::roles.like(format!("%,{role},%")))
        .order(users::id)
        .select((
            users::id,
            users::full_name,
            users::email,
            users::phone,
            users::language,
        ))
        .load(conn)?;
    let contact = |(id, full_name, email, phone, language)| {
        let contact = Contact {
            full_name,
            email,
            phone,
            language,
        };
        (id, contact)
    };
    Ok(rows.into_iter().map(contact).collect())
}

/// Whether an active user of the office has one of `roles`.
///
/// # Errors
/// When storage fails.
pub fn works_as(conn: &mut Conn, office: OfficeId, id: UserId, roles: &[Role]) -> Result<bool> {
    let found: Option<String> = users::table
        .filter(users::id.eq(id))
        .filter(users::office_id.eq(office))
        .filter(users::status.eq("active"))
        .select(users::roles)
        .first(conn)
        .optional()?;
    Ok(found.is_some_and(|column| Roles::from_column(&column).has_any(roles)))
}
