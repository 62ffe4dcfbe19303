//! Routes of the consents of a case.

use actix_web::HttpResponse;

use crate::counselling::model::CounsellingCase;
use crate::counselling::policy;
use crate::counselling::record::ConsentId;
use crate::counselling::service::case;
use crate::counselling::service::consent::{self as service, Shown};
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

fn answer(work: &Work<'_>, shown: &Shown) -> Result<Reply, Problem> {
    let version = shown.consent.version;
    let view = AdoptionConsentView::of(work.zone(), shown);
    Ok(Reply::ok(&view)?.versioned(version))
}

async fn list(call: Call, path: Path) -> Answer {
    call.read(move |cx| {
        let (mut work, eyes) = policy::casework(cx)?;
        let case = case::load(&mut work, &eyes, path.0)?;
        let shown = service::list(&mut work, &case)?.into_iter();
        let zone = work.zone();
        let items = shown.map(|one| AdoptionConsentView::of(zone, &one));
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
        let view = AdoptionConsentView::of(work.zone(), &shown);
        Ok(Reply::created(&location, &view)?.versioned(version))
    })
    .await
}

async fn show(call: Call, path: Path) -> Answer {
    let id = consent_id(&call)?;
    call.read(move |cx| {
        let (mut work, eyes) = policy::casework(cx)?;
        let case = case::load(&mut work, &eyes, path.0)?;
        let shown = service::load(&mut work, &case, id)?;
        answer(&work, &shown)
    })
    .await
}

async fn withdraw(call: Call, path: Path, body: ApiJson<WithdrawConsentBody>) -> Answer {
    let id = consent_id(&call)?;
    call.write(move |cx| {
        let (mut work, eyes) = policy::casework(cx)?;
        let said = body.parse()?.read()?;
        let shown = service::withdraw(&mut work, &eyes, (path.0, id), said)?;
        answer(&work, &shown)
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
