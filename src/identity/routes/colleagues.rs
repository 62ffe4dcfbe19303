//! Who works for the office: what an id in an answer means, and whom something can be given to.

use actix_web::HttpResponse;

use crate::http::request::{ApiQuery, Paging, list_query};
use crate::http::{Api, Problem, Reply};
use crate::identity::call::Call;
use crate::identity::role::Role;
use crate::identity::service::account;
use crate::identity::store::directory::{Wanted, Whom};
use crate::identity::view::ColleagueView;
use crate::kernel::Timestamp;

/// Those whose work names colleagues. Whoever only counts, or is of another agency, has no need to.
const READERS: &[Role] = &[
    Role::Administrator,
    Role::Organiser,
    Role::Counsellor,
    Role::Supervisor,
    Role::LegalAidIntake,
    Role::Auditor,
];

list_query! {
    /// `GET /colleagues`.
    pub(super) struct ColleaguesQuery {
        /// Words of the name.
        q: String,
        /// Those who have this role.
        role: Role,
        /// Those who can log in, or those who no longer can.
        active: bool,
        /// Those changed since.
        #[param(value_type = Option<String>, format = DateTime)]
        updated_since: Timestamp,
    }
}

async fn list(call: Call, mut query: ApiQuery<ColleaguesQuery>) -> Result<HttpResponse, Problem> {
    call.read(move |cx| {
        cx.actor.require(READERS)?;
        let query = query.parse()?;
        let after = query.after()?;
        let wanted = Wanted {
            whom: Whom::Staff,
            q: query.q.as_deref(),
            role: query.role,
            active: query.active,
            updated_since: query.updated_since,
            ..Wanted::default()
        };
        let (limit, wants_total) = (query.limit(), query.wants_total());
        let (rows, total) = account::list(cx, &wanted, after, limit, wants_total)?;
        let page = query.cut(rows, total, |row| (row.name_key.clone(), row.id));
        Ok(Reply::ok(&page.map(|row| ColleagueView::of(&row)))?)
    })
    .await
}

/// Mounts the route.
pub(super) fn mount(api: &mut Api) {
    api.tag("users");
    api.get("/colleagues", "list_colleagues", list)
        .summary("Who works for the office, by name: ids, roles, and nobody's address.")
        .query::<ColleaguesQuery>()
        .pages::<ColleagueView>();
}
