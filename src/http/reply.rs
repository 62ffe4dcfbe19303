//! A successful answer, whole before its transaction ends, so that it can be kept and replayed.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION};
use serde::{Deserialize, Serialize};

use crate::kernel::{Fault, token};

/// The bytes a body has room for before it grows: a resource fits, a page grows a few times.
const ROOM: usize = 2048;

/// An answer that succeeded.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    /// Whether it tells of nobody, whatever it has in its body.
    #[serde(default)]
    is_bare: bool,
}

impl Reply {
    /// 200 with a JSON body.
    ///
    /// # Errors
    /// `internal`, when the view cannot be written as JSON.
    pub fn ok<T: Serialize>(view: &T) -> Result<Self, Fault> {
        Self::json(200, view)
    }

    /// A JSON body under a status.
    ///
    /// # Errors
    /// `internal`, when the view cannot be written as JSON.
    pub fn json<T: Serialize>(status: u16, view: &T) -> Result<Self, Fault> {
        let mut body = Vec::with_capacity(ROOM);
        serde_json::to_writer(&mut body, view).map_err(|e| Fault::Internal(e.to_string()))?;
        let headers = vec![(CONTENT_TYPE.to_string(), "application/json".to_owned())];
        Ok(Self {
            status,
            headers,
            body,
            is_bare: false,
        })
    }

    /// 303 to a page for people.
    pub fn see_other(location: &str) -> Self {
        Self {
            status: 303,
            headers: vec![(LOCATION.to_string(), location.to_owned())],
            body: Vec::new(),
            is_bare: true,
        }
    }

    /// 201 with a JSON body and where the new thing is, below `/api/v1`.
    ///
    /// # Errors
    /// `internal`, when the view cannot be written as JSON.
    pub fn created<T: Serialize>(location: &str, view: &T) -> Result<Self, Fault> {
        let mut reply = Self::json(201, view)?;
        reply
            .headers
            .push((LOCATION.to_string(), format!("/api/v1{location}")));
        Ok(reply)
    }

    /// 202 with an empty object: the answer that tells nothing.
    pub fn accepted() -> Self {
        let headers = vec![(CONTENT_TYPE.to_string(), "application/json".to_owned())];
        Self {
            status: 202,
            headers,
            body: b"{}".to_vec(),
            is_bare: true,
        }
    }

    /// 204.
    pub fn no_content() -> Self {
        Self {
            status: 204,
            headers: Vec::new(),
            body: Vec::new(),
            is_bare: true,
        }
    }

    /// 200 with a file. `file_name` is kept as UTF-8 beside its ASCII form (RFC 6266).
    pub fn file(content_type: &str, file_name: &str, body: Vec<u8>) -> Self {
        let disposition = attachment(file_name);
        let headers = vec![
            (CONTENT_TYPE.to_string(), content_type.to_owned()),
            ("content-disposition".to_owned(), disposition),
        ];
        Self {
            status: 200,
            headers,
            body,
            is_bare: false,
        }
    }

    /// The same answer as one version of a mutable resource: `"<version>.<digest>"`.
    #[must_use]
    pub fn versioned(mut self, version: i32) -> Self {
        let digest: String = token::sha256_hex(&self.body).chars().take(16).collect();
        self.headers
            .push((ETAG.to_string(), format!("\"{version}.{digest}\"")));
        self
    }

    /// The same answer, which anybody may keep for some seconds: nothing personal is in it.
    #[must_use]
    pub fn kept_for(mut self, seconds: u32) -> Self {
        let value = format!("public, max-age={seconds}");
        self.headers.push((CACHE_CONTROL.to_string(), value));
        self
    }

    /// The same answer under another status.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// The same answer, which tells of nobody: it is given again to whoever no longer sees what it
    /// was about.
    #[must_use]
    pub fn bare(mut self) -> Self {
        self.is_bare = true;
        self
    }

    /// Whether it tells of something.
    pub fn tells(&self) -> bool {
        !self.is_bare
    }

    /// Where the new thing is.
    pub fn location(&self) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(name, _)| name == LOCATION.as_str());
        found.map(|(_, path)| path.as_str())
    }

    /// Marks a kept answer as given again.
    #[must_use]
    pub fn replayed(mut self) -> Self {
        self.headers
            .push(("Idempotency-Replayed".to_owned(), "true".to_owned()));
        self
    }

    /// The answer on the wire, or 304 where the caller has this very body.
    pub fn answer(self, if_none_match: Option<&str>) -> HttpResponse {
        let etag = self.headers.iter().find(|(name, _)| name == ETAG.as_str());
        let is_known = if_none_match.zip(etag).is_some_and(|(sought, (_, etag))| {
            sought.split(',').any(|tag| {
                let tag = tag.trim();
                tag == "*" || tag.trim_start_matches("W/") == etag
            })
        });
        if self.status == 200 && is_known {
            let mut builder = HttpResponse::NotModified();
            if let Some((name, value)) = etag {
                builder.insert_header((name.as_str(), value.as_str()));
            }
            return builder.finish();
        }
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let mut builder = HttpResponse::build(status);
        for (name, value) in self.headers {
            builder.insert_header((name, value));
        }
        builder.body(self.body)
    }
}

/// `Content-Disposition` of a file to be saved: its name as UTF-8 beside an ASCII form of it.
pub(super) fn attachment(file_name: &str) -> String {
    let ascii: String = crate::kernel::text::fold(file_name)
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || "._-".contains(c) {
                c
            } else {
                '-'
            }
        })
        .collect();
    let encoded: String = file_name.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"._-".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
        text
    });
    format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{encoded}")
}

/// The `If-None-Match` of a request.
pub fn if_none_match(request: &actix_web::HttpRequest) -> Option<&str> {
    request
        .headers()
        .get(IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
}
