//! Logging in, in two transactions with the hash between them.

use serde_json::json;

use super::throttle::{self, Gate};
use super::{audit_open, session};
use crate::identity::call::Open;
use crate::identity::error::Error;
use crate::identity::messages::{self, Letter};
use crate::identity::store::device;
use crate::identity::store::office as office_row;
use crate::identity::store::user::{self, UserRow};
use crate::identity::view::SessionView;

/// A try whose password was compared.
#[derive(Debug)]
pub struct Tried<'a> {
    /// The address it was for.
    pub email: &'a str,
    /// What the client calls the device.
    pub label: &'a str,
    /// The hash the password fits; `None` when it fits none.
    pub fits: Option<&'a str>,
    /// A hash of the password with today's parameters, where the stored one is older.
    pub renewed: Option<&'a str>,
}

/// Counts the try and reads the hash it is compared with.
///
/// # Errors
/// When storage fails.
pub fn admit(open: &mut Open<'_>, email: &str) -> Result<Gate, Error> {
    Ok(throttle::admit(open.conn, open.now, email)?)
}

/// Opens a device for a try that fits; any other is written down and is `None`.
///
/// # Errors
/// When storage fails.
pub fn settle(open: &mut Open<'_>, tried: &Tried<'_>) -> Result<Option<SessionView>, Error> {
    let mut found = user::find_by_email(open.conn, tried.email)?;
    if let Some(row) = found.take() {
        // The row's lock before its state: a password that changes now must end this device, too.
        user::touch(open.conn, row.id)?;
        found = user::find(open.conn, row.id)?;
    }
    let fitting = found.as_ref().filter(|row| {
        row.may_log_in() && tried.fits.is_some() && tried.fits == row.password_hash.as_deref()
    });
    let Some(row) = fitting else {
        audit_open(open, found.as_ref(), None, "user.login-failed", json!({}))?;
        return Ok(None);
    };
    if let Some(hash) = tried.renewed {
        user::rehash(open.conn, row.id, hash)?;
    }
    let is_known = device::is_known(open.conn, row.id, tried.label)?;
    let device = device::insert(open.conn, open.now, row.id, tried.label)?;
    if row.is_staff() && !is_known {
        tell_new_device(open, row, tried.label)?;
    }
    let facts = json!({"device": device});
    audit_open(open, Some(row), Some(row.id), "user.login", facts)?;
    session::begin(open.conn, &open.platform.keys, open.now, row, device).map(Some)
}

fn tell_new_device(open: &mut Open<'_>, row: &UserRow, label: &str) -> Result<(), Error> {
    let zone = office_row::zone(open.conn, row.office_id)?;
    let at = zone.format_long(row.language, open.now);
    let letter = Letter::new_device(at, label);
    messages::send(open.conn, &open.platform.keys, open.now, row, letter)?;
    Ok(())
}
