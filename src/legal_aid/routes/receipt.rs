//! Routes of receipts, and of asking by one where a request stands.

use actix_web::HttpResponse;
use serde::{Deserialize, Serialize};

use crate::http::request::IdPath;
use crate::http::{Api, ApiJson, Problem, Reply};
use crate::identity::{Call, Visit};
use crate::legal_aid::error::Error;
use crate::legal_aid::model::LegalAidRequest;
use crate::legal_aid::policy;
use crate::legal_aid::service::receipt::{self as service, Asked};
use crate::legal_aid::words::PublicStage;

type Answer = Result<HttpResponse, Problem>;

/// What a receipt tells.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct LegalAidReceiptView {
    /// What the family calls the request.
    code: String,
    /// Six digits, shown here and on the printed receipt; a new receipt has new ones.
    pin: String,
}

/// The two of a receipt.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct PublicStatusBody {
    /// The code.
    #[schema(example = "K7M2-94", max_length = 32)]
    code: String,
    /// The PIN.
    #[schema(example = "304817", max_length = 32)]
    pin: String,
    /// The office's code; optional while there is one office.
    office: Option<String>,
}

/// Where a request stands, for whoever has its receipt.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct PublicStatusView {
    stage: PublicStage,
    /// The stage in the caller's language.
    stage_text: &'static str,
}

async fn make(call: Call, path: IdPath<LegalAidRequest>) -> Answer {
    call.write_secret(move |cx| {
        let (mut work, eyes) = policy::intake(cx)?;
        let printed = service::make(&mut work, eyes, path.0)?;
        let view = LegalAidReceiptView {
            code: printed.code,
            pin: printed.pin,
        };
        Ok(Reply::json(201, &view)?)
    })
    .await
}

async fn status(visit: Visit, body: ApiJson<PublicStatusBody>) -> Answer {
    let body = body.parse()?;
    let language = visit.origin().language;
    let asked = Asked {
        code: body.code,
        pin: body.pin,
        office: body.office,
    };
    // The try is written even where it is refused, so the refusal comes after.
    let found = visit
        .write(move |open| Ok(service::status(open, &asked)?))
        .await?;
    let stage = found.ok_or(Error::ReceiptInvalid)?;
    let (vi, en) = match stage {
        PublicStage::Received => ("Đã nhận", "Received"),
        PublicStage::SomethingWanted => ("Cần bổ sung", "Something is wanted of you"),
        PublicStage::UnderWay => ("Đang xem xét", "Under way"),
        PublicStage::Answered => (
            "Đã có trả lời; xin đến bàn đón tiếp",
            "There is an answer; please come to the front desk",
        ),
    };
    let view = PublicStatusView {
        stage,
        stage_text: language.pick(vi, en),
    };
    Ok(Reply::ok(&view)?.answer(None))
}

/// Mounts the routes.
pub(super) fn mount(api: &mut Api) {
    api.post(
        "/legal-aid-requests/{id}/receipt",
        "make_legal_aid_receipt",
        make,
    )
    .summary("Make a receipt: code and PIN, for a family without e-mail; an older PIN is dead")
    .shown_once()
    .answers::<LegalAidReceiptView>(201)
    .errors(&["action-not-allowed"]);
    api.post("/public/status", "show_public_status", status)
        .summary("Where a request stands, by the two of its receipt; five wrong tries lock it")
        .public()
        .body::<PublicStatusBody>()
        .answers::<PublicStatusView>(200)
        .errors(&["receipt-invalid"]);
}
