//! A day that comes back every year, as policies name it: `MM-DD`.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{ObjectBuilder, SchemaFormat, Type};

use crate::kernel::civil;
use crate::kernel::error::Check;

/// A day of every year, `MM-DD`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct YearDay(String);

impl YearDay {
    /// The day that is written so.
    pub(super) fn written(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The day of one year.
    pub fn of(&self, year: i32) -> Option<NaiveDate> {
        let parsed = NaiveDate::parse_from_str(&format!("{year:04}-{}", self.0), "%Y-%m-%d");
        parsed.ok().filter(|day| civil::is_kept(*day))
    }
}

/// Tells where a day is none that every year has.
pub(super) fn checked(check: &mut Check, at: &str, day: YearDay) -> YearDay {
    let is_day = day.0.len() == 5 && day.of(2027).is_some();
    check.rule(is_day, at, "day-invalid");
    day
}

impl utoipa::PartialSchema for YearDay {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::Custom("month-day".to_owned())))
            .pattern(Some("^[0-9]{2}-[0-9]{2}$"))
            .examples(["10-20"])
            .build()
            .into()
    }
}

impl utoipa::ToSchema for YearDay {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_day_that_every_year_has_is_one() {
        let is_day = |text: &str| {
            let mut check = Check::new();
            checked(&mut check, "", YearDay::written(text));
            check.done().is_ok()
        };
        assert!(is_day("01-31") && is_day("12-31"));
        for text in ["02-29", "13-01", "1-31", "0131", "", "01-31 "] {
            assert!(!is_day(text), "{text}");
        }
        let day = YearDay::written("11-04").of(2028);
        assert_eq!(day, NaiveDate::from_ymd_opt(2028, 11, 4));
        assert_eq!(YearDay::written("11-04").of(10_000), None);
    }
}
