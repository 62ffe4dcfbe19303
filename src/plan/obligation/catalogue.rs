//! What is owed for a year: pure, of the plan, the office's agencies, its policies and its calendar.

use std::ops::RangeInclusive;

use chrono::NaiveDate;

use super::{ObligationKind, Owed, Party, Words};
use crate::db;
use crate::office::agency::{self, Agency};
use crate::office::calendar::{self, Calendar, this_or_previous_working_day};
use crate::office::import::{self, PlanObligation};
use crate::office::plan::{self, Task};
use crate::office::policy::{Policies, Policy};
use crate::office::work::Work;
use crate::office::year_day::YearDay;
use crate::plan::error::Error;

/// More tasks than a plan has.
const TASKS_MAX: i64 = 1_000;
/// The years that can be asked for.
pub(super) const YEARS: RangeInclusive<i32> = 1900..=2199;
/// How often a task says that it is planned by the year.
const YEARLY: &str = "yearly";
/// What says that a task has a plan of every year.
const YEARLY_SOURCE: &str =
    "the plan, II.3: by a plan of each year; of its first year it is that plan itself";

/// What obligations follow from.
pub(super) struct Catalogue {
    /// The plan's first year.
    pub(super) first_year: i32,
    pub(super) duties: Vec<PlanObligation>,
    pub(super) tasks: Vec<Task>,
    pub(super) agencies: Vec<Agency>,
    pub(super) calendar: Calendar,
    pub(super) policies: Policies,
}

/// What of the plan's words makes an obligation.
#[derive(Clone)]
struct What<'a> {
    kind: ObligationKind,
    title: Words,
    owners: Vec<&'a str>,
    recipients: Vec<&'a str>,
    source: &'a str,
    plan_task: Option<&'a str>,
}

impl<'a> What<'a> {
    /// What the plan says is owed.
    fn of(duty: &'a PlanObligation) -> Result<Self, db::Error> {
        let kind = ObligationKind::parse(&duty.code)
            .ok_or_else(|| db::Error::Corrupt(format!("the plan owes {:?}", duty.code)))?;
        Ok(Self {
            kind,
            title: Words {
                vi: duty.title_vi.clone(),
                en: duty.title_en.clone(),
            },
            owners: duty.owners.iter().map(String::as_str).collect(),
            recipients: duty.recipients.iter().map(String::as_str).collect(),
            source: &duty.source,
            plan_task: None,
        })
    }

    /// The yearly plan of a task.
    fn of_task(task: &'a Task) -> Self {
        Self {
            kind: ObligationKind::YearlyPlan,
            title: Words {
                vi: format!("Kế hoạch hằng năm: {}", task.title_vi),
                en: format!("Yearly plan: {}", task.title_en),
            },
            owners: task.lead.iter().map(String::as_str).collect(),
            recipients: Vec::new(),
            source: YEARLY_SOURCE,
            plan_task: Some(&task.code),
        }
    }

    fn owned_by(&self, owner: &'a str) -> Self {
        Self {
            owners: vec![owner],
            ..self.clone()
        }
    }
}

/// When something is due, and the days it is about.
#[derive(Clone, Copy)]
struct When<'a> {
    year: i32,
    day: &'a Policy<YearDay>,
    period: Option<(NaiveDate, NaiveDate)>,
}

/// The days from one month's first to the last of another.
fn months(year: i32, from: u32, to: u32) -> Option<(NaiveDate, NaiveDate)> {
    let first = NaiveDate::from_ymd_opt(year, from, 1)?;
    let last = NaiveDate::from_ymd_opt(year, to, 1)?.checked_add_months(chrono::Months::new(1))?;
    Some((first, last.pred_opt()?))
}

impl Catalogue {
    /// Reads it for an office.
    pub(super) fn load(work: &mut Work<'_>) -> Result<Self, Error> {
        let office = work.office_id();
        let (first_year, duties) = import::obligations()?;
        Ok(Self {
            first_year,
            duties,
            tasks: plan::page(work.conn, office, i32::MIN, TASKS_MAX)?,
            agencies: agency::all(work.conn, office)?,
            calendar: calendar::load(work.conn, office)?,
            policies: work.settings()?.policies.clone(),
        })
    }

    /// Everything owed for a year, in no order. An office whose plan was not brought in owes nothing.
    pub(super) fn owed(&self, year: i32) -> Result<Vec<Owed>, db::Error> {
        let mut owed = Vec::new();
        if self.tasks.is_empty() || !YEARS.contains(&year) {
            return Ok(owed);
        }
        for duty in &self.duties {
            let is_of_year = match &duty.years {
                Some(years) => years.contains(&year),
                None => year >= self.first_year,
            };
            if is_of_year {
                owed.extend(self.of_duty(&What::of(duty)?, year));
            }
        }
        let yearly = self.tasks.iter().filter(|task| self.is_planned(task, year));
        let when = When {
            year,
            day: &self.policies.yearly_plan_day,
            period: months(year, 1, 12),
        };
        owed.extend(yearly.filter_map(|task| self.one(&What::of_task(task), when, &task.code)));
        Ok(owed)
    }

    /// Whether a task without parts has a plan of this year.
    fn is_planned(&self, task: &Task, year: i32) -> bool {
        let is_leaf = !self
            .tasks
            .iter()
            .any(|other| other.parent.as_ref() == Some(&task.code));
        // The plan itself, signed in its first year, is that year's.
        let is_current = task.start_year < year && task.end_year.is_none_or(|end| year <= end);
        is_leaf && is_current && task.cadence.as_deref() == Some(YEARLY)
    }

    fn of_duty(&self, what: &What<'_>, year: i32) -> Vec<Owed> {
        let policies = &self.policies;
        let window = &policies.reporting_window.value;
        let when = |day, period| When { year, day, period };
        match what.kind {
            ObligationKind::AnnualReport => {
                let when = when(&policies.annual_report_day, window.of(year));
                self.one(what, when, "").into_iter().collect()
            }
            ObligationKind::AgencyContribution => {
                let when = when(&policies.agency_contribution_day, window.of(year));
                let owners = what.owners.iter();
                let parts = owners.filter_map(|owner| self.one(&what.owned_by(owner), when, owner));
                parts.collect()
            }
            ObligationKind::ChildrenReview => {
                let first = when(&policies.children_review_first_day, months(year, 1, 6));
                let second = when(&policies.children_review_second_day, months(year, 7, 12));
                let halves = [(first, "1"), (second, "2")].into_iter();
                halves
                    .filter_map(|(when, half)| self.one(what, when, half))
                    .collect()
            }
            ObligationKind::SummaryReport => {
                // To the last day of its year's report: figures of later days could not be sent in time.
                let period = window.of(year).map(|(_, last)| (window.first_from, last));
                let when = when(&policies.summary_report_day, period);
                self.one(what, when, "").into_iter().collect()
            }
            // Follows from the tasks.
            ObligationKind::YearlyPlan => Vec::new(),
        }
    }

    /// One obligation; none where its year has no such day.
    fn one(&self, what: &What<'_>, when: When<'_>, part: &str) -> Option<Owed> {
        let last_day = when.day.value.of(when.year)?;
        let parts = [what.kind.as_str(), &when.year.to_string(), part];
        let named = parts.into_iter().filter(|part| !part.is_empty());
        Some(Owed {
            key: named.collect::<Vec<_>>().join("-"),
            kind: what.kind,
            title: what.title.clone(),
            year: when.year,
            plan_task: what.plan_task.map(str::to_owned),
            owners: what.owners.iter().map(|code| self.party(code)).collect(),
            recipients: what
                .recipients
                .iter()
                .map(|code| self.party(code))
                .collect(),
            period: when.period,
            last_day,
            file_by: this_or_previous_working_day(&self.calendar, last_day),
            source: what.source.to_owned(),
            day_source: when.day.source.clone(),
        })
    }

    fn party(&self, code: &str) -> Party {
        let found = self.agencies.iter().find(|agency| agency.code == code);
        let name =
            |name: fn(&Agency) -> &String| found.map_or(code, |found| name(found)).to_owned();
        Party {
            id: found.map(|agency| agency.id),
            code: code.to_owned(),
            name: Words {
                vi: name(|agency| &agency.name_vi),
                en: name(|agency| &agency.name_en),
            },
            is_active: found.is_some_and(|agency| agency.active),
        }
    }
}

/// The year a key is of.
pub(super) fn year_of(key: &str) -> Option<i32> {
    let year = key.split('-').nth(1)?;
    let is_year = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
    is_year.then(|| year.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{AgencyId, Timestamp};
    use crate::office::agency::AgencyKind;

    fn task(code: &str, parent: Option<&str>) -> Task {
        Task {
            code: code.to_owned(),
            parent: parent.map(str::to_owned),
            title_vi: "Rà soát".to_owned(),
            title_en: "Review".to_owned(),
            lead: Some("POLICE".to_owned()),
            coordinating: Vec::new(),
            start_year: 2026,
            end_year: Some(2030),
            cadence: Some(YEARLY.to_owned()),
            products: Vec::new(),
            position: 1,
        }
    }

    fn catalogue() -> Catalogue {
        let (first_year, duties) = import::obligations().unwrap();
        let holidays = import::holidays().unwrap().into_iter();
        let now = Timestamp::from_micros(0).unwrap();
        let police = Agency {
            id: AgencyId::new(now),
            code: "POLICE".to_owned(),
            name_vi: "Công an phường".to_owned(),
            name_en: "Ward Police".to_owned(),
            name_key: String::new(),
            kind: AgencyKind::Unit,
            active: true,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        Catalogue {
            first_year,
            duties,
            tasks: vec![task("3", None), task("3a", Some("3"))],
            agencies: vec![police],
            calendar: Calendar::new(
                holidays.map(|(day, fields)| (day, fields.kind, fields.confirmed)),
            ),
            policies: Policies::default(),
        }
    }

    fn keys(year: i32) -> Vec<String> {
        let mut owed = catalogue().owed(year).unwrap();
        owed.sort_by(|a, b| (a.last_day, &a.key).cmp(&(b.last_day, &b.key)));
        let told = owed
            .iter()
            .map(|one| format!("{} {} {}", one.key, one.last_day, one.file_by.day));
        told.collect()
    }

    #[test]
    fn a_year_owes_what_the_plan_says() {
        assert_eq!(
            keys(2026),
            [
                "children_review-2026-1 2026-06-30 2026-06-30",
                "agency_contribution-2026-CULTURE 2026-10-20 2026-10-20",
                "agency_contribution-2026-DIVISIONS 2026-10-20 2026-10-20",
                "agency_contribution-2026-HEALTH 2026-10-20 2026-10-20",
                "agency_contribution-2026-POLICE 2026-10-20 2026-10-20",
                "agency_contribution-2026-RELATED 2026-10-20 2026-10-20",
                "annual_report-2026 2026-11-04 2026-11-04",
                "children_review-2026-2 2026-12-31 2026-12-31",
            ]
        );
        assert_eq!(keys(2025), [""; 0]);
        assert_eq!(keys(2200), [""; 0]);
        assert_eq!(
            keys(2031),
            [
                "children_review-2031-1 2031-06-30 2031-06-30",
                "children_review-2031-2 2031-12-31 2031-12-31",
            ]
        );
        let last = keys(2030);
        assert!(last.contains(&"summary_report-2030 2030-12-31 2030-12-31".to_owned()));
        assert!(last.contains(&"yearly_plan-2030-3a 2030-01-31 2030-01-31".to_owned()));
        assert!(
            !last
                .iter()
                .any(|one| one.starts_with("yearly_plan-2030-3 "))
        );
    }

    #[test]
    fn a_day_on_a_weekend_is_met_on_the_working_day_before() {
        let mut days = Vec::new();
        for year in 2026..=2030 {
            let owed = catalogue().owed(year).unwrap();
            let report = owed
                .iter()
                .find(|one| one.kind == ObligationKind::AnnualReport)
                .unwrap();
            assert_eq!(report.key, format!("annual_report-{year}"));
            assert_eq!(year_of(&report.key), Some(year));
            days.push(report.file_by.day.to_string());
        }
        let wanted = [
            "2026-11-04",
            "2027-11-04",
            "2028-11-03",
            "2029-11-02",
            "2030-11-04",
        ];
        assert_eq!(days, wanted);
    }

    #[test]
    fn days_of_the_plan_are_the_defaults_of_their_settings() {
        #[derive(serde::Deserialize)]
        struct Plan {
            obligations: Vec<Day>,
        }
        #[derive(serde::Deserialize)]
        struct Day {
            code: String,
            due_before: Option<String>,
        }
        let plan: Plan = serde_json::from_str(include_str!("../../office/data/plan.json")).unwrap();
        let owed = catalogue().owed(2026).unwrap();
        for day in plan.obligations {
            let Some(before) = day.due_before else {
                continue;
            };
            for one in owed.iter().filter(|one| one.kind.as_str() == day.code) {
                let next = one.last_day.succ_opt().unwrap();
                assert_eq!(next.format("%m-%d").to_string(), before, "{}", one.key);
            }
        }
    }

    #[test]
    fn a_key_is_of_the_year_it_names() {
        assert_eq!(year_of("agency_contribution-2026-POLICE"), Some(2026));
        for key in [
            "annual_report",
            "annual_report-26",
            "annual_report-+026",
            "",
        ] {
            assert_eq!(year_of(key), None, "{key}");
        }
    }
}
