//! What an office is and how it works: its names, its desk, its document header, its policies.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::policy::Policies;
use super::store;
use crate::db::{self, Conn};
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

/// A text in both languages; `{office}` stands for the office's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BothLanguages {
    /// In Vietnamese.
    pub vi: String,
    /// In English.
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
    #[serde(default = "default_mail_title")]
    pub(super) mail_title: BothLanguages,
    #[serde(default)]
    pub(super) policies: Policies,
}

impl Default for Stored {
    fn default() -> Self {
        Self {
            document: DocumentHeader::default(),
            desk: Desk::default(),
            mail_title: default_mail_title(),
            policies: Policies::default(),
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
    /// What families' mails call a session without a neutral title.
    pub mail_title: BothLanguages,
    /// Its policy values.
    pub policies: Policies,
    /// Moves with every change.
    pub version: i32,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl OfficeSettings {
    pub(super) fn of(row: store::office::OfficeRow) -> db::Result<Self> {
        let stored: Stored = serde_json::from_str(&row.settings)
            .map_err(|e| db::Error::Corrupt(format!("settings of an office: {e}")))?;
        Ok(Self {
            id: row.id,
            code: row.code,
            name: row.name,
            zone: Zone::parse(&row.zone).unwrap_or_default(),
            prefix: row.prefix,
            document: stored.document,
            desk: stored.desk,
            mail_title: stored.mail_title,
            policies: stored.policies,
            version: row.version,
            updated_at: row.updated_at,
        })
    }

    pub(super) fn stored(&self) -> Stored {
        Stored {
            document: self.document.clone(),
            desk: self.desk.clone(),
            mail_title: self.mail_title.clone(),
            policies: self.policies.clone(),
        }
    }

    /// What families' mails call a session without a neutral title.
    pub fn neutral_title(&self, language: Language) -> String {
        let text = language.pick(&self.mail_title.vi, &self.mail_title.en);
        text.replace("{office}", &self.name)
    }
}

/// The settings of an office.
///
/// # Errors
/// When storage fails, or there is no such office.
pub fn load(conn: &mut Conn, office: OfficeId) -> db::Result<OfficeSettings> {
    store::office::find(conn, office)?
        .ok_or_else(|| db::Error::Corrupt("an office is gone".into()))
        .and_then(OfficeSettings::of)
}

/// The office of a code, or the only one; with neither there is none.
///
/// # Errors
/// When storage fails.
pub fn find_public(conn: &mut Conn, code: Option<&str>) -> db::Result<Option<OfficeSettings>> {
    let rows = store::office::named(conn, code)?;
    let mut rows = rows.into_iter();
    match (rows.next(), rows.next()) {
        (Some(row), None) => OfficeSettings::of(row).map(Some),
        _ => Ok(None),
    }
}
