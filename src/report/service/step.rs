//! The steps of a report, from asking the agencies to having it filed.

use chrono::NaiveDate;

use super::report::{self, Named, ask_for_approval, is_own, lock, save};
use super::{contribution as parts_of, file as files_of};
use crate::kernel::error::Check;
use crate::kernel::{AgencyId, Fault, Timestamp};
use crate::office::agency;
use crate::office::work::Work;
use crate::office::work_item::{self, WorkItemKind};
use crate::plan::obligation;
use crate::report::content::{Content, QUERY_VERSION};
use crate::report::error::Error;
use crate::report::messages;
use crate::report::model::{FiledWay, Report, ReportId};
use crate::report::status::{ReportAction, ReportStatus};
use crate::report::store::contribution;
use crate::report::store::report::{self as store, Wanted};
use crate::report::store::snapshot::{self, Snapshot};

/// The agencies that are asked, and until when.
#[derive(Debug, Clone)]
pub(in crate::report) struct Asked {
    /// Without a list every agency of the ward's own but the one that writes the report.
    pub(in crate::report) agencies: Option<Vec<AgencyId>>,
    pub(in crate::report) due_on: NaiveDate,
}

/// Asks agencies for their part; asked again, more of them, or for another day.
pub(in crate::report) fn request_contributions(
    work: &mut Work<'_>,
    named: Named,
    asked: &Asked,
) -> Result<Report, Error> {
    let mut report = lock(work, named)?;
    report.status = report.status.apply(ReportAction::RequestContributions)?;
    let today = work.zone().day(work.now);
    if asked.due_on < today {
        return Err(Fault::rule("/due_on", "in-the-past").into());
    }
    let wanted = parts_of::wanted(work, asked.agencies.as_deref())?;
    let is_other_day = report.contributions_due_on != Some(asked.due_on);
    report.contributions_due_on = Some(asked.due_on);
    let known = contribution::of(work.conn, report.id)?;
    for agency in wanted {
        if !known.iter().any(|part| part.agency_id == agency) {
            parts_of::ask(work, &report, agency)?;
        }
    }
    save(work, &mut report, ReportAction::RequestContributions)?;
    for part in contribution::of(work.conn, report.id)? {
        let is_known = known.iter().any(|one| one.id == part.id);
        if part.status.is_missing() && (is_other_day || !is_known) {
            messages::want(work, &report, &part)?;
        }
    }
    Ok(report)
}

/// Puts the parts together. Those that are missing hold it up until the caller says that they know.
pub(in crate::report) fn consolidate(
    work: &mut Work<'_>,
    named: Named,
    acknowledges_missing: bool,
) -> Result<Report, Error> {
    let mut report = lock(work, named)?;
    let status = report.status.apply(ReportAction::Consolidate)?;
    let parts = contribution::of(work.conn, report.id)?;
    let missing: Vec<AgencyId> = parts
        .iter()
        .filter(|part| part.status.is_missing())
        .map(|part| part.agency_id)
        .collect();
    if !missing.is_empty() && !acknowledges_missing {
        let all = agency::all(work.conn, work.office.id)?.into_iter();
        let missing = all.filter(|one| missing.contains(&one.id));
        return Err(Error::ContributionsMissing {
            agencies: missing.map(|one| one.code).collect(),
        });
    }
    report.status = status;
    report.returned_reason = None;
    report.consolidated = Some((work.now, work.actor));
    save(work, &mut report, ReportAction::Consolidate)?;
    ask_for_approval(work, &report)?;
    Ok(report)
}

fn close_items(work: &mut Work<'_>, report: &Report) -> Result<(), Error> {
    let kinds = [WorkItemKind::ReportToApprove];
    work_item::close_for(work.conn, work.now, report.id.uuid(), &kinds)?;
    Ok(())
}

/// Says that it may be issued.
pub(in crate::report) fn approve(work: &mut Work<'_>, named: Named) -> Result<Report, Error> {
    let mut report = lock(work, named)?;
    let status = report.status.apply(ReportAction::Approve)?;
    if is_own(work, &report)? {
        return Err(crate::plan::Error::OwnApproval.into());
    }
    report.status = status;
    report.approved = Some((work.now, work.actor));
    save(work, &mut report, ReportAction::Approve)?;
    close_items(work, &report)?;
    Ok(report)
}

/// Sends it back to be changed.
pub(in crate::report) fn return_for_changes(
    work: &mut Work<'_>,
    named: Named,
    reason: String,
) -> Result<Report, Error> {
    let mut report = lock(work, named)?;
    report.status = report.status.apply(ReportAction::ReturnForChanges)?;
    report.returned_reason = Some(reason);
    report.consolidated = None;
    report.approved = None;
    save(work, &mut report, ReportAction::ReturnForChanges)?;
    close_items(work, &report)?;
    Ok(report)
}

/// What stands on a report that is issued.
#[derive(Debug, Clone)]
pub(in crate::report) struct Issued {
    pub(in crate::report) number: String,
    pub(in crate::report) dated_on: NaiveDate,
    pub(in crate::report) signer: String,
    pub(in crate::report) recipients: Option<Vec<String>>,
}

/// Gives it its number, and freezes what it says: whatever is entered later is in another edition.
pub(in crate::report) fn issue(
    work: &mut Work<'_>,
    named: Named,
    issued: Issued,
) -> Result<Report, Error> {
    let mut report = lock(work, named)?;
    let status = report.status.apply(ReportAction::Issue)?;
    let today = work.zone().day(work.now);
    if report.period.1 >= today {
        return Err(Error::PeriodNotOver);
    }
    let mut check = Check::new();
    check.rule(issued.dated_on <= today, "/dated_on", "in-the-future");
    let is_after = issued.dated_on > report.period.1;
    check.rule(is_after, "/dated_on", "order-invalid");
    check.done()?;
    report.status = status;
    report.number = Some(issued.number);
    report.dated_on = Some(issued.dated_on);
    report.signer = Some(issued.signer);
    if let Some(recipients) = issued.recipients {
        report.recipients = recipients;
    }
    report.issued = Some((work.now, work.actor));
    let (content, sha256) = Content::count(work, &report)?.sealed()?;
    let frozen = Snapshot {
        report_id: report.id,
        cut_off_at: work.now,
        query_version: QUERY_VERSION,
        content,
        sha256,
    };
    snapshot::insert(work.conn, &frozen)?;
    save(work, &mut report, ReportAction::Issue)?;
    Ok(report)
}

/// How and when it went out.
#[derive(Debug, Clone, Copy)]
pub(in crate::report) struct Sent {
    pub(in crate::report) at: Timestamp,
    pub(in crate::report) way: FiledWay,
}

/// Notes that whoever it is owed to has it.
pub(in crate::report) fn file(
    work: &mut Work<'_>,
    named: Named,
    sent: Sent,
) -> Result<Report, Error> {
    let mut report = lock(work, named)?;
    report.status = report.status.apply(ReportAction::File)?;
    let zone = work.zone();
    let is_after = report.dated_on.is_none_or(|day| zone.day(sent.at) >= day);
    if !is_after {
        return Err(Fault::rule("/filed_at", "order-invalid").into());
    }
    report.filed = Some((sent.at, work.actor));
    report.filed_way = Some(sent.way);
    save(work, &mut report, ReportAction::File)?;
    // Whoever files the report has done what the plan asks for; a later edition files nothing anew.
    let owed = format!("{}_report-{}", report.kind, report.year);
    obligation::fulfil(work, &owed, sent.at, report.number.as_deref())?;
    Ok(report)
}

/// Begins another edition, which says why; the one before stays as it was issued.
pub(in crate::report) fn revise(
    work: &mut Work<'_>,
    named: Named,
    reason: String,
) -> Result<Report, Error> {
    let before = lock(work, named)?;
    before.status.apply(ReportAction::Revise)?;
    let next = Report {
        id: ReportId::new(work.now),
        edition: before.edition + 1,
        edition_reason: Some(reason),
        status: ReportStatus::Building,
        contributions_due_on: None,
        returned_reason: None,
        consolidated: None,
        approved: None,
        number: None,
        dated_on: None,
        issued: None,
        filed: None,
        filed_way: None,
        data_key_id: None,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
        ..before.clone()
    };
    report::insert(work, &next)?;
    for part in contribution::of(work.conn, before.id)? {
        parts_of::carry_over(work, &next, part)?;
    }
    Ok(next)
}

/// Whether an issued report would say something else today: other figures, another product.
pub(in crate::report) fn has_moved(work: &mut Work<'_>, report: &Report) -> Result<bool, Error> {
    let Some(frozen) = snapshot::find(work.conn, report.id)? else {
        return Ok(false);
    };
    let (now, _) = Content::count(work, report)?.sealed()?;
    Ok(frozen.content != now)
}

/// The files of a report, for its view.
pub(in crate::report) fn files(
    work: &mut Work<'_>,
    report: &Report,
) -> Result<Vec<crate::report::model::KeptFile>, Error> {
    files_of::list(work, report)
}

/// The reports of a kind, the newest first, with their number where it is wanted.
pub(in crate::report) fn list(
    work: &mut Work<'_>,
    wanted: &Wanted,
    (before, limit): (Option<i32>, i64),
    wants_total: bool,
) -> Result<(Vec<Report>, Option<i64>), Error> {
    let office = work.office_id();
    let rows = store::page(work.conn, (office, wanted), before, limit + 1)?;
    let total = if wants_total {
        Some(store::count(work.conn, (office, wanted))?)
    } else {
        None
    };
    Ok((rows, total))
}
