//! A case's timeline on the wire.

use serde::Serialize;
use serde_json::Value;

use crate::counselling::store::event::Entry;
use crate::http::list_query;
use crate::identity::UserId;
use crate::kernel::Zone;
use crate::kernel::civil::Shown;

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
}

impl TimelineEntryView {
    /// An entry in the office's zone.
    pub(in crate::counselling) fn of(zone: Zone, entry: Entry) -> Self {
        Self {
            at: zone.show(entry.at),
            by: entry.by,
            kind: entry.kind,
            facts: entry.facts,
            reason: entry.reason,
        }
    }
}
