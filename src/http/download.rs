//! A stored file on its way to who may read it, chunk by chunk.

use actix_web::HttpResponse;
use actix_web::body::SizedStream;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use actix_web::web::Bytes;
use futures_util::StreamExt;

use super::reply::attachment;
use crate::paper::incoming::FileKind;
use crate::sealed::stored::Reader;

/// The answer that is a stored file: to be saved, never to be shown in the service's own place.
/// The envelope adds `nosniff` and `no-store`. Where a chunk does not open, the connection breaks
/// before the end that was announced.
pub fn download(reader: Reader, kind: FileKind, name: &str) -> HttpResponse {
    let size = reader.size();
    let chunks = reader.into_stream().map(|chunk| {
        chunk.map(Bytes::from).inspect_err(|error| {
            tracing::error!(%error, "a stored file broke off");
        })
    });
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, kind.media_type()))
        .insert_header((CONTENT_DISPOSITION, attachment(name)))
        .insert_header((CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"))
        .body(SizedStream::new(size, Box::pin(chunks)))
}
