//! Routes of what is printed: to print is to read, and leaves its row in the audit log.

use actix_web::HttpResponse;
use serde::Deserialize;

use crate::http::request::IdPath;
use crate::http::{Api, ApiQuery, Problem, Reply};
use crate::identity::Call;
use crate::kernel::Fault;
use crate::legal_aid::model::LegalAidRequest;
use crate::legal_aid::policy;
use crate::legal_aid::print::{Facts, Receipt};
use crate::legal_aid::service::{reading, receipt};
use crate::paper;

type Path = IdPath<LegalAidRequest>;
type Answer = Result<HttpResponse, Problem>;

/// What stands on a receipt beside the two it is for.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct LegalAidReceiptQuery {
    /// Whether the child-protection line 111 stands on it: only where it is safe at home.
    #[serde(default)]
    hotline: bool,
}

fn file(name: &str, bytes: Result<Vec<u8>, paper::Error>) -> Result<Reply, Problem> {
    let bytes = bytes.map_err(|error| Fault::Internal(error.to_string()))?;
    Ok(Reply::file(paper::DOCX, name, bytes))
}

async fn letter(call: Call, path: Path) -> Answer {
    let printed = call.part(move |cx| {
        let (mut work, eyes) = policy::intake(cx)?;
        let scope = policy::Scope::Staff(eyes);
        let request = reading::print(&mut work, &scope, path.0, reading::LETTER)?;
        let facts = Facts::as_sent(&mut work, request)?;
        file(&facts.file_name("phieu-chuyen"), facts.referral_letter())
    });
    Ok(printed.await?.answer(None))
}

async fn form(call: Call, path: Path) -> Answer {
    let printed = call.part(move |cx| {
        let (mut work, scope) = policy::anyone(cx)?;
        let request = reading::print(&mut work, &scope, path.0, reading::FORM)?;
        let facts = Facts::load(&mut work, request)?;
        file(&facts.file_name("don-yeu-cau"), facts.request_form())
    });
    Ok(printed.await?.answer(None))
}

async fn receipt(call: Call, path: Path, mut query: ApiQuery<LegalAidReceiptQuery>) -> Answer {
    let printed = call.part(move |cx| {
        let (mut work, eyes) = policy::intake(cx)?;
        let query = query.parse()?;
        let (request, printed) = receipt::current(&mut work, eyes, path.0)?;
        let facts = Facts::load(&mut work, request)?;
        let name = facts.file_name("giay-tiep-nhan");
        let receipt = Receipt {
            facts,
            printed,
            with_hotline: query.hotline,
        };
        file(&name, receipt.into_bytes())
    });
    Ok(printed.await?.answer(None))
}

/// Mounts the routes.
pub(super) fn mount(api: &mut Api) {
    api.get(
        "/legal-aid-requests/{id}/referral-letter.docx",
        "print_legal_aid_referral_letter",
        letter,
    )
    .summary("The letter to the Centre (phiếu chuyển); once it was sent, with its number")
    .answers_file(&[paper::DOCX])
    .errors(&["action-not-allowed"]);
    api.get(
        "/legal-aid-requests/{id}/request-form.docx",
        "print_legal_aid_request_form",
        form,
    )
    .summary("The request to sign, with the fields of form 02-TP-TGPL; families print their own")
    .answers_file(&[paper::DOCX]);
    api.get(
        "/legal-aid-requests/{id}/receipt.docx",
        "print_legal_aid_receipt",
        receipt,
    )
    .summary("The current receipt (giấy tiếp nhận) with code and PIN")
    .query::<LegalAidReceiptQuery>()
    .answers_file(&[paper::DOCX])
    .errors(&["action-not-allowed"]);
}
