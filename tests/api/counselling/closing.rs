//! What the end of a case waits for, and what is still told of it afterwards.

use hai_dang::identity::Role;
use serde_json::json;

use super::{ALL, OWN, Story, at, go_to, instant};
use crate::support::TestApp;

#[test]
fn a_draft_begun_since_the_end_was_asked_for_holds_it_up() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let ask = json!({"outcome": "family_preserved", "reason": "Gia đình đã ổn định."});
    story
        .counsellor
        .post(&story.path("/ask-closing"), &ask)
        .assert(200);
    let note = json!({"body": "Canary đã gọi.", "held_on": "2026-03-01"});
    let note = story.counsellor.post(&story.path("/notes"), &note);
    let note = note.assert(201).id();
    let approve = story.path("/approve-closing");
    let refused = story.supervisor.post(&approve, &json!({})).assert(409);
    assert_eq!(refused.problem("drafts-open")["notes"], json!([note]));
    let sign = story.path(&format!("/notes/{note}/sign"));
    story.counsellor.post(&sign, &json!({})).assert(200);
    story.supervisor.post(&approve, &json!({})).assert(200);
}

#[test]
fn an_appointment_that_had_begun_is_told_of_after_the_end() {
    let app = TestApp::new();
    let mut story = Story::begin(&app);
    story.open_hours();
    let id = story.appointment(9, 60).id();
    let ahead = story.appointment(34, 60).id();
    go_to(&app, instant(9 * 60 + 30), &mut story);
    super::cases::close(&story, "family_preserved");
    let path = format!("{ALL}/{id}");
    let seen = story.counsellor.get(&path).assert(200).json();
    assert_eq!(seen["allowed_actions"], json!(["complete", "no-show"]));
    let moved = json!({"starts_at": at(50 * 60), "ends_at": at(51 * 60)});
    let moved = story.counsellor.post(&format!("{path}/reschedule"), &moved);
    let refused = moved.assert(409).problem("action-not-allowed");
    assert_eq!(refused["allowed_actions"], json!([]));
    let held = json!({"attended": [story.party]});
    let held = story.counsellor.post(&format!("{path}/complete"), &held);
    assert_eq!(held.assert(200).json()["status"], "completed");
    let ended = story.counsellor.get(&format!("{ALL}/{ahead}"));
    assert_eq!(ended.assert(200).json()["status"], "cancelled");
    // A family learns that it is over, and nothing of what staff may do.
    let wish = json!({
        "party_id": story.party, "mode": "phone",
        "starts_at": at(50 * 60), "ends_at": at(51 * 60),
    });
    let refused = app.again(&story.family).post(OWN, &wish).assert(409);
    let refused = refused.problem("action-not-allowed");
    assert_eq!(refused["allowed_actions"], json!([]));
}

#[test]
fn a_withdrawal_takes_back_that_the_end_was_asked_for() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let consent = json!({"party_id": story.party, "decision": "given", "taken_on": "2026-02-28"});
    let all = story.path("/adoption-consents");
    let consent = story.counsellor.post(&all, &consent).assert(201).id();
    let ask = json!({"outcome": "kinship_care", "reason": "Bà ngoại nhận cháu."});
    story
        .counsellor
        .post(&story.path("/ask-closing"), &ask)
        .assert(200);
    let back = story.counsellor.post(
        &format!("{all}/{consent}/withdraw"),
        &json!({"on": "2026-03-01"}),
    );
    back.assert(200);
    let case = story.show();
    assert_eq!(case["status"], "on_hold");
    assert_eq!(case["outcome"], json!(null));
    let approve = story
        .supervisor
        .post(&story.path("/approve-closing"), &json!({}));
    approve.assert(409).problem("action-not-allowed");
    let waits = story
        .supervisor
        .get("/work-items?kind=closing-awaits-approval&done=false");
    assert_eq!(waits.assert(200).json()["items"], json!([]));
}

#[test]
fn a_window_into_a_case_ends_once_the_case_is_kept_from_use() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let refused = json!({"party_id": story.party, "decision": "refused", "taken_on": "2026-02-28"});
    let all = story.path("/adoption-consents");
    story.counsellor.post(&all, &refused).assert(201);
    super::cases::close(&story, "family_preserved");
    let colleague = app.persona(Role::Counsellor);
    let why = json!({"reason": "Người phụ trách vắng, trẻ có dấu hiệu bị hại."});
    colleague
        .post(&story.path("/break-glass"), &why)
        .assert(201);
    colleague.get(&story.path("")).assert(200);
    let ask = json!({"reason": "Gia đình yêu cầu."});
    story
        .counsellor
        .post(&story.path("/ask-erasure"), &ask)
        .assert(200);
    let kept = story.supervisor.post(&story.path("/erase"), &json!({}));
    assert_eq!(kept.assert(200).json()["is_erased"], false);
    colleague.get(&story.path("")).assert(404);
}
