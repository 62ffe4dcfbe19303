//! Migrations, embedded for both engines.

use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::conn::Conn;
use super::engines::Engines;
use super::error::Error;
use super::snapshot;

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
#[cfg(feature = "postgres")]
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Where the migrations that were run are noted.
const LEDGER: &str = "__diesel_schema_migrations";

/// Key of the advisory lock that lets one process migrate at a time.
#[cfg(feature = "postgres")]
const MIGRATION_LOCK: &str = "SELECT pg_advisory_lock(72707369)";

/// Brings the schema of a database up to date, on a connection of its own: the lock that lets one
/// process migrate must outlive the transactions of its migrations.
///
/// # Errors
/// As for [`migrate`], and when the database cannot be opened.
pub fn migrate_at(url: &str) -> Result<Vec<String>, Error> {
    migrate(&mut super::manager::Manager::parse(url)?.open()?)
}

/// Brings the schema up to date and returns the names of the migrations it ran.
///
/// # Errors
/// When a migration fails, the database is newer than this program, or it is another's.
pub fn migrate(conn: &mut Conn) -> Result<Vec<String>, Error> {
    snapshot::refuse_unfinished(conn)?;
    bring_up(conn)
}

/// How a database stands to this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nothing is in it.
    Empty,
    /// Migrations are to be run.
    Behind,
    /// It is up to date.
    Current,
}

/// How a database stands to this program; nothing is run.
///
/// # Errors
/// When the database is newer than this program, another's, or half restored.
pub fn standing(url: &str) -> Result<Standing, Error> {
    let mut conn = super::manager::Manager::parse(url)?.open()?;
    snapshot::refuse_unfinished(&mut conn)?;
    refuse_foreign(&mut conn)?;
    if snapshot::tables(&mut conn)?.is_empty() {
        return Ok(Standing::Empty);
    }
    let pending = match &mut conn.engine {
        Engines::Sqlite(conn) => pending(conn, &SQLITE)?,
        #[cfg(feature = "postgres")]
        Engines::Postgres(conn) => pending(conn, &POSTGRES)?,
    };
    Ok(if pending == 0 {
        Standing::Current
    } else {
        Standing::Behind
    })
}

/// [`migrate`] for a restore, whose database is marked until it was checked.
///
/// # Errors
/// As for [`migrate`].
pub fn bring_up(conn: &mut Conn) -> Result<Vec<String>, Error> {
    refuse_foreign(conn)?;
    match &mut conn.engine {
        Engines::Sqlite(conn) => run(conn, SQLITE),
        #[cfg(feature = "postgres")]
        Engines::Postgres(conn) => {
            use diesel::connection::SimpleConnection;
            conn.batch_execute(MIGRATION_LOCK)?;
            let ran = run(conn, POSTGRES);
            conn.batch_execute("SELECT pg_advisory_unlock(72707369)")?;
            ran
        }
    }
}

/// Refuses a database that holds something, but nothing of ours: a wrong name in a setting must not
/// fill somebody else's.
fn refuse_foreign(conn: &mut Conn) -> Result<(), Error> {
    let tables = snapshot::tables(conn)?;
    if tables.is_empty() || tables.iter().any(|name| name == LEDGER) {
        return Ok(());
    }
    Err(Error::Refused(
        "the database holds tables of another program: name one that is empty".into(),
    ))
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "what diesel hands to map_err"
)]
fn failed(error: Box<dyn std::error::Error + Send + Sync>) -> Error {
    Error::Unavailable(format!("migration: {error}"))
}

fn run<DB, C>(conn: &mut C, source: EmbeddedMigrations) -> Result<Vec<String>, Error>
where
    DB: diesel::backend::Backend,
    C: MigrationHarness<DB>,
    EmbeddedMigrations: diesel::migration::MigrationSource<DB>,
{
    pending(conn, &source)?;
    let ran = conn.run_pending_migrations(source).map_err(failed)?;
    Ok(ran.iter().map(ToString::to_string).collect())
}

/// How many migrations are to be run; refuses a database with one that is not known.
fn pending<DB, C>(conn: &mut C, source: &EmbeddedMigrations) -> Result<usize, Error>
where
    DB: diesel::backend::Backend,
    C: MigrationHarness<DB>,
    EmbeddedMigrations: diesel::migration::MigrationSource<DB>,
{
    use diesel::migration::MigrationSource;
    let known: Vec<String> = MigrationSource::<DB>::migrations(source)
        .map_err(failed)?
        .iter()
        .map(|migration| migration.name().version().to_string())
        .collect();
    let applied = conn.applied_migrations().map_err(failed)?;
    if let Some(newer) = applied
        .iter()
        .find(|version| !known.contains(&version.to_string()))
    {
        return Err(Error::Refused(format!(
            "the database has migration {newer}, which this program does not know: \
             start the newer program"
        )));
    }
    Ok(known.len().saturating_sub(applied.len()))
}
