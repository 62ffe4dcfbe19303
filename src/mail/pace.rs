//! Mails about one matter that come one upon another: of each kind the next waits a while after the last, so
//! that whoever goes to and fro hears where that ended and not of every turn.

use chrono::TimeDelta;
use diesel::prelude::*;

use super::message::MessageId;
use crate::db::schema::messages;
use crate::db::{Conn, Result};
use crate::kernel::Timestamp;

/// States of what has left, or is leaving.
const LEFT: [&str; 2] = ["sending", "sent"];
/// States of what waits.
const WAITING: [&str; 2] = ["scheduled", "queued"];

/// The kind of what left last about any of these objects.
///
/// # Errors
/// When storage fails.
pub fn last_left(conn: &mut Conn, objects: &[uuid::Uuid]) -> Result<Option<String>> {
    let ids = objects.iter().copied().map(MessageId::from_uuid);
    Ok(messages::table
        .filter(messages::object_id.eq_any(ids))
        .filter(messages::state.eq_any(LEFT))
        .order(messages::id.desc())
        .select(messages::kind)
        .first(conn)
        .optional()?)
}

/// Puts off what waits about an object until `gap` after the last of its kind about any of `among` left, but
/// not beyond `latest`.
///
/// # Errors
/// When storage fails.
pub fn slow_down(
    conn: &mut Conn,
    object: uuid::Uuid,
    among: &[uuid::Uuid],
    (gap, latest): (TimeDelta, Timestamp),
) -> Result<()> {
    let waiting: Vec<(MessageId, String)> = messages::table
        .filter(messages::object_id.eq(MessageId::from_uuid(object)))
        .filter(messages::state.eq_any(WAITING))
        .select((messages::id, messages::kind))
        .load(conn)?;
    for (id, kind) in waiting {
        let ids = among.iter().copied().map(MessageId::from_uuid);
        let last: Option<Timestamp> = messages::table
            .filter(messages::object_id.eq_any(ids))
            .filter(messages::kind.eq(kind))
            .filter(messages::state.eq_any(LEFT))
            .select(diesel::dsl::max(messages::not_before))
            .first(conn)?;
        let Some(until) = last.map(|last| last.plus(gap).min(latest)) else {
            continue;
        };
        let early = messages::table
            .filter(messages::id.eq(id))
            .filter(messages::state.eq_any(WAITING))
            .filter(messages::not_before.lt(until));
        diesel::update(early)
            .set((
                messages::state.eq("scheduled"),
                messages::not_before.eq(until),
                messages::next_attempt_at.eq(until),
            ))
            .execute(conn)?;
    }
    Ok(())
}
