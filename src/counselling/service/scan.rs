//! The record as it was signed on paper: scanned, looked at, taken out. A scan is read by those who
//! read the note, and each reading is one row of the log like the note's own.

use serde_json::json;

use super::case::note as log;
use super::note::{self, lock};
use crate::counselling::error::Error;
use crate::counselling::model::{Case, CaseId};
use crate::counselling::policy::Eyes;
use crate::counselling::record::{Note, NoteId, Scan, ScanId, ScanSecret};
use crate::counselling::record_status::NoteAction;
use crate::counselling::store::{note as notes, scan as store};
use crate::kernel::{Fault, token};
use crate::office::work::Work;
use crate::sealed::{DataKey, Stored};

/// The most pages of a scan.
const PAGES_MAX: usize = 20;

/// A case, locked, with a note that is on paper: a draft is not.
fn signed(
    work: &mut Work<'_>,
    eyes: &Eyes,
    place: (CaseId, NoteId),
) -> Result<(Case, Note), Error> {
    let case = lock(work, eyes, place.0)?;
    let note = notes::load(work.conn, case.id, place.1)?;
    note.status.apply(NoteAction::Scan)?;
    Ok((case, note))
}

fn tell(
    work: &mut Work<'_>,
    case: &Case,
    scan: &Scan,
    (kind, reason): (&str, Option<&str>),
) -> Result<(), Error> {
    let facts = json!({"note": scan.note_id, "scan": scan.id});
    log(work, case, kind, &facts, reason)
}

/// The key a scan is sealed by, for whoever may hand one in now.
pub(in crate::counselling) fn key(
    work: &mut Work<'_>,
    eyes: &Eyes,
    place: (CaseId, NoteId),
) -> Result<DataKey, Error> {
    let (case, _) = signed(work, eyes, place)?;
    Ok(work.data_key(case.data_key_id)?)
}

/// Writes the row of a stored scan.
pub(in crate::counselling) fn add(
    work: &mut Work<'_>,
    eyes: &Eyes,
    place: (CaseId, NoteId),
    stored: &Stored,
) -> Result<(Case, Note, Scan), Error> {
    let (case, note) = signed(work, eyes, place)?;
    if store::of_note(work, &case, note.id)?.len() >= PAGES_MAX {
        return Err(Error::ScansFull);
    }
    let scan = Scan {
        id: stored.id.cast(),
        note_id: note.id,
        media: stored.kind,
        // The largest file is far smaller.
        size: i32::try_from(stored.size).unwrap_or(i32::MAX),
        uploaded_by: eyes.user,
        created_at: work.now,
        secret: ScanSecret {
            name: stored.name.clone(),
            sha256: token::hex(&stored.sha256),
        },
    };
    store::insert(work, &case, &scan)?;
    tell(work, &case, &scan, ("note-scan", None))?;
    Ok((case, note, scan))
}

/// A note and its scans, for whoever reads it.
pub(in crate::counselling) fn list(
    work: &mut Work<'_>,
    eyes: &Eyes,
    place: (CaseId, NoteId),
) -> Result<(Case, Note, Vec<Scan>), Error> {
    let opened = note::read(work, eyes, place, "scans")?;
    let scans = store::of_note(work, &opened.case, place.1)?;
    Ok((opened.case, opened.note, scans))
}

/// A scan as it is read, and the key that opens its file.
pub(in crate::counselling) fn read(
    work: &mut Work<'_>,
    eyes: &Eyes,
    (place, id): ((CaseId, NoteId), ScanId),
) -> Result<(Scan, DataKey), Error> {
    let opened = note::read(work, eyes, place, "scan")?;
    let scan = find(work, (&opened.case, place.1), id)?;
    Ok((scan, work.data_key(opened.case.data_key_id)?))
}

fn find(work: &mut Work<'_>, (case, note): (&Case, NoteId), id: ScanId) -> Result<Scan, Error> {
    let mut scans = store::of_note(work, case, note)?.into_iter();
    let found = scans.find(|scan| scan.id == id);
    found.ok_or_else(|| Fault::NotFound.into())
}

/// Takes a scan out that is another's, or cannot be read.
pub(in crate::counselling) fn remove(
    work: &mut Work<'_>,
    eyes: &Eyes,
    (place, id): ((CaseId, NoteId), ScanId),
    reason: &str,
) -> Result<(), Error> {
    let (case, note) = signed(work, eyes, place)?;
    let scan = find(work, (&case, note.id), id)?;
    store::remove(work.conn, work.now, id)?;
    tell(work, &case, &scan, ("note-scan-remove", Some(reason)))
}
