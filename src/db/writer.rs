//! SQLite's single writer: whatever waits becomes one durable commit.
//!
//! Every job runs in a savepoint of its own, so a refusal or a panic ends that job alone; the
//! answers go out only after the commit that holds them. Group commit lets `synchronous=FULL`
//! cost a fraction of a sync per write instead of a whole one.

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};

use diesel::connection::{AnsiTransactionManager, TransactionManager};

use super::conn::Conn;
use super::engines::Engines;
use super::error::Error;

/// What a job leaves to be done once its group is committed, or is not.
pub(super) type Settle = Box<dyn FnOnce(bool) + Send>;
/// One write: runs in its savepoint, and says how to answer.
pub(super) type Job = Box<dyn FnOnce(&mut Conn) -> Settle + Send>;

/// Jobs that may wait; one more is refused as busy.
const QUEUE: usize = 1024;
/// Jobs that share one commit.
const GROUP: usize = 256;

/// How often a group waits, each time for the connection's busy timeout, until it may begin.
const WAITS: usize = 4;

/// The way to the writer thread.
#[derive(Clone)]
pub(super) struct Writer {
    jobs: SyncSender<Job>,
}

impl Writer {
    /// Starts the thread that owns `conn`; it ends when the last handle is dropped.
    pub(super) fn start(conn: Conn) -> std::io::Result<Self> {
        let (jobs, waiting) = sync_channel(QUEUE);
        std::thread::Builder::new()
            .name("writer".into())
            .spawn(move || run(conn, &waiting))?;
        Ok(Self { jobs })
    }

    /// Queues a job.
    pub(super) fn submit(&self, job: Job) -> Result<(), Error> {
        self.jobs.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => Error::Unavailable("the write queue is full".into()),
            TrySendError::Disconnected(_) => Error::Unavailable("the writer has stopped".into()),
        })
    }
}

fn run(mut conn: Conn, waiting: &Receiver<Job>) {
    while let Ok(first) = waiting.recv() {
        let mut settles = Vec::new();
        let begun = begin_patiently(&mut conn);
        if let Err(error) = &begun {
            tracing::error!(%error, "a group of writes could not begin");
        }
        let mut next = Some(first);
        while let Some(job) = next.take() {
            if begun.is_ok() {
                settles.push(job(&mut conn));
            } else {
                // Dropping a job drops its channel: its caller is told that storage is away.
                drop(job);
            }
            if settles.len() < GROUP {
                next = waiting.try_recv().ok();
            }
        }
        let committed = begun.is_ok() && commit(&mut conn);
        for settle in settles {
            settle(committed);
        }
    }
}

/// Begins, also where another process writes to the file for longer than one wait: `keys rotate`
/// and `backup` run beside the service.
fn begin_patiently(conn: &mut Conn) -> Result<(), Error> {
    let mut begun = begin(conn);
    for _ in 1..WAITS {
        match &begun {
            Err(error) if is_busy(error) => {
                tracing::warn!("another process writes to the database");
                begun = begin(conn);
            }
            _ => return begun,
        }
    }
    begun
}

fn is_busy(error: &Error) -> bool {
    use diesel::result::Error as Diesel;
    matches!(error, Error::Statement(Diesel::DatabaseError(_, info))
        if info.message().contains("database is locked"))
}

fn begin(conn: &mut Conn) -> Result<(), Error> {
    match &mut conn.engine {
        Engines::Sqlite(sqlite) => Ok(AnsiTransactionManager::begin_transaction_sql(
            sqlite,
            "BEGIN IMMEDIATE",
        )?),
        #[cfg(feature = "postgres")]
        Engines::Postgres(_) => Err(Error::Unavailable(
            "the writer thread is for SQLite alone".into(),
        )),
    }
}

fn commit(conn: &mut Conn) -> bool {
    type Manager = <Conn as diesel::Connection>::TransactionManager;
    match Manager::commit_transaction(conn) {
        Ok(()) => true,
        Err(error) => {
            tracing::error!(%error, "a group of writes could not be committed");
            // On a full disk the engine may have rolled back by itself; then this fails, too,
            // and the manager must be told that nothing is open.
            if Manager::rollback_transaction(conn).is_err() {
                recover(conn);
            }
            false
        }
    }
}

/// Makes the connection usable again after a failed roll-back.
fn recover(conn: &mut Conn) {
    use diesel::connection::SimpleConnection;
    let _already_closed = conn.batch_execute("ROLLBACK");
    match &mut conn.engine {
        Engines::Sqlite(sqlite) => {
            let status = AnsiTransactionManager::transaction_manager_status_mut(sqlite);
            *status = diesel::connection::TransactionManagerStatus::Valid(
                diesel::connection::ValidTransactionManagerStatus::default(),
            );
        }
        #[cfg(feature = "postgres")]
        Engines::Postgres(_) => {}
    }
}
