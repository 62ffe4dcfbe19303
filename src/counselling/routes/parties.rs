//! Routes of the parties of a case.

use actix_web::HttpResponse;

use super::reading;
use crate::counselling::model::{Case, CounsellingCase, Party, PartyId};
use crate::counselling::policy::{self, Eyes};
use crate::counselling::service::{claim, party as service};
use crate::counselling::status::CaseAction;
use crate::counselling::store::party as store;
use crate::counselling::view::party::{
    ClaimCodeView, PartiesView, PartyBody, PartyPatch, PartyView, SafeContactBody,
};
use crate::http::request::{IdPath, path_id};
use crate::http::{Api, ApiJson, Problem, Reply};
use crate::identity::Call;
use crate::office::work::Work;

type Path = IdPath<CounsellingCase>;
type Answer = Result<HttpResponse, Problem>;

fn party_id(call: &Call) -> Result<PartyId, Problem> {
    Ok(path_id(call.request(), "pid")?)
}

/// A party; what may be done to it only for who may change the case's parties.
fn view(work: &mut Work<'_>, party: &Party, may_edit: bool) -> Result<PartyView, Problem> {
    let actions = service::actions(work, party, may_edit)?;
    let party = service::shown(work, party.clone())?;
    Ok(PartyView::of(work.zone(), &party, actions))
}

fn answer(work: &mut Work<'_>, party: &Party, may_edit: bool) -> Result<Reply, Problem> {
    Ok(Reply::ok(&view(work, party, may_edit)?)?.versioned(party.version))
}

fn may_edit(case: &Case, eyes: &Eyes) -> bool {
    policy::require_case(case, eyes, CaseAction::Edit).is_ok()
}

async fn list(call: Call, path: Path) -> Answer {
    reading::read(call, path.0, "parties", |work, eyes, case| {
        let (parties, may_edit) = (store::of_case(work, case)?, may_edit(case, eyes));
        let items = parties.iter().map(|one| view(work, one, may_edit));
        let items = items.collect::<Result<_, _>>()?;
        Ok(Reply::ok(&PartiesView { items })?)
    })
    .await
}

async fn add(call: Call, path: Path, body: ApiJson<PartyBody>) -> Answer {
    call.write(move |cx| {
        let (mut work, eyes) = policy::casework(cx)?;
        let draft = body.parse()?.read()?;
        let party = service::add(&mut work, &eyes, path.0, draft)?;
        let location = format!("/counselling-cases/{}/parties/{}", party.case_id, party.id);
        let view = view(&mut work, &party, true)?;
        Ok(Reply::created(&location, &view)?.versioned(party.version))
    })
    .await
}

async fn show(call: Call, path: Path) -> Answer {
    let id = party_id(&call)?;
    reading::read(call, path.0, "party", move |work, eyes, case| {
        let party = store::load(work, case, id)?;
        answer(work, &party, may_edit(case, eyes))
    })
    .await
}

async fn edit(call: Call, path: Path, body: ApiJson<PartyPatch>) -> Answer {
    let id = party_id(&call)?;
    call.write(move |cx| {
        let expected = cx.expected;
        let (mut work, eyes) = policy::casework(cx)?;
        let changes = body.parse()?;
        let place = (path.0, id);
        let party = service::edit(&mut work, &eyes, place, expected, |old| changes.over(old))?;
        answer(&mut work, &party, true)
    })
    .await
}

async fn remove(call: Call, path: Path) -> Answer {
    let id = party_id(&call)?;
    call.write(move |cx| {
        let expected = cx.expected;
        let (mut work, eyes) = policy::casework(cx)?;
        service::remove(&mut work, &eyes, (path.0, id), expected)?;
        Ok(Reply::no_content())
    })
    .await
}

async fn confirm_contact(call: Call, path: Path, body: ApiJson<SafeContactBody>) -> Answer {
    let id = party_id(&call)?;
    call.write(move |cx| {
        let (mut work, eyes) = policy::casework(cx)?;
        let stated = body.parse()?.read()?;
        let party = service::confirm_contact(&mut work, &eyes, (path.0, id), stated)?;
        answer(&mut work, &party, true)
    })
    .await
}

async fn issue_code(call: Call, path: Path) -> Answer {
    let id = party_id(&call)?;
    call.write_secret(move |cx| {
        let (mut work, eyes) = policy::casework(cx)?;
        let (claim_code, expires_at) = claim::issue(&mut work, &eyes, (path.0, id))?;
        let view = ClaimCodeView {
            claim_code,
            expires_at: work.zone().show(expires_at),
        };
        Ok(Reply::json(201, &view)?)
    })
    .await
}

async fn untie(call: Call, path: Path) -> Answer {
    let id = party_id(&call)?;
    call.write(move |cx| {
        let (mut work, eyes) = policy::casework(cx)?;
        let party = service::untie(&mut work, &eyes, (path.0, id))?;
        answer(&mut work, &party, true)
    })
    .await
}

const ALL: &str = "/counselling-cases/{id}/parties";
const ONE: &str = "/counselling-cases/{id}/parties/{pid}";

/// Mounts the routes of parties.
pub(super) fn mount(api: &mut Api) {
    api.get(ALL, "list_parties", list)
        .summary("The parties of a case")
        .answers::<PartiesView>(200);
    api.post(ALL, "add_party", add)
        .summary("Add a party to a case")
        .body::<PartyBody>()
        .answers::<PartyView>(201)
        .errors(&["action-not-allowed"]);
    api.get(ONE, "show_party", show)
        .summary("One party")
        .answers::<PartyView>(200);
    api.patch(ONE, "edit_party", edit)
        .summary("Change who a party is; a new address or phone is one nobody has confirmed")
        .body::<PartyPatch>()
        .answers::<PartyView>(200)
        .errors(&[
            "action-not-allowed",
            "party-in-use",
            "appointment-slot-taken",
            "sides-apart",
        ]);
    api.delete(ONE, "remove_party", remove)
        .summary("Take a party out of a case")
        .guarded()
        .answers_empty(204)
        .errors(&["action-not-allowed", "party-in-use"]);
    api.post(
        &format!("{ONE}/safe-contact"),
        "confirm_safe_contact",
        confirm_contact,
    )
    .summary("Staff spoke with the person: these channels are safe")
    .body::<SafeContactBody>()
    .answers::<PartyView>(200)
    .errors(&["action-not-allowed"]);
    api.post(&format!("{ONE}/claim-code"), "issue_claim_code", issue_code)
        .summary("A one-time code, handed over in person, that ties a family's account")
        .shown_once()
        .answers::<ClaimCodeView>(201)
        .errors(&["action-not-allowed", "party-tied"]);
    api.post(&format!("{ONE}/untie-account"), "untie_account", untie)
        .summary("Take the account from a party: it sees and hears nothing of it any more")
        .answers::<PartyView>(200)
        .errors(&["action-not-allowed", "appointment-slot-taken"]);
}
