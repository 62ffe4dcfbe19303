//! The doors to storage: two, and a hatch for short reads.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use diesel::Connection;
use diesel::connection::TransactionManager;
use diesel::r2d2::Pool;

use super::conn::Conn;
use super::error::{Error, Failure};
use super::manager::Manager;
use super::writer::{Settle, Writer};

/// Which engine a database runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// The embedded engine.
    Sqlite,
    /// The server engine.
    Postgres,
}

impl Engine {
    /// What it is called in manifests and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// How a database is opened.
#[derive(Debug, Clone)]
pub struct DbConfig {
    /// `sqlite://PATH` or `postgres://…`.
    pub url: String,
    /// Connections for reading (and on PostgreSQL for writing).
    pub pool_size: u32,
}

/// A handle to the database; cheap to clone.
#[derive(Clone)]
pub struct Db {
    pool: Pool<Manager>,
    writer: Option<Writer>,
    engine: Engine,
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Db({:?})", self.engine)
    }
}

/// How long a request waits for a connection before it is told to come back.
const POOL_WAIT: Duration = Duration::from_secs(2);
/// How often a transaction that lost a race is run again.
const ATTEMPTS: usize = 8;

impl Db {
    /// Opens the database and checks that it answers.
    ///
    /// # Errors
    /// When the URL is not understood or the engine does not answer.
    pub fn open(config: &DbConfig) -> Result<Self, Error> {
        let manager = Manager::parse(&config.url)?;
        let engine = manager.engine();
        let writer = match engine {
            Engine::Sqlite => {
                let conn = manager.open()?;
                let started = Writer::start(conn);
                Some(started.map_err(|e| Error::Unavailable(e.to_string()))?)
            }
            Engine::Postgres => None,
        };
        let pool = Pool::builder()
            .max_size(config.pool_size)
            .min_idle(Some(1))
            .test_on_check_out(false)
            .connection_timeout(POOL_WAIT)
            .build(manager)
            .map_err(|e| Error::Unavailable(e.to_string()))?;
        Ok(Self {
            pool,
            writer,
            engine,
        })
    }

    /// The engine behind it.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Runs `f` in a read transaction, off the event loop.
    ///
    /// # Errors
    /// What `f` returns, or that storage failed.
    pub async fn read<T, E, F>(&self, f: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure + Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    {
        let db = self.clone();
        blocking(move || db.read_now(f)).await?
    }

    /// Runs `f`, which reads a few rows by an index, in a read transaction. On SQLite that is done
    /// where it is asked for: the way to another thread and back costs more than such a read.
    /// Where no connection is free, or a server is asked, it is [`Db::read`].
    ///
    /// # Errors
    /// As for [`Db::read`].
    pub async fn glance<T, E, F>(&self, f: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure + Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    {
        if self.engine == Engine::Sqlite
            && let Some(mut conn) = self.pool.try_get()
        {
            return in_transaction(&mut conn, f);
        }
        self.read(f).await
    }

    /// Runs `f` in a write transaction; it answers once that is durable. `f` may run again when
    /// the transaction lost a race.
    ///
    /// # Errors
    /// What `f` returns, or that storage failed; in both cases nothing is written.
    pub async fn write<T, E, F>(&self, f: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure + Send + 'static,
        F: FnMut(&mut Conn) -> Result<T, E> + Send + 'static,
    {
        if let Some(writer) = &self.writer {
            let (send, receive) = tokio::sync::oneshot::channel();
            submit(writer, f, move |answer| drop(send.send(answer)))?;
            return receive.await.map_err(|_gone| stopped())?;
        }
        let db = self.clone();
        blocking(move || db.write_now(f)).await?
    }

    /// [`Db::read`] for threads that may block.
    ///
    /// # Errors
    /// As for [`Db::read`].
    pub fn read_now<T, E, F>(&self, f: F) -> Result<T, E>
    where
        E: Failure,
        F: FnOnce(&mut Conn) -> Result<T, E>,
    {
        let mut conn = self.checkout()?;
        // One transaction, so that a page, its total and what is embedded are of one moment.
        in_transaction(&mut conn, f)
    }

    /// [`Db::write`] for threads that may block.
    ///
    /// # Errors
    /// As for [`Db::write`].
    pub fn write_now<T, E, F>(&self, mut f: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure + Send + 'static,
        F: FnMut(&mut Conn) -> Result<T, E> + Send + 'static,
    {
        if let Some(writer) = &self.writer {
            let (send, receive) = std::sync::mpsc::channel();
            submit(writer, f, move |answer| drop(send.send(answer)))?;
            return receive.recv().map_err(|_gone| stopped())?;
        }
        let mut attempt = 1;
        loop {
            let mut conn = self.checkout()?;
            match in_transaction(&mut conn, |conn| f(conn)) {
                Err(error) if error.is_retryable() && attempt < ATTEMPTS => attempt += 1,
                answer => return answer,
            }
        }
    }

    fn checkout(&self) -> Result<diesel::r2d2::PooledConnection<Manager>, Error> {
        self.pool
            .get()
            .map_err(|e| Error::Unavailable(e.to_string()))
    }

    /// Brings SQLite's journal into its file and empties it: what was overwritten or deleted is in
    /// neither afterwards, unless somebody reads a state of before for longer than one wait. A
    /// server keeps its own journal.
    ///
    /// # Errors
    /// When storage fails.
    pub fn empty_journal(&self) -> Result<(), Error> {
        use diesel::connection::SimpleConnection;
        match self.engine {
            Engine::Sqlite => {
                let mut conn = self.checkout()?;
                Ok(conn.batch_execute("PRAGMA wal_checkpoint(TRUNCATE);")?)
            }
            Engine::Postgres => Ok(()),
        }
    }

    /// Whether the engine answers now.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), Error> {
        use diesel::connection::SimpleConnection;
        self.read(|conn| Ok(conn.batch_execute("SELECT 1")?)).await
    }
}

fn stopped() -> Error {
    Error::Unavailable("the write did not begin".into())
}

/// Runs blocking work on the pool made for it.
#[expect(
    clippy::disallowed_methods,
    reason = "the door to storage hides the hop"
)]
async fn blocking<T, F>(f: F) -> Result<T, Error>
where
    T: Send + 'static,
    F: FnOnce() -> T + Send + 'static,
{
    tokio::task::spawn_blocking(f)
        .await
        .map_err(|_panicked| Error::Panicked)
}

/// Begins, runs and ends a transaction, or a savepoint where one is open. A panic rolls back.
fn in_transaction<T, E, F>(conn: &mut Conn, f: F) -> Result<T, E>
where
    E: Failure,
    F: FnOnce(&mut Conn) -> Result<T, E>,
{
    type Manager = <Conn as Connection>::TransactionManager;
    let outside = depth(conn);
    Manager::begin_transaction(conn).map_err(Error::from)?;
    let answer = catch_unwind(AssertUnwindSafe(|| f(conn)))
        .unwrap_or_else(|_panic| Err(Error::Panicked.into()));
    match answer {
        Ok(value) => {
            Manager::commit_transaction(conn).map_err(Error::from)?;
            Ok(value)
        }
        Err(error) => {
            // A panic may have left savepoints open inside.
            while depth(conn) > outside {
                if let Err(failed) = Manager::rollback_transaction(conn) {
                    tracing::error!(error = %failed, "a roll-back failed");
                    break;
                }
            }
            Err(error)
        }
    }
}

/// How many transactions and savepoints are open.
fn depth(conn: &mut Conn) -> u32 {
    let status = Conn::transaction_manager_status_mut(conn);
    let depth = status.transaction_depth().ok().flatten();
    depth.map_or(0, std::num::NonZeroU32::get)
}

fn submit<T, E, F>(
    writer: &Writer,
    mut f: F,
    answer_to: impl FnOnce(Result<T, E>) + Send + 'static,
) -> Result<(), Error>
where
    T: Send + 'static,
    E: Failure + Send + 'static,
    F: FnMut(&mut Conn) -> Result<T, E> + Send + 'static,
{
    writer.submit(Box::new(move |conn: &mut Conn| -> Settle {
        let answer = in_transaction(conn, |conn| f(conn));
        Box::new(move |committed| {
            answer_to(match answer {
                Ok(_) if !committed => {
                    Err(Error::Unavailable("the write was not committed".into()).into())
                }
                answer => answer,
            });
        })
    }))
}

#[cfg(test)]
mod tests {
    use diesel::RunQueryDsl;
    use diesel::connection::SimpleConnection;
    use diesel::sql_types::BigInt;

    use super::*;

    fn rows(conn: &mut Conn) -> Result<i64, Error> {
        let count = diesel::dsl::sql::<BigInt>("SELECT count(*) FROM kept");
        Ok(count.get_result(conn)?)
    }

    #[test]
    fn a_panic_in_a_savepoint_ends_its_job_alone() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("kept.db").display());
        let db = Db::open(&DbConfig { url, pool_size: 1 }).unwrap();
        let run =
            |sql: &'static str| db.write_now(move |conn| Ok::<_, Error>(conn.batch_execute(sql)?));
        run("CREATE TABLE kept (id INTEGER) STRICT").unwrap();
        let fell = db.write_now(|conn| {
            conn.batch_execute("INSERT INTO kept VALUES (1)")?;
            conn.transaction::<(), Error, _>(|_conn| panic!("on purpose"))
        });
        assert!(matches!(fell, Err(Error::Panicked)), "{fell:?}");
        run("INSERT INTO kept VALUES (2)").unwrap();
        // Another connection sees what is committed, and nothing else.
        assert_eq!(db.read_now(rows).unwrap(), 1);
    }
}
