//! Routes of agencies.

use super::Answer;
use crate::http::body::ApiJson;
use crate::http::request::{ApiQuery, IdPath, Paging};
use crate::http::{Api, Reply, list_query};
use crate::identity::Call;
use crate::kernel::{Agency, Timestamp};
use crate::office::agency::{AgencyKind, Wanted};
use crate::office::body::{AgencyBody, AgencyPatch};
use crate::office::service::agency;
use crate::office::view::AgencyView;
use crate::office::{KEEPERS, STAFF};

list_query! {
    /// `GET /agencies`.
    pub(super) struct AgenciesQuery {
        /// Words of the name or the code.
        q: String,
        /// Of a kind.
        kind: AgencyKind,
        /// In use or not.
        active: bool,
        /// Those changed since.
        #[param(value_type = Option<String>, format = DateTime)]
        updated_since: Timestamp,
    }
}

async fn list(call: Call, mut query: ApiQuery<AgenciesQuery>) -> Answer {
    call.read(move |cx| {
        cx.actor.require(STAFF)?;
        let query = query.parse()?;
        let after = query.after()?;
        let wanted = Wanted {
            q: query.q.as_deref(),
            kind: query.kind,
            active: query.active,
            updated_since: query.updated_since,
        };
        let limit = query.limit();
        let (rows, total) = agency::list(cx, &wanted, after, limit, query.wants_total())?;
        let page = query.cut(rows, total, |row| (row.name_key.clone(), row.id));
        let actor = cx.actor;
        Ok(Reply::ok(&page.map(|row| AgencyView::of(row, actor)))?)
    })
    .await
}

async fn create(call: Call, body: ApiJson<AgencyBody>) -> Answer {
    call.write(move |cx| {
        cx.actor.require(KEEPERS)?;
        let made = agency::create(cx, &body.parse()?.check()?)?;
        let (location, version) = (format!("/agencies/{}", made.id), made.version);
        Ok(Reply::created(&location, &AgencyView::of(made, cx.actor))?.versioned(version))
    })
    .await
}

async fn show(call: Call, path: IdPath<Agency>) -> Answer {
    call.read(move |cx| {
        cx.actor.require(STAFF)?;
        let found = agency::load(cx, path.0)?;
        let version = found.version;
        Ok(Reply::ok(&AgencyView::of(found, cx.actor))?.versioned(version))
    })
    .await
}

async fn update(call: Call, path: IdPath<Agency>, body: ApiJson<AgencyPatch>) -> Answer {
    call.write(move |cx| {
        cx.actor.require(KEEPERS)?;
        let changed = agency::update(cx, path.0, body.parse()?.check()?)?;
        let version = changed.version;
        Ok(Reply::ok(&AgencyView::of(changed, cx.actor))?.versioned(version))
    })
    .await
}

/// Mounts the routes.
pub(super) fn mount(api: &mut Api) {
    api.get("/agencies", "list_agencies", list)
        .summary("The agencies of the ward's plan and others, by name.")
        .query::<AgenciesQuery>()
        .pages::<AgencyView>();
    api.post("/agencies", "create_agency", create)
        .summary("Adds an agency.")
        .body::<AgencyBody>()
        .answers::<AgencyView>(201)
        .errors(&["agency-code-taken"]);
    api.get("/agencies/{id}", "show_agency", show)
        .summary("One agency.")
        .answers::<AgencyView>(200);
    api.patch("/agencies/{id}", "update_agency", update)
        .summary("Changes an agency; one that is no longer active stays where it is named.")
        .body::<AgencyPatch>()
        .answers::<AgencyView>(200)
        .errors(&["agency-code-taken"]);
}
