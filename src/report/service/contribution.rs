//! Agencies' parts of a report: asked for, written, handed in, sent back, taken.

use serde_json::json;

use super::report::{Named, load};
use crate::kernel::error::Check;
use crate::kernel::{AgencyId, Fault};
use crate::office::agency::{self, AgencyKind};
use crate::office::work::Work;
use crate::plan::obligation;
use crate::report::error::Error;
use crate::report::messages;
use crate::report::model::{
    AgencyTexts, Contribution, ContributionId, ContributionStatus, Report, ReportKind,
};
use crate::report::policy::Hand;
use crate::report::status::{ContributionAction, ReportStatus};
use crate::report::store::{contribution as store, report as reports};

/// The agency that writes the report, and sends itself no part (the plan, III.1).
const AUTHOR: &str = "SECRETARIAT";

/// Who is asked: those of a list, each of which must be the office's; else every active agency of
/// the ward's own.
pub(super) fn wanted(
    work: &mut Work<'_>,
    named: Option<&[AgencyId]>,
) -> Result<Vec<AgencyId>, Error> {
    let all = agency::all(work.conn, work.office.id)?;
    let mut active = all.into_iter().filter(|one| one.active);
    let Some(named) = named else {
        let own = active.filter(|one| one.kind != AgencyKind::External && one.code != AUTHOR);
        return Ok(own.map(|one| one.id).collect());
    };
    let known: Vec<AgencyId> = active.by_ref().map(|one| one.id).collect();
    let mut check = Check::new();
    for (index, agency) in named.iter().enumerate() {
        let at = format!("/agencies/{index}");
        check.rule(known.contains(agency), at.clone(), "unknown-reference");
        let is_first = !named.iter().take(index).any(|one| one == agency);
        check.rule(is_first, at, "repeated");
    }
    check.done()?;
    Ok(named.to_vec())
}

/// Asks an agency for its part.
pub(super) fn ask(work: &mut Work<'_>, report: &Report, agency: AgencyId) -> Result<(), Error> {
    let part = Contribution {
        id: ContributionId::new(work.now),
        report_id: report.id,
        agency_id: agency,
        status: ContributionStatus::Wanted,
        texts: AgencyTexts::default(),
        returned_reason: None,
        submitted: None,
        accepted: None,
        version: 1,
        updated_at: work.now,
    };
    Ok(store::insert(work.conn, work.office.id, &part)?)
}

/// Takes a part into the next edition: what an agency said stays said until it says otherwise.
pub(super) fn carry_over(
    work: &mut Work<'_>,
    report: &Report,
    part: Contribution,
) -> Result<(), Error> {
    if part.status.is_missing() {
        return Ok(());
    }
    let part = Contribution {
        id: ContributionId::new(work.now),
        report_id: report.id,
        version: 1,
        updated_at: work.now,
        ..part
    };
    Ok(store::insert(work.conn, work.office.id, &part)?)
}

/// Whether someone sees an agency's part.
fn sees(hand: Hand, agency: AgencyId) -> bool {
    match hand {
        Hand::Reporter | Hand::Reader => true,
        Hand::Agency(own) => own == agency,
        Hand::Nobody => false,
    }
}

/// The parts of a report that someone sees.
pub(in crate::report) fn list(
    work: &mut Work<'_>,
    hand: Hand,
    report: &Report,
) -> Result<Vec<Contribution>, Error> {
    let mut parts = store::of(work.conn, report.id)?;
    parts.retain(|part| sees(hand, part.agency_id));
    Ok(parts)
}

/// A report's part of an agency, as someone sees it.
pub(in crate::report) fn find(
    work: &mut Work<'_>,
    hand: Hand,
    (named, agency): (Named, AgencyId),
) -> Result<(Report, Contribution), Error> {
    let report = load(work, named, None)?;
    let part = store::find(work.conn, report.id, agency)?;
    let part = part.filter(|_| sees(hand, agency)).ok_or(Fault::NotFound)?;
    Ok((report, part))
}

/// What someone could do with a part now: a reporter writes for an agency that answered on paper,
/// and nobody changes what an issued report rests on.
pub(in crate::report) fn allowed(
    hand: Hand,
    report: &Report,
    part: &Contribution,
) -> Vec<ContributionAction> {
    let is_writer = match hand {
        Hand::Reporter => true,
        Hand::Agency(own) => own == part.agency_id,
        Hand::Reader | Hand::Nobody => false,
    };
    if !is_writer || !is_open(report) {
        return Vec::new();
    }
    let may = |action: &ContributionAction| match action {
        ContributionAction::Edit => true,
        ContributionAction::Submit => !part.texts.is_empty(),
        ContributionAction::Return | ContributionAction::Accept => hand == Hand::Reporter,
    };
    part.status.allowed().filter(may).collect()
}

/// Parts change while they are asked for: what is put together only after the report was sent back.
fn is_open(report: &Report) -> bool {
    report.status == ReportStatus::ContributionsRequested
}

/// A part, locked with its report for an action.
fn step(
    work: &mut Work<'_>,
    hand: Hand,
    (named, agency): (Named, AgencyId),
    action: ContributionAction,
) -> Result<(Report, Contribution), Error> {
    reports::lock(work.conn, (work.office.id, named.0, named.1))?;
    let (report, mut part) = find(work, hand, (named, agency))?;
    work.require_seen(part.version)?;
    part.status = match part.status.apply(action) {
        Ok(after) if is_open(&report) => after,
        _ => {
            let allowed = allowed(hand, &report, &part).into_iter();
            return Err(Error::Fault(Fault::Transition {
                current: part.status.as_str(),
                action: action.as_str(),
                allowed: allowed.map(ContributionAction::as_str).collect(),
            }));
        }
    };
    Ok((report, part))
}

fn save(
    work: &mut Work<'_>,
    part: &mut Contribution,
    action: ContributionAction,
) -> Result<(), Error> {
    store::update(work.conn, work.now, part)?;
    let facts = json!({"status": part.status, "agency": part.agency_id});
    let (action, id) = (format!("contribution.{action}"), part.id.uuid());
    work.audit(&action, "report-contribution", id, facts)?;
    Ok(())
}

/// Changes what is written; what changes nothing moves no version.
pub(in crate::report) fn edit(
    work: &mut Work<'_>,
    hand: Hand,
    which: (Named, AgencyId),
    change: impl FnOnce(AgencyTexts) -> AgencyTexts,
) -> Result<(Report, Contribution), Error> {
    let (report, mut part) = step(work, hand, which, ContributionAction::Edit)?;
    let texts = change(part.texts.clone());
    if texts != part.texts {
        part.texts = texts;
        save(work, &mut part, ContributionAction::Edit)?;
    }
    Ok((report, part))
}

/// Hands it in.
pub(in crate::report) fn submit(
    work: &mut Work<'_>,
    hand: Hand,
    which: (Named, AgencyId),
) -> Result<(Report, Contribution), Error> {
    let (report, mut part) = step(work, hand, which, ContributionAction::Submit)?;
    if part.texts.is_empty() {
        return Err(Error::ContributionEmpty);
    }
    part.submitted = Some((work.now, work.actor));
    part.returned_reason = None;
    save(work, &mut part, ContributionAction::Submit)?;
    messages::withdraw(work, &part)?;
    fulfil(work, &report, &part)?;
    Ok((report, part))
}

/// An agency that hands in its part of a yearly report has done what the plan asks of it.
fn fulfil(work: &mut Work<'_>, report: &Report, part: &Contribution) -> Result<(), Error> {
    let agency = agency::find(work.conn, work.office.id, part.agency_id)?;
    let Some(agency) = agency.filter(|_| report.kind == ReportKind::Annual) else {
        return Ok(());
    };
    let owed = format!("agency_contribution-{}-{}", report.year, agency.code);
    if obligation::status_of(work, &owed)?.is_some() {
        obligation::fulfil(work, &owed, work.now, None)?;
    }
    Ok(())
}

/// Sends it back, with a reason.
pub(in crate::report) fn send_back(
    work: &mut Work<'_>,
    which: (Named, AgencyId),
    reason: String,
) -> Result<(Report, Contribution), Error> {
    let (report, mut part) = step(work, Hand::Reporter, which, ContributionAction::Return)?;
    part.returned_reason = Some(reason);
    part.accepted = None;
    save(work, &mut part, ContributionAction::Return)?;
    messages::send_back(work, &report, &part)?;
    Ok((report, part))
}

/// Takes it into the report.
pub(in crate::report) fn accept(
    work: &mut Work<'_>,
    which: (Named, AgencyId),
) -> Result<(Report, Contribution), Error> {
    let (report, mut part) = step(work, Hand::Reporter, which, ContributionAction::Accept)?;
    part.accepted = Some((work.now, work.actor));
    save(work, &mut part, ContributionAction::Accept)?;
    Ok((report, part))
}
