//! The two engines' connections as one type, as diesel derives it.

#![expect(clippy::disallowed_types, reason = "what the derive makes")]

#[cfg(feature = "postgres")]
use diesel::pg::{Pg, PgConnection, PgQueryBuilder};
use diesel::sqlite::{Sqlite, SqliteConnection, SqliteQueryBuilder};

use super::statement::{Binds, Builder, Own, OwnBinds};

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

impl Own for SqliteConnection {
    fn backend() -> Backend {
        Backend::Sqlite(Sqlite)
    }

    fn builder() -> Builder {
        Builder::Sqlite(SqliteQueryBuilder::default())
    }

    fn binds<'a>() -> Binds<'a> {
        Binds::Sqlite(OwnBinds::<Self>::default())
    }

    fn own_binds(binds: Binds<'_>) -> Option<OwnBinds<'_, Self>> {
        match binds {
            Binds::Sqlite(own) => Some(own),
            #[cfg(feature = "postgres")]
            Binds::Postgres(_) => None,
        }
    }
}

#[cfg(feature = "postgres")]
impl Own for PgConnection {
    fn backend() -> Backend {
        Backend::Postgres(Pg)
    }

    fn builder() -> Builder {
        Builder::Postgres(PgQueryBuilder::default())
    }

    fn binds<'a>() -> Binds<'a> {
        Binds::Postgres(OwnBinds::<Self>::default())
    }

    fn own_binds(binds: Binds<'_>) -> Option<OwnBinds<'_, Self>> {
        match binds {
            Binds::Postgres(own) => Some(own),
            Binds::Sqlite(_) => None,
        }
    }
}
