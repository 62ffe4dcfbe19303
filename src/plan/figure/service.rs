//! Figures entered, changed, taken back, and their sums.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::json;

use super::indicator::{self, author, require_task};
use super::status::{FigureAction, FigureStatus};
use super::store::{self, Of, Place, WantedFigures};
use super::{Figure, FigureFields, FigureId, Indicator, IndicatorId, IndicatorKind};
use crate::http::request::Expected;
use crate::kernel::error::Check;
use crate::kernel::{AgencyId, Fault};
use crate::office::period::Period;
use crate::office::work::Work;
use crate::plan::error::Error;
use crate::plan::policy::Hand;

/// A figure with what it is of, and the year whose report counts it.
pub(super) struct Shown {
    pub(super) figure: Figure,
    pub(super) indicator: Indicator,
    pub(super) report_year: Option<i32>,
}

/// What some days came to for one indicator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureSum {
    /// The task it is counted for.
    pub plan_task: String,
    /// What is counted.
    pub indicator_id: IndicatorId,
    /// Its kind.
    pub kind: IndicatorKind,
    /// What it is called, in Vietnamese.
    pub title_vi: String,
    /// What it is called, in English.
    pub title_en: String,
    /// What it is counted in, in Vietnamese.
    pub unit_vi: String,
    /// What it is counted in, in English.
    pub unit_en: String,
    /// Who enters it.
    pub agency_id: AgencyId,
    /// The sum of what was entered.
    pub amount: i64,
    /// How many figures it is the sum of.
    pub entries: usize,
}

/// What was entered for every indicator of the plan with the last day in a period, in the order of the
/// tasks' codes. An indicator nothing was entered for is there with no entries, unless it is out of use.
///
/// # Errors
/// When storage fails.
pub fn figure_sums(work: &mut Work<'_>, period: Period) -> Result<Vec<FigureSum>, Error> {
    let office = work.office_id();
    let all = store::all_indicators(work.conn, office, None)?;
    sums(work, &all, Of::default(), period)
}

fn sums(
    work: &mut Work<'_>,
    indicators: &[Indicator],
    of: Of<'_>,
    period: Period,
) -> Result<Vec<FigureSum>, Error> {
    let office = work.office_id();
    let mut found = BTreeMap::<IndicatorId, (i64, usize)>::new();
    for (indicator, amount) in store::amounts(work.conn, (office, of), period)? {
        let (sum, entries) = found.entry(indicator).or_default();
        *sum = sum.saturating_add(amount);
        *entries += 1;
    }
    let sum = |one: &Indicator| {
        let (amount, entries) = found.get(&one.id).copied().unwrap_or_default();
        (one.is_active || entries > 0).then(|| FigureSum {
            plan_task: one.plan_task.clone(),
            indicator_id: one.id,
            kind: one.kind,
            title_vi: one.title_vi.clone(),
            title_en: one.title_en.clone(),
            unit_vi: one.unit_vi.clone(),
            unit_en: one.unit_en.clone(),
            agency_id: one.agency_id,
            amount,
            entries,
        })
    };
    Ok(indicators.iter().filter_map(sum).collect())
}

/// Which figures of a task are wanted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    pub(super) indicator: Option<IndicatorId>,
    pub(super) figures: WantedFigures,
}

/// One page, one row too many; how many there are and what they come to where asked.
pub(super) struct Listed {
    pub(super) rows: Vec<Shown>,
    pub(super) total: Option<i64>,
    pub(super) sums: Option<Vec<FigureSum>>,
}

/// The figures of a task. Where a period is asked for its sums come with the first page.
pub(super) fn list(
    work: &mut Work<'_>,
    task: &str,
    wanted: &Wanted,
    (after, limit): (Option<Place>, i64),
    wants_total: bool,
) -> Result<Listed, Error> {
    require_task(work, task)?;
    let office = work.office_id();
    let mut indicators = store::all_indicators(work.conn, office, Some(task))?;
    indicators.retain(|one| wanted.indicator.is_none_or(|id| id == one.id));
    let of = Of {
        task: Some(task),
        indicator: wanted.indicator,
    };
    let found = store::page(work.conn, (office, of), &wanted.figures, after, limit + 1)?;
    let total = if wants_total {
        Some(store::count(work.conn, (office, of), &wanted.figures)?)
    } else {
        None
    };
    let sums = match wanted.figures.period {
        Some(period) => Some(sums(work, &indicators, of, period)?),
        None => None,
    };
    let mut rows = Vec::new();
    for figure in found {
        let of_figure = indicators.iter().find(|one| one.id == figure.indicator_id);
        if let Some(indicator) = of_figure {
            rows.push(show(work, indicator.clone(), figure)?);
        }
    }
    Ok(Listed { rows, total, sums })
}

fn show(work: &mut Work<'_>, indicator: Indicator, figure: Figure) -> Result<Shown, Error> {
    let window = &work.settings()?.policies.reporting_window.value;
    Ok(Shown {
        report_year: window.year_of(figure.to_on),
        figure,
        indicator,
    })
}

/// A figure of a task.
pub(super) fn load(work: &mut Work<'_>, task: &str, id: FigureId) -> Result<Shown, Error> {
    let office = work.office_id();
    let figure = store::figure(work.conn, office, id)?.ok_or(Fault::NotFound)?;
    let indicator = indicator::load(work, task, figure.indicator_id)?;
    show(work, indicator, figure)
}

/// A figure of a task that nobody else changes until this transaction ends.
fn locked(work: &mut Work<'_>, task: &str, id: FigureId) -> Result<Shown, Error> {
    let (office, found) = (work.office_id(), load(work, task, id)?);
    store::lock(work.conn, office, found.indicator.id)?;
    load(work, task, id)
}

/// Refuses days of which another figure of the indicator counts one already.
fn require_free(
    work: &mut Work<'_>,
    indicator: IndicatorId,
    period: Period,
    but: Option<FigureId>,
) -> Result<(), Error> {
    match store::overlapping(work.conn, indicator, period, but)? {
        Some(figure) => Err(Error::PeriodOverlaps {
            figure: figure.uuid(),
        }),
        None => Ok(()),
    }
}

/// The most days of a figure: a report's year.
const DAYS_MAX: i64 = 366;

/// Tells every rule the days of a figure break.
pub(super) fn sound(check: &mut Check, fields: &FigureFields, today: NaiveDate) {
    let (from, to) = (fields.from, fields.to);
    check.day("/from", from);
    check.day("/to", to);
    check.rule(from <= to, "/to", "order-invalid");
    check.rule(to <= today, "/to", "in-the-future");
    let days = to.signed_duration_since(from).num_days() + 1;
    check.rule(days <= DAYS_MAX, "/to", "out-of-range");
}

/// Enters a figure.
pub(super) fn enter(
    work: &mut Work<'_>,
    hand: Hand,
    (task, id): (&str, IndicatorId),
    fields: &FigureFields,
) -> Result<Shown, Error> {
    require_task(work, task)?;
    let office = work.office_id();
    store::lock(work.conn, office, id)?;
    let indicator = store::indicator(work.conn, (office, task), id)?
        .filter(|indicator| indicator.is_active)
        .ok_or_else(|| Fault::rule("/indicator_id", "unknown-reference"))?;
    hand.require(indicator.agency_id)?;
    require_free(work, id, (fields.from, fields.to), None)?;
    let by = author(work)?;
    let figure = store::insert(work.conn, work.now, (office, id), by, fields)?;
    log(work, "figure.enter", (figure, id), FigureStatus::Entered)?;
    load(work, task, figure)
}

/// Changes a figure.
pub(super) fn edit(
    work: &mut Work<'_>,
    hand: Hand,
    (task, id): (&str, FigureId),
    expected: Expected,
    change: impl FnOnce(&mut FigureFields),
) -> Result<Shown, Error> {
    let found = locked(work, task, id)?;
    hand.require(found.indicator.agency_id)?;
    let status = FigureStatus::of(&found.figure);
    status.require(FigureAction::Edit)?;
    expected.require(found.figure.version)?;
    let (old, mut fields) = (found.figure.fields(), found.figure.fields());
    change(&mut fields);
    if fields == old {
        return Ok(found);
    }
    let mut check = Check::new();
    sound(&mut check, &fields, work.zone().day(work.now));
    check.done()?;
    let indicator = found.indicator.id;
    require_free(work, indicator, (fields.from, fields.to), Some(id))?;
    store::update(work.conn, work.now, id, &fields)?;
    log(work, "figure.edit", (id, indicator), status)?;
    load(work, task, id)
}

/// Takes a figure back.
pub(super) fn withdraw(
    work: &mut Work<'_>,
    hand: Hand,
    (task, id): (&str, FigureId),
    reason: &str,
) -> Result<Shown, Error> {
    let found = locked(work, task, id)?;
    hand.require(found.indicator.agency_id)?;
    FigureStatus::of(&found.figure).require(FigureAction::Withdraw)?;
    work.require_seen(found.figure.version)?;
    let by = author(work)?;
    store::withdraw(work.conn, work.now, id, (by, reason))?;
    let of = (id, found.indicator.id);
    log(work, "figure.withdraw", of, FigureStatus::Withdrawn)?;
    load(work, task, id)
}

fn log(
    work: &mut Work<'_>,
    action: &str,
    (id, indicator): (FigureId, IndicatorId),
    status: FigureStatus,
) -> Result<(), Error> {
    let facts = json!({"indicator": indicator, "status": status});
    Ok(work.audit(action, "figure", id.uuid(), facts)?)
}
