//! What a family sees and does of its own.

use actix_web::HttpResponse;

use crate::counselling::model::CounsellingParty;
use crate::counselling::policy;
use crate::counselling::service::claim;
use crate::counselling::view::party::{ClaimBody, OwnContactBody, OwnPartyView};
use crate::http::request::IdPath;
use crate::http::{Api, ApiJson, Problem, Reply};
use crate::identity::Call;

type Answer = Result<HttpResponse, Problem>;

async fn redeem(call: Call, body: ApiJson<ClaimBody>) -> Answer {
    call.write(move |cx| {
        let (mut work, user) = policy::family(cx)?;
        let party = claim::redeem(&mut work, user, &body.parse()?.claim_code)?;
        Ok(Reply::json(201, &OwnPartyView::of(&party))?)
    })
    .await
}

async fn state_contact(
    call: Call,
    path: IdPath<CounsellingParty>,
    body: ApiJson<OwnContactBody>,
) -> Answer {
    call.write(move |cx| {
        let (mut work, user) = policy::family(cx)?;
        let channels = body.parse()?.read()?;
        let party = claim::state_contact(&mut work, user, path.0, channels)?;
        Ok(Reply::ok(&OwnPartyView::of(&party))?)
    })
    .await
}

/// Mounts the routes of families.
pub(super) fn mount(api: &mut Api) {
    api.post("/me/counselling/claims", "claim_party", redeem)
        .summary("Tie the account to a matter by the code that was handed over")
        .body::<ClaimBody>()
        .answers::<OwnPartyView>(201)
        .errors(&["claim-code-invalid"]);
    api.post(
        "/me/counselling/parties/{id}/safe-contact",
        "state_safe_contact",
        state_contact,
    )
    .summary("Say how one may be reached; logged in, that confirms it")
    .body::<OwnContactBody>()
    .answers::<OwnPartyView>(200);
}
