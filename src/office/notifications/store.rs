//! Messages as they stand, opted-out addresses, preferences.

use diesel::prelude::*;

use crate::db::Backend;
use crate::db::schema::{
    messages, one_time_tokens as tokens, unreachable_addresses as unreachable, users,
};
use crate::db::{Conn, Result};
use crate::identity::UserId;
use crate::kernel::{OfficeId, Timestamp, token};
use crate::mail::message::{MessageClass, MessageId, TokenPurpose};
use crate::office::{risk_alert, work_item};

/// A message, without its kind and what it says.
#[derive(Debug, Clone, Queryable)]
pub(super) struct Notification {
    pub(super) id: MessageId,
    pub(super) class: MessageClass,
    pub(super) state: String,
    pub(super) address: String,
    pub(super) attempts: i32,
    pub(super) last_error: Option<String>,
    pub(super) created_at: Timestamp,
    pub(super) not_before: Timestamp,
    pub(super) next_attempt_at: Timestamp,
    pub(super) settled_at: Option<Timestamp>,
}

/// Whose messages, in which state.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub(super) office: OfficeId,
    pub(super) user: Option<UserId>,
    pub(super) state: Option<String>,
    pub(super) class: Option<MessageClass>,
}

fn query<'a>(wanted: &Wanted) -> messages::BoxedQuery<'a, Backend> {
    let mut query = messages::table
        .filter(messages::office_id.eq(wanted.office))
        .into_boxed::<Backend>();
    if let Some(user) = wanted.user {
        query = query.filter(messages::user_id.eq(user));
    }
    if let Some(state) = &wanted.state {
        query = query.filter(messages::state.eq(state.clone()));
    }
    if let Some(class) = wanted.class {
        query = query.filter(messages::class.eq(class));
    }
    query
}

/// One page, newest first, and one row more.
pub(super) fn page(
    conn: &mut Conn,
    wanted: &Wanted,
    before: Option<MessageId>,
    limit: i64,
) -> Result<Vec<Notification>> {
    let mut query = query(wanted);
    if let Some(before) = before {
        query = query.filter(messages::id.lt(before));
    }
    load(conn, query.order(messages::id.desc()).limit(limit + 1))
}

fn load(conn: &mut Conn, query: messages::BoxedQuery<'_, Backend>) -> Result<Vec<Notification>> {
    Ok(query
        .select((
            messages::id,
            messages::class,
            messages::state,
            messages::address,
            messages::attempts,
            messages::last_error,
            messages::created_at,
            messages::not_before,
            messages::next_attempt_at,
            messages::settled_at,
        ))
        .load(conn)?)
}

/// How many there are in all.
pub(super) fn count(conn: &mut Conn, wanted: &Wanted) -> Result<i64> {
    Ok(query(wanted).count().get_result(conn)?)
}

/// One message of the office.
pub(super) fn find(
    conn: &mut Conn,
    office: OfficeId,
    id: MessageId,
) -> Result<Option<Notification>> {
    let wanted = Wanted {
        office,
        user: None,
        state: None,
        class: None,
    };
    Ok(load(conn, query(&wanted).filter(messages::id.eq(id)))?.pop())
}

/// What a message to an account is about: its kind and its id.
pub(super) fn object(
    conn: &mut Conn,
    (office, user): (OfficeId, UserId),
    id: MessageId,
) -> Result<Option<(String, MessageId)>> {
    Ok(messages::table
        .filter(messages::id.eq(id))
        .filter(messages::office_id.eq(office))
        .filter(messages::user_id.eq(user))
        .select((messages::object_kind, messages::object_id))
        .first(conn)
        .optional()?)
}

/// Whether someone stands aside from what a message is about, or from what that itself is about.
pub(super) fn is_aside(
    conn: &mut Conn,
    user: UserId,
    (kind, id): &(String, MessageId),
) -> Result<bool> {
    let subject = match kind.as_str() {
        "risk-alert" => risk_alert::subject(conn, id.uuid())?,
        "work-item" => work_item::subject(conn, id.uuid())?,
        _ => Some(id.uuid()),
    };
    match subject {
        Some(subject) => Ok(work_item::aside(conn, subject)?.contains(&user)),
        None => Ok(false),
    }
}

/// Queues a message that failed or bounced once more, and forgets that its address bounced;
/// `false` when it no longer is one.
pub(super) fn requeue(
    conn: &mut Conn,
    now: Timestamp,
    (office, id): (OfficeId, MessageId),
    address: &str,
) -> Result<bool> {
    // Of two who ask at once one waits here, and must not send it a second time.
    let ended = messages::table
        .filter(messages::id.eq(id))
        .filter(messages::state.eq_any(["failed", "bounced"]));
    let queued = diesel::update(ended)
        .set((
            messages::state.eq("queued"),
            messages::attempts.eq(0),
            // The three days of trying begin anew.
            messages::first_attempt_at.eq(None::<Timestamp>),
            messages::next_attempt_at.eq(now),
            messages::last_error.eq(None::<String>),
            messages::settled_at.eq(None::<Timestamp>),
        ))
        .execute(conn)?;
    if queued == 0 {
        return Ok(false);
    }
    let marked = unreachable::table
        .filter(unreachable::office_id.eq(office))
        .filter(unreachable::address.eq(address))
        .filter(unreachable::reason.ne("opted-out"));
    diesel::delete(marked).execute(conn)?;
    Ok(true)
}

/// The preferences column of a user and the version of its row.
pub(super) fn preferences(conn: &mut Conn, user: UserId) -> Result<(String, i32)> {
    Ok(users::table
        .find(user)
        .select((users::preferences, users::version))
        .first(conn)?)
}

/// Writes the preferences of a user and moves the version of its row; nothing is written when
/// another version is current.
pub(super) fn prefer(
    conn: &mut Conn,
    now: Timestamp,
    (user, version): (UserId, i32),
    column: &str,
) -> Result<bool> {
    let same = users::table
        .filter(users::id.eq(user))
        .filter(users::version.eq(version));
    let changed = diesel::update(same)
        .set((
            users::preferences.eq(column),
            users::version.eq(version + 1),
            users::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// The office and address a living unsubscribe token is for.
pub(super) fn unsubscriber(
    conn: &mut Conn,
    now: Timestamp,
    text: &str,
) -> Result<Option<(OfficeId, String)>> {
    let row: Option<(String, Timestamp)> = tokens::table
        .filter(tokens::digest.eq(token::sha256(text.as_bytes())))
        .filter(tokens::purpose.eq(TokenPurpose::Unsubscribe))
        .select((tokens::binding, tokens::expires_at))
        .first(conn)
        .optional()?;
    Ok(row
        .filter(|(_, expires_at)| now < *expires_at)
        .and_then(|(binding, _)| {
            let (office, address) = binding.split_once('|')?;
            Some((OfficeId::parse(office)?, address.to_owned()))
        }))
}

/// Takes back that outreach to an address ended; a mark of a bounce is no word of a person, and stays.
pub(super) fn opt_in(conn: &mut Conn, office: OfficeId, address: &str) -> Result<()> {
    diesel::delete(unreachable::table.find((office, address)))
        .filter(unreachable::reason.eq("opted-out"))
        .execute(conn)?;
    Ok(())
}

/// Ends outreach to an address. A person's word outlives a bounce, which a later retry forgets.
pub(super) fn opt_out(
    conn: &mut Conn,
    now: Timestamp,
    office: OfficeId,
    address: &str,
) -> Result<()> {
    let known = diesel::update(unreachable::table.find((office, address)))
        .set(unreachable::reason.eq("opted-out"))
        .execute(conn)?;
    if known > 0 {
        return Ok(());
    }
    diesel::insert_into(unreachable::table)
        .values((
            unreachable::office_id.eq(office),
            unreachable::address.eq(address),
            unreachable::reason.eq("opted-out"),
            unreachable::since.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}
