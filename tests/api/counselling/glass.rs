//! A window shows the whole case, each reading is logged, and so is each attempt in vain.

use chrono::TimeDelta;
use diesel::prelude::*;
use hai_dang::db::schema::audit_events;
use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::{ALL, Story};
use crate::support::TestApp;

fn rows(app: &TestApp, action: &str) -> Vec<Value> {
    let action = action.to_owned();
    let facts: Vec<String> = app.query(move |conn| {
        audit_events::table
            .filter(audit_events::action.eq(action))
            .order(audit_events::id)
            .select(audit_events::facts)
            .load(conn)
    });
    let read = |facts: &String| serde_json::from_str(facts).unwrap();
    facts.iter().map(read).collect()
}

const REFUSED: &str = "counselling-case.break-glass-refused";

#[test]
fn a_window_opens_all_of_the_case_and_each_reading_is_a_row() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let appointment = story.appointment(9, 60).id();
    let colleague = app.persona(Role::Counsellor);
    let why = json!({"reason": "Người phụ trách vắng, trẻ có dấu hiệu bị hại."});
    colleague
        .post(&story.path("/break-glass"), &why)
        .assert(201);
    let party = format!("/parties/{}", story.party);
    let looks = [
        "",
        "/parties",
        &party,
        "/timeline",
        "/adoption-consents",
        "/follow-ups",
        "/notes",
    ];
    for part in looks {
        colleague.get(&story.path(part)).assert(200);
    }
    let detail = colleague.get(&format!("{ALL}/{appointment}")).assert(200);
    let list = format!("{ALL}?case_id={}", story.case);
    let list = colleague.get(&list).assert(200).json();
    assert_eq!(list["items"][0]["id"], json!(appointment));
    for seen in [&detail.json(), &list["items"][0]] {
        assert_eq!(seen["allowed_actions"], json!([]));
    }
    let read = rows(&app, "counselling-case.read");
    let read: Vec<&str> = read
        .iter()
        .map(|row| row["part"].as_str().unwrap())
        .collect();
    let all = [
        "case",
        "parties",
        "party",
        "timeline",
        "consents",
        "follow-ups",
        "notes",
        "appointment",
        "appointments",
    ];
    assert_eq!(read, all);
    // It is a look and no more: nothing is listed as possible, and nothing is.
    let seen = colleague.get(&story.path("")).assert(200).json();
    assert_eq!(seen["allowed_actions"], json!([]));
    let hold = json!({"reason": "x"});
    colleague.post(&story.path("/hold"), &hold).assert(404);
    assert_eq!(colleague.get(ALL).assert(200).json()["items"], json!([]));
    // Once it is over, the attempt is told.
    app.clock.advance(TimeDelta::minutes(61));
    let colleague = app.again(&colleague);
    colleague.get(&story.path("/parties")).assert(404);
    colleague.get(&story.path("/timeline")).assert(404);
    colleague.get(&format!("{ALL}/{appointment}")).assert(404);
    let late = rows(&app, REFUSED);
    assert_eq!(late.len(), 3);
    assert!(late.iter().all(|row| row["because"] == "window-over"));
}

#[test]
fn an_attempt_in_vain_leaves_a_row() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let path = story.path("/break-glass");
    let colleague = app.persona(Role::Counsellor);
    let short = json!({"reason": "x"});
    colleague.post(&path, &short).assert(422);
    let why = json!({"reason": "Người phụ trách vắng, trẻ có dấu hiệu bị hại."});
    story.counsellor.post(&path, &why).assert(409);
    app.persona(Role::Organiser).post(&path, &why).assert(403);
    let because: Vec<Value> = rows(&app, REFUSED);
    let because: Vec<&str> = because
        .iter()
        .map(|row| row["because"].as_str().unwrap())
        .collect();
    assert_eq!(because, ["invalid", "already-visible", "forbidden"]);
    // Of another office's case the office has nothing to tell.
    let foreign = app.add_office("khac");
    let stranger = app.persona_of(foreign, &[Role::Supervisor]);
    stranger.post(&path, &why).assert(404);
    assert_eq!(rows(&app, REFUSED).len(), 3);
}
