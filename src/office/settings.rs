//! What an office is and how it works: its names, its desk, its document header, its policies.

use std::sync::Arc;

use chrono::{NaiveTime, TimeDelta};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::policy::{AgeBand, Policies};
use super::store;
use crate::db::{self, Conn};
use crate::identity::UserId;
use crate::identity::actor::OfficeBrief;
use crate::kernel::{Language, OfficeId, Timestamp, Zone};

/// The head of the documents an office prints (Decree 30/2020/NĐ-CP).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct DocumentHeader {
    /// The body above the issuer, where one is printed.
    pub superior: Option<String>,
    /// The issuer, a line each; empty, the office's name.
    pub issuer: Vec<String>,
    /// The place before the date.
    pub place: Option<String>,
    /// What follows the kind in a number: `UBND` in `15/BC-UBND`; none, `UBND`.
    pub abbreviation: Option<String>,
    /// In what capacity its documents are signed, a line each; empty, the committee's chair.
    pub signed_as: Vec<String>,
}

/// Where people find the office.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Desk {
    /// Its address.
    pub address: Option<String>,
    /// Its phone, E.164.
    pub phone: Option<String>,
    /// When it is open.
    pub hours: Option<String>,
}

/// The State Legal Aid Centre requests go to. Its address after the merger of 2025 is not known for
/// sure (`domain.md` §11), so all of it is set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Centre {
    /// Its name, as letters are addressed.
    pub name: String,
    /// Its address.
    pub address: Option<String>,
    /// Its phone.
    pub phone: Option<String>,
    /// Who takes complaints of its refusals.
    pub complaints_to: String,
}

impl Default for Centre {
    fn default() -> Self {
        Self {
            name: "Trung tâm Trợ giúp pháp lý nhà nước thành phố Hải Phòng".to_owned(),
            address: None,
            phone: None,
            complaints_to: "Giám đốc Trung tâm Trợ giúp pháp lý nhà nước thành phố Hải Phòng"
                .to_owned(),
        }
    }
}

/// A text in both languages; `{office}` stands for the office's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BothLanguages {
    /// In Vietnamese.
    #[schema(max_length = 200)]
    pub vi: String,
    /// In English.
    #[schema(max_length = 200)]
    pub en: String,
}

/// What mails to families call a session that names no neutral title of its own.
fn default_mail_title() -> BothLanguages {
    BothLanguages {
        vi: "Buổi gặp mặt tại {office}".to_owned(),
        en: "Meeting at {office}".to_owned(),
    }
}

/// What is kept as one JSON column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stored {
    #[serde(default)]
    pub(super) document: DocumentHeader,
    #[serde(default)]
    pub(super) desk: Desk,
    #[serde(default)]
    pub(super) centre: Centre,
    #[serde(default = "default_mail_title")]
    pub(super) mail_title: BothLanguages,
    #[serde(default)]
    pub(super) policies: Policies,
    #[serde(default)]
    pub(super) duty_list: Vec<UserId>,
}

impl Default for Stored {
    fn default() -> Self {
        Self {
            document: DocumentHeader::default(),
            desk: Desk::default(),
            centre: Centre::default(),
            mail_title: default_mail_title(),
            policies: Policies::default(),
            duty_list: Vec::new(),
        }
    }
}

/// An office with everything that is set for it.
#[derive(Debug, Clone)]
pub struct OfficeSettings {
    /// Its id.
    pub id: OfficeId,
    /// The word public routes name it by.
    pub code: String,
    /// Its name, as people read it.
    pub name: String,
    /// The zone its days are counted in.
    pub zone: Zone,
    /// The prefix of its references.
    pub prefix: String,
    /// The head of its documents.
    pub document: DocumentHeader,
    /// Its desk.
    pub desk: Desk,
    /// The Centre requests for legal aid go to.
    pub centre: Centre,
    /// What families' mails call a session without a neutral title.
    pub mail_title: BothLanguages,
    /// Its policy values.
    pub policies: Policies,
    /// Who is called in turn where no supervisor answers, as it was set.
    pub duty_list: Vec<UserId>,
    /// Moves with every change.
    pub version: i32,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl OfficeSettings {
    pub(super) fn of(row: &store::office::OfficeRow) -> db::Result<Self> {
        let stored: Stored = serde_json::from_str(&row.settings)
            .map_err(|e| db::Error::Corrupt(format!("settings of an office: {e}")))?;
        Ok(Self {
            id: row.id,
            code: row.code.clone(),
            name: row.name.clone(),
            zone: Zone::parse(&row.zone).unwrap_or_default(),
            prefix: row.prefix.clone(),
            document: stored.document,
            desk: stored.desk,
            centre: stored.centre,
            mail_title: stored.mail_title,
            policies: stored.policies,
            duty_list: stored.duty_list,
            version: row.version,
            updated_at: row.updated_at,
        })
    }

    pub(super) fn stored(&self) -> Stored {
        Stored {
            document: self.document.clone(),
            desk: self.desk.clone(),
            centre: self.centre.clone(),
            mail_title: self.mail_title.clone(),
            policies: self.policies.clone(),
            duty_list: self.duty_list.clone(),
        }
    }

    /// What work needs to know of the office.
    pub fn brief(&self) -> OfficeBrief {
        OfficeBrief {
            id: self.id,
            name: self.name.clone(),
            zone: self.zone,
            prefix: self.prefix.clone(),
        }
    }

    /// What a session without a neutral title of its own is called toward families.
    pub fn family_title(&self, language: Language, office: &str) -> String {
        let text = language.pick(&self.mail_title.vi, &self.mail_title.en);
        text.replace("{office}", office)
    }

    /// From when to when no mail goes out that can wait.
    pub fn quiet_hours(&self) -> (NaiveTime, NaiveTime) {
        let hours = self.policies.quiet_hours.value;
        (hours.from, hours.to)
    }

    /// The defaults a new session takes where it says nothing.
    pub fn session_defaults(&self) -> SessionDefaults {
        SessionDefaults {
            late_after_minutes: self.policies.late_after_minutes.value,
            minimum_presence_percent: self.policies.minimum_presence_percent.value,
            check_in_opens_minutes: self.policies.check_in_opens_minutes.value,
        }
    }

    /// Hours before a session at which its reminders go out.
    pub fn reminder_lead_hours(&self) -> Vec<i32> {
        self.policies.reminder_lead_hours.value.clone()
    }

    /// Working days until a family that asked for counselling is first reached.
    pub fn first_contact_days(&self) -> u32 {
        self.policies.first_contact_days.value.unsigned_abs()
    }

    /// How long a request for an appointment holds its time.
    pub fn appointment_request_time(&self) -> TimeDelta {
        TimeDelta::hours(self.policies.appointment_request_hours.value.into())
    }

    /// The time at the office between birth family and prospective adopters.
    pub fn appointment_gap(&self) -> TimeDelta {
        TimeDelta::minutes(self.policies.appointment_gap_minutes.value.into())
    }

    /// The bands counts are made by.
    pub fn age_bands(&self) -> AgeBands {
        AgeBands {
            bands: self.policies.age_bands.value.clone(),
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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AgeBands {
    bands: Vec<AgeBand>,
}

impl AgeBands {
    /// The band an age falls in: `16-24`, or `65+` for the last.
    pub fn name(&self, age: i32) -> Option<String> {
        let band = self.bands.iter().find(|band| band.holds(age))?;
        Some(band.label())
    }
}

/// The settings of an office.
///
/// # Errors
/// When storage fails, or there is no such office.
pub fn load(conn: &mut Conn, office: OfficeId) -> db::Result<OfficeSettings> {
    OfficeSettings::of(&row(conn, office)?)
}

/// The settings of an office, for whoever only looks at them: read out of their row once.
///
/// # Errors
/// As for [`load`].
pub fn shared(conn: &mut Conn, office: OfficeId) -> db::Result<Arc<OfficeSettings>> {
    let row = row(conn, office)?;
    conn.keep(row, OfficeSettings::of)
}

/// Every office, the oldest first.
///
/// # Errors
/// When storage fails.
pub fn all(conn: &mut Conn) -> db::Result<Vec<OfficeId>> {
    store::office::ids(conn)
}

fn row(conn: &mut Conn, office: OfficeId) -> db::Result<store::office::OfficeRow> {
    let found = store::office::find(conn, office)?;
    found.ok_or_else(|| db::Error::Corrupt("an office is gone".into()))
}

/// The office of a code, or the only one; with neither there is none.
///
/// # Errors
/// When storage fails.
pub fn find_public(conn: &mut Conn, code: Option<&str>) -> db::Result<Option<OfficeSettings>> {
    let rows = store::office::named(conn, code)?;
    let mut rows = rows.into_iter();
    match (rows.next(), rows.next()) {
        (Some(row), None) => OfficeSettings::of(&row).map(Some),
        _ => Ok(None),
    }
}
