//! The same answers on both engines: one walk through the service, its answers with ids, times
//! and tokens masked, against `tests/api/parity.txt`. The suite runs it on each engine, so what
//! equals the file on both is equal. `HAI_DANG_BLESS` writes the file anew.

mod casework;
mod concerns;
mod legal_aid;
mod owed;
mod products;
mod reports;

use hai_dang::kernel::code::LETTERS;
use serde_json::{Value, json};

use hai_dang::identity::Role;

use super::support::{Client, Reply};
use super::training::{World, id, one, person, registrations};

/// The walk so far.
struct Walk {
    text: String,
}

impl Walk {
    fn step(&mut self, what: &str, reply: &Reply) -> Value {
        let body: Value = serde_json::from_slice(&reply.body).unwrap_or(Value::Null);
        let masked = masked(&body);
        let text = serde_json::to_string(&masked).unwrap();
        self.text
            .push_str(&format!("{what}\n{} {text}\n", reply.status));
        body
    }

    fn get(&mut self, client: &Client, path: &str) -> Value {
        let shown = hide_ids(path);
        self.step(&format!("GET {shown}"), &client.get(path))
    }

    fn post(&mut self, client: &Client, path: &str, body: &Value) -> Value {
        let shown = hide_ids(path);
        self.step(&format!("POST {shown}"), &client.post(path, body))
    }
}

/// A path without its ids.
fn hide_ids(path: &str) -> String {
    let parts = path.split('/').map(|part| {
        let (head, tail) = part
            .split_once('?')
            .map_or((part, ""), |(head, tail)| (head, tail));
        let head = if uuid::Uuid::try_parse(head).is_ok() {
            "ID"
        } else {
            head
        };
        if tail.is_empty() {
            head.to_owned()
        } else {
            format!("{head}?{tail}")
        }
    });
    parts.collect::<Vec<_>>().join("/")
}

fn masked(value: &Value) -> Value {
    match value {
        Value::String(text) => json!(mask(text)),
        Value::Array(items) => items.iter().map(masked).collect(),
        Value::Object(members) => {
            let member = |(name, value): (&String, &Value)| {
                let hidden = ["short_code", "next_cursor", "ticket_sha256", "instance"];
                // The seal of a report is made over ids.
                let value = match value {
                    Value::Object(_) if name == "seal" => json!("…"),
                    Value::String(_) if hidden.contains(&name.as_str()) => json!("…"),
                    other => masked(other),
                };
                (name.clone(), value)
            };
            Value::Object(members.iter().map(member).collect())
        }
        other => other.clone(),
    }
}

fn mask(text: &str) -> String {
    let is_id = uuid::Uuid::try_parse(text).is_ok();
    let is_time = chrono::DateTime::parse_from_rfc3339(text).is_ok();
    // A code of a person or a matter; a month (`2026-03`) is none.
    let is_month = text.starts_with("202") && !text.contains(char::is_alphabetic);
    let is_code = !is_month
        && [7, 9].contains(&text.len())
        && text.chars().enumerate().all(|(at, letter)| {
            if at == 4 {
                letter == '-'
            } else {
                LETTERS.contains(&letter)
            }
        });
    if is_code {
        "CODE".to_owned()
    } else if is_id {
        "ID".to_owned()
    } else if is_time {
        "TIME".to_owned()
    } else {
        text.to_owned()
    }
}

fn walk(world: &World) -> String {
    let mut walk = Walk {
        text: String::new(),
    };
    let organiser = &world.organiser;
    let mut body = world.body(1);
    body["capacity"] = json!(2);
    let made = walk.post(organiser, "/training-sessions", &body);
    let publish = format!("/training-sessions/{}/publish", id(&made));
    let session = walk.post(organiser, &publish, &json!({}));
    let mut people = Vec::new();
    for name in ["Đặng Thị Ánh", "Nguyễn Văn Ân", "Đỗ Ô", "Trần Ư"] {
        let body = json!({"attendee": person(name)});
        people.push(walk.post(organiser, &registrations(&session), &body));
    }
    walk.post(
        organiser,
        &registrations(&session),
        &json!({"attendee": {"full_name": ""}}),
    );
    walk.post(
        organiser,
        &format!("{}/cancel", one(&people[0])),
        &json!({}),
    );
    walk.get(organiser, &registrations(&session));
    walk.get(organiser, "/attendees?q=an&include=total");
    walk.get(organiser, "/attendees?limit=2");
    walk.get(
        organiser,
        "/training-sessions?q=NUOI%20con&plan_task=2b&include=total",
    );
    walk.get(organiser, "/training-sessions?khong_co=1");
    let scan = json!({"ticket": world.derived_ticket(&people[1]), "nonce": "1"});
    walk.post(organiser, "/check-ins", &scan);
    walk.post(organiser, "/check-ins", &scan);
    for dimension in ["sex", "age_band", "agency", "month", "lead_agency"] {
        let path = format!(
            "/training-sessions/{}/attendance-counts?group_by={dimension}",
            id(&session)
        );
        walk.get(organiser, &path);
    }
    walk.get(
        organiser,
        "/reports/attendance?from=2026-02-01&to=2026-03-31&group_by=audience",
    );
    walk.get(organiser, "/attendees/duplicates");
    let administrator = world.app.persona(Role::Administrator);
    walk.get(&administrator, "/agencies?include=total");
    walk.get(&administrator, "/rooms");
    walk.get(&administrator, "/notifications?include=total");
    walk.get(&world.app.persona(Role::Auditor), "/audit-events?limit=3");
    walk.get(&world.app.anonymous(), "/public/training-sessions");
    walk.get(
        organiser,
        "/training-sessions/019ca000-0000-7000-8000-000000000000",
    );
    slices(world, &mut walk);
    walk.text
}

/// The walks through whole slices.
fn slices(world: &World, walk: &mut Walk) {
    casework::walk(&world.app, walk);
    legal_aid::walk(&world.app, walk);
    owed::walk(world, walk);
    concerns::walk(world, walk);
    products::walk(world, walk);
    reports::walk(world, walk);
}

#[test]
fn both_engines_answer_alike() {
    let text = walk(&World::new());
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/api/parity.txt");
    if hai_dang::config::env::var("HAI_DANG_BLESS").is_some() {
        std::fs::write(path, &text).unwrap();
    }
    let known = std::fs::read_to_string(path).unwrap_or_default();
    for (line, (known, now)) in known.lines().zip(text.lines()).enumerate() {
        assert_eq!(known, now, "line {} of tests/api/parity.txt", line + 1);
    }
    assert_eq!(known.lines().count(), text.lines().count());
}
