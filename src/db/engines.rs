//! The two engines' connections as one type, as diesel derives it.

#![expect(clippy::disallowed_types, reason = "what the derive makes")]

#[cfg(feature = "postgres")]
use diesel::pg::PgConnection;
use diesel::sqlite::SqliteConnection;

/// A connection of either engine; [`super::conn::Conn`] is what the rest of the program holds.
#[derive(diesel::MultiConnection)]
pub enum Engines {
    /// The embedded engine.
    Sqlite(SqliteConnection),
    /// The server engine.
    #[cfg(feature = "postgres")]
    Postgres(PgConnection),
}

/// The backend queries are checked against.
pub type Backend = <Engines as diesel::Connection>::Backend;
