//! The mails about accounts.

use chrono::TimeDelta;

use super::role::{Role, Roles};
use super::store::user::UserRow;
use crate::db::{self, Conn};
use crate::kernel::{Language, Timestamp, token};
use crate::mail::message::{Content, MessageClass, NewMessage, TokenPurpose};
use crate::mail::outbox::{self, Grant, Withdrawn};
use crate::sealed::Keys;

/// Hours a link that verifies an address works.
const VERIFY_HOURS: i64 = 24;
/// Minutes a link that sets a new password works.
const RESET_MINUTES: i64 = 30;
/// Days an invitation works.
const INVITATION_DAYS: i64 = 7;
/// What is not sent within this time is no longer worth telling.
const KEPT: TimeDelta = TimeDelta::days(3);

/// A mail to the holder of an account.
#[derive(Debug)]
pub(super) struct Letter<'a> {
    kind: &'static str,
    /// Another address than the account's own.
    address: Option<&'a str>,
    content: Content,
    grant: Option<(TokenPurpose, String, TimeDelta)>,
}

/// What must still be so when a link is used: the address and the password it was sent under.
pub(super) fn binding(user: &UserRow) -> String {
    let hash = user.password_hash.as_deref().unwrap_or_default();
    token::sha256_hex(format!("{}\n{hash}", user.email).as_bytes())
}

impl<'a> Letter<'a> {
    fn plain(kind: &'static str) -> Self {
        Self {
            kind,
            address: None,
            content: Content::default(),
            grant: None,
        }
    }

    fn linked(
        kind: &'static str,
        verb: char,
        purpose: TokenPurpose,
        binding: String,
        ttl: TimeDelta,
    ) -> Self {
        Self {
            content: Content::default().link("link", verb, Some(purpose)),
            grant: Some((purpose, binding, ttl)),
            ..Self::plain(kind)
        }
    }

    fn value(mut self, name: &str, value: impl Into<serde_json::Value>) -> Self {
        self.content = self.content.value(name, value);
        self
    }

    /// Asks the holder of a new account to verify the address.
    pub(super) fn verify_email(user: &UserRow) -> Self {
        let ttl = TimeDelta::hours(VERIFY_HOURS);
        let purpose = TokenPurpose::VerifyEmail;
        Self::linked("verify_email", 'v', purpose, binding(user), ttl).value("hours", VERIFY_HOURS)
    }

    /// Tells that somebody wanted an account of an address that has one.
    pub(super) fn account_exists() -> Self {
        let mut letter = Self::plain("account_exists");
        letter.content = letter.content.link("link", 'o', None);
        letter.value("begun", false)
    }

    /// Lets the holder of an address choose the password of an account begun twice.
    pub(super) fn account_begun(user: &UserRow) -> Self {
        let ttl = TimeDelta::hours(VERIFY_HOURS);
        let purpose = TokenPurpose::ResetPassword;
        Self::linked("account_exists", 'p', purpose, binding(user), ttl)
            .value("begun", true)
            .value("hours", VERIFY_HOURS)
    }

    /// Lets the holder set a new password.
    pub(super) fn password_reset(user: &UserRow) -> Self {
        let ttl = TimeDelta::minutes(RESET_MINUTES);
        let purpose = TokenPurpose::ResetPassword;
        Self::linked("password_reset", 'p', purpose, binding(user), ttl)
            .value("minutes", RESET_MINUTES)
    }

    /// Lets a new member of staff set the first password.
    pub(super) fn staff_invitation(user: &UserRow) -> Self {
        let ttl = TimeDelta::days(INVITATION_DAYS);
        let purpose = TokenPurpose::InviteStaff;
        Self::linked("staff_invitation", 'p', purpose, binding(user), ttl)
            .value("days", INVITATION_DAYS)
    }

    /// Tells that the password was changed.
    pub(super) fn password_changed() -> Self {
        Self::plain("password_changed")
    }

    /// Tells the old address that it no longer belongs to the account.
    pub(super) fn email_changed(old: &'a str) -> Self {
        Self {
            address: Some(old),
            ..Self::plain("email_changed")
        }
    }

    /// Asks at the new address whether it is the holder's.
    pub(super) fn confirm_email(user: &UserRow, new: &'a str) -> Self {
        let ttl = TimeDelta::hours(VERIFY_HOURS);
        let bound = format!("{}|{new}", binding(user));
        let letter = Self::linked("confirm_email", 'v', TokenPurpose::ConfirmEmail, bound, ttl);
        Self {
            address: Some(new),
            ..letter.value("hours", VERIFY_HOURS)
        }
    }

    /// Tells that a used refresh token came again, and that its device was signed out.
    pub(super) fn devices_signed_out() -> Self {
        Self::plain("devices_signed_out")
    }

    /// Tells staff of a login on a device not seen before.
    pub(super) fn new_device(at: String, device: &str) -> Self {
        Self::plain("new_device")
            .value("at", at)
            .value("device", device)
    }

    /// Tells that an account was given a role that reads cases.
    pub(super) fn roles_changed(account: &str, roles: &Roles, language: Language) -> Self {
        let names: Vec<&str> = roles.iter().map(|role| role_name(role, language)).collect();
        Self::plain("roles_changed")
            .value("account", mask(account))
            .value("roles", names)
    }

    /// Tells that the address of a member of staff changed.
    pub(super) fn staff_email_changed(account: &str) -> Self {
        Self::plain("staff_email_changed").value("account", mask(account))
    }

    /// The same letter to another address than the account's own.
    pub(super) fn to(mut self, address: &'a str) -> Self {
        self.address = Some(address);
        self
    }
}

/// Puts a letter in the outbox, in the transaction of what it tells; gives the token of its link.
pub(super) fn send(
    conn: &mut Conn,
    keys: &Keys,
    now: Timestamp,
    user: &UserRow,
    letter: Letter<'_>,
) -> db::Result<Option<String>> {
    let lasts = letter.grant.as_ref().map_or(KEPT, |(_, _, ttl)| *ttl);
    let grant = letter.grant.map(|(purpose, binding, ttl)| Grant {
        purpose,
        subject: user.id.uuid(),
        binding,
        expires_at: now.plus(ttl),
    });
    let message = NewMessage {
        kind: letter.kind,
        class: MessageClass::Account,
        office: user.office_id,
        user: Some(user.id.uuid()),
        address: Some(letter.address.unwrap_or(&user.email)),
        language: user.language,
        object_kind: "user",
        object: user.id.uuid(),
        object_version: user.version,
        content: letter.content,
        // Each is told: two logins in one second are two.
        dedupe_key: format!("{}:{}", letter.kind, token::fresh()),
        not_before: now,
        expires_at: Some(now.plus(lasts)),
    };
    let grants: Vec<Grant> = grant.into_iter().collect();
    let sent = outbox::enqueue(conn, keys, now, &message, &grants)?;
    let purpose = grants.first().map(|grant| grant.purpose);
    Ok(sent
        .zip(purpose)
        .map(|(id, purpose)| crate::mail::message::derive_token(keys, id, purpose)))
}

/// Takes back an account's mails of a kind that have not been sent.
pub(super) fn withdraw(
    conn: &mut Conn,
    now: Timestamp,
    user: &UserRow,
    kind: &str,
) -> db::Result<()> {
    outbox::withdraw(conn, now, user.id.uuid(), &[kind], Withdrawn::Superseded)?;
    Ok(())
}

/// An address of which only its holder knows the rest.
pub(super) fn mask(email: &str) -> String {
    let (local, domain) = email.split_once('@').unwrap_or((email, ""));
    let first: String = local.chars().take(1).collect();
    format!("{first}•••@{domain}")
}

/// A role as people call it.
fn role_name(role: Role, language: Language) -> &'static str {
    let (vi, en) = match role {
        Role::Administrator => ("Quản trị", "Administrator"),
        Role::Organiser => ("Tổ chức", "Organiser"),
        Role::Counsellor => ("Tư vấn viên", "Counsellor"),
        Role::Supervisor => ("Giám sát chuyên môn", "Supervisor"),
        Role::LegalAidIntake => ("Người tiếp nhận", "Legal aid intake"),
        Role::Reporter => ("Báo cáo", "Reporter"),
        Role::Contributor => ("Đơn vị phối hợp", "Contributor"),
        Role::Auditor => ("Kiểm tra", "Auditor"),
        Role::Family => ("Gia đình", "Family"),
    };
    language.pick(vi, en)
}
