//! Seats, the line for them, and races.

use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::{World, one, registrations};

fn statuses(world: &World, session: &Value) -> Vec<String> {
    let list = world
        .organiser
        .get(&registrations(session))
        .assert(200)
        .json();
    let items = list["items"].as_array().unwrap();
    items
        .iter()
        .map(|one| one["status"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_full_session_puts_the_next_person_on_the_waitlist() {
    let world = World::new();
    let session = world.with_capacity(1);
    assert_eq!(world.register(&session, "An")["status"], "confirmed");
    assert_eq!(world.register(&session, "Bình")["status"], "waitlisted");
    assert_eq!(
        world
            .app
            .mails("session_waitlisted", "binh@example.vn")
            .len(),
        1
    );
}

#[test]
fn without_a_waitlist_a_full_session_refuses() {
    let world = World::new();
    let mut body = world.body(48);
    body["capacity"] = json!(1);
    body["waitlist"] = json!(false);
    let session = world.publish(&body);
    world.register(&session, "An");
    let refused = world
        .try_register(&session, "Bình")
        .assert(409)
        .problem("session-full");
    assert_eq!(refused["capacity"], 1);
}

#[test]
fn a_freed_seat_goes_to_the_first_in_line() {
    let world = World::new();
    let session = world.with_capacity(1);
    let first = world.register(&session, "An");
    let second = world.register(&session, "Bình");
    let third = world.register(&session, "Chi");
    world
        .organiser
        .act(&format!("{}/cancel", one(&first)))
        .assert(200);
    let second = world.organiser.get(&one(&second)).assert(200).json();
    let third = world.organiser.get(&one(&third)).assert(200).json();
    assert_eq!(
        (&second["status"], &third["status"]),
        (&json!("confirmed"), &json!("waitlisted"))
    );
    assert_eq!(
        world.app.mails("session_promoted", "binh@example.vn").len(),
        1
    );
    let again = world.register(&session, "An");
    assert_eq!(again["status"], "waitlisted");
    assert!(again["place"].as_i64() > third["place"].as_i64());
}

#[test]
fn capacity_never_falls_below_the_confirmed_and_raising_it_promotes() {
    let world = World::new();
    let session = world.with_capacity(2);
    for name in ["An", "Bình", "Chi", "Dung"] {
        world.register(&session, name);
    }
    let path = format!("/training-sessions/{}", session["id"].as_str().unwrap());
    let seen = world.organiser.get(&path).assert(200);
    let organiser = world.organiser.having_seen(&seen);
    let refused = organiser.patch(&path, &json!({"capacity": 1})).assert(409);
    assert_eq!(refused.problem("capacity-below-confirmed")["confirmed"], 2);
    organiser.patch(&path, &json!({"capacity": 3})).assert(200);
    let want = ["confirmed", "confirmed", "confirmed", "waitlisted"];
    assert_eq!(statuses(&world, &session), want);
}

#[test]
fn nobody_is_promoted_once_the_first_slot_has_begun() {
    let world = World::new();
    let session = world.with_capacity(1);
    let first = world.register(&session, "An");
    world.register(&session, "Bình");
    world.app.clock.advance(chrono::TimeDelta::hours(48));
    let organiser = world.app.persona(Role::Organiser);
    organiser
        .act(&format!("{}/cancel", one(&first)))
        .assert(200);
    let list = organiser.get(&registrations(&session)).assert(200).json();
    assert_eq!(list["items"][1]["status"], "waitlisted");
}

#[test]
fn one_live_registration_per_person_and_session() {
    let world = World::new();
    let session = world.with_capacity(5);
    let first = world.register(&session, "An");
    let attendee = first["attendee"]["id"].clone();
    let body = json!({"attendee_id": attendee});
    let refused = world
        .organiser
        .post(&registrations(&session), &body)
        .assert(409);
    assert_eq!(
        refused.problem("already-registered")["registration_id"],
        first["id"]
    );
}

#[test]
fn racing_clients_get_exactly_the_seats_there_are() {
    let world = World::new();
    let session = world.with_capacity(5);
    let clients = 64;
    let results: Vec<Value> = std::thread::scope(|scope| {
        let world = &world;
        let session = &session;
        let threads: Vec<_> = (0..clients)
            .map(|n| scope.spawn(move || world.register(session, &format!("Người {n}"))))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    let confirmed: Vec<&Value> = results
        .iter()
        .filter(|one| one["status"] == "confirmed")
        .collect();
    assert_eq!(confirmed.len(), 5);
    let mut places: Vec<i64> = results
        .iter()
        .map(|one| one["place"].as_i64().unwrap())
        .collect();
    places.sort_unstable();
    places.dedup();
    assert_eq!(places.len(), clients, "every place is drawn once");
    let mut line: Vec<&Value> = results
        .iter()
        .filter(|one| one["status"] == "waitlisted")
        .collect();
    line.sort_by_key(|one| one["place"].as_i64());
    for (seat, next) in confirmed.iter().zip(&line) {
        world
            .organiser
            .act(&format!("{}/cancel", one(seat)))
            .assert(200);
        let promoted = world.organiser.get(&one(next)).assert(200).json();
        assert_eq!(promoted["status"], "confirmed");
    }
    let total = world.total(&session);
    assert_eq!(
        (&total["confirmed"], &total["cancelled"]),
        (&json!(5), &json!(5))
    );
}

#[test]
fn what_an_organiser_should_look_at_again_is_told_and_nothing_waits_for_it() {
    let world = World::new();
    let admin = world.app.persona(Role::Administrator);
    let room = json!({"name": "Phòng họp nhỏ", "places": 20});
    let room = admin.post("/rooms", &room).assert(201).id();
    // The office's day is Sunday, the first of March 2026.
    let mut body = world.body(24);
    body["capacity"] = json!(20);
    body["room"] = json!(room);
    body["venue"] = json!(null);
    let made = world
        .organiser
        .post("/training-sessions", &body)
        .assert(201);
    assert_eq!(made.json()["warnings"], json!([]));
    let path = format!("/training-sessions/{}", made.id());
    let seen = world.organiser.get(&path).assert(200);
    assert!(
        seen.json().get("warnings").is_none(),
        "for who wrote it alone"
    );
    let more = world.organiser.having_seen(&seen);
    let more = more.patch(&path, &json!({"capacity": 21})).assert(200);
    assert_eq!(more.json()["warnings"], json!(["over-room-places"]));
    let saturday = json!({"slots": [world.slot(6 * 24, 2)]});
    let moved = world
        .organiser
        .post(&format!("{path}/reschedule"), &saturday);
    let both = json!(["over-room-places", "on-day-off"]);
    assert_eq!(moved.assert(200).json()["warnings"], both);
    let published = world.organiser.post(&format!("{path}/publish"), &json!({}));
    assert_eq!(published.assert(200).json()["warnings"], both);
    // The year before the plan began, entered late.
    let late = world.body(-24 * 90);
    let late = world
        .organiser
        .post("/training-sessions", &late)
        .assert(201);
    let late = late.json();
    let warned = late["warnings"].as_array().unwrap();
    assert!(warned.contains(&json!("outside-task-years")), "{warned:?}");
}
