//! One account does not bury what presses, nor fill the disk.

use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::papers::{PDF, send};
use super::{ALL, complete};
use crate::support::TestApp;

#[test]
fn an_account_has_so_many_requests_at_the_ward() {
    let app = TestApp::new();
    app.set_policy("account_requests", 2);
    let family = app.persona(Role::Family);
    let first = family.post(ALL, &complete()).assert(201);
    let second = family.post(ALL, &complete()).assert(201);
    let submit = format!("{ALL}/{}/submit", first.id());
    family.post(&submit, &json!({})).assert(200);
    let refused = family.post(ALL, &complete()).assert(409);
    refused.problem("requests-many");
    // Others, and the desk for anybody, go on.
    let other = app.persona(Role::Family);
    other.post(ALL, &complete()).assert(201);
    let desk = app.persona(Role::LegalAidIntake);
    for _ in 0..3 {
        desk.post(ALL, &complete()).assert(201);
    }
    let path = format!("{ALL}/{}", second.id());
    family.having_seen(&second).delete(&path).assert(204);
    family.post(ALL, &complete()).assert(201);
}

#[test]
fn an_account_asks_for_counselling_so_often_a_day() {
    let app = TestApp::new();
    app.set_policy("account_requests", 2);
    let family = app.persona(Role::Family);
    let path = "/counselling-requests";
    let ask = json!({"party_role": "relative"});
    for _ in 0..2 {
        let asked = family.post(path, &ask).assert(201).id();
        let withdraw = format!("{path}/{asked}/withdraw");
        family.post(&withdraw, &json!({})).assert(200);
    }
    let refused = family.post(path, &ask).assert(409);
    refused.problem("requests-many");
    app.clock.advance(chrono::TimeDelta::days(1));
    app.again(&family).post(path, &ask).assert(201);
}

#[test]
fn an_account_hands_in_so_many_bytes() {
    let app = TestApp::new();
    app.set_policy("account_megabytes", 10);
    let family = app.persona(Role::Family);
    let draft = || {
        let made = family.post(ALL, &complete()).assert(201);
        format!("{ALL}/{}/documents", made.id())
    };
    let (head, tail) = PDF.split_at(9);
    let page = [head, &b"% \n".repeat(1_800_000), tail].concat();
    let texts = [("kind", "other")];
    let first = draft();
    send(&family, &first, &texts, ("1.pdf", &page)).assert(201);
    // Not a byte more than it may, and small ones as long as they fit.
    let refused = send(&family, &draft(), &texts, ("2.pdf", &page)).assert(409);
    refused.problem("account-full");
    let small = draft();
    send(&family, &small, &texts, ("2.pdf", PDF)).assert(201);
    // A draft that goes gives its part back.
    let path = first.trim_end_matches("/documents");
    let seen = family.get(path).assert(200);
    family.having_seen(&seen).delete(path).assert(204);
    send(&family, &small, &texts, ("3.pdf", &page)).assert(201);
    let seen: Value = family.get("/me/legal-aid-requests").assert(200).json();
    assert_eq!(seen["items"].as_array().unwrap().len(), 2);
}
