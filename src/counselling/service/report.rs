//! The counts of a period.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::counselling::counts::{self, CounsellingDimension, Table};
use crate::counselling::error::Error;
use crate::counselling::model::Outcome;
use crate::counselling::status::RequestStatus;
use crate::counselling::store::count as store;
use crate::office::work::Work;

/// What a period of office days is counted to.
#[derive(Debug)]
pub(in crate::counselling) struct Report {
    pub(in crate::counselling) table: Table,
    /// Requests that came.
    pub(in crate::counselling) requests: usize,
    /// Those of them that wait for a first appointment.
    pub(in crate::counselling) waiting: usize,
    /// The middle of the days the others waited.
    pub(in crate::counselling) median_days: Option<f64>,
    pub(in crate::counselling) outcomes: BTreeMap<Outcome, usize>,
}

/// Whether a family still waits for what its request asks: one that took it back, was shown another
/// way or has a case does not.
fn is_waiting(wait: &store::Wait) -> bool {
    let is_open = matches!(
        wait.status,
        RequestStatus::Received | RequestStatus::Contacted
    );
    is_open && wait.first_at.is_none()
}

/// Counts a period of office days, both included.
pub(in crate::counselling) fn of_period(
    work: &mut Work<'_>,
    (from, to): (NaiveDate, NaiveDate),
    dimension: Option<CounsellingDimension>,
) -> Result<Report, Error> {
    let zone = work.zone();
    let range = zone.day_range(from, to);
    let all = store::appointments(work, range)?;
    let waits = store::waits(work, range)?;
    let days = waits.iter().filter_map(|wait| {
        let came = zone.day(wait.came_at);
        let days = zone.day(wait.first_at?).signed_duration_since(came);
        u32::try_from(days.num_days()).ok()
    });
    let days: Vec<u32> = days.collect();
    Ok(Report {
        table: counts::table(&all, dimension),
        requests: waits.len(),
        waiting: waits.iter().filter(|wait| is_waiting(wait)).count(),
        median_days: counts::median(days),
        outcomes: store::outcomes(work, range)?,
    })
}
