//! Working days: weekends are off, holidays and the days moved for them are off, make-up days
//! are worked. Holidays are data, announced from year to year: days nobody has confirmed count,
//! and an answer that used one says so.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate, Weekday};
use diesel::prelude::*;

use super::store;
use crate::db::{self, Conn};
use crate::kernel::text_enum::text_enum;
use crate::kernel::{OfficeId, Timestamp};

text_enum! {
    /// Why a day is not what its weekday says.
    pub enum DayKind {
        /// A public holiday.
        Holiday = "holiday",
        /// Off because another day is worked.
        SwapDayOff = "swap_day_off",
        /// Off because a holiday fell on a weekend.
        CompensatoryDayOff = "compensatory_day_off",
        /// Worked, whatever its weekday.
        MakeUpWorkday = "make_up_workday",
    }
}

/// A day that is not what its weekday says.
#[derive(Debug, Clone, Queryable)]
pub struct CalendarDay {
    /// The day.
    pub day: NaiveDate,
    /// What it is called.
    pub name: String,
    /// Why it is off, or worked.
    pub kind: DayKind,
    /// Whether it was announced.
    pub confirmed: bool,
    /// Moves with every change.
    pub version: i32,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// What is set of such a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayFields {
    /// What it is called.
    pub name: String,
    /// Why it is off, or worked.
    pub kind: DayKind,
    /// Whether it was announced.
    pub confirmed: bool,
}

/// An office's days, loaded.
#[derive(Debug, Clone, Default)]
pub struct Calendar {
    days: BTreeMap<NaiveDate, (DayKind, bool)>,
    years: BTreeSet<i32>,
}

/// A day that was counted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// The day.
    pub day: NaiveDate,
    /// Whether a day nobody has confirmed, or of a year nothing is known of, was passed.
    pub used_unconfirmed: bool,
}

impl Calendar {
    /// A calendar of these days.
    pub fn new(days: impl IntoIterator<Item = (NaiveDate, DayKind, bool)>) -> Self {
        let days: BTreeMap<_, _> = days
            .into_iter()
            .map(|(day, kind, confirmed)| (day, (kind, confirmed)))
            .collect();
        let years = days.keys().map(Datelike::year).collect();
        Self { days, years }
    }

    fn is_unconfirmed(&self, day: NaiveDate) -> bool {
        self.days.get(&day).is_some_and(|(_, confirmed)| !confirmed)
            || !self.years.contains(&day.year())
    }
}

/// Whether the office works on a day.
pub fn is_working_day(calendar: &Calendar, day: NaiveDate) -> bool {
    match calendar.days.get(&day) {
        Some((DayKind::MakeUpWorkday, _)) => true,
        Some(_) => false,
        None => !matches!(day.weekday(), Weekday::Sat | Weekday::Sun),
    }
}

/// The `count`-th working day after a day, which itself is not counted.
pub fn add_working_days(calendar: &Calendar, from: NaiveDate, count: u32) -> Counted {
    walk(calendar, from, count, NaiveDate::succ_opt)
}

/// The last working day before a day.
pub fn previous_working_day(calendar: &Calendar, day: NaiveDate) -> Counted {
    walk(calendar, day, 1, NaiveDate::pred_opt)
}

/// The day itself where it is worked, else the next that is.
pub fn this_or_next_working_day(calendar: &Calendar, day: NaiveDate) -> Counted {
    if is_working_day(calendar, day) {
        return Counted {
            day,
            used_unconfirmed: calendar.is_unconfirmed(day),
        };
    }
    let next = add_working_days(calendar, day, 1);
    Counted {
        used_unconfirmed: next.used_unconfirmed || calendar.is_unconfirmed(day),
        ..next
    }
}

/// The day itself where it is worked, else the last before it that is.
pub fn this_or_previous_working_day(calendar: &Calendar, day: NaiveDate) -> Counted {
    if is_working_day(calendar, day) {
        return Counted {
            day,
            used_unconfirmed: calendar.is_unconfirmed(day),
        };
    }
    let previous = previous_working_day(calendar, day);
    Counted {
        used_unconfirmed: previous.used_unconfirmed || calendar.is_unconfirmed(day),
        ..previous
    }
}

fn walk(
    calendar: &Calendar,
    from: NaiveDate,
    count: u32,
    step: fn(&NaiveDate) -> Option<NaiveDate>,
) -> Counted {
    let mut counted = Counted {
        day: from,
        used_unconfirmed: false,
    };
    let mut left = count;
    while left > 0 {
        // At the end of time there is no further day to count.
        let Some(next) = step(&counted.day) else {
            break;
        };
        counted.day = next;
        counted.used_unconfirmed |= calendar.is_unconfirmed(next);
        if is_working_day(calendar, next) {
            left -= 1;
        }
    }
    counted
}

/// The calendar of an office.
///
/// # Errors
/// When storage fails.
pub fn load(conn: &mut Conn, office: OfficeId) -> db::Result<Calendar> {
    let days = store::calendar::between(conn, office, FIRST, LAST)?;
    Ok(Calendar::new(
        days.into_iter()
            .map(|day| (day.day, day.kind, day.confirmed)),
    ))
}

/// The days of one year that are not what their weekday says.
///
/// # Errors
/// When storage fails.
pub fn year(conn: &mut Conn, office: OfficeId, year: i32) -> db::Result<Vec<CalendarDay>> {
    let from = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(FIRST);
    let to = NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or(FIRST);
    store::calendar::between(conn, office, from, to)
}

/// The bounds of what both engines write as a date of four digits.
const FIRST: NaiveDate = match NaiveDate::from_ymd_opt(1900, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};
const LAST: NaiveDate = match NaiveDate::from_ymd_opt(2199, 12, 31) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn bundled() -> Calendar {
        Calendar::new(
            crate::office::import::holidays()
                .unwrap()
                .into_iter()
                .map(|(day, fields)| (day, fields.kind, fields.confirmed)),
        )
    }

    #[test]
    fn working_days_are_counted_as_the_ward_counts_them() {
        let calendar = bundled();
        for (from, count, want) in [
            ("2026-04-24", 3, "2026-05-04"),
            ("2026-02-12", 5, "2026-02-26"),
            ("2026-08-27", 2, "2026-09-03"),
            ("2026-11-20", 2, "2026-11-25"),
            ("2025-12-31", 2, "2026-01-06"),
            ("2026-08-20", 2, "2026-08-22"),
            ("2026-08-20", 0, "2026-08-20"),
        ] {
            let counted = add_working_days(&calendar, date(from), count);
            assert_eq!(counted.day, date(want), "{from} + {count}");
        }
    }

    #[test]
    fn an_answer_says_that_it_used_what_nobody_confirmed() {
        let calendar = bundled();
        assert!(!add_working_days(&calendar, date("2026-04-24"), 3).used_unconfirmed);
        assert!(add_working_days(&calendar, date("2026-08-20"), 2).used_unconfirmed);
        assert!(add_working_days(&calendar, date("2027-04-15"), 1).used_unconfirmed);
        assert!(add_working_days(&calendar, date("2035-03-01"), 1).used_unconfirmed);
    }

    #[test]
    fn a_report_is_filed_on_the_last_working_day_before() {
        let calendar = bundled();
        for (before, want) in [
            ("2027-11-05", "2027-11-04"),
            ("2028-11-05", "2028-11-03"),
            ("2029-11-05", "2029-11-02"),
        ] {
            assert_eq!(
                previous_working_day(&calendar, date(before)).day,
                date(want)
            );
        }
        let window_end = this_or_next_working_day(&calendar, date("2026-11-24"));
        assert_eq!(window_end.day, date("2026-11-25"));
    }

    proptest! {
        #[test]
        fn counting_agrees_with_a_walk_day_by_day(start in 0_i64..1600, count in 1_u32..60) {
            let calendar = bundled();
            let from = date("2026-01-01") + chrono::TimeDelta::days(start);
            let counted = add_working_days(&calendar, from, count);
            let passed: u32 = from.iter_days().skip(1).take_while(|day| *day <= counted.day)
                .map(|day| u32::from(is_working_day(&calendar, day))).sum();
            prop_assert_eq!(passed, count);
            prop_assert!(is_working_day(&calendar, counted.day));
            let back = previous_working_day(&calendar, counted.day).day;
            prop_assert!(is_working_day(&calendar, back) && back < counted.day);
            let between = back.iter_days().skip(1).take_while(|day| *day < counted.day);
            prop_assert_eq!(between.filter(|day| is_working_day(&calendar, *day)).count(), 0);
        }
    }
}
