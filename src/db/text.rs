//! The text of statements, written once.

use std::any::TypeId;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use diesel::QueryResult;
use diesel::query_builder::{AstPass, Query, QueryBuilder, QueryFragment, QueryId};

use super::engines::Backend;

type Builder = <Backend as diesel::backend::Backend>::QueryBuilder;

/// Texts of other than fixed statements a connection keeps prepared: lists of a few lengths,
/// filters in their combinations.
const VARIANTS: usize = 512;

/// What one connection knows of its statements.
#[derive(Default)]
pub(super) struct Texts {
    /// Statements whose type alone says their text.
    fixed: BTreeMap<TypeId, Arc<Text>>,
    /// Other statements, by their text.
    variants: Arc<Variants>,
}

#[derive(Default)]
struct Variants(std::sync::Mutex<BTreeSet<Box<str>>>);

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

/// A statement that tells its text without walking itself again.
pub(super) struct Told<T> {
    query: T,
    text: Arc<Text>,
    variants: Arc<Variants>,
}

impl<T: QueryId> Told<T> {
    pub(super) fn new(query: T, texts: &mut Texts) -> Self {
        let text = match T::query_id() {
            Some(id) => Arc::clone(texts.fixed.entry(id).or_default()),
            None => Arc::default(),
        };
        Self {
            query,
            text,
            variants: Arc::clone(&texts.variants),
        }
    }
}

impl<T: QueryFragment<Backend>> Told<T> {
    fn sql(&self, like: &Builder, backend: &Backend) -> QueryResult<&str> {
        if self.text.sql.get().is_none() {
            let mut own = match like {
                Builder::Sqlite(_) => Builder::Sqlite(diesel::sqlite::SqliteQueryBuilder::new()),
                #[cfg(feature = "postgres")]
                Builder::Postgres(_) => Builder::Postgres(diesel::pg::PgQueryBuilder::default()),
            };
            self.query.to_sql(&mut own, backend)?;
            let _raced = self.text.sql.set(own.finish());
        }
        Ok(self.text.sql.get().map_or("", String::as_str))
    }
}

impl<T: QueryFragment<Backend> + QueryId> QueryFragment<Backend> for Told<T> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        self.query.walk_ast(pass)
    }

    fn to_sql(&self, out: &mut Builder, backend: &Backend) -> QueryResult<()> {
        out.push_sql(self.sql(out, backend)?);
        Ok(())
    }

    /// A list of values (`IN (?, ?)`) has a text for each length, so diesel prepares it anew
    /// each time. Lists are short here: their texts are kept, up to a number.
    fn is_safe_to_cache_prepared(&self, backend: &Backend) -> QueryResult<bool> {
        if let Some(is_safe) = self.text.is_safe.get() {
            return Ok(*is_safe);
        }
        let is_safe = self.query.is_safe_to_cache_prepared(backend)?
            || self
                .text
                .sql
                .get()
                .is_some_and(|sql| self.variants.keep(sql));
        Ok(*self.text.is_safe.get_or_init(|| is_safe))
    }
}

impl<T: QueryId> QueryId for Told<T> {
    type QueryId = T::QueryId;

    const HAS_STATIC_QUERY_ID: bool = T::HAS_STATIC_QUERY_ID;
}

impl<T: Query> Query for Told<T> {
    type SqlType = T::SqlType;
}
