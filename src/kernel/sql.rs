//! SQL types that mean the same on both engines.

use diesel::query_builder::QueryId;
use diesel::sql_types::SqlType;

/// A UTC instant: `timestamptz` on PostgreSQL, integer microseconds on SQLite.
#[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
#[cfg_attr(
    feature = "postgres",
    diesel(postgres_type(oid = 1184, array_oid = 1185))
)]
#[diesel(sqlite_type(name = "Long"))]
pub struct UtcTimestamp;

impl diesel::sql_types::SqlOrd for UtcTimestamp {}

/// A UUID: `uuid` on PostgreSQL, sixteen bytes on SQLite.
#[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
#[cfg_attr(
    feature = "postgres",
    diesel(postgres_type(oid = 2950, array_oid = 2951))
)]
#[diesel(sqlite_type(name = "Binary"))]
pub struct Guid;

impl diesel::sql_types::SqlOrd for Guid {}
