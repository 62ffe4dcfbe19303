//! What pages of other origins may call and read.

use actix_cors::{Cors, CorsError};
use actix_web::HttpResponse;
use actix_web::body::BoxBody;
use actix_web::http::header::HeaderName;

use super::problem::Problem;
use crate::kernel::Class;

/// The origins of the settings, and no other: whoever else's page asks gets no leave to read.
pub fn cors(origins: &[String]) -> Cors {
    let known = origins
        .iter()
        .fold(Cors::default(), |cors, origin| cors.allowed_origin(origin));
    known
        .allowed_methods(["GET", "POST", "PUT", "PATCH", "DELETE"])
        .allowed_headers([
            "authorization",
            "content-type",
            "accept-language",
            "if-match",
            "if-none-match",
            "idempotency-key",
            "x-request-id",
        ])
        .expose_headers([
            "content-disposition",
            "etag",
            "idempotency-replayed",
            "location",
            "retry-after",
            "x-request-id",
        ])
        .max_age(3600)
}

/// Why a browser's question before a call was refused, where it was.
pub(super) fn refused(response: &HttpResponse<BoxBody>) -> Option<Problem> {
    response.error()?.as_error::<CorsError>()?;
    Some(Problem::wire(Class::Forbidden, "origin-not-allowed"))
}

/// Whether a header says what a page may read: it stays when an error gets its words.
pub(super) fn speaks_of(name: &HeaderName) -> bool {
    name.as_str().starts_with("access-control-")
}
