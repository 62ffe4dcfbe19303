//! The route of what was done for a task.

use chrono::NaiveDate;
use serde::Deserialize;

use super::Answer;
use crate::http::{Api, ApiQuery, Reply};
use crate::identity::Call;
use crate::office::period;
use crate::report::coverage::{self, CoverageView};
use crate::report::policy;

/// Which days are looked at.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CoverageQuery {
    /// The first office day.
    from: Option<NaiveDate>,
    /// The last office day.
    to: Option<NaiveDate>,
    /// The year of the yearly report, instead of its days: the office's `reporting_window` sets them.
    year: Option<i32>,
}

async fn show(call: Call, mut query: ApiQuery<CoverageQuery>) -> Answer {
    let code = call.request().match_info().get("code").unwrap_or_default();
    let code = code.to_owned();
    call.read(move |cx| {
        let mut work = policy::cover(cx)?;
        let query = query.parse()?;
        let days = period::read(&mut work, (query.from, query.to), query.year)?;
        Ok(Reply::ok(&coverage::of(&mut work, &code, days)?)?)
    })
    .await
}

/// Mounts the route.
pub(super) fn mount(api: &mut Api) {
    api.tag("plan");
    api.get(
        "/plan/tasks/{code}/coverage",
        "show_plan_task_coverage",
        show,
    )
    .summary("What was done for a task in a period, what is missing, and who owes it.")
    .query::<CoverageQuery>()
    .answers::<CoverageView>(200);
}
