//! A caller: anybody, or a persona with its token.

use std::io::{Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use hai_dang::identity::UserId;
use serde_json::Value;
use ureq::http::{HeaderMap, Request, Response};

/// A caller.
#[derive(Clone)]
pub(crate) struct Client {
    pub(super) base: String,
    pub(super) agent: ureq::Agent,
    pub(super) failures: Arc<AtomicU32>,
    pub(crate) token: Option<String>,
    pub(crate) id: Option<UserId>,
    pub(crate) email: String,
    pub(crate) headers: Vec<(String, String)>,
}

/// What was answered.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Client {
    /// The same caller with one more header on every call.
    pub(crate) fn with(&self, name: &str, value: &str) -> Self {
        let mut client = self.clone();
        client.headers.push((name.to_owned(), value.to_owned()));
        client
    }

    /// The same caller having seen the version a reply carried.
    pub(crate) fn having_seen(&self, reply: &Reply) -> Self {
        self.with("If-Match", reply.header("etag"))
    }

    /// The same caller with another access token.
    pub(crate) fn with_token(&self, token: &str) -> Self {
        let mut client = self.clone();
        client.token = Some(token.to_owned());
        client
    }

    /// The same caller at another process.
    pub(crate) fn at(&self, origin: &str) -> Self {
        let mut client = self.clone();
        client.base = format!("{origin}/api/v1");
        client
    }

    /// The same caller at another listener, whose paths have no root.
    pub(crate) fn at_root(&self, origin: &str) -> Self {
        let mut client = self.clone();
        client.base = origin.to_owned();
        client
    }

    /// The caller's id; a stranger has none.
    pub(crate) fn id(&self) -> UserId {
        self.id.expect("a persona")
    }

    pub(crate) fn get(&self, path: &str) -> Reply {
        self.send("GET", path, None)
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Reply {
        self.send("POST", path, Some(body.to_string().into_bytes()))
    }

    /// An action: a `POST` without a body.
    pub(crate) fn act(&self, path: &str) -> Reply {
        self.send("POST", path, Some(Vec::new()))
    }

    pub(crate) fn put(&self, path: &str, body: &Value) -> Reply {
        self.send("PUT", path, Some(body.to_string().into_bytes()))
    }

    pub(crate) fn patch(&self, path: &str, body: &Value) -> Reply {
        self.send("PATCH", path, Some(body.to_string().into_bytes()))
    }

    pub(crate) fn delete(&self, path: &str) -> Reply {
        self.send("DELETE", path, None)
    }

    /// One call; a body is JSON unless a header given by `with` says otherwise.
    pub(crate) fn send(&self, method: &str, path: &str, body: Option<Vec<u8>>) -> Reply {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base));
        if let Some(token) = &self.token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let has_type = self
            .headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        let response = match body {
            None => self.agent.run(request.body(()).unwrap()),
            Some(bytes) => {
                if !bytes.is_empty() && !has_type {
                    request = request.header("Content-Type", "application/json");
                }
                self.agent.run(request.body(bytes).unwrap())
            }
        };
        let reply = Reply::read(response.unwrap());
        if reply.status >= 500 {
            self.failures.fetch_add(1, Ordering::Relaxed);
        }
        reply
    }
}

impl Reply {
    fn read(mut response: Response<ureq::Body>) -> Self {
        Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response
                .body_mut()
                .with_config()
                .limit(64 << 20)
                .read_to_vec()
                .unwrap(),
        }
    }

    /// Fails with the body unless the status is the one wanted.
    #[track_caller]
    pub(crate) fn assert(self, status: u16) -> Self {
        assert_eq!(
            self.status,
            status,
            "{}",
            String::from_utf8_lossy(&self.body)
        );
        self
    }

    /// The text of a Word document, its marks included.
    #[track_caller]
    pub(crate) fn docx(self) -> String {
        let body = Cursor::new(self.assert(200).body);
        let mut package = zip::ZipArchive::new(body).unwrap();
        let mut read = |name: &str| {
            let mut text = String::new();
            let mut part = package.by_name(name).unwrap();
            part.read_to_string(&mut text).unwrap();
            text
        };
        // A part that is announced and not there: no program opens such a file.
        let announced = read("[Content_Types].xml");
        for part in announced.split("PartName=\"/").skip(1) {
            read(part.split('"').next().unwrap());
        }
        read("word/document.xml")
    }

    /// The body as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&self.body)))
    }

    /// Fails unless it is the problem of a code; gives its body.
    #[track_caller]
    pub(crate) fn problem(&self, code: &str) -> Value {
        assert_eq!(
            self.header("content-type"),
            "application/problem+json",
            "{self:?}"
        );
        let body = self.json();
        assert_eq!(body["code"], code, "{body}");
        body
    }

    /// Fails unless a 422 names this pointer and rule.
    #[track_caller]
    pub(crate) fn violates(&self, pointer: &str, code: &str) {
        let body = self.problem("invalid");
        let errors = body["errors"].as_array().unwrap();
        let is_named = errors
            .iter()
            .any(|e| e["pointer"] == pointer && e["code"] == code);
        assert!(is_named, "{body}");
    }

    /// A header's text, empty where there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The `id` of the body.
    #[track_caller]
    pub(crate) fn id(&self) -> String {
        self.json()["id"].as_str().expect("an id").to_owned()
    }
}
