//! What people hear of a session that moves, by where they stand.

use hai_dang::identity::Role;
use hai_dang::mail::message::TokenPurpose;
use serde_json::{Value, json};

use super::{World, one, person, registrations};
use crate::support::TestApp;

const ADDRESS: fn(&str) -> String = |name| format!("{name}@example.vn");

/// A session of one seat with somebody who has it, somebody who waits and somebody who is asked.
fn crowd(world: &World) -> Value {
    let session = world.with_capacity(1);
    for (name, ask) in [("co-cho", false), ("cho-doi", false), ("duoc-moi", true)] {
        let mut attendee = person(name);
        attendee["email"] = json!(ADDRESS(name));
        let body = json!({"attendee": attendee, "ask": ask});
        let path = registrations(&session);
        world.organiser.post(&path, &body).assert(201);
    }
    session
}

fn reschedule(world: &World, session: &Value, hours: i64) {
    let slots = json!({"slots": [world.slot(hours, 2)]});
    world.act(session, "reschedule", &slots);
}

/// What waits to be sent to somebody, oldest first.
fn waiting(app: &TestApp, name: &str) -> Vec<String> {
    use diesel::prelude::*;
    use hai_dang::db::schema::messages;
    app.query(|conn| {
        messages::table
            .filter(messages::address.eq(ADDRESS(name)))
            .filter(messages::state.eq_any(["scheduled", "queued"]))
            .order(messages::id)
            .select(messages::kind)
            .load(conn)
    })
}

#[test]
fn who_was_not_told_yet_where_they_stand_is_told_that_with_the_new_time() {
    let world = World::new();
    let session = crowd(&world);
    reschedule(&world, &session, 72);
    reschedule(&world, &session, 96);
    for (name, kind) in [
        ("co-cho", "session_confirmation"),
        ("cho-doi", "session_waitlisted"),
        ("duoc-moi", "session_invitation"),
    ] {
        assert_eq!(waiting(&world.app, name), [kind], "{name}");
        let told = world.app.mails(kind, &ADDRESS(name));
        assert_eq!(told.len(), 3, "one for each time");
        let when = |index: usize| told[index].content.values["when"].clone();
        assert_ne!(when(0), when(2));
    }
    let asked = world.app.mails("session_invitation", &ADDRESS("duoc-moi"));
    let asked = asked.last().unwrap();
    assert!(
        asked
            .content
            .links
            .iter()
            .any(|link| link.name == "accept_link")
    );
    let seat = world.app.mails("session_confirmation", &ADDRESS("co-cho"));
    assert!(seat.last().unwrap().content.ticket.is_some());
}

#[test]
fn who_knows_where_they_stand_hears_of_the_move_by_that() {
    let world = World::new();
    let session = crowd(&world);
    world.app.all_sent();
    reschedule(&world, &session, 72);
    for (name, standing) in [
        ("co-cho", "confirmed"),
        ("cho-doi", "waitlisted"),
        ("duoc-moi", "invited"),
    ] {
        let told = world.app.mails("session_changed", &ADDRESS(name));
        let told = told.last().unwrap();
        assert_eq!(told.content.values["standing"], standing);
        // An entry in a calendar says that one is expected.
        let has_calendar = told.content.calendar.is_some();
        assert_eq!(has_calendar, standing == "confirmed", "{name}");
        let links: Vec<&str> = told
            .content
            .links
            .iter()
            .map(|one| one.name.as_str())
            .collect();
        let wanted: &[&str] = match standing {
            "invited" => &["accept_link", "leave_link"],
            _ => &["leave_link"],
        };
        assert_eq!(links, wanted, "{name}");
    }
}

#[test]
fn who_has_a_seat_reads_where_to_join_on_the_net() {
    let world = World::new();
    let mut body = world.body(48);
    let url = "https://hop.example.vn/le-chan?pwd=1";
    body["venue"] = json!(null);
    body["online_url"] = json!(url);
    body["visibility"] = json!("public");
    body["capacity"] = json!(1);
    let session = world.publish(&body);
    let family = world.app.persona(Role::Family);
    let place = format!("/training-sessions/{}", session["id"].as_str().unwrap());
    let seen = family.get(&place).assert(200).json();
    assert_eq!(seen["online"], true);
    assert_eq!(seen["allowed_actions"], json!(["register"]));
    assert!(!seen.to_string().contains("hop.example"));
    family
        .post(&registrations(&session), &json!({}))
        .assert(201);
    let seen = family.get(&place).assert(200).json();
    assert_eq!(seen["allowed_actions"], json!([]), "once");
    let own = family.get("/me/registrations").assert(200).json();
    assert_eq!(own["items"][0]["online_url"], url);
    let told = world.app.mails("session_confirmation", &family.email);
    let told = &told[0].content;
    assert_eq!(told.values["join_link"], url);
    assert_eq!(told.calendar.as_ref().unwrap().url.as_deref(), Some(url));
    // Whoever waits has nowhere to go to yet.
    let other = world.app.persona(Role::Family);
    other.post(&registrations(&session), &json!({})).assert(201);
    let own = other.get("/me/registrations").assert(200).json();
    assert_eq!(own["items"][0]["online_url"], json!(null));
    let told = world.app.mails("session_waitlisted", &other.email);
    assert!(!told[0].content.values.contains_key("join_link"));
    assert_eq!(told[0].content.values["online"], true);
}

#[test]
fn who_has_no_address_is_named_to_be_called() {
    let world = World::new();
    let session = world.publish(&world.body(48));
    let path = registrations(&session);
    let body = json!({"attendee": {"full_name": "Canary Không Thư", "phone": "0912345678"}});
    let made = world.organiser.post(&path, &body).assert(201).json();
    world.register(&session, "Canary Có Thư");
    world.app.all_sent();
    let lost = format!(
        "/training-sessions/{}/undelivered",
        session["id"].as_str().unwrap()
    );
    let lost = world.organiser.get(&lost).assert(200).json();
    assert_eq!(lost["items"].as_array().unwrap().len(), 1);
    assert_eq!(lost["items"][0]["full_name"], "Canary Không Thư");
    assert_eq!(lost["items"][0]["phone"], "+84912345678");
    assert_eq!(lost["items"][0]["reason"], "no-address");
    let again = format!("{}/resend", one(&made));
    let again = world.organiser.act(&again).assert(409);
    assert_eq!(again.problem("mail-unreachable")["reason"], "no-address");
}

#[test]
fn who_wants_no_more_mails_is_named_to_be_called() {
    let world = World::new();
    let mut body = world.body(48);
    body["visibility"] = json!("public");
    let session = world.publish(&body);
    let path = registrations(&session);
    let asked = json!({"attendee": person("Canary Mời"), "ask": true});
    let asked = world.organiser.post(&path, &asked).assert(201).json();
    world.register(&session, "Canary Đến");
    let family = world.app.persona(Role::Family);
    let quiet = family.post(&path, &json!({})).assert(201).json();
    world.app.all_sent();
    let lost = format!(
        "/training-sessions/{}/undelivered",
        session["id"].as_str().unwrap()
    );
    let lost = || -> Vec<(Value, Value)> {
        let lost = world.organiser.get(&lost).assert(200).json();
        let items = lost["items"].as_array().unwrap().iter();
        let pair = |one: &Value| (one["registration_id"].clone(), one["reason"].clone());
        items.map(pair).collect()
    };
    assert_eq!(lost(), []);
    // Both had their mail before they said so.
    let invited = world
        .app
        .mails("session_invitation", "canary.moi@example.vn");
    let stop = world.app.derived(invited[0].id, TokenPurpose::Unsubscribe);
    let stop = format!("/unsubscribe/{stop}");
    world.app.anonymous().act(&stop).assert(204);
    let mine = "/me/notification-preferences";
    let seen = family.get(mine).assert(200);
    let none = json!({"session": false, "plan": true});
    family.having_seen(&seen).put(mine, &none).assert(200);
    let why = json!("opted-out");
    let all = [
        (asked["id"].clone(), why.clone()),
        (quiet["id"].clone(), why.clone()),
    ];
    assert_eq!(lost(), all);
    let again = world.organiser.act(&format!("{}/resend", one(&asked)));
    assert_eq!(again.problem("mail-unreachable")["reason"], why);
    world.app.anonymous().delete(&stop).assert(204);
    assert_eq!(lost(), all[1..]);
}

#[test]
fn what_is_no_more_is_taken_out_of_calendars() {
    let world = World::new();
    let mut body = world.body(48);
    body["slots"] = json!([world.slot(48, 2), world.slot(72, 2)]);
    let session = world.publish(&body);
    world.register(&session, "Canary An");
    world.app.all_sent();
    let kept = session["slots"][0].clone();
    let slots = json!({"slots": [{
        "id": kept["id"], "starts_at": kept["starts_at"], "ends_at": kept["ends_at"],
    }]});
    world.act(&session, "reschedule", &slots);
    let told = world.app.mails("session_changed", "canary.an@example.vn");
    let told = &told[0].content;
    let calendar = told.calendar.as_ref().unwrap();
    assert_eq!((calendar.entries.len(), calendar.gone.len()), (1, 1));
    let gone = session["slots"][1]["id"].as_str().unwrap();
    assert!(calendar.gone[0].uid.starts_with(gone));
    assert_eq!(told.values["gone"].as_array().unwrap().len(), 1);
    // The same once more tells nobody anything; alone it is the one it was.
    let path = format!(
        "/training-sessions/{}/reschedule",
        session["id"].as_str().unwrap()
    );
    let same = world.organiser.post(&path, &slots);
    same.assert(422).violates("/slots", "unchanged");
    let moved = world.act(
        &session,
        "reschedule",
        &json!({"slots": [world.slot(96, 2)]}),
    );
    assert_eq!(moved["slots"][0]["id"], kept["id"]);
}

#[test]
fn the_last_seat_is_told_to_an_organiser_and_to_nobody_else() {
    let world = World::new();
    let mut body = world.body(48);
    body["capacity"] = json!(1);
    body["visibility"] = json!("public");
    let session = world.publish(&body);
    let family = world.app.persona(Role::Family);
    family
        .post(&registrations(&session), &json!({}))
        .assert(201);
    assert!(
        world
            .app
            .mails("capacity_reached", &family.email)
            .is_empty()
    );
    let told = world.app.mails("capacity_reached", &world.organiser.email);
    assert_eq!(told.len(), 1);
}

#[test]
fn what_was_overtaken_before_it_left_is_told_to_nobody() {
    let world = World::new();
    let session = crowd(&world);
    let path = format!("/training-sessions/{}", session["id"].as_str().unwrap());
    let seen = world.organiser.get(&path).assert(200);
    let organiser = world.organiser.having_seen(&seen);
    organiser.patch(&path, &json!({"capacity": 2})).assert(200);
    assert_eq!(waiting(&world.app, "cho-doi"), ["session_promoted"]);
    // Whoever was never told of a registration is not told that it ended.
    let list = world
        .organiser
        .get(&registrations(&session))
        .assert(200)
        .json();
    let cancel = format!("{}/cancel", one(&list["items"][0]));
    world.organiser.act(&cancel).assert(200);
    assert!(waiting(&world.app, "co-cho").is_empty());
}

#[test]
fn whoever_is_replaced_loses_the_entry_in_their_calendar() {
    let world = World::new();
    let session = world.publish(&world.body(48));
    let mut attendee = person("Canary Trước");
    attendee["email"] = json!(ADDRESS("truoc"));
    let path = registrations(&session);
    let made = world.organiser.post(&path, &json!({"attendee": attendee}));
    let made = made.assert(201).json();
    let other = json!({"attendee": person("Canary Sau")});
    let path = format!("{}/substitute", one(&made));
    world.organiser.post(&path, &other).assert(200);
    let told = world.app.mails("registration_replaced", &ADDRESS("truoc"));
    assert!(told[0].content.calendar.as_ref().unwrap().is_cancelled);
}

#[test]
fn another_name_or_link_is_told_as_that_and_to_those_it_concerns() {
    let world = World::new();
    let session = crowd(&world);
    world.app.all_sent();
    let path = format!("/training-sessions/{}", session["id"].as_str().unwrap());
    let edit = |changes: Value| -> Value {
        let seen = world.organiser.get(&path).assert(200);
        let organiser = world.organiser.having_seen(&seen);
        organiser.patch(&path, &changes).assert(200).json()
    };
    let changed = |name: &str| world.app.mails("session_changed", &ADDRESS(name));
    let all = ["co-cho", "cho-doi", "duoc-moi"];
    let seen = world.organiser.get(&path).assert(200).json();
    let same = edit(json!({"title": seen["title"]}));
    assert_eq!(same["version"], seen["version"], "nothing changed");
    edit(json!({"mail_title": "Buổi gặp mặt"}));
    edit(json!({"description": "Thêm một câu."}));
    assert!(all.iter().all(|name| changed(name).is_empty()));
    edit(json!({"title": "Tập huấn về Luật Nuôi con nuôi"}));
    for name in all {
        let told = changed(name).pop().unwrap();
        assert_eq!(told.content.values["change"], "name", "{name}");
        assert_eq!(told.content.values["old_title"], seen["title"]);
        assert_eq!(
            told.content.values["title"],
            "Tập huấn về Luật Nuôi con nuôi"
        );
    }
    world.app.all_sent();
    // That one can come by the net, too, is another place; another link alone is for who has a seat.
    edit(json!({"online_url": "https://hop.example.vn/1"}));
    assert!(all.iter().all(|name| changed(name).len() == 2));
    assert_eq!(changed("duoc-moi")[1].content.values["change"], "place");
    world.app.all_sent();
    edit(json!({"online_url": "https://hop.example.vn/2"}));
    assert_eq!(all.map(|name| changed(name).len()), [3, 2, 2]);
    let told = changed("co-cho").pop().unwrap();
    assert_eq!(told.content.values["change"], "link");
    assert_eq!(told.content.values["join_link"], "https://hop.example.vn/2");
}

#[test]
fn who_had_no_seat_is_told_of_no_entry_code_they_lose() {
    let world = World::new();
    let session = crowd(&world);
    world.app.all_sent();
    let all = registrations(&session);
    // Those who wait first: a seat that is freed is theirs.
    for status in ["waitlisted", "invited", "confirmed"] {
        let list = format!("{all}?status={status}");
        let list = world.organiser.get(&list).assert(200).json();
        let cancel = format!("{}/cancel", one(&list["items"][0]));
        world.organiser.act(&cancel).assert(200);
    }
    for (name, had_seat) in [("co-cho", true), ("cho-doi", false), ("duoc-moi", false)] {
        let told = world.app.mails("registration_cancelled", &ADDRESS(name));
        let told = &told.last().unwrap().content;
        assert_eq!(told.values["had_seat"], had_seat, "{name}");
        assert_eq!(told.calendar.is_some(), had_seat, "{name}");
    }
}
