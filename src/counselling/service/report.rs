//! The counts of a period.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::counselling::counts::{self, CounsellingDimension, Table};
use crate::counselling::error::Error;
use crate::counselling::model::Outcome;
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
    let days = waits.iter().filter_map(|(came, first)| {
        let days = zone.day((*first)?).signed_duration_since(zone.day(*came));
        u32::try_from(days.num_days()).ok()
    });
    let days: Vec<u32> = days.collect();
    Ok(Report {
        table: counts::table(&all, dimension),
        requests: waits.len(),
        waiting: waits.iter().filter(|(_, first)| first.is_none()).count(),
        median_days: counts::median(days),
        outcomes: store::outcomes(work, range)?,
    })
}
