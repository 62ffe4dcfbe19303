//! Routes by which a family's account is tied to a request that staff wrote down.

use actix_web::HttpResponse;
use serde::{Deserialize, Serialize};

use super::requests::{ONE, answer};
use crate::http::request::IdPath;
use crate::http::{Api, ApiJson, Problem, Reply};
use crate::identity::Call;
use crate::kernel::civil::Shown;
use crate::legal_aid::model::{LegalAidRequest, RequestId};
use crate::legal_aid::policy::{self, Scope};
use crate::legal_aid::service::claim as service;
use crate::legal_aid::view::request::LegalAidRequestView;

type Path = IdPath<LegalAidRequest>;
type Answer = Result<HttpResponse, Problem>;

/// A one-time code that ties a family's account to a request; it is shown once.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct LegalAidClaimCodeView {
    /// What the family types: `K7M2-94QX`.
    claim_code: String,
    /// Until when it works.
    expires_at: Shown,
}

/// The code a family was handed.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct LegalAidClaimBody {
    /// The code.
    #[schema(example = "K7M2-94QX")]
    claim_code: String,
}

/// The request that is the family's now.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct LegalAidClaimView {
    id: RequestId,
    /// What mails and the desk call it.
    #[schema(example = "K7M2-94")]
    code: String,
}

async fn issue(call: Call, path: Path) -> Answer {
    call.write_secret(move |cx| {
        let (mut work, eyes) = policy::intake(cx)?;
        let (claim_code, expires_at) = service::issue(&mut work, eyes, path.0)?;
        let view = LegalAidClaimCodeView {
            claim_code,
            expires_at: work.zone().show(expires_at),
        };
        Ok(Reply::json(201, &view)?)
    })
    .await
}

async fn untie(call: Call, path: Path) -> Answer {
    call.write(move |cx| {
        let (mut work, eyes) = policy::intake(cx)?;
        let request = service::untie(&mut work, eyes, path.0)?;
        answer(&mut work, &Scope::Staff(eyes), &request)
    })
    .await
}

async fn redeem(call: Call, body: ApiJson<LegalAidClaimBody>) -> Answer {
    call.write(move |cx| {
        let (mut work, user) = policy::family(cx)?;
        let request = service::redeem(&mut work, user, &body.parse()?.claim_code)?;
        let view = LegalAidClaimView {
            id: request.id,
            code: request.code,
        };
        Ok(Reply::json(201, &view)?)
    })
    .await
}

/// Mounts the routes of staff.
pub(super) fn mount(api: &mut Api) {
    api.post(
        &format!("{ONE}/claim-code"),
        "issue_legal_aid_claim_code",
        issue,
    )
    .summary("A one-time code, handed over in person, that ties a family's account")
    .shown_once()
    .answers::<LegalAidClaimCodeView>(201)
    .errors(&["action-not-allowed"]);
    api.post(
        &format!("{ONE}/untie-account"),
        "untie_legal_aid_account",
        untie,
    )
    .summary("Take the account from a request: it sees and hears nothing of it any more")
    .answers::<LegalAidRequestView>(200)
    .errors(&["action-not-allowed"]);
}

/// Mounts the one of families.
pub(super) fn mount_own(api: &mut Api) {
    api.post("/me/legal-aid-claims", "claim_legal_aid_request", redeem)
        .summary("Tie the account to a request by the code that was handed over")
        .body::<LegalAidClaimBody>()
        .answers::<LegalAidClaimView>(201)
        .errors(&["claim-code-invalid"]);
}
