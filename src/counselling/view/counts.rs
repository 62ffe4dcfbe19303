//! Counts on the wire.

use serde::{Deserialize, Serialize};

use crate::counselling::counts::{CounsellingDimension, Tally};
use crate::counselling::model::Outcome;
use crate::counselling::service::report::Report;
use crate::office::period::Period;

/// Which period is counted and how it is divided.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::counselling) struct CounsellingReportQuery {
    /// The first office day.
    pub(in crate::counselling) from: Option<chrono::NaiveDate>,
    /// The last office day.
    pub(in crate::counselling) to: Option<chrono::NaiveDate>,
    /// The year of the yearly report, instead of its days: the office's `reporting_window` sets them.
    pub(in crate::counselling) year: Option<i32>,
    /// The dimension of the rows; without it only the total is given.
    pub(in crate::counselling) group_by: Option<CounsellingDimension>,
}

/// One row of counts.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::counselling) struct CounsellingCountsRow {
    /// The dimension's value; `null` in the total.
    key: Option<String>,
    /// Appointments that begin in the period, whatever became of them.
    appointments: usize,
    /// Those that were held.
    completed: usize,
    /// Those somebody did not come to: the family, the counsellor or the interpreter.
    no_shows: usize,
    /// `no_shows` of `completed + no_shows`, in percent with one decimal; `null` where none.
    no_show_rate: Option<f64>,
    /// Each person who came, once.
    people_served: usize,
}

impl CounsellingCountsRow {
    fn of(key: Option<String>, tally: &Tally) -> Self {
        Self {
            key,
            appointments: tally.appointments,
            completed: tally.completed,
            no_shows: tally.no_shows,
            no_show_rate: tally.no_show_rate(),
            people_served: tally.people_served(),
        }
    }
}

/// How long families wait for their first appointment.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::counselling) struct WaitingView {
    /// Requests that came in the period.
    requests: usize,
    /// Those of them that are open, without a case, and have had no appointment confirmed yet.
    waiting: usize,
    /// The median of the days from coming to the first appointment, as it is to be held or was; `null`
    /// where there is none.
    median_days: Option<f64>,
}

/// What became of cases.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::counselling) struct OutcomeCountView {
    /// What became of them.
    outcome: Outcome,
    /// How many cases.
    cases: usize,
}

/// Counts of counselling: rows of a dimension, and the total.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::counselling) struct CounsellingCountsView {
    /// The first day that is counted.
    from: chrono::NaiveDate,
    /// The last one.
    to: chrono::NaiveDate,
    /// The dimension of the rows, where one was asked for.
    group_by: Option<CounsellingDimension>,
    /// One row for each value of the dimension that occurs.
    rows: Vec<CounsellingCountsRow>,
    /// All in all; each appointment and each person once.
    total: CounsellingCountsRow,
    /// Whether the appointments of the rows add up to the total.
    additive: bool,
    /// How long the families of the period's requests wait.
    waiting: WaitingView,
    /// The cases that ended in the period.
    outcomes: Vec<OutcomeCountView>,
}

impl CounsellingCountsView {
    /// The counts of a period.
    pub(in crate::counselling) fn of(
        (from, to): Period,
        report: &Report,
        group_by: Option<CounsellingDimension>,
    ) -> Self {
        let rows = report.table.rows.iter();
        let outcomes = report.outcomes.iter();
        Self {
            from,
            to,
            group_by,
            rows: rows
                .map(|(key, tally)| CounsellingCountsRow::of(Some(key.clone()), tally))
                .collect(),
            total: CounsellingCountsRow::of(None, &report.table.total),
            additive: group_by.is_none_or(CounsellingDimension::is_additive),
            waiting: WaitingView {
                requests: report.requests,
                waiting: report.waiting,
                median_days: report.median_days,
            },
            outcomes: outcomes
                .map(|(outcome, cases)| OutcomeCountView {
                    outcome: *outcome,
                    cases: *cases,
                })
                .collect(),
        }
    }
}
