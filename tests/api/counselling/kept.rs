//! What a duty keeps, and what a change wrote over.

use serde_json::{Value, json};

use super::Story;
use super::cases::close;
use crate::support::TestApp;

#[test]
fn a_case_held_for_a_proceeding_is_not_erased_while_it_is() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let why = json!({"reason": "Canary: Tòa án yêu cầu giữ hồ sơ."});
    let (set, lift) = (
        story.path("/set-legal-hold"),
        story.path("/lift-legal-hold"),
    );
    story.counsellor.post(&set, &why).assert(403);
    story.supervisor.post(&set, &json!({})).assert(422);
    let held = story.supervisor.post(&set, &why).assert(200).json();
    assert_eq!(
        held["legal_hold"],
        json!({
            "reason": "Canary: Tòa án yêu cầu giữ hồ sơ.",
            "set_by": story.supervisor.id(), "set_on": "2026-03-01",
        })
    );
    let again = story.supervisor.post(&set, &why).assert(409);
    again.problem("action-not-allowed");
    // A change of the case does not touch it.
    let counsellor = story
        .counsellor
        .having_seen(&story.counsellor.get(&story.path("")).assert(200));
    let change = json!({"child": {"name": "Canary Bé"}});
    let changed = counsellor.patch(&story.path(""), &change).assert(200);
    assert!(changed.json()["legal_hold"].is_object());
    close(&story, "family_preserved");
    story
        .counsellor
        .post(&story.path("/ask-erasure"), &why)
        .assert(200);
    let erase = || story.supervisor.post(&story.path("/erase"), &json!({}));
    assert_eq!(erase().assert(200).json()["is_erased"], false);
    story.counsellor.get(&story.path("")).assert(404);
    let kept = story.supervisor.get(&story.path("")).assert(200).json();
    assert_eq!(kept["allowed_actions"], json!(["lift-legal-hold"]));
    story.counsellor.post(&lift, &why).assert(404);
    // Nothing else keeps it: it stands where it stood, and is erased by who may.
    let lifted = story.supervisor.post(&lift, &why).assert(200).json();
    assert_eq!(
        (&lifted["legal_hold"], &lifted["is_restricted"]),
        (&json!(null), &json!(false))
    );
    assert_eq!(erase().assert(200).json()["is_erased"], true);
    story.supervisor.get(&story.path("")).assert(404);
}

#[test]
fn what_a_change_wrote_over_stays_on_the_timeline() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let edit = |change: Value| {
        let seen = story.counsellor.get(&story.path("")).assert(200);
        let counsellor = story.counsellor.having_seen(&seen);
        counsellor.patch(&story.path(""), &change).assert(200);
    };
    edit(json!({"child": {"name": "Canary An"}, "legal_basis": ["statutory_task"]}));
    edit(json!({"child": {"name": "Canary Ân"}}));
    let party = story.path(&format!("/parties/{}", story.party));
    let seen = story.counsellor.get(&party).assert(200);
    let old = seen.json()["name"].clone();
    story
        .counsellor
        .having_seen(&seen)
        .patch(&party, &json!({"name": "Canary Tên Khác"}))
        .assert(200);
    let timeline = story.counsellor.get(&story.path("/timeline?limit=100"));
    let timeline = timeline.assert(200).json();
    let entries = timeline["items"].as_array().unwrap();
    let before = |kind: &str| {
        let of_kind = entries.iter().filter(|entry| entry["kind"] == kind);
        of_kind.map(|entry| entry["before"].clone()).next_back()
    };
    assert_eq!(before("edit"), Some(json!({"/child/name": "Canary An"})));
    assert_eq!(before("party-edit"), Some(json!({"/name": old})));
    assert_eq!(before("open"), Some(json!(null)));
}
