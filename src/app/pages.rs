//! Health, the document and its reader, and the page that links in mails open.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;
use utoipa_swagger_ui::Config;

use crate::db::Error;
use crate::http::{Api, Problem, document};
use crate::identity::Platform;
use crate::kernel::{Class, Fault};

/// What the reader of the document may do: its own files, and the styles it writes itself.
const DOCS_POLICY: &str = "default-src 'none'; script-src 'self'; \
    style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// What the page of the links may do: its own script and style, and calls to this service.
const GO_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// How long the database may take to say that it is there.
const PATIENCE: Duration = Duration::from_secs(3);

/// Whether the service still wants requests; it stops wanting them before it stops.
#[derive(Debug, Default)]
pub struct Readiness {
    is_stopping: AtomicBool,
}

impl Readiness {
    /// Tells whoever balances load to send requests elsewhere.
    pub fn stop(&self) {
        self.is_stopping.store(true, Ordering::Relaxed);
    }

    fn is_stopping(&self) -> bool {
        self.is_stopping.load(Ordering::Relaxed)
    }
}

/// The OpenAPI document of this program, as text.
pub fn document() -> &'static str {
    // It is made from code alone, so that one text serves every worker.
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| {
        let document = document::build(&super::routes::all());
        let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
        text.push('\n');
        text
    })
}

async fn openapi() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .insert_header((CACHE_CONTROL, "no-cache"))
        .body(document())
}

/// The files of the reader lie below `/docs/`; relative, so that a proxy may add a prefix.
async fn docs_entry() -> HttpResponse {
    HttpResponse::TemporaryRedirect()
        .insert_header(("location", "docs/"))
        .finish()
}

async fn docs(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let file = request.match_info().get("file").unwrap_or_default();
    let config = Config::from("../openapi.json")
        .validator_url("none")
        .try_it_out_enabled(false);
    let found = utoipa_swagger_ui::serve(file, config.into())
        .map_err(|error| Fault::Internal(error.to_string()))?
        .ok_or(Fault::NotFound)?;
    let mut response = HttpResponse::Ok();
    if found.gzpipped {
        response.insert_header(("content-encoding", "gzip"));
    }
    Ok(response
        .content_type(found.content_type)
        .insert_header(("content-security-policy", DOCS_POLICY))
        .insert_header((CACHE_CONTROL, "no-cache"))
        .body(found.bytes.into_owned()))
}

fn static_file(content_type: &str, body: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(content_type)
        .insert_header(("content-security-policy", GO_POLICY))
        .insert_header((CACHE_CONTROL, "no-cache"))
        .body(body)
}

async fn go() -> HttpResponse {
    static_file("text/html; charset=utf-8", include_str!("go/index.html"))
}

async fn go_file(request: HttpRequest) -> Result<HttpResponse, Problem> {
    match request.match_info().get("file").unwrap_or_default() {
        "app.js" => Ok(static_file(
            "text/javascript; charset=utf-8",
            include_str!("go/app.js"),
        )),
        "app.css" => Ok(static_file(
            "text/css; charset=utf-8",
            include_str!("go/app.css"),
        )),
        _ => Err(Fault::NotFound.into()),
    }
}

async fn live() -> HttpResponse {
    HttpResponse::Ok().json(json!({"status": "ok"}))
}

async fn ready(
    platform: web::Data<Platform>,
    readiness: web::Data<Readiness>,
) -> Result<HttpResponse, Problem> {
    if readiness.is_stopping() {
        return Err(Problem::wire(Class::Unavailable, "busy"));
    }
    // Whatever the ping fails with, it is not ready; nor when it fails with nothing.
    let answer = tokio::time::timeout(PATIENCE, platform.db.ping()).await;
    let answer = answer.unwrap_or_else(|_late| Err(Error::Unavailable("it hangs".into())));
    answer.map_err(|error| {
        tracing::warn!(%error, "the database does not answer");
        Problem::wire(Class::Unavailable, "storage-unavailable")
    })?;
    Ok(HttpResponse::build(StatusCode::OK).json(json!({"status": "ok"})))
}

/// The answer of a health check.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
pub struct HealthView {
    /// `ok`.
    #[schema(example = "ok")]
    pub status: String,
}

/// Mounts the pages.
pub fn mount(api: &mut Api) {
    api.tag("service");
    api.get("/openapi.json", "show_document", openapi)
        .summary("This document.")
        .answers_file(&["application/json"])
        .public();
    api.get("/docs", "open_docs", docs_entry)
        .summary("Leads to the reader of this document.")
        .answers_empty(307)
        .public();
    api.get("/docs/", "show_docs", docs)
        .summary("The reader of this document; it works with no internet.")
        .answers_file(&["text/html"])
        .public();
    api.get("/docs/{file}", "show_docs_file", docs)
        .summary("A file of the reader.")
        .answers_file(&["text/css", "text/javascript", "image/png"])
        .public();
    api.get("/go", "show_link_page", go)
        .summary("The page that links in mails open; their token stays in the fragment.")
        .answers_file(&["text/html"])
        .public();
    api.get("/go/{file}", "show_link_page_file", go_file)
        .summary("A file of that page.")
        .answers_file(&["text/css", "text/javascript"])
        .public();
    api.get("/health/live", "check_live", live)
        .summary("Whether the process runs.")
        .answers::<HealthView>(200)
        .public();
    api.get("/health/ready", "check_ready", ready)
        .summary("Whether it takes requests: 503 without its database and before it stops.")
        .answers::<HealthView>(200)
        .errors(&["busy"])
        .public();
}
