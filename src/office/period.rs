//! The days a report counts: named day by day, or by the year of the report, whose days the office's
//! policy sets.

use chrono::NaiveDate;

use super::error::Error;
use super::work::Work;
use crate::kernel::Fault;
use crate::kernel::civil::REPORT_YEARS_MAX;
use crate::kernel::error::Check;

/// The days of a report, the first and the last.
pub type Period = (NaiveDate, NaiveDate);

/// The period that is asked for, by its first and last office day or by the year of the report.
///
/// # Errors
/// `invalid` where it is none, or asked for both ways; storage failures.
pub fn read(
    work: &mut Work<'_>,
    (from, to): (Option<NaiveDate>, Option<NaiveDate>),
    year: Option<i32>,
) -> Result<Period, Error> {
    let mut check = Check::new();
    let found = match (from, to, year) {
        (Some(from), Some(to), None) => {
            check.years((from, to), REPORT_YEARS_MAX);
            Some((from, to))
        }
        (None, None, Some(year)) => {
            let window = &work.settings()?.policies.reporting_window.value;
            let found = window.of(year);
            check.rule(found.is_some(), "year", "out-of-range");
            found
        }
        (from, to, None) => {
            check.rule(from.is_some(), "from", "required");
            check.rule(to.is_some(), "to", "required");
            None
        }
        (_, _, Some(_)) => {
            check.refuse("year", "one-of");
            None
        }
    };
    check.done()?;
    Ok(found.ok_or(Fault::NotFound)?)
}
