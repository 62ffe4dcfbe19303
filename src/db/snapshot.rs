//! A whole database as one file, taken while others write, and put back.

use std::collections::BTreeMap;
use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::sql_types::{BigInt, Text};
use diesel::sqlite::SqliteConnection;
use diesel::{QueryableByName, RunQueryDsl, sql_query};

use super::conn::Conn;
use super::door::Engine;
use super::engines::Engines;
use super::error::Error;
use super::manager::{Manager, Target};

/// Rows by table.
pub type RowCounts = BTreeMap<String, i64>;

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

/// Writes what is committed to `file`, which must not hold anything yet, and asks the same state
/// through `look`. Writers go on meanwhile.
///
/// # Errors
/// When storage fails, or the copy does not pass its own check.
pub fn dump<T>(
    url: &str,
    file: &Path,
    look: impl FnOnce(&mut Conn) -> Result<T, Error>,
) -> Result<T, Error> {
    let manager = Manager::parse(url)?;
    match &manager.target {
        Target::Sqlite(_) => {
            manager
                .open()?
                .batch_execute(&format!("VACUUM INTO '{}'", quoted(file)?))?;
            let mut copy = Manager::parse(&format!("sqlite://{}", file.display()))?.open()?;
            check(&mut copy)?;
            let seen = look(&mut copy)?;
            // One file again: what was put beside it to read it goes.
            copy.batch_execute("PRAGMA journal_mode = DELETE;")?;
            Ok(seen)
        }
        #[cfg(feature = "postgres")]
        Target::Postgres(url) => server::dump(manager.open()?, url.expose(), file, look),
    }
}

/// Fills an empty database from a file that [`dump`] wrote. That of a server is marked first, and
/// nothing works on it until [`finish`].
///
/// # Errors
/// `Refused` when the database holds something already; when storage fails.
pub fn fill(url: &str, file: &Path) -> Result<(), Error> {
    let manager = Manager::parse(url)?;
    match &manager.target {
        Target::Sqlite(path) => {
            if path.exists() {
                return Err(not_empty());
            }
            std::fs::rename(file, path).map_err(|error| Error::Unavailable(error.to_string()))
        }
        #[cfg(feature = "postgres")]
        Target::Postgres(url) => {
            begin(&mut manager.open()?)?;
            server::fill(url.expose(), file)
        }
    }
}

/// The engine a database URL names.
///
/// # Errors
/// When it names none that is compiled in.
pub fn engine(url: &str) -> Result<Engine, Error> {
    Ok(Manager::parse(url)?.engine())
}

/// Opens a database for one command that may take long.
///
/// # Errors
/// When it cannot be opened.
pub fn open(url: &str) -> Result<Conn, Error> {
    Manager::parse(url)?.open()
}

/// How many rows each table has.
///
/// # Errors
/// When storage fails.
pub fn row_counts(conn: &mut Conn) -> Result<RowCounts, Error> {
    let names = tables(conn)?;
    let mut counts = RowCounts::new();
    for name in names {
        // The names are the migrations', never a caller's.
        let query = sql_query(format!("SELECT count(*) AS rows FROM \"{name}\""));
        let count: Count = match &mut conn.engine {
            Engines::Sqlite(conn) => query.get_result(conn)?,
            #[cfg(feature = "postgres")]
            Engines::Postgres(conn) => query.get_result(conn)?,
        };
        counts.insert(name, count.rows);
    }
    Ok(counts)
}

/// The tables there are.
pub(super) fn tables(conn: &mut Conn) -> Result<Vec<String>, Error> {
    let mut names = all_tables(conn)?;
    names.retain(|name| name != UNFINISHED);
    Ok(names)
}

fn all_tables(conn: &mut Conn) -> Result<Vec<String>, Error> {
    let names = match &mut conn.engine {
        Engines::Sqlite(conn) => sql_query(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        )
        .load::<Name>(conn)?,
        #[cfg(feature = "postgres")]
        Engines::Postgres(conn) => sql_query(
            "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = current_schema()",
        )
        .load::<Name>(conn)?,
    };
    Ok(names.into_iter().map(|Name { name }| name).collect())
}

/// The table that says a restore into the database began and has not ended. It is no migration's,
/// and nothing of what was saved.
const UNFINISHED: &str = "restore_unfinished";

/// Refuses a database that a restore was filling when it ended: what is in it was not checked, and
/// logins that were revoked since would go on.
pub(super) fn refuse_unfinished(conn: &mut Conn) -> Result<(), Error> {
    if all_tables(conn)?.iter().any(|name| name == UNFINISHED) {
        return Err(Error::Refused(
            "a restore into this database did not end: drop it, create it empty, restore again"
                .into(),
        ));
    }
    Ok(())
}

/// Marks an empty database, under the lock of migrations, so that nothing else fills it meanwhile.
#[cfg(feature = "postgres")]
fn begin(conn: &mut Conn) -> Result<(), Error> {
    use diesel::Connection as _;
    conn.transaction(|conn| {
        conn.batch_execute("SELECT pg_advisory_xact_lock(72707369)")?;
        if !tables(conn)?.is_empty() {
            refuse_unfinished(conn)?;
            return Err(not_empty());
        }
        Ok(conn.batch_execute(&format!("CREATE TABLE IF NOT EXISTS {UNFINISHED} ()"))?)
    })
}

/// Says that a restore ended well: the database may be used.
///
/// # Errors
/// When storage fails.
pub fn finish(url: &str) -> Result<(), Error> {
    Ok(open(url)?.batch_execute(&format!("DROP TABLE IF EXISTS {UNFINISHED}"))?)
}

/// Refuses a damaged file. A server checks its own pages.
///
/// # Errors
/// `Corrupt`, naming the first thing that is wrong.
pub fn check(conn: &mut Conn) -> Result<(), Error> {
    match &mut conn.engine {
        Engines::Sqlite(conn) => check_file(conn),
        #[cfg(feature = "postgres")]
        Engines::Postgres(_) => Ok(()),
    }
}

fn check_file(conn: &mut SqliteConnection) -> Result<(), Error> {
    let found = sql_query("SELECT integrity_check AS name FROM pragma_integrity_check LIMIT 1")
        .load::<Name>(conn)?;
    let said = found.first().map_or("nothing", |row| row.name.as_str());
    if said != "ok" {
        return Err(Error::Corrupt(format!("integrity check: {said}")));
    }
    let loose = sql_query("SELECT \"table\" AS name FROM pragma_foreign_key_check LIMIT 1")
        .load::<Name>(conn)?;
    match loose.first() {
        Some(row) => Err(Error::Corrupt(format!(
            "a row of {} points nowhere",
            row.name
        ))),
        None => Ok(()),
    }
}

fn quoted(file: &Path) -> Result<String, Error> {
    let text = file.to_str();
    let text = text.ok_or_else(|| Error::Unavailable("the path is not UTF-8".into()))?;
    Ok(text.replace('\'', "''"))
}

fn not_empty() -> Error {
    Error::Refused("the database is not empty: only an empty place is restored into".into())
}

#[cfg(feature = "postgres")]
mod server {
    //! By the server's own tools, of its version or later.

    use std::path::Path;
    use std::process::{Command, Stdio};

    use diesel::connection::SimpleConnection;
    use diesel::sql_query;
    use diesel::{Connection, RunQueryDsl};

    use super::{Conn, Engines, Error, Name};

    pub(super) fn dump<T>(
        mut conn: Conn,
        url: &str,
        file: &Path,
        look: impl FnOnce(&mut Conn) -> Result<T, Error>,
    ) -> Result<T, Error> {
        conn.batch_execute(
            "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0;",
        )?;
        conn.transaction(|conn| {
            conn.batch_execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
            let snapshot = match &mut conn.engine {
                Engines::Postgres(conn) => {
                    sql_query("SELECT pg_export_snapshot() AS name").get_result::<Name>(conn)?
                }
                Engines::Sqlite(_) => return Err(Error::Unavailable("not a server".into())),
            };
            let seen = look(conn)?;
            let mut dump = tool("pg_dump", url)?;
            dump.args(["--format=custom", "--no-owner", "--no-privileges"])
                .arg(format!("--snapshot={}", snapshot.name))
                .arg("--file")
                .arg(file);
            run(dump).map(|()| seen)
        })
    }

    pub(super) fn fill(url: &str, file: &Path) -> Result<(), Error> {
        let mut restore = tool("pg_restore", url)?;
        restore
            .args(["--no-owner", "--no-privileges", "--exit-on-error"])
            .arg("--single-transaction")
            .arg(file);
        run(restore)
    }

    /// A tool that is told where the database is; the password goes by the environment, since
    /// everybody on the machine can read a command line.
    fn tool(name: &str, url: &str) -> Result<Command, Error> {
        let mut bare =
            url::Url::parse(url).map_err(|_e| Error::Unavailable("DATABASE_URL".into()))?;
        let password = bare.password().map(|raw| {
            percent_encoding::percent_decode_str(raw)
                .decode_utf8_lossy()
                .into_owned()
        });
        // A URL without a password takes none; nothing is lost.
        let _set = bare.set_password(None);
        let mut command = Command::new(name);
        if let Some(password) = password {
            command.env("PGPASSWORD", password);
        }
        command.arg(format!("--dbname={bare}")).stdin(Stdio::null());
        Ok(command)
    }

    fn run(mut command: Command) -> Result<(), Error> {
        let name = command.get_program().to_string_lossy().into_owned();
        let done = command.output().map_err(|error| {
            Error::Unavailable(format!(
                "{name}: {error}; it comes with PostgreSQL's client package"
            ))
        })?;
        if done.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&done.stderr);
        let first = said.lines().next().unwrap_or_default();
        Err(Error::Unavailable(format!("{name}: {first}")))
    }
}
