//! Scans of signed records: their kind and size lie open, their names and digests sealed. The file
//! has the id of its row.

use std::collections::BTreeSet;

use diesel::prelude::*;

use crate::counselling::error::Error;
use crate::counselling::model::{Case, CaseId};
use crate::counselling::record::{NoteId, Scan, ScanId, ScanSecret};
use crate::db::schema::{
    counselling_cases as cases, counselling_note_scans as scans, counselling_notes as notes,
    data_keys,
};
use crate::db::{self, Conn};
use crate::identity::UserId;
use crate::kernel::Timestamp;
use crate::office::work::Work;
use crate::paper::incoming::FileKind;
use crate::sealed::{DataKey, Place, StoredId};

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = scans, treat_none_as_default_value = false)]
struct Row {
    id: ScanId,
    note_id: NoteId,
    media: FileKind,
    size: i32,
    sealed: Vec<u8>,
    uploaded_by_id: UserId,
    removed_at: Option<Timestamp>,
    created_at: Timestamp,
}

fn place(id: ScanId) -> Place {
    Place {
        table: "counselling_note_scans",
        column: "sealed",
        row: id.uuid(),
    }
}

impl Row {
    fn open(self, key: &DataKey) -> Result<Scan, Error> {
        let secret: ScanSecret = key.open_json(place(self.id), &self.sealed)?;
        Ok(Scan {
            id: self.id,
            note_id: self.note_id,
            media: self.media,
            size: self.size,
            uploaded_by: self.uploaded_by_id,
            created_at: self.created_at,
            secret,
        })
    }
}

/// The scans of a note that are there, in the order they came.
pub(in crate::counselling) fn of_note(
    work: &mut Work<'_>,
    case: &Case,
    note: NoteId,
) -> Result<Vec<Scan>, Error> {
    let key = work.data_key(case.data_key_id)?;
    let rows: Vec<Row> = scans::table
        .filter(scans::note_id.eq(note))
        .filter(scans::removed_at.is_null())
        .order((scans::created_at, scans::id))
        .select(Row::as_select())
        .load(work.conn)?;
    rows.into_iter().map(|row| row.open(&key)).collect()
}

/// Writes a scan.
pub(in crate::counselling) fn insert(
    work: &mut Work<'_>,
    case: &Case,
    scan: &Scan,
) -> Result<(), Error> {
    let key = work.data_key(case.data_key_id)?;
    let row = Row {
        sealed: key.seal_json(place(scan.id), &scan.secret)?,
        id: scan.id,
        note_id: scan.note_id,
        media: scan.media,
        size: scan.size,
        uploaded_by_id: scan.uploaded_by,
        removed_at: None,
        created_at: scan.created_at,
    };
    diesel::insert_into(scans::table)
        .values(row)
        .execute(work.conn)?;
    Ok(())
}

/// Takes a scan out; its file is swept away.
pub(in crate::counselling) fn remove(
    conn: &mut Conn,
    now: Timestamp,
    id: ScanId,
) -> db::Result<()> {
    diesel::update(scans::table.find(id))
        .set(scans::removed_at.eq(Some(now)))
        .execute(conn)?;
    Ok(())
}

/// Which of some stored files are named. What was taken out, or erased with its case, is not.
pub(in crate::counselling) fn named(
    conn: &mut Conn,
    ids: &[StoredId],
) -> db::Result<BTreeSet<StoredId>> {
    let ids: Vec<ScanId> = ids.iter().copied().map(StoredId::cast).collect();
    let erased = data_keys::table
        .filter(data_keys::wrapped.is_null())
        .select(data_keys::id);
    let forgotten = cases::table
        .filter(cases::data_key_id.eq_any(erased))
        .select(cases::id);
    let found: Vec<(ScanId, CaseId)> = scans::table
        .inner_join(notes::table.on(notes::id.eq(scans::note_id)))
        .filter(scans::id.eq_any(ids))
        .filter(scans::removed_at.is_null())
        .filter(notes::case_id.ne_all(forgotten))
        .select((scans::id, notes::case_id))
        .load(conn)?;
    Ok(found.into_iter().map(|(id, _)| id.cast()).collect())
}
