//! The rows of a report: flat, so that one list becomes JSON, tables, CSV and the seal of a frozen
//! report alike. Each slice tells its own.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::text_enum::text_enum;

text_enum! {
    /// What part of the work a row counts.
    pub enum Section {
        /// Sessions and who was there.
        Training = "training",
        /// Appointments and families.
        Counselling = "counselling",
        /// Requests for children.
        LegalAid = "legal_aid",
        /// Suspected illicit practices.
        Concern = "concern",
    }
}

impl Section {
    /// Whether small numbers of it may point at a child (`api.md` §7).
    pub const fn is_sensitive(self) -> bool {
        match self {
            Self::Training => false,
            Self::Counselling | Self::LegalAid | Self::Concern => true,
        }
    }
}

/// The dimension of the rows that count everything.
pub const TOTAL: &str = "total";

/// How much a row tells.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Amount {
    /// A number of things or people.
    Whole(i64),
    /// A number with a fraction, such as a median.
    Decimal(f64),
}

/// One number of a report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReportRow {
    /// The part of the work.
    pub section: Section,
    /// By what it is divided: `total`, `plan_task`, `sex` and so on.
    #[schema(example = "plan_task")]
    pub dimension: String,
    /// The dimension's value; `null` in a total, and where nobody stated it.
    #[schema(example = "2a")]
    pub key: Option<String>,
    /// The value as people read it, in Vietnamese.
    pub label_vi: String,
    /// The same in English.
    pub label_en: String,
    /// What is counted.
    #[schema(example = "distinct_people")]
    pub measure: String,
    /// How many; `null` where a small number is withheld from the public.
    #[schema(value_type = Option<f64>, example = 42)]
    pub amount: Option<Amount>,
    /// Whether the rows of the dimension add up to the total.
    pub adds_up: bool,
}

/// A value of a dimension, with what people call it.
#[derive(Debug, Clone)]
pub struct Value {
    /// Its key.
    pub key: Option<String>,
    /// In Vietnamese and English.
    pub label: (String, String),
}

impl Value {
    /// Everything there is.
    pub fn total() -> Self {
        Self {
            key: None,
            label: ("Tổng số".to_owned(), "Total".to_owned()),
        }
    }
}

/// The rows of one value: a row for each measure.
pub fn rows<'a>(
    (section, dimension): (Section, &'a str),
    value: &'a Value,
    measures: impl IntoIterator<Item = (&'a str, Amount, bool)> + 'a,
) -> impl Iterator<Item = ReportRow> + 'a {
    let measures = measures.into_iter();
    measures.map(move |(measure, amount, adds_up)| ReportRow {
        section,
        dimension: dimension.to_owned(),
        key: value.key.clone(),
        label_vi: value.label.0.clone(),
        label_en: value.label.1.clone(),
        measure: measure.to_owned(),
        amount: Some(amount),
        adds_up,
    })
}

/// A count of things.
pub fn whole(count: usize) -> Amount {
    Amount::Whole(i64::try_from(count).unwrap_or(i64::MAX))
}
