//! Which message a worker may send now. A lease on the database's clock makes it that worker's.

use chrono::TimeDelta;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::message::{MessageClass, MessageId};
use super::silence;
use crate::db::schema::{messages, offices};
use crate::db::{self, Conn, Error, Result, dialect};
use crate::kernel::{Clock, Id, Language, OfficeId, Timestamp};

/// Messages looked at for one that is free: several workers look at the same ones.
const CANDIDATES: i64 = 8;
/// Longer than a send can take: twice the transport's wall.
const LEASE: TimeDelta = TimeDelta::seconds(60);

/// Marks lease tokens.
#[derive(Debug)]
pub(super) enum Lease {}

/// A message this worker may send.
#[derive(Debug, Clone)]
pub(super) struct Claimed {
    pub(super) id: MessageId,
    pub(super) office: OfficeId,
    pub(super) kind: String,
    pub(super) address: String,
    pub(super) language: Language,
    pub(super) payload: String,
    pub(super) written_at: Timestamp,
    pub(super) first_due_at: Timestamp,
    pub(super) tried_since: Timestamp,
    pub(super) attempts: i32,
    pub(super) lease: Id<Lease>,
}

/// What a look at the outbox brought.
#[derive(Debug)]
pub(super) struct Found {
    /// The message to send, where one was free.
    pub(super) claimed: Option<Claimed>,
    /// Messages that were ended because they are not to be sent.
    pub(super) ended: usize,
    /// Those of them whose time is over, with their kinds.
    pub(super) expired: Vec<(MessageId, String)>,
    /// Nothing is due; otherwise another look may bring more.
    pub(super) is_idle: bool,
}

type Row = (
    (
        MessageId,
        OfficeId,
        String,
        MessageClass,
        Option<MessageId>,
        String,
        Language,
        String,
    ),
    (
        Timestamp,
        Timestamp,
        Option<Timestamp>,
        Option<Timestamp>,
        i32,
    ),
);

/// Takes one message that is due, and ends those before it that are not to be sent.
pub(super) fn claim(conn: &mut Conn, clock: &Clock) -> Result<Found> {
    let now = clock.now();
    let lease_now = dialect::lease_now(conn, clock)?;
    let rows = candidates(conn, now, lease_now)?;
    let mut found = Found {
        claimed: None,
        ended: 0,
        expired: Vec::new(),
        is_idle: rows.is_empty(),
    };
    for (what, when) in rows {
        let (id, office, kind, class, user, address, language, payload) = what;
        let (written_at, first_due_at, first_attempt_at, expires_at, attempts) = when;
        if expires_at.is_some_and(|at| at <= now) {
            let ended = end(conn, id, (now, lease_now), ("expired", None))?;
            found.ended += ended;
            if ended > 0 {
                found.expired.push((id, kind));
            }
            continue;
        }
        if let Some(why) = silence::of(conn, (office, &kind, class), user, &address)? {
            found.ended += end(conn, id, (now, lease_now), ("suppressed", Some(why)))?;
            continue;
        }
        let claimed = Claimed {
            id,
            office,
            kind,
            address,
            language,
            payload,
            written_at,
            first_due_at,
            tried_since: first_attempt_at.unwrap_or(now),
            attempts: attempts + 1,
            lease: Id::new(now),
        };
        if take(conn, &claimed, lease_now, now)? {
            found.claimed = Some(claimed);
            break;
        }
    }
    Ok(found)
}

/// What may still leave: the condition of the index of what is due.
pub(super) fn pending() -> SqlLiteral<Bool> {
    db::written("messages.state IN ('scheduled', 'queued', 'sending')")
}

/// The first of what is due, oldest first.
fn candidates(conn: &mut Conn, now: Timestamp, lease_now: Timestamp) -> Result<Vec<Row>> {
    let due = messages::state
        .eq_any(["scheduled", "queued"])
        .and(messages::next_attempt_at.le(now));
    let abandoned = messages::state
        .eq("sending")
        .and(messages::lease_until.lt(lease_now).assume_not_null());
    Ok(messages::table
        .filter(pending())
        .filter(due.or(abandoned))
        .order((messages::next_attempt_at, messages::id))
        .limit(CANDIDATES)
        .select((
            (
                messages::id,
                messages::office_id,
                messages::kind,
                messages::class,
                messages::user_id,
                messages::address,
                messages::language,
                messages::payload,
            ),
            (
                messages::created_at,
                messages::not_before,
                messages::first_attempt_at,
                messages::expires_at,
                messages::attempts,
            ),
        ))
        .load(conn)?)
}

/// Takes one message, unless another worker was faster.
fn take(conn: &mut Conn, claimed: &Claimed, lease_now: Timestamp, now: Timestamp) -> Result<bool> {
    let free = messages::state
        .eq_any(["scheduled", "queued"])
        .and(messages::next_attempt_at.le(now))
        .or(messages::state
            .eq("sending")
            .and(messages::lease_until.lt(lease_now).assume_not_null()));
    let this = messages::table.filter(messages::id.eq(claimed.id));
    let taken = diesel::update(this.filter(free))
        .set((
            messages::state.eq("sending"),
            messages::lease_until.eq(lease_now.plus(LEASE)),
            messages::lease_token.eq(claimed.lease.cast::<super::message::Message>()),
            messages::first_attempt_at.eq(claimed.tried_since),
            messages::attempts.eq(messages::attempts + 1),
        ))
        .execute(conn)?;
    Ok(taken == 1)
}

/// Ends a message that is not to be sent, unless another worker has taken it meanwhile.
fn end(
    conn: &mut Conn,
    id: MessageId,
    (now, lease_now): (Timestamp, Timestamp),
    (state, why): (&str, Option<&str>),
) -> Result<usize> {
    let free = messages::state
        .eq_any(["scheduled", "queued"])
        .or(messages::state
            .eq("sending")
            .and(messages::lease_until.lt(lease_now).assume_not_null()));
    Ok(
        diesel::update(messages::table.filter(messages::id.eq(id)).filter(free))
            .set((
                messages::state.eq(state),
                messages::last_error.eq(why),
                messages::settled_at.eq(now),
                messages::lease_until.eq(None::<Timestamp>),
                messages::lease_token.eq(None::<MessageId>),
            ))
            .execute(conn)?,
    )
}

/// What a mail says of its office.
#[derive(Debug, Clone)]
pub(super) struct Sender {
    pub(super) name: String,
    pub(super) desk_phone: String,
    pub(super) desk_hours: String,
    pub(super) desk_address: String,
}

/// A number of this country as it is dialled here: `02253123456`.
fn as_dialled(phone: &str) -> String {
    match phone.strip_prefix("+84") {
        Some(rest) => format!("0{rest}"),
        None => phone.to_owned(),
    }
}

/// The office a mail comes from.
pub(super) fn sender(conn: &mut Conn, office: OfficeId) -> Result<Sender> {
    let (name, settings): (String, String) = offices::table
        .find(office)
        .select((offices::name, offices::settings))
        .first(conn)?;
    let settings: serde_json::Value =
        serde_json::from_str(&settings).map_err(|e| Error::Corrupt(e.to_string()))?;
    let desk = |name: &str| {
        let text = settings
            .get("desk")
            .and_then(|desk| desk.get(name)?.as_str());
        text.unwrap_or_default().to_owned()
    };
    Ok(Sender {
        name,
        desk_phone: as_dialled(&desk("phone")),
        desk_hours: desk("hours"),
        desk_address: desk("address"),
    })
}
