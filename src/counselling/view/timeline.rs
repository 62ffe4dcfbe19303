//! A case's timeline on the wire.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::counselling::store::event::Entry;
use crate::http::list_query;
use crate::identity::UserId;
use crate::kernel::civil::Shown;
use crate::kernel::{Timestamp, Zone};

list_query! {
    /// Which part of a timeline.
    pub(in crate::counselling) struct TimelineQuery {
    }
}

/// An entry of a case's timeline.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::counselling) struct TimelineEntryView {
    at: Shown,
    by: Option<UserId>,
    /// What happened.
    kind: String,
    /// From where to where, by ids and states.
    #[schema(value_type = Object)]
    facts: Value,
    reason: Option<String>,
    /// What a change wrote over, by pointer; kept sealed.
    #[schema(value_type = Option<Object>)]
    before: Option<Map<String, Value>>,
}

/// Facts with the times in them in the office's zone.
pub(super) fn in_zone(zone: Zone, facts: Value) -> Value {
    match facts {
        Value::String(text) => {
            let time = chrono::DateTime::parse_from_rfc3339(&text);
            let shown = time.map(|time| zone.show(Timestamp::new(time.to_utc())));
            match shown.map(serde_json::to_value) {
                Ok(Ok(shown)) => shown,
                _ => Value::String(text),
            }
        }
        Value::Array(all) => all.into_iter().map(|one| in_zone(zone, one)).collect(),
        Value::Object(all) => {
            let all = all.into_iter();
            Value::Object(all.map(|(name, one)| (name, in_zone(zone, one))).collect())
        }
        other => other,
    }
}

impl TimelineEntryView {
    /// An entry in the office's zone.
    pub(in crate::counselling) fn of(zone: Zone, entry: Entry) -> Self {
        Self {
            at: zone.show(entry.at),
            by: entry.by,
            kind: entry.kind,
            facts: in_zone(zone, entry.facts),
            reason: entry.words.reason,
            before: entry.words.before,
        }
    }
}
