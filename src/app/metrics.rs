//! `/metrics` in Prometheus text, on a listener of its own.

use std::net::TcpListener;

use actix_web::dev::Server;
use actix_web::{App, HttpResponse, HttpServer, web};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use super::Error;

/// What is counted, and what it means.
const COUNTERS: [(&str, &str); 3] = [
    (
        "http_requests_total",
        "Calls answered, by route, method and status.",
    ),
    (
        "mail_attempts_total",
        "Mails handed to the relay or a file, by what became of it.",
    ),
    (
        "panics_total",
        "Panics of handlers and background jobs, each a fault of the service.",
    ),
];
/// What is measured now and then, by a process that works in the background: of the whole database,
/// not of the process.
const GAUGES: [(&str, &str); 2] = [
    (
        "mails_waiting",
        "Mails whose time has come and that have not left.",
    ),
    (
        "mails_waiting_seconds",
        "How long the longest of them has waited.",
    ),
];
/// What is timed.
const SECONDS: (&str, &str) = ("http_request_seconds", "From a call's head to its answer.");

/// Makes the process count; once a process.
///
/// # Errors
/// When something counts already.
pub fn install() -> Result<PrometheusHandle, Error> {
    let handle = PrometheusBuilder::new()
        .install_recorder()
        .map_err(|error| Error::Told(format!("metrics: {error}")))?;
    for (name, help) in COUNTERS {
        metrics::describe_counter!(name, help);
    }
    // Told from the start: what is not there cannot be watched.
    metrics::counter!("panics_total").increment(0);
    for (name, help) in GAUGES {
        metrics::describe_gauge!(name, help);
    }
    let (name, help) = SECONDS;
    metrics::describe_histogram!(name, metrics::Unit::Seconds, help);
    Ok(handle)
}

async fn show(handle: web::Data<PrometheusHandle>) -> HttpResponse {
    handle.run_upkeep();
    HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .body(handle.render())
}

/// Serves what was counted.
///
/// # Errors
/// When the listener cannot be used.
pub fn serve(handle: PrometheusHandle, listener: TcpListener) -> Result<Server, Error> {
    let handle = web::Data::new(handle);
    let server = HttpServer::new(move || {
        App::new()
            .app_data(handle.clone())
            .route("/metrics", web::get().to(show))
    })
    .workers(1)
    .disable_signals()
    .listen(listener)?
    .run();
    Ok(server)
}
