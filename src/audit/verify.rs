//! Recomputes the chain over the log.

use chrono::TimeDelta;
use diesel::prelude::*;

use super::event::AuditEventId;
use super::seal::{self, GENESIS, SealedRow};
use crate::db::schema::{audit_events as events, audit_seals as seals};
use crate::db::{Conn, Result};
use crate::kernel::{Timestamp, token};

/// Rows read at once.
const PAGE: i64 = 1000;
/// How old a row is that should have been sealed long ago.
const OVERDUE: TimeDelta = TimeDelta::minutes(1);

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How many seals hold, up to the first that does not.
    pub sealed: i64,
    /// The last number and chain that hold: what an operator notes, to find a cut tail later.
    pub head: (i64, String),
    /// The first number that does not hold, and why.
    pub bad: Option<(i64, &'static str)>,
    /// Rows older than a minute that nobody has sealed.
    pub unsealed: i64,
}

impl Report {
    /// Whether nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.bad.is_none() && self.unsealed == 0
    }
}

#[derive(Queryable)]
struct Seal {
    number: i64,
    event_id: AuditEventId,
    digest: Vec<u8>,
    chain: Vec<u8>,
}

/// Checks every seal in order, and that the chain has `noted`, a head written down before.
///
/// # Errors
/// When storage fails.
pub fn verify(conn: &mut Conn, now: Timestamp, noted: Option<&(i64, String)>) -> Result<Report> {
    let mut chain = GENESIS.to_vec();
    let mut number = 0;
    let mut bad = None;
    'pages: loop {
        let page: Vec<(Seal, Option<SealedRow>)> = seals::table
            .left_join(events::table.on(events::id.eq(seals::event_id)))
            .filter(seals::number.gt(number))
            .select((
                (seals::number, seals::event_id, seals::digest, seals::chain),
                seal::COLUMNS.nullable(),
            ))
            .order(seals::number)
            .limit(PAGE)
            .load(conn)?;
        if page.is_empty() {
            break;
        }
        for (seal, row) in page {
            if let Some(why) = fault(&seal, row.as_ref(), number, &chain) {
                bad = Some((number + 1, why));
                break 'pages;
            }
            number = seal.number;
            chain = seal.chain;
            if noted.is_some_and(|(at, hex)| *at == number && *hex != token::hex(&chain)) {
                bad = Some((number, "the chain is not the one that was noted"));
                break 'pages;
            }
        }
    }
    if let (None, Some((at, _))) = (bad, noted)
        && *at > number
    {
        bad = Some((number + 1, "the tail is gone"));
    }
    Ok(Report {
        sealed: number,
        head: (number, token::hex(&chain)),
        bad,
        unsealed: unsealed(conn, now)?,
    })
}

fn fault(seal: &Seal, row: Option<&SealedRow>, before: i64, chain: &[u8]) -> Option<&'static str> {
    if seal.number != before + 1 {
        return Some("the seal is gone");
    }
    let Some(row) = row else {
        tracing::warn!(event.id = %seal.event_id, "a sealed audit row is gone");
        return Some("the row is gone");
    };
    if row.digest() != seal.digest {
        return Some("the row was changed");
    }
    (seal::link(chain, &seal.digest) != seal.chain).then_some("the chain is broken")
}

/// Rows older than a minute without a seal.
fn unsealed(conn: &mut Conn, now: Timestamp) -> Result<i64> {
    Ok(events::table
        .left_join(seals::table.on(seals::event_id.eq(events::id)))
        .filter(seals::number.is_null())
        .filter(events::at.lt(now.minus(OVERDUE)))
        .count()
        .get_result(conn)?)
}
