//! Routes by which whoever offered a case, or asked for its end or its erasure, takes that back.

use actix_web::HttpResponse;

use super::cases::act;
use crate::counselling::model::{Case, CaseId, CounsellingCase};
use crate::counselling::policy::Eyes;
use crate::counselling::service::{case, closing, erasure};
use crate::counselling::view::case::CounsellingCaseView;
use crate::http::request::IdPath;
use crate::http::{Api, Problem};
use crate::identity::Call;
use crate::office::work::Work;

type Path = IdPath<CounsellingCase>;
type Answer = Result<HttpResponse, Problem>;

async fn take_back(
    call: Call,
    path: Path,
    action: fn(&mut Work<'_>, &Eyes, CaseId) -> Result<Case, crate::counselling::Error>,
) -> Answer {
    act(call, move |work, eyes| Ok(action(work, eyes, path.0)?)).await
}

async fn transfer(call: Call, path: Path) -> Answer {
    take_back(call, path, case::withdraw_transfer).await
}

async fn closing(call: Call, path: Path) -> Answer {
    take_back(call, path, closing::withdraw_closing).await
}

async fn erasure(call: Call, path: Path) -> Answer {
    take_back(call, path, erasure::withdraw).await
}

/// Mounts them.
pub(super) fn mount(api: &mut Api) {
    let action = |verb: &str| format!("/counselling-cases/{{id}}/{verb}");
    api.post(
        &action("withdraw-transfer"),
        "withdraw_case_transfer",
        transfer,
    )
    .summary("Offer a case no longer: its counsellor, or a supervisor")
    .answers::<CounsellingCaseView>(200)
    .errors(&["action-not-allowed"]);
    api.post(
        &action("withdraw-closing"),
        "withdraw_case_closing",
        closing,
    )
    .summary("Ask for the end of a case no longer: whoever asked")
    .answers::<CounsellingCaseView>(200)
    .errors(&["action-not-allowed"]);
    api.post(
        &action("withdraw-erasure"),
        "withdraw_case_erasure",
        erasure,
    )
    .summary("Ask no longer that a case be forgotten: whoever asked, or a supervisor")
    .answers::<CounsellingCaseView>(200)
    .errors(&["action-not-allowed"]);
}
