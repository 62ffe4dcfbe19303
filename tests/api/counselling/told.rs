//! What was told of a consent holds.

use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::{Story, go_to};
use crate::support::TestApp;
use chrono::TimeDelta;

fn kind(story: &Story, kind: &str) {
    let seen = story.counsellor.get(&story.path("")).assert(200);
    let change = json!({"adoption_kind": kind});
    let counsellor = story.counsellor.having_seen(&seen);
    counsellor.patch(&story.path(""), &change).assert(200);
}

fn given(story: &Story, party: &str) -> Value {
    let body = json!({
        "party_id": party, "decision": "given", "taken_on": "2026-02-28", "in_person": true,
    });
    let path = story.path("/adoption-consents");
    story.counsellor.post(&path, &body).assert(201).json()
}

fn show(story: &Story, consent: &Value) -> Value {
    let id = consent["id"].as_str().unwrap();
    let path = story.path(&format!("/adoption-consents/{id}"));
    story.counsellor.get(&path).assert(200).json()
}

#[test]
fn a_window_that_was_told_never_ends_earlier_and_a_longer_one_prolongs_it() {
    let app = TestApp::new();
    let mut story = Story::begin(&app);
    kind(&story, "undetermined");
    let consent = given(&story, &story.party);
    assert_eq!(consent["told"], Value::Null);
    assert_eq!(consent["window_open"], true);
    kind(&story, "domestic");
    let told = show(&story, &consent);
    assert_eq!(
        told["told"],
        json!({"kind": "domestic", "days": 15, "ends_on": "2026-03-15"})
    );
    assert_eq!(told["window_ends_on"], "2026-03-15");
    kind(&story, "undetermined");
    kind(&story, "intercountry");
    assert_eq!(show(&story, &consent)["window_ends_on"], "2026-03-30");
    kind(&story, "undetermined");
    kind(&story, "domestic");
    let kept = show(&story, &consent);
    assert_eq!(kept["window_ends_on"], "2026-03-30");
    assert_eq!(kept["told"]["kind"], "intercountry");
    // The gate goes by what was told, too.
    let child = json!({"child": {"born_on": "2025-02-10"}});
    let seen = story.counsellor.get(&story.path("")).assert(200);
    let counsellor = story.counsellor.having_seen(&seen);
    counsellor.patch(&story.path(""), &child).assert(200);
    go_to(&app, app.now().plus(TimeDelta::days(20)), &mut story);
    let decision = json!({"decision": {
        "number": "15/QĐ-UBND", "date": "2026-03-20", "authority": "UBND phường",
    }});
    let seen = story.counsellor.get(&story.path("")).assert(200);
    let refused = story
        .counsellor
        .having_seen(&seen)
        .patch(&story.path(""), &decision);
    let refused = refused.assert(409).problem("consent-window-open");
    assert_eq!(refused["open_until"], "2026-03-30");
}

#[test]
fn what_adopters_say_opens_no_window() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let adopter = story.add_party("prospective_adoptive_parent", "Canary Nhận");
    let consent = given(&story, &adopter);
    assert_eq!(consent["window_open"], false);
    assert_eq!(consent["window_ends_on"], Value::Null);
    assert_eq!(consent["told"], Value::Null);
}

#[test]
fn the_next_phase_is_offered_only_where_it_would_be_taken() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let has = |case: &Value, action: &str| {
        let actions = case["allowed_actions"].as_array().unwrap();
        actions.contains(&json!(action))
    };
    // Its checklist is open: a supervisor overrides that, and its counsellor asks for it.
    assert!(has(&story.show(), "advance-phase"));
    assert!(!has(&story.show(), "confirm-in-family"));
    let beyond = story.supervisor.get(&story.path("")).assert(200).json();
    assert!(has(&beyond, "advance-phase"), "a supervisor may override");
    let why = json!({"override_reason": "Hồ sơ giấy đã đủ."});
    let path = story.path("/advance-phase");
    story.supervisor.post(&path, &why).assert(200);
    let held = story.supervisor.get(&story.path("")).assert(200).json();
    assert!(!has(&held, "advance-phase"), "consents are lacking");
    let list = story
        .supervisor
        .get("/counselling-cases")
        .assert(200)
        .json();
    assert!(!has(&list["items"][0], "advance-phase"), "nor in a list");
    given(&story, &story.party);
    let held = story.supervisor.get(&story.path("")).assert(200).json();
    assert!(!has(&held, "advance-phase"), "a window is open");
    // Of an ended case nothing is offered that would be refused.
    let follow = json!({"due_on": "2026-04-01", "what": "Gọi lại"});
    let path = story.path("/follow-ups");
    story.counsellor.post(&path, &follow).assert(201);
    let ask = json!({"outcome": "moved", "reason": "Chuyển đi."});
    let path = story.path("/ask-closing");
    story.counsellor.post(&path, &ask).assert(200);
    let approve = story.path("/approve-closing");
    let closed = story.supervisor.post(&approve, &json!({})).assert(200);
    assert!(!has(&closed.json(), "edit"));
    let list = story.counsellor.get(&story.path("/follow-ups"));
    let list = list.assert(200).json();
    assert_eq!(list["items"][0]["allowed_actions"], json!([]));
    app.persona(Role::Counsellor)
        .get(&story.path("/follow-ups"))
        .assert(404);
}
