//! One's own account.

use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::{OTHER, bearer, fingerprint, log_in};
use crate::support::{PASSWORD, TestApp};

#[test]
fn people_change_what_is_theirs() {
    let app = TestApp::new();
    let person = app.persona(Role::Family);
    let seen = person.get("/me").assert(200);
    let change = json!({"phone": "0912 345 678", "language": "en", "preferences": {"plan": false}});
    person
        .patch("/me", &change)
        .assert(428)
        .problem("if-match-required");
    let me = person.having_seen(&seen).patch("/me", &change).assert(200);
    assert_eq!(me.json()["phone"], "+84912345678");
    assert_eq!(
        me.json()["preferences"],
        json!({"session": true, "plan": false})
    );
    assert_eq!(me.json()["version"], 2);
    person
        .having_seen(&seen)
        .patch("/me", &change)
        .assert(412)
        .problem("stale-version");
    let cleared = person
        .having_seen(&me)
        .patch("/me", &json!({"phone": null}))
        .assert(200);
    assert_eq!(cleared.json()["phone"], json!(null));
    let own = json!({"preferences": {"session": false}});
    let quiet = person.having_seen(&cleared).patch("/me", &own).assert(200);
    assert_eq!(
        quiet.json()["preferences"],
        json!({"session": false, "plan": false})
    );
    let cleared = quiet;
    let nameless = person
        .having_seen(&cleared)
        .patch("/me", &json!({"full_name": null}));
    nameless.assert(422).violates("/full_name", "required");
    for field in [
        "role",
        "roles",
        "status",
        "email",
        "id",
        "version",
        "generation",
        "office_id",
    ] {
        let reply = person
            .having_seen(&cleared)
            .patch("/me", &json!({field: "x"}));
        reply
            .assert(422)
            .violates(&format!("/{field}"), "wrong-shape");
    }
}

#[test]
fn a_wrong_current_password_is_refused_and_counts() {
    let app = TestApp::new();
    let person = app.persona(Role::Family);
    let wrong = json!({"current_password": "khong phai mat khau", "new_password": OTHER});
    let email = json!({"current_password": "khong phai mat khau", "new_email": "x@example.vn"});
    person
        .put("/me/password", &json!({"new_password": OTHER}))
        .assert(422);
    for _ in 0..5 {
        let reply = person.put("/me/password", &wrong).assert(422);
        reply.violates("/current_password", "password-wrong");
        let reply = person.put("/me/email", &email).assert(422);
        reply.violates("/current_password", "password-wrong");
    }
    assert_eq!(app.platform.hasher.count(), 10);
    person
        .put("/me/password", &wrong)
        .assert(429)
        .problem("too-many-requests");
    person.put("/me/email", &email).assert(429);
    assert_eq!(app.platform.hasher.count(), 10);
    person.get("/me").assert(200);
    assert!(app.messages().is_empty());
}

#[test]
fn a_known_new_address_is_answered_like_an_unknown_one() {
    let app = TestApp::new();
    let (person, other) = (app.persona(Role::Family), app.persona(Role::Family));
    let ask = |email: &str| {
        let body = json!({"current_password": PASSWORD, "new_email": email});
        fingerprint(&person.put("/me/email", &body).assert(202))
    };
    assert_eq!(ask(&other.email), ask("moi@example.vn"));
    let mut kinds: Vec<_> = app
        .messages()
        .into_iter()
        .map(|m| (m.kind, m.address))
        .collect();
    kinds.sort();
    let told = ("account_exists".to_owned(), other.email);
    let asked = ("confirm_email".to_owned(), "moi@example.vn".to_owned());
    assert_eq!(kinds, [told, asked]);
}

#[test]
fn an_address_taken_meanwhile_is_not_taken_over() {
    let app = TestApp::new();
    let person = app.persona(Role::Family);
    let body = json!({"current_password": PASSWORD, "new_email": "moi@example.vn"});
    person.put("/me/email", &body).assert(202);
    let token = app.newest_token("confirm_email", "moi@example.vn");
    app.anonymous()
        .post("/auth/register", &super::family("moi@example.vn"))
        .assert(202);
    let reply = app
        .anonymous()
        .post("/auth/verify-email", &json!({"token": token}));
    reply.assert(422).problem("token-invalid");
    assert_eq!(person.get("/me").assert(200).json()["email"], person.email);
}

#[test]
fn devices_are_listed_and_signed_out_by_their_owner_alone() {
    let app = TestApp::new();
    let (person, other) = (app.persona(Role::Family), app.persona(Role::Family));
    let phone = log_in(&app, &person.email, PASSWORD);
    let page = bearer(&app, &phone)
        .get("/me/devices?include=total")
        .assert(200)
        .json();
    assert_eq!(page["total"], 2);
    let devices = page["items"].as_array().unwrap();
    // Both logged in within one instant of the test's clock: their order is chance.
    let (current, others): (Vec<&Value>, Vec<&Value>) =
        devices.iter().partition(|device| device["current"] == true);
    assert_eq!((current.len(), others.len()), (1, 1));
    assert_eq!(current[0]["label"], "Điện thoại");
    let path = format!("/me/devices/{}", current[0]["id"].as_str().unwrap());
    other.delete(&path).assert(404);
    person.delete(&path).assert(204);
    person.delete(&path).assert(404).problem("not-found");
    bearer(&app, &phone).get("/me").assert(401);
    let first = person.get("/me/devices?limit=1").assert(200).json();
    assert_eq!(first["next_cursor"], json!(null));
    person
        .get("/me/devices?limit=0")
        .assert(422)
        .violates("limit", "out-of-range");
    person.get("/me/devices?x=1").assert(422);
}

#[test]
fn what_is_said_again_as_it_was_moves_no_version() {
    let app = TestApp::new();
    let admin = app.persona(Role::Administrator);
    let same = |path: &str, of: &[&str]| {
        let seen = admin.get(path).assert(200);
        let shown = seen.json();
        let body: serde_json::Map<String, Value> = of
            .iter()
            .map(|name| ((*name).to_owned(), shown[*name].clone()))
            .collect();
        let again = admin.having_seen(&seen).patch(path, &Value::Object(body));
        assert_eq!(again.assert(200).json(), shown, "{path}");
    };
    same("/me", &["full_name", "phone", "language", "preferences"]);
    same("/me", &[]);
    same("/office", &["name", "zone", "prefix"]);
    let staff = app.persona(Role::Organiser);
    let path = format!("/users/{}", staff.id());
    same(&path, &["full_name", "email", "language", "roles"]);
    let wanted = "/me/notification-preferences";
    let seen = admin.get(wanted).assert(200);
    let again = admin.having_seen(&seen).put(wanted, &seen.json());
    assert_eq!(again.assert(200).header("etag"), seen.header("etag"));
}
