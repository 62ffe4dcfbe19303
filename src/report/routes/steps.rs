//! Routes of the steps of a report.

use super::reports::{answer, view};
use super::{Answer, both, named, path};
use crate::http::{Api, ApiJson, Problem, Reply};
use crate::identity::Call;
use crate::office::work::Work;
use crate::report::error::Error;
use crate::report::model::Report;
use crate::report::policy::{self, Hand};
use crate::report::service::report::Named;
use crate::report::service::step as service;
use crate::report::view::report::PlanReportView;
use crate::report::view::step::{
    ConsolidateBody, ContributionsBody, FileBody, IssueBody, ReportReasonBody,
};

/// A reporter's step.
async fn step<F>(call: Call, mut act: F) -> Answer
where
    F: FnMut(&mut Work<'_>, Named) -> Result<Report, Problem> + Send + 'static,
{
    let named = named(call.request());
    call.write(move |cx| {
        let mut work = policy::report(cx)?;
        let report = act(&mut work, named.clone()?)?;
        answer(&mut work, report)
    })
    .await
}

async fn request_contributions(call: Call, body: ApiJson<ContributionsBody>) -> Answer {
    step(call, move |work, named| {
        let asked = body.parse()?.check()?;
        Ok(service::request_contributions(work, named, &asked)?)
    })
    .await
}

async fn consolidate(call: Call, body: ApiJson<ConsolidateBody>) -> Answer {
    step(call, move |work, named| {
        let knows = body.parse()?.acknowledge_missing;
        Ok(service::consolidate(work, named, knows)?)
    })
    .await
}

async fn approve(call: Call) -> Answer {
    step(call, |work, named| Ok(service::approve(work, named)?)).await
}

async fn return_for_changes(call: Call, body: ApiJson<ReportReasonBody>) -> Answer {
    step(call, move |work, named| {
        let reason = body.parse()?.check()?;
        Ok(service::return_for_changes(work, named, reason)?)
    })
    .await
}

async fn issue(call: Call, body: ApiJson<IssueBody>) -> Answer {
    step(call, move |work, named| {
        let issued = body.parse()?.check()?;
        Ok(service::issue(work, named, issued)?)
    })
    .await
}

async fn file(call: Call, body: ApiJson<FileBody>) -> Answer {
    step(call, move |work, named| {
        let sent = body.parse()?.check(work.now)?;
        Ok(service::file(work, named, sent)?)
    })
    .await
}

async fn revise(call: Call, body: ApiJson<ReportReasonBody>) -> Answer {
    let named = named(call.request());
    call.write(move |cx| {
        let mut work = policy::report(cx)?;
        let reason = body.parse()?.check()?;
        let named = named.clone()?;
        let next: Result<Report, Error> = service::revise(&mut work, named, reason);
        let next = next?;
        let version = next.version;
        let view = view(&mut work, Hand::Reporter, next)?;
        Ok(Reply::created(&path(named), &view)?.versioned(version))
    })
    .await
}

/// Mounts the routes.
pub(super) fn mount(api: &mut Api) {
    both!(
        api, post "/{year}/request-contributions", "request" "_contributions",
        request_contributions,
        |route| {
            route
                .summary("Asks agencies for their part; asked again, more of them or for another day.")
                .body::<ContributionsBody>()
                .answers::<PlanReportView>(200)
                .errors(&["action-not-allowed"]);
        }
    );
    both!(api, post "/{year}/consolidate", "consolidate" "", consolidate, |route| {
        route
            .summary("Puts the parts together, and asks another reporter to approve.")
            .body::<ConsolidateBody>()
            .answers::<PlanReportView>(200)
            .errors(&["action-not-allowed", "contributions-missing"]);
    });
    both!(api, post "/{year}/approve", "approve" "", approve, |route| {
        route
            .summary("Says that it may be issued; not who put it together, while another could.")
            .answers::<PlanReportView>(200)
            .errors(&["action-not-allowed", "own-approval"]);
    });
    both!(
        api, post "/{year}/return-for-changes", "return" "",
        return_for_changes,
        |route| {
            route
                .summary("Sends it back to be changed.")
                .body::<ReportReasonBody>()
                .answers::<PlanReportView>(200)
                .errors(&["action-not-allowed"]);
        }
    );
    both!(api, post "/{year}/issue", "issue" "", issue, |route| {
        route
            .summary("Gives it its number and freezes what it says; once its last day is over.")
            .body::<IssueBody>()
            .answers::<PlanReportView>(200)
            .errors(&["action-not-allowed", "period-not-over"]);
    });
    both!(api, post "/{year}/file", "file" "", file, |route| {
        route
            .summary("Notes when and how it went to whom it is owed.")
            .body::<FileBody>()
            .answers::<PlanReportView>(200)
            .errors(&["action-not-allowed"]);
    });
    both!(api, post "/{year}/revise", "revise" "", revise, |route| {
        route
            .summary("Begins another edition, with its reason; the one before stays as it is.")
            .body::<ReportReasonBody>()
            .answers::<PlanReportView>(201)
            .errors(&["action-not-allowed"]);
    });
}
