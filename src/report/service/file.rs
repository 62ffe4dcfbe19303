//! The report as it was signed, and what proves that it was filed.

use serde_json::json;

use super::report::{Named, load};
use crate::kernel::{Fault, token};
use crate::office::work::Work;
use crate::report::error::Error;
use crate::report::model::{KeptFile, Report, ReportFileId, ReportFileKind};
use crate::report::store::{file as store, report as reports};
use crate::sealed::{DataKey, Stored, Subject};

/// The most files of a report.
const FILES_MAX: usize = 20;

/// The files of a report.
pub(super) fn list(work: &mut Work<'_>, report: &Report) -> Result<Vec<KeptFile>, Error> {
    Ok(store::of(work.conn, report.id)?)
}

/// A report that was issued, locked: there is nothing to sign before.
fn issued(work: &mut Work<'_>, named: Named) -> Result<Report, Error> {
    reports::lock(work.conn, (work.office.id, named.0, named.1))?;
    let report = load(work, named, None)?;
    report.status.require_frozen()?;
    Ok(report)
}

/// The key a file is sealed by, made with the first one.
pub(in crate::report) fn key(work: &mut Work<'_>, named: Named) -> Result<DataKey, Error> {
    let report = issued(work, named)?;
    if let Some(key) = report.data_key_id {
        return Ok(work.data_key(key)?);
    }
    let (office, keys) = (work.office_id(), &work.platform.keys);
    let key = DataKey::create(work.conn, keys, work.now, office, Subject::PlanReport)?;
    reports::set_key(work.conn, report.id, key.id())?;
    Ok(key)
}

/// Writes the row of a stored file.
pub(in crate::report) fn add(
    work: &mut Work<'_>,
    named: Named,
    (kind, stored): (ReportFileKind, &Stored),
) -> Result<(Report, KeptFile), Error> {
    let report = issued(work, named)?;
    if store::of(work.conn, report.id)?.len() >= FILES_MAX {
        return Err(Error::FilesFull);
    }
    let by = work.actor.ok_or(Fault::Forbidden)?;
    let file = KeptFile {
        id: stored.id.cast(),
        kind,
        media: stored.kind,
        name: stored.name.clone(),
        // The largest file is far smaller.
        size: i32::try_from(stored.size).unwrap_or(i32::MAX),
        sha256: token::hex(&stored.sha256),
        created_at: work.now,
    };
    store::insert(work.conn, (work.office.id, report.id, by), &file)?;
    let facts = json!({"file": file.id, "kind": kind});
    work.audit("report.file-add", "plan-report", report.id.uuid(), facts)?;
    Ok((report, file))
}

fn find(work: &mut Work<'_>, report: &Report, id: ReportFileId) -> Result<KeptFile, Error> {
    let mut files = store::of(work.conn, report.id)?.into_iter();
    let found = files.find(|file| file.id == id);
    Ok(found.ok_or(Fault::NotFound)?)
}

/// A file of any edition, and the key that opens it.
pub(in crate::report) fn read(
    work: &mut Work<'_>,
    (named, edition): (Named, Option<i32>),
    id: ReportFileId,
) -> Result<(KeptFile, DataKey), Error> {
    let report = load(work, named, edition)?;
    let file = find(work, &report, id)?;
    let key = report.data_key_id.ok_or(Fault::NotFound)?;
    Ok((file, work.data_key(key)?))
}

/// Takes a file out that is another's, or cannot be read.
pub(in crate::report) fn remove(
    work: &mut Work<'_>,
    named: Named,
    id: ReportFileId,
) -> Result<(), Error> {
    let report = issued(work, named)?;
    let file = find(work, &report, id)?;
    store::remove(work.conn, work.now, file.id)?;
    let facts = json!({"file": file.id, "kind": file.kind});
    work.audit("report.file-remove", "plan-report", report.id.uuid(), facts)?;
    Ok(())
}
