//! Rows of a report's files; a file has the id of its row. They are the ward's own papers, and no
//! secret lies in their names.

use std::collections::BTreeSet;

use diesel::prelude::*;

use crate::db::schema::report_files as files;
use crate::db::{self, Conn};
use crate::identity::UserId;
use crate::kernel::{OfficeId, Timestamp};
use crate::paper::incoming::FileKind;
use crate::report::model::{KeptFile, ReportFileId, ReportFileKind, ReportId};
use crate::sealed::StoredId;

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = files)]
struct Row {
    id: ReportFileId,
    kind: ReportFileKind,
    media: FileKind,
    name: String,
    size: i32,
    sha256: String,
    created_at: Timestamp,
}

impl From<Row> for KeptFile {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            media: row.media,
            name: row.name,
            size: row.size,
            sha256: row.sha256,
            created_at: row.created_at,
        }
    }
}

/// The files of a report that are there, in the order they came.
pub(in crate::report) fn of(conn: &mut Conn, report: ReportId) -> db::Result<Vec<KeptFile>> {
    let rows: Vec<Row> = files::table
        .filter(files::report_id.eq(report))
        .filter(files::removed_at.is_null())
        .order(files::id)
        .select(Row::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(KeptFile::from).collect())
}

/// Writes a file.
pub(in crate::report) fn insert(
    conn: &mut Conn,
    (office, report, by): (OfficeId, ReportId, UserId),
    file: &KeptFile,
) -> db::Result<()> {
    diesel::insert_into(files::table)
        .values((
            files::id.eq(file.id),
            files::office_id.eq(office),
            files::report_id.eq(report),
            files::kind.eq(file.kind),
            files::media.eq(file.media),
            files::name.eq(&file.name),
            files::size.eq(file.size),
            files::sha256.eq(&file.sha256),
            files::uploaded_by_id.eq(by),
            files::created_at.eq(file.created_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Takes a file out; it is swept away.
pub(in crate::report) fn remove(
    conn: &mut Conn,
    now: Timestamp,
    id: ReportFileId,
) -> db::Result<()> {
    diesel::update(files::table.find(id))
        .set(files::removed_at.eq(Some(now)))
        .execute(conn)?;
    Ok(())
}

/// Which of some stored files are named.
pub(in crate::report) fn named(
    conn: &mut Conn,
    ids: &[StoredId],
) -> db::Result<BTreeSet<StoredId>> {
    let ids: Vec<ReportFileId> = ids.iter().copied().map(StoredId::cast).collect();
    let found: Vec<ReportFileId> = files::table
        .filter(files::id.eq_any(ids))
        .filter(files::removed_at.is_null())
        .select(files::id)
        .load(conn)?;
    Ok(found.into_iter().map(ReportFileId::cast).collect())
}
