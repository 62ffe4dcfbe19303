//! Routes of alerts. What an alert says is in the answer of one route alone, so that no list, no
//! action and no kept answer holds it.

use actix_web::HttpResponse;

use super::service::{self, Seen};
use super::status::AlertStatus;
use super::store::Wanted;
use super::view::{AlertBody, CloseBody, RiskAlertDetails, RiskAlertView};
use super::{AlertSource, NewAlert, RiskAlert, RiskAlertId, Sees};
use crate::http::body::ApiJson;
use crate::http::request::{ApiQuery, IdPath, Paging};
use crate::http::{Api, Problem, Reply, list_query};
use crate::identity::{Call, Cx, Role};
use crate::kernel::{Fault, Timestamp};

type Answer = Result<HttpResponse, Problem>;

/// Those who raise alerts.
const RAISERS: &[Role] = &[
    Role::Counsellor,
    Role::Supervisor,
    Role::LegalAidIntake,
    Role::Organiser,
];
/// Those who raised one or may have been told of one.
const CONCERNED: &[Role] = &[
    Role::Administrator,
    Role::Organiser,
    Role::Counsellor,
    Role::Supervisor,
    Role::LegalAidIntake,
];
/// Those who may have been told.
const ON_DUTY: &[Role] = crate::office::duty::LISTED;

list_query! {
    /// `GET /risk-alerts`.
    pub(super) struct RiskAlertsQuery {
        /// In this state.
        status: AlertStatus,
        /// Raised by this.
        source: AlertSource,
        /// Those changed since.
        #[param(value_type = Option<String>, format = DateTime)]
        updated_since: Timestamp,
    }
}

async fn list(call: Call, mut query: ApiQuery<RiskAlertsQuery>) -> Answer {
    call.read(move |cx| {
        cx.actor.require(CONCERNED)?;
        let query = query.parse()?;
        let before = query.after::<RiskAlertId>()?;
        let wanted = Wanted {
            status: query.status,
            source: query.source,
            updated_since: query.updated_since,
        };
        let limit = query.limit();
        let (rows, total) = service::list(cx, wanted, before, limit, query.wants_total())?;
        let page = query.cut(rows, total, |row| row.alert.id);
        let actor = cx.actor;
        Ok(Reply::ok(&page.map(|row| RiskAlertView::of(row, actor)))?)
    })
    .await
}

fn answer(cx: &Cx<'_>, seen: Seen) -> Result<Reply, Problem> {
    let version = seen.alert.version;
    Ok(Reply::ok(&RiskAlertView::of(seen, cx.actor))?.versioned(version))
}

async fn raise(call: Call, body: ApiJson<AlertBody>, is_seen: Sees) -> Answer {
    call.write(move |cx| {
        cx.actor.require(RAISERS)?;
        let raise = body.parse()?.check(cx.now)?;
        if let Some((kind, id)) = raise.subject
            && !is_seen(cx, kind, id)?
        {
            return Err(Fault::rule("/subject/id", "unknown-reference").into());
        }
        let new = NewAlert {
            office: cx.office(),
            source: raise.source,
            subject: raise.subject,
            informed_at: raise.informed_at,
            text: &raise.text,
            raised_by: Some(cx.actor.id),
            origin: Some(cx.origin),
        };
        let id = service::raise(cx.conn, &cx.platform.keys, cx.now, &new)?;
        let seen = service::load(cx, id)?;
        let version = seen.alert.version;
        let view = RiskAlertView::of(seen, cx.actor);
        Ok(Reply::created(&format!("/risk-alerts/{id}"), &view)?.versioned(version))
    })
    .await
}

/// It writes: each reading is one row of the log.
async fn show(call: Call, path: IdPath<RiskAlert>) -> Answer {
    call.write(move |cx| {
        cx.actor.require(CONCERNED)?;
        let seen = service::load(cx, path.0)?;
        let said = service::read(cx, &seen)?;
        let version = seen.alert.version;
        let view = RiskAlertDetails::of(seen, said, cx.actor);
        Ok(Reply::ok(&view)?.versioned(version))
    })
    .await
}

async fn acknowledge(call: Call, path: IdPath<RiskAlert>) -> Answer {
    call.write(move |cx| {
        cx.actor.require(ON_DUTY)?;
        let seen = service::acknowledge(cx, path.0)?;
        answer(cx, seen)
    })
    .await
}

async fn close(call: Call, path: IdPath<RiskAlert>, body: ApiJson<CloseBody>) -> Answer {
    call.write(move |cx| {
        cx.actor.require(ON_DUTY)?;
        let result = body.parse()?.check()?;
        let seen = service::close(cx, path.0, &result)?;
        answer(cx, seen)
    })
    .await
}

/// Mounts the routes.
pub fn mount(api: &mut Api, sees: Sees) {
    let raise = move |call: Call, body: ApiJson<AlertBody>| raise(call, body, sees);
    api.tag("Duties");
    api.get("/risk-alerts", "list_risk_alerts", list)
        .summary("Alerts the caller raised or was told of, a supervisor's all, newest first.")
        .query::<RiskAlertsQuery>()
        .pages::<RiskAlertView>();
    api.post("/risk-alerts", "raise_risk_alert", raise)
        .summary("Raises an alert: supervisors, or who is on duty, are told at once.")
        .body::<AlertBody>()
        .answers::<RiskAlertView>(201);
    api.get("/risk-alerts/{id}", "show_risk_alert", show)
        .summary("One alert with what it says; each reading is logged.")
        .answers::<RiskAlertDetails>(200);
    let path = "/risk-alerts/{id}/acknowledge";
    api.post(path, "acknowledge_risk_alert", acknowledge)
        .summary("Says that the caller sees to it; nobody else is told any more.")
        .answers::<RiskAlertView>(200)
        .errors(&["action-not-allowed"]);
    api.post("/risk-alerts/{id}/close", "close_risk_alert", close)
        .summary("Says what came of it.")
        .body::<CloseBody>()
        .answers::<RiskAlertView>(200)
        .errors(&["action-not-allowed"]);
}
