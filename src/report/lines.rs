//! Products, figures and difficulties as a report names them, frozen with it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::error::Error;
use crate::kernel::AgencyId;
use crate::office::agency;
use crate::office::owed::{self, HeldSessionId, Owed, ProductKind};
use crate::office::period::Period;
use crate::office::work::Work;
use crate::plan::{self, FigureSum, ProductLine, ProductStatus};

/// The names of agencies, in Vietnamese and English.
pub(super) type Names = BTreeMap<AgencyId, (String, String)>;

/// What the office's agencies are called.
pub(super) fn names(work: &mut Work<'_>) -> Result<Names, Error> {
    let names = agency::names(work.conn, work.office.id)?;
    Ok(names.into_iter().collect())
}

/// A product of the plan.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct ReportedProduct {
    /// Its id.
    pub(super) id: uuid::Uuid,
    /// What it is.
    pub(super) kind: ProductKind,
    /// What it is called.
    pub(super) title: String,
    /// The code of its task.
    pub(super) plan_task: String,
    /// Its number, where it was issued with one.
    pub(super) number: Option<String>,
    /// The day it bears; `null` until it is issued.
    pub(super) dated_on: Option<NaiveDate>,
    /// Whether it was issued.
    pub(super) is_delivered: bool,
    /// Whose it is.
    pub(super) agency_id: AgencyId,
    /// The session it is of.
    #[schema(value_type = Option<uuid::Uuid>)]
    pub(super) session_id: Option<HeldSessionId>,
}

impl ReportedProduct {
    fn of(line: ProductLine) -> Self {
        let is_delivered = match line.status {
            ProductStatus::Issued | ProductStatus::Superseded => true,
            ProductStatus::Draft | ProductStatus::Submitted | ProductStatus::Approved => false,
        };
        Self {
            id: line.id.uuid(),
            kind: line.kind,
            title: line.title,
            plan_task: line.plan_task,
            number: line.number,
            dated_on: line.dated_on,
            is_delivered,
            agency_id: line.agency_id,
            session_id: line.session_id,
        }
    }
}

/// The products that count in the reports of a period, but for those whose place another took.
pub(super) fn products(work: &mut Work<'_>, period: Period) -> Result<Vec<ReportedProduct>, Error> {
    let window = work.settings()?.policies.reporting_window.value.clone();
    let years = [period.0, period.1].map(|day| window.year_of(day));
    let holds = |year: i32| {
        years[0].is_none_or(|first| first <= year) && years[1].is_none_or(|last| year <= last)
    };
    let lines = plan::products_of(work, None, None)?.into_iter();
    let kept =
        lines.filter(|line| holds(line.report_year) && line.status != ProductStatus::Superseded);
    Ok(kept.map(ReportedProduct::of).collect())
}

/// What completed sessions still owe.
pub(super) fn owed(work: &mut Work<'_>) -> Result<Vec<Owed>, Error> {
    Ok(owed::open_of(work.conn, work.office.id)?)
}

/// What was counted for a task by hand.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct ReportedFigure {
    /// The task it is counted for.
    pub(super) plan_task: String,
    /// What is counted.
    pub(super) indicator_id: uuid::Uuid,
    /// What it is called, in Vietnamese.
    pub(super) title_vi: String,
    /// What it is called, in English.
    pub(super) title_en: String,
    /// What it is counted in, in Vietnamese.
    pub(super) unit_vi: String,
    /// What it is counted in, in English.
    pub(super) unit_en: String,
    /// Who enters it.
    pub(super) agency_id: AgencyId,
    /// The sum of what was entered; `null` where nothing was.
    pub(super) amount: Option<i64>,
}

impl ReportedFigure {
    fn of(sum: FigureSum) -> Self {
        Self {
            plan_task: sum.plan_task,
            indicator_id: sum.indicator_id.uuid(),
            title_vi: sum.title_vi,
            title_en: sum.title_en,
            unit_vi: sum.unit_vi,
            unit_en: sum.unit_en,
            agency_id: sum.agency_id,
            amount: (sum.entries > 0).then_some(sum.amount),
        }
    }
}

/// What was counted by hand in a period.
pub(super) fn figures(work: &mut Work<'_>, period: Period) -> Result<Vec<ReportedFigure>, Error> {
    let sums = plan::figure_sums(work, period)?.into_iter();
    Ok(sums.map(ReportedFigure::of).collect())
}

/// What an agency could not solve.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct ReportedDifficulty {
    /// Whose it is, in Vietnamese.
    pub(super) agency_vi: String,
    /// The task it is about, where it is about one.
    pub(super) plan_task: Option<String>,
    /// What it is called.
    pub(super) title: String,
    /// What it is.
    pub(super) text: String,
    /// What the agency proposes.
    pub(super) proposal: Option<String>,
    /// The day it was raised on.
    pub(super) raised_on: NaiveDate,
    /// Who it was forwarded to.
    pub(super) forwarded_to: Option<String>,
    /// The day of the answer.
    pub(super) answered_on: Option<NaiveDate>,
}

/// What was raised in a period.
pub(super) fn difficulties(
    work: &mut Work<'_>,
    period: Period,
    names: &Names,
) -> Result<Vec<ReportedDifficulty>, Error> {
    let lines = plan::difficulties_of(work, period)?.into_iter();
    let line = |line: plan::DifficultyLine| ReportedDifficulty {
        agency_vi: names
            .get(&line.agency_id)
            .map(|(vi, _)| vi.clone())
            .unwrap_or_default(),
        plan_task: line.plan_task,
        title: line.title,
        text: line.text,
        proposal: line.proposal,
        raised_on: line.raised_on,
        forwarded_to: line.forwarded_to,
        answered_on: line.answered_on,
    };
    Ok(lines.map(line).collect())
}

/// A product that is not there, and who owes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(super) struct MissingProduct {
    /// The task that wants it.
    pub(super) plan_task: String,
    /// What is wanted.
    pub(super) kind: ProductKind,
    /// The session that owes it; `null` where the task does.
    #[schema(value_type = Option<uuid::Uuid>)]
    pub(super) session_id: Option<HeldSessionId>,
    /// The agency that owes it.
    pub(super) owed_by: Option<AgencyId>,
}
