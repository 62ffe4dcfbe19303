//! Counts of counselling: how many appointments, how many people, how often somebody is missed,
//! how long a family waits. Pure; the officials they are for see exact cells.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::appointment::AppointmentStatus;
use super::model::{Mode, PartyRole, Phase, Topic};
use crate::kernel::text_enum::text_enum;

text_enum! {
    /// What the rows of the counts go by.
    pub enum CounsellingDimension {
        /// The phase an appointment was held in.
        Phase = "phase",
        /// Where it stands.
        Status = "status",
        /// Who comes; an appointment counts in the row of each.
        PartyRole = "party_role",
        /// How it is held.
        Mode = "mode",
        /// What it is about; an appointment counts in the row of each.
        Topic = "topic",
        /// The month it is in.
        Month = "month",
    }
}

impl CounsellingDimension {
    /// Whether every appointment is in one row alone, so that the rows add up to the total.
    pub const fn is_additive(self) -> bool {
        !matches!(self, Self::PartyRole | Self::Topic)
    }
}

/// Someone who comes, or came, to an appointment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The same wherever this person is a party.
    pub key: Vec<u8>,
    /// Whom the person was.
    pub role: PartyRole,
    /// Whether the person came.
    pub has_attended: bool,
}

/// An appointment, as it is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// Its office day.
    pub day: NaiveDate,
    /// Its phase.
    pub phase: Phase,
    /// Where it stands.
    pub status: AppointmentStatus,
    /// How it is held.
    pub mode: Mode,
    /// What it is about.
    pub topics: Vec<Topic>,
    /// Who comes.
    pub people: Vec<Person>,
}

impl Counted {
    /// The rows it is counted in.
    fn keys(&self, dimension: CounsellingDimension) -> BTreeSet<String> {
        use CounsellingDimension as D;
        let one = |word: &str| BTreeSet::from([word.to_owned()]);
        match dimension {
            D::Phase => one(self.phase.as_str()),
            D::Status => one(self.status.as_str()),
            D::Mode => one(self.mode.as_str()),
            D::Month => one(&self.day.format("%Y-%m").to_string()),
            D::Topic => {
                let words = self.topics.iter().map(|topic| topic.as_str().to_owned());
                words.collect()
            }
            D::PartyRole => {
                let words = self.people.iter();
                words.map(|one| one.role.as_str().to_owned()).collect()
            }
        }
    }
}

/// What is counted of some appointments.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// All.
    pub appointments: usize,
    /// Those that were held.
    pub completed: usize,
    /// Those somebody did not come to.
    pub no_shows: usize,
    served: BTreeSet<Vec<u8>>,
}

impl Tally {
    fn add(&mut self, one: &Counted, role: Option<&str>) {
        self.appointments += 1;
        match one.status {
            AppointmentStatus::Completed => self.completed += 1,
            AppointmentStatus::NoShow => self.no_shows += 1,
            _ => {}
        }
        let is_meant = |person: &&Person| role.is_none_or(|role| person.role.as_str() == role);
        let came = one.people.iter().filter(|person| person.has_attended);
        self.served
            .extend(came.filter(is_meant).map(|person| person.key.clone()));
    }

    /// People who came, each once.
    pub fn people_served(&self) -> usize {
        self.served.len()
    }

    /// Of the appointments whose time came, those somebody did not come to, in percent with one
    /// decimal.
    pub fn no_show_rate(&self) -> Option<f64> {
        let due = self.completed + self.no_shows;
        let per_mille = (self.no_shows * 2000 + due).checked_div(due * 2)?;
        let per_mille = u32::try_from(per_mille).ok()?;
        Some(f64::from(per_mille) / 10.0)
    }
}

/// Counts by a dimension, and all in all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// By the values of the dimension, in their order.
    pub rows: BTreeMap<String, Tally>,
    /// All in all.
    pub total: Tally,
}

/// Counts appointments.
pub fn table(all: &[Counted], dimension: Option<CounsellingDimension>) -> Table {
    let mut table = Table::default();
    for one in all {
        table.total.add(one, None);
        let keys = dimension.map(|dimension| one.keys(dimension));
        for key in keys.unwrap_or_default() {
            let is_role = dimension == Some(CounsellingDimension::PartyRole);
            let role = is_role.then_some(key.as_str());
            table.rows.entry(key.clone()).or_default().add(one, role);
        }
    }
    table
}

/// The middle of some numbers of days; of two in the middle, what lies between.
pub fn median(mut days: Vec<u32>) -> Option<f64> {
    days.sort_unstable();
    let middle = days.len() / 2;
    let upper = f64::from(*days.get(middle)?);
    if days.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = f64::from(*days.get(middle.checked_sub(1)?)?);
    Some(f64::midpoint(lower, upper))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(status: AppointmentStatus, people: &[(u8, PartyRole, bool)]) -> Counted {
        let person = |(key, role, has_attended): &(u8, PartyRole, bool)| Person {
            key: vec![*key],
            role: *role,
            has_attended: *has_attended,
        };
        Counted {
            day: NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(),
            phase: Phase::Before,
            status,
            mode: Mode::Home,
            topics: vec![Topic::Grief, Topic::Purpose],
            people: people.iter().map(person).collect(),
        }
    }

    #[test]
    fn people_count_once_and_rows_of_many_values_do_not_add_up() {
        use AppointmentStatus as S;
        let birth = PartyRole::BirthParent;
        let all = [
            one(
                S::Completed,
                &[(1, birth, true), (2, PartyRole::Relative, false)],
            ),
            one(
                S::Completed,
                &[(1, birth, true), (2, PartyRole::Relative, true)],
            ),
            one(S::NoShow, &[(3, birth, false)]),
            one(S::Requested, &[(4, birth, false)]),
        ];
        let roles = table(&all, Some(CounsellingDimension::PartyRole));
        assert_eq!(roles.total.appointments, 4);
        assert_eq!(roles.total.people_served(), 2);
        assert_eq!(roles.total.no_show_rate(), Some(33.3));
        let row = |key: &str| {
            let row = &roles.rows[key];
            (row.appointments, row.people_served())
        };
        assert_eq!(row("birth_parent"), (4, 1));
        assert_eq!(row("relative"), (2, 1));
        let months = table(&all, Some(CounsellingDimension::Month));
        assert_eq!(months.rows["2026-03"], months.total);
        assert_eq!(table(&all, Some(CounsellingDimension::Topic)).rows.len(), 2);
        assert_eq!(table(&[], None).total.no_show_rate(), None);
    }

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(median(vec![]), None);
        assert_eq!(median(vec![9, 1, 4]), Some(4.0));
        assert_eq!(median(vec![9, 1, 4, 5]), Some(4.5));
    }
}
