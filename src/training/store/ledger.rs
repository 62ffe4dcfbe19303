//! The session's lock row: seats, places in line, counters. Whoever changes a registration
//! touches it first, so that on both engines one goes after the other.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::session::{self, Eyes};
use crate::db::schema::training_counters as counters;
use crate::db::{Conn, Error, Result};
use crate::kernel::OfficeId;
use crate::training::counts::{Contribution, Counts};
use crate::training::model::{Registration, Session, SessionId};

/// What is counted of one session, under its lock.
#[derive(Debug, Clone)]
pub(in crate::training) struct Ledger {
    session_id: SessionId,
    /// Seats taken by confirmed registrations that are no extra ones.
    pub(in crate::training) seats_taken: i32,
    last_place: i64,
    /// The counters.
    pub(in crate::training) counts: Counts,
}

/// A session whose lock is held, and its ledger.
#[derive(Debug)]
pub(in crate::training) struct Locked {
    pub(in crate::training) session: Session,
    pub(in crate::training) ledger: Ledger,
}

impl Ledger {
    /// The next place in line.
    pub(in crate::training) fn next_place(&mut self) -> i64 {
        self.last_place += 1;
        self.last_place
    }

    /// Replaces what a registration counted for by what it counts for now.
    pub(in crate::training) fn replace(
        &mut self,
        before: Option<&Registration>,
        after: Option<&Registration>,
    ) {
        let before_counts = before.map(Contribution::of);
        let after_counts = after.map(Contribution::of);
        self.counts
            .replace(before_counts.as_ref(), after_counts.as_ref());
        self.seats_taken -= i32::from(before.is_some_and(Registration::holds_seat));
        self.seats_taken += i32::from(after.is_some_and(Registration::holds_seat));
    }

    /// Writes the ledger; the lock is held until the transaction ends.
    pub(in crate::training) fn save(&self, conn: &mut Conn) -> Result<()> {
        let counts =
            serde_json::to_string(&self.counts).map_err(|e| Error::Corrupt(e.to_string()))?;
        diesel::update(counters::table.find(self.session_id))
            .set((
                counters::seats_taken.eq(self.seats_taken),
                counters::last_place.eq(self.last_place),
                counters::counts.eq(counts),
            ))
            .execute(conn)?;
        Ok(())
    }
}

/// Makes the ledger of a new session.
pub(in crate::training) fn insert(conn: &mut Conn, session: SessionId) -> Result<()> {
    let counts =
        serde_json::to_string(&Counts::default()).map_err(|e| Error::Corrupt(e.to_string()))?;
    diesel::insert_into(counters::table)
        .values((
            counters::session_id.eq(session),
            counters::lock_seq.eq(0_i64),
            counters::seats_taken.eq(0),
            counters::last_place.eq(0_i64),
            counters::counts.eq(counts),
        ))
        .execute(conn)?;
    Ok(())
}

/// Locks a session of the office and reads it under the lock.
pub(in crate::training) fn lock(
    conn: &mut Conn,
    (office, eyes): (OfficeId, Eyes),
    id: SessionId,
) -> Result<Option<Locked>> {
    let touched = diesel::update(counters::table.find(id))
        .set(counters::lock_seq.eq(counters::lock_seq + 1))
        .execute(conn)?;
    if touched == 0 {
        return Ok(None);
    }
    let Some(session) = session::find(conn, (office, eyes), id)? else {
        return Ok(None);
    };
    let ledger = load(conn, id)?;
    Ok(Some(Locked { session, ledger }))
}

/// The ledger of a session, as it stands.
pub(in crate::training) fn load(conn: &mut Conn, id: SessionId) -> Result<Ledger> {
    let (seats_taken, last_place, counts): (i32, i64, String) = counters::table
        .find(id)
        .select((
            counters::seats_taken,
            counters::last_place,
            counters::counts,
        ))
        .first(conn)?;
    Ok(Ledger {
        session_id: id,
        seats_taken,
        last_place,
        counts: parse(id, &counts)?,
    })
}

/// The seats taken in a session, as they stand; the counters beside them are not read.
pub(in crate::training) fn seats_taken(conn: &mut Conn, id: SessionId) -> Result<i32> {
    Ok(counters::table
        .find(id)
        .select(counters::seats_taken)
        .first(conn)?)
}

/// The seats taken in many sessions.
pub(in crate::training) fn seats_of(
    conn: &mut Conn,
    ids: &[SessionId],
) -> Result<BTreeMap<SessionId, i32>> {
    let mut found = BTreeMap::new();
    for chunk in ids.chunks(500) {
        let rows: Vec<(SessionId, i32)> = counters::table
            .filter(counters::session_id.eq_any(chunk))
            .select((counters::session_id, counters::seats_taken))
            .load(conn)?;
        found.extend(rows);
    }
    Ok(found)
}

fn parse(id: SessionId, text: &str) -> Result<Counts> {
    serde_json::from_str(text).map_err(|e| Error::Corrupt(format!("counters of {id}: {e}")))
}

/// The counters of many sessions.
pub(in crate::training) fn counts_of(
    conn: &mut Conn,
    ids: &[SessionId],
) -> Result<BTreeMap<SessionId, Ledger>> {
    let mut found = BTreeMap::new();
    for chunk in ids.chunks(500) {
        let rows: Vec<(SessionId, i32, i64, String)> = counters::table
            .filter(counters::session_id.eq_any(chunk))
            .select((
                counters::session_id,
                counters::seats_taken,
                counters::last_place,
                counters::counts,
            ))
            .load(conn)?;
        for (session_id, seats_taken, last_place, counts) in rows {
            let counts = parse(session_id, &counts)?;
            found.insert(
                session_id,
                Ledger {
                    session_id,
                    seats_taken,
                    last_place,
                    counts,
                },
            );
        }
    }
    Ok(found)
}
