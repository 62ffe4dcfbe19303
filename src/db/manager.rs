//! Opens connections by the URL's scheme; nothing else is ever taken for a file name.

use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use diesel::sqlite::SqliteConnection;
use diesel::{Connection, ConnectionError};

use super::conn::Conn;
use super::door::Engine;
use super::engines::Engines;
use super::error::Error;

/// Where the database is.
#[derive(Debug, Clone)]
pub(super) enum Target {
    /// A file.
    Sqlite(PathBuf),
    /// A server.
    #[cfg(feature = "postgres")]
    Postgres(crate::kernel::secret::Secret<String>),
}

/// The file a database URL names, where the engine keeps one.
pub fn file_of(url: &str) -> Option<&Path> {
    url.strip_prefix("sqlite://").map(Path::new)
}

/// Makes the connections of a pool.
#[derive(Debug, Clone)]
pub(super) struct Manager {
    pub(super) target: Target,
}

impl Manager {
    /// Reads a database URL: `sqlite://PATH` or `postgres://…`.
    pub(super) fn parse(url: &str) -> Result<Self, Error> {
        if let Some(path) = file_of(url) {
            if path.as_os_str().is_empty() {
                return Err(Error::Unavailable("sqlite:// needs a path".into()));
            }
            return Ok(Self {
                target: Target::Sqlite(path.into()),
            });
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            #[cfg(feature = "postgres")]
            return Ok(Self {
                target: Target::Postgres(crate::kernel::secret::Secret::new(url.to_owned())),
            });
            #[cfg(not(feature = "postgres"))]
            return Err(Error::Unavailable(
                "a postgres:// URL needs a build with --features postgres".into(),
            ));
        }
        Err(Error::Unavailable(
            "the database URL starts with sqlite:// or postgres://".into(),
        ))
    }

    /// The engine behind it.
    pub(super) fn engine(&self) -> Engine {
        match self.target {
            Target::Sqlite(_) => Engine::Sqlite,
            #[cfg(feature = "postgres")]
            Target::Postgres(_) => Engine::Postgres,
        }
    }

    /// Opens one connection and sets it up.
    pub(super) fn open(&self) -> Result<Conn, Error> {
        match &self.target {
            Target::Sqlite(path) => open_sqlite(path),
            #[cfg(feature = "postgres")]
            Target::Postgres(url) => open_postgres(url.expose()),
        }
    }
}

fn unavailable(error: &ConnectionError) -> Error {
    Error::Unavailable(error.to_string())
}

fn open_sqlite(path: &Path) -> Result<Conn, Error> {
    let text = path
        .to_str()
        .ok_or_else(|| Error::Unavailable("the database path is not UTF-8".into()))?;
    let mut conn = SqliteConnection::establish(text).map_err(|e| unavailable(&e))?;
    // The timeout first: switching to WAL may already have to wait. Every commit is synced; what
    // is brought from the journal into the file is so less often, and many pages once for many
    // commits.
    conn.batch_execute(
        "PRAGMA busy_timeout = 5000;
         PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA wal_autocheckpoint = 4000;
         PRAGMA foreign_keys = ON;
         PRAGMA cache_size = -8000;
         PRAGMA temp_store = MEMORY;
         PRAGMA secure_delete = ON;",
    )?;
    Ok(Conn::new(Engines::Sqlite(conn)))
}

#[cfg(feature = "postgres")]
fn open_postgres(url: &str) -> Result<Conn, Error> {
    let mut conn = diesel::pg::PgConnection::establish(url).map_err(|e| unavailable(&e))?;
    conn.batch_execute(
        "SET TIME ZONE 'UTC'; SET lock_timeout = '5s'; SET statement_timeout = '30s';
         SET idle_in_transaction_session_timeout = '60s'; SET synchronous_commit = on;
         SET client_min_messages = warning;",
    )?;
    Ok(Conn::new(Engines::Postgres(conn)))
}

impl diesel::r2d2::ManageConnection for Manager {
    type Connection = Conn;
    type Error = Error;

    fn connect(&self) -> Result<Conn, Error> {
        self.open()
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<(), Error> {
        Ok(conn.batch_execute("SELECT 1")?)
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        use diesel::r2d2::R2D2Connection;
        std::thread::panicking() || R2D2Connection::is_broken(conn)
    }
}
