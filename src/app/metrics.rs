//! `/metrics` in Prometheus text, on a listener of its own.

use std::net::TcpListener;

use actix_web::dev::Server;
use actix_web::{App, HttpResponse, HttpServer, web};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use super::Error;

/// Makes the process count; once a process.
///
/// # Errors
/// When something counts already.
pub fn install() -> Result<PrometheusHandle, Error> {
    PrometheusBuilder::new()
        .install_recorder()
        .map_err(|error| Error::Told(format!("metrics: {error}")))
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
