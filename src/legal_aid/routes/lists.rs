//! The lists a request chooses from.

use actix_web::HttpResponse;

use crate::http::{Api, Problem, Reply};
use crate::identity::Call;
use crate::legal_aid::policy;
use crate::legal_aid::store::terms::{self, List};
use crate::legal_aid::view::list::LegalAidTermsView;

type Answer = Result<HttpResponse, Problem>;

async fn list(call: Call, list: List) -> Answer {
    call.read(move |cx| {
        let language = cx.language();
        let work = policy::read_lists(cx);
        let terms = terms::load(work.conn)?;
        let of_list: Vec<_> = terms.of(list).collect();
        Ok(Reply::ok(&LegalAidTermsView::of(language, &of_list))?)
    })
    .await
}

async fn fields(call: Call) -> Answer {
    list(call, List::Field).await
}

async fn forms(call: Call) -> Answer {
    list(call, List::Form).await
}

async fn categories(call: Call) -> Answer {
    list(call, List::Category).await
}

/// Mounts the routes of the lists.
pub(super) fn mount(api: &mut Api) {
    api.get("/legal-aid/fields", "list_legal_aid_fields", fields)
        .summary("Fields of law in which legal aid is asked for")
        .answers::<LegalAidTermsView>(200);
    api.get("/legal-aid/forms", "list_legal_aid_forms", forms)
        .summary("Forms of legal aid")
        .answers::<LegalAidTermsView>(200);
    api.get(
        "/legal-aid/categories",
        "list_legal_aid_categories",
        categories,
    )
    .summary("Categories of beneficiaries, each with the papers it shows")
    .answers::<LegalAidTermsView>(200);
}
