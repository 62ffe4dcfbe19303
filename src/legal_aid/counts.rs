//! What requests of a period are counted to: pure, no story and no name.
//!
//! A request belongs to the office day on which it was handed in; mistakes that were struck out are
//! not counted. Every row adds up to the total; a value nobody gave is a row of its own.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::clock::working_days;
use super::model::{RefusalReason, Sex, UrgencyLevel};
use super::status::Status;
use crate::kernel::text_enum::text_enum;
use crate::office::calendar::Calendar;
use crate::office::settings::AgeBands;

text_enum! {
    /// By what rows are told apart.
    pub enum LegalAidDimension {
        /// The month it was handed in.
        Month = "month",
        /// The form of legal aid wanted.
        Form = "form",
        /// The field of law.
        Field = "field",
        /// The child's age on that day.
        AgeBand = "age_band",
        /// The child's sex.
        Sex = "sex",
        /// The beneficiary's category.
        Category = "category",
        /// How much it presses.
        Urgency = "urgency",
        /// On what ground the Centre refused.
        RefusalReason = "refusal_reason",
    }
}

/// What is counted of one request.
#[derive(Debug, Clone)]
pub struct Counted {
    /// Where it stands.
    pub status: Status,
    /// The day it was handed in.
    pub submitted_on: NaiveDate,
    /// The day it was first sent to the Centre.
    pub first_referred_on: Option<NaiveDate>,
    /// The form wanted.
    pub form: Option<String>,
    /// The field of law.
    pub field: Option<String>,
    /// The category.
    pub category: Option<String>,
    /// The child's age.
    pub age: Option<i32>,
    /// The child's sex.
    pub sex: Sex,
    /// How much it presses.
    pub urgency: UrgencyLevel,
    /// On what ground it was refused.
    pub refusal: Option<RefusalReason>,
}

/// The counts of some requests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Handed in.
    pub received: usize,
    /// Sent to the Centre at least once.
    pub referred: usize,
    /// Taken on by the Centre, whatever came of it.
    pub accepted: usize,
    /// Refused by the Centre, as it stands.
    pub refused: usize,
    /// Shown another way, as it stands.
    pub redirected: usize,
    /// Done.
    pub completed: usize,
    /// Ended before it was done.
    pub discontinued: usize,
    /// Taken back.
    pub withdrawn: usize,
    /// Something is still to be done.
    pub open: usize,
    waits: Vec<i32>,
}

impl Tally {
    fn add(&mut self, one: &Counted, calendar: &Calendar) {
        let is = |all: &[Status]| usize::from(all.contains(&one.status));
        self.received += 1;
        self.referred += usize::from(one.first_referred_on.is_some());
        self.accepted += is(&[
            Status::Accepted,
            Status::Assigned,
            Status::InProgress,
            Status::Completed,
            Status::Discontinued,
        ]);
        self.refused += is(&[Status::Refused]);
        self.redirected += is(&[Status::Redirected]);
        self.completed += is(&[Status::Completed]);
        self.discontinued += is(&[Status::Discontinued]);
        self.withdrawn += is(&[Status::Withdrawn]);
        self.open += usize::from(one.status.is_open());
        if let Some(sent) = one.first_referred_on {
            self.waits
                .push(working_days(calendar, one.submitted_on, sent));
        }
    }

    /// The median of the working days from handing in to the first referral.
    pub fn median_days(&self) -> Option<f64> {
        let mut waits = self.waits.clone();
        waits.sort_unstable();
        let upper = f64::from(*waits.get(waits.len() / 2)?);
        let lower = f64::from(*waits.get((waits.len() - 1) / 2)?);
        Some(f64::midpoint(lower, upper))
    }
}

/// The total and a row for each value.
#[derive(Debug, Default)]
pub struct Table {
    /// All of them.
    pub total: Tally,
    /// By value; none is what nobody gave.
    pub rows: BTreeMap<Option<String>, Tally>,
}

/// What of a request tells when it came and when it went.
#[derive(Debug, Clone, Copy)]
pub struct Passed {
    /// Where it stands.
    pub status: Status,
    /// The day it was handed in.
    pub submitted_on: NaiveDate,
    /// The day it was first sent to the Centre.
    pub first_referred_on: Option<NaiveDate>,
    /// The day it ended.
    pub ended_on: Option<NaiveDate>,
}

/// What came and what was done within a period, whenever each request was handed in: what was
/// there, with what was received, is what ended and what was left.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flow {
    /// Handed in earlier, and not ended when the period began.
    pub brought_forward: usize,
    /// Handed in within it.
    pub received: usize,
    /// First sent to the Centre within it.
    pub referred: usize,
    /// How those that ended within it ended.
    pub ended: BTreeMap<Status, usize>,
    /// Not ended when it was over.
    pub open_at_end: usize,
}

/// Counts what passed within the days of a period.
pub fn flow(all: &[Passed], (from, to): (NaiveDate, NaiveDate)) -> Flow {
    let mut flow = Flow::default();
    let is_within = |day: NaiveDate| from <= day && day <= to;
    for one in all {
        let has_come = one.submitted_on <= to;
        if !has_come || one.ended_on.is_some_and(|day| day < from) {
            continue;
        }
        flow.brought_forward += usize::from(one.submitted_on < from);
        flow.received += usize::from(is_within(one.submitted_on));
        flow.referred += usize::from(one.first_referred_on.is_some_and(is_within));
        match one.ended_on.filter(|day| is_within(*day)) {
            Some(_) => *flow.ended.entry(one.status).or_default() += 1,
            None => flow.open_at_end += 1,
        }
    }
    flow
}

/// Counts requests by a dimension.
pub fn count(
    all: &[Counted],
    dimension: Option<LegalAidDimension>,
    (calendar, bands): (&Calendar, &AgeBands),
) -> Table {
    let mut table = Table::default();
    for one in all {
        table.total.add(one, calendar);
        if let Some(dimension) = dimension {
            let key = key(one, dimension, bands);
            table.rows.entry(key).or_default().add(one, calendar);
        }
    }
    table
}

fn key(one: &Counted, dimension: LegalAidDimension, bands: &AgeBands) -> Option<String> {
    use LegalAidDimension as D;
    match dimension {
        D::Month => {
            let day = one.submitted_on;
            Some(format!("{:04}-{:02}", day.year(), day.month()))
        }
        D::Form => one.form.clone(),
        D::Field => one.field.clone(),
        D::AgeBand => one.age.and_then(|age| bands.name(age)),
        D::Sex => Some(one.sex.to_string()),
        D::Category => one.category.clone(),
        D::Urgency => Some(one.urgency.to_string()),
        D::RefusalReason => one.refusal.map(|reason| reason.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn one(status: Status, days: i64, field: Option<&str>) -> Counted {
        let submitted_on = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        Counted {
            status,
            submitted_on,
            first_referred_on: status
                .is_with_centre()
                .then(|| submitted_on + chrono::TimeDelta::days(days)),
            form: None,
            field: field.map(str::to_owned),
            category: None,
            age: None,
            sex: Sex::Unknown,
            urgency: UrgencyLevel::Normal,
            refusal: None,
        }
    }

    proptest! {
        #[test]
        fn rows_add_up_to_the_total(
            all in proptest::collection::vec((0_usize..Status::ALL.len(), 0_i64..20, 0_u8..4), 0..60)
        ) {
            let all: Vec<Counted> = all
                .into_iter()
                .map(|(status, days, field)| {
                    let field = ["civil", "labour", "adoption"].get(usize::from(field)).copied();
                    one(Status::ALL[status], days, field)
                })
                .collect();
            let bands = AgeBands::default();
            let calendar = Calendar::default();
            let table = count(&all, Some(LegalAidDimension::Field), (&calendar, &bands));
            let sum = |of: fn(&Tally) -> usize| table.rows.values().map(of).sum::<usize>();
            prop_assert_eq!(sum(|row| row.received), all.len());
            prop_assert_eq!(sum(|row| row.open), table.total.open);
            prop_assert_eq!(sum(|row| row.referred), table.total.referred);
            prop_assert_eq!(sum(|row| row.accepted), table.total.accepted);
        }
    }

    proptest! {
        #[test]
        fn what_was_there_and_what_came_is_what_ended_and_what_was_left(
            all in proptest::collection::vec((0_i64..60, proptest::option::of(0_i64..60)), 0..60)
        ) {
            let first = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
            let day = |days: i64| first + chrono::TimeDelta::days(days);
            let all: Vec<Passed> = all
                .into_iter()
                .map(|(came, lasted)| Passed {
                    status: lasted.map_or(Status::Referred, |_| Status::Completed),
                    submitted_on: day(came),
                    first_referred_on: Some(day(came)),
                    ended_on: lasted.map(|lasted| day(came + lasted)),
                })
                .collect();
            let flow = flow(&all, (day(20), day(40)));
            let ended: usize = flow.ended.values().sum();
            prop_assert_eq!(flow.brought_forward + flow.received, ended + flow.open_at_end);
            prop_assert_eq!(flow.referred, flow.received);
        }
    }

    #[test]
    fn the_median_is_of_working_days() {
        let all = [
            one(Status::Referred, 1, None),
            one(Status::Accepted, 7, None),
            one(Status::Submitted, 0, None),
        ];
        let table = count(&all, None, (&Calendar::default(), &AgeBands::default()));
        assert_eq!(table.total.median_days(), Some(3.0));
        assert_eq!(Tally::default().median_days(), None);
    }
}
