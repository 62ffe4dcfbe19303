//! Routes of counts.

use actix_web::HttpResponse;

use crate::http::request::IdPath;
use crate::http::{Api, ApiQuery, Problem, Reply};
use crate::identity::Call;
use crate::office::period;
use crate::training::model::TrainingSession;
use crate::training::policy;
use crate::training::service::report::{self as service, SessionCounts};
use crate::training::view::counts::{CountsQuery, CountsView, PeriodCountsView, ReportQuery};

type Answer = Result<HttpResponse, Problem>;

async fn of_session(
    call: Call,
    path: IdPath<TrainingSession>,
    mut query: ApiQuery<CountsQuery>,
) -> Answer {
    call.glance(move |cx| {
        let language = cx.language();
        let mut work = policy::count(cx)?;
        let group_by = query.parse()?.group_by;
        let counts = match group_by {
            None => SessionCounts::load_nameless(&mut work, path.0)?,
            Some(_) => SessionCounts::load(&mut work, path.0)?,
        };
        let report = counts.by(group_by);
        Ok(Reply::ok(&CountsView::of(&report, group_by, language))?)
    })
    .await
}

async fn of_period(call: Call, mut query: ApiQuery<ReportQuery>) -> Answer {
    call.read(move |cx| {
        let language = cx.language();
        let mut work = policy::count(cx)?;
        let query = query.parse()?;
        let days = period::read(&mut work, (query.from, query.to), query.year)?;
        let report = service::of_period(&mut work, days, query.group_by)?;
        let counts = CountsView::of(&report, query.group_by, language);
        Ok(Reply::ok(&PeriodCountsView::of(days, counts))?)
    })
    .await
}

/// Mounts the routes of counts.
pub(super) fn mount(api: &mut Api) {
    let counts = "/training-sessions/{id}/attendance-counts";
    api.get(counts, "show_attendance_counts", of_session)
        .summary("The counts of a session, from its stored counters")
        .query::<CountsQuery>()
        .answers::<CountsView>(200);
    api.get("/reports/attendance", "report_attendance", of_period)
        .summary("The counts of a period of office days, by a dimension")
        .query::<ReportQuery>()
        .answers::<PeriodCountsView>(200);
}
