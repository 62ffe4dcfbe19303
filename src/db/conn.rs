//! The connection to either engine.

use std::any::{Any, TypeId};
use std::collections::BTreeMap;
use std::sync::Arc;

#[cfg(feature = "postgres")]
use diesel::connection::AnsiTransactionManager;
use diesel::connection::{
    Connection, DefaultLoadingMode, LoadConnection, SimpleConnection, TransactionManager,
};
use diesel::internal::derives::multiconnection::ConnectionSealed;
#[cfg(feature = "postgres")]
use diesel::pg::PgConnection;
use diesel::query_builder::{Query, QueryFragment, QueryId};
use diesel::sqlite::SqliteConnection;
use diesel::{ConnectionResult, QueryResult};

use super::border;
use super::engines::{Backend, Engines};
use super::statement::{Known, Statement};

/// A connection to the configured engine; queries are written once against it.
///
/// It gives each statement to the connection of the engine itself: the `statement` module says how.
pub struct Conn {
    /// The connection of the engine itself.
    pub(super) engine: Engines,
    known: Known,
    /// What was last read out of a row, by its type.
    kept: BTreeMap<TypeId, Box<dyn Any + Send>>,
}

impl Conn {
    /// Wraps a connection of one engine.
    pub fn new(engine: Engines) -> Self {
        Self {
            engine,
            known: Known::default(),
            kept: BTreeMap::new(),
        }
    }

    /// What `read` makes of a row; made once as long as the row is the same. For what costs more to
    /// read out of its row than the row costs to load, and changes seldom.
    ///
    /// # Errors
    /// What `read` fails with.
    pub fn keep<R, T, E>(
        &mut self,
        row: R,
        read: impl FnOnce(&R) -> Result<T, E>,
    ) -> Result<Arc<T>, E>
    where
        R: PartialEq + Send + 'static,
        T: Send + Sync + 'static,
    {
        let kept = self.kept.get(&TypeId::of::<(R, T)>());
        let kept = kept.and_then(|kept| kept.downcast_ref::<(R, Arc<T>)>());
        if let Some((_, made)) = kept.filter(|(before, _)| *before == row) {
            return Ok(Arc::clone(made));
        }
        let made = Arc::new(read(&row)?);
        let entry = Box::new((row, Arc::clone(&made)));
        self.kept.insert(TypeId::of::<(R, T)>(), entry);
        Ok(made)
    }
}

impl std::fmt::Debug for Conn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Conn")
    }
}

impl ConnectionSealed for Conn {}

impl SimpleConnection for Conn {
    fn batch_execute(&mut self, query: &str) -> QueryResult<()> {
        self.engine.batch_execute(query)
    }
}

impl Connection for Conn {
    type Backend = Backend;
    type TransactionManager = Self;

    /// Refuses: what a URL means is the manager's to say, and SQLite would take any text
    /// for the name of a file.
    fn establish(_url: &str) -> ConnectionResult<Self> {
        Err(diesel::ConnectionError::InvalidConnectionUrl(
            "connections come from the pool".into(),
        ))
    }

    fn execute_returning_count<T>(&mut self, source: &T) -> QueryResult<usize>
    where
        T: QueryFragment<Backend> + QueryId,
    {
        let known = &mut self.known;
        match &mut self.engine {
            Engines::Sqlite(conn) => {
                conn.execute_returning_count(&Statement::<_, SqliteConnection>::new(source, known))
            }
            #[cfg(feature = "postgres")]
            Engines::Postgres(conn) => {
                conn.execute_returning_count(&Statement::<_, PgConnection>::new(source, known))
            }
        }
    }

    fn transaction_state(
        &mut self,
    ) -> &mut <Self::TransactionManager as TransactionManager<Self>>::TransactionStateData {
        self
    }

    fn instrumentation(&mut self) -> &mut dyn diesel::connection::Instrumentation {
        self.engine.instrumentation()
    }

    fn set_instrumentation(&mut self, instrumentation: impl diesel::connection::Instrumentation) {
        self.engine.set_instrumentation(instrumentation);
    }

    fn set_prepared_statement_cache_size(&mut self, size: diesel::connection::CacheSize) {
        self.engine.set_prepared_statement_cache_size(size);
    }
}

type Cursor<'conn, 'query> = <Engines as LoadConnection>::Cursor<'conn, 'query>;

impl LoadConnection for Conn {
    type Cursor<'conn, 'query> = Cursor<'conn, 'query>;
    type Row<'conn, 'query> = <Engines as LoadConnection>::Row<'conn, 'query>;

    fn load<'conn, 'query, T>(
        &'conn mut self,
        source: T,
    ) -> QueryResult<Self::Cursor<'conn, 'query>>
    where
        T: Query + QueryFragment<Backend> + QueryId + 'query,
        Backend: diesel::expression::QueryMetadata<T::SqlType>,
    {
        let known = &mut self.known;
        match &mut self.engine {
            Engines::Sqlite(conn) => {
                let statement = Statement::<_, SqliteConnection>::new(source, known);
                Ok(Cursor::Sqlite(LoadConnection::<DefaultLoadingMode>::load(
                    conn, statement,
                )?))
            }
            #[cfg(feature = "postgres")]
            Engines::Postgres(conn) => {
                let statement = Statement::<_, PgConnection>::new(source, known);
                Ok(Cursor::Postgres(
                    LoadConnection::<DefaultLoadingMode>::load(conn, statement)?,
                ))
            }
        }
    }
}

impl TransactionManager<Self> for Conn {
    type TransactionStateData = Self;

    fn begin_transaction(conn: &mut Self) -> QueryResult<()> {
        match &mut conn.engine {
            Engines::Sqlite(conn) => border::begin(conn),
            #[cfg(feature = "postgres")]
            Engines::Postgres(conn) => AnsiTransactionManager::begin_transaction(conn),
        }
    }

    fn rollback_transaction(conn: &mut Self) -> QueryResult<()> {
        Engines::rollback_transaction(&mut conn.engine)
    }

    fn commit_transaction(conn: &mut Self) -> QueryResult<()> {
        match &mut conn.engine {
            Engines::Sqlite(conn) => border::commit(conn),
            #[cfg(feature = "postgres")]
            Engines::Postgres(conn) => AnsiTransactionManager::commit_transaction(conn),
        }
    }

    fn transaction_manager_status_mut(
        conn: &mut Self,
    ) -> &mut diesel::connection::TransactionManagerStatus {
        Engines::transaction_manager_status_mut(&mut conn.engine)
    }
}

impl diesel::r2d2::R2D2Connection for Conn {
    fn ping(&mut self) -> QueryResult<()> {
        self.engine.ping()
    }

    fn is_broken(&mut self) -> bool {
        self.engine.is_broken()
    }
}
