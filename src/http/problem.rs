//! The one face of errors on the wire: `application/problem+json` (RFC 9457).

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, RETRY_AFTER};
use actix_web::{HttpResponse, ResponseError};
use serde_json::{Map, Value, json};

use super::{catalogue, wording};
use crate::db;
use crate::kernel::{Class, Coded, Language, Violation};

/// An error on its way to the caller. Its cause is for the log alone.
pub struct Problem {
    class: Class,
    code: &'static str,
    violations: Vec<Violation>,
    facts: Map<String, Value>,
    cause: String,
    retryable: bool,
}

impl Problem {
    /// The status its class has; the only such match in the program.
    pub fn status(&self) -> StatusCode {
        match (self.class, self.code) {
            (_, "method-not-allowed") => StatusCode::METHOD_NOT_ALLOWED,
            (_, "payload-too-large" | "file-too-large") => StatusCode::PAYLOAD_TOO_LARGE,
            (_, "unsupported-media-type") => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            (Class::Malformed, _) => StatusCode::BAD_REQUEST,
            (Class::Invalid, _) => StatusCode::UNPROCESSABLE_ENTITY,
            (Class::Unauthenticated, _) => StatusCode::UNAUTHORIZED,
            (Class::Forbidden, _) => StatusCode::FORBIDDEN,
            (Class::NotFound, _) => StatusCode::NOT_FOUND,
            (Class::Conflict, _) => StatusCode::CONFLICT,
            (Class::Stale, _) => StatusCode::PRECONDITION_FAILED,
            (Class::Unguarded, _) => StatusCode::PRECONDITION_REQUIRED,
            (Class::TooMany, _) => StatusCode::TOO_MANY_REQUESTS,
            (Class::Unavailable, _) => StatusCode::SERVICE_UNAVAILABLE,
            (Class::Internal, _) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// A problem of the wire itself, which no slice raises.
    pub fn wire(class: Class, code: &'static str) -> Self {
        let (violations, facts, cause) = (Vec::new(), Map::new(), String::new());
        Self {
            class,
            code,
            violations,
            facts,
            cause,
            retryable: false,
        }
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// What went wrong inside, for the log; empty where nothing did.
    pub fn cause(&self) -> &str {
        &self.cause
    }

    /// The whole body in a language.
    pub fn body(&self, language: Language, request_id: &str) -> Value {
        let (title, detail) = catalogue::text(self.code, language);
        let mut body = json!({
            "type": format!("/problems/{}", self.code),
            "title": title,
            "status": self.status().as_u16(),
            "instance": request_id,
            "code": self.code,
        });
        let Some(members) = body.as_object_mut() else {
            return body;
        };
        if !self.status().is_server_error() {
            members.insert("detail".into(), detail.into());
            members.extend(self.facts.clone());
        }
        if !self.violations.is_empty() {
            let errors = self.violations.iter().map(|violation| {
                let (rule, _) = catalogue::text(violation.code, language);
                let note = violation.note.as_deref();
                let detail = match note.and_then(|note| wording::note(note, language)) {
                    Some(note) => format!("{rule} ({note})"),
                    None => rule.to_owned(),
                };
                json!({"pointer": violation.pointer, "code": violation.code, "detail": detail})
            });
            members.insert("errors".into(), errors.collect());
        }
        body
    }

    /// The answer in a language.
    pub fn answer(&self, language: Language, request_id: &str) -> HttpResponse {
        let mut builder = HttpResponse::build(self.status());
        builder.insert_header((CONTENT_TYPE, "application/problem+json"));
        builder.insert_header(("Content-Language", language.as_str()));
        match self.class {
            Class::TooMany => {
                let seconds = self.facts.get("retry_after").and_then(Value::as_u64);
                builder.insert_header((RETRY_AFTER, seconds.unwrap_or(1).to_string()));
            }
            Class::Unavailable => {
                builder.insert_header((RETRY_AFTER, "1"));
            }
            Class::Unauthenticated => {
                builder.insert_header(("WWW-Authenticate", "Bearer"));
            }
            _ => {}
        }
        builder.body(self.body(language, request_id).to_string())
    }
}

impl<E: Coded> From<E> for Problem {
    fn from(error: E) -> Self {
        let class = error.class();
        let is_ours = matches!(class, Class::Internal | Class::Unavailable);
        let mut cause = if is_ours {
            error.to_string()
        } else {
            String::new()
        };
        let mut source = std::error::Error::source(&error);
        while let (true, Some(inner)) = (is_ours, source) {
            cause = format!("{cause}: {inner}");
            source = inner.source();
        }
        Self {
            class,
            code: error.code(),
            violations: error.violations().to_vec(),
            facts: error.facts(),
            cause,
            retryable: lost_race(&error),
        }
    }
}

/// Whether a storage failure somewhere under `error` may be gone when tried again.
fn lost_race(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(storage) = error.downcast_ref::<db::Error>() {
            return db::error::Failure::is_retryable(storage);
        }
        // A slice's error that is transparent over storage's tells only what is under that.
        if let Some(statement) = error.downcast_ref::<diesel::result::Error>() {
            return db::error::lost_race(statement);
        }
        next = error.source();
    }
    false
}

impl db::error::Failure for Problem {
    fn is_retryable(&self) -> bool {
        self.retryable
    }
}

impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.status().as_u16(), self.code, self.cause)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status()
    }

    /// A stand-in: the envelope knows the language and the request id, and writes the real one.
    fn error_response(&self) -> HttpResponse {
        self.answer(Language::Vi, "")
    }
}
