//! What the end of a case waits for, and what is still told of it afterwards.

use hai_dang::identity::Role;
use serde_json::json;

use super::cases::{ask_closing, close};
use super::{ALL, OWN, Story, at, go_to, instant};
use crate::support::{Client, TestApp};

#[test]
fn a_draft_begun_since_the_end_was_asked_for_holds_it_up() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    ask_closing(&story, "family_preserved");
    let note = json!({"body": "Canary đã gọi.", "held_on": "2026-03-01"});
    let note = story.counsellor.post(&story.path("/notes"), &note);
    let note = note.assert(201).id();
    let approve = story.path("/approve-closing");
    let refused = story.supervisor.post(&approve, &json!({})).assert(409);
    assert_eq!(refused.problem("drafts-open")["notes"], json!([note]));
    // What would be refused is offered to nobody; a supervisor hands the case on all the same.
    let offers = |who: &Client| {
        let seen = who.get(&story.path("")).assert(200).json();
        let offered = |step: &str| {
            let all = seen["allowed_actions"].as_array().unwrap();
            all.contains(&json!(step))
        };
        (offered("approve-closing"), offered("transfer"))
    };
    assert_eq!(offers(&story.supervisor), (false, true));
    assert_eq!(offers(&story.counsellor), (false, false));
    let sign = story.path(&format!("/notes/{note}/sign"));
    story.counsellor.post(&sign, &json!({})).assert(200);
    assert_eq!(offers(&story.supervisor), (true, true));
    assert_eq!(offers(&story.counsellor), (false, true));
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
    close(&story, "family_preserved");
    let path = format!("{ALL}/{id}");
    let seen = story.counsellor.get(&path).assert(200).json();
    assert_eq!(seen["allowed_actions"], json!(["complete", "no-show"]));
    let moved = json!({"starts_at": at(50 * 60), "ends_at": at(51 * 60)});
    let moved = story.counsellor.post(&format!("{path}/reschedule"), &moved);
    let refused = moved.assert(409).problem("action-not-allowed");
    assert_eq!(refused["action"], "reschedule");
    assert_eq!(refused["allowed_actions"], json!(["complete", "no-show"]));
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
    ask_closing(&story, "kinship_care");
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
    close(&story, "family_preserved");
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

#[test]
fn a_second_withdrawal_takes_back_that_the_end_was_asked_for_too() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let all = story.path("/adoption-consents");
    let father = story.add_party("birth_parent", "Canary Cha Đẻ");
    let given = |party: &str| {
        let body = json!({"party_id": party, "decision": "given", "taken_on": "2026-02-28"});
        story.counsellor.post(&all, &body).assert(201).id()
    };
    let consents = [given(&story.party), given(&father)];
    for (at, consent) in consents.iter().enumerate() {
        if at == 1 {
            ask_closing(&story, "kinship_care");
        }
        let on = json!({"on": "2026-03-01"});
        let back = story
            .counsellor
            .post(&format!("{all}/{consent}/withdraw"), &on);
        back.assert(200);
    }
    let case = story.show();
    assert_eq!(case["hold_reason"], "consent_withdrawn");
    assert_eq!(case["outcome"], json!(null));
    let approve = story
        .supervisor
        .post(&story.path("/approve-closing"), &json!({}));
    approve.assert(409).problem("action-not-allowed");
}

#[test]
fn a_talk_before_there_was_a_case_is_told_of_after_its_request_is_over() {
    let app = TestApp::new();
    let (supervisor, counsellor) = (app.persona(Role::Supervisor), app.persona(Role::Counsellor));
    let asked = json!({"party_role": "relative", "channel": "desk", "name": "Canary Thị Bà"});
    let request = supervisor.post("/counselling-requests", &asked).assert(201);
    let request = request.id();
    let path = format!("/counselling-requests/{request}");
    let to = json!({"assignee": counsellor.id()});
    supervisor.post(&format!("{path}/assign"), &to).assert(200);
    let talk = json!({
        "request_id": request, "mode": "at_office",
        "starts_at": at(9 * 60), "ends_at": at(10 * 60),
    });
    let talk = format!("{ALL}/{}", counsellor.post(ALL, &talk).assert(201).id());
    app.clock.advance(instant(9 * 60 + 30).since(app.now()));
    let counsellor = app.again(&counsellor);
    let elsewhere = json!({"to": "Sở Nội vụ"});
    counsellor
        .post(&format!("{path}/redirect"), &elsewhere)
        .assert(200);
    let seen = counsellor.get(&talk).assert(200).json();
    assert_eq!(seen["allowed_actions"], json!(["complete", "no-show"]));
    let held = counsellor.post(&format!("{talk}/complete"), &json!({}));
    assert_eq!(held.assert(200).json()["status"], "completed");
}

#[test]
fn what_waits_of_a_case_kept_from_use_is_its_supervisors() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let aunt = story.add_party("relative", "Canary Dì");
    let booking = story.booking(&[&aunt], 9 * 60, 60);
    story.counsellor.post(ALL, &booking).assert(201);
    let refused = json!({"party_id": story.party, "decision": "refused", "taken_on": "2026-02-28"});
    let all = story.path("/adoption-consents");
    story.counsellor.post(&all, &refused).assert(201);
    // It is called off, and the aunt can only be called.
    close(&story, "family_preserved");
    let items = |who: &Client| {
        let path = "/work-items?kind=contact-family&done=false";
        let list = who.get(path).assert(200).json();
        list["items"].as_array().unwrap().clone()
    };
    assert!(!items(&story.counsellor).is_empty());
    let ask = json!({"reason": "Gia đình yêu cầu."});
    let path = story.path("/ask-erasure");
    story.counsellor.post(&path, &ask).assert(200);
    let kept = story.supervisor.post(&story.path("/erase"), &json!({}));
    assert_eq!(kept.assert(200).json()["is_erased"], false);
    assert!(items(&story.counsellor).is_empty());
    let theirs = items(&story.supervisor);
    assert!(
        theirs
            .iter()
            .all(|one| one["owner_id"] == json!(story.supervisor.id()))
    );
    assert!(!theirs.is_empty());
}
