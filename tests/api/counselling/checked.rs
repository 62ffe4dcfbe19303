//! What is checked of what comes in.

use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::{ALL, Story, at};
use crate::support::TestApp;

const LATE: &str = "2026-03-02";

#[track_caller]
fn change(story: &Story, changes: &Value) -> crate::support::Reply {
    let seen = story.counsellor.get(&story.path("")).assert(200);
    let counsellor = story.counsellor.having_seen(&seen);
    counsellor.patch(&story.path(""), changes)
}

#[test]
fn days_lie_where_they_can() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let post = |path: &str, body: &Value| story.counsellor.post(&story.path(path), body);
    let born = |day: &str| json!({"role": "relative", "name": "Dì", "born_on": day});
    for (day, code) in [(LATE, "in-the-future"), ("1899-12-31", "out-of-range")] {
        let note = json!({"held_on": day, "body": "x"});
        post("/notes", &note).assert(422).violates("/held_on", code);
        post("/parties", &born(day))
            .assert(422)
            .violates("/born_on", code);
        let child = json!({"child": {"born_on": day}});
        change(&story, &child)
            .assert(422)
            .violates("/child/born_on", code);
        let consent = json!({"party_id": story.party, "decision": "refused", "taken_on": day});
        let consent = post("/adoption-consents", &consent).assert(422);
        consent.violates("/taken_on", code);
    }
    let expected = json!({"child": {"expected_on": "2028-01-01"}});
    let expected = change(&story, &expected).assert(422);
    expected.violates("/child/expected_on", "out-of-range");
    let decision = json!({"decision": {"number": "1", "date": LATE, "authority": "x"}});
    let decision = change(&story, &decision).assert(422);
    decision.violates("/decision/date", "in-the-future");
    let due = |day: &str| json!({"due_on": day, "what": "Gọi lại"});
    let far = post("/follow-ups", &due("2046-03-02")).assert(422);
    far.violates("/due_on", "out-of-range");
    let id = post("/follow-ups", &due("2046-03-01")).assert(201).id();
    let to = json!({"to": "2047-01-01", "reason": "x"});
    let moved = post(&format!("/follow-ups/{id}/move"), &to).assert(422);
    moved.violates("/to", "out-of-range");
    // What was to be done stays said.
    let list = story.counsellor.get(&story.path("/follow-ups")).assert(200);
    let version = list.json()["items"][0]["version"].as_i64().unwrap();
    let editor = story
        .counsellor
        .with("If-Match", &format!("\"{version}.0\""));
    for what in [json!(""), json!(null), json!("  ")] {
        let path = story.path(&format!("/follow-ups/{id}"));
        let empty = editor.patch(&path, &json!({"what": what})).assert(422);
        empty.violates("/what", "required");
    }
}

#[test]
fn records_name_appointments_of_their_own_case() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let other = Story::begin(&app);
    let foreign = other.appointment(14, 60).id();
    let own = story.appointment(9, 60).id();
    let notes = story.path("/notes");
    let note = |id: &str| json!({"appointment_id": id, "body": "x"});
    let refused = story.counsellor.post(&notes, &note(&foreign)).assert(422);
    refused.violates("/appointment_id", "unknown-reference");
    story.counsellor.post(&notes, &note(&own)).assert(201);
    let consent = |id: &str| {
        json!({
            "party_id": story.party, "decision": "refused", "taken_on": "2026-02-27",
            "counselled_appointment_ids": [own, id],
        })
    };
    let consents = story.path("/adoption-consents");
    let refused = story.counsellor.post(&consents, &consent(&foreign));
    let refused = refused.assert(422);
    refused.violates("/counselled_appointment_ids/1", "unknown-reference");
    story.counsellor.post(&consents, &consent(&own)).assert(201);
}

#[test]
fn an_alert_is_about_what_its_raiser_sees() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let appointment = story.appointment(9, 60).id();
    let colleague = app.persona(Role::Counsellor);
    let alert = |kind: &str, id: &str| json!({"source": "desk", "text": "a", "subject": {"kind": kind, "id": id}});
    let things = [
        ("counselling-case", &story.case),
        ("counselling-request", &story.request),
        ("counselling-appointment", &appointment),
    ];
    for (kind, id) in things {
        let body = alert(kind, id);
        story.counsellor.post("/risk-alerts", &body).assert(201);
        let refused = colleague.post("/risk-alerts", &body).assert(422);
        refused.violates("/subject/id", "unknown-reference");
    }
    let wrong = alert("counselling-case", &story.request);
    let refused = story.supervisor.post("/risk-alerts", &wrong).assert(422);
    refused.violates("/subject/id", "unknown-reference");
    // What is to be done about an alert is done when it is closed.
    let path = "/work-items?kind=risk-alert&done=false";
    let items = story.supervisor.get(path).assert(200).json();
    let item = &items["items"][0];
    assert_eq!(item["allowed_actions"], json!(["take"]));
    let done = format!("/work-items/{}/done", item["id"].as_str().unwrap());
    let refused = story.supervisor.post(&done, &json!({})).assert(409);
    refused.problem("risk-alert-open");
    let id = item["subject"]["id"].as_str().unwrap();
    let acknowledge = format!("/risk-alerts/{id}/acknowledge");
    story.supervisor.post(&acknowledge, &json!({})).assert(200);
    let close = json!({"result": "Đã đến."});
    let path = format!("/risk-alerts/{id}/close");
    story.supervisor.post(&path, &close).assert(200);
    let refused = story.supervisor.post(&done, &json!({})).assert(409);
    refused.problem("action-not-allowed");
}

#[test]
fn small_things_are_refused_by_their_right_name() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let desk = json!({"party_role": "relative", "channel": "desk"});
    let family = app.persona(Role::Family);
    let desk = family.post("/counselling-requests", &desk).assert(422);
    desk.violates("/channel", "not-yours-to-set");
    let code = story.path(&format!("/parties/{}/claim-code", story.party));
    let tied = story.counsellor.post(&code, &json!({})).assert(409);
    tied.problem("party-tied");
    let contact = story.path(&format!("/parties/{}/safe-contact", story.party));
    let own = json!({"channels": {}, "how": "own"});
    story.counsellor.post(&contact, &own).assert(422);
    // A safe contact is confirmed by confirming it, and only then ticked.
    let aunt = json!({"role": "relative", "name": "Dì", "phone": "0912345670"});
    let path = story.path("/parties");
    let aunt = story.counsellor.post(&path, &aunt).assert(201).id();
    let tick = json!({"checklist": ["before:effects_explained", "before:safe_contact_confirmed"]});
    let early = change(&story, &tick).assert(422);
    early.violates("/checklist/1", "safe-contact-unconfirmed");
    let said = json!({"channels": {"may_call": true}, "how": "by_phone"});
    let path = story.path(&format!("/parties/{aunt}/safe-contact"));
    story.counsellor.post(&path, &said).assert(200);
    change(&story, &tick).assert(200);
}

#[test]
fn times_in_a_history_are_the_offices() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let id = story.appointment(9, 60).id();
    let path = format!("{ALL}/{id}");
    let to = json!({"starts_at": at(10 * 60), "ends_at": at(11 * 60)});
    let moved = format!("{path}/reschedule");
    story.counsellor.post(&moved, &to).assert(200);
    let seen = story.counsellor.get(&path).assert(200).json();
    let facts = &seen["history"][1]["facts"];
    assert_eq!(facts["from"]["starts_at"], "2026-03-02T09:00:00+07:00");
    assert_eq!(facts["to"]["ends_at"], "2026-03-02T11:00:00+07:00");
    assert_eq!(
        seen["history"][0]["facts"]["starts_at"],
        "2026-03-02T09:00:00+07:00"
    );
}
