//! Routes of concerns. What a concern says is in the answer of one route alone, so that no list, no
//! action and no kept answer holds it.

use actix_web::HttpResponse;
use chrono::NaiveDate;
use serde::Deserialize;

use super::counts::{self, ConcernDimension};
use super::service;
use super::status::ConcernStatus;
use super::store::{Row, Wanted};
use super::view::{
    ConcernAnswerBody, ConcernBody, ConcernCloseBody, ConcernCountsView, ConcernDetails,
    ConcernReferralBody, ConcernView,
};
use super::{Concern, ConcernId, ConcernSource, ConcernTopic};
use crate::http::request::{IdPath, Paging};
use crate::http::{Api, ApiJson, ApiQuery, Problem, Reply, list_query};
use crate::identity::Call;
use crate::kernel::Timestamp;
use crate::kernel::error::Check;
use crate::office::period;
use crate::office::work::Work;
use crate::plan::policy::{self, Watch};

type Answer = Result<HttpResponse, Problem>;
type Path = IdPath<Concern>;

list_query! {
    /// `GET /concerns`.
    pub(super) struct ConcernsQuery {
        /// Of this topic.
        topic: ConcernTopic,
        /// In this state.
        status: ConcernStatus,
        /// Found there.
        source: ConcernSource,
        /// The first day on which the office was informed.
        from: NaiveDate,
        /// The last one.
        to: NaiveDate,
        /// Those changed since.
        #[param(value_type = Option<String>, format = DateTime)]
        updated_since: Timestamp,
    }
}

/// Which period is counted and how it is divided.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ConcernCountsQuery {
    /// The first office day.
    from: Option<NaiveDate>,
    /// The last office day.
    to: Option<NaiveDate>,
    /// The year of the yearly report, instead of its days: the office's `reporting_window` sets them.
    year: Option<i32>,
    /// The dimension of the rows; without it, the topic.
    #[param(inline)]
    group_by: Option<ConcernDimension>,
}

async fn list(call: Call, mut query: ApiQuery<ConcernsQuery>) -> Answer {
    call.read(move |cx| {
        let (mut work, watch) = policy::concerns(cx)?;
        let query = query.parse()?;
        let before = query.after::<ConcernId>()?;
        let mut check = Check::new();
        check.window(query.from, query.to);
        check.done()?;
        let wanted = Wanted {
            topic: query.topic,
            status: query.status,
            source: query.source,
            from: query.from,
            to: query.to,
            updated_since: query.updated_since,
        };
        let place = (before, query.limit());
        let (rows, total) = service::list(&mut work, watch, wanted, place, query.wants_total())?;
        let page = query.cut(rows, total, |row| row.id);
        let zone = work.zone();
        Ok(Reply::ok(
            &page.map(|row| ConcernView::of(zone, row, watch)),
        )?)
    })
    .await
}

fn answer(work: &Work<'_>, watch: Watch, row: Row) -> Result<Reply, Problem> {
    let version = row.version;
    Ok(Reply::ok(&ConcernView::of(work.zone(), row, watch))?.versioned(version))
}

async fn record(call: Call, body: ApiJson<ConcernBody>) -> Answer {
    call.write(move |cx| {
        let (mut work, watch) = policy::concerns(cx)?;
        let new = body.parse()?.check(work.zone().day(work.now))?;
        let row = service::record(&mut work, watch, &new)?;
        let (location, version) = (format!("/concerns/{}", row.id), row.version);
        let view = ConcernView::of(work.zone(), row, watch);
        Ok(Reply::created(&location, &view)?.versioned(version))
    })
    .await
}

async fn count(call: Call, mut query: ApiQuery<ConcernCountsQuery>) -> Answer {
    call.read(move |cx| {
        let mut work = policy::count_concerns(cx)?;
        let query = query.parse()?;
        let days = period::read(&mut work, (query.from, query.to), query.year)?;
        let group_by = query.group_by.unwrap_or(ConcernDimension::Topic);
        let table = counts::table(&service::tally(&mut work, days)?, group_by);
        Ok(Reply::ok(&ConcernCountsView::of(days, group_by, &table))?)
    })
    .await
}

/// It writes: each reading is one row of the log.
async fn show(call: Call, path: Path) -> Answer {
    call.write_secret(move |cx| {
        let (mut work, watch) = policy::concerns(cx)?;
        let row = service::load(&mut work, watch, path.0)?;
        let said = service::read(&mut work, watch, &row)?;
        let version = row.version;
        let view = ConcernView::of(work.zone(), row, watch);
        Ok(Reply::ok(&ConcernDetails::of(view, said))?.versioned(version))
    })
    .await
}

async fn refer(call: Call, path: Path, body: ApiJson<ConcernReferralBody>) -> Answer {
    call.write(move |cx| {
        let (mut work, watch) = policy::refer(cx)?;
        let to = body.parse()?.check(work.zone().day(work.now))?;
        let row = service::refer(&mut work, watch, path.0, &to)?;
        answer(&work, watch, row)
    })
    .await
}

async fn record_answer(call: Call, path: Path, body: ApiJson<ConcernAnswerBody>) -> Answer {
    call.write(move |cx| {
        let (mut work, watch) = policy::refer(cx)?;
        let said = body.parse()?.check(work.zone().day(work.now))?;
        let row = service::answer(&mut work, watch, path.0, &said)?;
        answer(&work, watch, row)
    })
    .await
}

async fn close(call: Call, path: Path, body: ApiJson<ConcernCloseBody>) -> Answer {
    call.write(move |cx| {
        let (mut work, watch) = policy::refer(cx)?;
        let reason = body.parse()?.check()?;
        let row = service::close(&mut work, watch, path.0, &reason)?;
        answer(&work, watch, row)
    })
    .await
}

/// Mounts the routes.
pub(in crate::plan) fn mount(api: &mut Api) {
    api.get("/concerns", "list_concerns", list)
        .summary(
            "Suspected illicit practices the caller recorded, a supervisor's all, newest first.",
        )
        .query::<ConcernsQuery>()
        .pages::<ConcernView>();
    api.post("/concerns", "record_concern", record)
        .summary("Records a suspected illicit practice, for a supervisor to refer.")
        .body::<ConcernBody>()
        .answers::<ConcernView>(201);
    api.get("/concerns/counts", "count_concerns", count)
        .summary("How many concerns of a period there are, and where they stand.")
        .query::<ConcernCountsQuery>()
        .answers::<ConcernCountsView>(200);
    api.get("/concerns/{id}", "show_concern", show)
        .summary("One concern with what it says; each reading is logged.")
        .answers::<ConcernDetails>(200);
    api.post("/concerns/{id}/refer", "refer_concern", refer)
        .summary("Notes to whom it was handed, who may look into it, and by which document.")
        .body::<ConcernReferralBody>()
        .answers::<ConcernView>(200)
        .errors(&["action-not-allowed"]);
    let path = "/concerns/{id}/record-answer";
    api.post(path, "record_concern_answer", record_answer)
        .summary("Keeps what was answered.")
        .body::<ConcernAnswerBody>()
        .answers::<ConcernView>(200)
        .errors(&["action-not-allowed"]);
    api.post("/concerns/{id}/close", "close_concern", close)
        .summary("Says why nothing is left to do.")
        .body::<ConcernCloseBody>()
        .answers::<ConcernView>(200)
        .errors(&["action-not-allowed"]);
}
