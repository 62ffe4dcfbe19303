//! Follow-ups, and the reports after an adoption.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::Story;
use crate::support::TestApp;

fn all(story: &Story) -> Vec<Value> {
    let list = story.counsellor.get(&story.path("/follow-ups"));
    list.assert(200).json()["items"].as_array().unwrap().clone()
}

fn dues(story: &Story) -> Vec<String> {
    let all = all(story);
    let dues = all.iter().map(|one| one["due_on"].as_str().unwrap());
    dues.map(str::to_owned).collect()
}

#[track_caller]
fn hand_over(story: &Story, changes: &Value) {
    let mut changes = changes.clone();
    changes["already_happened"] = json!(true);
    let seen = story.counsellor.get(&story.path("")).assert(200);
    let counsellor = story.counsellor.having_seen(&seen);
    counsellor.patch(&story.path(""), &changes).assert(200);
}

#[test]
fn what_follows_is_read_where_it_was_entered() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let plan = json!({"due_on": "2026-03-20", "what": "Canary gọi lại."});
    let made = story.counsellor.post(&story.path("/follow-ups"), &plan);
    let made = made.assert(201);
    let path = made.header("location").trim_start_matches("/api/v1");
    let read = story.counsellor.get(path).assert(200);
    assert_eq!(read.json(), made.json());
    let edit = json!({"note": "Canary đã hẹn."});
    let edited = story.counsellor.having_seen(&read).patch(path, &edit);
    edited.assert(200);
    let other = Story::begin(&app);
    other.counsellor.get(path).assert(404);
    let long_ago = json!({"due_on": "2025-02-28", "what": "Canary."});
    let refused = story.counsellor.post(&story.path("/follow-ups"), &long_ago);
    refused.assert(422).violates("/due_on", "out-of-range");
}

#[test]
fn the_hand_over_plans_the_reports_and_moves_those_nobody_touched() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    hand_over(&story, &json!({"hand_over_on": "2025-08-31"}));
    let planned = [
        "2026-02-28",
        "2026-08-31",
        "2027-02-28",
        "2027-08-31",
        "2028-02-29",
        "2028-08-31",
    ];
    assert_eq!(dues(&story), planned);
    let reports = all(&story);
    assert_eq!(reports[0]["state"], "late");
    assert_eq!(reports[1]["state"], "planned");
    assert_eq!(reports[1]["number"], 2);
    let path = |index: usize, verb: &str| {
        let id = reports[index]["id"].as_str().unwrap();
        story.path(&format!("/follow-ups/{id}/{verb}"))
    };
    let done = json!({"on": "2026-02-28", "note": "Canary bé khỏe."});
    let done = story.counsellor.post(&path(0, "complete"), &done);
    assert_eq!(done.assert(200).json()["state"], "done");
    let moved = json!({"to": "2026-09-15", "reason": "Gia đình đi vắng."});
    let moved = story.counsellor.post(&path(1, "move"), &moved);
    let moved = moved.assert(200).json();
    assert_eq!(moved["state"], "moved");
    assert_eq!(moved["planned_on"], "2026-08-31");
    let waived = json!({"reason": "Gia đình chuyển nơi ở."});
    let waived = story.counsellor.post(&path(2, "waive"), &waived);
    assert_eq!(waived.assert(200).json()["state"], "waived");
    let again = story.counsellor.post(&path(2, "complete"), &json!({}));
    again.assert(409).problem("action-not-allowed");
    // Another day moves only what nobody has touched.
    hand_over(&story, &json!({"hand_over_on": "2025-09-10"}));
    assert_eq!(
        dues(&story),
        [
            "2026-02-28",
            "2026-09-15",
            "2027-02-28",
            "2027-09-10",
            "2028-03-10",
            "2028-09-10"
        ]
    );
    hand_over(&story, &json!({"adoption_kind": "intercountry"}));
    assert_eq!(dues(&story), ["2026-02-28", "2026-09-15", "2027-02-28"]);
    hand_over(&story, &json!({"adoption_kind": "domestic"}));
    assert_eq!(dues(&story).len(), 6);
    hand_over(&story, &json!({"hand_over_on": null}));
    assert_eq!(dues(&story).len(), 3);
}

#[test]
fn what_was_agreed_is_followed_up() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let body = json!({"due_on": "2026-03-10", "what": "Gọi lại để hỏi việc học."});
    let made = story.counsellor.post(&story.path("/follow-ups"), &body);
    let made = made.assert(201);
    assert_eq!(made.json()["state"], "planned");
    assert!(made.json()["number"].is_null());
    let path = story.path(&format!("/follow-ups/{}", made.id()));
    let change = json!({"note": "Đã nhắn."});
    story.counsellor.patch(&path, &change).assert(428);
    let changed = story.counsellor.having_seen(&made).patch(&path, &change);
    let changed = changed.assert(200).json();
    assert_eq!(changed["what"], "Gọi lại để hỏi việc học.");
    assert_eq!(changed["note"], "Đã nhắn.");
    let same = json!({"to": changed["due_on"], "reason": "x"});
    let same = story.counsellor.post(&format!("{path}/move"), &same);
    same.assert(422).violates("/to", "unchanged");
    let kept = story.counsellor.get(&path).assert(200).json();
    assert_eq!(kept["version"], changed["version"]);
    let past = json!({"to": "2026-02-01", "reason": "x"});
    let past = story.counsellor.post(&format!("{path}/move"), &past);
    past.assert(422).violates("/to", "out-of-range");
    let future = json!({"on": "2026-03-02"});
    let future = story.counsellor.post(&format!("{path}/complete"), &future);
    future.assert(422).violates("/on", "in-the-future");
    let colleague = app.persona(hai_dang::identity::Role::Counsellor);
    colleague.get(&story.path("/follow-ups")).assert(404);
    colleague
        .post(&format!("{path}/complete"), &json!({}))
        .assert(404);
    app.clock.advance(TimeDelta::days(12));
    let counsellor = app.again(&story.counsellor);
    let list = counsellor
        .get(&story.path("/follow-ups"))
        .assert(200)
        .json();
    assert_eq!(list["items"][0]["state"], "late");
    let done = counsellor.post(&format!("{path}/complete"), &json!({}));
    let done = done.assert(200).json();
    assert_eq!(done["done_on"], "2026-03-13");
    assert_eq!(done["state"], "done");
}
