//! A session's life: drafted, announced, moved, held, reopened, called off.

use chrono::TimeDelta;
use hai_dang::identity::Role;
use serde_json::json;

use super::{World, furnish, id, one, person, registrations};

#[test]
fn a_session_is_drafted_with_a_reference_and_lists_what_may_be_done() {
    let world = World::new();
    let made = world
        .organiser
        .post("/training-sessions", &world.body(48))
        .assert(201);
    let session = made.json();
    assert_eq!(session["reference"], "LC-TH-2026-0001");
    assert_eq!(session["status"], "draft");
    assert_eq!(session["late_after_minutes"], 15);
    assert_eq!(session["slots"][0]["starts_at"], world.at(48));
    let allowed = session["allowed_actions"].as_array().unwrap();
    assert!(allowed.contains(&json!("publish")) && !allowed.contains(&json!("complete")));
    let location = made.header("location").to_owned();
    assert_eq!(
        location,
        format!("/api/v1/training-sessions/{}", id(&session))
    );
    assert!(made.header("etag").starts_with("\"1."));
}

#[test]
fn every_broken_rule_is_told_at_once() {
    let world = World::new();
    let mut body = world.body(48);
    body["title"] = json!("  ");
    body["capacity"] = json!(0);
    body["minimum_presence_percent"] = json!(101);
    body["online_url"] = json!("javascript:alert(1)");
    let refused = world
        .organiser
        .post("/training-sessions", &body)
        .assert(422);
    for (pointer, code) in [
        ("/title", "required"),
        ("/capacity", "out-of-range"),
        ("/minimum_presence_percent", "out-of-range"),
        ("/online_url", "url-invalid"),
    ] {
        refused.violates(pointer, code);
    }
    let mut body = world.body(48);
    body["plan_task"] = json!("99");
    body["lead_agency"] = json!("0190f5d2-7c1e-7b3a-9d42-3f1f6c8a2b10");
    let refused = world
        .organiser
        .post("/training-sessions", &body)
        .assert(422);
    refused.violates("/plan_task", "unknown-reference");
    refused.violates("/lead_agency", "unknown-reference");
    let mut body = world.body(48);
    let police = &world.police;
    body["coordinating_agencies"] = json!([police, world.secretariat, police]);
    let refused = world
        .organiser
        .post("/training-sessions", &body)
        .assert(422);
    // The second leads, the third was named.
    refused.violates("/coordinating_agencies/1", "repeated");
    refused.violates("/coordinating_agencies/2", "repeated");
}

#[test]
fn a_time_without_an_offset_and_an_unknown_field_are_refused() {
    let world = World::new();
    let mut body = world.body(48);
    body["slots"][0]["starts_at"] = json!("2026-03-05T08:00:00");
    let refused = world
        .organiser
        .post("/training-sessions", &body)
        .assert(422);
    refused.violates("/slots/0/starts_at", "wrong-shape");
    let mut body = world.body(48);
    body["status"] = json!("published");
    let refused = world
        .organiser
        .post("/training-sessions", &body)
        .assert(422);
    refused.violates("/status", "wrong-shape");
}

#[test]
fn changes_want_the_version_that_was_seen() {
    let world = World::new();
    let seen = world
        .organiser
        .post("/training-sessions", &world.body(48))
        .assert(201);
    let path = format!("/training-sessions/{}", seen.id());
    let change = json!({"title": "Tập huấn mới", "chair": "Bà Lan"});
    world
        .organiser
        .patch(&path, &change)
        .assert(428)
        .problem("if-match-required");
    let changed = world
        .organiser
        .having_seen(&seen)
        .patch(&path, &change)
        .assert(200);
    assert_eq!(changed.json()["version"], 2);
    world
        .organiser
        .having_seen(&seen)
        .patch(&path, &change)
        .assert(412)
        .problem("stale-version");
    // Who forgets the quotes must not be told to load it again.
    let bare = world.organiser.with("If-Match", "2").patch(&path, &change);
    bare.assert(422).violates("If-Match", "wrong-shape");
    let foreign = world.organiser.with("If-Match", "\"abc\"");
    let foreign = foreign.patch(&path, &change).assert(412);
    foreign.problem("stale-version");
    // A proxy that compresses answers weakens their tags.
    let weak = format!("W/{}", changed.header("etag"));
    let changed = world.organiser.with("If-Match", &weak);
    let changed = changed.patch(&path, &change).assert(200);
    let cleared = world.organiser.having_seen(&changed);
    let cleared = cleared
        .patch(&path, &json!({"chair": null}))
        .assert(200)
        .json();
    assert_eq!(
        (&cleared["chair"], &cleared["title"]),
        (&json!(null), &json!("Tập huấn mới"))
    );
    let fresh = world.organiser.get(&path).assert(200);
    let tag = fresh.header("etag").to_owned();
    world
        .organiser
        .with("If-None-Match", &tag)
        .get(&path)
        .assert(304);
}

#[test]
fn what_cannot_be_empty_is_not_cleared_and_a_policy_comes_back() {
    let world = World::new();
    let mut body = world.body(48);
    body["late_after_minutes"] = json!(3);
    let seen = world
        .organiser
        .post("/training-sessions", &body)
        .assert(201);
    let path = format!("/training-sessions/{}", seen.id());
    let nothing = json!({"title": null, "slots": null, "visibility": null});
    let refused = world.organiser.having_seen(&seen).patch(&path, &nothing);
    let refused = refused.assert(422);
    for pointer in ["/title", "/slots", "/visibility"] {
        refused.violates(pointer, "required");
    }
    let back = world.organiser.having_seen(&seen);
    let back = back.patch(&path, &json!({"late_after_minutes": null}));
    assert_eq!(back.assert(200).json()["late_after_minutes"], 15);
    let made = world.organiser.post("/attendees", &person("An"));
    let made = made.assert(201);
    let person = world.organiser.having_seen(&made);
    let path = format!("/attendees/{}", made.id());
    let refused = person.patch(&path, &json!({"full_name": null, "sex": null}));
    let refused = refused.assert(422);
    refused.violates("/full_name", "required");
    refused.violates("/sex", "required");
}

#[test]
fn a_refusal_lists_what_the_thing_itself_lists() {
    let world = World::new();
    let session = world.publish(&world.body(48));
    let path = format!("/training-sessions/{}", id(&session));
    let refused = world.organiser.act(&format!("{path}/publish")).assert(409);
    let shown = world.organiser.get(&path).assert(200).json();
    assert_eq!(
        refused.problem("action-not-allowed")["allowed_actions"],
        shown["allowed_actions"]
    );
    let an = world.register(&session, "An");
    world.act(&session, "cancel", &json!({"reason": "Mưa bão"}));
    let shown = world.organiser.get(&one(&an)).assert(200).json();
    let cancel = format!("{}/cancel", one(&an));
    let problem = world.organiser.act(&cancel).assert(409);
    let problem = problem.problem("action-not-allowed");
    assert_eq!(
        (&problem["action"], &problem["allowed_actions"]),
        (&json!("cancel"), &shown["allowed_actions"])
    );
}

#[test]
fn a_refused_transition_tells_what_is_allowed() {
    let world = World::new();
    let made = world
        .organiser
        .post("/training-sessions", &world.body(48))
        .assert(201)
        .json();
    let path = format!("/training-sessions/{}/reopen", id(&made));
    let refused = world
        .organiser
        .post(&path, &json!({"reason": "x"}))
        .assert(409);
    let problem = refused.problem("action-not-allowed");
    assert_eq!(
        (&problem["current"], &problem["action"]),
        (&json!("draft"), &json!("reopen"))
    );
    assert!(
        problem["allowed_actions"]
            .as_array()
            .unwrap()
            .contains(&json!("publish"))
    );
}

#[test]
fn a_room_is_held_by_one_published_session_unless_a_reason_is_given() {
    let world = World::new();
    let mut body = world.body(48);
    body["venue"] = json!(null);
    body["room"] = json!(world.room);
    world.publish(&body);
    let second = world
        .organiser
        .post("/training-sessions", &body)
        .assert(201);
    let path = format!("/training-sessions/{}/publish", second.id());
    let refused = world
        .organiser
        .post(&path, &json!({}))
        .assert(409)
        .problem("room-taken");
    assert_eq!(refused["sessions"], json!(["LC-TH-2026-0001"]));
    let reason = json!({"room_override_reason": "Hai buổi chung hội trường"});
    world.organiser.post(&path, &reason).assert(200);
}

#[test]
fn rescheduling_keeps_seats_and_tells_it_once() {
    let world = World::new();
    let session = world.with_capacity(1);
    let registration = world.register(&session, "Nguyễn Thị Đào");
    let slot = session["slots"][0]["id"].clone();
    let mut moved = world.slot(72, 3);
    moved["id"] = slot.clone();
    let after = world.act(&session, "reschedule", &json!({"slots": [moved]}));
    assert_eq!(after["slots"][0]["id"], slot);
    assert_eq!(after["slots"][0]["starts_at"], world.at(72));
    let kept = world.organiser.get(&one(&registration)).assert(200).json();
    assert_eq!(kept["status"], "confirmed");
    // Nothing had left yet: the seat is told once, with the new time.
    let told = world
        .app
        .mails("session_confirmation", "nguyen.thi.dao@example.vn");
    let sequences: Vec<i32> = told
        .iter()
        .map(|mail| mail.content.calendar.as_ref().unwrap().sequence)
        .collect();
    assert_eq!(sequences, [0, 1]);
}

#[test]
fn cancelling_cancels_and_tells_everybody_on_the_list() {
    let world = World::new();
    let session = world.with_capacity(1);
    world.register(&session, "Trần Văn An");
    world.register(&session, "Lê Thị Bình");
    let off = world.act(&session, "cancel", &json!({"reason": "Mưa bão"}));
    assert_eq!(
        (&off["status"], &off["seats_taken"]),
        (&json!("cancelled"), &json!(0))
    );
    let total = world.total(&session);
    assert_eq!(
        (&total["cancelled"], &total["confirmed"]),
        (&json!(2), &json!(0))
    );
    let told = world
        .app
        .mails("session_cancelled", "tran.van.an@example.vn");
    assert_eq!(told[0].content.values["reason"], "Mưa bão");
    assert!(told[0].content.calendar.as_ref().unwrap().is_cancelled);
}

#[test]
fn lists_filter_page_and_search_without_marks() {
    let world = World::new();
    for hours in [30, 31, 32] {
        world.publish(&world.body(hours));
    }
    let mut other = world.body(40);
    other["title"] = json!("Hội nghị Đội ngũ");
    other["kind"] = json!("conference");
    other["plan_task"] = json!("1");
    world.publish(&other);
    let first = world
        .organiser
        .get("/training-sessions?limit=3&include=total")
        .assert(200)
        .json();
    assert_eq!(
        (first["items"].as_array().unwrap().len(), &first["total"]),
        (3, &json!(4))
    );
    let cursor = first["next_cursor"].as_str().unwrap();
    let path = format!("/training-sessions?limit=3&cursor={cursor}");
    let second = world.organiser.get(&path).assert(200).json();
    assert_eq!(second["items"].as_array().unwrap().len(), 1);
    assert_eq!(second["next_cursor"], json!(null));
    let reference = second["items"][0]["reference"].as_str().unwrap();
    let reference = format!("q={}", reference.to_lowercase());
    for query in ["q=doi%20ngu", &reference, "kind=conference", "plan_task=1"] {
        let found = world
            .organiser
            .get(&format!("/training-sessions?{query}"))
            .assert(200)
            .json();
        assert_eq!(found["items"][0]["title"], "Hội nghị Đội ngũ", "{query}");
        assert_eq!(found["items"].as_array().unwrap().len(), 1, "{query}");
    }
    for task in ["%25", "9z"] {
        let path = format!("/training-sessions?plan_task={task}");
        let refused = world.organiser.get(&path).assert(422);
        refused.violates("plan_task", "unknown-reference");
    }
    for query in ["q=%25", "q=_", "plan_task=2a"] {
        let found = world
            .organiser
            .get(&format!("/training-sessions?{query}"))
            .assert(200)
            .json();
        assert_eq!(found["items"], json!([]), "{query}");
    }
    let refused = world
        .organiser
        .get("/training-sessions?sort=id")
        .assert(422);
    refused.violates("sort", "wrong-shape");
    world
        .organiser
        .get("/training-sessions?cursor=xx")
        .assert(422)
        .violates("cursor", "cursor-invalid");
}

#[test]
fn another_office_sees_and_reaches_nothing() {
    let world = World::new();
    let session = world.with_capacity(5);
    let registration = world.register(&session, "Canary Thị Một");
    let other = world.app.add_office("khac");
    furnish(&world.app, other);
    let stranger = world.app.persona_of(other, &[Role::Organiser]);
    let path = format!("/training-sessions/{}", id(&session));
    stranger.get(&path).assert(404).problem("not-found");
    stranger.get(&one(&registration)).assert(404);
    stranger
        .get(&format!("{path}/attendance-counts"))
        .assert(404);
    stranger.get(&format!("{path}/roster")).assert(404);
    stranger.get(&format!("{path}/attendance.csv")).assert(404);
    stranger
        .post(&registrations(&session), &json!({"attendee": person("Ai")}))
        .assert(404);
    let attendee = registration["attendee"]["id"].clone();
    stranger
        .get(&format!("/attendees/{}", attendee.as_str().unwrap()))
        .assert(404);
    for list in ["/training-sessions", "/attendees", "/attendees?q=canary"] {
        assert_eq!(
            stranger.get(list).assert(200).json()["items"],
            json!([]),
            "{list}"
        );
    }
    let ticket = world.ticket(&registration);
    let scan = json!({"ticket": ticket, "nonce": "n"});
    stranger
        .post("/check-ins", &scan)
        .assert(404)
        .problem("unknown-ticket");
    let mine = world.app.persona_of(other, &[Role::Organiser]);
    let theirs = mine
        .post("/training-sessions", &json!({"kind": "x"}))
        .assert(422);
    assert!(!String::from_utf8_lossy(&theirs.body).contains("Canary"));
}

#[test]
fn a_post_with_an_idempotency_key_acts_once() {
    let world = World::new();
    let keyed = world.organiser.with("Idempotency-Key", "mot-hai-ba");
    let first = keyed
        .post("/training-sessions", &world.body(48))
        .assert(201);
    let again = keyed
        .post("/training-sessions", &world.body(48))
        .assert(201);
    assert_eq!(again.body, first.body);
    assert_eq!(again.header("idempotency-replayed"), "true");
    keyed
        .post("/training-sessions", &world.body(49))
        .assert(422)
        .problem("idempotency-key-reused");
    let all = world
        .organiser
        .get("/training-sessions?include=total")
        .assert(200)
        .json();
    assert_eq!(all["total"], 1);
    world.app.clock.advance(TimeDelta::minutes(1));
}

#[test]
fn reminders_follow_the_session_and_missing_attendance_is_mentioned_once() {
    use hai_dang::training::background;
    let world = World::new();
    let session = world.publish(&world.body(100));
    world.register(&session, "An");
    let platform = world.app.platform.clone().into_inner();
    let reminders = || world.app.mails("session_reminder", "an@example.vn").len();
    background::remind(&platform).unwrap();
    assert_eq!(reminders(), 0);
    world.app.clock.advance(TimeDelta::hours(30));
    background::remind(&platform).unwrap();
    background::remind(&platform).unwrap();
    assert_eq!(reminders(), 1, "72 hours ahead, once");
    world.app.clock.advance(TimeDelta::hours(50));
    background::remind(&platform).unwrap();
    assert_eq!(reminders(), 2, "24 hours ahead");
    world.app.clock.advance(TimeDelta::hours(24));
    for _again in 0..2 {
        background::mention_missing(&platform).unwrap();
    }
    let mentioned = world
        .app
        .mails("attendance_missing", &world.organiser.email);
    assert_eq!(mentioned.len(), 1);
    assert_eq!(mentioned[0].content.values["unmarked"], 1);
}

#[test]
fn a_session_with_a_day_to_come_is_not_completed() {
    let mut world = World::new();
    let mut body = world.body(2);
    body["slots"] = json!([world.slot(2, 2), world.slot(50, 2)]);
    let session = world.publish(&body);
    world.app.clock.advance(TimeDelta::hours(5));
    world.organiser = world.app.persona(Role::Organiser);
    let path = format!("/training-sessions/{}", id(&session));
    let seen = world.organiser.get(&path).assert(200).json();
    let allowed = seen["allowed_actions"].as_array().unwrap();
    assert!(!allowed.contains(&json!("complete")));
    let complete = format!("{path}/complete");
    let early = json!({"acknowledge_missing": true});
    let early = world.organiser.post(&complete, &early).assert(409);
    assert_eq!(
        early.problem("too-early")["opens_at"],
        session["slots"][1]["starts_at"]
    );
}
