//! What is refused before a handler is asked: queries and bodies where none is taken.

use actix_web::Error;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;

use super::api::Operation;
use super::body::{Bare, shape};
use super::request::refuse_query;

/// Whether it is a step without words. What is public may be called by a mail client, which sends
/// what its own rules say (RFC 8058).
pub(super) fn is_bare(operations: &[Operation], method: &Method, path: &str) -> bool {
    let mut all = operations.iter();
    let found = all.find(|o| o.path == path && o.method == *method);
    let is_bare = |one: &Operation| one.body.is_none() && !one.is_public;
    *method == Method::POST && found.is_some_and(is_bare)
}

/// Whether an operation takes a query.
pub(super) fn takes_query(operations: &[Operation], method: &Method, path: &str) -> bool {
    let is_it = |o: &Operation| {
        o.path == path
            && (o.method == *method || (*method == Method::HEAD && o.method == Method::GET))
    };
    operations
        .iter()
        .filter(|operation| is_it(operation))
        .flat_map(|operation| &operation.parameters)
        .any(|parameter| parameter.get("in").is_some_and(|place| place == "query"))
}

/// Refuses a query where an operation takes none.
pub(super) async fn without_query(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    match refuse_query(request.query_string()) {
        Err(problem) => Ok(request.error_response(problem)),
        Ok(()) => Ok(next.call(request).await?.map_into_boxed_body()),
    }
}

/// Refuses a body where an operation takes none; an empty object says nothing and may come.
pub(super) async fn without_body(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    match request.extract::<Bare>().await {
        Err(problem) => Ok(request.error_response(problem)),
        Ok(Bare(body)) if matches!(body.trim_ascii(), b"" | b"{}") => {
            Ok(next.call(request).await?.map_into_boxed_body())
        }
        Ok(_) => Ok(request.error_response(shape("", "no body is taken"))),
    }
}
