//! Routes of reports as wholes: begun, listed, shown, written.

use serde::Deserialize;

use super::{Answer, both, kind, named, path};
use crate::http::request::{ApiQuery, Paging};
use crate::http::{Api, ApiJson, Problem, Reply, list_query};
use crate::identity::Call;
use crate::kernel::error::Check;
use crate::kernel::{Fault, Timestamp};
use crate::office::work::Work;
use crate::report::model::Report;
use crate::report::policy::{self, Hand};
use crate::report::service::{contribution, report as service, step};
use crate::report::status::ReportStatus;
use crate::report::store::report::Wanted;
use crate::report::store::snapshot;
use crate::report::view::report::{
    Around, PlanReportPatch, PlanReportView, ReportContentView, SealView,
};
use crate::report::view::step::ReportBody;

list_query! {
    /// `GET /reports/annual`.
    pub(super) struct PlanReportsQuery {
        /// In this state.
        status: ReportStatus,
        /// Those changed since.
        #[param(value_type = Option<String>, format = DateTime)]
        updated_since: Timestamp,
    }
}

/// Which edition is meant.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct EditionQuery {
    /// The edition; without it the latest.
    #[param(minimum = 1)]
    pub(super) edition: Option<i32>,
}

/// Which form of a report's content is meant.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ContentQuery {
    /// The edition; without it the latest.
    #[param(minimum = 1)]
    pub(super) edition: Option<i32>,
    /// Whether it is for the public: small numbers of counselling and legal aid are withheld, and
    /// what somebody wrote is left out.
    #[serde(default)]
    pub(super) public: bool,
}

/// A report with what belongs to it, as this caller sees it.
pub(super) fn view(
    work: &mut Work<'_>,
    hand: Hand,
    report: Report,
) -> Result<PlanReportView, Problem> {
    let is_latest = service::load(work, (report.kind, report.year), None)?.id == report.id;
    let allowed = if hand == Hand::Reporter && is_latest {
        service::allowed(work, &report)?
    } else {
        Vec::new()
    };
    let around = Around {
        parts: contribution::list(work, hand, &report)?,
        files: step::files(work, &report)?,
        seal: snapshot::seal(work.conn, report.id)?,
        allowed,
    };
    Ok(PlanReportView::of(work.zone(), report, around))
}

/// The answer of a reporter's action.
pub(super) fn answer(work: &mut Work<'_>, report: Report) -> Result<Reply, Problem> {
    let version = report.version;
    Ok(Reply::ok(&view(work, Hand::Reporter, report)?)?.versioned(version))
}

async fn list(call: Call, mut query: ApiQuery<PlanReportsQuery>) -> Answer {
    let kind = kind(call.request());
    call.read(move |cx| {
        let (mut work, hand) = policy::look(cx)?;
        let query = query.parse()?;
        let page = (query.after::<i32>()?, query.limit());
        let wanted = Wanted {
            kind,
            status: query.status,
            updated_since: query.updated_since,
        };
        let (rows, total) = step::list(&mut work, &wanted, page, query.wants_total())?;
        let page = query.cut(rows, total, |report| report.year);
        let page = page.try_map(|report| view(&mut work, hand, report))?;
        Ok(Reply::ok(&page)?)
    })
    .await
}

async fn begin(call: Call, body: ApiJson<ReportBody>) -> Answer {
    let kind = kind(call.request());
    call.write(move |cx| {
        let mut work = policy::report(cx)?;
        let named = (kind, body.parse()?.year);
        let report = service::begin(&mut work, named)?;
        let version = report.version;
        let view = view(&mut work, Hand::Reporter, report)?;
        Ok(Reply::created(&path(named), &view)?.versioned(version))
    })
    .await
}

fn edition(asked: Option<i32>) -> Result<Option<i32>, Fault> {
    let mut check = Check::new();
    check.rule(asked.is_none_or(|one| one > 0), "edition", "out-of-range");
    check.done().map(|()| asked)
}

async fn show(call: Call, mut query: ApiQuery<EditionQuery>) -> Answer {
    let named = named(call.request());
    call.read(move |cx| {
        let (mut work, hand) = policy::look(cx)?;
        let wanted = edition(query.parse()?.edition)?;
        let report = service::load(&mut work, named?, wanted)?;
        let version = report.version;
        Ok(Reply::ok(&view(&mut work, hand, report)?)?.versioned(version))
    })
    .await
}

async fn edit(call: Call, body: ApiJson<PlanReportPatch>) -> Answer {
    let named = named(call.request());
    call.write(move |cx| {
        let expected = cx.expected;
        let mut work = policy::report(cx)?;
        let change = body.parse()?.check()?;
        let named = named.clone()?;
        expected.require(service::load(&mut work, named, None)?.version)?;
        let report = service::edit(&mut work, named, |report| change.over(report))?;
        answer(&mut work, report)
    })
    .await
}

async fn content(call: Call, mut query: ApiQuery<ContentQuery>) -> Answer {
    let named = named(call.request());
    call.read(move |cx| {
        let mut work = policy::count(cx)?;
        let query = query.parse()?;
        let (wanted, is_public) = (edition(query.edition)?, query.public);
        let report = service::load(&mut work, named?, wanted)?;
        let content = service::content(&mut work, &report)?;
        let seal = snapshot::seal(work.conn, report.id)?;
        let zone = work.zone();
        Ok(Reply::ok(&ReportContentView {
            is_frozen: report.status.is_frozen(),
            has_moved: step::has_moved(&mut work, &report)?,
            seal: seal.map(|seal| SealView::of(zone, seal)),
            content: if is_public {
                content.for_the_public()
            } else {
                content
            },
        })?)
    })
    .await
}

/// Mounts the routes.
pub(super) fn mount(api: &mut Api) {
    both!(api, get "", "list" "s", list, |route| {
        route
            .summary("The reports of a kind, the newest year first, each in its latest edition.")
            .query::<PlanReportsQuery>()
            .pages::<PlanReportView>();
    });
    both!(api, post "", "begin" "", begin, |route| {
        route
            .summary("Begins the report of a year.")
            .body::<ReportBody>()
            .answers::<PlanReportView>(201)
            .errors(&["report-exists"]);
    });
    both!(api, get "/{year}", "show" "", show, |route| {
        route
            .summary("Where a report stands and what is written, without its figures.")
            .query::<EditionQuery>()
            .answers::<PlanReportView>(200);
    });
    both!(api, patch "/{year}", "edit" "", edit, |route| {
        route
            .summary("Changes what is written, until it is approved.")
            .body::<PlanReportPatch>()
            .answers::<PlanReportView>(200)
            .errors(&["action-not-allowed"])
            .guarded();
    });
    both!(api, get "/{year}/content", "show" "_content", content, |route| {
        route
            .summary("What a report says: frozen once it was issued, counted now before.")
            .query::<ContentQuery>()
            .answers::<ReportContentView>(200);
    });
}
