//! A new address of an account: asked for with the password, verified, told.

use serde_json::json;

use super::password::proven;
use super::{audit_open, end_sessions, throttle, watch};
use crate::identity::call::{Cx, Open};
use crate::identity::error::Error;
use crate::identity::messages::{self, Letter, binding};
use crate::identity::store::one_time::OneTime;
use crate::identity::store::user::{self, UserChange, UserRow};
use crate::kernel::Fault;

/// Asks at the new address. Where another account has it, its holder is told instead, and the
/// caller learns nothing of it.
///
/// # Errors
/// `invalid` when the password changed meanwhile; storage failures.
pub fn ask(cx: &mut Cx<'_>, hash: &str, new: &str) -> Result<(), Error> {
    let row = proven(cx, hash)?;
    cx.audit("user.email-ask", "user", row.id.uuid(), json!({}))?;
    if row.email == new || !throttle::admit_mail(cx.conn, cx.now, new)? {
        return Ok(());
    }
    let keys = &cx.platform.keys;
    if let Some(holder) = user::find_by_email(cx.conn, new)? {
        messages::send(cx.conn, keys, cx.now, &holder, Letter::account_exists())?;
    } else {
        let letter = Letter::confirm_email(&row, new);
        messages::send(cx.conn, keys, cx.now, &row, letter)?;
    }
    Ok(())
}

/// Makes the confirmed address the account's own.
pub(super) fn confirm(open: &mut Open<'_>, row: &UserRow, one_time: &OneTime) -> Result<(), Error> {
    let (bound, new) = one_time.binding.split_once('|').ok_or(Fault::Token)?;
    if bound != binding(row) {
        return Err(Fault::Token.into());
    }
    let change = UserChange {
        email: Some(new.to_owned()),
        email_verified_at: Some(Some(open.now)),
        ..UserChange::default()
    };
    match user::update(open.conn, open.now, row, &change) {
        Ok(_) => {}
        // Somebody else made an account of it meanwhile.
        Err(error) if user::is_email_taken(&error) => return Err(Fault::Token.into()),
        Err(error) => return Err(error.into()),
    }
    end_sessions(open.conn, open.now, row.id)?;
    audit_open(
        open,
        Some(row),
        Some(row.id),
        "user.email-change",
        json!({}),
    )?;
    let keys = &open.platform.keys;
    messages::send(
        open.conn,
        keys,
        open.now,
        row,
        Letter::email_changed(&row.email),
    )?;
    if row.is_staff() {
        watch::tell_email(open.conn, keys, open.now, row)?;
    }
    Ok(())
}
