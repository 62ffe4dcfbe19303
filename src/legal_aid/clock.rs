//! Whose turn it is, by when, and how much it presses: pure rules over an office's calendar.
//!
//! A clock counts working days from a day on, so that it can be set anew when the calendar changes.
//! While the family is asked for papers the ward's own clock stands still, and goes on with what
//! was left of it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::words::{NextActor, UrgencyLevel, UrgencyReason};
use crate::office::calendar::{self, Calendar};

/// The rank of what is over, or not begun: it is in no queue.
pub const NO_QUEUE: i32 = 9;

/// How much a request presses, and why.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Urgency {
    /// How much.
    pub level: UrgencyLevel,
    /// Why.
    pub reason: Option<UrgencyReason>,
    /// The last day of the limitation period.
    pub limitation_on: Option<NaiveDate>,
    /// The day of the hearing.
    pub hearing_on: Option<NaiveDate>,
}

impl Urgency {
    /// Whether it is the same but for a day that was not known, or comes sooner: that presses more.
    #[must_use]
    pub fn is_sharpened_by(self, new: Self) -> bool {
        let is_sooner = |old: Option<NaiveDate>, new: Option<NaiveDate>| {
            old == new || new.is_some_and(|new| old.is_none_or(|old| new < old))
        };
        let days = |one: Self| (one.hearing_on, one.limitation_on);
        // What pressed by a day is seen anew by the sooner one.
        let is_seen_anew = days(self) != days(new) && self.presses_by_day() && new.reason.is_none();
        (is_seen_anew || (self.level, self.reason) == (new.level, new.reason))
            && is_sooner(self.hearing_on, new.hearing_on)
            && is_sooner(self.limitation_on, new.limitation_on)
    }

    /// Whether a day alone makes it press.
    #[must_use]
    pub const fn presses_by_day(self) -> bool {
        matches!(
            self.reason,
            Some(UrgencyReason::Hearing | UrgencyReason::Limitation)
        )
    }

    /// The same, urgent where a hearing or the end of a limitation period is at most `days` working
    /// days away, or passed (`domain.md` §4.4: the Centre accepts at once then).
    #[must_use]
    pub fn seen_on(self, calendar: &Calendar, today: NaiveDate, days: u32) -> Self {
        if self.level == UrgencyLevel::Urgent {
            return self;
        }
        let last = calendar::add_working_days(calendar, today, days).day;
        let is_near = |day: Option<NaiveDate>| day.is_some_and(|day| day <= last);
        let reason = if is_near(self.hearing_on) {
            Some(UrgencyReason::Hearing)
        } else if is_near(self.limitation_on) {
            Some(UrgencyReason::Limitation)
        } else {
            return self;
        };
        Self {
            level: UrgencyLevel::Urgent,
            reason,
            ..self
        }
    }

    /// The first of its days that is not before `from`: what is to be done is done by then.
    fn last_before(self, from: NaiveDate) -> Option<NaiveDate> {
        let days = [self.hearing_on, self.limitation_on].into_iter().flatten();
        days.filter(|day| *day >= from).min()
    }

    const fn rank(self) -> i32 {
        match self.level {
            UrgencyLevel::Urgent => 0,
            UrgencyLevel::Normal => 1,
        }
    }
}

/// Whose turn it is, and by when.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clock {
    /// Whose.
    pub next_actor: NextActor,
    /// By when; none for what is in no queue.
    pub due_on: Option<NaiveDate>,
    /// The day it counts from.
    pub from_on: Option<NaiveDate>,
    /// The working days it counts.
    pub working_days: Option<i32>,
    /// The working days the ward had left when its clock was stopped.
    pub ward_days_left: Option<i32>,
    /// Whether a day nobody has confirmed was counted.
    pub is_provisional: bool,
    /// How much it presses.
    pub urgency: Urgency,
}

impl Clock {
    /// The rank in the queue: what presses is first.
    pub fn rank(&self) -> i32 {
        if self.due_on.is_some() {
            self.urgency.rank()
        } else {
            NO_QUEUE
        }
    }

    /// Runs for someone, `days` working days from a day on.
    pub fn run(&mut self, calendar: &Calendar, actor: NextActor, from: NaiveDate, days: u32) {
        self.next_actor = actor;
        self.from_on = Some(from);
        self.working_days = i32::try_from(days).ok();
        self.ward_days_left = None;
        self.set(calendar);
    }

    /// Counts anew, by another calendar. Whether the day moved.
    pub fn set(&mut self, calendar: &Calendar) -> bool {
        let (Some(from), Some(days)) = (self.from_on, self.working_days) else {
            return false;
        };
        let counted = calendar::add_working_days(calendar, from, days.unsigned_abs());
        // After a hearing, or the end of a limitation period, it would be too late.
        let last = self.urgency.last_before(from);
        let day = last.map_or(counted.day, |last| last.min(counted.day));
        let is_moved = self.due_on != Some(day);
        self.due_on = Some(day);
        self.is_provisional = counted.used_unconfirmed;
        is_moved
    }

    /// Stops the ward's clock while the family has `days` working days to answer. Asked again, the
    /// family's days begin anew and the ward's still stand.
    pub fn wait_for_family(&mut self, calendar: &Calendar, today: NaiveDate, days: u32) {
        let left = match self.next_actor {
            NextActor::Family => self.ward_days_left,
            NextActor::Ward | NextActor::Centre | NextActor::Nobody => {
                self.due_on.map(|due| working_days(calendar, today, due))
            }
        };
        self.run(calendar, NextActor::Family, today, days);
        self.ward_days_left = left;
    }

    /// Goes on for the ward with what was left; at least a day.
    pub fn go_on(&mut self, calendar: &Calendar, today: NaiveDate, days: u32) {
        let left = self
            .ward_days_left
            .map_or(days, |left| u32::try_from(left).unwrap_or_default().max(1));
        self.run(calendar, NextActor::Ward, today, left);
    }

    /// Nobody's turn any more.
    pub fn rest(&mut self) {
        *self = Self {
            urgency: self.urgency,
            ..Self::default()
        };
    }
}

/// The working days after `from` up to `to`; none where `to` is not later.
pub fn working_days(calendar: &Calendar, from: NaiveDate, to: NaiveDate) -> i32 {
    let days = from.iter_days().skip(1).take_while(|day| *day <= to);
    // A deadline is weeks away, never more than a few years.
    let worked = days
        .take(2000)
        .filter(|day| calendar::is_working_day(calendar, *day));
    i32::try_from(worked.count()).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::office::calendar::DayKind;
    use proptest::prelude::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn holidays() -> Calendar {
        Calendar::new(
            crate::office::import::holidays()
                .unwrap()
                .into_iter()
                .map(|(day, fields)| (day, fields.kind, fields.confirmed)),
        )
    }

    #[test]
    fn the_wards_clock_stands_while_a_family_is_asked() {
        let calendar = holidays();
        let mut clock = Clock::default();
        // Friday before the holiday of 24 November: three working days are Thursday.
        clock.run(&calendar, NextActor::Ward, date("2026-11-20"), 3);
        assert_eq!(clock.due_on, Some(date("2026-11-26")));
        clock.wait_for_family(&calendar, date("2026-11-23"), 5);
        assert_eq!(clock.next_actor, NextActor::Family);
        assert_eq!(clock.due_on, Some(date("2026-12-01")));
        assert_eq!(clock.ward_days_left, Some(2));
        clock.wait_for_family(&calendar, date("2026-11-30"), 5);
        assert_eq!(clock.ward_days_left, Some(2), "asked again");
        clock.go_on(&calendar, date("2026-12-04"), 3);
        assert_eq!(clock.next_actor, NextActor::Ward);
        assert_eq!(clock.due_on, Some(date("2026-12-08")));
    }

    #[test]
    fn what_was_late_when_it_stopped_has_a_day() {
        let calendar = holidays();
        let mut clock = Clock::default();
        clock.run(&calendar, NextActor::Ward, date("2026-03-02"), 3);
        clock.wait_for_family(&calendar, date("2026-03-20"), 5);
        assert_eq!(clock.ward_days_left, Some(0));
        clock.go_on(&calendar, date("2026-03-23"), 3);
        assert_eq!(clock.due_on, Some(date("2026-03-24")));
    }

    #[test]
    fn a_new_holiday_moves_what_is_open() {
        let mut clock = Clock::default();
        clock.run(&Calendar::default(), NextActor::Ward, date("2026-03-02"), 3);
        assert_eq!(clock.due_on, Some(date("2026-03-05")));
        let changed = Calendar::new([(date("2026-03-04"), DayKind::Holiday, true)]);
        assert!(clock.set(&changed) && !clock.set(&changed));
        assert_eq!(clock.due_on, Some(date("2026-03-06")));
        clock.rest();
        assert!(!clock.set(&changed));
        assert_eq!(clock.rank(), NO_QUEUE);
    }

    #[test]
    fn no_day_is_later_than_the_hearing_or_the_limitation() {
        let calendar = holidays();
        let mut clock = Clock {
            urgency: Urgency {
                hearing_on: Some(date("2026-03-04")),
                limitation_on: Some(date("2026-03-03")),
                ..Urgency::default()
            },
            ..Clock::default()
        };
        clock.run(&calendar, NextActor::Ward, date("2026-03-02"), 3);
        assert_eq!(clock.due_on, Some(date("2026-03-03")));
        // What has passed holds up nothing.
        clock.run(&calendar, NextActor::Family, date("2026-03-04"), 5);
        assert_eq!(clock.due_on, Some(date("2026-03-04")));
        clock.run(&calendar, NextActor::Centre, date("2026-03-05"), 5);
        assert_eq!(clock.due_on, Some(date("2026-03-12")));
    }

    #[test]
    fn a_near_hearing_presses() {
        let calendar = holidays();
        let urgency = Urgency {
            hearing_on: Some(date("2026-03-09")),
            ..Urgency::default()
        };
        let seen = |on| urgency.seen_on(&calendar, date(on), 5);
        assert_eq!(seen("2026-02-27").level, UrgencyLevel::Normal);
        assert_eq!(seen("2026-03-02").level, UrgencyLevel::Urgent);
        assert_eq!(seen("2026-03-02").reason, Some(UrgencyReason::Hearing));
        assert_eq!(seen("2026-03-20").level, UrgencyLevel::Urgent);
    }

    proptest! {
        #[test]
        fn what_is_counted_on_is_counted_back(start in 0_i64..1500, days in 1_u32..60) {
            let calendar = holidays();
            let from = date("2026-01-01") + chrono::TimeDelta::days(start);
            let mut clock = Clock::default();
            clock.run(&calendar, NextActor::Ward, from, days);
            let due = clock.due_on.unwrap();
            prop_assert_eq!(u32::try_from(working_days(&calendar, from, due)).unwrap(), days);
            prop_assert_eq!(working_days(&calendar, due, from), 0);
        }

        #[test]
        fn standing_still_takes_nothing_away(days in 1_u32..30, used in 0_i64..20, asked in 0_i64..60) {
            let calendar = holidays();
            let start = date("2026-03-02");
            let mut clock = Clock::default();
            clock.run(&calendar, NextActor::Ward, start, days);
            let due = clock.due_on.unwrap();
            let stopped = start + chrono::TimeDelta::days(used);
            let left = working_days(&calendar, stopped, due);
            clock.wait_for_family(&calendar, stopped, 5);
            let again = stopped + chrono::TimeDelta::days(asked);
            clock.go_on(&calendar, again, days);
            let after = working_days(&calendar, again, clock.due_on.unwrap());
            prop_assert_eq!(after, left.max(1));
        }
    }
}
