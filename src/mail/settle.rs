//! How a send ended. A worker that outlived its lease settles nothing: the word of the one who
//! took over counts.

use chrono::TimeDelta;
use diesel::prelude::*;

use super::address::is_sealed;
use super::claim::Claimed;
use super::message::{Message, MessageId};
use super::transport::Outcome;
use crate::db::schema::{messages, unreachable_addresses as unreachable};
use crate::db::{Conn, Result};
use crate::kernel::{Timestamp, token};

/// How long a message that fails temporarily is tried.
const TRIED_FOR: TimeDelta = TimeDelta::days(3);
/// The first wait; each further one doubles it.
const FIRST_WAIT: i64 = 10;
/// The longest wait between two tries, in seconds.
const LONGEST_WAIT: i64 = 3_600;

/// What became of a message that was claimed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Ending {
    /// It was handed over, or was not.
    Handed(Outcome),
    /// It was not handed over, and is not tried again: it was tried for long enough.
    GivenUp(&'static str),
    /// It could not be composed: no later try would make it better.
    NotComposed(&'static str),
}

/// How a message ends by what became of it now.
pub(super) fn ending(now: Timestamp, claimed: &Claimed, outcome: Outcome) -> Ending {
    match outcome {
        Outcome::Retry(code) if now.since(claimed.tried_since) >= TRIED_FOR => {
            Ending::GivenUp(code)
        }
        outcome => Ending::Handed(outcome),
    }
}

/// Writes how a message ended; `false` when that is no longer for this worker to say.
pub(super) fn settle(
    conn: &mut Conn,
    now: Timestamp,
    claimed: &Claimed,
    ending: Ending,
) -> Result<bool> {
    let (state, error, next) = match ending {
        Ending::Handed(Outcome::Sent) => ("sent", None, None),
        Ending::Handed(Outcome::Permanent(code)) => ("bounced", Some(code), None),
        Ending::NotComposed(code) | Ending::GivenUp(code) => ("failed", Some(code), None),
        Ending::Handed(Outcome::Retry(code)) => {
            ("queued", Some(code), Some(now.plus(wait(claimed.attempts))))
        }
    };
    // A message that was withdrawn while it was on its way has left all the same; one that has
    // not left stays withdrawn.
    let from: &[&str] = if state == "sent" {
        &["sending", "superseded", "cancelled"]
    } else {
        &["sending"]
    };
    let mine = messages::table
        .filter(messages::id.eq(claimed.id))
        .filter(messages::state.eq_any(from))
        .filter(messages::lease_token.eq(claimed.lease.cast::<Message>()));
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
        && !is_sealed(&claimed.address)
        && let Ending::Handed(Outcome::Permanent(code)) = ending
    {
        mark_address(conn, now, claimed, code)?;
    }
    Ok(settled == 1)
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
