//! The route table: what is mounted and what the OpenAPI document says come from the same lines,
//! so that neither can have a route the other lacks.

use std::collections::BTreeMap;

use actix_web::dev::Handler;
use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::{FromRequest, Responder, Route, web};
use serde_json::Value;
use utoipa::openapi::path::ParameterIn;
use utoipa::{IntoParams, ToSchema};

use super::contain::Contained;
use super::guard;
use super::tree::Tree;

/// Every route, and the document of each.
#[derive(Default)]
pub struct Api {
    routes: BTreeMap<String, Vec<(Method, Route)>>,
    operations: Vec<Operation>,
    pub(super) schemas: BTreeMap<String, Value>,
    clashes: Vec<String>,
    tag: &'static str,
    base: &'static str,
}

impl std::fmt::Debug for Api {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Api({} operations)", self.operations.len())
    }
}

/// What the document says about one route.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a question of its own"
)]
#[derive(Debug, Clone)]
pub struct Operation {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) id: &'static str,
    pub(super) tag: &'static str,
    pub(super) summary: &'static str,
    pub(super) parameters: Vec<Value>,
    pub(super) body: Option<Body>,
    pub(super) answers: Vec<(u16, Option<Body>)>,
    pub(super) errors: Vec<&'static str>,
    pub(super) is_public: bool,
    pub(super) is_guarded: bool,
    pub(super) is_creating: bool,
    pub(super) is_shown_once: bool,
}

/// A body: its media types and schema.
#[derive(Debug, Clone)]
pub(super) struct Body {
    pub(super) media: Vec<&'static str>,
    pub(super) schema: Value,
}

/// Adds to the operation just mounted.
#[derive(Debug)]
pub struct Described<'a> {
    pub(super) api: &'a mut Api,
    index: usize,
}

impl Api {
    /// What the paths of the routes that follow start with.
    pub fn base(&mut self, base: &'static str) {
        self.base = base;
    }

    /// The tag of the routes that follow.
    pub fn tag(&mut self, tag: &'static str) {
        self.tag = tag;
    }

    /// Every operation, in the order it was mounted.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// Names that two different schemas have: the document would show one for both.
    pub fn clashes(&self) -> &[String] {
        &self.clashes
    }

    /// The component schemas, by name.
    pub(super) fn schemas(&self) -> &BTreeMap<String, Value> {
        &self.schemas
    }

    /// Mounts `GET` (and `HEAD`).
    pub fn get<F, Args>(&mut self, path: &str, id: &'static str, handler: F) -> Described<'_>
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        let head = web::method(Method::HEAD).to(Contained(handler.clone()));
        let full = format!("{}{path}", self.base);
        self.routes
            .entry(full)
            .or_default()
            .push((Method::HEAD, head));
        self.mount(Method::GET, path, id, handler)
    }

    /// Mounts `POST`.
    pub fn post<F, Args>(&mut self, path: &str, id: &'static str, handler: F) -> Described<'_>
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.mount(Method::POST, path, id, handler)
    }

    /// Mounts `PUT`.
    pub fn put<F, Args>(&mut self, path: &str, id: &'static str, handler: F) -> Described<'_>
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.mount(Method::PUT, path, id, handler)
    }

    /// Mounts `PATCH`.
    pub fn patch<F, Args>(&mut self, path: &str, id: &'static str, handler: F) -> Described<'_>
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.mount(Method::PATCH, path, id, handler).guarded()
    }

    /// Mounts `DELETE`.
    pub fn delete<F, Args>(&mut self, path: &str, id: &'static str, handler: F) -> Described<'_>
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.mount(Method::DELETE, path, id, handler)
    }

    fn mount<F, Args>(
        &mut self,
        method: Method,
        path: &str,
        id: &'static str,
        handler: F,
    ) -> Described<'_>
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        let route = web::method(method.clone()).to(Contained(handler));
        let path = format!("{}{path}", self.base);
        self.routes
            .entry(path.clone())
            .or_default()
            .push((method.clone(), route));
        let index = self.operations.len();
        self.operations.push(Operation {
            method,
            parameters: path_parameters(&path),
            path,
            id,
            tag: self.tag,
            summary: "",
            body: None,
            answers: Vec::new(),
            errors: Vec::new(),
            is_public: false,
            is_guarded: false,
            is_creating: false,
            is_shown_once: false,
        });
        Described { api: self, index }
    }

    pub(super) fn learn<T: ToSchema>(&mut self) -> Value {
        let mut found = vec![(T::name().into_owned(), T::schema())];
        T::schemas(&mut found);
        for (name, schema) in found {
            let schema = serde_json::to_value(schema).unwrap_or(Value::Null);
            let known = self.schemas.insert(name.clone(), schema.clone());
            if known.is_some_and(|known| known != schema) {
                self.clashes.push(name);
            }
        }
        serde_json::json!({"$ref": format!("#/components/schemas/{}", T::name())})
    }

    /// Hands the routes to actix; a known path under another method is 405 with `Allow`.
    pub fn configure(self, config: &mut web::ServiceConfig) {
        let mut tree = Tree::default();
        for (path, routes) in self.routes {
            let is_of_api = path.starts_with("/api/");
            let guarded = routes.into_iter().map(|(method, route)| {
                let mut route = route;
                if is_of_api && !guard::takes_query(&self.operations, &method, &path) {
                    route = route.wrap(from_fn(guard::without_query));
                }
                if is_of_api && guard::is_bare(&self.operations, &method, &path) {
                    route = route.wrap(from_fn(guard::without_body));
                }
                (method, route)
            });
            tree.add(&path, guarded.collect());
        }
        tree.configure(config);
    }
}

fn path_parameters(path: &str) -> Vec<Value> {
    path.split('/')
        .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| {
            let schema = match name {
                "when" | "token" | "file" => serde_json::json!({"type": "string"}),
                "year" => serde_json::json!({"type": "integer", "format": "int32"}),
                _ => serde_json::json!({"type": "string", "format": "uuid"}),
            };
            serde_json::json!({"name": name, "in": "path", "required": true, "schema": schema})
        })
        .collect()
}

#[expect(
    clippy::return_self_not_must_use,
    reason = "a description may end anywhere"
)]
impl Described<'_> {
    pub(super) fn edit(self, change: impl FnOnce(&mut Operation)) -> Self {
        if let Some(operation) = self.api.operations.get_mut(self.index) {
            change(operation);
        }
        self
    }

    /// What the operation is for, one sentence.
    pub fn summary(self, summary: &'static str) -> Self {
        self.edit(|operation| operation.summary = summary)
    }

    /// Its query parameters.
    pub fn query<Q: IntoParams>(self) -> Self {
        let parameters = Q::into_params(|| Some(ParameterIn::Query));
        self.edit(|operation| {
            let values = parameters
                .into_iter()
                .filter_map(|p| serde_json::to_value(p).ok());
            operation.parameters.extend(values);
        })
    }

    /// Its JSON body.
    pub fn body<T: ToSchema>(self) -> Self {
        let schema = self.api.learn::<T>();
        let media = vec!["application/json"];
        self.edit(|o| o.body = Some(Body { media, schema }))
    }

    /// A JSON answer.
    pub fn answers<T: ToSchema>(self, status: u16) -> Self {
        let schema = self.api.learn::<T>();
        let body = Body {
            media: vec!["application/json"],
            schema,
        };
        self.edit(|o| o.answers.push((status, Some(body))))
    }

    /// An answer that is one page of a list.
    pub fn pages<T: ToSchema>(self) -> Self {
        let item = self.api.learn::<T>();
        let schema = serde_json::json!({
            "type": "object",
            "required": ["items", "next_cursor"],
            "properties": {
                "items": {"type": "array", "items": item},
                "next_cursor": {"type": ["string", "null"]},
                "total": {"type": "integer", "format": "int64", "minimum": 0},
            },
        });
        let body = Body {
            media: vec!["application/json"],
            schema,
        };
        self.edit(|o| o.answers.push((200, Some(body))))
    }

    /// An answer without a body.
    pub fn answers_empty(self, status: u16) -> Self {
        self.edit(|o| o.answers.push((status, None)))
    }

    /// The codes it refuses with beside those every operation of its form has.
    pub fn errors(self, codes: &[&'static str]) -> Self {
        let codes = codes.to_vec();
        self.edit(|o| o.errors.extend(codes))
    }

    /// It asks for no login.
    pub fn public(self) -> Self {
        self.edit(|o| o.is_public = true)
    }

    /// Its answer holds what is shown once: no retry is given it again.
    pub fn shown_once(self) -> Self {
        self.edit(|o| o.is_shown_once = true)
    }

    /// It wants `If-Match`.
    pub fn guarded(self) -> Self {
        self.edit(|o| o.is_guarded = true)
    }

    /// It wants `If-Match` of what is there, or `If-None-Match: *` where nothing is.
    pub fn guarded_or_new(self) -> Self {
        self.edit(|o| (o.is_guarded, o.is_creating) = (true, true))
    }

    /// It wants no `If-Match` though it is a `PATCH`.
    pub fn unguarded(self) -> Self {
        self.edit(|o| o.is_guarded = false)
    }
}
