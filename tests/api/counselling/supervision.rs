//! Who supervises a case, and who may come to.

use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::Story;
use crate::support::{Client, Reply, TestApp};

fn assign(by: &Client, story: &Story, to: &Client) -> Reply {
    let body = json!({"supervisor": to.id(), "reason": "Đổi người giám sát."});
    by.post(&story.path("/assign-supervisor"), &body)
}

fn found(by: &Client, query: &str) -> Vec<Value> {
    let list = by.get(&format!("/counselling-cases?{query}"));
    list.assert(200).json()["items"].as_array().unwrap().clone()
}

#[test]
fn whoever_supervises_a_case_hands_it_on_with_what_waits_there() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let next = app.persona(Role::Supervisor);
    let note = json!({"body": "Canary đã giải thích.", "held_on": "2026-03-01"});
    let note = story.counsellor.post(&story.path("/notes"), &note);
    let note = story.path(&format!("/notes/{}", note.assert(201).id()));
    let ask = json!({"outcome": "family_preserved", "reason": "Gia đình đã ổn định."});
    let sign = story.counsellor.post(&format!("{note}/sign"), &json!({}));
    sign.assert(200);
    story
        .counsellor
        .post(&story.path("/ask-closing"), &ask)
        .assert(200);
    // To supervise is to read the notes: nobody takes that from who is at work.
    next.get(&note).assert(404);
    assign(&next, &story, &next).assert(403);
    assign(&story.counsellor, &story, &next).assert(403);
    let seen = next.get(&story.path("")).assert(200).json();
    let actions = seen["allowed_actions"].as_array().unwrap();
    assert!(!actions.contains(&json!("assign-supervisor")));
    let same = assign(&story.supervisor, &story, &story.supervisor);
    same.assert(422).violates("/supervisor", "unchanged");
    let family = assign(&story.supervisor, &story, &story.family);
    family
        .assert(422)
        .violates("/supervisor", "unknown-reference");
    let case = assign(&story.supervisor, &story, &next).assert(200).json();
    assert_eq!(case["supervisor_id"], json!(next.id()));
    next.get(&note).assert(200);
    story.supervisor.get(&note).assert(404);
    let waits = next.get("/work-items?kind=closing-awaits-approval");
    let waits = waits.assert(200).json();
    assert_eq!(waits["items"][0]["owner_id"], json!(next.id()));
    assert_eq!(found(&next, &format!("supervisor={}", next.id())).len(), 1);
}

#[test]
fn a_case_whose_supervisor_left_is_found_and_taken_up() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let next = app.persona(Role::Supervisor);
    assert!(found(&next, "unsupervised=true").is_empty());
    assert_eq!(found(&next, "unsupervised=false").len(), 1);
    let admin = app.persona(Role::Administrator);
    let path = format!("/users/{}", story.supervisor.id());
    let seen = admin.get(&path).assert(200);
    admin
        .having_seen(&seen)
        .post(&format!("{path}/disable"), &json!({}))
        .assert(200);
    let left = found(&next, "unsupervised=true");
    assert_eq!(left.len(), 1);
    let actions = left[0]["allowed_actions"].as_array().unwrap();
    assert!(actions.contains(&json!("assign-supervisor")));
    let case = assign(&next, &story, &next).assert(200).json();
    assert_eq!(case["supervisor_id"], json!(next.id()));
    assert!(found(&next, "unsupervised=true").is_empty());
}

#[test]
fn a_new_case_is_supervised_by_the_only_one_who_can_or_by_who_is_named() {
    let app = TestApp::new();
    let counsellor = app.persona(Role::Counsellor);
    let open = |body: &Value| counsellor.post("/counselling-cases", body);
    let alone = open(&json!({})).assert(201).json();
    assert_eq!(alone["supervisor_id"], json!(null));
    let supervisor = app.persona(Role::Supervisor);
    let led = open(&json!({})).assert(201).json();
    assert_eq!(led["supervisor_id"], json!(supervisor.id()));
    // They would read its notes: of several, one is named.
    app.persona(Role::Supervisor);
    open(&json!({}))
        .assert(422)
        .violates("/supervisor", "required");
    let named = open(&json!({"supervisor": supervisor.id()}));
    named.assert(201);
    assert_eq!(found(&supervisor, "unsupervised=true").len(), 1);
    // Who is no counsellor names one.
    let unnamed = supervisor.post("/counselling-cases", &json!({}));
    unnamed.assert(422).violates("/counsellor", "required");
}
