//! The connection to either engine.

#![expect(
    missing_docs,
    clippy::disallowed_types,
    reason = "what the derive makes"
)]

#[cfg(feature = "postgres")]
use diesel::pg::PgConnection;
use diesel::sqlite::SqliteConnection;

/// A connection to the configured engine; queries are written once against it.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// The embedded engine.
    Sqlite(SqliteConnection),
    /// The server engine.
    #[cfg(feature = "postgres")]
    Postgres(PgConnection),
}

impl std::fmt::Debug for Conn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Conn")
    }
}

/// The backend queries are checked against.
pub type Backend = <Conn as diesel::Connection>::Backend;
