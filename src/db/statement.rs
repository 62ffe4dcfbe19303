//! Statements as the connection of one engine takes them.
//!
//! The connection over two engines that diesel derives writes a statement's SQL in each of the
//! three steps of a call, and has every change prepared anew. Here a query is handed to the
//! engine's own connection at once, and its SQL is written at most once.

use std::any::TypeId;
use std::collections::{BTreeMap, BTreeSet};
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, OnceLock};

use diesel::QueryResult;
use diesel::connection::Connection;
use diesel::internal::derives::multiconnection::{AstPassHelper, MultiConnectionHelper};
use diesel::query_builder::{AstPass, Query, QueryBuilder, QueryFragment, QueryId};

use super::engines::Backend;

/// What writes SQL, of either engine.
pub(super) type Builder = <Backend as diesel::backend::Backend>::QueryBuilder;
/// What values are bound in, of either engine.
pub(super) type Binds<'a> = <Backend as diesel::backend::Backend>::BindCollector<'a>;
/// What values are bound in, of one engine.
pub(super) type OwnBinds<'a, C> =
    <<C as Connection>::Backend as diesel::backend::Backend>::BindCollector<'a>;

/// Texts of other than fixed statements a connection keeps prepared: lists of a few lengths,
/// filters in their combinations, changes of some columns.
const VARIANTS: usize = 512;

/// The connection of one engine, and its place among both.
pub(super) trait Own: Connection + MultiConnectionHelper {
    /// Its backend.
    fn backend() -> Backend;
    /// What writes its SQL.
    fn builder() -> Builder;
    /// What its values are bound in.
    fn binds<'a>() -> Binds<'a>;
    /// The values bound, as its own.
    fn own_binds(binds: Binds<'_>) -> Option<OwnBinds<'_, Self>>;
}

/// What one connection knows of its statements.
#[derive(Default)]
pub(super) struct Known {
    /// Those whose type alone says their text.
    fixed: BTreeMap<TypeId, Arc<Text>>,
    /// The texts of others that are kept prepared.
    variants: Arc<Variants>,
}

#[derive(Default)]
struct Variants(Mutex<BTreeSet<Box<str>>>);

impl Variants {
    /// Whether a text is one of those kept; it becomes one while there is room.
    fn keep(&self, text: &str) -> bool {
        let Ok(mut kept) = self.0.lock() else {
            return false;
        };
        kept.contains(text) || (kept.len() < VARIANTS && kept.insert(text.into()))
    }
}

#[derive(Default)]
struct Text {
    sql: OnceLock<String>,
    is_safe: OnceLock<bool>,
}

/// A statement for an engine's own connection.
pub(super) struct Statement<T, C> {
    query: T,
    backend: Backend,
    text: Arc<Text>,
    variants: Arc<Variants>,
    engine: PhantomData<fn() -> C>,
}

impl<T: QueryId, C: Own> Statement<T, C> {
    pub(super) fn new(query: T, known: &mut Known) -> Self {
        let text = match T::query_id() {
            Some(id) => Arc::clone(known.fixed.entry(id).or_default()),
            None => Arc::default(),
        };
        Self {
            query,
            backend: C::backend(),
            text,
            variants: Arc::clone(&known.variants),
            engine: PhantomData,
        }
    }
}

impl<T: QueryFragment<Backend>, C: Own> Statement<T, C> {
    fn sql(&self) -> QueryResult<&str> {
        if self.text.sql.get().is_none() {
            let mut sql = C::builder();
            self.query.to_sql(&mut sql, &self.backend)?;
            let _raced = self.text.sql.set(sql.finish());
        }
        Ok(self.text.sql.get().map_or("", String::as_str))
    }

    /// A change and a list of values (`IN (?, ?)`) have a text for each set of columns and for
    /// each length, so diesel prepares them anew each time. Both are few here: their texts are
    /// kept, up to a number.
    fn is_safe(&self, sql: &str) -> QueryResult<bool> {
        if let Some(is_safe) = self.text.is_safe.get() {
            return Ok(*is_safe);
        }
        let is_safe = self.query.is_safe_to_cache_prepared(&self.backend)?;
        let is_safe = is_safe || self.variants.keep(sql);
        Ok(*self.text.is_safe.get_or_init(|| is_safe))
    }
}

impl<T, C, DB> QueryFragment<DB> for Statement<T, C>
where
    T: QueryFragment<Backend>,
    C: Own + Connection<Backend = DB>,
    DB: diesel::backend::Backend + 'static,
{
    /// All in one place: diesel asks a borrowed statement for nothing else.
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        if let Some((out, lookup)) = pass.bind_collector() {
            let mut binds = C::binds();
            self.query
                .collect_binds(&mut binds, C::to_any(lookup), &self.backend)?;
            if let Some(own) = C::own_binds(binds) {
                *out = own;
            }
        } else if let Some((values, _)) = pass.debug_binds() {
            let pass = AstPass::<Backend>::collect_debug_binds_pass(values, &self.backend);
            self.query.walk_ast(pass)?;
        } else {
            let sql = self.sql()?;
            pass.push_sql(sql);
            if !self.is_safe(sql)? {
                pass.unsafe_to_cache_prepared();
            }
        }
        Ok(())
    }
}

impl<T: QueryId, C> QueryId for Statement<T, C> {
    type QueryId = T::QueryId;

    const HAS_STATIC_QUERY_ID: bool = T::HAS_STATIC_QUERY_ID;
}

impl<T: Query, C> Query for Statement<T, C> {
    /// The rows are read by the caller's own types; here they are whatever comes.
    type SqlType = diesel::sql_types::Untyped;
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use diesel::connection::{InstrumentationEvent, SimpleConnection};
    use diesel::prelude::*;

    use super::*;
    use crate::db::{Conn, Engines};

    diesel::table! {
        kept (id) {
            id -> BigInt,
            word -> Text,
        }
    }

    #[test]
    fn a_change_a_row_and_a_short_list_are_prepared_once() {
        let sqlite = SqliteConnection::establish(":memory:").unwrap();
        let mut conn = Conn::new(Engines::Sqlite(sqlite));
        conn.batch_execute("CREATE TABLE kept (id INTEGER PRIMARY KEY, word TEXT NOT NULL)")
            .unwrap();
        let prepared = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&prepared);
        conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if matches!(event, InstrumentationEvent::CacheQuery { .. }) {
                count.fetch_add(1, Ordering::Relaxed);
            }
        });
        for id in 0..3_i64 {
            let row = (kept::id.eq(id), kept::word.eq("new"));
            let made = diesel::insert_into(kept::table).values(row);
            assert_eq!(made.execute(&mut conn), Ok(1));
            let change = diesel::update(kept::table.find(id)).set(kept::word.eq("old"));
            assert_eq!(change.execute(&mut conn), Ok(1));
            let some = kept::table.filter(kept::id.eq_any([id, id + 1]));
            let found: Vec<(i64, String)> = some.load(&mut conn).unwrap();
            assert_eq!(found, [(id, "old".to_owned())]);
        }
        assert_eq!(prepared.load(Ordering::Relaxed), 3);
    }
}
