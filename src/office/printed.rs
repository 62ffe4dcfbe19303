//! What stands on every document an office prints: its head, its number, its signature.

use chrono::{Datelike, NaiveDate};

use super::settings::OfficeSettings;
use crate::kernel::Timestamp;
use crate::paper::{Head, Signature};

/// Kinds of documents that have a number, by the abbreviation in it (`domain.md` §7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Giấy mời.
    Invitation,
    /// Báo cáo.
    Report,
    /// Biên bản.
    Minutes,
    /// Phiếu chuyển.
    Transfer,
}

impl Kind {
    const fn abbreviation(self) -> &'static str {
        match self {
            Self::Invitation => "GM",
            Self::Report => "BC",
            Self::Minutes => "BB",
            Self::Transfer => "PC",
        }
    }
}

impl OfficeSettings {
    /// The head of a list: an appendix has no number and no date.
    pub fn head(&self) -> Head {
        let issuer = if self.document.issuer.is_empty() {
            vec![self.name.clone()]
        } else {
            self.document.issuer.clone()
        };
        Head {
            superior: self.document.superior.clone(),
            issuer,
            ..Head::default()
        }
    }

    /// The head of a document that gets its number and its day when it is signed.
    pub fn head_of(&self, kind: Kind, now: Timestamp) -> Head {
        let organ = self.document.abbreviation.as_deref().unwrap_or("UBND");
        let room = "\u{A0}".repeat(8);
        Head {
            number: Some(format!("Số:{room}/{}-{organ}", kind.abbreviation())),
            dated: Some(self.dated_by_hand(now)),
            ..self.head()
        }
    }

    /// The head of a document that has its number and its day.
    pub fn numbered_head(&self, number: &str, day: NaiveDate) -> Head {
        Head {
            number: Some(format!("Số: {number}")),
            dated: Some(self.dated(day)),
            ..self.head()
        }
    }

    /// Place and day, with room to write the day.
    pub fn dated_by_hand(&self, now: Timestamp) -> String {
        let gap = "\u{A0}".repeat(6);
        let year = self.zone.day(now).year();
        format!("{}{gap}tháng{gap}năm {year}", self.place())
    }

    /// Place and day: days below ten and the first two months with a zero (`domain.md` §7).
    pub fn dated(&self, day: NaiveDate) -> String {
        let (day, month, year) = (day.day(), day.month(), day.year());
        let month = match month {
            1 | 2 => format!("{month:02}"),
            _ => month.to_string(),
        };
        format!("{} {day:02} tháng {month} năm {year}", self.place())
    }

    fn place(&self) -> String {
        match &self.document.place {
            Some(place) => format!("{place}, ngày"),
            None => "Ngày".to_owned(),
        }
    }

    /// Who signs for the office. The form is that of the ward's plan.
    pub fn signature(&self) -> Signature {
        let capacity = if self.document.signed_as.is_empty() {
            vec!["TM. ỦY BAN NHÂN DÂN".to_owned(), "CHỦ TỊCH".to_owned()]
        } else {
            self.document.signed_as.clone()
        };
        Signature {
            capacity,
            ..Signature::default()
        }
    }
}
