//! Policy values: what a law, the plan or the house sets and an administrator can change, each
//! with the text that says where it comes from.

use chrono::NaiveTime;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::reporting_window::{self, ReportingWindow};
use super::year_day::{self, YearDay};
use crate::kernel::Patch;
use crate::kernel::error::Check;

/// What a number rests on that the office set without saying by what.
const OWN_SOURCE: &str = "set by the office; unverified";
/// The most characters of a source.
const SOURCE_MAX: usize = 500;
/// The most values of a list.
const VALUES_MAX: usize = 20;

/// A value and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Policy<T: ToSchema> {
    /// The value.
    pub value: T,
    /// What sets it.
    pub source: String,
}

/// A change of a policy.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyChange<T: ToSchema> {
    /// The new value.
    value: T,
    /// What sets it; without one the source stays with a value that stays, and a new value is the office's.
    #[schema(max_length = 500)]
    source: Option<String>,
}

/// Ages counted together, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgeBand {
    /// The youngest.
    pub from: i32,
    /// The oldest; without one the band is open.
    pub to: Option<i32>,
}

impl AgeBand {
    /// `00-15`, `16-24`, `65+`: in the order of ages when sorted as text.
    pub fn label(self) -> String {
        match self.to {
            Some(to) => format!("{:02}-{to:02}", self.from),
            None => format!("{}+", self.from),
        }
    }

    /// What people call the band of a label, in Vietnamese and English: `dưới 16 tuổi` of `00-15`,
    /// `từ 65 tuổi` of `65+`.
    pub fn told(label: &str) -> Option<(String, String)> {
        if let Some(from) = label.strip_suffix('+') {
            return Some((format!("từ {from} tuổi"), format!("{from} and over")));
        }
        let (from, to) = label.split_once('-')?;
        let (from, to): (u8, u8) = (from.parse().ok()?, to.parse().ok()?);
        Some(match from {
            0 => {
                let end = u16::from(to) + 1;
                (format!("dưới {end} tuổi"), format!("under {end}"))
            }
            _ => (
                format!("từ {from} đến {to} tuổi"),
                format!("{from} to {to}"),
            ),
        })
    }

    /// Whether an age is counted here.
    pub fn holds(self, age: i32) -> bool {
        age >= self.from && self.to.is_none_or(|to| age <= to)
    }
}

/// Hours of the day in which mail waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    /// When they begin.
    #[schema(value_type = String, example = "21:00:00")]
    pub from: NaiveTime,
    /// When they end, on the next day where that is earlier.
    #[schema(value_type = String, example = "07:00:00")]
    pub to: NaiveTime,
}

/// Defines the numbers: name, default, bounds, source; and the days of every year: name, default, source.
macro_rules! policies {
    (
        $( $(#[$meta:meta])* $name:ident: $default:literal in $min:literal ..= $max:literal, $source:literal; )+
        @days { $( $(#[$day_meta:meta])* $day:ident: $day_default:literal, $day_source:literal; )+ }
    ) => {
        /// Every policy value of an office.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(default)]
        pub struct Policies {
            /// Hours before a session at which those who come are reminded.
            pub reminder_lead_hours: Policy<Vec<i32>>,
            /// The bands of ages that counts go by.
            pub age_bands: Policy<Vec<AgeBand>>,
            /// The days a yearly report counts.
            pub reporting_window: Policy<ReportingWindow>,
            /// The hours in which mail waits.
            pub quiet_hours: Policy<QuietHours>,
            $( $(#[$meta])* pub $name: Policy<i32>, )+
            $( $(#[$day_meta])* pub $day: Policy<YearDay>, )+
        }

        impl Default for Policies {
            fn default() -> Self {
                Self {
                    reminder_lead_hours: default_leads(),
                    age_bands: default_bands(),
                    reporting_window: reporting_window::standard(),
                    quiet_hours: default_quiet_hours(),
                    $( $name: Policy { value: $default, source: $source.to_owned() }, )+
                    $( $day: Policy {
                        value: YearDay::written($day_default),
                        source: $day_source.to_owned(),
                    }, )+
                }
            }
        }

        /// Changes of policy values: absent keeps, `null` brings the default back.
        #[derive(Debug, Clone, Default, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct PoliciesChange {
            #[serde(default)] #[schema(value_type = Option<PolicyChange<Vec<i32>>>)]
            reminder_lead_hours: Patch<PolicyChange<Vec<i32>>>,
            #[serde(default)] #[schema(value_type = Option<PolicyChange<Vec<AgeBand>>>)]
            age_bands: Patch<PolicyChange<Vec<AgeBand>>>,
            #[serde(default)] #[schema(value_type = Option<PolicyChange<ReportingWindow>>)]
            reporting_window: Patch<PolicyChange<ReportingWindow>>,
            #[serde(default)] #[schema(value_type = Option<PolicyChange<QuietHours>>)]
            quiet_hours: Patch<PolicyChange<QuietHours>>,
            $( #[serde(default)] #[schema(value_type = Option<PolicyChange<i32>>)] $name: Patch<PolicyChange<i32>>, )+
            $( #[serde(default)] #[schema(value_type = Option<PolicyChange<YearDay>>)] $day: Patch<PolicyChange<YearDay>>, )+
        }

        impl PoliciesChange {
            /// The policies after the change; broken rules go to `check`.
            pub(super) fn over(self, mut old: Policies, check: &mut Check) -> Policies {
                let standard = Policies::default();
                set(check, "/policies/reminder_lead_hours", self.reminder_lead_hours,
                    (&mut old.reminder_lead_hours, standard.reminder_lead_hours), leads);
                set(check, "/policies/age_bands", self.age_bands,
                    (&mut old.age_bands, standard.age_bands), bands);
                set(check, "/policies/reporting_window", self.reporting_window,
                    (&mut old.reporting_window, standard.reporting_window), reporting_window::checked);
                set(check, "/policies/quiet_hours", self.quiet_hours,
                    (&mut old.quiet_hours, standard.quiet_hours), |_, _, hours| hours);
                $(
                    set(check, concat!("/policies/", stringify!($name)), self.$name,
                        (&mut old.$name, standard.$name), |check, at, value| {
                            check.rule(($min..=$max).contains(&value), at, "out-of-range");
                            value
                        });
                )+
                $(
                    set(check, concat!("/policies/", stringify!($day)), self.$day,
                        (&mut old.$day, standard.$day), year_day::checked);
                )+
                old
            }
        }
    };
}

policies! {
    /// Minutes after a slot's start from which someone is late.
    late_after_minutes: 15 in 0..=480, "the house's default";
    /// The part of the mandatory minutes that makes someone present.
    minimum_presence_percent: 50 in 1..=100, "the house's default";
    /// Minutes before a slot's start from which check-in opens.
    check_in_opens_minutes: 60 in 0..=1440, "the house's default";
    /// Working days until a family that asked for counselling is first contacted.
    first_contact_days: 3 in 1..=60, "the house's default; no text names a number";
    /// Hours in which a request for an appointment holds its time.
    appointment_request_hours: 24 in 1..=336, "the house's default";
    /// Minutes at the office between birth family and prospective adopters.
    appointment_gap_minutes: 30 in 0..=240, "Hague Convention of 1993, Article 29; the house's default";
    /// Days after which a note that nobody signed is called to its author's mind.
    note_unsigned_days: 7 in 1..=90, "the house's default";
    /// Days in which a consent to a domestic adoption can be withdrawn.
    withdrawal_days_domestic: 15 in 1..=365, "Law on Adoption 52/2010/QH12, Article 21; unverified";
    /// Days in which a consent to an intercountry adoption can be withdrawn.
    withdrawal_days_intercountry: 30 in 1..=365, "Law on Adoption 52/2010/QH12; unverified";
    /// Days after birth before which a birth parent cannot consent.
    birth_parent_consent_days: 15 in 0..=365, "Law on Adoption 52/2010/QH12, Article 21";
    /// The age from which the child's own consent is needed.
    child_consent_age: 9 in 0..=18, "Law on Adoption 52/2010/QH12, Article 21";
    /// Reports that follow a domestic adoption.
    post_adoption_report_count: 6 in 0..=20, "Law on Adoption 52/2010/QH12, Article 23";
    /// Months between those reports.
    post_adoption_interval_months: 6 in 1..=24, "Law on Adoption 52/2010/QH12, Article 23";
    /// Working days the State Legal Aid Centre has to acknowledge a referral.
    referral_acknowledge_days: 5 in 1..=60, "the house's default; unverified";
    /// Working days a requester has to supplement papers.
    supplement_days: 5 in 1..=60, "from memory, unverified";
    /// Working days in which the Centre assigns a person after acceptance.
    assignment_days: 3 in 1..=60, "from memory, unverified";
    /// Working days before a hearing or limitation date that make a request urgent.
    urgent_before_days: 5 in 1..=60, "the house's default";
    /// Working days before the ward's own day at which it is reminded of a request for legal aid.
    deadline_near_days: 1 in 1..=20, "the house's default";
    /// Days after which a draft of a request for legal aid that nobody touched is erased.
    draft_days: 180 in 30..=3650, "the house's default: what is not needed is not kept";
    /// Days before that at which whoever wrote it is told.
    draft_told_days: 14 in 7..=29, "the house's default";
    /// Working days in which the ward sends a request for legal aid to the Centre.
    referral_days: 3 in 1..=60, "the house's default; no text names a number";
    /// Working days the Centre has to decide, once it has acknowledged a referral.
    centre_decision_days: 7 in 1..=120, "the house's default; unverified";
    /// Working days after which the ward asks the Centre how an accepted matter stands.
    progress_check_days: 20 in 1..=240, "the house's default";
    /// Working days after which someone calls about a refusal the family has not opened.
    refusal_unopened_days: 3 in 1..=60, "the house's default";
    /// Days in which a refusal by the Centre can be complained of.
    complaint_days: 90 in 1..=365, "Law on Complaints 02/2011/QH13, Article 9; from memory, unverified";
    /// Requests for legal aid of one account that wait at the ward at once, drafts among them; requests
    /// for counselling it makes in a day.
    account_requests: 10 in 1..=1000, "the house's default";
    /// Megabytes of papers one account hands in.
    account_megabytes: 500 in 10..=100_000, "the house's default";
    /// Hours in which a risk alert is to be acted on.
    risk_alert_hours: 12 in 1..=72, "the house's default; unverified";
    /// Minutes after which an unacknowledged risk alert goes to the next on duty.
    risk_alert_escalation_minutes: 30 in 5..=720, "the house's default";
    /// Working days after a session in which the product that it owes is waited for.
    product_days: 15 in 1..=365, "the house's default";
    /// Working days in which a data subject's request is acknowledged.
    data_request_acknowledge_days: 2 in 1..=30, "Decree 356/2025/NĐ-CP";
    /// Days before the day to file by from which what the plan owes is due soon.
    obligation_soon_days: 30 in 1..=180, "the house's default";
    @days {
        /// The last day of a year on which its annual report is in time.
        annual_report_day: "11-04", "the plan, III.1: before 5 November";
        /// The last day of a year on which an agency's part of that report is in time.
        agency_contribution_day: "10-20", "the plan, III.2, names no day; the house's default";
        /// The last day for the review of children of a year's first half.
        children_review_first_day: "06-30", "Decree 06/2025/NĐ-CP, the end of the half-year; unverified";
        /// The last day for the review of children of a year's second half.
        children_review_second_day: "12-31", "Decree 06/2025/NĐ-CP, the end of the half-year; unverified";
        /// The last day of a year on which a yearly plan of it is in time.
        yearly_plan_day: "01-31", "the plan, II.3, names no day; the house's default";
        /// The last day of the plan's last year on which its summary report is in time.
        summary_report_day: "12-31", "the plan, II.8, names the year alone; the house's default";
    }
}

/// Lays a change over a policy; `read` checks the new value, whose pointer it gets.
fn set<T: ToSchema + PartialEq>(
    check: &mut Check,
    pointer: &str,
    patch: Patch<PolicyChange<T>>,
    (slot, standard): (&mut Policy<T>, Policy<T>),
    read: impl FnOnce(&mut Check, &str, T) -> T,
) {
    match patch {
        Patch::Keep => {}
        Patch::Clear => *slot = standard,
        Patch::Set(change) => {
            let value = read(check, &format!("{pointer}/value"), change.value);
            let is_new = value != slot.value;
            slot.value = value;
            match change.source {
                Some(text) => {
                    slot.source = check.line(&format!("{pointer}/source"), &text, SOURCE_MAX);
                }
                // No law is named for a number it does not give.
                None if is_new => OWN_SOURCE.clone_into(&mut slot.source),
                None => {}
            }
        }
    }
}

fn leads(check: &mut Check, at: &str, mut hours: Vec<i32>) -> Vec<i32> {
    let is_fit = hours.len() <= VALUES_MAX && hours.iter().all(|hours| (1..=1440).contains(hours));
    check.rule(is_fit, at, "out-of-range");
    hours.sort_unstable_by(|a, b| b.cmp(a));
    hours.dedup();
    hours
}

fn bands(check: &mut Check, at: &str, bands: Vec<AgeBand>) -> Vec<AgeBand> {
    let mut next = Some(0);
    let mut is_ordered = (1..=VALUES_MAX).contains(&bands.len());
    for band in &bands {
        is_ordered &=
            next == Some(band.from) && band.to.is_none_or(|to| (band.from..200).contains(&to));
        next = band.to.map(|to| to.saturating_add(1));
    }
    // The last band is open, so that every age is in exactly one.
    check.rule(is_ordered && next.is_none(), at, "order-invalid");
    bands
}

fn default_leads() -> Policy<Vec<i32>> {
    Policy {
        value: vec![72, 24],
        source: "the house's default".to_owned(),
    }
}

fn default_bands() -> Policy<Vec<AgeBand>> {
    let bands = [(0, 15), (16, 24), (25, 34), (35, 44), (45, 54), (55, 64)];
    let closed = bands
        .into_iter()
        .map(|(from, to)| AgeBand { from, to: Some(to) });
    let open = AgeBand { from: 65, to: None };
    Policy {
        value: closed.chain([open]).collect(),
        source: "the house's default; a child is under 16 (Law on Children 102/2016/QH13)"
            .to_owned(),
    }
}

fn default_quiet_hours() -> Policy<QuietHours> {
    let hour = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
    Policy {
        value: QuietHours {
            from: hour(21),
            to: hour(7),
        },
        source: "the house's default".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_told_in_words() {
        let told = |label: &str| AgeBand::told(label).map(|(vi, en)| format!("{vi} | {en}"));
        let told = ["00-15", "16-24", "65+", "elder", "2026-03-04"].map(told);
        let known = [
            "dưới 16 tuổi | under 16",
            "từ 16 đến 24 tuổi | 16 to 24",
            "từ 65 tuổi | 65 and over",
        ];
        assert_eq!(
            told.each_ref().map(Option::is_some),
            [true, true, true, false, false]
        );
        let told: Vec<String> = told.into_iter().flatten().collect();
        assert_eq!(told, known);
    }

    #[test]
    fn an_empty_column_is_every_default() {
        let read: Policies = serde_json::from_str("{}").unwrap();
        assert_eq!(read, Policies::default());
        assert_eq!(read.reminder_lead_hours.value, [72, 24]);
        let labels: Vec<String> = read
            .age_bands
            .value
            .iter()
            .map(|band| band.label())
            .collect();
        assert_eq!(
            labels,
            ["00-15", "16-24", "25-34", "35-44", "45-54", "55-64", "65+"]
        );
    }

    #[test]
    fn every_broken_rule_is_told_at_once_and_null_brings_the_default_back() {
        let change: PoliciesChange = serde_json::from_value(serde_json::json!({
            "late_after_minutes": {"value": -1},
            "age_bands": {"value": [{"from": 0, "to": 15}, {"from": 17, "to": null}]},
            "reporting_window": {"value": {"from": "13-01", "to": "10-15", "first_from": "2026-01-01"}},
        }))
        .unwrap();
        let mut check = Check::new();
        change.over(Policies::default(), &mut check);
        let Err(crate::kernel::Fault::Invalid(broken)) = check.done() else {
            panic!("refused");
        };
        assert_eq!(broken.len(), 3, "{broken:?}");
        let mut old = Policies::default();
        old.late_after_minutes.value = 5;
        let back: PoliciesChange =
            serde_json::from_value(serde_json::json!({"late_after_minutes": null})).unwrap();
        assert_eq!(back.over(old, &mut Check::new()), Policies::default());
    }
}
