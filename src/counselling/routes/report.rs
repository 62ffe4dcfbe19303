//! Routes of counts.

use actix_web::HttpResponse;

use crate::counselling::policy;
use crate::counselling::service::report as service;
use crate::counselling::view::counts::{CounsellingCountsView, CounsellingReportQuery};
use crate::http::{Api, ApiQuery, Problem, Reply};
use crate::identity::Call;
use crate::kernel::civil::REPORT_DAYS_MAX;
use crate::kernel::error::Check;

async fn of_period(
    call: Call,
    mut query: ApiQuery<CounsellingReportQuery>,
) -> Result<HttpResponse, Problem> {
    call.read(move |cx| {
        let mut work = policy::count(cx)?;
        let query = query.parse()?;
        let (from, to) = (query.from, query.to);
        let mut check = Check::new();
        check.period((from, to), REPORT_DAYS_MAX);
        check.done()?;
        let report = service::of_period(&mut work, (from, to), query.group_by)?;
        Ok(Reply::ok(&CounsellingCountsView::of(
            &report,
            query.group_by,
        ))?)
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
