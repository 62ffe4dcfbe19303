//! What ends every older token at once, and which links work when.

use chrono::TimeDelta;
use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::{OTHER, bearer, family, log_in, refresh};
use crate::support::{Client, PASSWORD, TestApp};

/// Does `act` to somebody who is logged in; every token from before must be dead at once.
#[track_caller]
fn ends_all(role: Role, act: impl Fn(&TestApp, &Client)) {
    let app = TestApp::new();
    let person = app.persona(role);
    let pair = log_in(&app, &person.email, PASSWORD);
    bearer(&app, &pair).get("/me").assert(200);
    act(&app, &person);
    for caller in [bearer(&app, &pair), person] {
        caller.get("/me").assert(401).problem("unauthenticated");
        caller.patch("/me", &json!({})).assert(401);
    }
    refresh(&app, &pair["refresh_token"]).assert(401);
}

fn reset(app: &TestApp, email: &str, password: &str) {
    let anyone = app.anonymous();
    anyone
        .post("/auth/password-resets", &json!({"email": email}))
        .assert(202);
    let body = json!({"token": app.newest_token("password_reset", email), "password": password});
    anyone
        .post("/auth/password-resets/confirm", &body)
        .assert(204);
}

fn change_password(person: &Client, current: &str, new: &str) -> u16 {
    let body = json!({"current_password": current, "new_password": new});
    person.put("/me/password", &body).status
}

#[test]
fn a_new_password_ends_every_token() {
    ends_all(Role::Family, |app, person| {
        assert_eq!(change_password(person, PASSWORD, OTHER), 204);
        assert_eq!(app.mails("password_changed", &person.email).len(), 1);
        log_in(app, &person.email, OTHER);
    });
}

#[test]
fn a_reset_ends_every_token() {
    ends_all(Role::Family, |app, person| {
        reset(app, &person.email, OTHER);
        assert_eq!(app.mails("password_changed", &person.email).len(), 1);
        log_in(app, &person.email, OTHER);
    });
}

#[test]
fn a_new_address_ends_every_token() {
    ends_all(Role::Organiser, |app, person| {
        let auditor = app.persona(Role::Auditor);
        let body = json!({"current_password": PASSWORD, "new_email": "moi@example.vn"});
        person.put("/me/email", &body).assert(202);
        person.get("/me").assert(200);
        let token = app.newest_token("confirm_email", "moi@example.vn");
        app.anonymous()
            .post("/auth/verify-email", &json!({"token": token}))
            .assert(204);
        assert_eq!(app.mails("email_changed", &person.email).len(), 1);
        let told = app.mails("staff_email_changed", &auditor.email);
        assert_eq!(told[0].content.values["account"], "o•••@example.vn");
        log_in(app, "moi@example.vn", PASSWORD);
    });
}

#[test]
fn another_role_ends_every_token() {
    ends_all(Role::Organiser, |app, person| {
        let admin = app.persona(Role::Administrator);
        let path = format!("/users/{}", person.id());
        let seen = admin.get(&path).assert(200);
        admin
            .having_seen(&seen)
            .patch(&path, &json!({"roles": ["reporter"]}))
            .assert(200);
    });
}

#[test]
fn disabling_and_logging_out_everywhere_end_every_token() {
    ends_all(Role::Organiser, |app, person| {
        let admin = app.persona(Role::Administrator);
        admin
            .act(&format!("/users/{}/disable", person.id()))
            .assert(200);
    });
    ends_all(Role::Organiser, |_app, person| {
        person.act("/auth/logout-all").assert(204);
    });
}

#[test]
fn a_link_works_once_for_its_purpose_under_the_password_it_was_sent() {
    let app = TestApp::new();
    let anyone = app.anonymous();
    let person = app.persona(Role::Family);
    let confirm = |token: &str, password: &str| {
        let body = json!({"token": token, "password": password});
        anyone.post("/auth/password-resets/confirm", &body)
    };
    for _ in 0..2 {
        anyone
            .post("/auth/password-resets", &json!({"email": person.email}))
            .assert(202);
    }
    let mails = app.mails("password_reset", &person.email);
    let (first, second) = (app.link_token(&mails[0]), app.link_token(&mails[1]));
    let hashes = app.platform.hasher.count();
    anyone
        .post("/auth/verify-email", &json!({"token": first}))
        .assert(422)
        .problem("token-invalid");
    confirm("no token at all", OTHER)
        .assert(422)
        .problem("token-invalid");
    assert_eq!(
        app.platform.hasher.count(),
        hashes,
        "a dead token costs no hash"
    );
    confirm(&first, "short")
        .assert(422)
        .violates("/password", "password-length");
    confirm(&first, OTHER).assert(204);
    for dead in [&first, &second] {
        confirm(dead, PASSWORD).assert(422).problem("token-invalid");
    }
    app.clock.advance(TimeDelta::hours(2));
    anyone
        .post("/auth/password-resets", &json!({"email": person.email}))
        .assert(202);
    let late = app.newest_token("password_reset", &person.email);
    app.clock.advance(TimeDelta::minutes(30));
    confirm(&late, PASSWORD)
        .assert(422)
        .problem("token-invalid");
    log_in(&app, &person.email, OTHER);
}

#[test]
fn no_kind_of_token_passes_for_another() {
    let app = TestApp::new();
    let anyone = app.anonymous();
    let person = app.persona(Role::Family);
    let pair = log_in(&app, &person.email, PASSWORD);
    anyone
        .post("/auth/register", &family("moi@example.vn"))
        .assert(202);
    anyone
        .post("/auth/password-resets", &json!({"email": person.email}))
        .assert(202);
    let verify = json!(app.newest_token("verify_email", "moi@example.vn"));
    let reset = json!(app.newest_token("password_reset", &person.email));
    let (access, renewal) = (&pair["access_token"], &pair["refresh_token"]);
    let all: [&Value; 4] = [access, renewal, &verify, &reset];
    for token in all {
        if token != access {
            anyone
                .with_token(token.as_str().unwrap())
                .get("/me")
                .assert(401);
        }
        if token != renewal {
            refresh(&app, token).assert(401).problem("unauthenticated");
        }
        if token != &verify {
            let reply = anyone.post("/auth/verify-email", &json!({"token": token}));
            reply.assert(422).problem("token-invalid");
        }
        if token != &reset {
            let body = json!({"token": token, "password": OTHER});
            let reply = anyone.post("/auth/password-resets/confirm", &body);
            reply.assert(422).problem("token-invalid");
        }
    }
    // None of it ended what is good.
    refresh(&app, renewal).assert(200);
    anyone
        .post("/auth/verify-email", &json!({"token": verify}))
        .assert(204);
}
