//! Setting a password: by a link, or with the current one.

use serde_json::json;

use super::throttle::{self, Gate};
use super::{audit_open, end_sessions};
use crate::identity::call::{Cx, Open};
use crate::identity::error::Error;
use crate::identity::messages::{self, Letter, binding};
use crate::identity::status::UserStatus;
use crate::identity::store::one_time::{self, OneTime};
use crate::identity::store::user::{self, UserChange, UserRow};
use crate::kernel::Fault;
use crate::mail::message::TokenPurpose;

const PURPOSES: [TokenPurpose; 2] = [TokenPurpose::ResetPassword, TokenPurpose::InviteStaff];

/// Mails a link that sets a new password, where there is an account that may have one; whoever
/// was invited and never came is invited again.
///
/// # Errors
/// When storage fails.
pub fn ask(open: &mut Open<'_>, email: &str) -> Result<(), Error> {
    let may_mail = throttle::admit_mail(open.conn, open.now, email)?;
    let found = user::find_by_email(open.conn, email)?.filter(|_| may_mail);
    let letter = match &found {
        Some(row) if row.status == UserStatus::Active => Letter::password_reset(row),
        Some(row) if row.status == UserStatus::Invited => Letter::staff_invitation(row),
        _ => return Ok(()),
    };
    if let Some(row) = &found {
        messages::send(open.conn, &open.platform.keys, open.now, row, letter)?;
        audit_open(open, Some(row), None, "user.password-reset-ask", json!({}))?;
    }
    Ok(())
}

fn holder(open: &mut Open<'_>, one_time: &OneTime) -> Result<UserRow, Error> {
    let fits = |row: &UserRow| match one_time.purpose {
        TokenPurpose::InviteStaff => row.status == UserStatus::Invited,
        _ => row.status == UserStatus::Active,
    };
    let row = user::find(open.conn, one_time.user)?;
    let row = row.filter(|row| fits(row) && one_time.binding == binding(row));
    Ok(row.ok_or(Fault::Token)?)
}

/// Refuses a dead token before anything is hashed for it.
///
/// # Errors
/// `token-invalid`, storage failures.
pub fn check(open: &mut Open<'_>, text: &str) -> Result<(), Error> {
    let one_time = one_time::find(open.conn, open.now, text, &PURPOSES)?.ok_or(Fault::Token)?;
    holder(open, &one_time).map(drop)
}

/// Sets the password a link gave the right to; the link proves the address, too. A phone that came
/// with an address nobody had proven may be of whoever typed that address, and is not kept.
///
/// # Errors
/// `token-invalid`, storage failures.
pub fn confirm(open: &mut Open<'_>, text: &str, hash: &str) -> Result<(), Error> {
    let one_time = one_time::find(open.conn, open.now, text, &PURPOSES)?.ok_or(Fault::Token)?;
    user::touch(open.conn, one_time.user)?;
    if !one_time::consume(open.conn, open.now, &one_time)? {
        return Err(Fault::Token.into());
    }
    let row = holder(open, &one_time)?;
    let is_first = row.email_verified_at.is_none() && row.status == UserStatus::Active;
    let change = UserChange {
        phone: is_first.then_some(None),
        password_hash: Some(hash.to_owned()),
        email_verified_at: Some(Some(open.now)),
        status: Some(UserStatus::Active),
        locked_until: Some(None),
        ..UserChange::default()
    };
    user::update(open.conn, open.now, &row, &change)?;
    end_sessions(open.conn, open.now, row.id)?;
    throttle::readmit(open.conn, &row.email)?;
    let facts = json!({"by": one_time.purpose});
    audit_open(
        open,
        Some(&row),
        Some(row.id),
        "user.password-change",
        facts,
    )?;
    if one_time.purpose == TokenPurpose::ResetPassword {
        let letter = Letter::password_changed();
        messages::send(open.conn, &open.platform.keys, open.now, &row, letter)?;
    }
    Ok(())
}

/// The caller as stored.
pub(super) fn caller(cx: &mut Cx<'_>) -> Result<UserRow, Error> {
    Ok(user::find(cx.conn, cx.actor.id)?.ok_or(Fault::Unauthenticated)?)
}

/// Counts a try of the caller's own password and reads the hash it is compared with.
///
/// # Errors
/// When storage fails.
pub fn admit(cx: &mut Cx<'_>) -> Result<Gate, Error> {
    let row = caller(cx)?;
    let whose = (row.id, row.password_hash);
    Ok(throttle::admit_own(cx.conn, cx.now, whose)?)
}

/// Writes down that the caller's own password was wrong.
///
/// # Errors
/// When storage fails.
pub fn refused(cx: &mut Cx<'_>) -> Result<(), Error> {
    let id = cx.actor.id.uuid();
    Ok(cx.audit("user.password-wrong", "user", id, json!({}))?)
}

/// The caller, if the password that was proven is still the one; its row stays locked.
pub(super) fn proven(cx: &mut Cx<'_>, hash: &str) -> Result<UserRow, Error> {
    user::touch(cx.conn, cx.actor.id)?;
    let row = caller(cx)?;
    if row.password_hash.as_deref() == Some(hash) {
        Ok(row)
    } else {
        Err(Fault::rule("/current_password", "password-wrong").into())
    }
}

/// Replaces the caller's password and ends every token it has, this call's own included.
///
/// # Errors
/// `invalid` when the password changed meanwhile; storage failures.
pub fn change(cx: &mut Cx<'_>, old: &str, new: &str) -> Result<(), Error> {
    let row = proven(cx, old)?;
    let change = UserChange {
        password_hash: Some(new.to_owned()),
        ..UserChange::default()
    };
    user::update(cx.conn, cx.now, &row, &change)?;
    end_sessions(cx.conn, cx.now, row.id)?;
    cx.audit("user.password-change", "user", row.id.uuid(), json!({}))?;
    let letter = Letter::password_changed();
    messages::send(cx.conn, &cx.platform.keys, cx.now, &row, letter)?;
    Ok(())
}
