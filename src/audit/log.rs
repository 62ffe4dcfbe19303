//! The log, as an auditor reads it.

use diesel::prelude::*;

use super::event::AuditEventId;
use crate::db::Backend;
use crate::db::schema::{audit_events as events, audit_seals as seals};
use crate::db::{Conn, Result};
use crate::kernel::{OfficeId, Timestamp};

/// One event.
#[derive(Debug, Clone, Queryable)]
pub struct LoggedEvent {
    /// Its id.
    pub id: AuditEventId,
    /// When it was.
    pub at: Timestamp,
    /// Who did it.
    pub actor_id: Option<AuditEventId>,
    /// What was done.
    pub action: String,
    /// The kind of thing it was done to.
    pub object_kind: String,
    /// The thing.
    pub object_id: Option<AuditEventId>,
    /// The request it came with.
    pub request_id: Option<String>,
    /// The caller's network.
    pub client: Option<String>,
    /// What else is known of it, as JSON.
    pub facts: String,
    /// Its number in the chain.
    pub seal_number: Option<i64>,
}

/// Which events are wanted.
#[derive(Debug, Default)]
pub struct Wanted<'a> {
    /// What was done.
    pub action: Option<&'a str>,
    /// The kind of thing it was done to.
    pub object_kind: Option<&'a str>,
    /// The thing.
    pub object_id: Option<AuditEventId>,
    /// Who did it.
    pub actor_id: Option<AuditEventId>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub to: Option<Timestamp>,
}

fn query<'a>(office: OfficeId, wanted: &Wanted<'_>) -> events::BoxedQuery<'a, Backend> {
    let mut query = events::table
        .filter(events::office_id.eq(office))
        .into_boxed::<Backend>();
    if let Some(action) = wanted.action {
        query = query.filter(events::action.eq(action.to_owned()));
    }
    if let Some(kind) = wanted.object_kind {
        query = query.filter(events::object_kind.eq(kind.to_owned()));
    }
    if let Some(id) = wanted.object_id {
        query = query.filter(events::object_id.eq(id));
    }
    if let Some(id) = wanted.actor_id {
        query = query.filter(events::actor_id.eq(id));
    }
    if let Some(from) = wanted.from {
        query = query.filter(events::at.ge(from));
    }
    if let Some(to) = wanted.to {
        query = query.filter(events::at.lt(to));
    }
    query
}

/// The events of an office before a place, newest first.
///
/// # Errors
/// When storage fails.
pub fn page(
    conn: &mut Conn,
    office: OfficeId,
    wanted: &Wanted<'_>,
    before: Option<(Timestamp, AuditEventId)>,
    limit: i64,
) -> Result<Vec<LoggedEvent>> {
    let mut query = query(office, wanted);
    if let Some((at, id)) = before {
        let behind = events::at
            .lt(at)
            .or(events::at.eq(at).and(events::id.lt(id)));
        query = query.filter(behind);
    }
    let number = seals::table
        .filter(seals::event_id.eq(events::id))
        .select(seals::number)
        .single_value();
    Ok(query
        .select((
            events::id,
            events::at,
            events::actor_id,
            events::action,
            events::object_kind,
            events::object_id,
            events::request_id,
            events::client,
            events::facts,
            number,
        ))
        .order((events::at.desc(), events::id.desc()))
        .limit(limit)
        .load(conn)?)
}

/// How many events are wanted in all.
///
/// # Errors
/// When storage fails.
pub fn count(conn: &mut Conn, office: OfficeId, wanted: &Wanted<'_>) -> Result<i64> {
    Ok(query(office, wanted).count().get_result(conn)?)
}
