//! The only per-engine SQL: violated constraints, locks, the lease clock.

#[cfg(feature = "postgres")]
use diesel::RunQueryDsl;
use diesel::result::{DatabaseErrorKind, Error as Diesel};

use super::conn::Conn;
use super::engines::Engines;
use super::error::Error;
use crate::kernel::{Clock, Timestamp};

/// The name of the unique constraint an error violated, `uq_<table>_<columns>` on both engines.
pub fn violated_unique(error: &Diesel) -> Option<String> {
    let Diesel::DatabaseError(DatabaseErrorKind::UniqueViolation, info) = error else {
        return None;
    };
    if let Some(name) = info.constraint_name() {
        return Some(name.to_owned());
    }
    // SQLite: `UNIQUE constraint failed: users.email` or `…: a.x, a.y`.
    let columns = info.message().rsplit_once(": ")?.1;
    let mut name = String::from("uq");
    for (index, column) in columns.split(", ").enumerate() {
        let (table, column) = column.split_once('.')?;
        if index == 0 {
            name.push('_');
            name.push_str(table);
        }
        name.push('_');
        name.push_str(column);
    }
    Some(name)
}

/// Whether an error says that rows which exclude each other overlap: an exclusion constraint
/// `ex_<table>_<column>` on PostgreSQL, triggers of that name on SQLite.
pub fn violated_exclusion(error: &Diesel) -> bool {
    let Diesel::DatabaseError(_, info) = error else {
        return false;
    };
    let is_excluded = |name: &str| name.starts_with("ex_");
    info.constraint_name().is_some_and(is_excluded) || info.message().ends_with("-overlap")
}

#[derive(diesel::QueryableByName)]
#[cfg(feature = "postgres")]
struct Micros {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    micros: i64,
}

/// The clock leases are measured by: the server's, which all processes share. SQLite's only
/// process has its own.
///
/// # Errors
/// When storage fails.
pub fn lease_now(conn: &mut Conn, clock: &Clock) -> Result<Timestamp, Error> {
    match &mut conn.engine {
        Engines::Sqlite(_) => Ok(clock.now()),
        #[cfg(feature = "postgres")]
        Engines::Postgres(conn) => {
            let row: Micros = diesel::sql_query(
                "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS micros",
            )
            .get_result(conn)?;
            Timestamp::from_micros(row.micros)
                .ok_or_else(|| Error::Corrupt("the server's clock".into()))
        }
    }
}

/// Bounds how long the next statements wait for a lock another transaction holds.
///
/// # Errors
/// When storage fails.
#[cfg_attr(
    not(feature = "postgres"),
    expect(unused_variables, reason = "nothing waits")
)]
pub fn wait_for_locks(conn: &mut Conn, milliseconds: u32) -> Result<(), Error> {
    match &mut conn.engine {
        // Its writer thread runs one job after another: nothing waits on locks.
        Engines::Sqlite(_) => Ok(()),
        #[cfg(feature = "postgres")]
        Engines::Postgres(conn) => {
            use diesel::connection::SimpleConnection;
            Ok(conn.batch_execute(&format!("SET LOCAL lock_timeout = {milliseconds}"))?)
        }
    }
}

/// Whether an error says that a lock was not had in time.
pub fn is_lock_timeout(error: &Error) -> bool {
    matches!(error, Error::Statement(Diesel::DatabaseError(_, info))
        if info.message().contains("lock timeout"))
}

/// Takes the one advisory lock of a name for this transaction, so that one process alone does
/// a piece of work. SQLite has one process.
///
/// # Errors
/// When storage fails.
#[cfg_attr(
    not(feature = "postgres"),
    expect(unused_variables, reason = "one process")
)]
pub fn lock_named(conn: &mut Conn, key: i64) -> Result<(), Error> {
    match &mut conn.engine {
        Engines::Sqlite(_) => Ok(()),
        #[cfg(feature = "postgres")]
        Engines::Postgres(conn) => {
            diesel::sql_query("SELECT pg_advisory_xact_lock($1)")
                .bind::<diesel::sql_types::BigInt, _>(key)
                .execute(conn)?;
            Ok(())
        }
    }
}

/// Shares the advisory lock of a name until this transaction ends: whoever takes it alone waits.
/// SQLite writes one transaction after another.
///
/// # Errors
/// When storage fails.
#[cfg_attr(
    not(feature = "postgres"),
    expect(unused_variables, reason = "one writer")
)]
pub fn share_named(conn: &mut Conn, key: i64) -> Result<(), Error> {
    match &mut conn.engine {
        Engines::Sqlite(_) => Ok(()),
        #[cfg(feature = "postgres")]
        Engines::Postgres(conn) => {
            diesel::sql_query("SELECT pg_advisory_xact_lock_shared($1)")
                .bind::<diesel::sql_types::BigInt, _>(key)
                .execute(conn)?;
            Ok(())
        }
    }
}
