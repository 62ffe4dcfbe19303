//! How something owed stands, and what may be done with it then.

#![warn(clippy::wildcard_enum_match_arm)]

use chrono::{NaiveDate, TimeDelta};

use crate::kernel::text_enum::text_enum;
use crate::kernel::{Fault, Timestamp, Zone};

text_enum! {
    /// How something owed stands.
    pub enum ObligationStatus {
        /// There is time.
        OnTrack = "on_track",
        /// The day to file by is near.
        DueSoon = "due_soon",
        /// The last day has passed, and it is not filed.
        Overdue = "overdue",
        /// It was filed in time.
        Filed = "filed",
        /// It was filed after the last day.
        FiledLate = "filed_late",
    }
}

text_enum! {
    /// What may be done with something owed.
    pub(super) enum ObligationAction {
        /// Say that it was filed.
        File = "file",
        /// Say that it was not, after all.
        WithdrawFiling = "withdraw-filing",
    }
}

/// The days of something owed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deadline {
    /// The last day on which it is in time.
    pub(super) last_day: NaiveDate,
    /// The last day on which somebody works to send it.
    pub(super) file_by: NaiveDate,
    /// Days before that from which it is due soon.
    pub(super) soon_days: i32,
}

/// The first instant at which something is late: the first one of the day after the last.
pub(super) fn late_from(zone: Zone, last_day: NaiveDate) -> Timestamp {
    zone.day_range(last_day, last_day).1
}

/// The last second in which something is in time.
pub(super) fn due_at(zone: Zone, last_day: NaiveDate) -> Timestamp {
    late_from(zone, last_day).minus(TimeDelta::seconds(1))
}

/// What a caller may do, whatever the state.
#[derive(Debug, Clone, Copy)]
pub(super) struct May {
    /// Say that it was filed.
    pub(super) file: bool,
    /// Say that it was not.
    pub(super) withdraw: bool,
}

impl ObligationStatus {
    /// How something stands now.
    pub(super) fn of(
        zone: Zone,
        deadline: Deadline,
        filed_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Self {
        let late_from = late_from(zone, deadline.last_day);
        if let Some(filed_at) = filed_at {
            return if filed_at < late_from {
                Self::Filed
            } else {
                Self::FiledLate
            };
        }
        let days_left = deadline.file_by.signed_duration_since(zone.day(now));
        if now >= late_from {
            Self::Overdue
        } else if days_left.num_days() <= i64::from(deadline.soon_days) {
            Self::DueSoon
        } else {
            Self::OnTrack
        }
    }

    /// Whether it was filed.
    pub fn is_filed(self) -> bool {
        match self {
            Self::Filed | Self::FiledLate => true,
            Self::OnTrack | Self::DueSoon | Self::Overdue => false,
        }
    }

    /// The actions this state allows a caller.
    pub(super) fn offered(self, may: May) -> Vec<&'static str> {
        let can = |action: &&ObligationAction| match action {
            ObligationAction::File => may.file && !self.is_filed(),
            ObligationAction::WithdrawFiling => may.withdraw && self.is_filed(),
        };
        let offered = ObligationAction::ALL.iter().filter(can);
        offered.map(|action| action.as_str()).collect()
    }

    /// Refuses an action this state does not allow.
    pub(super) fn require(self, action: ObligationAction, may: May) -> Result<(), Fault> {
        let allowed = self.offered(may);
        if allowed.contains(&action.as_str()) {
            return Ok(());
        }
        Err(Fault::Transition {
            current: self.as_str(),
            action: action.as_str(),
            allowed,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALL: May = May {
        file: true,
        withdraw: true,
    };

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn at(text: &str) -> Timestamp {
        Timestamp::new(chrono::DateTime::parse_from_rfc3339(text).unwrap().to_utc())
    }

    fn deadline(last_day: &str, file_by: &str) -> Deadline {
        Deadline {
            last_day: date(last_day),
            file_by: date(file_by),
            soon_days: 30,
        }
    }

    #[test]
    fn the_last_second_of_the_fourth_of_november_is_in_time() {
        let zone = Zone::default();
        let annual = deadline("2026-11-04", "2026-11-04");
        let (last, first_late) = ("2026-11-04T23:59:59+07:00", "2026-11-05T00:00:00+07:00");
        assert_eq!(due_at(zone, annual.last_day), at(last));
        for (now, wanted) in [
            ("2026-10-04T23:59:59+07:00", ObligationStatus::OnTrack),
            ("2026-10-05T00:00:00+07:00", ObligationStatus::DueSoon),
            (last, ObligationStatus::DueSoon),
            (first_late, ObligationStatus::Overdue),
        ] {
            assert_eq!(
                ObligationStatus::of(zone, annual, None, at(now)),
                wanted,
                "{now}"
            );
        }
        let filed = |text| ObligationStatus::of(zone, annual, Some(at(text)), at(text));
        assert_eq!(filed(last), ObligationStatus::Filed);
        assert_eq!(filed(first_late), ObligationStatus::FiledLate);
    }

    #[test]
    fn what_is_due_on_a_weekend_is_due_soon_by_the_day_to_file_by() {
        let zone = Zone::default();
        let annual = deadline("2029-11-04", "2029-11-02");
        let status = |now| ObligationStatus::of(zone, annual, None, at(now));
        assert_eq!(
            status("2029-10-02T12:00:00+07:00"),
            ObligationStatus::OnTrack
        );
        assert_eq!(
            status("2029-10-03T00:00:00+07:00"),
            ObligationStatus::DueSoon
        );
        assert_eq!(
            status("2029-11-04T12:00:00+07:00"),
            ObligationStatus::DueSoon
        );
    }

    #[test]
    fn only_what_would_succeed_is_offered() {
        let table: Vec<String> = ObligationStatus::ALL
            .iter()
            .map(|status| format!("{status}: {}", status.offered(ALL).join(" ")))
            .collect();
        assert_eq!(
            table,
            [
                "on_track: file",
                "due_soon: file",
                "overdue: file",
                "filed: withdraw-filing",
                "filed_late: withdraw-filing",
            ]
        );
        let none = May {
            file: false,
            withdraw: false,
        };
        for status in ObligationStatus::ALL {
            assert!(status.offered(none).is_empty());
            for action in ObligationAction::ALL {
                let is_offered = status.offered(ALL).contains(&action.as_str());
                assert_eq!(status.require(*action, ALL).is_ok(), is_offered);
            }
        }
    }

    proptest! {
        #[test]
        fn time_moves_a_status_forward_alone(
            early in 0_i64..60 * 24 * 3600, more in 0_i64..60 * 24 * 3600, rest in 0_i64..5,
        ) {
            let zone = Zone::default();
            let last_day = date("2028-11-04");
            let file_by = last_day - TimeDelta::days(rest);
            let deadline = Deadline { last_day, file_by, soon_days: 30 };
            let start = at("2028-09-20T00:00:00+07:00");
            let (first, then) = (start.plus(TimeDelta::seconds(early)), start.plus(TimeDelta::seconds(early + more)));
            let status = |now| ObligationStatus::of(zone, deadline, None, now);
            prop_assert!(status(first) <= status(then));
            prop_assert_eq!(status(then) == ObligationStatus::Overdue, zone.day(then) > last_day);
            // However late it is looked at, what was filed in time was.
            let filed = ObligationStatus::of(zone, deadline, Some(first), then);
            prop_assert_eq!(filed == ObligationStatus::Filed, zone.day(first) <= last_day);
        }
    }
}
