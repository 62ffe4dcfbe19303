//! What the office changes of an appointment, and who hears of it.

use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::{ALL, OWN, Story, act, at, go_to, instant, one};
use crate::support::{Client, TestApp};

fn wish(story: &Story, hour: i64) -> String {
    let wish = json!({
        "party_id": story.party, "mode": "phone",
        "starts_at": at(hour * 60), "ends_at": at(hour * 60 + 60),
    });
    story.family.post(OWN, &wish).assert(201).id()
}

fn own(family: &Client, id: &str) -> Value {
    family.get(&format!("{OWN}/{id}")).assert(200).json()
}

fn to(hour: i64) -> Value {
    json!({"starts_at": at(hour * 60), "ends_at": at(hour * 60 + 60)})
}

/// The open items about an appointment, as its counsellor sees them.
fn items(story: &Story, id: &str) -> Vec<Value> {
    let list = story.counsellor.get("/work-items?done=false").assert(200);
    let mut list = list.json()["items"].as_array().unwrap().clone();
    list.retain(|item| item["subject"]["id"] == json!(id));
    list
}

fn mails(app: &TestApp, kind: &str, to: &Client) -> usize {
    app.mails(kind, &to.email).len()
}

#[test]
fn a_wish_the_office_moves_is_its_offer_and_the_family_answers() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    story.open_hours();
    let before = mails(&app, "work_new", &story.counsellor);
    let id = wish(&story, 9);
    assert_eq!(items(&story, &id)[0]["kind"], "appointment-unanswered");
    assert_eq!(items(&story, &id)[0]["due_on"], "2026-03-02");
    assert_eq!(mails(&app, "work_new", &story.counsellor), before + 1);
    assert_eq!(mails(&app, "work_late", &story.counsellor), 0);
    let moved = act(&story.counsellor, &id, "reschedule", &to(14));
    assert_eq!(moved.assert(200).json()["status"], "requested");
    assert!(items(&story, &id).is_empty(), "the office has answered");
    // What the family reads says that it is asked, and is no entry for its calendar.
    assert_eq!(mails(&app, "appointment_changed", &story.family), 0);
    let asked = app.mails("appointment_requested", &story.family.email);
    let asked = asked.last().unwrap();
    assert_eq!(asked.content.values["offered"], true);
    assert_eq!(asked.content.values["moved"], true);
    let old = asked.content.values["old_when"].as_str().unwrap();
    assert!(old.starts_with("09:00"), "{old}");
    assert!(asked.content.calendar.is_none());
    let seen = own(&story.family, &id);
    assert_eq!(seen["offered"], true);
    let answers = json!(["confirm", "decline", "cancel"]);
    assert_eq!(seen["allowed_actions"], answers);
    let confirm = format!("{OWN}/{id}/confirm");
    let agreed = story.family.post(&confirm, &json!({})).assert(200).json();
    assert_eq!(agreed["status"], "confirmed");
    assert_eq!(agreed["starts_at"], at(14 * 60));
    assert_eq!(mails(&app, "appointment_confirmed", &story.family), 1);
    // One that stands is moved and told so.
    act(&story.counsellor, &id, "reschedule", &to(15)).assert(200);
    let told = app.mails("appointment_changed", &story.family.email);
    assert_eq!(told[0].content.values["moved"], true);
    let nowhere = act(&story.counsellor, &id, "reschedule", &to(15));
    nowhere.assert(422).violates("/starts_at", "unchanged");
    assert_eq!(mails(&app, "appointment_changed", &story.family), 1);
}

#[test]
fn where_it_is_held_is_changed_and_read_by_the_family_and_never_mailed() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let made = story.appointment(9 + 72, 60);
    let id = made.id();
    let staff = story.counsellor.having_seen(&made);
    let place = json!({"mode": "home", "location": "Canary ngõ 12 Tô Hiệu"});
    story.counsellor.patch(&one(&id), &place).assert(428);
    let changed = staff.patch(&one(&id), &place).assert(200);
    staff.patch(&one(&id), &json!({})).assert(412);
    assert_eq!(changed.json()["mode"], "home");
    assert_eq!(changed.json()["version"], 2);
    let seen = own(&story.family, &id);
    assert_eq!(seen["location"], "Canary ngõ 12 Tô Hiệu");
    let told = app.mails("appointment_changed", &story.family.email);
    let told = told.last().unwrap();
    assert_eq!(told.content.values["moved"], false);
    assert_eq!(told.content.values["at_office"], false);
    let said = serde_json::to_string(&told.content.values).unwrap();
    assert!(!said.contains("Canary"), "{said}");
    // What it is about is nobody's mail; nothing at all is no change.
    let staff = story.counsellor.having_seen(&changed);
    let topics = json!({"topics": ["legal_effects"], "interpreter": "Ngôn ngữ ký hiệu"});
    let changed = staff.patch(&one(&id), &topics).assert(200);
    let staff = story.counsellor.having_seen(&changed);
    let same = staff.patch(&one(&id), &json!({})).assert(200).json();
    assert_eq!(same["version"], 3);
    assert_eq!(mails(&app, "appointment_changed", &story.family), 1);
    let empty = staff.patch(&one(&id), &json!({"mode": null}));
    empty.assert(422).violates("/mode", "required");
    let shown = story.counsellor.get(&one(&id)).assert(200).json();
    let history = shown["history"].as_array().unwrap();
    assert_eq!(history.len(), 3);
    // At the desk no room is named.
    let shown = story.counsellor.get(&one(&id)).assert(200);
    let back = json!({"mode": "at_office", "location": "Canary phòng 2"});
    let staff = story.counsellor.having_seen(&shown);
    staff.patch(&one(&id), &back).assert(200);
    let seen = own(&story.family, &id);
    assert!(!seen["location"].to_string().contains("Canary"));
    let stranger = app.persona(Role::Counsellor).having_seen(&shown);
    stranger.patch(&one(&id), &back).assert(404);
    let off = json!({"by": "office", "reason": "Bận họp."});
    act(&story.counsellor, &id, "cancel", &off).assert(200);
    let over = story.counsellor.get(&one(&id)).assert(200);
    let staff = story.counsellor.having_seen(&over);
    let late = staff.patch(&one(&id), &place).assert(409);
    late.problem("action-not-allowed");
}

#[test]
fn a_wish_held_elsewhere_is_asked_about_too() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    story.open_hours();
    let id = wish(&story, 9);
    let seen = story.counsellor.get(&one(&id)).assert(200);
    let staff = story.counsellor.having_seen(&seen);
    let here = json!({"mode": "at_office"});
    let changed = staff.patch(&one(&id), &here).assert(200).json();
    assert_eq!(changed["status"], "requested");
    assert_eq!(own(&story.family, &id)["offered"], true);
    let asked = app.mails("appointment_requested", &story.family.email);
    assert_eq!(asked.last().unwrap().content.values["moved"], false);
}

#[test]
fn the_counsellor_hears_that_a_family_called_off() {
    let app = TestApp::new();
    let mut story = Story::begin(&app);
    story.open_hours();
    let cancel = |story: &Story, id: &str| {
        let path = format!("{OWN}/{id}/cancel");
        story.family.post(&path, &json!({})).assert(200);
    };
    // A wish nobody had answered is nobody's work any more.
    let asked = wish(&story, 10);
    cancel(&story, &asked);
    assert!(items(&story, &asked).is_empty());
    assert_eq!(mails(&app, "appointment_cancelled", &story.family), 0);
    let far = story.appointment(9 + 72, 60).id();
    cancel(&story, &far);
    let item = items(&story, &far).pop().unwrap();
    assert_eq!(item["kind"], "contact-family");
    assert_eq!(item["due_on"], "2026-03-05");
    assert_eq!(mails(&app, "work_urgent", &story.counsellor), 0);
    // What stood in the family's calendar is taken out of it.
    assert_eq!(mails(&app, "appointment_cancelled", &story.family), 1);
    // What was to be within a day is told at once.
    let near = story.appointment(14, 60).id();
    go_to(&app, instant(-60), &mut story);
    cancel(&story, &near);
    assert_eq!(items(&story, &near).len(), 1);
    assert_eq!(mails(&app, "work_urgent", &story.counsellor), 1);
    // Staff who enter it know.
    let own_word = story.appointment(16, 60).id();
    let said = json!({"by": "party", "reason": "Gọi điện báo."});
    act(&story.counsellor, &own_word, "cancel", &said).assert(200);
    assert!(items(&story, &own_word).is_empty());
    // And the family's calendar does not go on showing it; nobody asks it for another time.
    let told = app.mails("appointment_cancelled", &story.family.email);
    let newest = told.last().unwrap();
    assert_eq!(
        (told.len(), &newest.content.values["again"]),
        (3, &json!(false))
    );
    let list = story.counsellor.get(ALL).assert(200).json();
    assert_eq!(list["items"].as_array().unwrap().len(), 4);
}

#[test]
fn a_family_that_waited_in_vain_gets_a_word_and_somebody_to_call_it() {
    let app = TestApp::new();
    let mut story = Story::begin(&app);
    let id = story.appointment(9, 60).id();
    go_to(&app, instant(10 * 60), &mut story);
    let missed = json!({"by": "counsellor"});
    act(&story.counsellor, &id, "no-show", &missed).assert(200);
    let told = app.mails("appointment_missed", &story.family.email);
    assert_eq!(told[0].content.values["by_office"], true);
    assert_eq!(items(&story, &id)[0]["kind"], "contact-family");
}

#[test]
fn what_waits_goes_along_with_the_case() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let far = story.appointment(9 + 72, 60).id();
    let path = format!("{OWN}/{far}/cancel");
    story.family.post(&path, &json!({})).assert(200);
    let colleague = app.persona(Role::Counsellor);
    let to = json!({"to": colleague.id(), "reason": "Nghỉ phép."});
    let transfer = story.path("/transfer");
    story.counsellor.post(&transfer, &to).assert(200);
    colleague
        .post(&story.path("/accept-transfer"), &json!({}))
        .assert(200);
    assert!(items(&story, &far).is_empty());
    let theirs = colleague
        .get("/work-items?done=false&mine=true")
        .assert(200)
        .json();
    let theirs = theirs["items"].as_array().unwrap();
    assert!(
        theirs
            .iter()
            .any(|item| item["subject"]["id"] == json!(far))
    );
}

#[test]
fn whoever_is_given_a_request_hears_of_it() {
    let app = TestApp::new();
    let supervisor = app.persona(Role::Supervisor);
    let counsellor = app.persona(Role::Counsellor);
    let asked = json!({"party_role": "birth_parent", "safe_contact": {"may_email": true}});
    let family = app.persona(Role::Family);
    let made = family
        .post("/counselling-requests", &asked)
        .assert(201)
        .id();
    let to = json!({"assignee": counsellor.id()});
    let assign = format!("/counselling-requests/{made}/assign");
    supervisor.post(&assign, &to).assert(200);
    assert_eq!(mails(&app, "work_new", &counsellor), 1);
    let again = supervisor.post(&assign, &to).assert(422);
    again.violates("/assignee", "unchanged");
    assert_eq!(mails(&app, "work_new", &counsellor), 1, "once");
}

#[test]
fn another_time_is_spoken_of_where_one_can_be_asked_for() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let again = || {
        let told = app.mails("appointment_cancelled", &story.family.email);
        told.last().unwrap().content.values["again"].clone()
    };
    let ill = story.appointment(9, 60).id();
    let off = json!({"by": "counsellor", "reason": "Bị ốm."});
    act(&story.counsellor, &ill, "cancel", &off).assert(200);
    assert_eq!(again(), true);
    story.appointment(14, 60);
    super::cases::close(&story, "family_preserved");
    assert_eq!(again(), false, "the case is closed");
}
