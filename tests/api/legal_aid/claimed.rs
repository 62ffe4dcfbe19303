//! A request that staff wrote down becomes its family's own.

use chrono::TimeDelta;
use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::{ALL, complete};
use crate::support::{Client, Reply, TestApp};

const CLAIMS: &str = "/me/legal-aid-claims";

/// A request of somebody who came, handed in by the desk; its path.
#[track_caller]
fn at_desk(officer: &Client) -> String {
    let mut body = complete();
    body["requester"]["email"] = json!("canary.yeu.cau@example.vn");
    body["requester"]["confirmed_how"] = json!("in_person");
    let path = format!("{ALL}/{}", officer.post(ALL, &body).assert(201).id());
    officer.act(&format!("{path}/submit")).assert(200);
    path
}

#[track_caller]
fn code(officer: &Client, path: &str) -> Value {
    let made = officer
        .act(&format!("{path}/claim-code"))
        .assert(201)
        .json();
    json!({"claim_code": made["claim_code"]})
}

fn claim(family: &Client, code: &Value) -> Reply {
    family.post(CLAIMS, code)
}

fn own(family: &Client) -> Value {
    let list = family.get("/me/legal-aid-requests").assert(200).json();
    list["items"].clone()
}

#[test]
fn a_family_ties_its_account_by_the_code_it_was_handed_once() {
    let app = TestApp::new();
    let officer = app.persona(Role::LegalAidIntake);
    let (family, other) = (app.persona(Role::Family), app.persona(Role::Family));
    let path = at_desk(&officer);
    let old = code(&officer, &path);
    let new = code(&officer, &path);
    claim(&family, &old)
        .assert(422)
        .problem("claim-code-invalid");
    assert_eq!(own(&family), json!([]));
    let mine = claim(&family, &new).assert(201).json();
    assert_eq!(path, format!("{ALL}/{}", mine["id"].as_str().unwrap()));
    assert_eq!(own(&family)[0]["id"], mine["id"]);
    // It is dead, and nobody else reads the request.
    claim(&other, &new)
        .assert(422)
        .problem("claim-code-invalid");
    assert_eq!(own(&other), json!([]));
    other.get(&path).assert(404);
    let seen = officer.get(&path).assert(200).json();
    assert_eq!(seen["has_account"], true);
    assert_eq!(seen["requester"]["email"], json!(family.email));
    // Another address was known: nobody has confirmed that the account's is safe.
    let contact = &seen["requester"]["safe_contact"];
    assert_eq!(contact["confirmed_on"], json!(null));
    let actions = seen["allowed_actions"].as_array().unwrap();
    assert!(actions.contains(&json!("untie-account")));
    assert!(!actions.contains(&json!("claim-code")));
    let again = officer.act(&format!("{path}/claim-code"));
    again.assert(409).problem("action-not-allowed");
    family.act(&format!("{path}/untie-account")).assert(403);
}

#[test]
fn an_account_is_taken_from_a_request_and_reads_nothing_more_of_it() {
    let app = TestApp::new();
    let officer = app.persona(Role::LegalAidIntake);
    let family = app.persona(Role::Family);
    let path = at_desk(&officer);
    let none = officer.act(&format!("{path}/untie-account"));
    none.assert(409).problem("action-not-allowed");
    claim(&family, &code(&officer, &path)).assert(201);
    let untied = officer.act(&format!("{path}/untie-account"));
    let untied = untied.assert(200).json();
    assert_eq!(untied["has_account"], false);
    assert_eq!(untied["requester"]["email"], json!(null));
    assert_eq!(own(&family), json!([]));
    family.get(&path).assert(404);
    let timeline = officer.get(&format!("{path}/timeline")).assert(200).json();
    let kinds = timeline["items"].as_array().unwrap().iter();
    let kinds: Vec<&Value> = kinds.map(|one| &one["kind"]).collect();
    assert!(kinds.contains(&&json!("account-tied")));
    assert!(kinds.contains(&&json!("account-untied")));
    // The right one is handed the next.
    claim(&family, &code(&officer, &path)).assert(201);
}

#[test]
fn a_code_works_for_a_week_in_its_office_and_for_what_was_handed_in() {
    let app = TestApp::new();
    let mut officer = app.persona(Role::LegalAidIntake);
    let draft = officer.post(ALL, &complete()).assert(201).id();
    let early = officer.act(&format!("{ALL}/{draft}/claim-code"));
    early.assert(409).problem("action-not-allowed");
    let path = at_desk(&officer);
    let abroad = app.add_office("khac");
    let elsewhere = app.persona_of(abroad, &[Role::Family]);
    let typed = code(&officer, &path);
    claim(&elsewhere, &typed)
        .assert(422)
        .problem("claim-code-invalid");
    let abroad = app.persona_of(abroad, &[Role::LegalAidIntake]);
    abroad.act(&format!("{path}/claim-code")).assert(404);
    app.clock.advance(TimeDelta::days(8));
    officer = app.again(&officer);
    let family = app.persona(Role::Family);
    claim(&family, &typed)
        .assert(422)
        .problem("claim-code-invalid");
    claim(&family, &code(&officer, &path)).assert(201);
}
