//! A family's own requests.

use actix_web::HttpResponse;

use super::requests::answer;
use crate::http::request::IdPath;
use crate::http::{Api, ApiQuery, Paging, Problem, Reply};
use crate::identity::Call;
use crate::legal_aid::model::{LegalAidRequest, RequestId};
use crate::legal_aid::policy::{self, Scope};
use crate::legal_aid::service::reading;
use crate::legal_aid::store::request::{self as store, Filter};
use crate::legal_aid::view::own::{OwnBeside, OwnLegalAidRequestView, OwnLegalAidRequestsQuery};
use crate::legal_aid::view::request::LegalAidRequestView;

type Path = IdPath<LegalAidRequest>;
type Answer = Result<HttpResponse, Problem>;

async fn list(call: Call, mut query: ApiQuery<OwnLegalAidRequestsQuery>) -> Answer {
    call.read(move |cx| {
        let (mut work, user) = policy::family(cx)?;
        let (scope, query) = (Scope::Own(user), query.parse()?);
        let filter = Filter {
            updated_since: query.updated_since,
            ..Filter::default()
        };
        let after = query.after_time::<RequestId>()?;
        let found = store::page(&mut work, &scope, &filter, after, query.limit())?;
        let total = if query.wants_total() {
            Some(store::count(&mut work, &scope, &filter, false)?)
        } else {
            None
        };
        let page = query.cut(found, total, LegalAidRequestView::key);
        let zone = work.zone();
        Ok(Reply::ok(&page.map(|one| {
            OwnLegalAidRequestView::of(zone, &one, &scope, OwnBeside::default())
        }))?)
    })
    .await
}

async fn show(call: Call, path: Path) -> Answer {
    call.write_secret(move |cx| {
        let (mut work, user) = policy::family(cx)?;
        let scope = Scope::Own(user);
        let request = reading::read(&mut work, &scope, path.0)?;
        answer(&mut work, &scope, &request)
    })
    .await
}

/// Mounts the routes of families.
pub(super) fn mount(api: &mut Api) {
    api.get(
        "/me/legal-aid-requests",
        "list_own_legal_aid_requests",
        list,
    )
    .summary("One's own requests, where each stands and what is wanted")
    .query::<OwnLegalAidRequestsQuery>()
    .pages::<OwnLegalAidRequestView>();
    api.get(
        "/me/legal-aid-requests/{id}",
        "show_own_legal_aid_request",
        show,
    )
    .summary("One of one's own requests")
    .answers::<OwnLegalAidRequestView>(200);
}
