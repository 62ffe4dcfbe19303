//! A family makes an account.

use hai_dang::identity::Role;
use serde_json::json;

use super::{OTHER, bearer, family, fingerprint, log_in};
use crate::support::{PASSWORD, TestApp};

#[test]
fn a_family_registers_verifies_and_logs_in() {
    let app = TestApp::new();
    let anyone = app.anonymous();
    let email = "an@example.vn";
    let wrong = json!({"email": email, "password": PASSWORD});
    anyone
        .post("/auth/register", &family(" An@Example.vn "))
        .assert(202);
    anyone
        .post("/auth/login", &wrong)
        .assert(401)
        .problem("credentials-wrong");
    let token = app.newest_token("verify_email", email);
    anyone
        .post("/auth/verify-email", &json!({"token": token}))
        .assert(204);
    let me = bearer(&app, &log_in(&app, email, PASSWORD))
        .get("/me")
        .assert(200)
        .json();
    assert_eq!(me["roles"], json!(["family"]));
    assert_eq!(me["full_name"], "Nguyễn Văn An");
    let again = anyone.post("/auth/verify-email", &json!({"token": token}));
    again.assert(422).problem("token-invalid");
    assert!(
        app.mails("new_device", email).is_empty(),
        "only staff are told of devices"
    );
}

#[test]
fn a_known_address_is_answered_like_a_new_one_and_only_its_holder_is_told() {
    let app = TestApp::new();
    let known = app.persona(Role::Family);
    let mut answers = Vec::new();
    let mut hashes = Vec::new();
    for email in [known.email.as_str(), "new@example.vn"] {
        let before = app.platform.hasher.count();
        let mut body = family(email);
        body["full_name"] = json!("Kẻ Lạ");
        body["password"] = json!(OTHER);
        answers.push(fingerprint(
            &app.anonymous().post("/auth/register", &body).assert(202),
        ));
        hashes.push(app.platform.hasher.count() - before);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(hashes, [1, 1]);
    let mut kinds: Vec<_> = app
        .messages()
        .into_iter()
        .map(|m| (m.kind, m.address))
        .collect();
    kinds.sort();
    let letter = app.mails("account_exists", &known.email).pop().unwrap();
    let verbs: Vec<char> = letter.content.links.iter().map(|link| link.verb).collect();
    assert_eq!(verbs, ['o'], "no link of it sets a password");
    let told = ("account_exists".to_owned(), known.email.clone());
    let asked = ("verify_email".to_owned(), "new@example.vn".to_owned());
    assert_eq!(kinds, [told, asked]);
    // The account itself is as it was.
    let me = known.get("/me").assert(200).json();
    assert_ne!(me["full_name"], "Kẻ Lạ");
    log_in(&app, &known.email, PASSWORD);
}

#[test]
fn an_account_that_two_began_is_opened_by_neither_password() {
    let app = TestApp::new();
    let email = "nan.nhan@example.vn";
    let anyone = app.anonymous();
    let mut body = family(email);
    body["password"] = json!(OTHER);
    body["phone"] = json!("0912 345 678");
    anyone.post("/auth/register", &body).assert(202);
    let first = app.newest_token("verify_email", email);
    anyone.post("/auth/register", &family(email)).assert(202);
    let click = anyone.post("/auth/verify-email", &json!({"token": first}));
    click.assert(422).problem("token-invalid");
    let told = app.mails("account_exists", email).pop().unwrap();
    assert_eq!(told.content.values["begun"], true);
    // Whoever reads the address's mail chooses.
    let token = app.newest_token("account_exists", email);
    let chosen = json!({"token": token, "password": PASSWORD});
    let chosen = anyone.post("/auth/password-resets/confirm", &chosen);
    chosen.assert(204);
    let holder = log_in(&app, email, PASSWORD);
    let me = bearer(&app, &holder).get("/me").assert(200).json();
    assert_eq!(me["email"], email);
    assert_eq!(me["phone"], json!(null), "a stranger's phone is not theirs");
    let stranger = json!({"email": email, "password": OTHER});
    anyone.post("/auth/login", &stranger).assert(401);
}

#[test]
fn resets_of_known_and_unknown_addresses_differ_in_the_queue_alone() {
    let app = TestApp::new();
    let known = app.persona(Role::Family);
    let before = app.platform.hasher.count();
    let ask = |email: &str| {
        let reply = app
            .anonymous()
            .post("/auth/password-resets", &json!({"email": email}));
        fingerprint(&reply.assert(202))
    };
    assert_eq!(ask(&known.email), ask("nobody@example.vn"));
    assert_eq!(app.platform.hasher.count(), before, "neither costs a hash");
    assert_eq!(app.messages().len(), 1);
    assert_eq!(app.mails("password_reset", &known.email).len(), 1);
}

#[test]
fn the_office_is_asked_for_once_there_are_two() {
    let app = TestApp::new();
    app.add_office("ngo-quyen");
    let anyone = app.anonymous();
    anyone
        .post("/auth/register", &family("a@example.vn"))
        .assert(422)
        .violates("/office", "required");
    let mut body = family("a@example.vn");
    body["office"] = json!("nowhere");
    anyone
        .post("/auth/register", &body)
        .assert(422)
        .violates("/office", "office-unknown");
    body["office"] = json!("ngo-quyen");
    anyone.post("/auth/register", &body).assert(202);
    assert_eq!(app.messages().len(), 1);
}

#[test]
fn every_broken_rule_of_a_registration_is_told_at_once() {
    let app = TestApp::new();
    let body = json!({"email": "x", "password": "short", "full_name": " ", "phone": "12"});
    let reply = app.anonymous().post("/auth/register", &body).assert(422);
    reply.violates("/email", "email-invalid");
    reply.violates("/password", "password-length");
    reply.violates("/full_name", "required");
    reply.violates("/phone", "phone-invalid");
    let mut body = family("a@example.vn");
    body["roles"] = json!(["administrator"]);
    app.anonymous()
        .post("/auth/register", &body)
        .assert(422)
        .violates("/roles", "wrong-shape");
    assert_eq!(app.platform.hasher.count(), 0);
}

#[test]
fn at_most_three_mails_an_hour_are_asked_for_however_many_ask_at_once() {
    let app = TestApp::new();
    let known = app.persona(Role::Family);
    let body = json!({"email": known.email});
    std::thread::scope(|scope| {
        for _ in 0..24 {
            scope.spawn(|| {
                app.anonymous()
                    .post("/auth/password-resets", &body)
                    .assert(202)
            });
        }
    });
    assert_eq!(app.mails("password_reset", &known.email).len(), 3);
    app.clock.advance(chrono::TimeDelta::minutes(61));
    app.anonymous()
        .post("/auth/password-resets", &body)
        .assert(202);
    assert_eq!(app.mails("password_reset", &known.email).len(), 4);
}
