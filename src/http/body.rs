//! Bodies that come in: strict JSON, and sheets as they are.

use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap};
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::ToSchema;

use super::pace::Pace;
use super::problem::Problem;
use super::shape;
use crate::kernel::error::{Check, Fault};
use crate::kernel::{Class, Violation, text, token};

/// The most bytes a JSON body may have.
pub const BODY_MAX: usize = 256 * 1024;
/// The most bytes that may come where no body is taken.
const BARE_MAX: usize = 1024;
/// The most bytes an uploaded file may have.
pub const UPLOAD_MAX: usize = 6 * 1024 * 1024;

/// A JSON body as it came; it is read by [`ApiJson::parse`] once the caller is known to be
/// allowed to send it, so that a refusal tells nothing about the form.
#[derive(Debug)]
pub struct ApiJson<T>(Bytes, std::marker::PhantomData<fn() -> T>);

impl<T: DeserializeOwned + ToSchema> ApiJson<T> {
    /// The body.
    ///
    /// # Errors
    /// `invalid` with the pointer of what has the wrong type or is unknown; `malformed-json`.
    pub fn parse(&self) -> Result<T, Problem> {
        let text = std::str::from_utf8(&self.0).map_err(|e| shape("", &e.to_string()))?;
        // Serde would take a list for an object, field by field.
        if text.contains('[') {
            shape::refuse_misplaced_lists::<T>(text)?;
        }
        let mut json = serde_json::Deserializer::from_str(text);
        let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
            if error.inner().is_syntax() || error.inner().is_eof() {
                return Problem::wire(Class::Malformed, "malformed-json");
            }
            unread(&error).into()
        })?;
        json.end()
            .map_err(|_more| Problem::wire(Class::Malformed, "malformed-json"))?;
        refuse_nul(text)?;
        Ok(value)
    }
}

/// Reads one entry of a list whose entries stand for themselves: what is wrong in one is told of it
/// alone, with a pointer into the entry.
///
/// # Errors
/// `invalid` with the pointer of what has the wrong type, is unknown or missing.
pub fn entry<T: DeserializeOwned>(value: Value) -> Result<T, Fault> {
    if !value.is_object() {
        return Err(misshapen("", "an object is expected"));
    }
    serde_path_to_error::deserialize(value).map_err(|error| unread(&error))
}

/// What could not be read, and where it stands.
fn unread(error: &serde_path_to_error::Error<serde_json::Error>) -> Fault {
    let mut pointer = String::new();
    for segment in error.path() {
        use serde_path_to_error::Segment;
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => {
                pointer.push('/');
                pointer.push_str(&escaped(key));
            }
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    let message = in_words(&error.inner().to_string());
    match missing(&message) {
        Some(name) => Fault::rule(format!("{pointer}/{name}"), "required"),
        None => misshapen(&pointer, &message),
    }
}

/// PostgreSQL keeps no NUL, and no text means one: it is refused at the door, in whatever field,
/// so that no look-up has to think of it.
fn refuse_nul(text: &str) -> Result<(), Problem> {
    // JSON can only write it so; whatever else looks like it is told apart below.
    if !text.contains("\\u0000") {
        return Ok(());
    }
    let body = serde_json::from_str(text)
        .map_err(|_unread| Problem::wire(Class::Malformed, "malformed-json"))?;
    let mut check = Check::new();
    find_nul(&body, String::new(), &mut check);
    Ok(check.done()?)
}

fn find_nul(value: &Value, pointer: String, check: &mut Check) {
    match value {
        Value::String(text) if text.contains('\0') => {
            check.refuse(pointer, text::Fault::Forbidden.code());
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                find_nul(item, format!("{pointer}/{index}"), check);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                let pointer = format!("{pointer}/{}", escaped(name));
                if name.contains('\0') {
                    check.refuse(pointer.clone(), text::Fault::Forbidden.code());
                }
                find_nul(field, pointer, check);
            }
        }
        _ => {}
    }
}

/// A field's name as a JSON pointer spells it (RFC 6901, section 3).
pub(super) fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// What the parser says, in the words of the wire: without the place in the text, which the pointer
/// tells better, and without the names of our types.
fn in_words(message: &str) -> String {
    let said = message.split(" at line ").next().unwrap_or_default();
    match said.split_once("expected struct ") {
        Some((before, _)) => format!("{before}expected an object"),
        None => said.to_owned(),
    }
}

/// A body that is no such thing. What is missing is named by its own pointer.
pub(super) fn refused(pointer: &str, message: &str) -> Problem {
    match missing(message) {
        Some(name) => Fault::rule(format!("{pointer}/{name}"), "required").into(),
        None => shape(pointer, message),
    }
}

/// What the parser missed, where it says so.
pub(super) fn missing(message: &str) -> Option<&str> {
    message
        .strip_prefix("missing field `")
        .and_then(|rest| rest.strip_suffix('`'))
}

pub(super) fn shape(pointer: &str, note: &str) -> Problem {
    misshapen(pointer, note).into()
}

/// Something of the wrong form.
pub(super) fn misshapen(pointer: &str, note: &str) -> Fault {
    // The note may quote the value; only its beginning is given back, and never logged.
    let note = note.chars().take(400).collect();
    Fault::Invalid(vec![Violation {
        pointer: pointer.into(),
        code: "wrong-shape",
        note: Some(note),
    }])
}

/// The digest of a body, kept beside the request for the idempotency record.
#[derive(Debug, Clone)]
pub struct BodyDigest(pub Vec<u8>);

impl<T: 'static> FromRequest for ApiJson<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let mut payload = payload.take();
        Box::pin(async move {
            let media = media_type(request.headers());
            let is_bare = media.is_empty();
            let is_encoded = request.headers().contains_key(CONTENT_ENCODING);
            let refused = || Problem::wire(Class::Malformed, "unsupported-media-type");
            if is_encoded || !(is_bare || media == "application/json") {
                return Err(refused());
            }
            let bytes = collect(&request, &mut payload, BODY_MAX).await?;
            // An action whose fields are all optional may come without any body.
            match (is_bare, bytes.is_empty()) {
                (true, true) => Ok(Self(Bytes::from_static(b"{}"), std::marker::PhantomData)),
                (true, false) => Err(refused()),
                (false, _) => Ok(Self(bytes, std::marker::PhantomData)),
            }
        })
    }
}

/// An uploaded file: the raw body, of any media type but a form's.
#[derive(Debug, Clone)]
pub struct Upload(pub Bytes);

impl FromRequest for Upload {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let mut payload = payload.take();
        Box::pin(async move {
            const TYPES: [&str; 4] = [
                "text/csv",
                "application/octet-stream",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                "text/tab-separated-values",
            ];
            let is_sheet = TYPES.contains(&media_type(request.headers()).as_str());
            if !is_sheet || request.headers().contains_key(CONTENT_ENCODING) {
                return Err(Problem::wire(Class::Malformed, "unsupported-media-type"));
            }
            collect(&request, &mut payload, UPLOAD_MAX).await.map(Self)
        })
    }
}

pub(super) fn media_type(headers: &HeaderMap) -> String {
    let raw = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    raw.split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

/// Reads a payload up to `max` bytes, as long as it keeps coming, and leaves its digest with the
/// request.
async fn collect(
    request: &HttpRequest,
    payload: &mut Payload,
    max: usize,
) -> Result<Bytes, Problem> {
    let bytes = all(payload, max).await?;
    request
        .extensions_mut()
        .insert(BodyDigest(token::sha256(&bytes)));
    Ok(bytes)
}

async fn all(payload: &mut Payload, max: usize) -> Result<Bytes, Problem> {
    let mut bytes = actix_web::web::BytesMut::new();
    let mut pace = Pace::begin();
    loop {
        let next = pace.next(payload.next()).await;
        let Some(chunk) = next.ok_or_else(broken)? else {
            return Ok(bytes.freeze());
        };
        let chunk = chunk.map_err(|_broken| broken())?;
        pace.count(chunk.len());
        if bytes.len() + chunk.len() > max {
            return Err(Problem::wire(Class::Malformed, "payload-too-large"));
        }
        bytes.extend_from_slice(&chunk);
    }
}

/// A body that broke off, or let wait for too long.
pub(super) fn broken() -> Problem {
    Problem::wire(Class::Malformed, "malformed-body")
}

/// What came where no body is taken.
pub(super) struct Bare(pub(super) Bytes);

impl FromRequest for Bare {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let mut payload = payload.take();
        Box::pin(async move { collect(&request, &mut payload, BARE_MAX).await.map(Self) })
    }
}
