//! Routes of what a report is printed as. That figures left the service is on record.

use actix_web::HttpResponse;
use serde_json::json;

use super::reports::{ContentQuery, EditionQuery};
use super::{Answer, both, named};
use crate::http::{Api, ApiQuery, Problem, Reply};
use crate::identity::Call;
use crate::kernel::{Fault, Language};
use crate::office::work::Work;
use crate::paper;
use crate::report::content::Content;
use crate::report::model::{Report, ReportKind};
use crate::report::policy;
use crate::report::print;
use crate::report::service::report::{content, load};

type Query = ApiQuery<ContentQuery>;

/// A report and what it says, for whoever takes it along in a form.
fn taken(
    work: &mut Work<'_>,
    named: crate::report::service::report::Named,
    (query, form): (&ContentQuery, &str),
) -> Result<(Report, Content), Problem> {
    let report = load(work, named, query.edition)?;
    let content = content(work, &report)?;
    let facts = json!({"form": form, "edition": report.edition, "public": query.public});
    work.audit("report.export", "plan-report", report.id.uuid(), facts)?;
    let content = if query.public {
        content.for_the_public()
    } else {
        content
    };
    Ok((report, content))
}

/// What a file of a report is called.
fn file_name(report: &Report, extension: &str) -> String {
    let what = match report.kind {
        ReportKind::Annual => "bao-cao-nam",
        ReportKind::Summary => "bao-cao-tong-ket",
    };
    let edition = match report.edition {
        1 => String::new(),
        edition => format!("-ban-{edition}"),
    };
    format!("{what}-{}{edition}.{extension}", report.year)
}

fn internal(error: &dyn std::fmt::Display) -> Fault {
    Fault::Internal(error.to_string())
}

async fn give<F>(call: Call, mut query: Query, form: &'static str, mut make: F) -> Answer
where
    F: FnMut(
            &mut Work<'_>,
            (&Report, &Content),
            Language,
        ) -> Result<(&'static str, Vec<u8>), Problem>
        + Send
        + 'static,
{
    let named = named(call.request());
    call.write_secret(move |cx| -> Result<Reply, Problem> {
        let language = cx.language();
        let mut work = policy::count(cx)?;
        let query = query.parse()?;
        let (report, content) = taken(&mut work, named.clone()?, (&query, form))?;
        let (media, file) = make(&mut work, (&report, &content), language)?;
        Ok(Reply::file(media, &file_name(&report, form), file))
    })
    .await
}

/// The paper that is signed: it has one form, and none for the public.
async fn document(call: Call, mut query: ApiQuery<EditionQuery>) -> Result<HttpResponse, Problem> {
    let named = named(call.request());
    call.write_secret(move |cx| {
        let mut work = policy::count(cx)?;
        let whole = ContentQuery {
            edition: query.parse()?.edition,
            public: false,
        };
        let (report, content) = taken(&mut work, named.clone()?, (&whole, "docx"))?;
        let (now, settings) = (work.now, work.settings()?.clone());
        let file = print::document(&report, &content, (&settings, now));
        let file = file.map_err(|error| internal(&error))?;
        Ok(Reply::file(paper::DOCX, &file_name(&report, "docx"), file))
    })
    .await
}

async fn workbook(call: Call, query: Query) -> Result<HttpResponse, Problem> {
    give(call, query, "xlsx", |work, (report, content), language| {
        let title = match report.kind {
            ReportKind::Annual => language.pick(
                format!("Số liệu báo cáo năm {}", report.year),
                format!("Figures of the annual report {}", report.year),
            ),
            ReportKind::Summary => language.pick(
                format!("Số liệu báo cáo tổng kết đến năm {}", report.year),
                format!("Figures of the summary report to {}", report.year),
            ),
        };
        let file = print::workbook(content, (&title, language), work.now);
        Ok((paper::XLSX, file.map_err(|error| internal(&error))?))
    })
    .await
}

async fn csv(call: Call, query: Query) -> Result<HttpResponse, Problem> {
    give(call, query, "csv", |_, (_, content), language| {
        let file = print::csv(content, language).map_err(|error| internal(&error))?;
        Ok(("text/csv; charset=utf-8", file))
    })
    .await
}

/// Mounts the routes.
pub(super) fn mount(api: &mut Api) {
    both!(api, get "/{year}/report.docx", "print" "", document, |route| {
        route
            .summary("The report to sign, in the layout of Decree 30/2020; a draft until it is issued.")
            .query::<EditionQuery>()
            .answers_file(&[paper::DOCX]);
    });
    both!(api, get "/{year}/report.xlsx", "export" "_workbook", workbook, |route| {
        route
            .summary("Its figures as a workbook.")
            .query::<ContentQuery>()
            .answers_file(&[paper::XLSX]);
    });
    both!(api, get "/{year}/report.csv", "export" "_csv", csv, |route| {
        route
            .summary("Its figures as a flat list.")
            .query::<ContentQuery>()
            .answers_file(&["text/csv; charset=utf-8"]);
    });
}
