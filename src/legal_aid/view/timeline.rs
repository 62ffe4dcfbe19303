//! A request's timeline on the wire.

use serde::Serialize;
use serde_json::Value;

use crate::http::list_query;
use crate::identity::UserId;
use crate::kernel::Zone;
use crate::kernel::civil::Shown;
use crate::legal_aid::model::DocumentId;
use crate::legal_aid::status::Status;
use crate::legal_aid::store::event::Entry;

list_query! {
    /// Which part of a timeline.
    pub(in crate::legal_aid) struct LegalAidTimelineQuery {
    }
}

/// An entry of a request's timeline.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::legal_aid) struct LegalAidTimelineEntryView {
    at: Shown,
    by: Option<UserId>,
    /// What was done.
    kind: String,
    /// Where the request stood before, where it was a step.
    from: Option<Status>,
    /// Where it stood after.
    to: Status,
    /// Days, states and ids.
    #[schema(value_type = Object)]
    facts: Value,
    /// What was recorded with it, as it was then: numbers, names, words; kept sealed.
    #[schema(value_type = Option<Object>)]
    recorded: Option<Value>,
    note: Option<String>,
    /// The paper that shows it.
    #[schema(value_type = Option<uuid::Uuid>)]
    document: Option<DocumentId>,
}

impl LegalAidTimelineEntryView {
    /// An entry in the office's zone.
    pub(in crate::legal_aid) fn of(zone: Zone, entry: Entry) -> Self {
        Self {
            at: zone.show(entry.at),
            by: entry.by,
            kind: entry.kind,
            from: entry.from,
            to: entry.to,
            facts: entry.facts,
            recorded: entry.recorded,
            note: entry.note,
            document: entry.document,
        }
    }
}
