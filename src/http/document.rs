//! The OpenAPI 3.1 document, made from the route table.

use std::collections::BTreeMap;

use actix_web::http::Method;
use serde_json::{Map, Value, json};

use super::api::{Api, Body, Operation};
use super::{catalogue, example};
use crate::kernel::Language;

/// The document of every route.
pub fn build(api: &Api) -> Value {
    let schemas: Map<String, Value> = api
        .schemas()
        .iter()
        .map(|(name, schema)| (name.clone(), schema.clone()))
        .collect();
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for operation in api.operations() {
        let entry = paths.entry(operation.path.as_str()).or_default();
        let method = operation.method.as_str().to_ascii_lowercase();
        entry.insert(method, describe(operation, &schemas));
    }
    let mut components = schemas;
    components.insert("Problem".into(), problem_schema());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Ward plan service",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Training sessions, attendance, people and their mails. Every error is \
                application/problem+json; every time carries an offset; PATCH, PUT and DELETE \
                want If-Match; a POST takes Idempotency-Key.",
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
            },
        },
    })
}

fn describe(operation: &Operation, schemas: &Map<String, Value>) -> Value {
    let mut value = json!({
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": operation.summary,
        "responses": responses(operation, schemas),
        "security": if operation.is_public { json!([]) } else { json!([{"bearer": []}]) },
    });
    let mut parameters = operation.parameters.clone();
    parameters.extend(headers(operation));
    if let Some(members) = value.as_object_mut() {
        if !parameters.is_empty() {
            members.insert("parameters".into(), parameters.into());
        }
        if let Some(body) = &operation.body {
            let content = content(body, schemas);
            members.insert(
                "requestBody".into(),
                json!({"required": true, "content": content}),
            );
        }
    }
    value
}

fn headers(operation: &Operation) -> Vec<Value> {
    let mut headers = Vec::new();
    let mut add = |name: &str, text: &str| {
        headers.push(json!({
            "name": name, "in": "header", "required": false, "description": text,
            "schema": {"type": "string"},
        }));
    };
    if operation.is_guarded {
        add(
            "If-Match",
            "The ETag of the version the caller saw; missing is 428, stale is 412.",
        );
    }
    if operation.method == Method::POST && !operation.is_public {
        add(
            "Idempotency-Key",
            "1 to 128 characters; the same key and body replay the answer.",
        );
    }
    headers
}

fn content(body: &Body, schemas: &Map<String, Value>) -> Value {
    let entries = body.media.iter().map(|media| {
        let mut entry = json!({"schema": body.schema});
        if *media == "application/json"
            && let Some(members) = entry.as_object_mut()
        {
            members.insert("example".into(), example::of(&body.schema, schemas));
        }
        ((*media).to_owned(), entry)
    });
    Value::Object(entries.collect())
}

fn responses(operation: &Operation, schemas: &Map<String, Value>) -> Value {
    let mut responses = Map::new();
    for (status, body) in &operation.answers {
        let mut response = json!({"description": reason(*status)});
        if let (Some(body), Some(members)) = (body, response.as_object_mut()) {
            members.insert("content".into(), content(body, schemas));
        }
        responses.insert(status.to_string(), response);
    }
    let mut by_status: BTreeMap<u16, Vec<&str>> = BTreeMap::new();
    for code in codes(operation) {
        by_status
            .entry(catalogue::status(code))
            .or_default()
            .push(code);
    }
    for (status, codes) in by_status {
        let code = codes.first().copied().unwrap_or("internal");
        let (title, detail) = catalogue::text(code, Language::En);
        let example = json!({
            "type": format!("/problems/{code}"), "title": title, "status": status,
            "detail": detail, "instance": "0190f5d2-0000-7000-8000-000000000000", "code": code,
        });
        responses.insert(
            status.to_string(),
            json!({
                "description": codes.join(", "),
                "content": {"application/problem+json": {
                    "schema": {"$ref": "#/components/schemas/Problem"}, "example": example,
                }},
            }),
        );
    }
    Value::Object(responses)
}

/// The codes of one operation: those its form brings and its own.
fn codes(operation: &Operation) -> Vec<&'static str> {
    let mut codes = vec![
        "too-many-requests",
        "internal",
        "storage-unavailable",
        "malformed-body",
    ];
    if !operation.is_public {
        codes.extend(["unauthenticated", "forbidden"]);
    }
    if operation.path.contains('{') {
        codes.push("not-found");
    }
    if operation.body.is_some() {
        codes.extend([
            "malformed-json",
            "invalid",
            "payload-too-large",
            "unsupported-media-type",
        ]);
    }
    if operation
        .parameters
        .iter()
        .any(|parameter| parameter["in"] == "query")
    {
        codes.push("invalid");
    }
    if operation.is_guarded {
        codes.extend(["stale-version", "if-match-required"]);
    }
    if operation.method == Method::POST && !operation.is_public {
        codes.extend(["idempotency-key-reused", "idempotency-in-flight"]);
    }
    codes.extend(&operation.errors);
    codes.sort_unstable();
    codes.dedup();
    codes
}

fn reason(status: u16) -> &'static str {
    match status {
        201 => "Created",
        202 => "Accepted; tells nothing",
        204 => "Done",
        307 => "Elsewhere",
        207 => "A result per row",
        _ => "OK",
    }
}

fn problem_schema() -> Value {
    let text = json!({"type": "string"});
    json!({
        "type": "object",
        "required": ["type", "title", "status", "instance", "code"],
        "properties": {
            "type": text, "title": text, "detail": text, "instance": text, "code": text,
            "status": {"type": "integer", "format": "int32"},
            "errors": {"type": "array", "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {"pointer": text, "code": text, "detail": text},
            }},
            "current": text, "action": text,
            "allowed_actions": {"type": "array", "items": text},
            "retry_after": {"type": "integer", "format": "int64"},
        },
        "additionalProperties": true,
    })
}
