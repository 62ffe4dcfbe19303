//! The days a yearly report counts: the plan names a day to file by and no period (`domain.md` §1.4).

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::policy::Policy;
use crate::kernel::civil;
use crate::kernel::error::Check;

/// The days a yearly report counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportingWindow {
    /// The first day, `MM-DD`: the one after `to`, so that each day is in one report. A year begins
    /// in the year before it, unless it is the calendar's.
    #[schema(example = "10-16")]
    pub from: String,
    /// The last day, `MM-DD` of the report's year.
    #[schema(example = "10-15")]
    pub to: String,
    /// The first day of the first report.
    pub first_from: NaiveDate,
}

impl ReportingWindow {
    /// The first and the last day of a year's report; none before the first one.
    pub fn of(&self, year: i32) -> Option<(NaiveDate, NaiveDate)> {
        let day = |year: i32, text: &str| {
            let parsed = NaiveDate::parse_from_str(&format!("{year:04}-{text}"), "%Y-%m-%d");
            parsed.ok().filter(|day| civil::is_kept(*day))
        };
        let last = day(year.checked_sub(1)?, &self.to)?;
        // By what the year before left: the day after 28 February is not the same every year.
        let from = last.succ_opt()?.max(self.first_from);
        let to = day(year, &self.to)?;
        (from <= to).then_some((from, to))
    }

    /// The year whose report counts a day; none before the first one.
    pub fn year_of(&self, day: NaiveDate) -> Option<i32> {
        let holds = |year: &i32| {
            self.of(*year)
                .is_some_and(|(from, to)| from <= day && day <= to)
        };
        (day.year()..=day.year() + 1).find(holds)
    }
}

/// Tells every rule a window breaks.
pub(super) fn checked(check: &mut Check, at: &str, window: ReportingWindow) -> ReportingWindow {
    // A day that every year has.
    let mut day = |name, text: &str| {
        let day = NaiveDate::parse_from_str(&format!("2027-{text}"), "%Y-%m-%d").ok();
        let day = day.filter(|_| text.len() == 5);
        check.rule(day.is_some(), format!("{at}/{name}"), "day-invalid");
        day
    };
    let (from, to) = (day("from", &window.from), day("to", &window.to));
    if let (Some(from), Some(to)) = (from, to) {
        let next = to.succ_opt().and_then(|next| next.with_year(2027));
        check.rule(next == Some(from), format!("{at}/from"), "window-open");
    }
    window
}

/// The window while nobody has chosen one.
pub(super) fn standard() -> Policy<ReportingWindow> {
    Policy {
        value: ReportingWindow {
            from: "10-16".to_owned(),
            to: "10-15".to_owned(),
            first_from: NaiveDate::from_ymd_opt(2026, 1, 1).unwrap_or_default(),
        },
        source: "the plan, III.1, names no period; the house's default".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_day_is_in_two_years_of_reports_or_in_none() {
        let first_from = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        for (from, to) in [("10-16", "10-15"), ("01-01", "12-31"), ("03-01", "02-28")] {
            let window = ReportingWindow {
                from: from.to_owned(),
                to: to.to_owned(),
                first_from,
            };
            let mut check = Check::new();
            let window = checked(&mut check, "", window);
            check.done().unwrap();
            assert_eq!(window.of(2025), None);
            let mut before = window.of(2026).unwrap();
            assert_eq!(before.0, first_from);
            for year in 2027..2033 {
                let next = window.of(year).unwrap();
                assert_eq!(before.1.succ_opt(), Some(next.0), "{year} of {from}");
                assert_eq!(
                    [next.0, next.1].map(|day| window.year_of(day)),
                    [Some(year); 2]
                );
                assert_eq!(
                    next.1.format("%Y-%m-%d").to_string(),
                    format!("{year}-{to}")
                );
                before = next;
            }
        }
    }
}
