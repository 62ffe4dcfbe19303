//! The mails about alerts: a code of their own, a link and a time. Nothing of who, what or where.

use super::RiskAlertId;
use crate::db::{self, Conn};
use crate::identity::{UserId, contact};
use crate::kernel::{OfficeId, Timestamp, Zone};
use crate::mail::message::{Content, MessageClass, NewMessage};
use crate::mail::outbox::{self, Withdrawn};
use crate::sealed::Keys;

/// Kinds that are withdrawn once someone sees to an alert.
const KINDS: [&str; 2] = ["risk_flag", "risk_escalated"];

/// What a mail tells of an alert.
#[derive(Debug, Clone, Copy)]
pub(super) struct Flag<'a> {
    pub(super) office: OfficeId,
    pub(super) zone: Zone,
    pub(super) alert: RiskAlertId,
    pub(super) code: &'a str,
    /// Until when the button is to be pressed.
    pub(super) answer_by: Timestamp,
    /// Whether somebody before did not answer.
    pub(super) is_escalated: bool,
}

/// Tells someone at their work address, at once: quiet hours do not hold it back.
pub(super) fn tell(
    conn: &mut Conn,
    keys: &Keys,
    now: Timestamp,
    flag: Flag<'_>,
    user: UserId,
) -> db::Result<()> {
    let Some(contact) = contact::find(conn, user)? else {
        return Ok(());
    };
    let kind = if flag.is_escalated {
        KINDS[1]
    } else {
        KINDS[0]
    };
    let content = Content::default()
        .value("alert_code", flag.code)
        .value("by_time", flag.zone.format_clock(flag.answer_by))
        .value(
            "by_day",
            flag.zone.format_day(contact.language, flag.answer_by),
        )
        .link("link", 'r', None);
    let message = NewMessage {
        kind,
        class: MessageClass::Case,
        office: flag.office,
        user: Some(user.uuid()),
        address: Some(&contact.email),
        language: contact.language,
        object_kind: "risk-alert",
        object: flag.alert.uuid(),
        object_version: 1,
        content,
        dedupe_key: format!("{kind}:{}:{user}:{}", flag.alert, now.micros()),
        not_before: now,
        expires_at: None,
    };
    outbox::enqueue(conn, keys, now, &message, &[])?;
    Ok(())
}

/// Takes back what was not sent yet: someone sees to it.
pub(super) fn withdraw(conn: &mut Conn, now: Timestamp, alert: RiskAlertId) -> db::Result<()> {
    outbox::withdraw(conn, now, alert.uuid(), &KINDS, Withdrawn::Cancelled)?;
    Ok(())
}
