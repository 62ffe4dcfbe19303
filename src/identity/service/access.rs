//! Whether an account may be used: disabling, enabling, unlocking.

use serde_json::json;

use super::{account, end_sessions, throttle};
use crate::identity::actor::UserId;
use crate::identity::call::Cx;
use crate::identity::error::Error;
use crate::identity::messages::{self, Letter};
use crate::identity::role::Role;
use crate::identity::status::UserStatus;
use crate::identity::store::office as office_row;
use crate::identity::store::user::{self, UserChange, UserRow};
use crate::kernel::{Fault, Timestamp};

/// What an administrator can do with an account now.
pub(in crate::identity) fn allowed_actions(row: &UserRow, now: Timestamp) -> Vec<&'static str> {
    let mut actions = vec!["update"];
    actions.push(match row.status {
        UserStatus::Invited | UserStatus::Active => "disable",
        UserStatus::Disabled => "enable",
    });
    if is_locked(row, now) {
        actions.push("unlock");
    }
    actions
}

/// Whether too many passwords were tried a moment ago.
pub(in crate::identity) fn is_locked(row: &UserRow, now: Timestamp) -> bool {
    row.locked_until.is_some_and(|until| until > now)
}

/// The caller, an administrator, where nobody else is one at work.
pub(in crate::identity) fn only_administrator(cx: &mut Cx<'_>) -> Result<Option<UserId>, Error> {
    let (office, caller) = (cx.office(), cx.actor.id);
    let others = user::other_administrators(cx.conn, office, caller)?;
    Ok((others == 0).then_some(caller))
}

/// Refuses to take away the office's last administrator; its row is locked by the caller.
pub(super) fn guard_last_administrator(cx: &mut Cx<'_>, row: &UserRow) -> Result<(), Error> {
    let counts = row.status == UserStatus::Active && row.roles().has(Role::Administrator);
    if counts && user::other_administrators(cx.conn, row.office_id, row.id)? == 0 {
        return Err(Error::LastAdministrator);
    }
    Ok(())
}

/// The account with its row locked, and the office's before it.
fn lock(cx: &mut Cx<'_>, id: UserId) -> Result<UserRow, Error> {
    account::load(cx, id)?;
    let office = cx.office();
    office_row::touch(cx.conn, office)?;
    user::touch(cx.conn, id)?;
    account::load(cx, id)
}

fn refuse(cx: &Cx<'_>, row: &UserRow, action: &'static str) -> Error {
    Error::Fault(Fault::Transition {
        current: row.status.as_str(),
        action,
        allowed: allowed_actions(row, cx.now),
    })
}

fn set(cx: &mut Cx<'_>, row: &UserRow, status: UserStatus) -> Result<(), Error> {
    let change = UserChange {
        status: Some(status),
        ..UserChange::default()
    };
    user::update(cx.conn, cx.now, row, &change)?;
    Ok(end_sessions(cx.conn, cx.now, row.id)?)
}

/// Shuts an account: its tokens end on their next use.
pub(in crate::identity) fn disable(cx: &mut Cx<'_>, id: UserId) -> Result<UserRow, Error> {
    let row = lock(cx, id)?;
    if row.status == UserStatus::Disabled {
        return Err(refuse(cx, &row, "disable"));
    }
    guard_last_administrator(cx, &row)?;
    set(cx, &row, UserStatus::Disabled)?;
    cx.audit("user.disable", "user", id.uuid(), json!({}))?;
    account::load(cx, id)
}

/// Opens a shut account; whoever never chose a password is invited again.
pub(in crate::identity) fn enable(cx: &mut Cx<'_>, id: UserId) -> Result<UserRow, Error> {
    let row = lock(cx, id)?;
    if row.status != UserStatus::Disabled {
        return Err(refuse(cx, &row, "enable"));
    }
    let status = if row.password_hash.is_some() {
        UserStatus::Active
    } else {
        UserStatus::Invited
    };
    set(cx, &row, status)?;
    cx.audit("user.enable", "user", id.uuid(), json!({}))?;
    if status == UserStatus::Invited {
        let letter = Letter::staff_invitation(&row);
        messages::send(cx.conn, &cx.platform.keys, cx.now, &row, letter)?;
    }
    account::load(cx, id)
}

/// Lets the password of an account be tried again at once.
pub(in crate::identity) fn unlock(cx: &mut Cx<'_>, id: UserId) -> Result<UserRow, Error> {
    let row = lock(cx, id)?;
    if !is_locked(&row, cx.now) {
        return Err(refuse(cx, &row, "unlock"));
    }
    user::lock(cx.conn, id, None)?;
    throttle::readmit(cx.conn, &row.email)?;
    cx.audit("user.unlock", "user", id.uuid(), json!({}))?;
    account::load(cx, id)
}
