//! What families are told, and what staff are given to do.

use chrono::TimeDelta;
use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::{Story, at};
use crate::support::{Client, TestApp};

/// The kinds of mail about an appointment that still wait or went, by their state.
fn kinds(app: &TestApp, address: &str) -> Vec<(String, String)> {
    use diesel::prelude::*;
    use hai_dang::db::schema::messages;
    app.query(|conn| {
        messages::table
            .filter(messages::address.eq(address))
            .order(messages::id)
            .select((messages::kind, messages::state))
            .load(conn)
    })
}

fn items(client: &Client) -> Vec<Value> {
    let list = client.get("/work-items?done=false").assert(200).json();
    list["items"].as_array().unwrap().clone()
}

fn item_kinds(client: &Client) -> Vec<String> {
    let kind = |item: Value| item["kind"].as_str().unwrap().to_owned();
    items(client).into_iter().map(kind).collect()
}

#[test]
fn an_appointment_is_told_by_code_and_its_reminder_goes_with_it() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let made = story.appointment(9 + 72, 60).json();
    let address = story.family.email.clone();
    let mail = app.mails("appointment_confirmed", &address).pop().unwrap();
    let parties = story
        .counsellor
        .get(&story.path("/parties"))
        .assert(200)
        .json();
    assert_eq!(mail.content.values["code"], parties["items"][0]["code"]);
    let said = serde_json::to_string(&mail.content.values).unwrap();
    for secret in ["Canary", "LC-TV", "tư vấn", "0912"] {
        assert!(!said.contains(secret), "{secret} in {said}");
    }
    // The calendar was not said to be safe.
    assert!(mail.content.calendar.is_none());
    let path = format!("/counselling-appointments/{}", made["id"].as_str().unwrap());
    let later = json!({"starts_at": at(96 * 60), "ends_at": at(97 * 60)});
    story
        .counsellor
        .post(&format!("{path}/reschedule"), &later)
        .assert(200);
    let off = json!({"by": "counsellor", "reason": "Cán bộ ốm."});
    story
        .counsellor
        .post(&format!("{path}/cancel"), &off)
        .assert(200);
    let told: Vec<_> = kinds(&app, &address)
        .into_iter()
        .filter(|(kind, _)| kind.starts_with("appointment_"))
        .collect();
    let told: Vec<(&str, &str)> = told.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert_eq!(
        told,
        [
            ("appointment_confirmed", "superseded"),
            ("appointment_reminder", "superseded"),
            ("appointment_changed", "cancelled"),
            ("appointment_reminder", "cancelled"),
            ("appointment_cancelled", "scheduled"),
        ]
    );
    let last = app.mails("appointment_cancelled", &address).pop().unwrap();
    let said = serde_json::to_string(&last.content.values).unwrap();
    assert!(!said.contains("ốm"), "the reason is never sent");
}

#[test]
fn whoever_cannot_be_written_to_is_called() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let adopter = json!({
        "role": "caregiver", "name": "Canary Không Thư", "email": "khong.thu@example.vn",
        "safe_contact": {"may_email": true},
    });
    let party = story
        .counsellor
        .post(&story.path("/parties"), &adopter)
        .assert(201)
        .id();
    let body = story.booking(&[&party], 9 * 60, 60);
    story
        .counsellor
        .post("/counselling-appointments", &body)
        .assert(201);
    // Nobody has confirmed the address: nothing leaves, and the address is not even kept.
    assert!(
        app.mails("appointment_confirmed", "khong.thu@example.vn")
            .is_empty()
    );
    assert!(item_kinds(&story.counsellor).contains(&"contact-family".to_owned()));
    // Once it is confirmed, the address lies sealed in the outbox.
    let confirm = json!({"channels": {"may_email": true, "calendar": true}, "how": "in_person"});
    let path = story.path(&format!("/parties/{party}/safe-contact"));
    story.counsellor.post(&path, &confirm).assert(200);
    let body = story.booking(&[&party], 11 * 60, 30);
    story
        .counsellor
        .post("/counselling-appointments", &body)
        .assert(201);
    let sealed: Vec<_> = app
        .messages()
        .into_iter()
        .filter(|mail| mail.kind == "appointment_confirmed" && mail.address.starts_with("sealed:"))
        .collect();
    assert_eq!(sealed.len(), 1);
    let calendar = sealed[0].content.calendar.as_ref().unwrap();
    assert!(calendar.is_private);
    assert!(calendar.entries[0].summary.starts_with("Lịch hẹn – "));
}

#[test]
fn what_waits_for_a_person_is_a_work_item_until_it_is_done() {
    let app = TestApp::new();
    let supervisor = app.persona(Role::Supervisor);
    let family = app.persona(Role::Family);
    let asked = json!({"party_role": "birth_parent", "safe_contact": {"may_email": true}});
    let request = family
        .post("/counselling-requests", &asked)
        .assert(201)
        .id();
    assert_eq!(item_kinds(&supervisor), ["request-to-triage"]);
    let path = format!("/counselling-requests/{request}");
    let reached = json!({"means": "call", "is_reached": true});
    supervisor
        .post(&format!("{path}/record-try"), &reached)
        .assert(200);
    assert!(items(&supervisor).is_empty());
    let story = Story::begin(&app);
    let ask = json!({"outcome": "moved", "reason": "Gia đình đã chuyển đi."});
    story
        .counsellor
        .post(&story.path("/ask-closing"), &ask)
        .assert(200);
    assert!(item_kinds(&story.supervisor).contains(&"closing-awaits-approval".to_owned()));
    story
        .supervisor
        .post(&story.path("/approve-closing"), &json!({}))
        .assert(200);
    assert!(!item_kinds(&story.supervisor).contains(&"closing-awaits-approval".to_owned()));
}

#[test]
fn a_stand_in_sees_the_cases_of_the_one_it_stands_in_for_and_no_longer() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let cover = app.persona(Role::Counsellor);
    cover.get(&story.path("")).assert(404);
    let today = app.clock.now();
    let day = |days: i64| {
        let then = today.plus(TimeDelta::days(days));
        json!(hai_dang::kernel::Zone::default().day(then))
    };
    let delegation = json!({
        "from_user": story.counsellor.id(), "to_user": cover.id(), "duty": "counsel",
        "starts_on": day(0), "ends_on": day(2),
    });
    story
        .supervisor
        .post("/delegations", &delegation)
        .assert(201);
    cover.get(&story.path("")).assert(200);
    let list = cover.get("/counselling-cases").assert(200).json();
    assert_eq!(list["items"][0]["id"], json!(story.case));
    app.clock.advance(TimeDelta::days(4));
    app.again(&cover).get(&story.path("")).assert(404);
}

#[test]
fn the_last_day_of_a_consent_is_told_to_whoever_gave_it_or_by_phone() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let tag = story.counsellor.get(&story.path("")).assert(200);
    let child = json!({"child": {"born_on": "2026-01-05"}});
    story
        .counsellor
        .having_seen(&tag)
        .patch(&story.path(""), &child)
        .assert(200);
    let given = json!({
        "party_id": story.party, "decision": "given", "taken_on": "2026-03-01",
        "taken_by": "Lê Tư Vấn",
    });
    story
        .counsellor
        .post(&story.path("/adoption-consents"), &given)
        .assert(201);
    let remind = || {
        let platform = app.platform.clone().into_inner();
        hai_dang::counselling::background::remind(&platform).unwrap();
    };
    remind();
    assert!(app.messages().iter().all(|mail| mail.kind != "case_window"));
    // 1 March and fifteen days: the 16th; three days before, it is time.
    app.clock.advance(TimeDelta::days(13));
    remind();
    remind();
    let told = app
        .messages()
        .into_iter()
        .filter(|mail| mail.kind == "case_window");
    assert_eq!(told.count(), 1);
    // Mail is safe for this family, but not for this purpose.
    let counsellor = app.again(&story.counsellor);
    assert!(item_kinds(&counsellor).contains(&"window-reminder-undeliverable".to_owned()));
}
