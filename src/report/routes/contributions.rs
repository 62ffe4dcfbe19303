//! Routes of agencies' parts of a report.

use actix_web::HttpRequest;

use super::{Answer, both, named};
use crate::http::request::path_id;
use crate::http::{Api, ApiJson, Problem, Reply};
use crate::identity::Call;
use crate::kernel::{AgencyId, Fault};
use crate::office::work::Work;
use crate::report::error::Error;
use crate::report::model::{Contribution, Report};
use crate::report::policy::{self, Hand};
use crate::report::service::contribution as service;
use crate::report::service::report::{Named, load};
use crate::report::view::contribution::{ContributionPatch, ContributionView, ContributionsView};
use crate::report::view::step::ReportReasonBody;

fn which(request: &HttpRequest) -> Result<(Named, AgencyId), Fault> {
    Ok((named(request)?, path_id(request, "agency_id")?))
}

fn view(work: &Work<'_>, hand: Hand, (report, part): (Report, Contribution)) -> ContributionView {
    let allowed = service::allowed(hand, &report, &part);
    ContributionView::of(work.zone(), part, allowed)
}

fn answer(work: &Work<'_>, hand: Hand, found: (Report, Contribution)) -> Result<Reply, Problem> {
    let version = found.1.version;
    Ok(Reply::ok(&view(work, hand, found))?.versioned(version))
}

async fn list(call: Call) -> Answer {
    let named = named(call.request());
    call.read(move |cx| {
        let (mut work, hand) = policy::look(cx)?;
        let report = load(&mut work, named?, None)?;
        let parts = service::list(&mut work, hand, &report)?.into_iter();
        let items = parts.map(|part| view(&work, hand, (report.clone(), part)));
        Ok(Reply::ok(&ContributionsView {
            items: items.collect(),
        })?)
    })
    .await
}

async fn show(call: Call) -> Answer {
    let which = which(call.request());
    call.read(move |cx| {
        let (mut work, hand) = policy::look(cx)?;
        let found = service::find(&mut work, hand, which?)?;
        answer(&work, hand, found)
    })
    .await
}

async fn edit(call: Call, body: ApiJson<ContributionPatch>) -> Answer {
    let which = which(call.request());
    call.write(move |cx| {
        let expected = cx.expected;
        let (mut work, hand) = policy::contribute(cx)?;
        let change = body.parse()?.check()?;
        let which = which.clone()?;
        expected.require(service::find(&mut work, hand, which)?.1.version)?;
        let found = service::edit(&mut work, hand, which, |texts| change.over(texts))?;
        answer(&work, hand, found)
    })
    .await
}

async fn submit(call: Call) -> Answer {
    let which = which(call.request());
    call.write(move |cx| {
        let (mut work, hand) = policy::contribute(cx)?;
        let found = service::submit(&mut work, hand, which.clone()?)?;
        answer(&work, hand, found)
    })
    .await
}

/// What a reporter says of a part.
async fn decide<F>(call: Call, mut act: F) -> Answer
where
    F: FnMut(&mut Work<'_>, (Named, AgencyId)) -> Result<(Report, Contribution), Problem>
        + Send
        + 'static,
{
    let which = which(call.request());
    call.write(move |cx| {
        let mut work = policy::report(cx)?;
        let found = act(&mut work, which.clone()?)?;
        answer(&work, Hand::Reporter, found)
    })
    .await
}

async fn send_back(call: Call, body: ApiJson<ReportReasonBody>) -> Answer {
    decide(call, move |work, which| {
        let reason = body.parse()?.check()?;
        Ok(service::send_back(work, which, reason)?)
    })
    .await
}

async fn accept(call: Call) -> Answer {
    decide(call, |work, which| {
        let found: Result<_, Error> = service::accept(work, which);
        Ok(found?)
    })
    .await
}

/// Mounts the routes.
pub(super) fn mount(api: &mut Api) {
    both!(api, get "/{year}/contributions", "list" "_contributions", list, |route| {
        route
            .summary("The agencies' parts the caller sees: a contributor's own, else all.")
            .answers::<ContributionsView>(200);
    });
    both!(
        api, get "/{year}/contributions/{agency_id}", "show" "_contribution", show,
        |route| {
            route
                .summary("An agency's part.")
                .answers::<ContributionView>(200);
        }
    );
    both!(
        api, patch "/{year}/contributions/{agency_id}", "edit" "_contribution", edit,
        |route| {
            route
                .summary("Writes an agency's part; a reporter for one that answered on paper.")
                .body::<ContributionPatch>()
                .answers::<ContributionView>(200)
                .errors(&["action-not-allowed"])
                .guarded();
        }
    );
    both!(
        api, post "/{year}/contributions/{agency_id}/submit", "submit" "_contribution", submit,
        |route| {
            route
                .summary("Hands an agency's part in.")
                .answers::<ContributionView>(200)
                .errors(&["action-not-allowed", "contribution-empty"]);
        }
    );
    both!(
        api, post "/{year}/contributions/{agency_id}/return", "return" "_contribution", send_back,
        |route| {
            route
                .summary("Sends an agency's part back; its contributors are told why.")
                .body::<ReportReasonBody>()
                .answers::<ContributionView>(200)
                .errors(&["action-not-allowed"]);
        }
    );
    both!(
        api, post "/{year}/contributions/{agency_id}/accept", "accept" "_contribution", accept,
        |route| {
            route
                .summary("Takes an agency's part into the report.")
                .answers::<ContributionView>(200)
                .errors(&["action-not-allowed"]);
        }
    );
}
