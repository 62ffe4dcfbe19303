//! What a report said when it was issued: written once, never changed.

use diesel::prelude::*;

use crate::db::schema::report_snapshots as snapshots;
use crate::db::{self, Conn};
use crate::kernel::Timestamp;
use crate::report::model::ReportId;

/// A frozen content.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = snapshots)]
pub(in crate::report) struct Snapshot {
    pub(in crate::report) report_id: ReportId,
    /// What was entered later is not in it.
    pub(in crate::report) cut_off_at: Timestamp,
    /// By which rules it was counted.
    pub(in crate::report) query_version: i32,
    /// The content, as JSON.
    pub(in crate::report) content: String,
    /// The SHA-256 of the content, in hex.
    pub(in crate::report) sha256: String,
}

/// The frozen content of a report that was issued.
pub(in crate::report) fn find(conn: &mut Conn, id: ReportId) -> db::Result<Option<Snapshot>> {
    Ok(snapshots::table
        .find(id)
        .select(Snapshot::as_select())
        .first(conn)
        .optional()?)
}

/// The seal of a frozen content, without the content.
pub(in crate::report) fn seal(
    conn: &mut Conn,
    id: ReportId,
) -> db::Result<Option<(Timestamp, i32, String)>> {
    Ok(snapshots::table
        .find(id)
        .select((
            snapshots::cut_off_at,
            snapshots::query_version,
            snapshots::sha256,
        ))
        .first(conn)
        .optional()?)
}

/// Freezes a content.
pub(in crate::report) fn insert(conn: &mut Conn, snapshot: &Snapshot) -> db::Result<()> {
    diesel::insert_into(snapshots::table)
        .values(snapshot)
        .execute(conn)?;
    Ok(())
}
