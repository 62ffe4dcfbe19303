//! A form with one file (`multipart/form-data`): the file goes into memory as it comes, and the
//! form's texts are read like a JSON body's fields.
//!
//! Nothing is read before [`FileForm::receive`] is called, so that a caller who may not send a
//! file is refused before there is room for one.

use std::collections::BTreeMap;

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::http::header::CONTENT_ENCODING;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::StreamExt;
use ring::digest;
use serde::de::DeserializeOwned;

use super::body::{BodyDigest, broken, media_type, refused, shape};
use super::pace::Pace;
use super::problem::Problem;
use super::request::form_pairs;
use crate::kernel::error::Fault;
use crate::kernel::{Class, Violation};
use crate::paper::incoming::{MAX, Refusal};
use crate::sealed::Depot;
use crate::sealed::stored::{Incoming, Sender};

/// The field that is the file.
const FILE: &str = "file";
/// The most bytes of a text.
const TEXT_MAX: usize = 8 * 1024;
/// The most texts.
const TEXTS: usize = 16;
/// What a form may have beside its file.
const BESIDE: usize = 128 * 1024;

/// A form with a file, not read yet.
pub struct FileForm {
    request: HttpRequest,
    payload: Payload,
}

impl std::fmt::Debug for FileForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FileForm")
    }
}

/// A form that was read.
#[derive(Debug)]
pub struct Received<T> {
    /// Its texts.
    pub fields: T,
    /// The file, and what the sender calls it: for [`Depot::keep`].
    pub file: (Incoming, String),
}

impl FromRequest for FileForm {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        std::future::ready(Ok(Self {
            request: request.clone(),
            payload: payload.take(),
        }))
    }
}

impl FileForm {
    /// Reads the form, once the caller is known to be allowed to send it. `T` has the texts; the
    /// file's field is `file`.
    ///
    /// # Errors
    /// `unsupported-media-type`, `malformed-body`, `invalid` with the pointer of what is missing,
    /// unknown or there twice, `file-too-large`, `uploads-busy`.
    pub async fn receive<T: DeserializeOwned>(
        self,
        depot: &Depot,
        sender: Sender,
    ) -> Result<Received<T>, Problem> {
        let headers = self.request.headers();
        let is_form = media_type(headers) == "multipart/form-data";
        if !is_form || headers.contains_key(CONTENT_ENCODING) {
            return Err(Problem::wire(Class::Malformed, "unsupported-media-type"));
        }
        let form = Multipart::new(headers, bounded(self.payload));
        let mut reading = Reading::new(depot, sender);
        reading.all(form).await?;
        self.request
            .extensions_mut()
            .insert(BodyDigest(reading.digest()));
        let file = reading.file.take();
        let file = file.ok_or_else(|| Fault::rule("/file", "required"))?;
        let fields = read_fields(&reading.texts)?;
        Ok(Received { fields, file })
    }
}

/// The payload up to what the largest form has.
fn bounded(
    payload: Payload,
) -> impl futures_util::Stream<Item = Result<actix_web::web::Bytes, PayloadError>> {
    let mut left = MAX + BESIDE;
    payload.map(move |chunk| {
        let chunk = chunk?;
        left = left
            .checked_sub(chunk.len())
            .ok_or(PayloadError::Overflow)?;
        Ok(chunk)
    })
}

/// What was read of a form so far.
struct Reading<'a> {
    depot: &'a Depot,
    sender: Sender,
    texts: BTreeMap<String, String>,
    file: Option<(Incoming, String)>,
    /// Of the file's bytes.
    digest: digest::Context,
    pace: Pace,
}

impl<'a> Reading<'a> {
    fn new(depot: &'a Depot, sender: Sender) -> Self {
        Self {
            depot,
            sender,
            texts: BTreeMap::new(),
            file: None,
            digest: digest::Context::new(&digest::SHA256),
            pace: Pace::begin(),
        }
    }

    async fn all(&mut self, mut form: Multipart) -> Result<(), Problem> {
        while let Some(field) = next(&self.pace, &mut form).await? {
            let name = field.name().unwrap_or_default().to_owned();
            if name == FILE {
                self.file(field).await?;
            } else {
                self.text(name, field).await?;
            }
        }
        Ok(())
    }

    async fn file(&mut self, mut field: Field) -> Result<(), Problem> {
        if self.file.is_some() {
            return Err(twice(FILE));
        }
        let disposition = field.content_disposition();
        let name = disposition.and_then(|said| {
            said.get_filename_ext()
                .map(|name| String::from_utf8_lossy(&name.value).into_owned())
                .or_else(|| said.get_filename().map(str::to_owned))
        });
        let mut incoming = self.depot.receive(self.sender).await?;
        while let Some(chunk) = next(&self.pace, &mut field).await? {
            self.pace.count(chunk.len());
            incoming.push(&chunk)?;
            self.digest.update(&chunk);
        }
        self.file = Some((incoming, name.unwrap_or_default()));
        Ok(())
    }

    async fn text(&mut self, name: String, mut field: Field) -> Result<(), Problem> {
        let pointer = || format!("/{}", name.chars().take(64).collect::<String>());
        if self.texts.len() == TEXTS {
            return Err(Fault::rule(pointer(), "wrong-shape").into());
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = next(&self.pace, &mut field).await? {
            self.pace.count(chunk.len());
            if bytes.len() + chunk.len() > TEXT_MAX {
                return Err(Fault::rule(pointer(), "too-long").into());
            }
            bytes.extend_from_slice(&chunk);
        }
        let text = String::from_utf8(bytes);
        let text = text.map_err(|_quotes| Fault::rule(pointer(), "forbidden-character"))?;
        // PostgreSQL keeps no NUL, and no text means one.
        if text.contains('\0') {
            return Err(Fault::rule(pointer(), "forbidden-character").into());
        }
        match self.texts.insert(name.clone(), text) {
            Some(_) => Err(twice(&name)),
            None => Ok(()),
        }
    }

    /// Of what the form says, whatever stands between its parts: a repeat may have another
    /// boundary.
    fn digest(&self) -> Vec<u8> {
        let mut all = digest::Context::new(&digest::SHA256);
        let mut add = |part: &[u8]| {
            let length = u64::try_from(part.len()).unwrap_or(u64::MAX);
            all.update(&length.to_be_bytes());
            all.update(part);
        };
        for (name, text) in &self.texts {
            add(name.as_bytes());
            add(text.as_bytes());
        }
        let name = self.file.as_ref().map(|(_, name)| name.as_bytes());
        add(name.unwrap_or_default());
        add(self.digest.clone().finish().as_ref());
        all.finish().as_ref().to_vec()
    }
}

/// The next part of a form or of a field, within a while.
async fn next<S, T>(pace: &Pace, stream: &mut S) -> Result<Option<T>, Problem>
where
    S: futures_util::Stream<Item = Result<T, MultipartError>> + Unpin,
{
    match pace.next(stream.next()).await {
        Some(None) => Ok(None),
        Some(Some(Ok(item))) => Ok(Some(item)),
        Some(Some(Err(MultipartError::Payload(PayloadError::Overflow)))) => {
            Err(Refusal::TooLarge.into())
        }
        Some(Some(Err(_))) | None => Err(broken()),
    }
}

fn twice(name: &str) -> Problem {
    Fault::Invalid(vec![Violation {
        pointer: format!("/{}", name.chars().take(64).collect::<String>()),
        code: "wrong-shape",
        note: Some("there twice".into()),
    }])
    .into()
}

/// A form's texts as a body: what is missing, unknown or of another type is refused by its name.
fn read_fields<T: DeserializeOwned>(texts: &BTreeMap<String, String>) -> Result<T, Problem> {
    let text = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(texts)
        .finish();
    let pairs = serde_urlencoded::Deserializer::new(form_pairs(&text));
    serde_path_to_error::deserialize(pairs).map_err(|error| {
        let message = error.inner().to_string();
        let path = error.path().to_string();
        let unknown = message.strip_prefix("unknown field `");
        let unknown = unknown.and_then(|rest| rest.split('`').next());
        match (path.as_str(), unknown) {
            ("." | "?", None) => refused("", &message),
            ("." | "?", Some(name)) => shape(&format!("/{name}"), &message),
            (path, _) => refused(&format!("/{path}"), &message),
        }
    })
}
