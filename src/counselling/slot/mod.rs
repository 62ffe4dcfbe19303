//! Free times: what a counsellor's hours leave open, and what takes them.

use chrono::{Datelike, NaiveDate, NaiveTime, TimeDelta};

use super::model::{CaseId, Side};
use crate::kernel::text_enum::text_enum;
use crate::kernel::{Timestamp, Zone};
use crate::office::calendar::{Calendar, is_working_day};

/// The shortest and the longest an appointment lasts, in minutes.
pub const MINUTES: std::ops::RangeInclusive<i64> = 15..=240;
/// Minutes of a day.
const DAY: i32 = 24 * 60;

/// From when to when; the end is not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The first instant.
    pub starts_at: Timestamp,
    /// The first instant after it.
    pub ends_at: Timestamp,
}

impl Span {
    /// Whether both have an instant in common.
    pub fn overlaps(self, other: Self) -> bool {
        self.starts_at < other.ends_at && other.starts_at < self.ends_at
    }

    /// Whether all of `other` lies within.
    pub fn holds(self, other: Self) -> bool {
        self.starts_at <= other.starts_at && other.ends_at <= self.ends_at
    }

    /// The same with a margin on both ends.
    #[must_use]
    pub fn widened(self, by: TimeDelta) -> Self {
        Self {
            starts_at: self.starts_at.minus(by),
            ends_at: self.ends_at.plus(by),
        }
    }

    /// How many whole minutes it lasts.
    pub fn minutes(self) -> i64 {
        self.ends_at.since(self.starts_at).num_minutes()
    }
}

/// Minutes of the day from which to which something goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Minutes {
    /// The first.
    pub from: i32,
    /// The first after it.
    pub to: i32,
}

/// Hours of a weekday.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours {
    /// 1 is Monday, 7 is Sunday.
    pub weekday: i32,
    /// From when to when.
    pub minutes: Minutes,
    /// The first day they hold.
    pub valid_from: NaiveDate,
    /// The last day they hold.
    pub valid_to: Option<NaiveDate>,
}

text_enum! {
    /// What an exception does.
    pub enum ExceptionKind {
        /// Opens hours, whatever the weekday and the office's calendar say.
        Open = "open",
        /// Closes hours.
        Closed = "closed",
    }
}

/// What is different on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// The day.
    pub day: NaiveDate,
    /// What it does.
    pub kind: ExceptionKind,
    /// From when to when.
    pub minutes: Minutes,
}

/// When a counsellor can be seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Availability {
    /// Week by week.
    pub hours: Vec<Hours>,
    /// On single days.
    pub exceptions: Vec<Exception>,
    /// Away.
    pub time_off: Vec<Span>,
}

impl Availability {
    /// The minutes a day is open, in order and apart from one another. On days the office does
    /// not work only what an exception opens is open.
    pub fn open_on(&self, calendar: &Calendar, day: NaiveDate) -> Vec<Minutes> {
        let weekday = i32::try_from(day.weekday().number_from_monday()).unwrap_or(0);
        let is_worked = is_working_day(calendar, day);
        let weekly = self.hours.iter().filter(|hours| {
            is_worked
                && hours.weekday == weekday
                && hours.valid_from <= day
                && hours.valid_to.is_none_or(|last| day <= last)
        });
        let of_day = |kind| {
            let mine = move |one: &&Exception| one.day == day && one.kind == kind;
            self.exceptions.iter().filter(mine).map(|one| one.minutes)
        };
        let opened = weekly
            .map(|hours| hours.minutes)
            .chain(of_day(ExceptionKind::Open));
        of_day(ExceptionKind::Closed).fold(joined(opened.collect()), |open, gone| {
            open.into_iter()
                .flat_map(|one| without(one, gone))
                .collect()
        })
    }

    /// Whether all of a span is open.
    pub fn is_open(&self, (calendar, zone): (&Calendar, Zone), span: Span) -> bool {
        let day = zone.day(span.starts_at);
        let is_away = self.time_off.iter().any(|away| away.overlaps(span));
        let open = self.open_on(calendar, day);
        !is_away && open.into_iter().any(|one| at(zone, day, one).holds(span))
    }
}

/// Minutes that touch or overlap, made one.
fn joined(mut all: Vec<Minutes>) -> Vec<Minutes> {
    all.sort_unstable();
    let mut apart: Vec<Minutes> = Vec::new();
    for one in all {
        match apart.last_mut() {
            Some(last) if one.from <= last.to => last.to = last.to.max(one.to),
            _ => apart.push(one),
        }
    }
    apart
}

/// What is left of `one` on either side of `gone`.
fn without(one: Minutes, gone: Minutes) -> impl Iterator<Item = Minutes> {
    let before = Minutes {
        from: one.from,
        to: one.to.min(gone.from),
    };
    let after = Minutes {
        from: one.from.max(gone.to),
        to: one.to,
    };
    let is_apart = gone.to <= one.from || one.to <= gone.from;
    let parts = if is_apart {
        [Some(one), None]
    } else {
        [Some(before), Some(after)]
    };
    let is_some = |part: &Minutes| part.from < part.to;
    parts.into_iter().flatten().filter(is_some)
}

fn instant(zone: Zone, day: NaiveDate, minute: i32) -> Timestamp {
    let seconds = u32::try_from(minute.clamp(0, DAY)).unwrap_or(0) * 60;
    match NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0) {
        Some(time) => zone.at(day, time),
        None => zone.start_of(day.succ_opt().unwrap_or(day)),
    }
}

fn at(zone: Zone, day: NaiveDate, minutes: Minutes) -> Span {
    Span {
        starts_at: instant(zone, day, minutes.from),
        ends_at: instant(zone, day, minutes.to),
    }
}

/// Which free times are looked for.
#[derive(Debug, Clone, Copy)]
pub struct Search {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// How long each lasts, in minutes.
    pub minutes: i64,
    /// No time begins earlier.
    pub earliest: Timestamp,
    /// The most there may be.
    pub limit: usize,
}

impl Search {
    /// The minutes between the starts that are tried, counted from midnight.
    pub const fn step(&self) -> i32 {
        if self.minutes % 30 == 0 { 30 } else { 15 }
    }
}

/// The free times, in order.
pub fn free(
    availability: &Availability,
    (calendar, zone): (&Calendar, Zone),
    busy: &[Span],
    search: Search,
) -> Vec<Span> {
    let length = i32::try_from(search.minutes).unwrap_or(DAY).max(1);
    let step = search.step();
    let mut found = Vec::new();
    let days = search.from.iter_days().take_while(|day| *day <= search.to);
    for day in days {
        for open in availability.open_on(calendar, day) {
            let first = open.from.div_euclid(step) * step;
            let first = if first < open.from {
                first + step
            } else {
                first
            };
            let mut from = first;
            while from.saturating_add(length) <= open.to && found.len() < search.limit {
                let to = from.saturating_add(length);
                let span = at(zone, day, Minutes { from, to });
                let mut taken = availability.time_off.iter().chain(busy);
                let is_free = !taken.any(|one| one.overlaps(span));
                if is_free && span.starts_at >= search.earliest {
                    found.push(span);
                }
                from += step;
            }
        }
        if found.len() >= search.limit {
            break;
        }
    }
    found
}

/// Which sides of an adoption come to an appointment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sides {
    /// The family of origin.
    pub birth: bool,
    /// Those who adopt.
    pub adoptive: bool,
}

impl Sides {
    /// The sides of those who come.
    pub fn of(all: impl IntoIterator<Item = Side>) -> Self {
        all.into_iter().fold(Self::default(), |sides, side| Self {
            birth: sides.birth || side == Side::Birth,
            adoptive: sides.adoptive || side == Side::Adoptive,
        })
    }

    /// Whether both come.
    pub const fn meet(self) -> bool {
        self.birth && self.adoptive
    }

    /// Whether someone here is of the side opposite to someone there.
    pub const fn oppose(self, other: Self) -> bool {
        (self.birth && other.adoptive) || (self.adoptive && other.birth)
    }
}

/// An appointment that is, or is to be: what of it matters to others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    /// From when to when.
    pub span: Span,
    /// Who comes.
    pub sides: Sides,
    /// Whether it is where others wait.
    pub is_at_office: bool,
    /// Its case.
    pub case: Option<CaseId>,
}

/// Whether those who come to one would meet those of the other at the door, where they may not.
pub fn would_meet(taken: &Booking, wanted: &Booking, may_meet: bool) -> bool {
    let is_one_case = taken.case.is_some() && taken.case == wanted.case;
    let is_lifted = is_one_case && may_meet;
    let is_one_door = taken.is_at_office && wanted.is_at_office;
    is_one_door && taken.sides.oppose(wanted.sides) && !is_lifted
}

/// What `taken` leaves no room for, seen from `wanted`: where the sides would meet at the door,
/// the time around it, too.
pub fn blocked(taken: &Booking, (wanted, may_meet): (&Booking, bool), gap: TimeDelta) -> Span {
    if would_meet(taken, wanted, may_meet) {
        taken.span.widened(gap)
    } else {
        taken.span
    }
}

#[cfg(test)]
mod tests;
