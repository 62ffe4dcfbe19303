//! Routes of questions and notes.

use actix_web::HttpResponse;
use serde::{Deserialize, Serialize};

use crate::http::request::{IdPath, path_id};
use crate::http::{Api, ApiJson, Problem, Reply};
use crate::identity::{Call, UserId};
use crate::kernel::Zone;
use crate::kernel::civil::Shown;
use crate::kernel::error::{Check, Fault};
use crate::legal_aid::model::LegalAidRequest;
use crate::legal_aid::policy;
use crate::legal_aid::service::talk::{self as service, Talk};
use crate::legal_aid::store::talk::{NoteId, Noted, QuestionId};

type Path = IdPath<LegalAidRequest>;
type Answer = Result<HttpResponse, Problem>;

/// Words.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct LegalAidTextBody {
    /// What is said; kept sealed.
    #[schema(example = "Khi nào tôi cần đến phường?", max_length = 4000)]
    text: String,
}

impl LegalAidTextBody {
    fn read(&self) -> Result<String, Fault> {
        let mut check = Check::new();
        let text = check.block("/text", &self.text, 4000);
        check.done()?;
        Ok(text)
    }
}

/// A question, and its answer where there is one.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct LegalAidQuestionView {
    id: QuestionId,
    text: String,
    asked_at: Shown,
    /// Whether the family wrote it; where not, staff wrote down what it asked at the desk.
    is_from_family: bool,
    /// Who wrote it; staff alone see it.
    asked_by: Option<UserId>,
    answer: Option<String>,
    answered_at: Option<Shown>,
    /// Who answered; staff alone see it.
    answered_by: Option<UserId>,
}

/// The questions of a request, in order.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct LegalAidQuestionsView {
    items: Vec<LegalAidQuestionView>,
}

/// A note of staff.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct LegalAidNoteView {
    id: NoteId,
    author: UserId,
    text: String,
    at: Shown,
}

/// The notes of a request, in order.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct LegalAidNotesView {
    items: Vec<LegalAidNoteView>,
}

fn asked(zone: Zone, all: Talk, is_own: bool) -> LegalAidQuestionsView {
    let family = all.family;
    let items = all.questions.into_iter().map(|one| LegalAidQuestionView {
        id: one.id,
        text: one.text,
        asked_at: zone.show(one.at),
        is_from_family: family.is_some() && one.by == family,
        asked_by: one.by.filter(|_| !is_own),
        answer: one.answer,
        answered_at: one.answered_at.map(|at| zone.show(at)),
        answered_by: one.answered_by.filter(|_| !is_own),
    });
    LegalAidQuestionsView {
        items: items.collect(),
    }
}

fn noted(zone: Zone, all: Vec<Noted>) -> LegalAidNotesView {
    let items = all.into_iter().map(|one| LegalAidNoteView {
        id: one.id,
        author: one.author,
        text: one.text,
        at: zone.show(one.at),
    });
    LegalAidNotesView {
        items: items.collect(),
    }
}

async fn questions(call: Call, path: Path) -> Answer {
    call.read(move |cx| {
        let (mut work, scope) = policy::anyone(cx)?;
        let all = service::questions(&mut work, &scope, path.0)?;
        Ok(Reply::ok(&asked(work.zone(), all, scope.is_own()))?)
    })
    .await
}

async fn ask(call: Call, path: Path, body: ApiJson<LegalAidTextBody>) -> Answer {
    call.write(move |cx| {
        let (mut work, scope) = policy::anyone(cx)?;
        let text = body.parse()?.read()?;
        let all = service::ask(&mut work, &scope, (path.0, &text))?;
        Ok(Reply::json(201, &asked(work.zone(), all, scope.is_own()))?)
    })
    .await
}

async fn answer(call: Call, path: Path, body: ApiJson<LegalAidTextBody>) -> Answer {
    let question: QuestionId = path_id(call.request(), "qid")?;
    call.write(move |cx| {
        let (mut work, eyes) = policy::intake(cx)?;
        let text = body.parse()?.read()?;
        let all = service::answer(&mut work, eyes, path.0, (question, &text))?;
        Ok(Reply::ok(&asked(work.zone(), all, false))?)
    })
    .await
}

/// Reading writes: its row in the log and what is read are one transaction.
async fn notes(call: Call, path: Path) -> Answer {
    call.write_secret(move |cx| {
        let (mut work, eyes) = policy::intake(cx)?;
        let all = service::notes(&mut work, eyes, path.0)?;
        Ok(Reply::ok(&noted(work.zone(), all))?)
    })
    .await
}

async fn note(call: Call, path: Path, body: ApiJson<LegalAidTextBody>) -> Answer {
    call.write(move |cx| {
        let (mut work, eyes) = policy::intake(cx)?;
        let text = body.parse()?.read()?;
        let all = service::note(&mut work, eyes, (path.0, &text))?;
        Ok(Reply::json(201, &noted(work.zone(), all))?)
    })
    .await
}

/// Mounts the routes.
pub(super) fn mount(api: &mut Api) {
    let all = "/legal-aid-requests/{id}/questions";
    api.get(all, "list_legal_aid_questions", questions)
        .summary("What the family asked, and what it was answered")
        .answers::<LegalAidQuestionsView>(200);
    api.post(all, "ask_legal_aid_question", ask)
        .summary("Ask, or write down what a family asked at the desk; somebody of the ward answers")
        .body::<LegalAidTextBody>()
        .answers::<LegalAidQuestionsView>(201)
        .errors(&["action-not-allowed"]);
    api.post(
        "/legal-aid-requests/{id}/questions/{qid}/answer",
        "answer_legal_aid_question",
        answer,
    )
    .summary("Answer a question, once; the family is told that there is news")
    .body::<LegalAidTextBody>()
    .answers::<LegalAidQuestionsView>(200)
    .errors(&["question-answered"]);
    let all = "/legal-aid-requests/{id}/notes";
    api.get(all, "list_legal_aid_notes", notes)
        .summary("The notes staff keep; a family never sees them")
        .answers::<LegalAidNotesView>(200);
    api.post(all, "add_legal_aid_note", note)
        .summary("Add a note; none is ever changed")
        .body::<LegalAidTextBody>()
        .answers::<LegalAidNotesView>(201);
}
