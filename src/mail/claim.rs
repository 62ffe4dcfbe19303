//! Which messages a worker may send now, and how each ended. A lease on the database's clock
//! makes a message one worker's; a worker that outlived its lease settles nothing.

use chrono::TimeDelta;
use diesel::prelude::*;

use super::message::{MessageClass, MessageId};
use super::transport::Outcome;
use crate::db::schema::{messages, offices, unreachable_addresses as unreachable, users};
use crate::db::{Conn, Error, Result, dialect};
use crate::kernel::{Clock, Id, Language, OfficeId, Timestamp, token};

/// Messages one step takes.
const BATCH: i64 = 8;
/// Longer than a step's sends can take: two rounds of the transport's wall.
const LEASE: TimeDelta = TimeDelta::seconds(120);
/// How long a message that fails temporarily is tried.
const TRIED_FOR: TimeDelta = TimeDelta::days(3);
/// The first wait; each further one doubles it.
const FIRST_WAIT: i64 = 10;
/// The longest wait between two tries, in seconds.
const LONGEST_WAIT: i64 = 3_600;

/// Kinds whose recipients may say that they want no more of them.
pub(super) const OUTREACH: [&str; 3] = ["session_invitation", "session_reminder", "session_thanks"];

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
    pub(super) attempts: i32,
    pub(super) lease: Id<Lease>,
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
    (Timestamp, Timestamp, Option<Timestamp>, i32),
);

/// Takes up to a batch of what is due, and says how many it ended because they are not to be
/// sent.
pub(super) fn claim(conn: &mut Conn, clock: &Clock) -> Result<(Vec<Claimed>, usize)> {
    let now = clock.now();
    let lease_now = dialect::lease_now(conn, clock)?;
    let due = messages::state
        .eq_any(["scheduled", "queued"])
        .and(messages::next_attempt_at.le(now));
    let abandoned = messages::state
        .eq("sending")
        .and(messages::lease_until.lt(lease_now).assume_not_null());
    let rows: Vec<Row> = messages::table
        .filter(due.or(abandoned))
        .order((messages::next_attempt_at, messages::id))
        .limit(BATCH)
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
                messages::expires_at,
                messages::attempts,
            ),
        ))
        .load(conn)?;
    let (mut claimed, mut ended) = (Vec::with_capacity(rows.len()), 0);
    for (what, when) in rows {
        let (id, office, kind, class, user, address, language, payload) = what;
        let (written_at, first_due_at, expires_at, attempts) = when;
        if expires_at.is_some_and(|at| at <= now) {
            ended += end(conn, id, (now, lease_now), ("expired", None))?;
            continue;
        }
        if let Some(why) = silence(conn, (office, &kind, class), user, &address)? {
            ended += end(conn, id, (now, lease_now), ("suppressed", Some(why)))?;
            continue;
        }
        let lease = Id::<Lease>::new(now);
        if take(conn, id, lease, lease_now, now)? {
            claimed.push(Claimed {
                id,
                office,
                kind,
                address,
                language,
                payload,
                written_at,
                first_due_at,
                attempts: attempts + 1,
                lease,
            });
        }
    }
    Ok((claimed, ended))
}

/// Takes one message, unless another worker was faster.
fn take(
    conn: &mut Conn,
    id: MessageId,
    lease: Id<Lease>,
    lease_now: Timestamp,
    now: Timestamp,
) -> Result<bool> {
    let free = messages::state
        .eq_any(["scheduled", "queued"])
        .and(messages::next_attempt_at.le(now))
        .or(messages::state
            .eq("sending")
            .and(messages::lease_until.lt(lease_now).assume_not_null()));
    let taken = diesel::update(messages::table.filter(messages::id.eq(id)).filter(free))
        .set((
            messages::state.eq("sending"),
            messages::lease_until.eq(lease_now.plus(LEASE)),
            messages::lease_token.eq(lease.cast::<super::message::Message>()),
            messages::attempts.eq(messages::attempts + 1),
        ))
        .execute(conn)?;
    Ok(taken == 1)
}

/// Why nothing may be sent to an address: it is known to bounce, or its owner said so.
fn silence(
    conn: &mut Conn,
    (office, kind, class): (OfficeId, &str, MessageClass),
    user: Option<MessageId>,
    address: &str,
) -> Result<Option<&'static str>> {
    if class == MessageClass::Account {
        return Ok(None);
    }
    let mark: Option<String> = unreachable::table
        .find((office, address))
        .select(unreachable::reason)
        .first(conn)
        .optional()?;
    let is_outreach = OUTREACH.contains(&kind);
    match mark.as_deref() {
        Some("opted-out") if is_outreach => return Ok(Some("opted-out")),
        Some("opted-out") | None => {}
        Some(_) => return Ok(Some("no-address")),
    }
    let Some(user) = user.filter(|_| is_outreach) else {
        return Ok(None);
    };
    let preferences: Option<String> = users::table
        .find(user.cast::<super::message::Message>())
        .select(users::preferences)
        .first(conn)
        .optional()?;
    let wants = preferences
        .and_then(|text| serde_json::from_str::<serde_json::Value>(&text).ok())
        .and_then(|value| value.get("session")?.as_bool());
    Ok((wants == Some(false)).then_some("opted-out"))
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
            ))
            .execute(conn)?,
    )
}

/// Writes how a send ended; `false` when the lease was another's by then, whose word counts.
pub(super) fn settle(
    conn: &mut Conn,
    now: Timestamp,
    claimed: &Claimed,
    outcome: Outcome,
) -> Result<bool> {
    let (state, error, next) = match outcome {
        Outcome::Sent => ("sent", None, None),
        Outcome::Permanent(code) => ("bounced", Some(code), None),
        Outcome::Retry(code) if now.since(claimed.first_due_at) >= TRIED_FOR => {
            ("failed", Some(code), None)
        }
        Outcome::Retry(code) => ("queued", Some(code), Some(now.plus(wait(claimed.attempts)))),
    };
    let mine = messages::table
        .filter(messages::id.eq(claimed.id))
        .filter(messages::state.eq("sending"))
        .filter(messages::lease_token.eq(claimed.lease.cast::<super::message::Message>()));
    let settled = diesel::update(mine)
        .set((
            messages::state.eq(state),
            messages::last_error.eq(error),
            messages::next_attempt_at.eq(next.unwrap_or(now)),
            messages::settled_at.eq(next.is_none().then_some(now)),
            messages::lease_until.eq(None::<Timestamp>),
            messages::lease_token.eq(None::<MessageId>),
        ))
        .execute(conn)?;
    if settled == 1
        && let Outcome::Permanent(code) = outcome
    {
        mark_address(conn, now, claimed, code)?;
    }
    Ok(settled == 1)
}

/// A message that cannot be composed is failed at once: no later try would make it better.
pub(super) fn give_up(
    conn: &mut Conn,
    now: Timestamp,
    claimed: &Claimed,
    code: &str,
) -> Result<()> {
    let mine = messages::table
        .filter(messages::id.eq(claimed.id))
        .filter(messages::lease_token.eq(claimed.lease.cast::<super::message::Message>()));
    diesel::update(mine)
        .set((
            messages::state.eq("failed"),
            messages::last_error.eq(code),
            messages::settled_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

fn mark_address(conn: &mut Conn, now: Timestamp, claimed: &Claimed, code: &str) -> Result<()> {
    let known: i64 = unreachable::table
        .find((claimed.office, &claimed.address))
        .count()
        .get_result(conn)?;
    if known > 0 {
        return Ok(());
    }
    diesel::insert_into(unreachable::table)
        .values((
            unreachable::office_id.eq(claimed.office),
            unreachable::address.eq(&claimed.address),
            unreachable::reason.eq(code),
            unreachable::since.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// Ten seconds doubling, an hour at most, a fifth more or less so that a thousand messages do
/// not come back together.
fn wait(attempts: i32) -> TimeDelta {
    let doublings = u32::try_from(attempts.saturating_sub(1))
        .unwrap_or(0)
        .min(12);
    let seconds = (FIRST_WAIT << doublings).min(LONGEST_WAIT);
    let [byte] = token::random::<1>();
    let jitter = seconds * (i64::from(byte) - 128) / 640;
    TimeDelta::seconds(seconds + jitter)
}

/// What a mail says of its office.
#[derive(Debug, Clone)]
pub(super) struct Sender {
    pub(super) name: String,
    pub(super) desk_phone: String,
    pub(super) desk_hours: String,
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
        desk_phone: desk("phone"),
        desk_hours: desk("hours"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_an_hour_within_a_fifth() {
        for (attempts, seconds) in [
            (1, 10),
            (2, 20),
            (5, 160),
            (9, 2560),
            (10, 3600),
            (99, 3600),
        ] {
            for _again in 0..20 {
                let waited = wait(attempts).num_seconds();
                assert!(
                    (seconds * 4 / 5..=seconds * 6 / 5).contains(&waited),
                    "{waited}"
                );
            }
        }
    }
}
