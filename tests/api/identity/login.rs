//! Logging in, and trying to.

use chrono::TimeDelta;
use diesel::prelude::*;
use hai_dang::db::schema::{audit_events, users};
use hai_dang::identity::Role;
use serde_json::json;

use super::{family, fingerprint, log_in, refresh};
use crate::support::{PASSWORD, TestApp};

#[test]
fn whoever_cannot_log_in_gets_one_answer_at_one_cost() {
    let app = TestApp::new();
    let disabled = app.persona(Role::Organiser);
    let id = disabled.id();
    app.change(move |conn| {
        let row = users::table.filter(users::id.eq(id));
        Ok(diesel::update(row)
            .set(users::status.eq("disabled"))
            .execute(conn)?)
    });
    app.anonymous()
        .post("/auth/register", &family("unverified@example.vn"))
        .assert(202);
    let admin = app.persona(Role::Administrator);
    let invited =
        json!({"email": "invited@example.vn", "full_name": "Lê Mời", "roles": ["auditor"]});
    admin.post("/users", &invited).assert(201);
    let known = app.persona(Role::Family);
    let tries = [
        ("nobody@example.vn", PASSWORD),
        (disabled.email.as_str(), PASSWORD),
        ("unverified@example.vn", PASSWORD),
        ("invited@example.vn", PASSWORD),
        (known.email.as_str(), "khong phai mat khau"),
    ];
    let mut answers = Vec::new();
    for (email, password) in tries {
        let before = app.platform.hasher.count();
        let body = json!({"email": email, "password": password});
        let reply = app
            .anonymous()
            .with("X-Request-Id", "same")
            .post("/auth/login", &body);
        reply.problem("credentials-wrong");
        answers.push(fingerprint(&reply.assert(401)));
        assert_eq!(app.platform.hasher.count() - before, 1, "{email}");
    }
    answers.dedup();
    assert_eq!(answers.len(), 1);
    let failed: Vec<String> = app.query(|conn| {
        audit_events::table
            .filter(audit_events::action.eq("user.login-failed"))
            .select(audit_events::facts)
            .load(conn)
    });
    assert_eq!(failed.len(), 5);
    assert!(failed.iter().all(|facts| !facts.contains('@')));
}

#[test]
fn ten_tries_a_minute_reach_the_hash_and_the_rightful_user_stays_in() {
    let app = TestApp::new();
    let known = app.persona(Role::Family);
    let pair = log_in(&app, &known.email, PASSWORD);
    app.clock.advance(TimeDelta::minutes(2));
    let before = app.platform.hasher.count();
    let body = json!({"email": known.email, "password": "khong phai mat khau"});
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let calls: Vec<_> = (0..32)
            .map(|number| {
                let forged = format!("10.0.0.{number}");
                let caller = app.anonymous().with("X-Forwarded-For", &forged);
                let body = &body;
                scope.spawn(move || caller.post("/auth/login", body))
            })
            .collect();
        let replies = calls.into_iter().map(|call| call.join().unwrap());
        replies
            .inspect(|reply| {
                assert!(reply.status != 429 || !reply.header("retry-after").is_empty())
            })
            .map(|reply| reply.status)
            .collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 10);
    assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 22);
    assert_eq!(app.platform.hasher.count() - before, 10);
    // Even the right password waits; a device that is logged in does not.
    let right = json!({"email": known.email, "password": PASSWORD});
    app.anonymous()
        .post("/auth/login", &right)
        .assert(429)
        .problem("too-many-requests");
    refresh(&app, &pair["refresh_token"]).assert(200);
    app.clock.advance(TimeDelta::seconds(61));
    log_in(&app, &known.email, PASSWORD);
}

#[test]
fn an_administrator_unlocks_an_account() {
    let app = TestApp::new();
    let admin = app.persona(Role::Administrator);
    let known = app.persona(Role::Organiser);
    let body = json!({"email": known.email, "password": "khong phai mat khau"});
    for _ in 0..10 {
        app.anonymous().post("/auth/login", &body).assert(401);
    }
    app.anonymous().post("/auth/login", &body).assert(429);
    let path = format!("/users/{}", known.id());
    let view = admin.get(&path).assert(200).json();
    assert_eq!(
        view["allowed_actions"],
        json!(["update", "disable", "unlock"])
    );
    assert_eq!(view["locked_until"], "2026-03-01T00:31:00+07:00");
    let view = admin.act(&format!("{path}/unlock")).assert(200).json();
    assert_eq!(view["locked_until"], json!(null));
    log_in(&app, &known.email, PASSWORD);
    let again = admin
        .act(&format!("{path}/unlock"))
        .assert(409)
        .problem("action-not-allowed");
    assert_eq!(again["allowed_actions"], json!(["update", "disable"]));
}

#[test]
fn staff_are_told_of_a_device_not_seen_before() {
    let app = TestApp::new();
    let staff = app.persona(Role::Counsellor);
    log_in(&app, &staff.email, PASSWORD);
    log_in(&app, &staff.email, PASSWORD);
    let mails = app.mails("new_device", &staff.email);
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].content.values["device"], "Điện thoại");
    assert_eq!(
        mails[0].content.values["at"],
        "00:30, Chủ nhật ngày 01/03/2026"
    );
}
