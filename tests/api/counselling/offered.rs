//! Times the office offers and asks a family about.

use chrono::TimeDelta;
use hai_dang::counselling::background;
use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::{ALL, OWN, Story, act, at, go_to, instant, one};
use crate::support::{Client, TestApp};

#[track_caller]
fn offer(story: &Story, hour: i64) -> String {
    let mut body = story.booking(&[&story.party], hour * 60, 60);
    body["ask"] = json!(true);
    story.counsellor.post(ALL, &body).assert(201).id()
}

fn own(family: &Client, id: &str) -> Value {
    family.get(&format!("{OWN}/{id}")).assert(200).json()
}

fn kinds(client: &Client) -> Vec<String> {
    let list = client.get("/work-items?done=false").assert(200).json();
    let list = list["items"].as_array().unwrap().iter();
    list.map(|item| item["kind"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_family_agrees_or_does_not() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let address = story.family.email.clone();
    let yes = offer(&story, 9);
    let asked = app.mails("appointment_requested", &address).pop().unwrap();
    assert_eq!(asked.content.values["offered"], true);
    assert!(!kinds(&story.counsellor).contains(&"appointment-unanswered".to_owned()));
    let seen = own(&story.family, &yes);
    assert_eq!(seen["offered"], true);
    assert_eq!(seen["party_id"], json!(story.party));
    assert_eq!(seen["request_id"], json!(null));
    let actions = json!(["confirm", "decline", "cancel"]);
    assert_eq!(seen["allowed_actions"], actions);
    let stranger = app.persona(Role::Family);
    let confirm = format!("{OWN}/{yes}/confirm");
    stranger.post(&confirm, &json!({})).assert(404);
    let agreed = story.family.post(&confirm, &json!({})).assert(200).json();
    assert_eq!(agreed["status"], "confirmed");
    assert_eq!(agreed["allowed_actions"], json!(["cancel"]));
    assert_eq!(app.mails("appointment_confirmed", &address).len(), 1);
    // Whoever offered it hears of that, and by a code and a time alone.
    let heard = app.mails("offer_agreed", &story.counsellor.email);
    assert_eq!(heard.len(), 1);
    let values = &heard[0].content.values;
    assert!(values.contains_key("when") && values.contains_key("code"));
    assert_eq!(values.len(), 2);
    let again = story.family.post(&confirm, &json!({})).assert(409);
    let again = again.problem("action-not-allowed");
    assert_eq!(again["allowed_actions"], json!(["cancel"]));
    let shown = story.counsellor.get(&one(&yes)).assert(200).json();
    assert_eq!(shown["history"][1]["by"], json!(story.family.id()));
    // Not agreeing tells the family nothing it does not know, and the counsellor to call.
    let no = offer(&story, 14);
    let decline = format!("{OWN}/{no}/decline");
    let why = json!({"reason": "Canary bận"});
    let declined = story.family.post(&decline, &why).assert(200).json();
    assert_eq!(declined["status"], "declined");
    assert!(app.mails("appointment_declined", &address).is_empty());
    assert!(kinds(&story.counsellor).contains(&"contact-family".to_owned()));
    let shown = story.counsellor.get(&one(&no)).assert(200).json();
    assert_eq!(shown["history"][1]["reason"], "Canary bận");
}

#[test]
fn what_stands_in_the_way_of_an_appointment_is_warned_of() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let aunt = story.add_party("relative", "Canary Dì");
    let warnings = |parties: &[&str], hour: i64, mode: &str| {
        let mut body = story.booking(parties, hour * 60, 45);
        body["mode"] = json!(mode);
        let made = story.counsellor.post(ALL, &body).assert(201);
        let seen = story.counsellor.get(&one(&made.id())).assert(200).json();
        assert_eq!(made.json()["warnings"], seen["warnings"]);
        seen["warnings"].clone()
    };
    // Without hours of their own a counsellor has none to go beyond.
    assert_eq!(warnings(&[&story.party], 18, "phone"), json!([]));
    story.open_hours();
    assert_eq!(warnings(&[&story.party], 8, "phone"), json!([]));
    let both = warnings(&[&story.party, &aunt], 9, "phone");
    assert_eq!(both, json!(["no-number"]));
    let late = warnings(&[&aunt], 19, "at_office");
    assert_eq!(late, json!(["outside-hours"]));
    assert_eq!(warnings(&[&aunt], 10, "home"), json!(["no-place"]));
    let phone = json!({"phone": "0912 345 679"});
    let path = story.path(&format!("/parties/{aunt}"));
    let seen = story.counsellor.get(&path).assert(200);
    story
        .counsellor
        .having_seen(&seen)
        .patch(&path, &phone)
        .assert(200);
    let unsafe_call = warnings(&[&aunt], 14, "phone");
    assert_eq!(unsafe_call, json!(["call-not-safe"]));
}

#[test]
fn what_a_family_asked_for_it_does_not_answer_itself() {
    let app = TestApp::new();
    let mut story = Story::begin(&app);
    story.open_hours();
    let wish = json!({
        "party_id": story.party, "mode": "phone", "starts_at": at(9 * 60), "ends_at": at(10 * 60),
    });
    let asked = story.family.post(OWN, &wish).assert(201);
    let place = asked.header("location").to_owned();
    let id = asked.id();
    assert_eq!(place, format!("/api/v1{OWN}/{id}"));
    assert_eq!(own(&story.family, &id)["offered"], false);
    assert_eq!(
        own(&story.family, &id)["allowed_actions"],
        json!(["cancel"])
    );
    for verb in ["confirm", "decline"] {
        let path = format!("{OWN}/{id}/{verb}");
        story.family.post(&path, &json!({})).assert(403);
    }
    // What nobody answered is no longer offered, to either.
    go_to(&app, instant(9 * 60), &mut story);
    assert_eq!(own(&story.family, &id)["allowed_actions"], json!([]));
    let late = story.counsellor.get(&one(&id)).assert(200).json();
    assert_eq!(late["allowed_actions"], json!([]));
    act(&story.counsellor, &id, "confirm", &json!({})).assert(409);
    let platform = app.platform.clone().into_inner();
    assert_eq!(background::expire(&platform).unwrap(), 1);
    let told = app.mails("appointment_declined", &story.family.email);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].content.values["offered"], false);
}

#[test]
fn whoever_cannot_be_written_to_is_called_about_what_lapsed() {
    let app = TestApp::new();
    let mut story = Story::begin(&app);
    story.open_hours();
    let aunt = story.add_party("relative", "Canary Dì");
    let mut body = story.booking(&[&aunt], 9 * 60, 60);
    body["ask"] = json!(true);
    let id = story.counsellor.post(ALL, &body).assert(201).id();
    let calls = |client: &Client| {
        let list = client.get("/work-items?done=false").assert(200).json();
        let list = list["items"].as_array().unwrap().iter();
        let about = list.filter(|item| item["subject"]["id"] == json!(id));
        about.count()
    };
    assert_eq!(calls(&story.counsellor), 1);
    go_to(&app, app.now().plus(TimeDelta::hours(25)), &mut story);
    let platform = app.platform.clone().into_inner();
    assert_eq!(background::expire(&platform).unwrap(), 1);
    assert_eq!(calls(&story.counsellor), 1);
}

#[test]
fn staff_are_offered_what_would_be_taken() {
    let app = TestApp::new();
    let mut story = Story::begin(&app);
    let id = story.appointment(9, 60).id();
    let actions = |story: &Story| -> Value {
        let seen = story.counsellor.get(&one(&id)).assert(200).json();
        seen["allowed_actions"].clone()
    };
    assert_eq!(actions(&story), json!(["edit", "reschedule", "cancel"]));
    go_to(&app, instant(9 * 60), &mut story);
    let all = json!(["edit", "reschedule", "cancel", "complete", "no-show"]);
    assert_eq!(actions(&story), all);
    act(&story.counsellor, &id, "no-show", &json!({"by": "party"})).assert(200);
    assert_eq!(actions(&story), json!(["reschedule", "reopen"]));
    let to = json!({"starts_at": at(34 * 60), "ends_at": at(35 * 60)});
    act(&story.counsellor, &id, "reschedule", &to).assert(201);
    assert_eq!(actions(&story), json!([]));
    let far =
        json!({"starts_at": "2090-03-02T09:00:00+07:00", "ends_at": "2090-03-02T10:00:00+07:00"});
    let next = story.appointment(58, 60).id();
    let far = act(&story.counsellor, &next, "reschedule", &far);
    far.assert(422).violates("/starts_at", "out-of-range");
}
