//! What people can do with accounts: one function a use case, inside its transaction.
//!
//! Passwords are hashed between transactions, never inside one: a first transaction admits the
//! try and reads the hash, a second acts only if that hash is still the one.

pub mod access;
pub mod account;
pub mod admin;
pub mod email;
pub mod login;
pub mod me;
pub mod password;
pub mod register;
pub mod session;
pub mod staff;
mod throttle;
mod watch;

pub use throttle::{Gate, sweep};

use serde_json::Value;

use super::actor::UserId;
use super::call::Open;
use super::store::{device, user};
use crate::audit;
use crate::db::{self, Conn};
use crate::kernel::{OfficeId, Timestamp};

/// Ends every access and refresh token of a user at once.
fn end_sessions(conn: &mut Conn, now: Timestamp, id: UserId) -> db::Result<()> {
    user::advance_generation(conn, id)?;
    device::revoke_all(conn, now, id)?;
    Ok(())
}

/// Writes an audit event of a caller without a login about an account.
fn audit_open(
    open: &mut Open<'_>,
    about: Option<&user::UserRow>,
    by: Option<UserId>,
    action: &str,
    facts: Value,
) -> db::Result<()> {
    let office: Option<OfficeId> = about.map(|row| row.office_id);
    let event = audit::Event {
        office,
        actor: by.map(UserId::uuid),
        action,
        object_kind: "user",
        object: about.map(|row| row.id.uuid()),
        request_id: Some(&open.origin.request_id),
        client: Some(open.origin.address),
        facts,
    };
    audit::record(open.conn, open.now, &event)
}
