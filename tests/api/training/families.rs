//! Families whose entry turned out to be one the office had, and what they may do themselves.

use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::{World, id, one, person, registrations};
use crate::support::{Client, Reply};

/// A public session in two days, with a neutral title toward families.
fn open(world: &World) -> Value {
    let mut body = world.body(48);
    body["visibility"] = json!("public");
    body["mail_title"] = json!("Buổi gặp mặt");
    world.publish(&body)
}

/// What a family is registered for, by its own account.
#[track_caller]
fn own(family: &Client) -> Vec<Value> {
    let own = family.get("/me/registrations").assert(200).json();
    own["items"].as_array().unwrap().clone()
}

/// What a family is offered at a session.
#[track_caller]
fn offered(family: &Client, session: &Value) -> Value {
    let path = format!("/training-sessions/{}", id(session));
    let shown = family.get(&path).assert(200).json();
    let list = family.get("/training-sessions").assert(200).json();
    let items = list["items"].as_array().unwrap();
    let listed = items.iter().find(|one| one["id"] == session["id"]);
    assert_eq!(listed.unwrap()["allowed_actions"], shown["allowed_actions"]);
    shown["allowed_actions"].clone()
}

fn join(family: &Client, session: &Value) -> Reply {
    family.post(&registrations(session), &json!({}))
}

fn merge(world: &World, (gone, stays): (&Value, &Value), keep: &[&Value]) -> Reply {
    let path = format!("/attendees/{}/merge", id(gone));
    let keep: Vec<&Value> = keep.iter().map(|one| &one["id"]).collect();
    let body = json!({"into": stays["id"], "keep": keep});
    world.organiser.post(&path, &body)
}

#[test]
fn a_family_whose_entry_was_merged_sees_and_leaves_what_counts_for_it() {
    let world = World::new();
    let (both, other) = (open(&world), open(&world));
    let family = world.app.persona(Role::Family);
    let mine = join(&family, &both).assert(201).json();
    let known = json!({"attendee": {"full_name": "Cô Đào"}});
    let put = |session: &Value, body: &Value| {
        let made = world.organiser.post(&registrations(session), body);
        made.assert(201).json()
    };
    let kept = put(&both, &known);
    let elsewhere = put(&other, &json!({"attendee_id": kept["attendee"]["id"]}));
    family.get(&one(&kept)).assert(404);
    let who = (&mine["attendee"], &kept["attendee"]);
    merge(&world, who, &[&kept]).assert(200);
    // What was kept stands for what the merge took out; what the office registered stays off its own list.
    let listed = own(&family);
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["id"], kept["id"]);
    assert_eq!(listed[0]["status"], "confirmed");
    assert_eq!(listed[0]["allowed_actions"], json!(["cancel"]));
    assert_eq!(offered(&family, &both), json!([]));
    assert_eq!(offered(&family, &other), json!([]), "it has a seat there");
    // It sees its own entry, and nothing of what the office wrote.
    let seen = family.get(&one(&kept)).assert(200).json();
    assert_eq!(seen["attendee"]["id"], mine["attendee"]["id"]);
    family.get(&format!("{}/ticket", one(&kept))).assert(200);
    let stranger = world.app.persona(Role::Family);
    stranger.get(&one(&kept)).assert(404);
    // What it is told it holds already it can give up.
    let refused = join(&family, &other).assert(409);
    let refused = refused.problem("already-registered");
    assert_eq!(refused["registration_id"], elsewhere["id"]);
    for seat in [&kept, &elsewhere] {
        let left = family.act(&format!("{}/cancel", one(seat))).assert(200);
        assert_eq!(left.json()["ended_by"], "attendee");
    }
    assert_eq!(offered(&family, &both), json!(["register"]));
    join(&family, &both).assert(201);
    // Taken back, each has its own again.
    let back = format!("/attendees/{}/unmerge", id(&mine["attendee"]));
    world.organiser.act(&back).assert(200);
    family.get(&one(&elsewhere)).assert(404);
}

#[test]
fn an_entry_of_the_office_merged_into_a_familys_counts_for_the_family() {
    let world = World::new();
    let session = open(&world);
    let family = world.app.persona(Role::Family);
    let mine = join(&family, &session).assert(201).json();
    let known = json!({"attendee": person("Canary Đào"), "ask": true});
    let asked = world.organiser.post(&registrations(&session), &known);
    let asked = asked.assert(201).json();
    let who = (&asked["attendee"], &mine["attendee"]);
    merge(&world, who, &[&asked]).assert(200);
    let listed = own(&family);
    assert_eq!(listed[0]["id"], asked["id"]);
    assert_eq!(listed[0]["status"], "invited");
    family.act(&format!("{}/confirm", one(&asked))).assert(200);
    assert_eq!(own(&family)[0]["status"], "confirmed");
    // Nobody reaches what another account registered, whoever was merged.
    let other = world.app.persona(Role::Family);
    let elsewhere = open(&world);
    let theirs = join(&other, &elsewhere).assert(201).json();
    let who = (&theirs["attendee"], &mine["attendee"]);
    merge(&world, who, &[]).assert(200);
    family.get(&one(&theirs)).assert(404);
    other.get(&one(&theirs)).assert(200);
}

#[test]
fn mails_to_whom_a_family_turned_out_to_be_are_as_discreet() {
    let world = World::new();
    let session = open(&world);
    let family = world.app.persona(Role::Family);
    let mine = join(&family, &session).assert(201).json();
    let known = json!({"full_name": "Cô Đào", "phone": "0912345678"});
    let known = world.organiser.post("/attendees", &known).assert(201);
    let known = known.json();
    merge(&world, (&mine["attendee"], &known), &[]).assert(200);
    let path = registrations(&session);
    let list = world.organiser.get(&path).assert(200).json();
    let survivor = &list["items"][0]["attendee"];
    assert_eq!(survivor["id"], known["id"]);
    assert_eq!(survivor["email"], family.email);
    assert_eq!(survivor["audience"], "other");
    world.app.all_sent();
    let slots = json!({"slots": [world.slot(72, 2)]});
    world.act(&session, "reschedule", &slots);
    let sheet = format!("/training-sessions/{}/sign-in-sheet.docx", id(&session));
    assert!(!world.organiser.get(&sheet).docx().contains("0912"));
    let why = json!({"reason": "Canary lý do"});
    world.act(&session, "cancel", &why);
    for kind in ["session_changed", "session_cancelled"] {
        let told = world.app.mails(kind, &family.email);
        assert_eq!(told.len(), 1, "{kind}");
        assert_eq!(told[0].content.values["title"], "Buổi gặp mặt", "{kind}");
        let text = serde_json::to_string(&told[0].content).unwrap();
        assert!(!text.contains("Canary") && !text.contains("nuôi"), "{text}");
    }
}

#[test]
fn what_the_office_ended_a_family_does_not_take_up_again() {
    let world = World::new();
    let session = open(&world);
    let family = world.app.persona(Role::Family);
    let mine = join(&family, &session).assert(201).json();
    let cancel = |who: &Client, what: &Value| {
        let path = format!("{}/cancel", one(what));
        who.act(&path).assert(200);
    };
    cancel(&world.organiser, &mine);
    assert_eq!(offered(&family, &session), json!([]));
    let refused = join(&family, &session).assert(409);
    refused.problem("registration-cancelled");
    // The office puts it back; what a family leaves itself it may take up again.
    let body = json!({"attendee_id": mine["attendee"]["id"]});
    let back = world.organiser.post(&registrations(&session), &body);
    let back = back.assert(201).json();
    cancel(&family, &back);
    assert_eq!(offered(&family, &session), json!(["register"]));
    join(&family, &session).assert(201);
    assert_eq!(offered(&family, &session), json!([]));
}
