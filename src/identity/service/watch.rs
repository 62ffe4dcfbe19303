//! Telling those who watch: supervisors and auditors of the office.

use crate::db::{self, Conn};
use crate::identity::messages::{self, Letter};
use crate::identity::role::Roles;
use crate::identity::store::user::{self, UserRow};
use crate::kernel::Timestamp;
use crate::sealed::Keys;

/// Tells that the address of a member of staff changed; `row` is as it was before.
pub(super) fn tell_email(
    conn: &mut Conn,
    keys: &Keys,
    now: Timestamp,
    row: &UserRow,
) -> db::Result<()> {
    for watcher in user::watchers(conn, row.office_id)? {
        if watcher.id != row.id {
            let letter = Letter::staff_email_changed(&row.email);
            messages::send(conn, keys, now, &watcher, letter)?;
        }
    }
    Ok(())
}

/// Tells that an account was given a role that reads cases.
pub(super) fn tell_roles(
    conn: &mut Conn,
    keys: &Keys,
    now: Timestamp,
    row: &UserRow,
    roles: &Roles,
) -> db::Result<()> {
    for watcher in user::watchers(conn, row.office_id)? {
        if watcher.id != row.id {
            let letter = Letter::roles_changed(&row.email, roles, watcher.language);
            messages::send(conn, keys, now, &watcher, letter)?;
        }
    }
    Ok(())
}
