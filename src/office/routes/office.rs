//! Routes of the office itself.

use super::Answer;
use crate::http::body::ApiJson;
use crate::http::request::ApiQuery;
use crate::http::{Api, Problem, Reply};
use crate::identity::service::staff;
use crate::identity::{Call, Cx, Role, Visit};
use crate::kernel::Fault;
use crate::office::body::OfficePatch;
use crate::office::settings::OfficeSettings;
use crate::office::view::{OfficeView, PublicOfficeView};
use crate::office::{STAFF, duty, service, settings};

/// Seconds the public view may be kept.
const PUBLIC_SECONDS: u32 = 60;

/// `GET /public/office`.
#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PublicQuery {
    /// The office's code; optional while there is one.
    office: Option<String>,
}

async fn show(call: Call) -> Answer {
    call.read(|cx| {
        cx.actor.require(STAFF)?;
        let office = settings::load(cx.conn, cx.office())?;
        answer(cx, office)
    })
    .await
}

async fn update(call: Call, body: ApiJson<OfficePatch>) -> Answer {
    call.write(move |cx| {
        cx.actor.require(&[Role::Administrator])?;
        let patch = body.parse()?;
        let old = settings::load(cx.conn, cx.office())?;
        cx.expected.require(old.version)?;
        let fields = patch.fields();
        let fit = duty::fit(cx.conn, old.id, patch.duty_list())?;
        let office = service::office::update(cx, &patch.over(old, &fit)?, &fields)?;
        answer(cx, office)
    })
    .await
}

fn answer(cx: &mut Cx<'_>, office: OfficeSettings) -> Result<Reply, Problem> {
    let held = staff::held_roles(cx.conn, office.id)?;
    let has_list = !duty::list(cx.conn, office.id)?.is_empty();
    let unheld = duty::unheld(&held, has_list);
    let version = office.version;
    Ok(Reply::ok(&OfficeView::of(office, unheld, cx.actor))?.versioned(version))
}

async fn show_public(visit: Visit, mut query: ApiQuery<PublicQuery>) -> Answer {
    visit
        .read(move |open| {
            let query = query.parse()?;
            let found = settings::find_public(open.conn, query.office.as_deref())?;
            let office = found.ok_or(Fault::NotFound)?;
            Ok(Reply::ok(&PublicOfficeView::of(office))?.kept_for(PUBLIC_SECONDS))
        })
        .await
}

/// Mounts the routes.
pub(super) fn mount(api: &mut Api) {
    api.tag("office");
    api.get("/office", "show_office", show)
        .summary("The office: names, desk, document header, duties and every policy value.")
        .answers::<OfficeView>(200);
    api.patch("/office", "update_office", update)
        .summary("Changes the office; an administrator's.")
        .body::<OfficePatch>()
        .answers::<OfficeView>(200);
    api.get("/public/office", "show_public_office", show_public)
        .summary("The office's name and desk, for anybody.")
        .query::<PublicQuery>()
        .answers::<PublicOfficeView>(200)
        .errors(&["not-found"])
        .public();
}
