//! Appointments families ask for, and what becomes of them.

use chrono::TimeDelta;
use hai_dang::counselling::background;
use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::{ALL, OWN, Story, act, at, go_to, instant, one};
use crate::support::{Client, TestApp};

fn wish(story: &Story, minute: i64) -> Value {
    json!({
        "party_id": story.party, "mode": "at_office",
        "starts_at": at(minute), "ends_at": at(minute + 60),
    })
}

#[test]
fn mails_of_an_account_go_where_it_reads_them() {
    let app = TestApp::new();
    let family = app.persona(Role::Family);
    let mut asked = json!({"party_role": "relative", "email": "noi.khac@example.vn"});
    let path = "/counselling-requests";
    let refused = family.post(path, &asked).assert(422);
    refused.violates("/email", "account-address");
    asked["email"] = json!(family.email);
    family.post(path, &asked).assert(201);
}

#[test]
fn a_request_speaks_the_language_of_its_account_and_tells_the_other_way() {
    let app = TestApp::new();
    let family = app.persona(Role::Family);
    let me = family.get("/me").assert(200);
    let english = json!({"language": "en"});
    family.having_seen(&me).patch("/me", &english).assert(200);
    let path = "/counselling-requests";
    let ask = |body: &Value| family.post(path, body).assert(201).json();
    let vietnamese = ask(&json!({"party_role": "relative", "language": "vi"}));
    assert_eq!(vietnamese["language"], "vi");
    let own = format!("{path}/{}", vietnamese["id"].as_str().unwrap());
    family.act(&format!("{own}/withdraw")).assert(200);
    let asked = ask(&json!({"party_role": "relative"}));
    assert_eq!(asked["language"], "en");
    let own = format!("{path}/{}", asked["id"].as_str().unwrap());
    let to = json!({"to": "Trung tâm Công tác xã hội, 5 Lê Lợi"});
    let supervisor = app.persona(Role::Supervisor);
    let redirect = format!("{own}/redirect");
    supervisor.post(&redirect, &to).assert(200);
    let seen = family.get(&own).assert(200).json();
    assert_eq!(seen["redirected_to"], to["to"]);
}

#[test]
fn a_family_does_not_learn_when_the_other_side_is_at_the_door() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    story.open_hours();
    let adopters = app.persona(Role::Family);
    let adopter = story.join(&adopters, "prospective_adoptive_parent", "Canary Nhận");
    story.appointment(9, 60);
    let counsellor = story.counsellor.id();
    let slots = |who: &Client| {
        let path = format!("/counsellors/{counsellor}/slots?from=2026-03-02&to=2026-03-02");
        let free = who.get(&path).assert(200).json();
        let free = free["items"].as_array().unwrap().iter();
        let before_noon = |one: &&Value| one["starts_at"].as_str() < Some("2026-03-02T12");
        free.filter(before_noon).count()
    };
    // Whoever comes at eight or ten would meet who comes at nine: it looks like a longer talk.
    assert_eq!(slots(&adopters), 0);
    assert_eq!(slots(&story.family), 2);
    assert_eq!(slots(&story.counsellor), 2);
    for mode in ["phone", "at_office"] {
        let wish = json!({
            "party_id": adopter, "mode": mode,
            "starts_at": at(10 * 60), "ends_at": at(11 * 60),
        });
        let refused = adopters.post(OWN, &wish).assert(409);
        refused.problem("appointment-slot-taken");
    }
}

#[test]
fn a_family_asks_and_its_time_is_held_until_it_is_answered() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    story.open_hours();
    // Outside the hours there is nothing to ask for.
    let refused = story.family.post(OWN, &wish(&story, 12 * 60)).assert(409);
    let refused = refused.problem("appointment-slot-taken");
    assert_eq!(refused["free"].as_array().unwrap().len(), 5);
    let asked = story.family.post(OWN, &wish(&story, 9 * 60)).assert(201);
    assert_eq!(asked.json()["status"], "requested");
    assert_eq!(asked.json()["expires_at"], "2026-03-02T00:30:00+07:00");
    let id = asked.id();
    // It holds its time.
    let aunt = story.add_party("relative", "Thị Dì");
    let body = story.booking(&[&aunt], 9 * 60, 60);
    story.counsellor.post(ALL, &body).assert(409);
    let declined = act(
        &story.counsellor,
        &id,
        "decline",
        &json!({"reason": "Bận họp."}),
    );
    let declined = declined.assert(200).json();
    assert_eq!(declined["status"], "declined");
    let free = declined["free"].as_array().unwrap();
    assert_eq!(free.len(), 5);
    assert_eq!(free[0]["starts_at"], "2026-03-02T08:00:00+07:00");
    assert_eq!(free[1]["starts_at"], "2026-03-02T10:00:00+07:00");
    // What was declined is over.
    let again = act(&story.counsellor, &id, "confirm", &json!({}));
    let again = again.assert(409).problem("action-not-allowed");
    assert_eq!(again["current"], "declined");
    let second = story
        .family
        .post(OWN, &wish(&story, 10 * 60))
        .assert(201)
        .id();
    let taken = act(&story.counsellor, &second, "confirm", &json!({}));
    assert_eq!(taken.assert(200).json()["status"], "confirmed");
    let off = story.family.post(
        &format!("{OWN}/{second}/cancel"),
        &json!({"reason": "Con ốm"}),
    );
    assert_eq!(off.assert(200).json()["status"], "cancelled");
    let shown = story.counsellor.get(&one(&second)).assert(200).json();
    assert_eq!(shown["cancelled_by"], "party");
    let kinds: Vec<&str> = shown["history"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["create", "confirm", "cancel"]);
    assert_eq!(shown["history"][2]["reason"], "Con ốm");
    // Not for somebody else, and not without end.
    let stranger = app.persona(Role::Family);
    stranger.post(OWN, &wish(&story, 14 * 60)).assert(404);
    stranger
        .post(&format!("{OWN}/{second}/cancel"), &json!({}))
        .assert(404);
    for hour in [8, 9, 10] {
        story.family.post(OWN, &wish(&story, hour * 60)).assert(201);
    }
    let many = story.family.post(OWN, &wish(&story, 14 * 60)).assert(409);
    many.problem("appointments-pending");
}

#[test]
fn an_unanswered_request_expires_once_and_lets_go_of_its_time() {
    let app = TestApp::new();
    let mut story = Story::begin(&app);
    story.open_hours();
    let minute = 3 * 24 * 60 + 9 * 60;
    let id = story
        .family
        .post(OWN, &wish(&story, minute))
        .assert(201)
        .id();
    let platform = app.platform.clone().into_inner();
    assert_eq!(background::expire(&platform).unwrap(), 0);
    go_to(&app, app.now().plus(TimeDelta::hours(25)), &mut story);
    // Whoever books meanwhile does not wait for the background.
    let aunt = story.add_party("relative", "Thị Dì");
    let booked = story
        .counsellor
        .post(ALL, &story.booking(&[&aunt], minute, 60));
    booked.assert(201);
    let late = story.counsellor.get(&one(&id)).assert(200).json();
    assert_eq!(late["status"], "expired");
    let other = story
        .family
        .post(OWN, &wish(&story, minute + 60))
        .assert(201)
        .id();
    go_to(&app, app.now().plus(TimeDelta::hours(25)), &mut story);
    let late = act(&story.counsellor, &other, "confirm", &json!({}));
    assert_eq!(
        late.assert(409).problem("action-not-allowed")["current"],
        "expired"
    );
    // Of two processes one ends it.
    let ended: usize = std::thread::scope(|scope| {
        let step = || background::expire(&platform).unwrap();
        let all = [scope.spawn(step), scope.spawn(step)];
        all.into_iter().map(|one| one.join().unwrap()).sum()
    });
    assert_eq!(ended, 1);
    let shown = story.counsellor.get(&one(&other)).assert(200).json();
    assert_eq!(shown["status"], "expired");
    assert_eq!(shown["history"].as_array().unwrap().len(), 2);
}

#[test]
fn the_end_of_a_case_calls_off_what_is_to_come() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    story.open_hours();
    let id = story.appointment(9, 60).id();
    let asked = story
        .family
        .post(OWN, &wish(&story, 14 * 60))
        .assert(201)
        .id();
    let ask = json!({"outcome": "family_preserved", "reason": "Ổn định."});
    story
        .counsellor
        .post(&story.path("/ask-closing"), &ask)
        .assert(200);
    story
        .supervisor
        .post(&story.path("/approve-closing"), &json!({}))
        .assert(200);
    for id in [&id, &asked] {
        let shown = story.counsellor.get(&one(id)).assert(200).json();
        assert_eq!(shown["status"], "cancelled");
        assert_eq!(shown["cancelled_by"], "office");
    }
    let body = story.booking(&[&story.party], 15 * 60, 60);
    story
        .counsellor
        .post(ALL, &body)
        .assert(409)
        .problem("action-not-allowed");
    story.family.post(OWN, &wish(&story, 15 * 60)).assert(409);
    let own = story.family.get(OWN).assert(200).json();
    assert_eq!(own["bookable"], json!([]));
}

#[test]
fn a_request_has_appointments_that_its_case_takes_over() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    story.open_hours();
    let asked = json!({"party_role": "relative", "name": "Bà Ngoại"});
    let family = app.persona(Role::Family);
    let request = family
        .post("/counselling-requests", &asked)
        .assert(201)
        .id();
    let path = format!("/counselling-requests/{request}");
    let own = json!({
        "request_id": request, "mode": "phone", "starts_at": at(9 * 60), "ends_at": at(10 * 60),
    });
    // Nobody counsels it yet.
    family
        .post(OWN, &own)
        .assert(409)
        .problem("action-not-allowed");
    let to = json!({"assignee": story.counsellor.id()});
    story
        .supervisor
        .post(&format!("{path}/assign"), &to)
        .assert(200);
    let id = family.post(OWN, &own).assert(201).id();
    act(&story.counsellor, &id, "confirm", &json!({})).assert(200);
    let case = story
        .counsellor
        .post(&format!("{path}/open-case"), &json!({}))
        .assert(201)
        .id();
    let shown = story.counsellor.get(&one(&id)).assert(200).json();
    assert_eq!(shown["case_id"], case.as_str());
    assert!(shown["parties"][0]["party_id"].is_string());
    assert_eq!(
        family.get(OWN).assert(200).json()["items"][0]["id"],
        id.as_str()
    );
    // What is withdrawn keeps no times.
    let other = app.persona(Role::Family);
    let request = other.post("/counselling-requests", &asked).assert(201).id();
    let path = format!("/counselling-requests/{request}");
    story
        .supervisor
        .post(&format!("{path}/assign"), &to)
        .assert(200);
    let body = json!({
        "request_id": request, "mode": "home", "starts_at": at(14 * 60), "ends_at": at(15 * 60),
        "location": "Canary nhà",
    });
    let id = story.counsellor.post(ALL, &body).assert(201).id();
    other
        .post(&format!("{path}/withdraw"), &json!({}))
        .assert(200);
    let shown = story.counsellor.get(&one(&id)).assert(200).json();
    assert_eq!(shown["status"], "cancelled");
    assert_eq!(shown["cancelled_by"], "party");
}

#[test]
fn what_has_begun_is_no_longer_the_familys_to_call_off() {
    let app = TestApp::new();
    let mut story = Story::begin(&app);
    let id = story.appointment(9, 60).id();
    go_to(&app, instant(9 * 60), &mut story);
    let own = story.family.get(OWN).assert(200).json();
    assert_eq!(own["items"][0]["allowed_actions"], json!([]));
    let late = story.family.post(&format!("{OWN}/{id}/cancel"), &json!({}));
    late.assert(409).problem("action-not-allowed");
    let missed = act(&story.counsellor, &id, "no-show", &json!({"by": "party"}));
    missed.assert(200);
}
