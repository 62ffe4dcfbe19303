//! What is offered is what would succeed, and what is refused says what to do.

use chrono::TimeDelta;
use hai_dang::identity::Role;
use hai_dang::mail::message::TokenPurpose;
use serde_json::{Value, json};

use super::{World, id, one, person, registrations};

/// Lets time pass; tokens end with it.
fn later(world: &mut World, minutes: i64) {
    world.app.clock.advance(TimeDelta::minutes(minutes));
    world.organiser = world.app.persona(Role::Organiser);
}

/// What an organiser is offered at a session, wherever it is shown.
#[track_caller]
fn offered(world: &World, session: &Value) -> Vec<String> {
    let path = format!("/training-sessions/{}", id(session));
    let shown = world.organiser.get(&path).assert(200).json();
    let list = world.organiser.get("/training-sessions").assert(200).json();
    let items = list["items"].as_array().unwrap();
    let listed = items.iter().find(|one| one["id"] == session["id"]);
    assert_eq!(listed.unwrap()["allowed_actions"], shown["allowed_actions"]);
    serde_json::from_value(shown["allowed_actions"].clone()).unwrap()
}

/// What an organiser is offered for a registration, wherever it is shown.
#[track_caller]
fn offered_for(world: &World, registration: &Value) -> Vec<String> {
    let shown = world.organiser.get(&one(registration)).assert(200).json();
    let list = one(registration);
    let list = list.rsplit_once('/').unwrap().0;
    let list = world.organiser.get(list).assert(200).json();
    let items = list["items"].as_array().unwrap();
    let listed = items.iter().find(|one| one["id"] == registration["id"]);
    assert_eq!(listed.unwrap()["allowed_actions"], shown["allowed_actions"]);
    serde_json::from_value(shown["allowed_actions"].clone()).unwrap()
}

fn has(actions: &[String], action: &str) -> bool {
    actions.iter().any(|one| one == action)
}

fn ask(world: &World, session: &Value, name: &str) -> Value {
    let body = json!({"attendee": person(name), "ask": true});
    let asked = world.organiser.post(&registrations(session), &body);
    asked.assert(201).json()
}

fn again(world: &World, session: &Value, registration: &Value) -> Value {
    let body = json!({"attendee_id": registration["attendee"]["id"]});
    let made = world.organiser.post(&registrations(session), &body);
    made.assert(201).json()
}

#[test]
fn a_session_that_ended_early_is_moved_to_its_last_day_held_and_completed() {
    let mut world = World::new();
    let mut body = world.body(1);
    body["slots"] = json!([world.slot(1, 2), world.slot(25, 2)]);
    let session = world.publish(&body);
    let an = world.register(&session, "Canary An");
    let ticket = world.ticket(&an);
    assert!(has(&offered(&world, &session), "cancel"));
    later(&mut world, 90);
    world.scan(&ticket, "vào").assert(201);
    later(&mut world, 120);
    let actions = offered(&world, &session);
    assert!(!has(&actions, "cancel") && !has(&actions, "complete"));
    assert!(has(&actions, "reschedule"));
    let path = format!("/training-sessions/{}", id(&session));
    let refused = |verb: &str, body: &Value, code: &str| {
        let english = world.organiser.with("Accept-Language", "en");
        let refused = english.post(&format!("{path}/{verb}"), body).assert(409);
        let detail = refused.problem(code)["detail"].clone();
        let detail = detail.as_str().unwrap().to_owned();
        assert!(
            detail.contains("rescheduled to end on the last day"),
            "{detail}"
        );
    };
    refused("cancel", &json!({"reason": "x"}), "has-attendance");
    refused(
        "complete",
        &json!({"acknowledge_missing": true}),
        "too-early",
    );
    world.app.all_sent();
    let held = &session["slots"][0];
    let slots = json!({"slots": [{
        "id": held["id"], "starts_at": held["starts_at"], "ends_at": held["ends_at"],
    }]});
    world.act(&session, "reschedule", &slots);
    // The day that is off is still to come: whoever would come is told.
    let told = world.app.mails("session_changed", "canary.an@example.vn");
    assert_eq!(told[0].content.values["gone"].as_array().unwrap().len(), 1);
    let done = world.act(&session, "complete", &json!({}));
    assert_eq!(done["status"], "completed");
    let shown = world.organiser.get(&one(&an)).assert(200).json();
    assert_eq!(shown["result"], "present");
}

#[test]
fn a_mail_is_offered_again_to_whom_it_would_reach() {
    let world = World::new();
    let session = world.publish(&world.body(48));
    let asked = ask(&world, &session, "Canary Mời");
    let comes = world.register(&session, "Canary Đến");
    for one in [&asked, &comes] {
        assert!(has(&offered_for(&world, one), "resend"));
    }
    let invited = world
        .app
        .mails("session_invitation", "canary.moi@example.vn");
    let stop = world.app.derived(invited[0].id, TokenPurpose::Unsubscribe);
    let stop = format!("/unsubscribe/{stop}");
    world.app.anonymous().act(&stop).assert(204);
    assert!(!has(&offered_for(&world, &asked), "resend"));
    let refused = world.organiser.act(&format!("{}/resend", one(&asked)));
    refused.assert(409).problem("mail-unreachable");
    // That one has a seat is no outreach: it is told whoever wants no more of that.
    let confirm = format!("{}/confirm", one(&asked));
    world.organiser.act(&confirm).assert(200);
    assert!(has(&offered_for(&world, &asked), "resend"));
    let resend = format!("{}/resend", one(&asked));
    world.organiser.act(&resend).assert(200);
}

#[test]
fn a_yes_is_offered_where_there_is_a_place_and_nobody_is_on_the_list_twice() {
    let world = World::new();
    let mut body = world.body(48);
    (body["capacity"], body["waitlist"]) = (json!(1), json!(false));
    let session = world.publish(&body);
    let (an, binh) = (ask(&world, &session, "An"), ask(&world, &session, "Bình"));
    let confirm = |one_of: &Value| {
        let path = format!("{}/confirm", one(one_of));
        world.organiser.act(&path)
    };
    for one_of in [&an, &binh] {
        let decline = format!("{}/decline", one(one_of));
        world.organiser.act(&decline).assert(200);
        assert!(has(&offered_for(&world, one_of), "confirm"));
    }
    let anew = again(&world, &session, &an);
    assert!(!has(&offered_for(&world, &binh), "confirm"), "it is full");
    confirm(&binh).assert(409).problem("session-full");
    let shown = format!("/training-sessions/{}", id(&session));
    let seen = world.organiser.get(&shown).assert(200);
    let more = world.organiser.having_seen(&seen);
    more.patch(&shown, &json!({"capacity": 5})).assert(200);
    assert!(has(&offered_for(&world, &binh), "confirm"));
    assert!(!has(&offered_for(&world, &an), "confirm"), "on it anew");
    confirm(&an).assert(409).problem("already-registered");
    // The same under another name of theirs.
    let known = world.organiser.post("/attendees", &person("Ân"));
    let into = json!({"into": known.assert(201).id()});
    let merge = format!("/attendees/{}/merge", id(&an["attendee"]));
    world.organiser.post(&merge, &into).assert(200);
    assert!(!has(&offered_for(&world, &an), "confirm"));
    let cancel = format!("{}/cancel", one(&anew));
    world.organiser.act(&cancel).assert(200);
    assert!(has(&offered_for(&world, &an), "confirm"));
    confirm(&an).assert(200);
}

#[test]
fn an_old_ticket_lets_in_whoever_is_on_the_list_anew() {
    let mut world = World::new();
    let session = world.publish(&world.body(2));
    let an = world.register(&session, "An");
    let old = world.ticket(&an);
    let cancel = format!("{}/cancel", one(&an));
    world.organiser.act(&cancel).assert(200);
    later(&mut world, 90);
    let ended = world.scan(&old, "một").assert(409);
    ended.problem("registration-cancelled");
    let anew = again(&world, &session, &an);
    let let_in = world.scan(&old, "hai").assert(201).json();
    assert_eq!(let_in["registration_id"], anew["id"]);
    let twice = world.scan(&world.ticket(&anew), "ba").assert(409);
    twice.problem("already-checked-in");
    world.scan(&old, "hai").assert(200);
    let total = world.total(&session);
    assert_eq!(
        (&total["confirmed"], &total["cancelled"]),
        (&json!(1), &json!(1))
    );
}

#[test]
fn a_calendar_says_what_is_planned_announced_and_off() {
    let world = World::new();
    let draft = world.organiser.post("/training-sessions", &world.body(48));
    let path = format!("/training-sessions/{}", draft.assert(201).id());
    let status = || {
        let file = world.organiser.get(&format!("{path}/session.ics"));
        let text = String::from_utf8(file.assert(200).body).unwrap();
        let line = text.lines().find(|line| line.starts_with("STATUS:"));
        line.unwrap().to_owned()
    };
    assert_eq!(status(), "STATUS:TENTATIVE");
    let act = |verb: &str, body: &Value| world.organiser.post(&format!("{path}/{verb}"), body);
    act("publish", &json!({})).assert(200);
    assert_eq!(status(), "STATUS:CONFIRMED");
    act("cancel", &json!({"reason": "Bão"})).assert(200);
    assert_eq!(status(), "STATUS:CANCELLED");
}

#[test]
fn a_mail_in_english_writes_the_month_in_letters() {
    let world = World::new();
    let session = world.publish(&world.body(48));
    let mut attendee = person("Canary Ann");
    attendee["language"] = json!("en");
    let body = json!({ "attendee": attendee });
    let path = registrations(&session);
    world.organiser.post(&path, &body).assert(201);
    let told = world
        .app
        .mails("session_confirmation", "canary.ann@example.vn");
    for name in ["when", "span"] {
        let text = told[0].content.values[name].as_str().unwrap();
        assert!(
            text.contains(" March 2026, ") && !text.contains('/'),
            "{text}"
        );
    }
}
