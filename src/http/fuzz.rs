//! Requests made of a stranger's bytes, read through the doors that handlers have. For the fuzz
//! targets alone: no build has it that is not made with `--cfg fuzzing`.

use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::http::Uri;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::test::TestRequest;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest};
use futures_util::{Stream, stream};
use ipnet::IpNet;
use serde::de::DeserializeOwned;
use tokio::runtime::{Builder, Runtime};
use utoipa::ToSchema;

use super::{ApiJson, ApiQuery, Asked, FileForm, envelope};
use crate::sealed::Depot;
use crate::sealed::stored::{Incoming, Sender};

/// Reads bytes as one kind of body or query, and gives it to its checks; whether it was taken.
pub type Read = fn(&[u8]) -> bool;

thread_local! {
    static RUNTIME: Runtime = runtime();
}

#[expect(clippy::expect_used, reason = "without it nothing would be fuzzed")]
fn runtime() -> Runtime {
    let mut builder = Builder::new_current_thread();
    builder.enable_time().build().expect("a runtime")
}

fn wait<T>(work: impl Future<Output = T>) -> T {
    RUNTIME.with(|runtime| runtime.block_on(work))
}

/// A JSON body as its handler has it.
pub fn body<T: DeserializeOwned + ToSchema + 'static>(bytes: &[u8]) -> Option<T> {
    let (request, mut payload) = TestRequest::default()
        .insert_header((CONTENT_TYPE, "application/json"))
        .set_payload(Bytes::copy_from_slice(bytes))
        .to_http_parts();
    let json = wait(ApiJson::<T>::from_request(&request, &mut payload));
    json.ok()?.parse().ok()
}

/// A query as its handler has it.
pub fn query<T: DeserializeOwned>(bytes: &[u8], look: impl FnOnce(Asked<'_, T>) -> bool) -> bool {
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    let Ok(uri) = format!("/?{text}").parse::<Uri>() else {
        return false;
    };
    let request = TestRequest::with_uri(&uri.to_string()).to_http_request();
    let query = wait(ApiQuery::<T>::from_request(&request, &mut Payload::None));
    query.is_ok_and(|mut query| query.parse().is_ok_and(look))
}

/// A form with a file as its handler has it: its texts, the file, and what it is called. The
/// payload comes in pieces of `piece` bytes.
pub fn form<T: DeserializeOwned>(
    depot: &Depot,
    media: &[u8],
    bytes: &[u8],
    piece: usize,
) -> Option<(T, Incoming, String)> {
    let value = actix_web::http::header::HeaderValue::from_bytes(media).ok()?;
    let request: HttpRequest = TestRequest::default()
        .insert_header((CONTENT_TYPE, value))
        .to_http_request();
    let pieces: Vec<_> = bytes
        .chunks(piece.max(1))
        .map(|piece| Ok(Bytes::copy_from_slice(piece)))
        .collect();
    let pieces: Pin<Box<dyn Stream<Item = Result<Bytes, PayloadError>>>> =
        Box::pin(stream::iter(pieces));
    let received = wait(async move {
        let mut payload = Payload::from(pieces);
        let form = FileForm::from_request(&request, &mut payload).await.ok()?;
        let sender = Sender::staff(uuid::Uuid::nil());
        form.receive::<T>(depot, sender).await.ok()
    })?;
    let (incoming, name) = received.file;
    Some((received.fields, incoming, name))
}

/// The caller's address as the envelope finds it.
pub fn client_address(peer: IpAddr, forwarded: &str, proxies: &[IpNet]) -> IpAddr {
    envelope::client_address(peer, forwarded, proxies)
}
