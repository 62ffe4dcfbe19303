//! The office's accounts, kept by its administrators.

use chrono::TimeDelta;
use diesel::prelude::*;
use hai_dang::db::Conn;
use hai_dang::db::schema::users;
use hai_dang::http::Problem;
use hai_dang::identity::Role;
use hai_dang::identity::service::admin;
use serde_json::{Value, json};

use super::{OTHER, bearer, log_in};
use crate::support::{PASSWORD, TestApp};

fn lan() -> Value {
    json!({"email": "lan@example.vn", "full_name": "Đỗ Thị Lan", "roles": ["counsellor"]})
}

#[test]
fn staff_is_invited_and_chooses_the_password() {
    let app = TestApp::new();
    let admin = app.persona(Role::Administrator);
    let (supervisor, auditor) = (app.persona(Role::Supervisor), app.persona(Role::Auditor));
    let made = admin.post("/users", &lan()).assert(201);
    assert_eq!(
        made.header("location"),
        format!("/api/v1/users/{}", made.id())
    );
    assert_eq!(made.json()["status"], "invited");
    assert_eq!(made.json()["allowed_actions"], json!(["update", "disable"]));
    for watcher in [&supervisor, &auditor] {
        let told = app.mails("roles_changed", &watcher.email);
        assert_eq!(told[0].content.values["account"], "l•••@example.vn");
    }
    let token = app.newest_token("staff_invitation", "lan@example.vn");
    let body = json!({"token": token, "password": OTHER});
    app.anonymous()
        .post("/auth/password-resets/confirm", &body)
        .assert(204);
    let again = app.anonymous().post("/auth/password-resets/confirm", &body);
    again.assert(422).problem("token-invalid");
    let me = bearer(&app, &log_in(&app, "lan@example.vn", OTHER))
        .get("/me")
        .assert(200);
    assert_eq!(me.json()["roles"], json!(["counsellor"]));
    let path = format!("/users/{}", made.id());
    assert_eq!(admin.get(&path).assert(200).json()["status"], "active");
    admin
        .post("/users", &lan())
        .assert(409)
        .problem("email-taken");
}

#[test]
fn the_list_is_searched_filtered_and_paged_in_the_order_of_given_names() {
    let app = TestApp::new();
    let admin = app.persona(Role::Administrator);
    for (email, name, role) in [
        ("lan@example.vn", "Đỗ Thị Lan", "organiser"),
        ("an@example.vn", "Nguyễn Văn An", "legal_aid_intake"),
        ("binh@example.vn", "Nguyễn Thị Bình", "organiser"),
    ] {
        let body = json!({"email": email, "full_name": name, "roles": [role]});
        admin.post("/users", &body).assert(201);
    }
    let names = |query: &str| -> Vec<String> {
        let page = admin.get(&format!("/users?{query}")).assert(200).json();
        let items = page["items"].as_array().unwrap();
        items
            .iter()
            .map(|item| item["full_name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        names("status=invited"),
        ["Nguyễn Văn An", "Nguyễn Thị Bình", "Đỗ Thị Lan"]
    );
    assert_eq!(names("q=nguyen"), ["Nguyễn Văn An", "Nguyễn Thị Bình"]);
    assert_eq!(names("q=do+lan"), ["Đỗ Thị Lan"]);
    assert_eq!(names("q=%25"), Vec::<String>::new());
    assert_eq!(names("role=organiser"), ["Nguyễn Thị Bình", "Đỗ Thị Lan"]);
    let first = admin
        .get("/users?limit=2&include=total&status=invited")
        .assert(200)
        .json();
    assert_eq!(first["total"], 3);
    let cursor = first["next_cursor"].as_str().unwrap();
    assert_eq!(
        names(&format!("status=invited&cursor={cursor}")),
        ["Đỗ Thị Lan"]
    );
    admin.get("/users?role=king").assert(422);
    admin
        .get("/users?cursor=x")
        .assert(422)
        .violates("cursor", "cursor-invalid");
}

#[test]
fn an_address_that_a_stranger_began_keeps_no_colleague_out() {
    let app = TestApp::new();
    let admin = app.persona(Role::Administrator);
    let anyone = app.anonymous();
    let squat = json!({
        "email": "lan@example.vn", "full_name": "Không phải Lan", "password": OTHER,
    });
    anyone.post("/auth/register", &squat).assert(202);
    let link = app.newest_token("verify_email", "lan@example.vn");
    admin.post("/users", &lan()).assert(201);
    let click = anyone.post("/auth/verify-email", &json!({"token": link}));
    click.assert(422).problem("token-invalid");
    let token = app.newest_token("staff_invitation", "lan@example.vn");
    let body = json!({"token": token, "password": PASSWORD});
    let chosen = anyone.post("/auth/password-resets/confirm", &body);
    chosen.assert(204);
    let stranger = json!({"email": "lan@example.vn", "password": OTHER});
    anyone.post("/auth/login", &stranger).assert(401);
    let lan_herself = bearer(&app, &log_in(&app, "lan@example.vn", PASSWORD));
    let me = lan_herself.get("/me").assert(200).json();
    assert_eq!(me["full_name"], "Đỗ Thị Lan");
    assert_eq!(me["roles"], json!(["counsellor"]));
    // Whose address was confirmed keeps it.
    let family = app.persona(Role::Family);
    let mut other = lan();
    other["email"] = json!(family.email);
    let refused = admin.post("/users", &other).assert(409);
    refused.problem("email-taken");
}

#[test]
fn no_column_is_set_by_naming_it() {
    let app = TestApp::new();
    let admin = app.persona(Role::Administrator);
    let person = app.persona(Role::Organiser);
    let path = format!("/users/{}", person.id());
    let seen = admin.get(&path).assert(200);
    for column in [
        "id",
        "office_id",
        "email_verified_at",
        "password_hash",
        "password",
        "name_key",
        "role",
        "status",
        "generation",
        "preferences",
        "locked_until",
        "version",
        "created_at",
        "updated_at",
        "is_admin",
        "user_id",
    ] {
        let mut body = lan();
        body[column] = json!("x");
        let pointer = format!("/{column}");
        admin
            .post("/users", &body)
            .assert(422)
            .violates(&pointer, "wrong-shape");
        let change = json!({column: "x"});
        let reply = admin.having_seen(&seen).patch(&path, &change);
        reply.assert(422).violates(&pointer, "wrong-shape");
    }
    assert_eq!(admin.get(&path).assert(200).body, seen.body);
}

#[test]
fn only_administrators_of_the_office_reach_its_accounts() {
    let app = TestApp::new();
    let admin = app.persona(Role::Administrator);
    let path = format!("/users/{}", admin.id());
    for role in Role::ALL
        .iter()
        .filter(|role| **role != Role::Administrator)
    {
        let caller = app.persona(*role);
        caller.get("/users").assert(403).problem("forbidden");
        caller.get(&path).assert(403);
        caller.post("/users", &json!({"no": "matter"})).assert(403);
        caller.patch(&path, &json!({"no": "matter"})).assert(403);
        for action in ["disable", "enable", "unlock"] {
            caller.act(&format!("{path}/{action}")).assert(403);
        }
    }
    let elsewhere = app.add_office("ngo-quyen");
    let stranger = app.persona_of(elsewhere, &[Role::Administrator]);
    stranger.get(&path).assert(404);
    stranger.patch(&path, &json!({})).assert(404);
    stranger.act(&format!("{path}/disable")).assert(404);
    assert_eq!(
        stranger.get("/users").assert(200).json()["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    app.anonymous().get("/users").assert(401);
    app.anonymous()
        .post("/users", &json!({"no": "matter"}))
        .assert(401);
}

#[test]
fn whoever_is_not_active_reaches_nothing_with_a_token_that_is_well_signed() {
    let app = TestApp::new();
    for (status, is_verified) in [("invited", true), ("disabled", true), ("active", false)] {
        let person = app.persona(Role::Administrator);
        let (id, now) = (person.id(), app.now());
        app.change(move |conn| {
            let row = users::table.filter(users::id.eq(id));
            let verified = is_verified.then_some(now);
            let set = (
                users::status.eq(status),
                users::email_verified_at.eq(verified),
            );
            Ok(diesel::update(row).set(set).execute(conn)?)
        });
        person.get("/me").assert(401);
        person.get("/users").assert(401);
        person.post("/users", &lan()).assert(401);
        person.act(&format!("/users/{id}/enable")).assert(401);
        person.act("/auth/logout-all").assert(401);
        person.put("/me/password", &json!({})).assert(401);
        person.get("/me/devices").assert(401);
    }
}

#[test]
fn a_new_address_given_by_an_administrator_is_nobodys_until_it_is_verified() {
    let app = TestApp::new();
    let (admin, person) = (
        app.persona(Role::Administrator),
        app.persona(Role::Counsellor),
    );
    let supervisor = app.persona(Role::Supervisor);
    let path = format!("/users/{}", person.id());
    let seen = admin.get(&path).assert(200);
    let known = json!({"email": supervisor.email});
    admin
        .having_seen(&seen)
        .patch(&path, &known)
        .assert(409)
        .problem("email-taken");
    let change = json!({"email": "moi@example.vn"});
    let after = admin
        .having_seen(&seen)
        .patch(&path, &change)
        .assert(200)
        .json();
    assert_eq!(after["email_verified"], false);
    for address in [&person.email, &supervisor.email] {
        assert_eq!(
            app.mails("staff_email_changed", address).len(),
            1,
            "{address}"
        );
    }
    let body = json!({"email": "moi@example.vn", "password": PASSWORD});
    app.anonymous().post("/auth/login", &body).assert(401);
    let token = app.newest_token("verify_email", "moi@example.vn");
    app.anonymous()
        .post("/auth/verify-email", &json!({"token": token}))
        .assert(204);
    log_in(&app, "moi@example.vn", PASSWORD);
    let own = format!("/users/{}", admin.id());
    let seen = admin.get(&own).assert(200);
    admin
        .having_seen(&seen)
        .patch(&own, &change)
        .assert(403)
        .problem("own-email");
}

#[test]
fn the_first_administrator_is_invited_from_the_command_line() {
    let app = TestApp::new();
    let (platform, office, now) = (app.platform.clone(), app.office, app.now());
    let create = move |email: &'static str| {
        let made = platform.clone();
        let done = move |conn: &mut Conn| {
            Ok(admin::create(
                conn,
                &made,
                now,
                office,
                email,
                "Phạm Thị Quản",
            )?)
        };
        platform.db.write_now::<String, Problem, _>(done)
    };
    let link = create("Quan@Example.vn").unwrap();
    assert_eq!(create("quan@example.vn").unwrap_err().code(), "email-taken");
    assert_eq!(create("quan").unwrap_err().code(), "invalid");
    let token = app.newest_token("staff_invitation", "quan@example.vn");
    assert!(link.ends_with(&format!("/go#p.{token}")), "{link}");
    let body = json!({"token": token, "password": OTHER});
    app.anonymous()
        .post("/auth/password-resets/confirm", &body)
        .assert(204);
    let admin = bearer(&app, &log_in(&app, "quan@example.vn", OTHER));
    admin.get("/users").assert(200);
}

#[test]
fn an_unanswered_invitation_can_be_asked_for_again_and_dies_with_the_account() {
    let app = TestApp::new();
    let admin = app.persona(Role::Administrator);
    let made = admin.post("/users", &lan()).assert(201);
    let path = format!("/users/{}", made.id());
    let first = app.newest_token("staff_invitation", "lan@example.vn");
    app.clock.advance(TimeDelta::seconds(1));
    let body = json!({"email": "lan@example.vn"});
    app.anonymous()
        .post("/auth/password-resets", &body)
        .assert(202);
    let second = app.newest_token("staff_invitation", "lan@example.vn");
    assert_ne!(first, second);
    admin.act(&format!("{path}/disable")).assert(200);
    for token in [first, second] {
        let body = json!({"token": token, "password": OTHER});
        let reply = app.anonymous().post("/auth/password-resets/confirm", &body);
        reply.assert(422).problem("token-invalid");
    }
    let view = admin.act(&format!("{path}/enable")).assert(200).json();
    assert_eq!(view["status"], "invited");
    assert_eq!(app.mails("staff_invitation", "lan@example.vn").len(), 3);
}

#[test]
fn an_invitation_sent_again_under_one_key_is_one_account() {
    let app = TestApp::new();
    let admin = app
        .persona(Role::Administrator)
        .with("Idempotency-Key", "lan-1");
    let first = admin.post("/users", &lan()).assert(201);
    let again = admin.post("/users", &lan()).assert(201);
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(first.body, again.body);
    assert_eq!(app.mails("staff_invitation", "lan@example.vn").len(), 1);
}
