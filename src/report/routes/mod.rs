//! Routes of reports. The yearly report and the summary are the same things under two paths.

mod contributions;
mod coverage;
mod documents;
mod files;
mod reports;
mod steps;

use actix_web::{HttpRequest, HttpResponse};

use super::model::ReportKind;
use super::service::report::Named;
use crate::http::{Api, Problem};
use crate::kernel::Fault;

type Answer = Result<HttpResponse, Problem>;

/// Mounts an operation for both kinds of report, each with a path and an id of its own.
macro_rules! both {
    ($api:expr, $method:ident $path:literal, $verb:literal $noun:literal, $handler:expr, $describe:expr) => {
        let describe: fn(crate::http::api::Described<'_>) = $describe;
        describe($api.$method(
            concat!("/reports/annual", $path),
            concat!($verb, "_annual_report", $noun),
            $handler,
        ));
        describe($api.$method(
            concat!("/reports/summary", $path),
            concat!($verb, "_summary_report", $noun),
            $handler,
        ));
    };
}
use both;

/// The kind of report a path is about.
fn kind(request: &HttpRequest) -> ReportKind {
    let is_summary = request.path().contains("/reports/summary");
    if is_summary {
        ReportKind::Summary
    } else {
        ReportKind::Annual
    }
}

/// The report a path speaks of: years have four digits.
fn named(request: &HttpRequest) -> Result<Named, Fault> {
    let text = request.match_info().get("year").unwrap_or_default();
    let year = text.parse().ok().filter(|_| text.len() == 4);
    Ok((kind(request), year.ok_or(Fault::NotFound)?))
}

/// Where a report lies.
fn path(named: Named) -> String {
    format!("/reports/{}/{}", named.0, named.1)
}

/// Mounts the routes.
pub fn mount(api: &mut Api) {
    api.tag("reports");
    reports::mount(api);
    steps::mount(api);
    contributions::mount(api);
    documents::mount(api);
    files::mount(api);
    coverage::mount(api);
}
