//! Who works for an office, for slices that give work to people: ids and roles, no names.

use diesel::prelude::*;

use super::actor::UserId;
use super::role::{Role, Roles};
use super::status::UserStatus;
use super::store::user::holding;
use crate::db::schema::users;
use crate::db::{Conn, Result};
use crate::kernel::{AgencyId, OfficeId};

/// An account of an office, without whatever tells the person.
#[derive(Debug, Clone)]
pub struct Colleague {
    /// Its id.
    pub id: UserId,
    /// What it may be.
    pub roles: Roles,
    /// Whether it can log in.
    pub is_active: bool,
}

type Row = (UserId, String, UserStatus, bool);

fn read((id, roles, status, is_verified): Row) -> Colleague {
    Colleague {
        id,
        roles: Roles::from_column(&roles),
        is_active: status == UserStatus::Active && is_verified,
    }
}

/// Those of some ids who belong to an office, in any order.
///
/// # Errors
/// When storage fails.
pub fn among(conn: &mut Conn, office: OfficeId, ids: &[UserId]) -> Result<Vec<Colleague>> {
    let rows: Vec<Row> = users::table
        .filter(users::office_id.eq(office))
        .filter(users::id.eq_any(ids))
        .select((
            users::id,
            users::roles,
            users::status,
            users::email_verified_at.is_not_null(),
        ))
        .load(conn)?;
    Ok(rows.into_iter().map(read).collect())
}

/// One account of an office.
///
/// # Errors
/// When storage fails.
pub fn find(conn: &mut Conn, office: OfficeId, id: UserId) -> Result<Option<Colleague>> {
    Ok(among(conn, office, &[id])?.pop())
}

/// The active accounts of an office that hold a role, oldest first.
///
/// # Errors
/// When storage fails.
pub fn holders(conn: &mut Conn, office: OfficeId, role: Role) -> Result<Vec<UserId>> {
    Ok(users::table
        .filter(users::office_id.eq(office))
        .filter(users::status.eq(UserStatus::Active))
        .filter(users::email_verified_at.is_not_null())
        .filter(users::roles.like(holding(role)))
        .select(users::id)
        .order(users::id)
        .load(conn)?)
}

/// Those of an agency among them.
///
/// # Errors
/// When storage fails.
pub fn holders_of(
    conn: &mut Conn,
    office: OfficeId,
    role: Role,
    agency: AgencyId,
) -> Result<Vec<UserId>> {
    Ok(users::table
        .filter(users::office_id.eq(office))
        .filter(users::agency_id.eq(agency))
        .filter(users::status.eq(UserStatus::Active))
        .filter(users::email_verified_at.is_not_null())
        .filter(users::roles.like(holding(role)))
        .select(users::id)
        .order(users::id)
        .load(conn)?)
}

/// Whether an active account of the office has one of `roles`.
///
/// # Errors
/// When storage fails.
pub fn works_as(conn: &mut Conn, office: OfficeId, id: UserId, roles: &[Role]) -> Result<bool> {
    let found = find(conn, office, id)?;
    Ok(found.is_some_and(|one| one.is_active && one.roles.has_any(roles)))
}
