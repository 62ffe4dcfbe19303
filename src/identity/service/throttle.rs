//! How often passwords may be tried and mails be asked for.

use chrono::TimeDelta;

use crate::db::{self, Conn};
use crate::identity::UserId;
use crate::identity::error::Error;
use crate::identity::store::throttle::{self, Quota};
use crate::identity::store::{device, one_time, user};
use crate::kernel::{Fault, Timestamp, token};

/// Tries of one account's password that reach the hash.
const TRIES: Quota = Quota {
    uses: 10,
    window: TimeDelta::minutes(1),
};
/// Mails one address may be sent because somebody without a login asked.
const MAILS: Quota = Quota {
    uses: 3,
    window: TimeDelta::hours(1),
};

/// How long a token's row outlives it.
const KEPT: TimeDelta = TimeDelta::days(1);

/// Whether a password may be tried now.
#[derive(Debug, Clone)]
pub enum Gate {
    /// It may, against this hash; an unknown account has none.
    Open(Option<String>),
    /// Not before so many seconds.
    Closed(u64),
}

impl Gate {
    /// Closed until then; a second at least.
    fn until(now: Timestamp, until: Timestamp) -> Self {
        let seconds = u64::try_from(until.since(now).num_seconds()).unwrap_or(0);
        Self::Closed(seconds.max(1))
    }

    /// The hash to try against.
    ///
    /// # Errors
    /// `too-many-requests`.
    pub fn pass(self) -> Result<Option<String>, Error> {
        match self {
            Self::Open(hash) => Ok(hash),
            Self::Closed(retry_after) => Err(Fault::TooMany { retry_after }.into()),
        }
    }
}

/// The name of a counter: a digest, so that the table lists no addresses.
fn name(group: &str, email: &str) -> String {
    format!("{group}:{}", token::sha256_hex(email.as_bytes()))
}

/// Counts a try of the password of an address, known or not.
pub(super) fn admit(conn: &mut Conn, now: Timestamp, email: &str) -> db::Result<Gate> {
    let counted = throttle::count(conn, now, &name("login", email), TRIES)?;
    let found = user::find_by_email(conn, email)?;
    let Err(until) = counted else {
        return Ok(Gate::Open(found.and_then(|row| row.password_hash)));
    };
    // One account gets one write a window; the answer is the same for the unknown.
    if let Some(row) = found.filter(|row| row.locked_until != Some(until)) {
        user::lock(conn, row.id, Some(until))?;
    }
    Ok(Gate::until(now, until))
}

/// Counts a try of one's own password by somebody who is logged in: a stranger's tries at the door do
/// not use it up, nor the other way round.
pub(super) fn admit_own(
    conn: &mut Conn,
    now: Timestamp,
    (id, hash): (UserId, Option<String>),
) -> db::Result<Gate> {
    let counted = throttle::count(conn, now, &name("own", &id.to_string()), TRIES)?;
    Ok(match counted {
        Ok(()) => Gate::Open(hash),
        Err(until) => Gate::until(now, until),
    })
}

/// Lets the password of an address be tried again.
pub(super) fn readmit(conn: &mut Conn, email: &str) -> db::Result<()> {
    throttle::clear(conn, &name("login", email))
}

/// Counts a mail somebody without a login asks for; `false` when there were enough.
pub(super) fn admit_mail(conn: &mut Conn, now: Timestamp, email: &str) -> db::Result<bool> {
    Ok(throttle::count(conn, now, &name("mail", email), MAILS)?.is_ok())
}

/// Forgets counters whose windows are over, and tokens that ended long ago.
///
/// # Errors
/// When storage fails.
pub fn sweep(conn: &mut Conn, now: Timestamp) -> db::Result<usize> {
    let counters = throttle::sweep(conn, now.minus(MAILS.window))?;
    let ended = now.minus(KEPT);
    let links = one_time::sweep(conn, ended)?;
    Ok(counters + links + device::sweep_tokens(conn, ended)?)
}
