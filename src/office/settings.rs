//! What an office can set: its letterhead, its desk, and every policy value with its source.
//!
//! A value the law names but no source confirms (`domain.md`) stands here, never in code.

use chrono::NaiveTime;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::error::Error;
use crate::db::schema::offices;
use crate::db::{self, Conn};
use crate::kernel::{Language, OfficeId};

/// A policy value and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The value.
    pub value: i32,
    /// The text it rests on, or that it is the office's own choice.
    pub source: String,
}

/// The head of documents (`domain.md` §7).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DocumentHeader {
    /// The superior body, where it is printed.
    pub superior: Option<String>,
    /// The issuer's lines.
    pub issuer: Vec<String>,
    /// The place before a date.
    pub place: String,
}

/// The front desk, as mails name it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Desk {
    /// Where it is.
    pub address: String,
    /// Its phone.
    pub phone: String,
    /// When it is open.
    pub hours: String,
}

/// Hours of a day, `HH:MM`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// From.
    pub from: String,
    /// To.
    pub to: String,
}

/// Everything an office can set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OfficeSettings {
    /// The head of documents.
    pub document_header: DocumentHeader,
    /// The front desk.
    pub desk: Desk,
    /// What a session is called toward families, in Vietnamese; `{office}` stands for the name.
    pub family_title_vi: String,
    /// The same in English.
    pub family_title_en: String,
    /// Hours before a session at which its reminders go out.
    pub reminder_lead_hours: Vec<i32>,
    /// When no mail goes out that can wait.
    pub quiet_hours: Hours,
    /// The lowest ages of the bands counts are made by.
    pub age_band_starts: Vec<i32>,
    /// Minutes after a start from which someone is late.
    pub late_after_minutes: Policy,
    /// Share of the time from which someone counts as present.
    pub minimum_presence_percent: Policy,
    /// Minutes before a start from which tickets are taken.
    pub check_in_opens_minutes: Policy,
    /// Days a domestic consent may be withdrawn in.
    pub withdrawal_days_domestic: Policy,
    /// Days an intercountry consent may be withdrawn in.
    pub withdrawal_days_intercountry: Policy,
    /// Working days until a family is first contacted.
    pub first_contact_days: Policy,
    /// Day and month the reporting year starts on, `MM-DD`.
    pub reporting_year_from: String,
    /// The day before which the annual report is owed, `MM-DD`.
    pub annual_report_before: String,
}

impl Default for OfficeSettings {
    fn default() -> Self {
        let policy = |value, source: &str| Policy {
            value,
            source: source.to_owned(),
        };
        let own = "the office's own choice";
        Self {
            document_header: DocumentHeader::default(),
            desk: Desk::default(),
            family_title_vi: "Buổi gặp mặt tại {office}".to_owned(),
            family_title_en: "Meeting at {office}".to_owned(),
            reminder_lead_hours: vec![72, 24],
            quiet_hours: Hours {
                from: "21:00".to_owned(),
                to: "07:00".to_owned(),
            },
            age_band_starts: vec![0, 16, 25, 35, 45, 55, 65],
            late_after_minutes: policy(15, own),
            minimum_presence_percent: policy(50, own),
            check_in_opens_minutes: policy(60, own),
            withdrawal_days_domestic: policy(15, "Decree 19/2011/NĐ-CP, to be confirmed"),
            withdrawal_days_intercountry: policy(30, "Decree 19/2011/NĐ-CP, to be confirmed"),
            first_contact_days: policy(3, own),
            reporting_year_from: "10-16".to_owned(),
            annual_report_before: "11-05".to_owned(),
        }
    }
}

/// The defaults a new session takes where it says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionDefaults {
    /// Minutes after a start from which someone is late.
    pub late_after_minutes: i32,
    /// Share of the time from which someone counts as present.
    pub minimum_presence_percent: i32,
    /// Minutes before a start from which tickets are taken.
    pub check_in_opens_minutes: i32,
}

/// Bands of ages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgeBands {
    starts: Vec<i32>,
}

impl AgeBands {
    /// The band an age falls in: `16-24`, or `65+` for the last.
    pub fn name(&self, age: i32) -> Option<String> {
        let index = self.starts.iter().rposition(|start| *start <= age)?;
        let from = self.starts.get(index)?;
        Some(match self.starts.get(index + 1) {
            Some(next) => format!("{from:02}-{:02}", next - 1),
            None => format!("{from}+"),
        })
    }
}

impl OfficeSettings {
    /// What a session is called toward families.
    pub fn family_title(&self, language: Language, office: &str) -> String {
        language
            .pick(&self.family_title_vi, &self.family_title_en)
            .replace("{office}", office)
    }

    /// From when to when no mail goes out that can wait.
    pub fn quiet_hours(&self) -> (NaiveTime, NaiveTime) {
        let read = |text: &str| NaiveTime::parse_from_str(text, "%H:%M").unwrap_or_default();
        (read(&self.quiet_hours.from), read(&self.quiet_hours.to))
    }

    /// The defaults a new session takes where it says nothing.
    pub fn session_defaults(&self) -> SessionDefaults {
        SessionDefaults {
            late_after_minutes: self.late_after_minutes.value,
            minimum_presence_percent: self.minimum_presence_percent.value,
            check_in_opens_minutes: self.check_in_opens_minutes.value,
        }
    }

    /// Hours before a session at which its reminders go out.
    pub fn reminder_lead_hours(&self) -> Vec<i32> {
        self.reminder_lead_hours.clone()
    }

    /// The bands counts are made by.
    pub fn age_bands(&self) -> AgeBands {
        let mut starts = self.age_band_starts.clone();
        starts.sort_unstable();
        starts.dedup();
        AgeBands { starts }
    }
}

/// The settings of an office.
///
/// # Errors
/// When storage fails or what is stored is none.
pub fn load(conn: &mut Conn, office: OfficeId) -> Result<OfficeSettings, Error> {
    let text: String = offices::table
        .find(office)
        .select(offices::settings)
        .first(conn)?;
    let settings = serde_json::from_str(&text)
        .map_err(|e| db::Error::Corrupt(format!("settings of office {office}: {e}")))?;
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_are_named_by_their_ends() {
        let bands = OfficeSettings::default().age_bands();
        let names: Vec<_> = [0, 15, 16, 24, 64, 65, 99]
            .map(|age| bands.name(age))
            .into();
        let want = ["00-15", "00-15", "16-24", "16-24", "55-64", "65+", "65+"];
        assert_eq!(names, want.map(|name| Some(name.to_owned())));
        assert_eq!(bands.name(-1), None);
    }
}
