//! The OpenAPI 3.1 document, made from the route table.

use std::collections::BTreeMap;

use actix_web::http::Method;
use serde_json::{Map, Value, json};

use super::api::{Api, Body, Operation};
use super::{catalogue, example};
use crate::kernel::Language;

/// The document of every route.
pub fn build(api: &Api) -> Value {
    let mut schemas: Map<String, Value> = api
        .schemas()
        .iter()
        .map(|(name, schema)| (name.clone(), schema.clone()))
        .collect();
    flatten(&mut schemas);
    schemas.values_mut().for_each(drop_null_defaults);
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
                application/problem+json; every time carries an offset; an unknown parameter or \
                field is refused. What wants If-Match or takes Idempotency-Key lists it.",
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

/// Makes one object of what is put together of several: one part that takes no further fields would
/// refuse those of the others.
fn flatten(schemas: &mut Map<String, Value>) {
    let parts = schemas.clone();
    for schema in schemas.values_mut() {
        let Some(all) = schema.get("allOf").and_then(Value::as_array) else {
            continue;
        };
        let (mut properties, mut required) = (Map::new(), Vec::new());
        for part in all {
            let name = part.get("$ref").and_then(Value::as_str);
            let name = name.and_then(|path| path.rsplit('/').next());
            let part = name.and_then(|name| parts.get(name)).unwrap_or(part);
            if let Some(Value::Object(more)) = part.get("properties") {
                properties.extend(more.clone());
            }
            if let Some(Value::Array(more)) = part.get("required") {
                required.extend(more.iter().cloned());
            }
        }
        let mut whole = json!({"type": "object", "properties": properties, "required": required});
        if let (Some(text), Some(whole)) = (schema.get("description"), whole.as_object_mut()) {
            whole.insert("description".into(), text.clone());
        }
        *schema = whole;
    }
}

/// A field that may be left out has no default of `null`: in a `PATCH`, `null` says another thing.
fn drop_null_defaults(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if members.get("default") == Some(&Value::Null) {
                members.remove("default");
            }
            members.values_mut().for_each(drop_null_defaults);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_null_defaults),
        _ => {}
    }
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
    if operation.method == Method::GET && is_tagged(&value) {
        let what = "The ETag of what the caller holds; unchanged is 304, without a body.";
        parameters.push(header("If-None-Match", false, what));
        if let Some(Value::Object(responses)) = value.pointer_mut("/responses") {
            let unchanged = json!({"description": "Unchanged since that ETag."});
            responses.insert("304".into(), unchanged);
        }
    }
    if let Some(members) = value.as_object_mut() {
        if !parameters.is_empty() {
            members.insert("parameters".into(), parameters.into());
        }
        if let Some(body) = &operation.body {
            let content = content(&[body], schemas);
            members.insert(
                "requestBody".into(),
                json!({"required": is_needed(operation, body, schemas), "content": content}),
            );
        }
    }
    value
}

/// A JSON body of which no field is required may be left out, like any of its fields; a change
/// says what it changes.
fn is_needed(operation: &Operation, body: &Body, schemas: &Map<String, Value>) -> bool {
    let path = body.schema.get("$ref").and_then(Value::as_str);
    let name = path.and_then(|path| path.rsplit('/').next());
    let schema = name.and_then(|name| schemas.get(name));
    let has_required = |schema: &Value| schema.get("required").is_some();
    let is_json = body.media == ["application/json"];
    !is_json || operation.method == Method::PATCH || schema.is_none_or(has_required)
}

/// Whether the answer of a described operation has an `ETag`.
fn is_tagged(described: &Value) -> bool {
    let tag = described.pointer("/responses/200/headers/ETag");
    tag.is_some()
}

fn header(name: &str, is_required: bool, text: &str) -> Value {
    json!({
        "name": name, "in": "header", "required": is_required, "description": text,
        "schema": {"type": "string"},
    })
}

fn headers(operation: &Operation) -> Vec<Value> {
    let mut headers = Vec::new();
    let mut add = |name: &str, is_required: bool, text: &str| {
        headers.push(header(name, is_required, text));
    };
    if operation.is_guarded {
        add(
            "If-Match",
            !operation.is_creating,
            "The ETag of the version the caller saw; missing is 428, stale is 412.",
        );
    }
    if operation.is_creating {
        add(
            "If-None-Match",
            false,
            "`*` where nothing is there yet; instead of If-Match.",
        );
    }
    if takes_key(operation) {
        add(
            "Idempotency-Key",
            false,
            "1 to 128 characters; the same key and body replay the answer.",
        );
    }
    headers
}

fn takes_key(operation: &Operation) -> bool {
    operation.method == Method::POST && !operation.is_public && !operation.is_shown_once
}

/// The headers of an answer, by whether its thing has a version.
fn answered(operation: &Operation, status: u16, is_versioned: bool) -> Map<String, Value> {
    let mut headers = Map::new();
    let mut add = |name: &str, text: &str| {
        let header = json!({"description": text, "schema": {"type": "string"}});
        headers.insert(name.into(), header);
    };
    if is_versioned {
        add("ETag", "The version, and a digest of the body.");
    }
    if status == 201 && operation.method == Method::POST {
        add("Location", "Where the new thing is, where it has a place.");
    }
    if takes_key(operation) {
        add(
            "Idempotency-Replayed",
            "`true` where the answer of an earlier call is told again.",
        );
    }
    headers
}

/// What a body holds, by media type. Several schemas of one type are a choice, and the first
/// gives the example.
fn content(bodies: &[&Body], schemas: &Map<String, Value>) -> Map<String, Value> {
    let mut choices: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    for body in bodies {
        for media in &body.media {
            choices.entry(media).or_default().push(&body.schema);
        }
    }
    let entries = choices.into_iter().map(|(media, choices)| {
        let schema = match choices.as_slice() {
            [only] => json!(only),
            several => json!({"anyOf": several}),
        };
        let entry = match choices.first() {
            Some(first) if media == "application/json" => {
                json!({"schema": schema, "example": example::of(first, schemas)})
            }
            _ => json!({"schema": schema}),
        };
        (media.to_owned(), entry)
    });
    entries.collect()
}

fn is_versioned(content: &Map<String, Value>) -> bool {
    let example = content
        .get("application/json")
        .and_then(|entry| entry.get("example"));
    example.is_some_and(|example| example.get("version").is_some())
}

fn responses(operation: &Operation, schemas: &Map<String, Value>) -> Value {
    let mut answers: BTreeMap<u16, Vec<&Body>> = BTreeMap::new();
    for (status, body) in &operation.answers {
        answers.entry(*status).or_default().extend(body);
    }
    let mut responses = Map::new();
    for (status, bodies) in answers {
        let content = content(&bodies, schemas);
        let mut response = Map::from_iter([("description".into(), json!(reason(status)))]);
        let headers = answered(operation, status, is_versioned(&content));
        for (name, members) in [("content", content), ("headers", headers)] {
            if !members.is_empty() {
                response.insert(name.into(), members.into());
            }
        }
        responses.insert(status.to_string(), response.into());
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
        let mut response = json!({
            "description": codes.join(", "),
            "content": {"application/problem+json": {
                "schema": {"$ref": "#/components/schemas/Problem"}, "example": example,
            }},
        });
        if let (Some(headers), Some(response)) = (refused(status), response.as_object_mut()) {
            response.insert("headers".into(), headers);
        }
        responses.insert(status.to_string(), response);
    }
    Value::Object(responses)
}

/// The headers of a refusal.
fn refused(status: u16) -> Option<Value> {
    let header = |name: &str, text: &str, kind: &str| {
        let header = json!({"description": text, "schema": {"type": kind}});
        Some(json!({name: header}))
    };
    match status {
        401 => header("WWW-Authenticate", "`Bearer`.", "string"),
        429 | 503 => header(
            "Retry-After",
            "Seconds until a call may succeed.",
            "integer",
        ),
        _ => None,
    }
}

/// The codes of one operation: those its form brings and its own.
fn codes(operation: &Operation) -> Vec<&'static str> {
    let mut codes = vec![
        "too-many-requests",
        "internal",
        "storage-unavailable",
        "malformed-body",
    ];
    if operation.path.starts_with("/api/") {
        codes.push("invalid");
    }
    if !operation.is_public {
        codes.extend(["unauthenticated", "forbidden"]);
    }
    if operation.path.contains('{') {
        codes.push("not-found");
    }
    if operation.body.is_some() {
        codes.extend([
            "malformed-json",
            "payload-too-large",
            "unsupported-media-type",
        ]);
    }
    if operation.is_guarded {
        codes.extend(["stale-version", "if-match-required"]);
    }
    if takes_key(operation) {
        codes.extend([
            "idempotency-key-reused",
            "idempotency-in-flight",
            "idempotency-forgotten",
        ]);
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
        303 | 307 => "Elsewhere",
        207 => "A result per row",
        _ => "OK",
    }
}

fn problem_schema() -> Value {
    let text = json!({"type": "string"});
    let number = json!({"type": "integer", "format": "int32"});
    let time = json!({"type": "string", "format": "date-time"});
    let id = json!({"type": "string", "format": "uuid"});
    let free = json!({"type": "array", "items": {
        "type": "object",
        "required": ["starts_at", "ends_at"],
        "properties": {"starts_at": time, "ends_at": time},
    }});
    let gaps = json!({"type": "array", "items": {
        "type": "object",
        "required": ["slot", "unmarked", "expected"],
        "properties": {"slot": id, "unmarked": number, "expected": number},
    }});
    let doubts = json!({"type": "array", "items": {
        "type": "object",
        "required": ["party_id", "doubt"],
        "properties": {"party_id": id, "doubt": text},
    }});
    json!({
        "type": "object",
        "required": ["type", "title", "status", "instance", "code"],
        "properties": {
            "type": text, "title": text, "detail": text, "instance": text, "code": text,
            "status": number,
            "errors": {"type": "array", "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {"pointer": text, "code": text, "detail": text},
            }},
            "current": text, "action": text, "reason": text,
            "allowed_actions": {"type": "array", "items": text},
            "retry_after": {"type": "integer", "format": "int64"},
            "opens_at": time, "at": time, "registration_id": id,
            "capacity": number, "confirmed": number,
            "empty_slots": number, "unmarked": number, "expected": number, "slots": gaps,
            "sessions": {"type": "array", "items": text},
            "papers": {"type": "array", "items": text},
            "notes": {"type": "array", "items": id},
            "parties": {"type": "array", "items": id},
            "roles": {"type": "array", "items": text},
            "doubts": doubts,
            "open": {"type": "array", "items": text},
            "open_until": {"type": ["string", "null"], "format": "date"},
            "days": number, "danger": text,
            "free": free,
            "registrations": {"type": "array", "items": {"type": "array", "items": id}},
        },
        "additionalProperties": true,
    })
}
