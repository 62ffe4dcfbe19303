//! What the document says of a text's length is what the service takes.

use std::collections::HashMap;

use hai_dang::app::routes;
use hai_dang::http::document;
use hai_dang::identity::Role;
use serde_json::Value;

use super::access::{Access, Ids, access_of};
use super::support::Client;
use super::training::World;

/// One text of one body: what it is called with, and where in that the text stands.
struct Text {
    operation: String,
    method: String,
    path: String,
    body: Value,
    pointer: String,
    most: Option<u64>,
}

fn texts() -> Vec<Text> {
    let document = document::build(&routes::all());
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let content = &operation["requestBody"]["content"]["application/json"];
            let Some(body) = content.get("example") else {
                continue;
            };
            let mut fields = Vec::new();
            walk(&document, &content["schema"], String::new(), &mut fields);
            for (pointer, most) in fields {
                found.push(Text {
                    operation: operation["operationId"].as_str().unwrap().to_owned(),
                    method: method.to_uppercase(),
                    path: path.clone(),
                    body: body.clone(),
                    pointer,
                    most,
                });
            }
        }
    }
    found
}

fn walk(document: &Value, schema: &Value, at: String, found: &mut Vec<(String, Option<u64>)>) {
    if let Some(path) = schema["$ref"].as_str() {
        let schema = document.pointer(path.trim_start_matches('#')).unwrap();
        return walk(document, schema, at, found);
    }
    for choice in ["allOf", "oneOf", "anyOf"] {
        for option in schema[choice].as_array().into_iter().flatten() {
            walk(document, option, at.clone(), found);
        }
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        walk(document, property, format!("{at}/{name}"), found);
    }
    if let Some(items) = schema.get("items") {
        walk(document, items, format!("{at}/0"), found);
    }
    let is_text = schema["type"].to_string().contains("\"string\"");
    if is_text && schema.get("enum").is_none() && schema.get("format").is_none() {
        found.push((at, schema["maxLength"].as_u64()));
    }
}

impl Text {
    /// Whether a text of so many letters is refused as too long; `None` where the example has no
    /// such text.
    fn is_refused(&self, client: &Client, ids: &Ids, length: usize) -> Option<bool> {
        let (parent, field) = self.pointer.rsplit_once('/')?;
        let mut whole = self.body.clone();
        let text = Value::String("a".repeat(length));
        match whole.pointer_mut(parent)? {
            Value::Object(fields) => drop(fields.insert(field.to_owned(), text)),
            list => list[0] = text,
        }
        let alone = |depth| {
            let mut alone = whole.clone();
            let path: Vec<&str> = self.pointer.split('/').skip(1).take(depth).collect();
            keep_path(&mut alone, &path);
            without_ids(&mut alone);
            alone
        };
        let (alone, bare) = (alone(1), alone(2));
        let path = ids.fill(&self.path);
        // Whoever edits has seen what it is about.
        let seen = client.get(&path);
        let client = match seen.status {
            200 => client.having_seen(&seen),
            _ => client.with("If-Match", "\"1.0\""),
        };
        Some([whole, alone, bare].iter().any(|body| {
            let reply = client.send(&self.method, &path, Some(body.to_string().into_bytes()));
            let told: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
            let mut errors = told["errors"].as_array().into_iter().flatten();
            errors.any(|error| {
                error["pointer"] == self.pointer.as_str() && error["code"] == "too-long"
            })
        }))
    }
}

/// Texts with a form of their own, which says how long they are: a number, a time, a token, a code.
const FORMED: [&str; 17] = [
    "claim_code",
    "code",
    "ends",
    "from",
    "nonce",
    "office",
    "phone",
    "pin",
    "plan_task",
    "refresh_token",
    "row",
    "starts",
    "ticket",
    "to",
    "token",
    "zone",
    "also_plan_tasks",
];

/// Leaves of objects what the path goes through, so that nothing beside it is refused first.
fn keep_path(value: &mut Value, path: &[&str]) {
    let (Some((segment, rest)), Value::Object(fields)) = (path.split_first(), value) else {
        return;
    };
    fields.retain(|name, _| name == segment);
    if let Some(next) = fields.get_mut(*segment) {
        keep_path(next, rest);
    }
}

/// An example names a thing in all the ways there are, of which one at a time is allowed.
fn without_ids(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| !name.ends_with("_id"));
            fields.values_mut().for_each(without_ids);
        }
        Value::Array(items) => items.iter_mut().for_each(without_ids),
        _ => {}
    }
}

#[test]
fn every_text_is_as_long_as_the_document_says() {
    let world = World::new();
    let ids = Ids::of(&world, &world.organiser);
    let outside = world.app.outside();
    let inside = |client: &Client| outside.with_token(client.token.as_deref().unwrap());
    let mut personas =
        HashMap::from([(Role::Counsellor, inside(ids.at_the_case.as_ref().unwrap()))]);
    let mut unreached = Vec::new();
    for text in texts() {
        let name = format!("{} {}", text.operation, text.pointer);
        let Some(most) = text.most else {
            let mut segments = text.pointer.rsplit('/');
            let field = segments.find(|segment| *segment != "0").unwrap();
            assert!(FORMED.contains(&field), "{name} has no maxLength");
            continue;
        };
        let most = usize::try_from(most).unwrap();
        let role = match access_of(&text.operation).unwrap() {
            Access::Only(roles) => roles[0],
            Access::Public | Access::Account => Role::Organiser,
        };
        let persona = personas.entry(role);
        let client = persona.or_insert_with(|| inside(&world.app.persona(role)));
        if text.is_refused(client, &ids, most + 1) == Some(true) {
            let fits = text.is_refused(client, &ids, most);
            assert_eq!(fits, Some(false), "{name} takes less");
        } else {
            unreached.push(name);
        }
    }
    assert_eq!(unreached, [""; 0]);
}
