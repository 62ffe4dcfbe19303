//! Whoever goes to and fro by the link of a mail hears where they ended.

use diesel::prelude::*;
use hai_dang::db::schema::messages;
use hai_dang::kernel::Timestamp;
use serde_json::json;

use super::{World, person, registrations};
use crate::support::TestApp;

const ADDRESS: &str = "an@example.vn";

/// The kinds of what was written to An and stands so, in order.
fn mails(app: &TestApp, states: &[&str]) -> Vec<String> {
    app.query(|conn| {
        messages::table
            .filter(messages::address.eq(ADDRESS))
            .filter(messages::state.eq_any(states))
            .order(messages::id)
            .select(messages::kind)
            .load(conn)
    })
}

fn waiting(app: &TestApp) -> Vec<String> {
    mails(app, &["scheduled", "queued"])
}

/// Sends what may leave now.
fn send_due(app: &TestApp) {
    let now = app.now();
    app.change(move |conn| {
        let due = messages::table
            .filter(messages::state.eq_any(["scheduled", "queued"]))
            .filter(messages::not_before.le(now));
        let sent = diesel::update(due).set(messages::state.eq("sent"));
        Ok(sent.execute(conn)?)
    });
}

/// A session of this day with An on its list, who was told so.
fn told() -> (World, String) {
    let world = World::new();
    let session = world.publish(&world.body(10));
    let body = json!({"attendee": person("An")});
    let path = registrations(&session);
    world.organiser.post(&path, &body).assert(201);
    send_due(&world.app);
    let token = world.app.newest_token("session_confirmation", ADDRESS);
    (world, token)
}

fn say(world: &World, token: &str, answer: &str) {
    let body = json!({"token": token, "answer": answer});
    let anyone = world.app.anonymous();
    anyone
        .post("/public/registrations/respond", &body)
        .assert(200);
}

#[test]
fn a_loop_of_answers_is_no_loop_of_mails() {
    let (world, token) = told();
    for _turn in 0..5 {
        for answer in ["leave", "accept"] {
            say(&world, &token, answer);
            send_due(&world.app);
        }
    }
    let sent = ["session_confirmation", "registration_cancelled"];
    assert_eq!(mails(&world.app, &["sent"]), sent);
    // That they come after all is told, when an hour has passed since they were told so last.
    assert_eq!(waiting(&world.app), ["session_confirmation"]);
    let not_before: Vec<Timestamp> = world.app.query(|conn| {
        messages::table
            .filter(messages::address.eq(ADDRESS))
            .filter(messages::state.eq("scheduled"))
            .select(messages::not_before)
            .load(conn)
    });
    let minutes = not_before[0].since(world.app.now()).num_minutes();
    assert!((59..=60).contains(&minutes), "{minutes}");
    // They know already that they do not.
    say(&world, &token, "leave");
    assert!(waiting(&world.app).is_empty());
}

#[test]
fn the_last_word_is_told_whatever_was_undone_before_it_left() {
    let (world, token) = told();
    say(&world, &token, "leave");
    assert_eq!(waiting(&world.app), ["registration_cancelled"]);
    say(&world, &token, "accept");
    assert_eq!(waiting(&world.app), ["session_confirmation"]);
    say(&world, &token, "leave");
    assert_eq!(waiting(&world.app), ["registration_cancelled"]);
    send_due(&world.app);
    let sent = ["session_confirmation", "registration_cancelled"];
    assert_eq!(mails(&world.app, &["sent"]), sent);
}
