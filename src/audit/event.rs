//! One audit event.

use std::net::IpAddr;

use diesel::prelude::*;
use serde_json::Value;

use crate::db::schema::audit_events;
use crate::db::{Conn, Result};
use crate::kernel::{Id, OfficeId, Timestamp};

/// What happened, to what, by whom.
#[derive(Debug)]
pub struct Event<'a> {
    /// The office it happened in.
    pub office: Option<OfficeId>,
    /// The user who did it; `None` for the service itself and for strangers.
    pub actor: Option<uuid::Uuid>,
    /// What was done: `user.login`, `training-session.publish`.
    pub action: &'a str,
    /// The kind of thing it was done to.
    pub object_kind: &'a str,
    /// The thing.
    pub object: Option<uuid::Uuid>,
    /// The request it came with.
    pub request_id: Option<&'a str>,
    /// The caller's address; kept without its last part.
    pub client: Option<IpAddr>,
    /// Ids, field names and states; never a name, an address or a text.
    pub facts: Value,
}

/// Marks ids of audit events.
#[derive(Debug)]
pub enum AuditEvent {}
/// The id of an audit event.
pub type AuditEventId = Id<AuditEvent>;

/// Writes an event.
///
/// # Errors
/// When storage fails.
pub fn record(conn: &mut Conn, now: Timestamp, event: &Event<'_>) -> Result<()> {
    diesel::insert_into(audit_events::table)
        .values((
            audit_events::id.eq(AuditEventId::new(now)),
            audit_events::office_id.eq(event.office),
            audit_events::at.eq(now),
            audit_events::actor_id.eq(event.actor.map(AuditEventId::from_uuid)),
            audit_events::action.eq(event.action),
            audit_events::object_kind.eq(event.object_kind),
            audit_events::object_id.eq(event.object.map(AuditEventId::from_uuid)),
            audit_events::request_id.eq(event.request_id),
            audit_events::client.eq(event.client.map(truncate)),
            audit_events::facts.eq(event.facts.to_string()),
        ))
        .execute(conn)?;
    Ok(())
}

/// The network of an address: enough to see a pattern, not a person.
fn truncate(address: IpAddr) -> String {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(v6) => {
            let [a, b, c, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}::/48")
        }
    }
}
