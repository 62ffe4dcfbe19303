//! Routes of the scans of signed records. Whether this caller may is asked before a byte of a file
//! is read.

use actix_web::HttpResponse;

use crate::counselling::error::Error;
use crate::counselling::model::{CaseId, CounsellingCase};
use crate::counselling::policy::{self, Eyes};
use crate::counselling::record::{NoteId, ScanId};
use crate::counselling::service::{break_glass, scan as service};
use crate::counselling::view::scan::{NoteScanForm, NoteScanView, NoteScansView};
use crate::counselling::view::words::CaseReasonBody;
use crate::http::request::{IdPath, path_id};
use crate::http::{Api, ApiJson, FileForm, Problem, Reply, download};
use crate::identity::Call;
use crate::kernel::Fault;
use crate::office::work::Work;
use crate::sealed::StoredId;
use crate::sealed::stored::Sender;

type Path = IdPath<CounsellingCase>;
type Answer = Result<HttpResponse, Problem>;

fn note_of(call: &Call, path: &Path) -> Result<(CaseId, NoteId), Problem> {
    Ok((path.0, path_id(call.request(), "nid")?))
}

fn scan_of(call: &Call) -> Result<ScanId, Problem> {
    Ok(path_id(call.request(), "sid")?)
}

async fn upload(call: Call, path: Path, form: FileForm) -> Answer {
    let place = note_of(&call, &path)?;
    let (key, sender) = call
        .part(move |cx| {
            let (mut work, eyes) = policy::casework(cx)?;
            let sender = Sender::staff(eyes.user.uuid());
            Ok((service::key(&mut work, &eyes, place)?, sender))
        })
        .await?;
    let platform = call.platform();
    let form = form
        .receive::<NoteScanForm>(&platform.depot, sender)
        .await?;
    let file = StoredId::new(platform.clock.now());
    let stored = platform.depot.keep(&key, file, form.file).await?;
    call.write(move |cx| {
        let (mut work, eyes) = policy::casework(cx)?;
        let (case, note, scan) = service::add(&mut work, &eyes, place, &stored)?;
        let location = format!(
            "/counselling-cases/{}/notes/{}/scans/{}",
            case.id, note.id, scan.id
        );
        let view = NoteScanView::of(work.zone(), (&case, &note, &eyes), &scan);
        Ok(Reply::created(&location, &view)?)
    })
    .await
}

/// Reads for whoever reads the note; who had a window that is over leaves a row, too.
async fn read<T, F>(call: &Call, case: CaseId, mut look: F) -> Result<T, Problem>
where
    T: Send + 'static,
    F: FnMut(&mut Work<'_>, &Eyes) -> Result<T, Error> + Send + 'static,
{
    let seen = call.part(move |cx| {
        let (mut work, eyes) = policy::casework(cx)?;
        match look(&mut work, &eyes) {
            Err(Error::Fault(Fault::NotFound)) => {
                break_glass::note_late(&mut work, &eyes, case)?;
                Ok(None)
            }
            found => Ok(Some(found?)),
        }
    });
    Ok(seen.await?.ok_or(Fault::NotFound)?)
}

async fn list(call: Call, path: Path) -> Answer {
    let place = note_of(&call, &path)?;
    let reply = read(&call, place.0, move |work, eyes| {
        let (case, note, scans) = service::list(work, eyes, place)?;
        let (zone, of) = (work.zone(), (&case, &note, eyes));
        let items = scans.iter().map(|scan| NoteScanView::of(zone, of, scan));
        Ok(NoteScansView {
            items: items.collect(),
        })
    });
    Ok(Reply::ok(&reply.await?)?.answer(None))
}

async fn give(call: Call, path: Path) -> Answer {
    let (place, id) = (note_of(&call, &path)?, scan_of(&call)?);
    let found = read(&call, place.0, move |work, eyes| {
        service::read(work, eyes, (place, id))
    });
    let (scan, key) = found.await?;
    let reader = call.platform().depot.read(&key, scan.id.cast()).await?;
    Ok(download(reader, scan.media, &scan.secret.name))
}

async fn remove(call: Call, path: Path, body: ApiJson<CaseReasonBody>) -> Answer {
    let (place, id) = (note_of(&call, &path)?, scan_of(&call)?);
    call.write(move |cx| {
        let (mut work, eyes) = policy::casework(cx)?;
        let reason = body.parse()?.read()?;
        service::remove(&mut work, &eyes, (place, id), &reason)?;
        Ok(Reply::no_content())
    })
    .await
}

const ALL: &str = "/counselling-cases/{id}/notes/{nid}/scans";
const ONE: &str = "/counselling-cases/{id}/notes/{nid}/scans/{sid}";

/// Mounts the routes of scans.
pub(super) fn mount(api: &mut Api) {
    api.post(ALL, "upload_note_scan", upload)
        .summary("Hand in a page of the record as it was signed on paper")
        .file_form::<NoteScanForm>()
        .answers::<NoteScanView>(201)
        .errors(&["action-not-allowed", "documents-full"]);
    api.get(ALL, "list_note_scans", list)
        .summary("The scans of a note; to list them is to read the note")
        .answers::<NoteScansView>(200);
    api.get(ONE, "read_note_scan", give)
        .summary("A scan, to be saved; each reading leaves one row in the audit log")
        .answers_stored_file();
    api.post(
        "/counselling-cases/{id}/notes/{nid}/scans/{sid}/remove",
        "remove_note_scan",
        remove,
    )
    .summary("Take a scan out, with a reason")
    .body::<CaseReasonBody>()
    .answers_empty(204)
    .errors(&["action-not-allowed"]);
}
