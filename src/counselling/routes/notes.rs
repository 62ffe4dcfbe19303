//! Routes of the notes of a case.

use actix_web::HttpResponse;

use super::reading;
use crate::counselling::error::Error;
use crate::counselling::model::CounsellingCase;
use crate::counselling::policy::{self, Eyes};
use crate::counselling::print::Minutes;
use crate::counselling::record::{Note, NoteId};
use crate::counselling::service::break_glass;
use crate::counselling::service::note::{self as service, Opened};
use crate::counselling::service::share;
use crate::counselling::store::{case as cases, note as store};
use crate::counselling::view::note::{
    AddendumBody, CounsellingNoteBody, CounsellingNoteContentView, CounsellingNotePatch,
    CounsellingNoteView, NotesQuery, ShareBody,
};
use crate::http::request::{IdPath, path_id};
use crate::http::{Api, ApiJson, ApiQuery, Paging, Problem, Reply};
use crate::identity::Call;
use crate::kernel::Fault;
use crate::office::work::Work;
use crate::paper;

type Path = IdPath<CounsellingCase>;
type Answer = Result<HttpResponse, Problem>;

fn note_id(call: &Call) -> Result<NoteId, Problem> {
    Ok(path_id(call.request(), "nid")?)
}

fn view(work: &mut Work<'_>, eyes: &Eyes, note: &Note) -> Result<CounsellingNoteView, Problem> {
    let case = cases::load(work, note.case_id)?;
    let shared_with = store::shared_with(work.conn, note.id)?;
    let note = (note, shared_with);
    let writers = service::writers(work, &case)?;
    let seen = (&case, writers.as_slice(), eyes);
    Ok(CounsellingNoteView::of(work.zone(), seen, note))
}

fn answer(work: &mut Work<'_>, eyes: &Eyes, note: &Note) -> Result<Reply, Problem> {
    Ok(Reply::ok(&view(work, eyes, note)?)?.versioned(note.version))
}

async fn list(call: Call, path: Path, mut query: ApiQuery<NotesQuery>) -> Answer {
    reading::read(call, path.0, "notes", move |work, eyes, case| {
        let query = query.parse()?;
        let after = query.after_time::<NoteId>()?;
        let found = store::page(work.conn, case.id, after, query.limit())?;
        let total = if query.wants_total() {
            Some(store::count(work.conn, case.id)?)
        } else {
            None
        };
        let ids: Vec<NoteId> = found.iter().map(|note| note.id).collect();
        let shares = store::shares_of(work.conn, &ids)?;
        let page = query.cut(found, total, CounsellingNoteView::key);
        let zone = work.zone();
        let writers = service::writers(work, case)?;
        Ok(Reply::ok(&page.map(|one| {
            let theirs = shares.iter().filter(|(note, _)| *note == one.id);
            let shared_with = theirs.map(|(_, party)| *party).collect();
            CounsellingNoteView::of(zone, (case, &writers, eyes), (&one, shared_with))
        }))?)
    })
    .await
}

async fn create(call: Call, path: Path, body: ApiJson<CounsellingNoteBody>) -> Answer {
    call.write(move |cx| {
        let (mut work, eyes) = policy::casework(cx)?;
        let draft = body.parse()?.read()?;
        let note = service::create(&mut work, &eyes, path.0, draft)?;
        let location = format!("/counselling-cases/{}/notes/{}", note.case_id, note.id);
        let view = view(&mut work, &eyes, &note)?;
        Ok(Reply::created(&location, &view)?.versioned(note.version))
    })
    .await
}

/// Opens a note for whoever reads it: its row in the log and what is read are one transaction. Who had
/// a window that is over leaves a row, too.
async fn open<F>(call: Call, path: Path, form: &'static str, mut answer: F) -> Answer
where
    F: FnMut(&mut Work<'_>, &Eyes, Opened) -> Result<Reply, Problem> + Send + 'static,
{
    let id = note_id(&call)?;
    let read = call.part(move |cx| {
        let (mut work, eyes) = policy::casework(cx)?;
        match service::read(&mut work, &eyes, (path.0, id), form) {
            Ok(opened) => Ok(Some(answer(&mut work, &eyes, opened)?)),
            Err(Error::Fault(Fault::NotFound)) => {
                break_glass::note_late(&mut work, &eyes, path.0)?;
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    });
    match read.await? {
        Some(reply) => Ok(reply.answer(None)),
        None => Err(Fault::NotFound.into()),
    }
}

async fn show(call: Call, path: Path) -> Answer {
    open(call, path, "json", |work, eyes, opened| {
        let version = opened.note.version;
        let view = CounsellingNoteContentView::of(work.zone(), opened, eyes);
        Ok(Reply::ok(&view)?.versioned(version))
    })
    .await
}

async fn print(call: Call, path: Path) -> Answer {
    open(call, path, "docx", |work, _, opened| {
        let minutes = Minutes::load(work, opened)?;
        let name = minutes.file_name();
        let file = minutes.into_bytes();
        let file = file.map_err(|error| Fault::Internal(error.to_string()))?;
        Ok(Reply::file(paper::DOCX, &name, file))
    })
    .await
}

async fn edit(call: Call, path: Path, body: ApiJson<CounsellingNotePatch>) -> Answer {
    let id = note_id(&call)?;
    call.write(move |cx| {
        let expected = cx.expected;
        let (mut work, eyes) = policy::casework(cx)?;
        let changes = body.parse()?;
        let place = (path.0, id);
        let note = service::edit(&mut work, &eyes, place, expected, |note, said| {
            changes.over(note, said)
        })?;
        answer(&mut work, &eyes, &note)
    })
    .await
}

/// Runs an action on a note and answers with it, without what it says.
async fn act<F>(call: Call, mut action: F) -> Answer
where
    F: FnMut(&mut Work<'_>, &Eyes, NoteId) -> Result<Note, Problem> + Send + 'static,
{
    let id = note_id(&call)?;
    call.write(move |cx| {
        let (mut work, eyes) = policy::casework(cx)?;
        let note = action(&mut work, &eyes, id)?;
        answer(&mut work, &eyes, &note)
    })
    .await
}

async fn sign(call: Call, path: Path) -> Answer {
    act(call, move |work, eyes, id| {
        Ok(service::sign(work, eyes, (path.0, id))?)
    })
    .await
}

async fn take_over(call: Call, path: Path) -> Answer {
    act(call, move |work, eyes, id| {
        Ok(service::take_over(work, eyes, (path.0, id))?)
    })
    .await
}

async fn discard(call: Call, path: Path) -> Answer {
    let id = note_id(&call)?;
    call.write(move |cx| {
        let expected = cx.expected;
        let (mut work, eyes) = policy::casework(cx)?;
        service::discard(&mut work, &eyes, (path.0, id), expected)?;
        Ok(Reply::no_content())
    })
    .await
}

async fn add(call: Call, path: Path, body: ApiJson<AddendumBody>) -> Answer {
    act(call, move |work, eyes, id| {
        let text = body.parse()?.read()?;
        Ok(service::add(work, eyes, (path.0, id), &text)?)
    })
    .await
}

async fn show_to(call: Call, path: Path, body: ApiJson<ShareBody>) -> Answer {
    act(call, move |work, eyes, id| {
        let body = body.parse()?;
        Ok(share::share(work, eyes, (path.0, id), body.read()?)?)
    })
    .await
}

async fn unshare(call: Call, path: Path, body: ApiJson<ShareBody>) -> Answer {
    act(call, move |work, eyes, id| {
        let body = body.parse()?;
        Ok(share::unshare(work, eyes, (path.0, id), body.read()?)?)
    })
    .await
}

const ALL: &str = "/counselling-cases/{id}/notes";
const ONE: &str = "/counselling-cases/{id}/notes/{nid}";

/// Mounts the routes of notes.
pub(super) fn mount(api: &mut Api) {
    api.get(ALL, "list_counselling_notes", list)
        .summary("The notes of a case, without what they say")
        .query::<NotesQuery>()
        .pages::<CounsellingNoteView>();
    api.post(ALL, "create_counselling_note", create)
        .summary("Begin a note: the case's counsellor or its supervisor")
        .body::<CounsellingNoteBody>()
        .answers::<CounsellingNoteView>(201)
        .errors(&["action-not-allowed"]);
    api.get(ONE, "read_counselling_note", show)
        .summary("Read a note; each reading leaves one row in the audit log")
        .answers::<CounsellingNoteContentView>(200);
    api.patch(ONE, "edit_counselling_note", edit)
        .summary("Change a draft; its author alone")
        .body::<CounsellingNotePatch>()
        .answers::<CounsellingNoteView>(200)
        .errors(&["action-not-allowed"]);
    api.delete(ONE, "discard_counselling_note", discard)
        .summary("Throw a draft away: its author, or who reads it once its author left the case")
        .guarded()
        .answers_empty(204)
        .errors(&["action-not-allowed"]);
    api.post(&format!("{ONE}/sign"), "sign_counselling_note", sign)
        .summary("Make a draft the record; from then on it is only added to")
        .answers::<CounsellingNoteView>(200)
        .errors(&["action-not-allowed"]);
    api.post(
        &format!("{ONE}/take-over"),
        "take_over_counselling_note",
        take_over,
    )
    .summary("Become the author of a draft whose author writes in the case no longer")
    .answers::<CounsellingNoteView>(200)
    .errors(&["action-not-allowed"]);
    api.post(&format!("{ONE}/addenda"), "add_to_counselling_note", add)
        .summary("Add something below a signed note")
        .body::<AddendumBody>()
        .answers::<CounsellingNoteView>(200)
        .errors(&["action-not-allowed"]);
    api.post(&format!("{ONE}/share"), "share_counselling_note", show_to)
        .summary("Show the summary of a signed note to the families of parties")
        .body::<ShareBody>()
        .answers::<CounsellingNoteView>(200)
        .errors(&["action-not-allowed"]);
    api.post(
        &format!("{ONE}/unshare"),
        "unshare_counselling_note",
        unshare,
    )
    .summary("Take the summary back from the families of parties: they find it no more")
    .body::<ShareBody>()
    .answers::<CounsellingNoteView>(200)
    .errors(&["action-not-allowed"]);
    api.get(
        &format!("{ONE}/record.docx"),
        "print_counselling_note",
        print,
    )
    .summary("The record as a paper to sign; printing it is reading it")
    .answers_file(&[paper::DOCX]);
}
