//! Routes of counts.

use actix_web::HttpResponse;

use crate::counselling::policy;
use crate::counselling::service::report as service;
use crate::counselling::view::counts::{CounsellingCountsView, CounsellingReportQuery};
use crate::http::{Api, ApiQuery, Problem, Reply};
use crate::identity::Call;
use crate::office::period;

async fn of_period(
    call: Call,
    mut query: ApiQuery<CounsellingReportQuery>,
) -> Result<HttpResponse, Problem> {
    call.read(move |cx| {
        let mut work = policy::count(cx)?;
        let query = query.parse()?;
        let days = period::read(&mut work, (query.from, query.to), query.year)?;
        let report = service::of_period(&mut work, days, query.group_by)?;
        let view = CounsellingCountsView::of(days, &report, query.group_by);
        Ok(Reply::ok(&view)?)
    })
    .await
}

/// Mounts the routes of counts.
pub(super) fn mount(api: &mut Api) {
    api.get("/reports/counselling", "report_counselling", of_period)
        .summary("Appointments, people served, no-shows, waiting days and outcomes of a period")
        .query::<CounsellingReportQuery>()
        .answers::<CounsellingCountsView>(200);
}
