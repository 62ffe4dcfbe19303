//! Which days can be: what happened is not to come, nobody was born before anybody lived, and nothing
//! is planned for another generation. Pure rules.

use chrono::{Datelike, Months, NaiveDate};

use crate::kernel::error::Check;

/// The first year anything is of.
const FIRST_YEAR: i32 = 1900;
/// How many years ahead something is planned.
const YEARS_AHEAD: u32 = 20;
/// How many months after its day a follow-up is still entered.
const DUE_MONTHS: u32 = 12;
/// How many months before or after today a birth is expected.
const BIRTH_MONTHS: u32 = 12;

fn is_known(day: NaiveDate) -> bool {
    day.year() >= FIRST_YEAR
}

fn ahead(today: NaiveDate, months: u32) -> NaiveDate {
    let then = today.checked_add_months(Months::new(months));
    then.unwrap_or(NaiveDate::MAX)
}

/// A day on which something happened, or on which somebody was born.
pub(super) fn happened(check: &mut Check, at: &str, day: Option<NaiveDate>, today: NaiveDate) {
    let Some(day) = day else {
        return;
    };
    check.rule(day <= today, at, "in-the-future");
    check.rule(is_known(day), at, "out-of-range");
}

/// A day on which something is to be.
pub(super) fn planned(check: &mut Check, at: &str, day: Option<NaiveDate>, today: NaiveDate) {
    let is_fit = |day: NaiveDate| is_known(day) && day <= ahead(today, 12 * YEARS_AHEAD);
    check.rule(day.is_none_or(is_fit), at, "out-of-range");
}

/// A day by which something is to follow; what was agreed is entered within a year of it.
pub(super) fn due(check: &mut Check, at: &str, day: NaiveDate, today: NaiveDate) {
    let is_late = ahead(day, DUE_MONTHS) < today;
    planned(check, at, Some(day).filter(|_| !is_late), today);
    check.rule(!is_late, at, "out-of-range");
}

/// A day on which a child is expected; one that is late is expected still.
pub(super) fn expected(check: &mut Check, at: &str, day: Option<NaiveDate>, today: NaiveDate) {
    let is_fit =
        |day: NaiveDate| day <= ahead(today, BIRTH_MONTHS) && today <= ahead(day, BIRTH_MONTHS);
    check.rule(day.is_none_or(is_fit), at, "out-of-range");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(rule: fn(&mut Check, &str, Option<NaiveDate>, NaiveDate), day: &str) -> usize {
        let mut check = Check::new();
        let today = "2026-03-01".parse().unwrap();
        rule(&mut check, "/on", Some(day.parse().unwrap()), today);
        match check.done() {
            Err(crate::kernel::Fault::Invalid(broken)) => broken.len(),
            _ => 0,
        }
    }

    #[test]
    fn days_lie_where_they_can() {
        assert_eq!(codes(happened, "2026-03-01"), 0);
        assert_eq!(codes(happened, "2026-03-02"), 1);
        assert_eq!(codes(happened, "1899-12-31"), 1);
        assert_eq!(codes(planned, "2046-03-01"), 0);
        assert_eq!(codes(planned, "2046-03-02"), 1);
        let due = |check: &mut Check, at: &str, day: Option<NaiveDate>, today| {
            due(check, at, day.unwrap(), today);
        };
        assert_eq!(codes(due, "2025-03-01"), 0);
        assert_eq!(codes(due, "2025-02-28"), 1);
        assert_eq!(codes(due, "1899-12-31"), 1);
        assert_eq!(codes(due, "2046-03-02"), 1);
        assert_eq!(codes(expected, "2025-03-01"), 0);
        assert_eq!(codes(expected, "2025-02-28"), 1);
        assert_eq!(codes(expected, "2027-03-02"), 1);
    }
}
