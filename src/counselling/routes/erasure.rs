//! Routes of forgetting.

use actix_web::HttpResponse;

use crate::counselling::model::{CounsellingCase, CounsellingRequest};
use crate::counselling::policy;
use crate::counselling::service::erasure::{self, Forgotten};
use crate::counselling::view::case::{CounsellingCaseView, ErasureView};
use crate::counselling::view::words::CaseReasonBody;
use crate::http::request::IdPath;
use crate::http::{Api, ApiJson, Problem, Reply};
use crate::identity::Call;

type Answer = Result<HttpResponse, Problem>;

async fn ask(call: Call, path: IdPath<CounsellingCase>, body: ApiJson<CaseReasonBody>) -> Answer {
    call.write(move |cx| {
        let (mut work, eyes) = policy::casework(cx)?;
        let reason = body.parse()?.read()?;
        let case = erasure::ask(&mut work, &eyes, path.0, &reason)?;
        let view = CounsellingCaseView::of(work.zone(), &case, &eyes);
        Ok(Reply::ok(&view)?.versioned(case.version))
    })
    .await
}

async fn erase(call: Call, path: IdPath<CounsellingCase>) -> Answer {
    call.write(move |cx| {
        let (mut work, eyes) = policy::casework(cx)?;
        let done = erasure::erase(&mut work, &eyes, path.0)?;
        let is_erased = done == Forgotten::Erased;
        Ok(Reply::ok(&ErasureView { is_erased })?)
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
        "/counselling-requests/{id}/erase",
        "erase_counselling_request",
        erase_request,
    )
    .summary("Destroy the key of a request that led nowhere")
    .answers_empty(204)
    .errors(&["action-not-allowed"]);
}
