//! An example of a schema: its own where it has one, else one made from its types, so that every
//! body of the document shows what it looks like.

use serde_json::{Map, Value, json};

/// An instant, and a day.
const TIME: &str = "2026-09-15T08:00:00+07:00";
const DAY: &str = "2026-09-15";

/// How deep an example goes: far below what any body has, so that a schema within itself ends.
const DEPTH: usize = 24;

/// An example of `schema`.
pub fn of(schema: &Value, schemas: &Map<String, Value>) -> Value {
    build(schema, schemas, DEPTH)
}

fn build(schema: &Value, schemas: &Map<String, Value>, depth: usize) -> Value {
    if depth == 0 {
        return Value::Null;
    }
    if let Some(example) = schema.get("example") {
        return example.clone();
    }
    if let Some(example) = schema.get("examples").and_then(|all| all.get(0)) {
        return example.clone();
    }
    if let Some(name) = schema["$ref"]
        .as_str()
        .and_then(|path| path.rsplit('/').next())
    {
        return schemas
            .get(name)
            .map_or(Value::Null, |found| build(found, schemas, depth - 1));
    }
    if let Some(value) = schema["enum"].get(0) {
        return value.clone();
    }
    for choice in ["allOf", "oneOf", "anyOf"] {
        let options = schema[choice].as_array().into_iter().flatten();
        if let Some(option) = options.into_iter().find(|option| option["type"] != "null") {
            return build(option, schemas, depth - 1);
        }
    }
    match kind(schema) {
        "object" => object(schema, schemas, depth),
        "array" => json!([build(&schema["items"], schemas, depth - 1)]),
        "integer" | "number" => schema.get("minimum").cloned().unwrap_or(json!(1)),
        "boolean" => json!(true),
        "string" => text(schema),
        _ => Value::Null,
    }
}

fn kind(schema: &Value) -> &str {
    match &schema["type"] {
        Value::String(kind) => kind,
        Value::Array(kinds) => kinds
            .iter()
            .filter_map(Value::as_str)
            .find(|kind| *kind != "null")
            .unwrap_or("null"),
        _ => "null",
    }
}

fn object(schema: &Value, schemas: &Map<String, Value>, depth: usize) -> Value {
    let properties = schema["properties"].as_object().into_iter().flatten();
    let members = properties.map(|(name, property)| {
        let value = match build(property, schemas, depth - 1) {
            // What ends does so after it began.
            Value::String(text) if is_end(name) => later(&text),
            other => other,
        };
        (name.clone(), value)
    });
    Value::Object(members.collect())
}

fn is_end(name: &str) -> bool {
    name.starts_with("ends") || name.ends_with("_to") || name.ends_with("_until")
}

fn later(text: &str) -> Value {
    json!(match text {
        TIME => "2026-09-15T09:00:00+07:00",
        DAY => "2026-09-30",
        other => other,
    })
}

fn text(schema: &Value) -> Value {
    json!(match schema["format"].as_str() {
        Some("uuid") => "0190f5d2-7c1e-7b3a-9d42-3f1f6c8a2b10",
        Some("date-time") => TIME,
        Some("date") => DAY,
        Some("email") => "lan.tran@example.vn",
        _ => "…",
    })
}
