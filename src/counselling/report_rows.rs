//! What the reports on the plan are told of counselling: counts, nobody's story.

use super::counts::{CounsellingDimension, Tally};
use super::error::Error;
use super::service::report::of_period;
use super::told::told;
use crate::office::period::Period;
use crate::office::report_row::{self, Amount, ReportRow, Section, TOTAL, Value, whole};
use crate::office::work::Work;

/// By what a report on the plan divides appointments.
const DIMENSIONS: [CounsellingDimension; 5] = [
    CounsellingDimension::Phase,
    CounsellingDimension::Status,
    CounsellingDimension::PartyRole,
    CounsellingDimension::Mode,
    CounsellingDimension::Topic,
];

/// The rows of a period, the totals first.
///
/// # Errors
/// When storage fails.
pub fn report_rows(work: &mut Work<'_>, period: Period) -> Result<Vec<ReportRow>, Error> {
    let report = of_period(work, period, None)?;
    let all = Value::total();
    let mut totals = measures(&report.table.total, true).to_vec();
    totals.push(("requests", whole(report.requests), true));
    totals.push(("waiting", whole(report.waiting), true));
    if let Some(days) = report.median_days {
        totals.push(("median_waiting_days", Amount::Decimal(days), false));
    }
    let what = (Section::Counselling, TOTAL);
    let mut rows: Vec<ReportRow> = report_row::rows(what, &all, totals).collect();
    for dimension in DIMENSIONS {
        let table = of_period(work, period, Some(dimension))?.table;
        let what = (Section::Counselling, dimension.as_str());
        for (key, tally) in &table.rows {
            let value = value(key);
            let measures = measures(tally, dimension.is_additive());
            rows.extend(report_row::rows(what, &value, measures));
        }
    }
    let ended: usize = report.outcomes.values().sum();
    let what = (Section::Counselling, TOTAL);
    rows.extend(report_row::rows(
        what,
        &all,
        [("cases_ended", whole(ended), true)],
    ));
    for (outcome, cases) in &report.outcomes {
        let value = value(outcome.as_str());
        let what = (Section::Counselling, "outcome");
        let measure = [("cases_ended", whole(*cases), true)];
        rows.extend(report_row::rows(what, &value, measure));
    }
    Ok(rows)
}

fn value(key: &str) -> Value {
    Value {
        key: Some(key.to_owned()),
        label: told(key),
    }
}

fn measures(tally: &Tally, adds_up: bool) -> [(&'static str, Amount, bool); 4] {
    [
        ("appointments", whole(tally.appointments), adds_up),
        ("completed", whole(tally.completed), adds_up),
        ("no_shows", whole(tally.no_shows), adds_up),
        ("people_served", whole(tally.people_served()), false),
    ]
}
