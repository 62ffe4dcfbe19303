//! What happened to a request, in order; nothing is ever changed or taken out.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::db::schema::legal_aid_events as events;
use crate::db::{self, Conn};
use crate::identity::UserId;
use crate::kernel::{Id, Timestamp};
use crate::legal_aid::error::Error;
use crate::legal_aid::model::{DocumentId, Request, RequestId};
use crate::legal_aid::status::Status;
use crate::office::work::Work;
use crate::sealed::Place;

/// Marks ids of events.
#[derive(Debug)]
pub(in crate::legal_aid) enum RequestEvent {}
/// The id of an event.
pub(in crate::legal_aid) type EventId = Id<RequestEvent>;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = events, treat_none_as_default_value = false)]
struct Row {
    id: EventId,
    request_id: RequestId,
    at: Timestamp,
    by_id: Option<UserId>,
    kind: String,
    from_status: Option<Status>,
    to_status: Status,
    facts: String,
    document_id: Option<DocumentId>,
    sealed: Option<Vec<u8>>,
}

/// What an event tells beside who and when.
#[derive(Debug, Clone)]
pub(in crate::legal_aid) struct Told {
    /// States, days and ids.
    pub(in crate::legal_aid) facts: Value,
    /// What was recorded: numbers, names, words, which a later step may write over; sealed.
    pub(in crate::legal_aid) recorded: Option<Value>,
    /// In words; sealed.
    pub(in crate::legal_aid) note: Option<String>,
    /// The paper that shows it.
    pub(in crate::legal_aid) document: Option<DocumentId>,
}

impl Default for Told {
    fn default() -> Self {
        Self {
            facts: Value::Object(serde_json::Map::new()),
            recorded: None,
            note: None,
            document: None,
        }
    }
}

/// What of an event is sealed.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Words {
    note: Option<String>,
    recorded: Option<Value>,
}

/// An entry of a request's timeline.
#[derive(Debug, Clone)]
pub(in crate::legal_aid) struct Entry {
    pub(in crate::legal_aid) id: EventId,
    pub(in crate::legal_aid) at: Timestamp,
    pub(in crate::legal_aid) by: Option<UserId>,
    pub(in crate::legal_aid) kind: String,
    pub(in crate::legal_aid) from: Option<Status>,
    pub(in crate::legal_aid) to: Status,
    pub(in crate::legal_aid) facts: Value,
    pub(in crate::legal_aid) recorded: Option<Value>,
    pub(in crate::legal_aid) note: Option<String>,
    pub(in crate::legal_aid) document: Option<DocumentId>,
}

fn place(id: EventId) -> Place {
    Place {
        table: "legal_aid_events",
        column: "sealed",
        row: id.uuid(),
    }
}

/// Writes what happened: states and ids open, words sealed.
pub(in crate::legal_aid) fn add(
    work: &mut Work<'_>,
    request: &Request,
    (kind, from): (&str, Option<Status>),
    told: &Told,
) -> Result<(), Error> {
    let id = EventId::new(work.now);
    let words = Words {
        note: told.note.clone(),
        recorded: told.recorded.clone(),
    };
    let sealed = if words.note.is_some() || words.recorded.is_some() {
        let key = work.data_key(request.data_key_id)?;
        Some(key.seal_json(place(id), &words)?)
    } else {
        None
    };
    let row = Row {
        id,
        request_id: request.id,
        at: work.now,
        by_id: work.actor,
        kind: kind.to_owned(),
        from_status: from,
        to_status: request.status,
        facts: told.facts.to_string(),
        document_id: told.document,
        sealed,
    };
    diesel::insert_into(events::table)
        .values(row)
        .execute(work.conn)?;
    Ok(())
}

/// How many entries a request's timeline has.
pub(in crate::legal_aid) fn count(conn: &mut Conn, id: RequestId) -> db::Result<i64> {
    let of_request = events::table.filter(events::request_id.eq(id));
    Ok(of_request.count().get_result(conn)?)
}

/// One page of a request's timeline, in order, and one row more.
pub(in crate::legal_aid) fn page(
    work: &mut Work<'_>,
    request: &Request,
    after: Option<(Timestamp, EventId)>,
    limit: i64,
) -> Result<Vec<Entry>, Error> {
    let mut query = events::table
        .filter(events::request_id.eq(request.id))
        .into_boxed();
    if let Some((at, id)) = after {
        query = query.filter(
            events::at
                .gt(at)
                .or(events::at.eq(at).and(events::id.gt(id))),
        );
    }
    let rows: Vec<Row> = query
        .order((events::at, events::id))
        .limit(limit + 1)
        .select(Row::as_select())
        .load(work.conn)?;
    let key = work.data_key(request.data_key_id)?;
    rows.into_iter()
        .map(|row| {
            let words: Words = match row.sealed {
                None => Words::default(),
                Some(sealed) => key.open_json(place(row.id), &sealed)?,
            };
            Ok(Entry {
                id: row.id,
                at: row.at,
                by: row.by_id,
                kind: row.kind,
                from: row.from_status,
                to: row.to_status,
                facts: serde_json::from_str(&row.facts).unwrap_or(Value::Null),
                recorded: words.recorded,
                note: words.note,
                document: row.document_id,
            })
        })
        .collect()
}

/// When one of some things last happened to a request.
pub(in crate::legal_aid) fn last(
    conn: &mut Conn,
    id: RequestId,
    kinds: &[&str],
) -> db::Result<Option<Timestamp>> {
    Ok(events::table
        .filter(events::request_id.eq(id))
        .filter(events::kind.eq_any(kinds))
        .select(diesel::dsl::max(events::at))
        .first(conn)?)
}
