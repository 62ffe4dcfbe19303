//! The borders of transactions on SQLite, kept prepared: read anew for each transaction they cost
//! as much as a small query.

use std::num::NonZeroU32;

use diesel::connection::{AnsiTransactionManager, Connection, TransactionManager};
use diesel::connection::{TransactionDepthChange, TransactionManagerStatus};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sqlite::{Sqlite, SqliteConnection};
use diesel::{QueryResult, result};

/// A statement without values that is always the same.
struct Border(&'static str);

impl QueryFragment<Sqlite> for Border {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        pass.push_sql(self.0);
        Ok(())
    }
}

impl QueryId for Border {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

fn status(conn: &mut SqliteConnection) -> &mut TransactionManagerStatus {
    AnsiTransactionManager::transaction_manager_status_mut(conn)
}

/// Runs a border, and moves the depth on where it is crossed.
fn cross(
    conn: &mut SqliteConnection,
    border: &'static str,
    change: TransactionDepthChange,
) -> QueryResult<()> {
    conn.execute_returning_count(&Border(border))?;
    match status(conn) {
        TransactionManagerStatus::Valid(valid) => valid.change_transaction_depth(change),
        TransactionManagerStatus::InError => Err(result::Error::BrokenTransactionManager),
    }
}

/// Begins a transaction, or a savepoint in one.
pub(super) fn begin(conn: &mut SqliteConnection) -> QueryResult<()> {
    let border = match status(conn).transaction_depth()?.map(NonZeroU32::get) {
        None => "BEGIN",
        Some(1) => "SAVEPOINT diesel_savepoint_1",
        Some(_) => return AnsiTransactionManager::begin_transaction(conn),
    };
    cross(conn, border, TransactionDepthChange::IncreaseDepth)
}

/// Ends what was begun last.
pub(super) fn commit(conn: &mut SqliteConnection) -> QueryResult<()> {
    let border = match status(conn).transaction_depth()?.map(NonZeroU32::get) {
        Some(1) => "COMMIT",
        Some(2) => "RELEASE SAVEPOINT diesel_savepoint_1",
        None | Some(_) => return AnsiTransactionManager::commit_transaction(conn),
    };
    // What fails is left to diesel, which tries once more and then rolls back.
    cross(conn, border, TransactionDepthChange::DecreaseDepth)
        .or_else(|_failed| AnsiTransactionManager::commit_transaction(conn))
}
