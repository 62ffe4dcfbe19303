//! The mails of reports: to an agency's contributors, at their work addresses.

use super::error::Error;
use super::model::{Contribution, Report, ReportKind};
use crate::identity::contact::Contact;
use crate::identity::{Role, UserId, colleague, contact};
use crate::kernel::Language;
use crate::kernel::civil::write_date;
use crate::mail::message::{Content, MessageClass, NewMessage};
use crate::mail::outbox::{self, Withdrawn};
use crate::office::work::Work;

/// That a part is wanted.
const WANTED: &str = "contribution_wanted";
/// That it was sent back.
const RETURNED: &str = "contribution_returned";

/// What a mail calls a report.
fn name(report: &Report, language: Language) -> String {
    let year = report.year;
    match report.kind {
        ReportKind::Annual => language.pick(
            format!("Báo cáo năm {year}"),
            format!("annual report {year}"),
        ),
        ReportKind::Summary => language.pick(
            format!("Báo cáo tổng kết năm {year}"),
            format!("summary report {year}"),
        ),
    }
}

/// Asks an agency's contributors for its part; for another day than before, if that was asked already.
pub(super) fn want(work: &mut Work<'_>, report: &Report, part: &Contribution) -> Result<(), Error> {
    outbox::withdraw(
        work.conn,
        work.now,
        part.id.uuid(),
        &[WANTED],
        Withdrawn::Superseded,
    )?;
    let once = report
        .contributions_due_on
        .map(|day| day.to_string())
        .unwrap_or_default();
    tell(work, (report, part), (WANTED, &once), |content, _| content)
}

/// Tells them that it was sent back, and why.
pub(super) fn send_back(
    work: &mut Work<'_>,
    report: &Report,
    part: &Contribution,
) -> Result<(), Error> {
    let reason = part.returned_reason.clone().unwrap_or_default();
    let once = part.version.to_string();
    tell(work, (report, part), (RETURNED, &once), |content, _| {
        content.value("reason", reason.clone())
    })
}

/// Takes back what has not been sent: the part has come.
pub(super) fn withdraw(work: &mut Work<'_>, part: &Contribution) -> Result<(), Error> {
    let kinds = [WANTED, RETURNED];
    outbox::withdraw(
        work.conn,
        work.now,
        part.id.uuid(),
        &kinds,
        Withdrawn::Cancelled,
    )?;
    Ok(())
}

fn tell(
    work: &mut Work<'_>,
    (report, part): (&Report, &Contribution),
    (kind, once): (&'static str, &str),
    fill: impl Fn(Content, &Contact) -> Content,
) -> Result<(), Error> {
    let office = work.office_id();
    let to = colleague::holders_of(work.conn, office, Role::Contributor, part.agency_id)?;
    for user in to {
        let Some(contact) = contact::find(work.conn, user)? else {
            continue;
        };
        let day = report.contributions_due_on;
        let content = Content::default()
            .value("report", name(report, contact.language))
            .value("due_date", day.map(|day| write_date(contact.language, day)))
            .link("link", 'o', None);
        let content = fill(content, &contact);
        send(work, part, (kind, once), (user, &contact, content))?;
    }
    Ok(())
}

fn send(
    work: &mut Work<'_>,
    part: &Contribution,
    (kind, once): (&'static str, &str),
    (user, contact, content): (UserId, &Contact, Content),
) -> Result<(), Error> {
    let message = NewMessage {
        kind,
        class: MessageClass::Plan,
        office: work.office_id(),
        user: Some(user.uuid()),
        address: Some(&contact.email),
        language: contact.language,
        object_kind: "report-contribution",
        object: part.id.uuid(),
        object_version: part.version,
        content,
        dedupe_key: format!("{kind}:{}:{once}:{user}", part.id),
        not_before: work.send_time(true)?,
        expires_at: None,
    };
    outbox::enqueue(work.conn, &work.platform.keys, work.now, &message, &[])?;
    Ok(())
}
