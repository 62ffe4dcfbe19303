//! What happened to a case, in order; nothing is ever changed or taken out.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::counselling::error::Error;
use crate::counselling::model::{Case, CaseId};
use crate::db::schema::counselling_case_events as events;
use crate::db::{self, Conn};
use crate::identity::UserId;
use crate::kernel::{Id, Timestamp, diff};
use crate::office::work::Work;
use crate::sealed::Place;

/// Marks ids of events.
#[derive(Debug)]
pub(in crate::counselling) enum CaseEvent {}
/// The id of an event.
pub(in crate::counselling) type EventId = Id<CaseEvent>;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = events, treat_none_as_default_value = false)]
struct Row {
    id: EventId,
    case_id: CaseId,
    at: Timestamp,
    by_id: Option<UserId>,
    kind: String,
    facts: String,
    sealed: Option<Vec<u8>>,
}

/// An entry of a case's timeline.
#[derive(Debug, Clone)]
pub(in crate::counselling) struct Entry {
    pub(in crate::counselling) id: EventId,
    pub(in crate::counselling) at: Timestamp,
    pub(in crate::counselling) by: Option<UserId>,
    pub(in crate::counselling) kind: String,
    pub(in crate::counselling) facts: Value,
    pub(in crate::counselling) words: Words,
}

/// What of an entry is sealed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::counselling) struct Words {
    /// Why.
    pub(in crate::counselling) reason: Option<String>,
    /// What was written over, by pointer.
    pub(in crate::counselling) before: Option<Map<String, Value>>,
}

impl Words {
    /// Why something was done, where that is said.
    pub(in crate::counselling) fn reason(reason: Option<&str>) -> Self {
        Self {
            reason: reason.map(str::to_owned),
            before: None,
        }
    }

    /// What a change wrote over.
    pub(in crate::counselling) fn changed(old: &Value, new: &Value) -> Self {
        Self {
            reason: None,
            before: Some(diff::overwritten(old, new)).filter(|before| !before.is_empty()),
        }
    }
}

fn place(id: EventId) -> Place {
    Place {
        table: "counselling_case_events",
        column: "sealed",
        row: id.uuid(),
    }
}

/// Writes what happened: states and ids open, words sealed.
pub(in crate::counselling) fn add(
    work: &mut Work<'_>,
    case: &Case,
    kind: &str,
    facts: &Value,
    words: &Words,
) -> Result<(), Error> {
    let id = EventId::new(work.now);
    let sealed = if words.reason.is_some() || words.before.is_some() {
        let key = work.data_key(case.data_key_id)?;
        Some(key.seal_json(place(id), words)?)
    } else {
        None
    };
    let row = Row {
        id,
        case_id: case.id,
        at: work.now,
        by_id: work.actor,
        kind: kind.to_owned(),
        facts: facts.to_string(),
        sealed,
    };
    diesel::insert_into(events::table)
        .values(row)
        .execute(work.conn)?;
    Ok(())
}

/// Who did something of a kind to a case last.
pub(in crate::counselling) fn last_by(
    conn: &mut Conn,
    id: CaseId,
    kind: &str,
) -> db::Result<Option<UserId>> {
    let last: Option<Option<UserId>> = events::table
        .filter(events::case_id.eq(id))
        .filter(events::kind.eq(kind.to_owned()))
        .order((events::at.desc(), events::id.desc()))
        .select(events::by_id)
        .first(conn)
        .optional()?;
    Ok(last.flatten())
}

/// How many entries a case's timeline has.
pub(in crate::counselling) fn count(conn: &mut Conn, id: CaseId) -> db::Result<i64> {
    let of_case = events::table.filter(events::case_id.eq(id));
    Ok(of_case.count().get_result(conn)?)
}

/// One page of a case's timeline, in order, and one row more.
pub(in crate::counselling) fn page(
    work: &mut Work<'_>,
    case: &Case,
    after: Option<(Timestamp, EventId)>,
    limit: i64,
) -> Result<Vec<Entry>, Error> {
    let mut query = events::table
        .filter(events::case_id.eq(case.id))
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
    let key = work.data_key(case.data_key_id)?;
    rows.into_iter()
        .map(|row| {
            let words = match row.sealed {
                None => Words::default(),
                Some(sealed) => key.open_json(place(row.id), &sealed)?,
            };
            Ok(Entry {
                id: row.id,
                at: row.at,
                by: row.by_id,
                kind: row.kind,
                facts: serde_json::from_str(&row.facts).unwrap_or(Value::Null),
                words,
            })
        })
        .collect()
}
