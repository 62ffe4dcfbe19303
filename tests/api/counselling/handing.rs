//! What becomes of appointments when another counsellor takes over.

use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::{ALL, OWN, Story, act, at, go_to, instant, one, open_hours};
use crate::support::{Client, TestApp};

/// The case goes from its counsellor to a colleague, who takes it.
#[track_caller]
fn hand_over(story: &Story, to: &Client) {
    let offer = json!({"to": to.id(), "reason": "Nghỉ dài ngày."});
    let path = story.path("/transfer");
    story.counsellor.post(&path, &offer).assert(200);
    to.post(&story.path("/accept-transfer"), &json!({}))
        .assert(200);
}

fn items(client: &Client) -> Vec<Value> {
    let list = client.get("/work-items?done=false").assert(200).json();
    list["items"].as_array().unwrap().clone()
}

fn slots(family: &Client, counsellor: &Client) -> Vec<String> {
    let path = format!(
        "/counsellors/{}/slots?from=2026-03-02&to=2026-03-02",
        counsellor.id()
    );
    let free = family.get(&path).assert(200).json();
    let free = free["items"].as_array().unwrap().iter();
    free.map(|one| one["starts_at"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn what_is_to_come_goes_with_the_case() {
    let app = TestApp::new();
    let mut story = Story::begin(&app);
    story.open_hours();
    let colleague = app.persona(Role::Counsellor);
    open_hours(&colleague);
    let past = story.appointment(1, 30).id();
    let confirmed = story.appointment(9, 60).id();
    go_to(&app, instant(2 * 60), &mut story);
    let colleague = app.again(&colleague);
    let wish = json!({
        "party_id": story.party, "mode": "phone", "starts_at": at(14 * 60), "ends_at": at(15 * 60),
    });
    let asked = story.family.post(OWN, &wish).assert(201).id();
    hand_over(&story, &colleague);
    // So does what the family wrote before there was one.
    let request = format!("/counselling-requests/{}", story.request);
    colleague.get(&request).assert(200);
    story.counsellor.get(&request).assert(404);
    let asked_once = story.counsellor.get("/counselling-requests").assert(200);
    assert_eq!(asked_once.json()["items"], json!([]));
    let flag = json!({
        "subject": {"kind": "counselling-request", "id": story.request}, "reason": "x",
        "kind": "child_at_risk",
    });
    let flag = story.counsellor.post("/risk-alerts", &flag);
    assert!(flag.status >= 400, "{}", flag.status);
    for id in [&confirmed, &asked] {
        let seen = colleague.get(&one(id)).assert(200).json();
        assert_eq!(seen["counsellor_id"], json!(colleague.id()));
        let last = seen["history"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(last["kind"], "hand-over");
        assert_eq!(last["facts"]["from"], json!(story.counsellor.id()));
        story.counsellor.get(&one(id)).assert(404);
        act(
            &story.counsellor,
            id,
            "cancel",
            &json!({"by": "counsellor", "reason": "x"}),
        )
        .assert(404);
    }
    // What was begun stays with whoever held it, and is read by whoever counsels now.
    let old = colleague.get(&one(&past)).assert(200).json();
    assert_eq!(old["counsellor_id"], json!(story.counsellor.id()));
    story.counsellor.get(&one(&past)).assert(404);
    let list = story.counsellor.get(ALL).assert(200).json();
    assert_eq!(list["items"], json!([]));
    // The new calendar knows them, and the old one lets go of them.
    let free = slots(&story.family, &colleague);
    assert!(!free.contains(&"2026-03-02T09:00:00+07:00".to_owned()));
    let other = Story::begin(&app);
    let times = slots(&other.family, &other.counsellor);
    assert!(times.is_empty() || !times.contains(&at(0)));
    let mine = items(&colleague);
    let unanswered = mine
        .iter()
        .find(|item| item["subject"]["id"] == json!(asked));
    assert_eq!(unanswered.unwrap()["kind"], "appointment-unanswered");
    act(&colleague, &asked, "confirm", &json!({})).assert(200);
}

#[test]
fn one_that_finds_the_new_counsellor_booked_is_called_off_and_told() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let busy = Story::begin(&app);
    let aunt = busy.add_party("relative", "Thị Dì");
    let body = busy.booking(&[&aunt], 9 * 60 + 30, 60);
    busy.counsellor.post(ALL, &body).assert(201);
    let clash = story.appointment(9, 60).id();
    let free = story.appointment(15, 60).id();
    hand_over(&story, &busy.counsellor);
    let off = busy.counsellor.get(&one(&clash)).assert(200).json();
    assert_eq!(off["status"], "cancelled");
    assert_eq!(off["cancelled_by"], "office");
    let last = off["history"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(last["facts"]["because"], "hand-over");
    story.counsellor.get(&one(&clash)).assert(404);
    let kept = busy.counsellor.get(&one(&free)).assert(200).json();
    assert_eq!(kept["status"], "confirmed");
    let told = app.mails("appointment_cancelled", &story.family.email);
    assert_eq!(told.len(), 1);
    let mine = items(&busy.counsellor);
    let call = mine
        .iter()
        .find(|item| item["subject"]["id"] == json!(clash));
    assert_eq!(call.unwrap()["kind"], "contact-family");
    assert_eq!(call.unwrap()["owner_id"], json!(busy.counsellor.id()));
}

#[test]
fn a_request_takes_its_appointments_to_whoever_it_is_given_to() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let colleague = app.persona(Role::Counsellor);
    let third = app.persona(Role::Counsellor);
    let family = app.persona(Role::Family);
    let asked = json!({"party_role": "relative", "name": "Bà Ngoại"});
    let request = family
        .post("/counselling-requests", &asked)
        .assert(201)
        .id();
    let path = format!("/counselling-requests/{request}");
    let to = |who: &Client| json!({"assignee": who.id()});
    let assign = format!("{path}/assign");
    story
        .supervisor
        .post(&assign, &to(&story.counsellor))
        .assert(200);
    let body = json!({
        "request_id": request, "mode": "phone", "starts_at": at(9 * 60), "ends_at": at(10 * 60),
    });
    let id = story.counsellor.post(ALL, &body).assert(201).id();
    story.supervisor.post(&assign, &to(&colleague)).assert(200);
    story.counsellor.get(&one(&id)).assert(404);
    let seen = colleague.get(&one(&id)).assert(200).json();
    assert_eq!(seen["counsellor_id"], json!(colleague.id()));
    // A case that another counsels takes them on.
    let new = json!({"counsellor": third.id()});
    colleague
        .post(&format!("{path}/open-case"), &new)
        .assert(201);
    colleague.get(&one(&id)).assert(404);
    let seen = third.get(&one(&id)).assert(200).json();
    assert_eq!(seen["counsellor_id"], json!(third.id()));
}

#[test]
fn what_is_moved_after_a_hand_over_takes_the_time_of_who_counsels_now() {
    let app = TestApp::new();
    let mut story = Story::begin(&app);
    let colleague = app.persona(Role::Counsellor);
    let begun = story.appointment(9, 60).id();
    let missed = story.appointment(8, 30).id();
    go_to(&app, instant(9 * 60 + 30), &mut story);
    let colleague = app.again(&colleague);
    let by = json!({"by": "party"});
    act(&story.counsellor, &missed, "no-show", &by).assert(200);
    hand_over(&story, &colleague);
    let to = |minute: i64| json!({"starts_at": at(minute), "ends_at": at(minute + 60)});
    let moved = act(&colleague, &begun, "reschedule", &to(33 * 60));
    let moved = moved.assert(200).json();
    assert_eq!(moved["counsellor_id"], json!(colleague.id()));
    let twice = act(&colleague, &missed, "reschedule", &to(33 * 60 + 30));
    twice.assert(409).problem("appointment-slot-taken");
    let next = act(&colleague, &missed, "reschedule", &to(35 * 60));
    let next = next.assert(201).json();
    assert_eq!(next["counsellor_id"], json!(colleague.id()));
    // Who held the one that was missed stays who did.
    let past = colleague.get(&one(&missed)).assert(200).json();
    assert_eq!(past["counsellor_id"], json!(story.counsellor.id()));
}
