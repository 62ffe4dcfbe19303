//! What the reports on the plan are told of training: the counts of a period by every dimension.

use super::counts::Measure;
use super::error::Error;
use super::service::report::{Dimension, Report, Row, of_period};
use super::view::counts::label;
use crate::kernel::Language;
use crate::office::period::Period;
use crate::office::report_row::{self, Amount, ReportRow, Section, TOTAL, Value};
use crate::office::work::Work;

/// By what a report on the plan divides training.
const DIMENSIONS: [Dimension; 7] = [
    Dimension::PlanTask,
    Dimension::Kind,
    Dimension::LeadAgency,
    Dimension::Audience,
    Dimension::Agency,
    Dimension::Sex,
    Dimension::AgeBand,
];
/// What of the log of attendance a report tells.
const MEASURES: [Measure; 5] = [
    Measure::Present,
    Measure::Absent,
    Measure::Excused,
    Measure::WalkIns,
    Measure::SlotAttendances,
];

/// The rows of a period, the totals first.
///
/// # Errors
/// When storage fails.
pub fn report_rows(work: &mut Work<'_>, period: Period) -> Result<Vec<ReportRow>, Error> {
    let total = of_period(work, period, None)?.total;
    let value = Value::total();
    let what = (Section::Training, TOTAL);
    let mut rows: Vec<ReportRow> = report_row::rows(what, &value, measures(&total, true)).collect();
    for dimension in DIMENSIONS {
        let report = of_period(work, period, Some(dimension))?;
        let has_own_sessions = !dimension.is_attendees();
        for row in &report.rows {
            let value = named(&report, row);
            let what = (Section::Training, dimension.as_str());
            rows.extend(report_row::rows(
                what,
                &value,
                measures(row, has_own_sessions),
            ));
        }
    }
    Ok(rows)
}

fn named(report: &Report, row: &Row) -> Value {
    let [vi, en] = [Language::Vi, Language::En].map(|language| label(report, &row.key, language));
    Value {
        key: Some(row.key.clone()),
        label: (vi, en),
    }
}

fn measures(row: &Row, sessions_add_up: bool) -> Vec<(&'static str, Amount, bool)> {
    let of_log = MEASURES.map(|one| (one.as_str(), Amount::Whole(row.tally.measure(one)), true));
    let mut all = vec![
        (
            "sessions_completed",
            Amount::Whole(row.sessions_completed),
            sessions_add_up,
        ),
        (
            "sessions_published",
            Amount::Whole(row.sessions_published),
            sessions_add_up,
        ),
        ("expected", Amount::Whole(row.tally.expected()), true),
    ];
    all.extend(of_log);
    all.push(("distinct_people", Amount::Whole(row.distinct_people), false));
    all
}
