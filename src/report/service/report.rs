//! Beginning, reading and writing a report.

use serde_json::json;

use crate::db::{self, dialect};
use crate::identity::Role;
use crate::kernel::Fault;
use crate::kernel::error::Check;
use crate::office::approval::Approver;
use crate::office::work::Work;
use crate::office::work_item::{self, NewWorkItem, WorkItemKind};
use crate::office::{agency, plan};
use crate::report::content::Content;
use crate::report::error::Error;
use crate::report::model::{Report, ReportId, ReportKind, Texts};
use crate::report::status::{ReportAction, ReportStatus};
use crate::report::store::{report as store, snapshot};

/// The most tasks that are looked at: the plan has fourteen.
const TASKS_MAX: i64 = 1_000;

/// Which report a caller speaks of.
pub(in crate::report) type Named = (ReportKind, i32);

/// A report as it stands; without a number its latest edition.
pub(in crate::report) fn load(
    work: &mut Work<'_>,
    (kind, year): Named,
    edition: Option<i32>,
) -> Result<Report, Error> {
    let which = (work.office_id(), kind, year);
    Ok(store::find(work.conn, which, edition)?.ok_or(Fault::NotFound)?)
}

/// The latest edition of a report, locked for a change that was asked of the version the caller saw.
pub(in crate::report) fn lock(work: &mut Work<'_>, named: Named) -> Result<Report, Error> {
    store::lock(work.conn, (work.office.id, named.0, named.1))?;
    let report = load(work, named, None)?;
    work.require_seen(report.version)?;
    Ok(report)
}

/// What a report says: frozen once it was issued, counted now before.
pub(in crate::report) fn content(work: &mut Work<'_>, report: &Report) -> Result<Content, Error> {
    match snapshot::find(work.conn, report.id)? {
        Some(frozen) => Content::read(&frozen.content),
        None => Content::count(work, report),
    }
}

/// The days of a report: the year's window, or for the summary all of them from the first.
fn period(
    work: &mut Work<'_>,
    (kind, year): Named,
) -> Result<crate::office::period::Period, Error> {
    let window = work.settings()?.policies.reporting_window.value.clone();
    let office = work.office_id();
    let ends = plan::page(work.conn, office, i32::MIN, TASKS_MAX)?;
    let last_year = ends.iter().filter_map(|task| task.end_year).max();
    let this_year = window.year_of(work.zone().day(work.now));
    let mut check = Check::new();
    let days = window.of(year);
    let is_due = match kind {
        // The year that runs, or one that is over.
        ReportKind::Annual => this_year.is_some_and(|now| year <= now),
        ReportKind::Summary => last_year == Some(year),
    };
    check.rule(days.is_some() && is_due, "/year", "out-of-range");
    check.done()?;
    let (from, to) = days.ok_or(Fault::NotFound)?;
    Ok(match kind {
        ReportKind::Annual => (from, to),
        ReportKind::Summary => (window.first_from, to),
    })
}

/// Whom a report of a kind is owed to (the plan, II.8 and III.1).
fn recipients(work: &mut Work<'_>, kind: ReportKind) -> Result<Vec<String>, Error> {
    let codes: &[&str] = match kind {
        ReportKind::Annual => &["DOJ"],
        ReportKind::Summary => &["DOJ", "CITY_PC"],
    };
    let office = work.office_id();
    let agencies = agency::all(work.conn, office)?;
    let name = |code: &&str| {
        let mut all = agencies.iter();
        all.find(|one| one.code == **code)
            .map(|one| one.name_vi.clone())
    };
    Ok(codes.iter().filter_map(name).collect())
}

/// A new edition of a report, not written yet.
fn fresh(work: &mut Work<'_>, named: Named) -> Result<Report, Error> {
    Ok(Report {
        id: ReportId::new(work.now),
        kind: named.0,
        year: named.1,
        edition: 1,
        edition_reason: None,
        period: period(work, named)?,
        status: ReportStatus::Building,
        texts: Texts::default(),
        contributions_due_on: None,
        returned_reason: None,
        consolidated: None,
        approved: None,
        number: None,
        dated_on: None,
        signer: None,
        recipients: recipients(work, named.0)?,
        issued: None,
        filed: None,
        filed_way: None,
        data_key_id: None,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
    })
}

/// A report as it stands, or as it would begin.
pub(in crate::report) fn load_or_fresh(work: &mut Work<'_>, named: Named) -> Result<Report, Error> {
    let which = (work.office_id(), named.0, named.1);
    match store::find(work.conn, which, None)? {
        Some(report) => Ok(report),
        None => fresh(work, named),
    }
}

/// Begins the report of a year.
pub(in crate::report) fn begin(work: &mut Work<'_>, named: Named) -> Result<Report, Error> {
    let report = fresh(work, named)?;
    insert(work, &report)?;
    Ok(report)
}

/// Writes a new edition and its row of the log.
pub(super) fn insert(work: &mut Work<'_>, report: &Report) -> Result<(), Error> {
    let by = work.actor.ok_or(Fault::Forbidden)?;
    store::insert(work.conn, work.office.id, report, by).map_err(|error| match error {
        // Two may begin at once; the index lets one through.
        db::Error::Statement(error) if dialect::violated_unique(&error).is_some() => {
            Error::ReportExists
        }
        other => other.into(),
    })?;
    let facts = json!({"kind": report.kind, "year": report.year, "edition": report.edition});
    work.audit("report.begin", "plan-report", report.id.uuid(), facts)?;
    Ok(())
}

/// Writes a changed report, and its row of the log.
pub(super) fn save(
    work: &mut Work<'_>,
    report: &mut Report,
    action: ReportAction,
) -> Result<(), Error> {
    store::update(work.conn, work.now, report)?;
    let facts = json!({"status": report.status, "version": report.version});
    let action = format!("report.{action}");
    work.audit(&action, "plan-report", report.id.uuid(), facts)?;
    Ok(())
}

/// Changes what is written; what changes nothing moves no version.
pub(in crate::report) fn edit(
    work: &mut Work<'_>,
    named: Named,
    change: impl FnOnce(&Report) -> (Texts, Vec<String>),
) -> Result<Report, Error> {
    let mut report = lock(work, named)?;
    report.status.apply(ReportAction::Edit)?;
    let (texts, recipients) = change(&report);
    if (&texts, &recipients) != (&report.texts, &report.recipients) {
        report.texts = texts;
        report.recipients = recipients;
        if report.status == ReportStatus::Consolidated {
            // Whoever changed it last put it together, and does not approve it.
            report.consolidated = Some((work.now, work.actor));
        }
        save(work, &mut report, ReportAction::Edit)?;
    }
    Ok(report)
}

/// Asks the other reporters to say whether a report may be issued.
pub(super) fn ask_for_approval(work: &mut Work<'_>, report: &Report) -> Result<(), Error> {
    let once = report.version.to_string();
    let item = NewWorkItem {
        office: work.office_id(),
        kind: WorkItemKind::ReportToApprove,
        subject_kind: "plan-report",
        subject: report.id.uuid(),
        owner: None,
        role: Some(Role::Reporter),
        due_at: None,
        once: &once,
    };
    work_item::hand_out(work, &item, false)?;
    Ok(())
}

/// Whether this caller put a report together, and another reporter is there to approve it.
pub(in crate::report) fn is_own(work: &mut Work<'_>, report: &Report) -> Result<bool, Error> {
    let by = report.consolidated.and_then(|(_, by)| by);
    Ok(!Approver::of(work)?.may_approve(by))
}

/// What a reporter could do with a report now.
pub(in crate::report) fn allowed(
    work: &mut Work<'_>,
    report: &Report,
) -> Result<Vec<ReportAction>, Error> {
    let mut allowed: Vec<ReportAction> = report.status.allowed().collect();
    if is_own(work, report)? {
        allowed.retain(|action| *action != ReportAction::Approve);
    }
    if report.period.1 >= work.zone().day(work.now) {
        allowed.retain(|action| *action != ReportAction::Issue);
    }
    Ok(allowed)
}
