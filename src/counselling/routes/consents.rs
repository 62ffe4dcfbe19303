//! Routes of the consents of a case.

use actix_web::HttpResponse;

use super::reading;
use crate::counselling::model::{Case, CounsellingCase};
use crate::counselling::policy::{self, Eyes};
use crate::counselling::record::ConsentId;
use crate::counselling::service::consent::{self as service, Shown};
use crate::counselling::service::withdrawal;
use crate::counselling::view::consent::{
    AdoptionConsentBody, AdoptionConsentView, AdoptionConsentsView, WithdrawConsentBody,
};
use crate::counselling::view::words::CaseReasonBody;
use crate::http::request::{IdPath, path_id};
use crate::http::{Api, ApiJson, Problem, Reply};
use crate::identity::Call;
use crate::office::work::Work;

type Path = IdPath<CounsellingCase>;
type Answer = Result<HttpResponse, Problem>;

fn consent_id(call: &Call) -> Result<ConsentId, Problem> {
    Ok(path_id(call.request(), "cid")?)
}

fn answer(work: &Work<'_>, shown: &Shown, who: (&Case, &Eyes)) -> Result<Reply, Problem> {
    let version = shown.consent.version;
    let view = AdoptionConsentView::of(work.zone(), shown, who);
    Ok(Reply::ok(&view)?.versioned(version))
}

async fn list(call: Call, path: Path) -> Answer {
    reading::read(call, path.0, "consents", |work, eyes, case| {
        let shown = service::list(work, case)?.into_iter();
        let zone = work.zone();
        let items = shown.map(|one| AdoptionConsentView::of(zone, &one, (case, eyes)));
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
        let (case, shown) = service::record(&mut work, &eyes, path.0, draft)?;
        let (id, version) = (shown.consent.id, shown.consent.version);
        let location = format!("/counselling-cases/{}/adoption-consents/{id}", path.0);
        let view = AdoptionConsentView::of(work.zone(), &shown, (&case, &eyes));
        Ok(Reply::created(&location, &view)?.versioned(version))
    })
    .await
}

async fn show(call: Call, path: Path) -> Answer {
    let id = consent_id(&call)?;
    reading::read(call, path.0, "consent", move |work, eyes, case| {
        let shown = service::load(work, case, id)?;
        answer(work, &shown, (case, eyes))
    })
    .await
}

async fn withdraw(call: Call, path: Path, body: ApiJson<WithdrawConsentBody>) -> Answer {
    let id = consent_id(&call)?;
    call.write(move |cx| {
        let (mut work, eyes) = policy::casework(cx)?;
        let said = body.parse()?.read()?;
        let (case, shown) = withdrawal::withdraw(&mut work, &eyes, (path.0, id), said)?;
        answer(&work, &shown, (&case, &eyes))
    })
    .await
}

async fn strike(call: Call, path: Path, body: ApiJson<CaseReasonBody>) -> Answer {
    let id = consent_id(&call)?;
    call.write(move |cx| {
        let (mut work, eyes) = policy::casework(cx)?;
        let reason = body.parse()?.read()?;
        let (case, shown) = withdrawal::strike(&mut work, &eyes, (path.0, id), reason)?;
        answer(&work, &shown, (&case, &eyes))
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
    api.post(&format!("{ONE}/strike"), "strike_adoption_consent", strike)
        .summary("It was entered by mistake: a supervisor strikes it, and it counts for nothing")
        .body::<CaseReasonBody>()
        .answers::<AdoptionConsentView>(200)
        .errors(&["action-not-allowed", "own-act"]);
}
