//! Instants: UTC, whole microseconds, so that both engines give back what was stored.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::sql::UtcTimestamp;

/// An instant in UTC, in whole microseconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = UtcTimestamp)]
pub struct Timestamp(DateTime<Utc>);

/// The first instant of year 1 and the last of year 9999, in microseconds since 1970: both engines
/// keep what is between them, and every client writes it with four digits.
const KEPT: std::ops::RangeInclusive<i64> = -62_135_596_800_000_000..=253_402_300_799_999_999;

impl Timestamp {
    /// The instant, cut to whole microseconds; one that no engine keeps becomes the nearest that is
    /// kept. In microseconds a leap second is the one after it.
    pub fn new(at: DateTime<Utc>) -> Self {
        let micros = at.timestamp_micros().clamp(*KEPT.start(), *KEPT.end());
        Self(DateTime::from_timestamp_micros(micros).unwrap_or_default())
    }

    /// The instant `micros` microseconds after 1970 in UTC, where engines keep it.
    pub fn from_micros(micros: i64) -> Option<Self> {
        let is_kept = KEPT.contains(&micros);
        is_kept
            .then(|| DateTime::from_timestamp_micros(micros))?
            .map(Self)
    }

    /// Microseconds since 1970 in UTC.
    pub fn micros(self) -> i64 {
        self.0.timestamp_micros()
    }

    /// The instant as a chrono value.
    pub fn utc(self) -> DateTime<Utc> {
        self.0
    }

    /// Seconds since 1970, never negative, and the nanoseconds after them.
    pub fn unix_parts(self) -> (u64, u32) {
        let seconds = u64::try_from(self.0.timestamp()).unwrap_or(0);
        (seconds, self.0.timestamp_subsec_nanos())
    }

    /// The instant `delta` later, or the latest one there is.
    #[must_use]
    pub fn plus(self, delta: TimeDelta) -> Self {
        let later = self.0.checked_add_signed(delta);
        Self::new(later.unwrap_or(DateTime::<Utc>::MAX_UTC))
    }

    /// The instant `delta` earlier, or the earliest one there is.
    #[must_use]
    pub fn minus(self, delta: TimeDelta) -> Self {
        let earlier = self.0.checked_sub_signed(delta);
        Self::new(earlier.unwrap_or(DateTime::<Utc>::MIN_UTC))
    }

    /// How long after `earlier` this is.
    pub fn since(self, earlier: Self) -> TimeDelta {
        self.0.signed_duration_since(earlier.0)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// The earliest and the latest year an input may name: four digits on every client.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2199;

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use chrono::Datelike;
        use serde::de::Error;
        let text = String::deserialize(deserializer)?;
        let at = DateTime::parse_from_rfc3339(&text)
            .map_err(|_bad| D::Error::custom("an RFC 3339 time with an offset is wanted"))?
            .with_timezone(&Utc);
        // The year of what is kept: a leap second may be in the next.
        let at = Self::new(at);
        if YEARS.contains(&at.utc().year()) {
            Ok(at)
        } else {
            Err(D::Error::custom("a year between 1900 and 2199 is wanted"))
        }
    }
}

impl utoipa::PartialSchema for Timestamp {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::schema::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .format(Some(utoipa::openapi::schema::SchemaFormat::KnownFormat(
                utoipa::openapi::schema::KnownFormat::DateTime,
            )))
            .build()
            .into()
    }
}
impl utoipa::ToSchema for Timestamp {
    fn name() -> std::borrow::Cow<'static, str> {
        "Timestamp".into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_instant_is_one_that_an_engine_does_not_keep() {
        let first = Timestamp::new(DateTime::<Utc>::MIN_UTC);
        let last = Timestamp::new(DateTime::<Utc>::MAX_UTC);
        assert_eq!(first.utc().to_rfc3339(), "0001-01-01T00:00:00+00:00");
        assert_eq!(last.utc().to_rfc3339(), "9999-12-31T23:59:59.999999+00:00");
        assert_eq!(Timestamp::from_micros(first.micros()), Some(first));
        assert_eq!(Timestamp::from_micros(last.micros()), Some(last));
        for micros in [first.micros() - 1, last.micros() + 1, i64::MIN, i64::MAX] {
            assert_eq!(Timestamp::from_micros(micros), None);
        }
        assert_eq!(first.minus(TimeDelta::days(1)), first);
        assert_eq!(last.plus(TimeDelta::MAX), last);
    }

    #[test]
    fn a_leap_second_is_stored_as_it_is_answered() {
        let read: Timestamp = serde_json::from_str("\"2016-12-31T23:59:60.5Z\"").unwrap();
        assert_eq!(Timestamp::from_micros(read.micros()), Some(read));
        let told = serde_json::to_string(&read).unwrap();
        assert_eq!(told, "\"2017-01-01T00:00:00.500Z\"");
        let last = serde_json::from_str::<Timestamp>("\"2199-12-31T23:59:60Z\"");
        assert!(last.is_err(), "{last:?}");
    }
}
