//! What a member of staff is told of what a colleague did with a case of theirs.

use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::Story;
use super::cases::{ask_closing, close};
use crate::support::{Client, TestApp};

fn waits(who: &Client, kind: &str) -> Vec<Value> {
    let list = who.get(&format!("/work-items?done=false&kind={kind}"));
    list.assert(200).json()["items"].as_array().unwrap().clone()
}

#[test]
fn whoever_a_case_is_opened_for_is_told() {
    let app = TestApp::new();
    let kind = "case-given";
    let story = Story::begin(&app);
    // Whoever opens one for themself knows.
    assert!(waits(&story.supervisor, kind).is_empty());
    let given = app.persona(Role::Counsellor);
    let new = json!({"counsellor": given.id(), "supervisor": story.supervisor.id()});
    let case = story.counsellor.post("/counselling-cases", &new);
    let case = case.assert(201).id();
    let waiting = waits(&given, kind);
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0]["subject"]["id"], json!(case));
    assert_eq!(waiting[0]["owner_id"], json!(given.id()));
    assert_eq!(app.mails("work_new", &given.email).len(), 1);
    assert!(waits(&story.counsellor, kind).is_empty());
    let item = format!("/work-items/{}/done", waiting[0]["id"].as_str().unwrap());
    given.act(&item).assert(200);
    assert!(waits(&given, kind).is_empty());
}

#[test]
fn whoever_a_case_is_made_for_of_a_request_is_told_until_it_goes_on() {
    let app = TestApp::new();
    let kind = "case-given";
    let mut story = Story::begin(&app);
    let given = app.persona(Role::Counsellor);
    let asked = json!({"party_role": "relative", "channel": "desk", "name": "Canary Thị Bà"});
    let request = story.supervisor.post("/counselling-requests", &asked);
    let path = format!(
        "/counselling-requests/{}/open-case",
        request.assert(201).id()
    );
    let new = json!({"counsellor": given.id()});
    let case = story.supervisor.post(&path, &new).assert(201).id();
    assert_eq!(waits(&given, kind).len(), 1);
    story.case.clone_from(&case);
    let offer = json!({"to": story.counsellor.id(), "reason": "Nghỉ phép."});
    let path = story.path("/transfer");
    given.post(&path, &offer).assert(200);
    story
        .counsellor
        .act(&story.path("/accept-transfer"))
        .assert(200);
    assert!(waits(&given, kind).is_empty());
    // Nor does it outlive the case.
    let case = story.supervisor.post("/counselling-cases", &new);
    story.case = case.assert(201).id();
    story.counsellor = given;
    assert_eq!(waits(&story.counsellor, kind).len(), 1);
    close(&story, "family_preserved");
    assert!(waits(&story.counsellor, kind).is_empty());
}

#[test]
fn whoever_offered_a_case_hears_that_it_was_declined_until_they_offer_it_anew() {
    let app = TestApp::new();
    let kind = "transfer-declined";
    let story = Story::begin(&app);
    let colleague = app.persona(Role::Counsellor);
    let offer = |by: &Client| {
        let body = json!({"to": colleague.id(), "reason": "Nghỉ dài ngày."});
        by.post(&story.path("/transfer"), &body).assert(200);
    };
    let decline = || colleague.act(&story.path("/decline-transfer")).assert(204);
    offer(&story.counsellor);
    decline();
    let waiting = waits(&story.counsellor, kind);
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0]["owner_id"], json!(story.counsellor.id()));
    assert_eq!(waiting[0]["subject"]["id"], json!(story.case));
    assert_eq!(app.mails("work_new", &story.counsellor.email).len(), 2);
    offer(&story.counsellor);
    assert!(waits(&story.counsellor, kind).is_empty());
    colleague.act(&story.path("/accept-transfer")).assert(200);
    // Who offered it in the place of its counsellor hears of it themself.
    let third = app.persona(Role::Counsellor);
    let body = json!({"to": third.id(), "reason": "Nghỉ dài ngày."});
    let path = story.path("/transfer");
    story.supervisor.post(&path, &body).assert(200);
    third.act(&story.path("/decline-transfer")).assert(204);
    let waiting = waits(&story.supervisor, kind);
    assert_eq!(waiting[0]["owner_id"], json!(story.supervisor.id()));
    assert!(waits(&colleague, kind).is_empty());
    let item = format!("/work-items/{}/done", waiting[0]["id"].as_str().unwrap());
    story.supervisor.act(&item).assert(200);
    assert!(waits(&story.supervisor, kind).is_empty());
}

#[test]
fn whoever_asked_for_an_end_hears_that_it_was_not_approved_until_they_ask_anew() {
    let app = TestApp::new();
    let kind = "closing-rejected";
    let story = Story::begin(&app);
    let why = json!({"reason": "Chưa gặp lại gia đình."});
    let reject = || {
        let path = story.path("/reject-closing");
        story.supervisor.post(&path, &why).assert(200)
    };
    ask_closing(&story, "family_preserved");
    reject();
    let waiting = waits(&story.counsellor, kind);
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0]["owner_id"], json!(story.counsellor.id()));
    ask_closing(&story, "family_preserved");
    assert!(waits(&story.counsellor, kind).is_empty());
    reject();
    assert_eq!(waits(&story.counsellor, kind).len(), 1);
    // Another counsels the case: what was not approved is theirs to read in it, not to be told.
    let colleague = app.persona(Role::Counsellor);
    let body = json!({"to": colleague.id(), "reason": "Nghỉ dài ngày."});
    let path = story.path("/transfer");
    story.counsellor.post(&path, &body).assert(200);
    colleague.act(&story.path("/accept-transfer")).assert(200);
    assert!(waits(&story.counsellor, kind).is_empty());
    // Whoever did not approve their own asking knows.
    let ask = json!({"outcome": "moved", "reason": "Chuyển đi."});
    let path = story.path("/ask-closing");
    story.supervisor.post(&path, &ask).assert(200);
    reject();
    assert!(waits(&story.supervisor, kind).is_empty());
}

#[test]
fn what_a_stand_in_asked_for_is_told_to_who_counsels_once_they_left() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let cover = app.persona(Role::Counsellor);
    let body = json!({
        "from_user": story.counsellor.id(), "to_user": cover.id(), "duty": "counsel",
        "starts_on": "2026-03-01", "ends_on": "2026-03-02",
    });
    let made = story.supervisor.post("/delegations", &body).assert(201);
    let ask = json!({"outcome": "moved", "reason": "Chuyển đi."});
    let why = json!({"reason": "Chưa gặp lại gia đình."});
    let (ask_path, reject) = (story.path("/ask-closing"), story.path("/reject-closing"));
    let owner = || {
        story.supervisor.post(&reject, &why).assert(200);
        waits(&story.supervisor, "closing-rejected")[0]["owner_id"].clone()
    };
    cover.post(&ask_path, &ask).assert(200);
    assert_eq!(owner(), json!(cover.id()));
    cover.post(&ask_path, &ask).assert(200);
    let revoke = format!("/delegations/{}/revoke", made.id());
    story.supervisor.act(&revoke).assert(200);
    assert_eq!(owner(), json!(story.counsellor.id()));
}

#[test]
fn a_supervisor_is_told_that_a_case_is_to_be_forgotten_until_it_is_decided() {
    let app = TestApp::new();
    let kind = "erasure-asked";
    let story = Story::begin(&app);
    close(&story, "family_preserved");
    let why = json!({"reason": "Gia đình đề nghị xóa."});
    let post = |by: &Client, verb: &str| by.post(&story.path(&format!("/{verb}")), &why);
    post(&story.counsellor, "ask-erasure").assert(200);
    let waiting = waits(&story.supervisor, kind);
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0]["subject"]["id"], json!(story.case));
    assert_eq!(waiting[0]["owner_id"], json!(story.supervisor.id()));
    assert!(waits(&story.counsellor, kind).is_empty());
    story
        .counsellor
        .act(&story.path("/withdraw-erasure"))
        .assert(200);
    assert!(waits(&story.supervisor, kind).is_empty());
    // Taken up again, it is not to be forgotten any more.
    post(&story.counsellor, "ask-erasure").assert(200);
    post(&story.supervisor, "reopen").assert(200);
    assert!(waits(&story.supervisor, kind).is_empty());
    close(&story, "family_preserved");
    // Nobody decides what they asked for: it waits for another.
    let second = app.persona(Role::Supervisor);
    post(&story.supervisor, "ask-erasure").assert(200);
    assert_eq!(waits(&second, kind)[0]["owner_id"], json!(null));
    assert_eq!(app.mails("work_new", &second.email).len(), 1);
    post(&second, "set-legal-hold").assert(200);
    let erase = || second.act(&story.path("/erase")).assert(200).json();
    assert_eq!(erase()["is_erased"], false);
    assert!(waits(&second, kind).is_empty());
    // Kept for nothing any more, it is to be decided on anew.
    post(&second, "lift-legal-hold").assert(200);
    assert_eq!(waits(&second, kind).len(), 1);
    assert_eq!(erase()["is_erased"], true);
    assert!(waits(&second, kind).is_empty());
}
