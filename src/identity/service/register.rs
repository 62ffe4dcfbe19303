//! A family makes an account and verifies its address.

use serde_json::json;

use super::{audit_open, email, throttle};
use crate::identity::call::Open;
use crate::identity::error::Error;
use crate::identity::messages::{self, Letter, binding};
use crate::identity::role::{Role, Roles};
use crate::identity::status::UserStatus;
use crate::identity::store::office as office_row;
use crate::identity::store::one_time::{self, OneTime};
use crate::identity::store::user::{self, NewUser, UserChange, UserRow};
use crate::kernel::{Fault, Language, OfficeId};
use crate::mail::message::TokenPurpose;

/// A family that wants an account.
#[derive(Debug, Clone)]
pub struct Register {
    /// Its address.
    pub email: String,
    /// Its name.
    pub full_name: String,
    /// Its phone.
    pub phone: Option<String>,
    /// The language mails to it are in.
    pub language: Language,
    /// The office's code; needed where there are several.
    pub office: Option<String>,
}

/// The office of a code, or the only one there is.
fn office(open: &mut Open<'_>, code: Option<&str>) -> Result<OfficeId, Error> {
    let found = office_row::named(open.conn, code)?;
    match (found.as_slice(), code) {
        ([only], _) => Ok(*only),
        (_, None) => Err(Fault::rule("/office", "required").into()),
        (_, Some(_)) => Err(Fault::rule("/office", "office-unknown").into()),
    }
}

/// Makes the account, or tells the holder of the one there is; the caller learns neither.
///
/// # Errors
/// `invalid` for the office; storage failures.
pub fn register(open: &mut Open<'_>, wanted: &Register, hash: &str) -> Result<(), Error> {
    let office_id = office(open, wanted.office.as_deref())?;
    let may_mail = throttle::admit_mail(open.conn, open.now, &wanted.email)?;
    let new = NewUser {
        office_id,
        email: &wanted.email,
        is_verified: false,
        password_hash: Some(hash),
        full_name: &wanted.full_name,
        phone: wanted.phone.as_deref(),
        language: wanted.language,
        roles: &Roles::new([Role::Family]),
        agency_id: None,
        status: UserStatus::Active,
    };
    let made = user::try_insert(open.conn, open.now, &new)?;
    let Some(row) = user::find_by_email(open.conn, &wanted.email)? else {
        return Err(Fault::Internal("a user is gone at once".into()).into());
    };
    if made.is_some() {
        audit_open(open, Some(&row), Some(row.id), "user.register", json!({}))?;
    }
    if may_mail {
        let letter = match made {
            Some(_) => Letter::verify_email(&row),
            None if is_begun(&row) => begun_again(open, &row)?,
            None => Letter::account_exists(),
        };
        messages::send(open.conn, &open.platform.keys, open.now, &row, letter)?;
    }
    Ok(())
}

/// Whether an account was made and nobody has shown yet that the address is theirs.
pub(super) fn is_begun(row: &UserRow) -> bool {
    row.status == UserStatus::Active
        && row.email_verified_at.is_none()
        && row.roles() == Roles::new([Role::Family])
}

/// An account that two began: a click would open it with a password only one of them knows, whoever
/// clicks. The links that verify it end, and whoever reads the mail chooses the password.
fn begun_again<'a>(open: &mut Open<'_>, row: &UserRow) -> Result<Letter<'a>, Error> {
    let purpose = TokenPurpose::VerifyEmail;
    one_time::revoke(open.conn, open.now, (row.id, purpose))?;
    messages::withdraw(open.conn, open.now, row, "verify_email")?;
    Ok(Letter::account_begun(row))
}

/// Uses the token of a link that verifies an address: of a new account, or a new address.
///
/// # Errors
/// `token-invalid`, storage failures.
pub fn verify_email(open: &mut Open<'_>, text: &str) -> Result<(), Error> {
    let purposes = [TokenPurpose::VerifyEmail, TokenPurpose::ConfirmEmail];
    let one_time = one_time::find(open.conn, open.now, text, &purposes)?.ok_or(Fault::Token)?;
    user::touch(open.conn, one_time.user)?;
    if !one_time::consume(open.conn, open.now, &one_time)? {
        return Err(Fault::Token.into());
    }
    let row = user::find(open.conn, one_time.user)?
        .filter(|row| row.status == UserStatus::Active)
        .ok_or(Fault::Token)?;
    if one_time.purpose == TokenPurpose::ConfirmEmail {
        return email::confirm(open, &row, &one_time);
    }
    verify(open, &row, &one_time)
}

fn verify(open: &mut Open<'_>, row: &UserRow, one_time: &OneTime) -> Result<(), Error> {
    if one_time.binding != binding(row) {
        return Err(Fault::Token.into());
    }
    let change = UserChange {
        email_verified_at: Some(Some(open.now)),
        ..UserChange::default()
    };
    user::update(open.conn, open.now, row, &change)?;
    audit_open(
        open,
        Some(row),
        Some(row.id),
        "user.verify-email",
        json!({}),
    )?;
    Ok(())
}
