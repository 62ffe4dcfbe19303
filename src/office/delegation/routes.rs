//! Routes of delegations.

use actix_web::HttpResponse;
use chrono::NaiveDate;

use super::store::{Row, Wanted};
use super::view::{DelegationBody, DelegationView};
use super::{Delegation, DelegationId, Duty, service};
use crate::http::body::ApiJson;
use crate::http::request::{ApiQuery, IdPath, Paging};
use crate::http::{Api, Problem, Reply, list_query};
use crate::identity::{Call, Cx, Role};
use crate::kernel::Timestamp;
use crate::kernel::error::Check;

type Answer = Result<HttpResponse, Problem>;

/// Whoever delegates or may stand in.
const CONCERNED: &[Role] = &[
    Role::Administrator,
    Role::Supervisor,
    Role::Counsellor,
    Role::LegalAidIntake,
];

list_query! {
    /// `GET /delegations`.
    pub(super) struct DelegationsQuery {
        /// Of this duty.
        duty: Duty,
        /// Those that count on this office day.
        on: NaiveDate,
        /// Those changed since.
        #[param(value_type = Option<String>, format = DateTime)]
        updated_since: Timestamp,
    }
}

async fn list(call: Call, mut query: ApiQuery<DelegationsQuery>) -> Answer {
    call.read(move |cx| {
        cx.actor.require(CONCERNED)?;
        let query = query.parse()?;
        let before = query.after::<DelegationId>()?;
        let mut check = Check::new();
        check.day("on", query.on);
        check.done()?;
        let wanted = Wanted {
            of: None,
            duty: query.duty,
            on: query.on,
            updated_since: query.updated_since,
        };
        let limit = query.limit();
        let (rows, total) = service::list(cx, wanted, before, limit, query.wants_total())?;
        let may_revoke = service::may_delegate(cx)?;
        let page = query.cut(rows, total, |row| row.id);
        let when = (cx.zone(), cx.now);
        Ok(Reply::ok(
            &page.map(|row| DelegationView::of(row, when, may_revoke)),
        )?)
    })
    .await
}

fn view(cx: &mut Cx<'_>, row: Row) -> Result<DelegationView, Problem> {
    let may_revoke = service::may_delegate(cx)?;
    Ok(DelegationView::of(row, (cx.zone(), cx.now), may_revoke))
}

async fn create(call: Call, body: ApiJson<DelegationBody>) -> Answer {
    call.write(move |cx| {
        let made = service::create(cx, || body.parse())?;
        let (location, version) = (format!("/delegations/{}", made.id), made.version);
        Ok(Reply::created(&location, &view(cx, made)?)?.versioned(version))
    })
    .await
}

async fn show(call: Call, path: IdPath<Delegation>) -> Answer {
    call.read(move |cx| {
        cx.actor.require(CONCERNED)?;
        let found = service::load(cx, path.0)?;
        let version = found.version;
        Ok(Reply::ok(&view(cx, found)?)?.versioned(version))
    })
    .await
}

async fn revoke(call: Call, path: IdPath<Delegation>) -> Answer {
    call.write(move |cx| {
        let ended = service::revoke(cx, path.0)?;
        let version = ended.version;
        Ok(Reply::ok(&view(cx, ended)?)?.versioned(version))
    })
    .await
}

/// Mounts the routes.
pub fn mount(api: &mut Api) {
    api.tag("Duties");
    api.get("/delegations", "list_delegations", list)
        .summary("Who stands in for whom: all for supervisors and administrators, else one's own.")
        .query::<DelegationsQuery>()
        .pages::<DelegationView>();
    api.post("/delegations", "create_delegation", create)
        .summary("Lets someone stand in; an administrator's only while no supervisor is active.")
        .body::<DelegationBody>()
        .answers::<DelegationView>(201)
        .errors(&["supervisor-active"]);
    api.get("/delegations/{id}", "show_delegation", show)
        .summary("One delegation.")
        .answers::<DelegationView>(200);
    api.post("/delegations/{id}/revoke", "revoke_delegation", revoke)
        .summary("Ends a delegation before its time.")
        .answers::<DelegationView>(200)
        .errors(&["action-not-allowed", "supervisor-active"]);
}
