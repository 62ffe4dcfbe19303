//! Counters of tries, exact however many come at once.

use chrono::TimeDelta;
use diesel::prelude::*;

use crate::db::schema::throttles;
use crate::db::{self, Conn, dialect};
use crate::kernel::Timestamp;

/// At most so many uses in so long.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Quota {
    pub(crate) uses: i32,
    pub(crate) window: TimeDelta,
}

/// Counts one use; `Err` holds when the next counts again.
pub(crate) fn count(
    conn: &mut Conn,
    now: Timestamp,
    name: &str,
    quota: Quota,
) -> db::Result<Result<(), Timestamp>> {
    // Two rounds: whoever loses the race to make the row finds it in the second.
    for _round in 0..2 {
        if bump(conn, now, name, quota)? {
            return Ok(Ok(()));
        }
        let from: Option<Timestamp> = throttles::table
            .filter(throttles::name.eq(name))
            .select(throttles::window_from)
            .first(conn)
            .optional()?;
        if let Some(from) = from {
            return Ok(Err(from.plus(quota.window)));
        }
        if begin(conn, now, name)? {
            return Ok(Ok(()));
        }
    }
    Ok(Err(now.plus(quota.window)))
}

fn bump(conn: &mut Conn, now: Timestamp, name: &str, quota: Quota) -> db::Result<bool> {
    let edge = now.minus(quota.window);
    let open = throttles::table
        .filter(throttles::name.eq(name))
        .filter(throttles::window_from.gt(edge))
        .filter(throttles::uses.lt(quota.uses));
    let counted = diesel::update(open)
        .set(throttles::uses.eq(throttles::uses + 1))
        .execute(conn)?;
    if counted == 1 {
        return Ok(true);
    }
    let past = throttles::table
        .filter(throttles::name.eq(name))
        .filter(throttles::window_from.le(edge));
    let renewed = diesel::update(past)
        .set((throttles::window_from.eq(now), throttles::uses.eq(1)))
        .execute(conn)?;
    Ok(renewed == 1)
}

fn begin(conn: &mut Conn, now: Timestamp, name: &str) -> db::Result<bool> {
    // A savepoint: a lost race must not end the whole transaction.
    let made: db::Result<usize> = conn.transaction(|conn| {
        Ok(diesel::insert_into(throttles::table)
            .values((
                throttles::name.eq(name),
                throttles::window_from.eq(now),
                throttles::uses.eq(1),
            ))
            .execute(conn)?)
    });
    match made {
        Ok(_) => Ok(true),
        Err(db::Error::Statement(error)) if dialect::violated_unique(&error).is_some() => Ok(false),
        Err(error) => Err(error),
    }
}

/// Forgets a counter.
pub(crate) fn clear(conn: &mut Conn, name: &str) -> db::Result<()> {
    diesel::delete(throttles::table.filter(throttles::name.eq(name))).execute(conn)?;
    Ok(())
}

/// Forgets every counter whose window began before `before`.
pub(crate) fn sweep(conn: &mut Conn, before: Timestamp) -> db::Result<usize> {
    Ok(diesel::delete(throttles::table.filter(throttles::window_from.lt(before))).execute(conn)?)
}
