//! The accounts of an office, kept by its administrators.

use serde_json::json;

use super::access::guard_last_administrator;
use super::register::is_begun;
use super::{end_sessions, watch};
use crate::db;
use crate::identity::actor::UserId;
use crate::identity::call::Cx;
use crate::identity::error::Error;
use crate::identity::messages::{self, Letter};
use crate::identity::role::{Role, Roles};
use crate::identity::status::UserStatus;
use crate::identity::store::directory::{self, Wanted};
use crate::identity::store::office as office_row;
use crate::identity::store::one_time;
use crate::identity::store::user::{self, NewUser, UserChange, UserRow};
use crate::kernel::{AgencyId, Fault, Language, Patch, text};
use crate::mail::message::TokenPurpose;

/// A member of staff to be invited.
#[derive(Debug, Clone)]
pub struct Invite {
    /// The address.
    pub email: String,
    /// The name.
    pub full_name: String,
    /// The phone.
    pub phone: Option<String>,
    /// The language mails are in.
    pub language: Language,
    /// What the person may be.
    pub roles: Roles,
    /// The agency the person is of.
    pub agency_id: Option<AgencyId>,
}

/// What changes of an account; `None` and `Keep` keep.
#[derive(Debug, Clone)]
pub struct Change {
    /// The address.
    pub email: Option<String>,
    /// The name.
    pub full_name: Option<String>,
    /// The phone.
    pub phone: Patch<String>,
    /// The language mails are in.
    pub language: Option<Language>,
    /// What the person may be.
    pub roles: Option<Roles>,
    /// The agency the person is of.
    pub agency_id: Patch<AgencyId>,
}

/// One page of the office's accounts, one row too many, and how many there are where asked.
pub(in crate::identity) fn list(
    cx: &mut Cx<'_>,
    wanted: &Wanted<'_>,
    after: Option<(String, UserId)>,
    limit: i64,
    wants_total: bool,
) -> Result<(Vec<UserRow>, Option<i64>), Error> {
    let office = cx.office();
    let rows = directory::page(cx.conn, office, wanted, after, limit + 1)?;
    let total = if wants_total {
        Some(directory::count(cx.conn, office, wanted)?)
    } else {
        None
    };
    Ok((rows, total))
}

/// An account of the office.
pub(in crate::identity) fn load(cx: &mut Cx<'_>, id: UserId) -> Result<UserRow, Error> {
    let office = cx.office();
    let row = user::find(cx.conn, id)?.filter(|row| row.office_id == office);
    Ok(row.ok_or(Fault::NotFound)?)
}

fn check_agency(cx: &mut Cx<'_>, agency: Option<AgencyId>) -> Result<(), Error> {
    let office = cx.office();
    match agency {
        Some(id) if !office_row::has_agency(cx.conn, office, id)? => {
            Err(Fault::rule("/agency_id", "agency-unknown").into())
        }
        _ => Ok(()),
    }
}

/// Staff is never family, a family never staff, and an administrator reads no cases.
fn check_roles(roles: &Roles, is_staff: bool) -> Result<(), Error> {
    if roles.may_combine() && roles.has(Role::Family) != is_staff {
        Ok(())
    } else {
        Err(Fault::rule("/roles", "roles-cannot-combine").into())
    }
}

/// Invites a member of staff, who chooses the password.
pub(in crate::identity) fn invite(cx: &mut Cx<'_>, invite: &Invite) -> Result<UserRow, Error> {
    check_roles(&invite.roles, true)?;
    check_agency(cx, invite.agency_id)?;
    give_way(cx, &invite.email)?;
    let new = NewUser {
        office_id: cx.office(),
        email: &invite.email,
        is_verified: false,
        password_hash: None,
        full_name: &invite.full_name,
        phone: invite.phone.as_deref(),
        language: invite.language,
        roles: &invite.roles,
        agency_id: invite.agency_id,
        status: UserStatus::Invited,
    };
    let made = user::try_insert(cx.conn, cx.now, &new)?;
    let id = made.ok_or(Error::EmailTaken)?;
    let row = load(cx, id)?;
    let facts = json!({"roles": invite.roles});
    cx.audit("user.create", "user", id.uuid(), facts)?;
    let keys = &cx.platform.keys;
    messages::send(cx.conn, keys, cx.now, &row, Letter::staff_invitation(&row))?;
    if invite.roles.iter().any(Role::reads_cases) {
        watch::tell_roles(cx.conn, keys, cx.now, &row, &invite.roles)?;
    }
    Ok(row)
}

/// Somebody registered the address of a member of staff and never showed that it is theirs: that account
/// keeps no colleague out. It gives its address back and ends, with its links.
fn give_way(cx: &mut Cx<'_>, email: &str) -> Result<(), Error> {
    let found = user::find_by_email(cx.conn, email)?;
    let Some(row) = found.filter(|row| row.office_id == cx.office() && is_begun(row)) else {
        return Ok(());
    };
    one_time::revoke(cx.conn, cx.now, (row.id, TokenPurpose::VerifyEmail))?;
    messages::withdraw(cx.conn, cx.now, &row, "verify_email")?;
    let change = UserChange {
        email: Some(format!("{}@unconfirmed.invalid", row.id)),
        status: Some(UserStatus::Disabled),
        ..UserChange::default()
    };
    write(cx, &row, &change)?;
    cx.audit("user.give-way", "user", row.id.uuid(), json!({}))?;
    Ok(())
}

/// Changes an account.
pub(in crate::identity) fn update(
    cx: &mut Cx<'_>,
    id: UserId,
    change: &Change,
) -> Result<UserRow, Error> {
    load(cx, id)?;
    let office = cx.office();
    if change.roles.is_some() {
        office_row::touch(cx.conn, office)?;
    }
    user::touch(cx.conn, id)?;
    let row = load(cx, id)?;
    cx.expected.require(row.version)?;
    check_agency(cx, change.agency_id.clone().over(None))?;
    let email = change.email.as_ref().filter(|new| **new != row.email);
    let old_roles = row.roles();
    let roles = change.roles.as_ref().filter(|new| **new != old_roles);
    if id == cx.actor.id && roles.is_some() {
        return Err(Error::OwnRoles);
    }
    if id == cx.actor.id && email.is_some() {
        return Err(Error::OwnEmail);
    }
    if let Some(roles) = roles {
        check_roles(roles, row.is_staff())?;
        if !roles.has(Role::Administrator) {
            guard_last_administrator(cx, &row)?;
        }
    }
    let columns = columns(change, email, roles);
    if !columns.is_news(&row) {
        return Ok(row);
    }
    write(cx, &row, &columns)?;
    if email.is_some() || roles.is_some() {
        end_sessions(cx.conn, cx.now, id)?;
    }
    let facts = json!({"fields": fields(change), "roles": roles});
    cx.audit("user.update", "user", id.uuid(), facts)?;
    if let Some(roles) = roles {
        tell_roles(cx, &row, roles)?;
    }
    let after = load(cx, id)?;
    if email.is_some() {
        tell_email(cx, &row, &after)?;
    }
    Ok(after)
}

fn write(cx: &mut Cx<'_>, row: &UserRow, change: &UserChange) -> Result<(), Error> {
    match user::update(cx.conn, cx.now, row, change) {
        Ok(true) => Ok(()),
        Ok(false) => Err(Fault::Stale.into()),
        Err(error) if user::is_email_taken(&error) => Err(Error::EmailTaken),
        Err(error) => Err(error.into()),
    }
}

fn columns(change: &Change, email: Option<&String>, roles: Option<&Roles>) -> UserChange {
    UserChange {
        email: email.cloned(),
        // The new address is nobody's until its link is used.
        email_verified_at: email.map(|_| None),
        full_name: change.full_name.clone(),
        name_key: change.full_name.as_deref().map(text::sort_key),
        phone: change.phone.clone().changed(),
        language: change.language,
        roles: roles.map(Roles::to_column),
        agency_id: change.agency_id.clone().changed(),
        ..UserChange::default()
    }
}

/// The names of the fields a change sets: what the audit may know of it.
fn fields(change: &Change) -> Vec<&'static str> {
    let named = [
        ("email", change.email.is_some()),
        ("full_name", change.full_name.is_some()),
        ("phone", change.phone != Patch::Keep),
        ("language", change.language.is_some()),
        ("roles", change.roles.is_some()),
        ("agency_id", change.agency_id != Patch::Keep),
    ];
    let set = named.into_iter().filter(|(_, is_set)| *is_set);
    set.map(|(name, _)| name).collect()
}

fn tell_roles(cx: &mut Cx<'_>, row: &UserRow, roles: &Roles) -> db::Result<()> {
    let old = row.roles();
    let is_new = |role: Role| role.reads_cases() && !old.has(role);
    if !roles.iter().any(is_new) {
        return Ok(());
    }
    let keys = &cx.platform.keys;
    let letter = Letter::roles_changed(&row.email, roles, row.language);
    messages::send(cx.conn, keys, cx.now, row, letter.to(&row.email))?;
    watch::tell_roles(cx.conn, keys, cx.now, row, roles)
}

/// Tells the old address, and asks at the new one.
fn tell_email(cx: &mut Cx<'_>, row: &UserRow, after: &UserRow) -> db::Result<()> {
    let keys = &cx.platform.keys;
    let letter = if after.status == UserStatus::Invited {
        Letter::staff_invitation(after)
    } else {
        Letter::verify_email(after)
    };
    messages::send(cx.conn, keys, cx.now, after, letter)?;
    if row.is_staff() {
        let letter = Letter::staff_email_changed(&row.email);
        messages::send(cx.conn, keys, cx.now, row, letter)?;
        return watch::tell_email(cx.conn, keys, cx.now, row);
    }
    messages::send(
        cx.conn,
        keys,
        cx.now,
        row,
        Letter::email_changed(&row.email),
    )?;
    Ok(())
}
