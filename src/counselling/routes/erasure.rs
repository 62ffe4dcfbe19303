//! Routes of forgetting.

use actix_web::HttpResponse;

use super::cases::act_for;
use crate::counselling::model::{CounsellingCase, CounsellingRequest};
use crate::counselling::policy;
use crate::counselling::service::erasure::{self, Forgotten};
use crate::counselling::view::case::{CounsellingCaseView, ErasureView};
use crate::counselling::view::words::CaseReasonBody;
use crate::http::request::IdPath;
use crate::http::{Api, ApiJson, Problem, Reply};
use crate::identity::Call;

type Answer = Result<HttpResponse, Problem>;

type Path = IdPath<CounsellingCase>;

async fn ask(call: Call, path: Path, body: ApiJson<CaseReasonBody>) -> Answer {
    act_for(call, path, body, erasure::ask).await
}

async fn set_hold(call: Call, path: Path, body: ApiJson<CaseReasonBody>) -> Answer {
    act_for(call, path, body, erasure::set_legal_hold).await
}

async fn lift_hold(call: Call, path: Path, body: ApiJson<CaseReasonBody>) -> Answer {
    act_for(call, path, body, erasure::lift_legal_hold).await
}

async fn erase(call: Call, path: Path) -> Answer {
    call.write(move |cx| {
        let (mut work, eyes) = policy::casework(cx)?;
        let done = erasure::erase(&mut work, &eyes, path.0)?;
        let is_erased = done == Forgotten::Erased;
        Ok(Reply::ok(&ErasureView { is_erased })?.bare())
    })
    .await
}

async fn erase_request(call: Call, path: IdPath<CounsellingRequest>) -> Answer {
    call.write(move |cx| {
        let (mut work, eyes) = policy::supervise(cx)?;
        erasure::erase_request(&mut work, &eyes, path.0)?;
        Ok(Reply::no_content())
    })
    .await
}

/// Mounts the routes of forgetting.
pub(super) fn mount(api: &mut Api) {
    api.post(
        "/counselling-cases/{id}/ask-erasure",
        "ask_case_erasure",
        ask,
    )
    .summary("Ask that a closed case be forgotten; another person decides")
    .body::<CaseReasonBody>()
    .answers::<CounsellingCaseView>(200)
    .errors(&["action-not-allowed"]);
    api.post("/counselling-cases/{id}/erase", "erase_case", erase)
        .summary("Destroy a case's key, or keep it from use where a duty keeps it")
        .answers::<ErasureView>(200)
        .errors(&["action-not-allowed", "own-act"]);
    api.post(
        "/counselling-cases/{id}/set-legal-hold",
        "set_case_legal_hold",
        set_hold,
    )
    .summary("Keep a case's data for a proceeding: they are not erased while it stands")
    .body::<CaseReasonBody>()
    .answers::<CounsellingCaseView>(200)
    .errors(&["action-not-allowed"]);
    api.post(
        "/counselling-cases/{id}/lift-legal-hold",
        "lift_case_legal_hold",
        lift_hold,
    )
    .summary("No longer keep them for it: a supervisor who does not counsel the case")
    .body::<CaseReasonBody>()
    .answers::<CounsellingCaseView>(200)
    .errors(&["action-not-allowed", "own-act"]);
    api.post(
        "/counselling-requests/{id}/erase",
        "erase_counselling_request",
        erase_request,
    )
    .summary("Destroy the key of a request that led nowhere")
    .answers_empty(204)
    .errors(&["action-not-allowed"]);
}
