//! Routes of counts.

use actix_web::HttpResponse;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::http::{Api, ApiQuery, Problem, Reply};
use crate::identity::Call;
use crate::legal_aid::counts::{self, Flow, LegalAidDimension, Tally};
use crate::legal_aid::policy;
use crate::legal_aid::status::Status;
use crate::legal_aid::store::count as store;
use crate::office::calendar;
use crate::office::period;

/// Which period is counted and how it is divided.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct LegalAidReportQuery {
    /// The first office day.
    from: Option<NaiveDate>,
    /// The last office day.
    to: Option<NaiveDate>,
    /// The year of the yearly report, instead of its days: the office's `reporting_window` sets them.
    year: Option<i32>,
    /// The dimension of the rows; without it only the total is given.
    #[param(inline)]
    group_by: Option<LegalAidDimension>,
}

/// One row of counts.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct LegalAidCountsRow {
    /// The dimension's value; `null` in the total, and in the row of what nobody gave.
    key: Option<String>,
    /// Handed in within the period.
    received: usize,
    /// Those sent to the Centre at least once.
    referred: usize,
    /// Those the Centre took on, whatever came of it.
    accepted: usize,
    /// Those that stand refused.
    refused: usize,
    /// Those that were shown another way.
    redirected: usize,
    /// Those that are done.
    completed: usize,
    /// Those that ended before they were done.
    discontinued: usize,
    /// Those that were taken back.
    withdrawn: usize,
    /// Those in which something is still to be done.
    open: usize,
    /// The median of the working days from handing in to the first referral; `null` where none was.
    median_working_days_to_referral: Option<f64>,
}

impl LegalAidCountsRow {
    fn of(key: Option<String>, tally: &Tally) -> Self {
        Self {
            key,
            received: tally.received,
            referred: tally.referred,
            accepted: tally.accepted,
            refused: tally.refused,
            redirected: tally.redirected,
            completed: tally.completed,
            discontinued: tally.discontinued,
            withdrawn: tally.withdrawn,
            open: tally.open,
            median_working_days_to_referral: tally.median_days(),
        }
    }
}

/// What was done within the period, whenever the requests were handed in: `brought_forward` and
/// `received` together are those that ended, in the five ways, and `open_at_end`.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct LegalAidFlowView {
    /// Handed in earlier, and not ended when the period began.
    brought_forward: usize,
    /// Handed in within it.
    received: usize,
    /// First sent to the Centre within it.
    referred: usize,
    /// Refused by the Centre within it, as they stand: one that is sent again ended in nothing yet.
    refused: usize,
    /// Shown another way.
    redirected: usize,
    /// Done.
    completed: usize,
    /// Ended before they were done.
    discontinued: usize,
    /// Taken back.
    withdrawn: usize,
    /// Not ended when it was over.
    open_at_end: usize,
}

impl LegalAidFlowView {
    fn of(flow: &Flow) -> Self {
        let ended = |status| flow.ended.get(&status).copied().unwrap_or_default();
        Self {
            brought_forward: flow.brought_forward,
            received: flow.received,
            referred: flow.referred,
            refused: ended(Status::Refused),
            redirected: ended(Status::Redirected),
            completed: ended(Status::Completed),
            discontinued: ended(Status::Discontinued),
            withdrawn: ended(Status::Withdrawn),
            open_at_end: flow.open_at_end,
        }
    }
}

/// The counts of a period.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct LegalAidCountsView {
    /// The first day that is counted.
    from: NaiveDate,
    /// The last one.
    to: NaiveDate,
    group_by: Option<LegalAidDimension>,
    rows: Vec<LegalAidCountsRow>,
    /// What was handed in within the period, and where that stands today.
    total: LegalAidCountsRow,
    within_period: LegalAidFlowView,
}

async fn of_period(
    call: Call,
    mut query: ApiQuery<LegalAidReportQuery>,
) -> Result<HttpResponse, Problem> {
    call.read(move |cx| {
        let mut work = policy::count(cx)?;
        let query = query.parse()?;
        let days = period::read(&mut work, (query.from, query.to), query.year)?;
        let office = work.office_id();
        let all = store::of_period(work.conn, office, days)?;
        let passed = store::passed(work.conn, office, days)?;
        let calendar = calendar::load(work.conn, office)?;
        let bands = work.settings()?.age_bands();
        let table = counts::count(&all, query.group_by, (&calendar, &bands));
        let rows = table.rows.iter();
        Ok(Reply::ok(&LegalAidCountsView {
            from: days.0,
            to: days.1,
            group_by: query.group_by,
            rows: rows
                .map(|(key, tally)| LegalAidCountsRow::of(key.clone(), tally))
                .collect(),
            total: LegalAidCountsRow::of(None, &table.total),
            within_period: LegalAidFlowView::of(&counts::flow(&passed, days)),
        })?)
    })
    .await
}

/// Mounts the routes of counts.
pub(super) fn mount(api: &mut Api) {
    api.get("/reports/legal-aid", "report_legal_aid", of_period)
        .summary("Requests handed in within a period and what became of them, and what was done within it")
        .query::<LegalAidReportQuery>()
        .answers::<LegalAidCountsView>(200);
}
