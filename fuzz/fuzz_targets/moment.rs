//! Dates and times: what is read prints back to the same, in every zone, and can be counted with.
#![no_main]

use chrono::{Datelike, NaiveDate, NaiveTime, TimeDelta};
use hai_dang::kernel::{Language, Timestamp, Zone, civil};
use hai_dang_fuzz::parts;
use libfuzzer_sys::fuzz_target;
use serde::de::DeserializeOwned;
use serde_json::Value;

fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_value(Value::String(text.to_owned())).ok()
}

fuzz_target!(|bytes: &[u8]| {
    let mut parts = parts(bytes);
    let text = String::from_utf8_lossy(parts.next().unwrap_or_default());
    let zone = parts.next().and_then(|name| std::str::from_utf8(name).ok());
    let zone = zone.and_then(Zone::parse).unwrap_or_default();
    assert_eq!(Zone::parse(zone.name()), Some(zone));
    if let Some(at) = read::<Timestamp>(&text) {
        let printed = serde_json::to_value(at).expect("a text");
        assert_eq!(serde_json::from_value::<Timestamp>(printed).ok(), Some(at));
        assert_eq!(Timestamp::from_micros(at.micros()), Some(at));
        // Shown in the office's zone it is the same instant, where its offset is of whole minutes.
        let shown = serde_json::to_value(zone.show(at)).expect("a text");
        let shown = serde_json::from_value::<Timestamp>(shown).ok();
        assert!(shown == Some(at) || at.utc().year() < 1973, "{shown:?}");
        for language in [Language::Vi, Language::En] {
            assert!(!zone.format_long(language, at).is_empty());
        }
        let (from, to) = zone.day_range(zone.day(at), zone.day(at));
        assert!(from <= to, "{at:?} in {from:?}..{to:?} of {}", zone.name());
        // Since then the office's own zone has had no day of another length.
        let is_plain = zone == Zone::default() && at.utc().year() > 1975;
        assert!(
            !is_plain || (from <= at && at < to),
            "{at:?} in {from:?}..{to:?}"
        );
        let _earlier = at.minus(TimeDelta::days(366));
        let _later = at.plus(TimeDelta::days(366));
    }
    if let Some(day) = read::<NaiveDate>(&text) {
        // A query's day has no bounds of its own.
        let (from, to) = zone.day_range(day, day);
        assert!(from <= to, "{day} in {}", zone.name());
        let _shown = civil::format_date(day);
        let _age = civil::age_on(2000, day);
        assert_eq!(read::<NaiveDate>(&day.to_string()), Some(day));
    }
    if let Some(time) = read::<NaiveTime>(&text)
        && let Some(day) = NaiveDate::from_ymd_opt(2026, 3, 29)
    {
        let at = zone.at(day, time);
        // Where a clock skips it, it is the next there is.
        assert!(zone.show(at).date() >= day);
    }
});
