//! A session's stored counters: what each registration adds, by every dimension.
//!
//! Counters change by the difference of what a registration counted for before and after, in
//! the transaction of the change, so that reading a session's counts costs the same for a
//! hundred attendees and a hundred thousand.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::model::{Mark, Registration};
use super::status::RegistrationStatus;
use crate::kernel::text_enum::text_enum;

text_enum! {
    /// What is counted.
    pub enum Measure {
        /// Asked, not answered.
        Invited = "invited",
        /// Comes.
        Confirmed = "confirmed",
        /// Waits.
        Waitlisted = "waitlisted",
        /// Said no.
        Declined = "declined",
        /// Taken back.
        Cancelled = "cancelled",
        /// Was there, at completion.
        Present = "present",
        /// Was not.
        Absent = "absent",
        /// Was not, and had said so.
        Excused = "excused",
        /// Of the present, came late to a slot.
        Late = "late",
        /// Of the present, left a slot early.
        LeftEarly = "left_early",
        /// Just came.
        WalkIns = "walk_ins",
        /// Lượt người: presences at slots.
        SlotAttendances = "slot_attendances",
    }
}

/// How many measures there are.
pub const MEASURES: usize = Measure::ALL.len();

/// One number per measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tally([i64; MEASURES]);

impl Tally {
    /// What one registration counts for.
    pub fn of(registration: &Registration) -> Self {
        let mut tally = Self::default();
        let status = match registration.status {
            RegistrationStatus::Invited => Measure::Invited,
            RegistrationStatus::Confirmed => Measure::Confirmed,
            RegistrationStatus::Waitlisted => Measure::Waitlisted,
            RegistrationStatus::Declined => Measure::Declined,
            RegistrationStatus::Cancelled => Measure::Cancelled,
            RegistrationStatus::Merged => return tally,
        };
        tally.add(status, 1);
        if registration.status != RegistrationStatus::Confirmed {
            return tally;
        }
        tally.add(Measure::WalkIns, i64::from(registration.walk_in));
        tally.add(
            Measure::SlotAttendances,
            i64::from(registration.slots_present),
        );
        match registration.result {
            Some(Mark::Present) => {
                tally.add(Measure::Present, 1);
                tally.add(Measure::Late, i64::from(registration.late));
                tally.add(Measure::LeftEarly, i64::from(registration.left_early));
            }
            Some(Mark::Absent) => tally.add(Measure::Absent, 1),
            Some(Mark::Excused) => tally.add(Measure::Excused, 1),
            None => {}
        }
        tally
    }

    /// The number of one measure.
    pub fn measure(&self, measure: Measure) -> i64 {
        let index = Measure::ALL.iter().position(|known| *known == measure);
        index
            .and_then(|index| self.0.get(index))
            .copied()
            .unwrap_or(0)
    }

    fn add(&mut self, measure: Measure, number: i64) {
        let index = Measure::ALL.iter().position(|known| *known == measure);
        if let Some(cell) = index.and_then(|index| self.0.get_mut(index)) {
            *cell += number;
        }
    }

    /// Adds every measure of another tally.
    pub fn plus(&mut self, other: &Self) {
        for (cell, number) in self.0.iter_mut().zip(other.0) {
            *cell += number;
        }
    }

    /// Takes every measure of another tally away.
    pub fn minus(&mut self, other: &Self) {
        for (cell, number) in self.0.iter_mut().zip(other.0) {
            *cell -= number;
        }
    }

    /// Whether it counts nothing.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|number| *number == 0)
    }

    /// `present + absent + excused`.
    pub fn expected(&self) -> i64 {
        self.measure(Measure::Present)
            + self.measure(Measure::Absent)
            + self.measure(Measure::Excused)
    }

    /// The present of the expected in percent: one decimal, rounded half up, in whole numbers
    /// until the last step; `None` where nobody was expected.
    pub fn presence_percent(&self) -> Option<f64> {
        let expected = self.expected();
        if expected == 0 {
            return None;
        }
        let tenths = (self.measure(Measure::Present) * 2000 / expected + 1) / 2;
        Some(f64::from(i32::try_from(tenths).unwrap_or(0)) / 10.0)
    }
}

/// The value of a dimension nobody stated.
pub const UNKNOWN: &str = "unknown";

/// The counters of one session: the total, and by each of an attendee's dimensions. Ages are
/// kept as years of birth, so that other bands need no recount.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Over all.
    pub total: Tally,
    /// By sex.
    pub sex: BTreeMap<String, Tally>,
    /// By audience.
    pub audience: BTreeMap<String, Tally>,
    /// By agency, as its id.
    pub agency: BTreeMap<String, Tally>,
    /// By year of birth.
    pub birth_year: BTreeMap<String, Tally>,
}

/// What a registration counted for at one moment, and where.
#[derive(Debug, Clone)]
pub struct Contribution {
    tally: Tally,
    keys: [String; 4],
}

impl Contribution {
    /// What a registration counts for now.
    pub fn of(registration: &Registration) -> Self {
        let or_unknown = |value: Option<String>| value.unwrap_or_else(|| UNKNOWN.to_owned());
        Self {
            tally: Tally::of(registration),
            keys: [
                registration.sex.as_str().to_owned(),
                registration.audience.as_str().to_owned(),
                or_unknown(registration.agency_id.map(|id| id.to_string())),
                or_unknown(registration.birth_year.map(|year| year.to_string())),
            ],
        }
    }
}

impl Counts {
    /// Replaces what a registration counted for by what it counts for now.
    pub fn replace(&mut self, before: Option<&Contribution>, after: Option<&Contribution>) {
        if let Some(before) = before {
            self.each(before, Tally::minus);
        }
        if let Some(after) = after {
            self.each(after, Tally::plus);
        }
    }

    fn each(&mut self, contribution: &Contribution, change: fn(&mut Tally, &Tally)) {
        change(&mut self.total, &contribution.tally);
        let [sex, audience, agency, birth_year] = &contribution.keys;
        let rows = [
            (&mut self.sex, sex),
            (&mut self.audience, audience),
            (&mut self.agency, agency),
            (&mut self.birth_year, birth_year),
        ];
        for (map, key) in rows {
            let row = map.entry(key.clone()).or_default();
            change(row, &contribution.tally);
            if row.is_empty() {
                map.remove(key);
            }
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::kernel::{Clock, Id};
    use crate::training::model::{Audience, Sex, Source};
    use proptest::prelude::*;

    pub(crate) fn registration() -> Registration {
        let now = Clock::System.now();
        Registration {
            id: Id::new(now),
            session_id: Id::new(now),
            attendee_id: Id::new(now),
            invited_attendee_id: None,
            status: RegistrationStatus::Confirmed,
            place: 1,
            extra_seat: false,
            walk_in: false,
            source: Source::Organiser,
            sex: Sex::Female,
            audience: Audience::Official,
            agency_id: None,
            birth_year: Some(1990),
            expected_from: None,
            result: None,
            late: false,
            left_early: false,
            slots_present: 0,
            ticket_generation: 1,
            ticket_digest: Vec::new(),
            short_code: String::new(),
            note: None,
            ended_by: None,
            kept_id: None,
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }

    prop_compose! {
        fn any_state()(
            status in proptest::sample::select(RegistrationStatus::ALL),
            sex in proptest::sample::select(Sex::ALL),
            audience in proptest::sample::select(Audience::ALL),
            year in proptest::option::of(1950..1960_i32),
            result in proptest::option::of(proptest::sample::select(Mark::ALL)),
            walk_in: bool, late: bool, left_early: bool, slots_present in 0..4_i32,
        ) -> Registration {
            Registration {
                status, sex, audience, birth_year: year, result, walk_in, late, left_early,
                slots_present, ..registration()
            }
        }
    }

    proptest! {
        #[test]
        fn counters_equal_a_recount_after_any_history(
            changes in proptest::collection::vec((0..12_usize, any_state()), 0..200),
        ) {
            let mut people: Vec<Option<Registration>> = vec![None; 12];
            let mut counts = Counts::default();
            for (who, state) in changes {
                let before = people[who].as_ref().map(Contribution::of);
                counts.replace(before.as_ref(), Some(&Contribution::of(&state)));
                people[who] = Some(state);
            }
            let mut recount = Counts::default();
            for registration in people.iter().flatten() {
                recount.replace(None, Some(&Contribution::of(registration)));
            }
            prop_assert_eq!(&counts, &recount);
            for map in [&counts.sex, &counts.audience, &counts.agency, &counts.birth_year] {
                let mut sum = Tally::default();
                for row in map.values() {
                    sum.plus(row);
                }
                prop_assert_eq!(sum, counts.total);
            }
        }
    }
}
