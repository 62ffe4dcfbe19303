//! Routes of the consents of a case.

use actix_web::HttpResponse;

use super::reading;
use crate::counselling::model::CounsellingCase;
use crate::counselling::policy;
use crate::counselling::record::ConsentId;
use crate::counselling::service::consent::{self as service, Shown};
use crate::counselling::service::withdrawal;
use crate::counselling::view::consent::{
    AdoptionConsentBody, AdoptionConsentView, AdoptionConsentsView, WithdrawConsentBody,
};
use crate::http::request::{IdPath, path_id};
use crate::http::{Api, ApiJson, Problem, Reply};
use crate::identity::Call;
use crate::office::work::Work;

type Path = IdPath<CounsellingCase>;
type Answer = Result<HttpResponse, Problem>;

fn consent_id(call: &Call) -> Result<ConsentId, Problem> {
    Ok(path_id(call.request(), "cid")?)
}

fn answer(work: &Work<'_>, shown: &Shown, has_hand: bool) -> Result<Reply, Problem> {
    let version = shown.consent.version;
    let view = AdoptionConsentView::of(work.zone(), shown, has_hand);
    Ok(Reply::ok(&view)?.versioned(version))
}

async fn list(call: Call, path: Path) -> Answer {
    reading::read(call, path.0, "consents", |work, eyes, case| {
        let shown = service::list(work, case)?.into_iter();
        let (zone, has_hand) = (work.zone(), policy::has_hand(case, eyes));
        let items = shown.map(|one| AdoptionConsentView::of(zone, &one, has_hand));
        Ok(Reply::ok(&AdoptionConsentsView {
            items: items.collect(),
        })?)
    })
    .await
}

async fn record(call: Call, path: Path, body: ApiJson<AdoptionConsentBody>) -> Answer {
    call.write(move |cx| {
        let (mut work, eyes) = policy::casework(cx)?;
        let draft = body.parse()?.read()?;
        let shown = service::record(&mut work, &eyes, path.0, draft)?;
        let (id, version) = (shown.consent.id, shown.consent.version);
        let location = format!("/counselling-cases/{}/adoption-consents/{id}", path.0);
        let view = AdoptionConsentView::of(work.zone(), &shown, true);
        Ok(Reply::created(&location, &view)?.versioned(version))
    })
    .await
}

async fn show(call: Call, path: Path) -> Answer {
    let id = consent_id(&call)?;
    reading::read(call, path.0, "consent", move |work, eyes, case| {
        let shown = service::load(work, case, id)?;
        answer(work, &shown, policy::has_hand(case, eyes))
    })
    .await
}

async fn withdraw(call: Call, path: Path, body: ApiJson<WithdrawConsentBody>) -> Answer {
    let id = consent_id(&call)?;
    call.write(move |cx| {
        let (mut work, eyes) = policy::casework(cx)?;
        let said = body.parse()?.read()?;
        let shown = withdrawal::withdraw(&mut work, &eyes, (path.0, id), said)?;
        answer(&work, &shown, true)
    })
    .await
}

const ALL: &str = "/counselling-cases/{id}/adoption-consents";
const ONE: &str = "/counselling-cases/{id}/adoption-consents/{cid}";

/// Mounts the routes of consents.
pub(super) fn mount(api: &mut Api) {
    api.get(ALL, "list_adoption_consents", list)
        .summary("The consents of a case, oldest first")
        .answers::<AdoptionConsentsView>(200);
    api.post(ALL, "record_adoption_consent", record)
        .summary("Enter what someone decided; the time to take it back opens by itself")
        .body::<AdoptionConsentBody>()
        .answers::<AdoptionConsentView>(201)
        .errors(&["action-not-allowed"]);
    api.get(ONE, "show_adoption_consent", show)
        .summary("One consent")
        .answers::<AdoptionConsentView>(200);
    api.post(
        &format!("{ONE}/withdraw"),
        "withdraw_adoption_consent",
        withdraw,
    )
    .summary("A consent was taken back: in time the case rests, too late it is flagged")
    .body::<WithdrawConsentBody>()
    .answers::<AdoptionConsentView>(200)
    .errors(&["action-not-allowed"]);
}
