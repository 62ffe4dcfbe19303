//! Logging in, and trying to.

use argon2::PasswordHasher;
use chrono::TimeDelta;
use diesel::prelude::*;
use hai_dang::db::schema::{audit_events, users};
use hai_dang::identity::Role;
use serde_json::json;

use super::{OTHER, family, fingerprint, log_in, refresh};
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
                assert!(reply.status != 429 || !reply.header("retry-after").is_empty());
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
    // Nor does whoever is logged in and changes the password: strangers used up none of its tries.
    let change = json!({"current_password": "khong phai mat khau", "new_password": OTHER});
    let tried = known.put("/me/password", &change).assert(422);
    tried.violates("/current_password", "password-wrong");
    app.clock.advance(TimeDelta::seconds(61));
    log_in(&app, &known.email, PASSWORD);
}

#[test]
fn a_try_that_finds_no_seat_is_not_counted() {
    let mut app = TestApp::new();
    app.may_fail();
    let known = app.persona(Role::Family);
    let hasher = &app.platform.hasher;
    let seats: Vec<_> = std::iter::repeat_with(|| hasher.seat())
        .map_while(Result::ok)
        .collect();
    let wrong = json!({"email": known.email, "password": "khong phai mat khau"});
    for _ in 0..12 {
        let refused = app.anonymous().post("/auth/login", &wrong).assert(503);
        assert!(!refused.header("retry-after").is_empty());
        refused.problem("busy");
    }
    let change = json!({"current_password": "khong phai mat khau", "new_password": OTHER});
    known.put("/me/password", &change).assert(503);
    drop(seats);
    // One more than ten wrong ones would have to wait.
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

#[test]
fn a_weaker_hash_is_replaced_at_the_next_login() {
    let app = TestApp::new();
    let known = app.persona(Role::Family);
    let id = known.id();
    let params = argon2::Params::new(8192, 1, 1, None).unwrap();
    let weak = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
    let hash = weak
        .hash_password_with_salt(PASSWORD.as_bytes(), b"sixteen bytes 16")
        .unwrap();
    let hash = hash.to_string();
    app.change(move |conn| {
        let row = users::table.filter(users::id.eq(id));
        Ok(diesel::update(row)
            .set(users::password_hash.eq(&hash))
            .execute(conn)?)
    });
    for hashes in [2, 1] {
        let before = app.platform.hasher.count();
        log_in(&app, &known.email, PASSWORD);
        assert_eq!(app.platform.hasher.count() - before, hashes);
    }
}

#[test]
fn a_password_that_changes_during_a_login_leaves_no_device_behind() {
    let app = TestApp::new();
    let known = app.persona(Role::Family);
    let change = json!({"current_password": PASSWORD, "new_password": OTHER});
    let body = json!({"email": known.email, "password": PASSWORD});
    let pairs: Vec<_> = std::thread::scope(|scope| {
        let calls: Vec<_> = (0..6)
            .map(|_| scope.spawn(|| app.anonymous().post("/auth/login", &body)))
            .collect();
        known.put("/me/password", &change).assert(204);
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    for reply in pairs.iter().filter(|reply| reply.status == 200) {
        refresh(&app, &reply.json()["refresh_token"]).assert(401);
    }
}

#[test]
fn more_hashes_than_may_wait_are_told_to_come_back() {
    let mut app = TestApp::new();
    app.may_fail();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let calls: Vec<_> = (0..60)
            .map(|number| {
                let body = family(&format!("family-{number}@example.vn"));
                let anyone = app.anonymous();
                scope.spawn(move || anyone.post("/auth/register", &body))
            })
            .collect();
        calls
            .into_iter()
            .map(|call| call.join().unwrap().status)
            .collect()
    });
    let made = statuses.iter().filter(|status| **status == 202).count();
    let busy = statuses.iter().filter(|status| **status == 503).count();
    assert_eq!(made + busy, 60, "{statuses:?}");
    assert_eq!(app.messages().len(), made);
}
