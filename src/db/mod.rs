//! Storage: one connection type over two engines, and the only doors to it.
//!
//! [`Db::read`] runs a closure in a read transaction, [`Db::glance`] one that reads little,
//! [`Db::write`] in a write transaction. On SQLite all writes pass through one thread that groups
//! what waits into one durable commit; on PostgreSQL each takes a connection of a pool. It knows
//! no feature.

mod border;
pub mod conn;
pub mod dialect;
pub mod door;
mod engines;
pub mod error;
mod manager;
pub mod migrate;
pub mod schema;
pub mod snapshot;
mod sql_types;
mod statement;
mod writer;

use diesel::expression::SqlLiteral;
use diesel::sql_types::Bool;

pub use conn::Conn;
pub use door::{Db, DbConfig, Engine};
pub use engines::{Backend, Engines};
pub use error::Error;
pub use manager::file_of;

/// The condition of a partial index, written out word for word: an engine proves nothing of bound values,
/// and without the proof each look goes through all rows there ever were.
pub fn written(condition: &'static str) -> SqlLiteral<Bool> {
    diesel::dsl::sql(condition)
}

/// The result of a storage function.
pub type Result<T> = std::result::Result<T, Error>;
