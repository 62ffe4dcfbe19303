//! What a family sees and does of its own.

use actix_web::HttpResponse;

use crate::counselling::model::CounsellingParty;
use crate::counselling::policy;
use crate::counselling::record::NoteId;
use crate::counselling::service::{claim, overview, party};
use crate::counselling::store::note;
use crate::counselling::view::note::{OwnSummaryView, SummariesQuery};
use crate::counselling::view::overview::OwnCounsellingView;
use crate::counselling::view::party::{ClaimBody, OwnContactBody, OwnPartyView};
use crate::http::request::IdPath;
use crate::http::{Api, ApiJson, ApiQuery, Paging, Problem, Reply};
use crate::identity::Call;

type Answer = Result<HttpResponse, Problem>;

async fn overview(call: Call) -> Answer {
    call.read(move |cx| {
        let (mut work, user) = policy::family(cx)?;
        let found = overview::of(&mut work, user)?;
        let desk = work.settings()?.desk.address.clone();
        let when = (work.zone(), work.now);
        let view = OwnCounsellingView::of(when, (user, desk.as_deref()), found);
        Ok(Reply::ok(&view)?)
    })
    .await
}

async fn redeem(call: Call, body: ApiJson<ClaimBody>) -> Answer {
    call.write(move |cx| {
        let (mut work, user) = policy::family(cx)?;
        let party = claim::redeem(&mut work, user, &body.parse()?.claim_code)?;
        let party = party::shown(&mut work, party)?;
        let view = OwnPartyView::of(&party);
        Ok(Reply::json(201, &view)?.versioned(party.version))
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
        let stated = body.parse()?.read()?;
        let party = claim::state_contact(&mut work, user, path.0, stated)?;
        let party = party::shown(&mut work, party)?;
        let view = OwnPartyView::of(&party);
        Ok(Reply::ok(&view)?.versioned(party.version))
    })
    .await
}

async fn summaries(call: Call, mut query: ApiQuery<SummariesQuery>) -> Answer {
    call.read(move |cx| {
        let (mut work, user) = policy::family(cx)?;
        let query = query.parse()?;
        let before = query.after_time::<NoteId>()?;
        let found = note::summaries(&mut work, user, before, query.limit())?;
        let page = query.cut(found, None, OwnSummaryView::key);
        let zone = work.zone();
        Ok(Reply::ok(&page.map(|one| OwnSummaryView::of(zone, one)))?)
    })
    .await
}

/// Mounts the routes of families.
pub(super) fn mount(api: &mut Api) {
    api.get("/me/counselling", "show_own_counselling", overview)
        .summary(
            "One's counselling at once: requests, appointments to come, what is due, summaries",
        )
        .answers::<OwnCounsellingView>(200);
    api.post("/me/counselling/claims", "claim_party", redeem)
        .summary("Tie the account to a matter by the code that was handed over")
        .body::<ClaimBody>()
        .answers::<OwnPartyView>(201)
        .errors(&["claim-code-invalid", "sides-apart"]);
    api.post(
        "/me/counselling/parties/{id}/safe-contact",
        "state_safe_contact",
        state_contact,
    )
    .summary("Say how one may be reached; logged in, that confirms it")
    .body::<OwnContactBody>()
    .answers::<OwnPartyView>(200)
    .errors(&["appointment-slot-taken"]);
    api.get("/me/counselling/summaries", "list_own_summaries", summaries)
        .summary("The summaries the office shows this family, newest first")
        .query::<SummariesQuery>()
        .pages::<OwnSummaryView>();
}
