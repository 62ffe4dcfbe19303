//! Accounts of the office's staff.

use crate::db::{self, Conn};
use crate::identity::actor::{DeviceId, UserId};
use crate::identity::role::Roles;
use crate::identity::status::UserStatus;
use crate::identity::store::{device, user};
use crate::kernel::{AgencyId, Language, OfficeId, Timestamp};

/// An account that needs no invitation: for the demo and for tests.
#[derive(Debug)]
pub struct ReadyAccount<'a> {
    /// Its office.
    pub office: OfficeId,
    /// Its address, taken as verified.
    pub email: &'a str,
    /// Its holder.
    pub full_name: &'a str,
    /// The agency of a member of staff.
    pub agency_id: Option<AgencyId>,
    /// What it may be; a family's account, too.
    pub roles: Roles,
    /// The PHC hash of its password.
    pub password_hash: &'a str,
}

/// Makes an active account with a verified address and a given password hash.
///
/// # Errors
/// When storage fails, a taken address included.
pub fn create_with_password(
    conn: &mut Conn,
    now: Timestamp,
    account: &ReadyAccount<'_>,
) -> db::Result<UserId> {
    let new = user::NewUser {
        office_id: account.office,
        email: account.email,
        is_verified: true,
        password_hash: Some(account.password_hash),
        full_name: account.full_name,
        phone: None,
        language: Language::Vi,
        roles: &account.roles,
        agency_id: account.agency_id,
        status: UserStatus::Active,
    };
    user::insert(conn, now, &new)
}

/// The roles that an active account of an office holds.
///
/// # Errors
/// When storage fails.
pub fn held_roles(conn: &mut Conn, office: OfficeId) -> db::Result<Roles> {
    let columns = user::active_roles(conn, office)?;
    Ok(Roles::from_column(&columns.concat()))
}

/// Makes a device of a user, without a refresh token: for tools and tests that sign an access
/// token themselves.
///
/// # Errors
/// When storage fails.
pub fn open_device(
    conn: &mut Conn,
    now: Timestamp,
    user: UserId,
    label: &str,
) -> db::Result<DeviceId> {
    device::insert(conn, now, user, label)
}
