//! The outbox: plain functions over a connection.

use diesel::prelude::*;

use super::message::{MessageClass, MessageId, NewMessage, TokenPurpose, derive_token};
use crate::db::schema::{messages, one_time_tokens};
use crate::db::{Conn, Result};
use crate::kernel::{Id, OfficeId, Timestamp, token};
use crate::sealed::Keys;

/// A right that a message's link gives: to whom, and how long.
#[derive(Debug, Clone)]
pub struct Grant {
    /// What the token is for.
    pub purpose: TokenPurpose,
    /// Whom or what it is for.
    pub subject: uuid::Uuid,
    /// What must still be so when it is used: an address, a generation.
    pub binding: String,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// Marks ids of one-time tokens.
#[derive(Debug)]
pub enum OneTimeToken {}

/// Writes a message in the transaction of what it tells. A second one with the same dedupe key
/// is not written.
///
/// # Errors
/// When storage fails.
pub fn enqueue(
    conn: &mut Conn,
    keys: &Keys,
    now: Timestamp,
    message: &NewMessage<'_>,
    grants: &[Grant],
) -> Result<Option<MessageId>> {
    write(conn, keys, now, (message, None), grants)
}

/// Writes a message that must not be sent, with the reason: nobody confirmed that it is safe.
///
/// # Errors
/// When storage fails.
pub fn withhold(
    conn: &mut Conn,
    keys: &Keys,
    now: Timestamp,
    message: &NewMessage<'_>,
) -> Result<Option<MessageId>> {
    write(conn, keys, now, (message, Some("unsafe-contact")), &[])
}

fn write(
    conn: &mut Conn,
    keys: &Keys,
    now: Timestamp,
    (message, withheld): (&NewMessage<'_>, Option<&str>),
    grants: &[Grant],
) -> Result<Option<MessageId>> {
    let is_known = diesel::select(diesel::dsl::exists(
        messages::table.filter(messages::dedupe_key.eq(&message.dedupe_key)),
    ))
    .get_result(conn)?;
    if is_known {
        return Ok(None);
    }
    let id = MessageId::new(now);
    let withheld = withheld.or(message.address.is_none().then_some("no-address"));
    let state = match withheld {
        Some(_) => "suppressed",
        None if message.not_before > now => "scheduled",
        None => "queued",
    };
    let payload = serde_json::to_string(&message.content)
        .map_err(|e| crate::db::Error::Corrupt(e.to_string()))?;
    diesel::insert_into(messages::table)
        .values((
            messages::id.eq(id),
            messages::office_id.eq(message.office),
            messages::kind.eq(message.kind),
            messages::class.eq(message.class),
            messages::user_id.eq(message.user.map(MessageId::from_uuid)),
            messages::address.eq(address(keys, id, message, withheld.is_some())?),
            messages::language.eq(message.language),
            messages::object_kind.eq(message.object_kind),
            messages::object_id.eq(MessageId::from_uuid(message.object)),
            messages::object_version.eq(message.object_version),
            messages::payload.eq(payload),
            messages::dedupe_key.eq(&message.dedupe_key),
            messages::state.eq(state),
            messages::not_before.eq(message.not_before),
            messages::expires_at.eq(message.expires_at),
            messages::attempts.eq(0),
            messages::next_attempt_at.eq(message.not_before),
            messages::last_error.eq(withheld),
            messages::created_at.eq(now),
        ))
        .execute(conn)?;
    for grant in grants {
        let digest = token::sha256(derive_token(keys, id, grant.purpose).as_bytes());
        diesel::insert_into(one_time_tokens::table)
            .values((
                one_time_tokens::id.eq(Id::<OneTimeToken>::new(now)),
                one_time_tokens::purpose.eq(grant.purpose),
                one_time_tokens::subject_id.eq(Id::<OneTimeToken>::from_uuid(grant.subject)),
                one_time_tokens::binding.eq(&grant.binding),
                one_time_tokens::digest.eq(digest),
                one_time_tokens::created_at.eq(now),
                one_time_tokens::expires_at.eq(grant.expires_at),
            ))
            .execute(conn)?;
    }
    Ok(Some(id))
}

/// The address as it is kept: of whoever has an account it stands in the account as well; of
/// anybody else in a case it lies sealed, and of a message that is not sent it is not kept.
fn address(
    keys: &Keys,
    id: MessageId,
    message: &NewMessage<'_>,
    is_withheld: bool,
) -> Result<String> {
    let address = message.address.unwrap_or_default();
    if is_withheld {
        return Ok(String::new());
    }
    if message.class != MessageClass::Case || message.user.is_some() {
        return Ok(address.to_owned());
    }
    super::address::seal(keys, id, address)
}

/// Takes back what has not been sent about an object: `superseded` or `cancelled`. One that is on
/// its way may still arrive, but is not tried again.
///
/// # Errors
/// When storage fails.
pub fn withdraw(
    conn: &mut Conn,
    now: Timestamp,
    object: uuid::Uuid,
    kinds: &[&str],
    state: Withdrawn,
) -> Result<usize> {
    let waiting = messages::table
        .filter(messages::object_id.eq(MessageId::from_uuid(object)))
        .filter(messages::kind.eq_any(kinds))
        .filter(messages::state.eq_any(["scheduled", "queued", "sending"]));
    Ok(diesel::update(waiting)
        .set((
            messages::state.eq(match state {
                Withdrawn::Superseded => "superseded",
                Withdrawn::Cancelled => "cancelled",
            }),
            messages::settled_at.eq(now),
        ))
        .execute(conn)?)
}

/// Takes back what has not been sent about an object to one of its people, whose id is part of the
/// dedupe key: what it told them is so no more.
///
/// # Errors
/// When storage fails.
pub fn withdraw_from(
    conn: &mut Conn,
    now: Timestamp,
    (object, whom): (uuid::Uuid, uuid::Uuid),
    kinds: &[&str],
) -> Result<usize> {
    let waiting = messages::table
        .filter(messages::object_id.eq(MessageId::from_uuid(object)))
        .filter(messages::kind.eq_any(kinds))
        .filter(messages::dedupe_key.like(format!("%:{whom}%")))
        .filter(messages::state.eq_any(["scheduled", "queued", "sending"]));
    Ok(diesel::update(waiting)
        .set((
            messages::state.eq("cancelled"),
            messages::settled_at.eq(now),
        ))
        .execute(conn)?)
}

/// The kinds of what is written about an object and has not begun to leave.
///
/// # Errors
/// When storage fails.
pub fn untold(conn: &mut Conn, object: uuid::Uuid, kinds: &[&str]) -> Result<Vec<String>> {
    Ok(messages::table
        .filter(messages::object_id.eq(MessageId::from_uuid(object)))
        .filter(messages::kind.eq_any(kinds))
        .filter(messages::state.eq_any(["scheduled", "queued"]))
        .select(messages::kind)
        .load(conn)?)
}

/// Whether something of these kinds about an object has left, or is leaving.
///
/// # Errors
/// When storage fails.
pub fn was_told(conn: &mut Conn, object: uuid::Uuid, kinds: &[&str]) -> Result<bool> {
    let left = messages::table
        .filter(messages::object_id.eq(MessageId::from_uuid(object)))
        .filter(messages::kind.eq_any(kinds))
        .filter(messages::state.eq_any(["sending", "sent"]));
    Ok(diesel::select(diesel::dsl::exists(left)).get_result(conn)?)
}

/// Why nothing would be sent to an address, where that is so: `no-address` where it takes none,
/// `opted-out` where its owner said so.
///
/// # Errors
/// When storage fails.
pub fn silence(
    conn: &mut Conn,
    (office, kind, class): (OfficeId, &str, MessageClass),
    user: Option<uuid::Uuid>,
    address: &str,
) -> Result<Option<&'static str>> {
    let user = user.map(MessageId::from_uuid);
    super::silence::of(conn, (office, kind, class), user, address)
}

/// What should have left and has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backlog {
    /// How many.
    pub count: i64,
    /// Since when the first of them might have.
    pub since: Option<Timestamp>,
}

/// What should have left by now and has not: tries that failed count from the first.
///
/// # Errors
/// When storage fails.
pub fn backlog(conn: &mut Conn, now: Timestamp) -> Result<Backlog> {
    let (count, since) = messages::table
        .filter(super::claim::pending())
        .filter(messages::not_before.le(now))
        .select((
            diesel::dsl::count_star(),
            diesel::dsl::min(messages::not_before),
        ))
        .first(conn)?;
    Ok(Backlog { count, since })
}

/// A message of a case that was kept back.
#[derive(Debug, Clone)]
pub struct KeptBack {
    /// Which template.
    pub kind: String,
    /// The kind of thing it is about.
    pub object_kind: String,
    /// The thing.
    pub object: uuid::Uuid,
    /// What makes two of it one.
    pub dedupe_key: String,
}

/// Keeps back what was written to some people of a case and has not been sent: it is not safe any
/// more. Their ids are part of the dedupe keys of what they are told.
///
/// # Errors
/// When storage fails.
pub fn keep_back(
    conn: &mut Conn,
    now: Timestamp,
    (office, whom): (OfficeId, &[uuid::Uuid]),
) -> Result<Vec<KeptBack>> {
    type Row = (MessageId, String, String, MessageId, String);
    let mut kept = Vec::new();
    for one in whom {
        let waiting = messages::table
            .filter(messages::office_id.eq(office))
            .filter(messages::class.eq(MessageClass::Case))
            .filter(messages::state.eq_any(["scheduled", "queued"]))
            .filter(messages::dedupe_key.like(format!("%:{one}%")));
        let rows: Vec<Row> = waiting
            .order(messages::id)
            .select((
                messages::id,
                messages::kind,
                messages::object_kind,
                messages::object_id,
                messages::dedupe_key,
            ))
            .load(conn)?;
        for (id, kind, object_kind, object, dedupe_key) in rows {
            let still = messages::table
                .filter(messages::id.eq(id))
                .filter(messages::state.eq_any(["scheduled", "queued"]));
            let changed = diesel::update(still)
                .set((
                    messages::state.eq("suppressed"),
                    messages::last_error.eq("unsafe-contact"),
                    messages::address.eq(""),
                    messages::settled_at.eq(now),
                ))
                .execute(conn)?;
            if changed == 1 {
                kept.push(KeptBack {
                    kind,
                    object_kind,
                    object: object.uuid(),
                    dedupe_key,
                });
            }
        }
    }
    Ok(kept)
}

/// Why a message was taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withdrawn {
    /// A newer one tells it.
    Superseded,
    /// What it told is off.
    Cancelled,
}
