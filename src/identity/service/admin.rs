//! What the command line does to accounts: the first administrator, and the end of all logins.

use serde_json::json;

use crate::audit;
use crate::db::{self, Conn};
use crate::identity::body::NAME_MAX;
use crate::identity::error::Error;
use crate::identity::messages::{self, Letter};
use crate::identity::platform::Platform;
use crate::identity::role::{Role, Roles};
use crate::identity::status::UserStatus;
use crate::identity::store::device;
use crate::identity::store::user::{self, NewUser};
use crate::kernel::error::Check;
use crate::kernel::{Fault, Language, OfficeId, Timestamp, text};

/// Invites an administrator: the link that sets the password is mailed and given back.
///
/// # Errors
/// `invalid`, `email-taken`, storage failures.
pub fn create(
    conn: &mut Conn,
    platform: &Platform,
    now: Timestamp,
    office: OfficeId,
    email: &str,
    full_name: &str,
) -> Result<String, Error> {
    let mut check = Check::new();
    let email = check.take("email", text::email(email));
    let full_name = check.line("full_name", full_name, NAME_MAX);
    check.done()?;
    let roles = Roles::new([Role::Administrator]);
    let new = NewUser {
        office_id: office,
        email: &email,
        is_verified: false,
        password_hash: None,
        full_name: &full_name,
        phone: None,
        language: Language::Vi,
        roles: &roles,
        agency_id: None,
        status: UserStatus::Invited,
    };
    let id = user::try_insert(conn, now, &new)?.ok_or(Error::EmailTaken)?;
    let missing = || Fault::Internal("a user is gone at once".into());
    let row = user::find(conn, id)?.ok_or_else(missing)?;
    let event = audit::Event {
        office: Some(office),
        actor: None,
        action: "user.create",
        object_kind: "user",
        object: Some(id.uuid()),
        request_id: None,
        client: None,
        facts: json!({"roles": roles, "by": "command-line"}),
    };
    audit::record(conn, now, &event)?;
    let letter = Letter::staff_invitation(&row);
    let token = messages::send(conn, &platform.keys, now, &row, letter)?.ok_or_else(missing)?;
    Ok(platform.links.with_token('p', &token))
}

/// Ends every login, of everybody.
///
/// # Errors
/// When storage fails.
pub fn sign_everybody_out(conn: &mut Conn, now: Timestamp) -> db::Result<usize> {
    device::revoke_everybodys(conn, now)
}
