//! When reports follow an adoption, and how a follow-up stands on a day (`domain.md` §3.4). Pure.

use chrono::{Days, Months, NaiveDate};

use super::record::{FollowUp, FollowUpKind};
use super::record_status::FollowUpStatus;
use crate::kernel::text_enum::text_enum;

/// Days after which what was agreed and not done counts as missed.
const MISSED_AFTER: u64 = 30;

text_enum! {
    /// How a follow-up stands today.
    pub enum FollowUpState {
        /// It is to come.
        Planned = "planned",
        /// It was done.
        Done = "done",
        /// Its day is over, and it can still be done.
        Late = "late",
        /// Its day is long over: the next report is due.
        Missed = "missed",
        /// Nobody needs it.
        Waived = "waived",
        /// It is to come, on another day than planned.
        Moved = "moved",
    }
}

/// The days of the reports, each counted from the hand-over and never from the one before, so
/// that the end of a month stays one.
pub fn schedule(hand_over_on: NaiveDate, count: i32, interval: i32) -> Vec<NaiveDate> {
    (1..=count)
        .filter_map(|number| months_after(hand_over_on, number.checked_mul(interval)?))
        .collect()
}

fn months_after(day: NaiveDate, months: i32) -> Option<NaiveDate> {
    day.checked_add_months(Months::new(u32::try_from(months).ok()?))
}

/// How a follow-up stands on a day; `interval` is that of the reports, in months.
pub fn state(one: &FollowUp, today: NaiveDate, interval: i32) -> FollowUpState {
    match one.status {
        FollowUpStatus::Waived => FollowUpState::Waived,
        FollowUpStatus::Done => FollowUpState::Done,
        FollowUpStatus::Open if today > last_day(one, interval) => FollowUpState::Missed,
        FollowUpStatus::Open if today > one.due_on => FollowUpState::Late,
        FollowUpStatus::Open if one.due_on != one.planned_on => FollowUpState::Moved,
        FollowUpStatus::Open => FollowUpState::Planned,
    }
}

/// The last day on which it can still be done, if late.
fn last_day(one: &FollowUp, interval: i32) -> NaiveDate {
    let last = match one.kind {
        FollowUpKind::PostAdoptionReport => months_after(one.due_on, interval),
        FollowUpKind::FollowUp => one.due_on.checked_add_days(Days::new(MISSED_AFTER)),
    };
    last.unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{Id, Timestamp};
    use chrono::Datelike;
    use proptest::prelude::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn six_reports_follow_from_the_hand_over_with_the_months_end_kept() {
        let days: Vec<String> = schedule(date("2026-08-31"), 6, 6)
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            days,
            [
                "2027-02-28",
                "2027-08-31",
                "2028-02-29",
                "2028-08-31",
                "2029-02-28",
                "2029-08-31"
            ]
        );
        assert!(schedule(date("2026-08-31"), 0, 6).is_empty());
    }

    #[test]
    fn how_one_stands_is_a_matter_of_dates() {
        let now = Timestamp::from_micros(1_780_000_000_000_000).unwrap();
        let mut one = FollowUp {
            id: Id::new(now),
            case_id: Id::new(now),
            kind: FollowUpKind::PostAdoptionReport,
            number: Some(1),
            status: FollowUpStatus::Open,
            planned_on: date("2027-02-28"),
            due_on: date("2027-02-28"),
            done_on: None,
            version: 1,
            created_at: now,
            updated_at: now,
            secret: None,
        };
        for (today, want) in [
            ("2027-02-28", FollowUpState::Planned),
            ("2027-03-01", FollowUpState::Late),
            ("2027-08-28", FollowUpState::Late),
            ("2027-08-29", FollowUpState::Missed),
        ] {
            assert_eq!(state(&one, date(today), 6), want, "{today}");
        }
        one.due_on = date("2027-03-15");
        assert_eq!(state(&one, date("2027-03-15"), 6), FollowUpState::Moved);
        one.status = FollowUpStatus::Waived;
        assert_eq!(state(&one, date("2037-03-15"), 6), FollowUpState::Waived);
        one.status = FollowUpStatus::Done;
        assert_eq!(state(&one, date("2037-03-15"), 6), FollowUpState::Done);
    }

    proptest! {
        #[test]
        fn every_report_falls_on_the_day_of_the_hand_over_or_the_months_last(
            start in 0_i64..4000, count in 0_i32..20, interval in 1_i32..24,
        ) {
            let anchor = date("2026-01-01") + chrono::TimeDelta::days(start);
            let days = schedule(anchor, count, interval);
            prop_assert_eq!(days.len(), usize::try_from(count).unwrap());
            for (number, day) in (1..).zip(&days) {
                let months = (day.year() - anchor.year()) * 12
                    + i32::try_from(day.month()).unwrap() - i32::try_from(anchor.month()).unwrap();
                prop_assert_eq!(months, number * interval);
                let is_last = day.succ_opt().unwrap().month() != day.month();
                prop_assert!(day.day() == anchor.day() || (is_last && day.day() < anchor.day()));
            }
        }
    }
}
