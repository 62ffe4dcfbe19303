//! Routes of the notes of a case, and of reading what is another's.

use actix_web::HttpResponse;

use crate::counselling::model::CounsellingCase;
use crate::counselling::policy::{self, Eyes};
use crate::counselling::print::Minutes;
use crate::counselling::record::{Note, NoteId};
use crate::counselling::service::{break_glass, note as service};
use crate::counselling::store::note as store;
use crate::counselling::view::note::{
    AddendumBody, BreakGlassBody, BreakGlassView, CounsellingNoteBody, CounsellingNoteContentView,
    CounsellingNotePatch, CounsellingNoteView, NotesQuery, ShareBody,
};
use crate::http::request::{IdPath, path_id};
use crate::http::{Api, ApiJson, ApiQuery, Paging, Problem, Reply};
use crate::identity::Call;
use crate::kernel::Fault;
use crate::kernel::page::Page;
use crate::office::work::Work;
use crate::paper;

type Path = IdPath<CounsellingCase>;
type Answer = Result<HttpResponse, Problem>;

fn note_id(call: &Call) -> Result<NoteId, Problem> {
    Ok(path_id(call.request(), "nid")?)
}

fn answer(work: &Work<'_>, note: &Note) -> Result<Reply, Problem> {
    let view = CounsellingNoteView::of(work.zone(), note);
    Ok(Reply::ok(&view)?.versioned(note.version))
}

async fn list(call: Call, path: Path, mut query: ApiQuery<NotesQuery>) -> Answer {
    call.read(move |cx| {
        let (mut work, eyes) = policy::casework(cx)?;
        let query = query.parse()?;
        let (case, _) = break_glass::look(&mut work, &eyes, path.0)?;
        let after = query.after_time::<NoteId>()?;
        let found = store::page(work.conn, case.id, after, query.limit())?;
        let total = if query.wants_total() {
            Some(store::count(work.conn, case.id)?)
        } else {
            None
        };
        let page = Page::cut(found, query.limit(), total, CounsellingNoteView::key);
        let zone = work.zone();
        Ok(Reply::ok(
            &page.map(|one| CounsellingNoteView::of(zone, &one)),
        )?)
    })
    .await
}

async fn create(call: Call, path: Path, body: ApiJson<CounsellingNoteBody>) -> Answer {
    call.write(move |cx| {
        let (mut work, eyes) = policy::casework(cx)?;
        let draft = body.parse()?.read()?;
        let note = service::create(&mut work, &eyes, path.0, draft)?;
        let location = format!("/counselling-cases/{}/notes/{}", note.case_id, note.id);
        let view = CounsellingNoteView::of(work.zone(), &note);
        Ok(Reply::created(&location, &view)?.versioned(note.version))
    })
    .await
}

/// Reading writes: its row in the log and what is read are one transaction.
async fn show(call: Call, path: Path) -> Answer {
    let id = note_id(&call)?;
    call.write_secret(move |cx| {
        let (mut work, eyes) = policy::casework(cx)?;
        let opened = service::read(&mut work, &eyes, (path.0, id), "json")?;
        let version = opened.note.version;
        let view = CounsellingNoteContentView::of(work.zone(), opened);
        Ok(Reply::ok(&view)?.versioned(version))
    })
    .await
}

async fn print(call: Call, path: Path) -> Answer {
    let id = note_id(&call)?;
    call.write_secret(move |cx| {
        let (mut work, eyes) = policy::casework(cx)?;
        let opened = service::read(&mut work, &eyes, (path.0, id), "docx")?;
        let minutes = Minutes::load(&mut work, opened)?;
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
        answer(&work, &note)
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
        answer(&work, &note)
    })
    .await
}

async fn sign(call: Call, path: Path) -> Answer {
    act(call, move |work, eyes, id| {
        Ok(service::sign(work, eyes, (path.0, id))?)
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

async fn share(call: Call, path: Path, body: ApiJson<ShareBody>) -> Answer {
    act(call, move |work, eyes, id| {
        let body = body.parse()?;
        Ok(service::share(work, eyes, (path.0, id), body.read()?)?)
    })
    .await
}

async fn open_window(call: Call, path: Path, body: ApiJson<BreakGlassBody>) -> Answer {
    call.write(move |cx| {
        let (mut work, eyes) = policy::casework(cx)?;
        let reason = body.parse()?.read()?;
        let window = break_glass::open(&mut work, &eyes, path.0, &reason)?;
        let view = BreakGlassView::of(work.zone(), path.0, &window);
        Ok(Reply::json(201, &view)?)
    })
    .await
}

const CASE: &str = "/counselling-cases/{id}";
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
    api.post(&format!("{ONE}/sign"), "sign_counselling_note", sign)
        .summary("Make a draft the record; from then on it is only added to")
        .answers::<CounsellingNoteView>(200)
        .errors(&["action-not-allowed"]);
    api.post(&format!("{ONE}/addenda"), "add_to_counselling_note", add)
        .summary("Add something below a signed note")
        .body::<AddendumBody>()
        .answers::<CounsellingNoteView>(200)
        .errors(&["action-not-allowed"]);
    api.post(&format!("{ONE}/share"), "share_counselling_note", share)
        .summary("Show the summary of a signed note to the families of parties")
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
    api.post(&format!("{CASE}/break-glass"), "break_glass", open_window)
        .summary("Read a case that is not one's own, for an hour; its supervisor is told at once")
        .body::<BreakGlassBody>()
        .answers::<BreakGlassView>(201)
        .errors(&["already-visible"]);
}
