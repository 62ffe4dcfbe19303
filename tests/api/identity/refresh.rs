//! Rotating refresh tokens: one live branch, whatever happens.

use chrono::TimeDelta;
use diesel::prelude::*;
use hai_dang::db::schema::{audit_events, refresh_tokens};
use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::{bearer, log_in, refresh};
use crate::support::{PASSWORD, TestApp};

fn live_tokens(app: &TestApp) -> i64 {
    app.query(|conn| {
        refresh_tokens::table
            .filter(refresh_tokens::used_at.is_null())
            .count()
            .get_result(conn)
    })
}

#[test]
fn many_calls_with_one_token_get_one_and_the_same_pair() {
    let app = TestApp::new();
    let person = app.persona(Role::Family);
    let first = log_in(&app, &person.email, PASSWORD);
    let pairs: Vec<Value> = std::thread::scope(|scope| {
        let calls: Vec<_> = (0..24)
            .map(|_| scope.spawn(|| refresh(&app, &first["refresh_token"]).assert(200).json()))
            .collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    assert!(pairs.iter().all(|pair| pair == &pairs[0]));
    assert_ne!(pairs[0]["refresh_token"], first["refresh_token"]);
    assert_eq!(live_tokens(&app), 1);
    bearer(&app, &pairs[0]).get("/me").assert(200);
    let next = refresh(&app, &pairs[0]["refresh_token"]).assert(200).json();
    assert_eq!(live_tokens(&app), 1);
    bearer(&app, &next).get("/me").assert(200);
}

#[track_caller]
fn is_over(app: &TestApp, email: &str, pairs: &[&Value]) {
    for pair in pairs {
        bearer(app, pair)
            .get("/me")
            .assert(401)
            .problem("unauthenticated");
        refresh(app, &pair["refresh_token"])
            .assert(401)
            .problem("unauthenticated");
    }
    assert_eq!(app.mails("devices_signed_out", email).len(), 1);
    let replays: i64 = app.query(|conn| {
        audit_events::table
            .filter(audit_events::action.eq("user.refresh-replay"))
            .count()
            .get_result(conn)
    });
    assert_eq!(replays, 1);
}

#[test]
fn a_replay_after_ten_seconds_ends_the_device() {
    let app = TestApp::new();
    let person = app.persona(Role::Organiser);
    let first = log_in(&app, &person.email, PASSWORD);
    let thief = refresh(&app, &first["refresh_token"]).assert(200).json();
    app.clock.advance(TimeDelta::seconds(10));
    let same = refresh(&app, &first["refresh_token"]).assert(200).json();
    assert_eq!(same, thief);
    app.clock.advance(TimeDelta::microseconds(1));
    refresh(&app, &first["refresh_token"]).assert(401);
    is_over(&app, &person.email, &[&first, &thief]);
    // Another login of the same person stands on its own.
    person.get("/me").assert(200);
}

#[test]
fn a_replay_after_the_successor_was_used_ends_the_device() {
    let app = TestApp::new();
    let person = app.persona(Role::Family);
    let first = log_in(&app, &person.email, PASSWORD);
    let second = refresh(&app, &first["refresh_token"]).assert(200).json();
    let third = refresh(&app, &second["refresh_token"]).assert(200).json();
    refresh(&app, &first["refresh_token"]).assert(401);
    is_over(&app, &person.email, &[&first, &second, &third]);
}

#[test]
fn a_refresh_token_ends_after_thirty_days_and_at_logout() {
    let app = TestApp::new();
    let person = app.persona(Role::Family);
    let pair = log_in(&app, &person.email, PASSWORD);
    app.clock.advance(TimeDelta::days(30));
    refresh(&app, &pair["refresh_token"]).assert(401);
    let pair = log_in(&app, &person.email, PASSWORD);
    let body = json!({"refresh_token": pair["refresh_token"]});
    app.anonymous().post("/auth/logout", &body).assert(204);
    app.anonymous().post("/auth/logout", &body).assert(204);
    app.anonymous()
        .post("/auth/logout", &json!({"refresh_token": "x"}))
        .assert(204);
    refresh(&app, &pair["refresh_token"]).assert(401);
    bearer(&app, &pair).get("/me").assert(401);
    assert!(app.mails("devices_signed_out", &person.email).is_empty());
}
