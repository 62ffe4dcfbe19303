//! What a member of staff is told of what a colleague did with a case of theirs.

use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::Story;
use super::cases::close;
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
