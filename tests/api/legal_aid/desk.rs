//! Staff write down what a family asks at the desk, by post or by phone.

use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::{ALL, broken, complete};
use crate::support::TestApp;

/// What somebody without an account says.
fn written() -> Value {
    let mut body = complete();
    body["requester"]["email"] = json!("canary.yeu.cau@example.vn");
    body
}

#[test]
fn what_is_asked_by_phone_is_read_back_before_it_is_handed_in() {
    let app = TestApp::new();
    let officer = app.persona(Role::LegalAidIntake);
    let mut body = complete();
    body["channel"] = json!("phone");
    body["requester"]["phone"] = json!(null);
    let draft = officer.post(ALL, &body).assert(201);
    let path = format!("{ALL}/{}", draft.id());
    let refused = officer
        .post(&format!("{path}/submit"), &json!({}))
        .assert(422);
    assert_eq!(
        broken(&refused.problem("invalid")),
        [
            // A way that is safe leads somewhere.
            ("/requester/phone", "required"),
            ("/requester/email", "required"),
            ("/assisted_entry/read_back", "read-back-required"),
        ]
        .map(|(pointer, code)| (pointer.to_owned(), code.to_owned()))
    );
    let entry = json!({
        "assisted_entry": {"read_back": true, "signed_by": "not_yet"},
        "requester": {"phone": "0912 345 678", "email": "canary.me@example.vn"},
    });
    let officer = officer.having_seen(&draft);
    let read = officer.patch(&path, &entry).assert(200).json();
    assert_eq!(read["assisted_entry"]["written_by"], json!(officer.id()));
    let sent = officer.post(&format!("{path}/submit"), &json!({}));
    let sent = sent.assert(200).json();
    assert_eq!(
        sent["assignee"],
        json!(officer.id()),
        "whoever writes goes on"
    );
    // What another wrote is stated; nothing is open until staff have spoken with the person.
    let contact = &sent["requester"]["safe_contact"];
    assert_eq!(contact["confirmed_on"], json!(null));
}

#[test]
fn channels_count_when_staff_have_spoken_and_fall_with_a_new_number() {
    let app = TestApp::new();
    let officer = app.persona(Role::LegalAidIntake);
    let mut body = complete();
    body["requester"]["confirmed_how"] = json!("in_person");
    let draft = officer.post(ALL, &body).assert(201);
    let path = format!("{ALL}/{}", draft.id());
    let contact = draft.json()["requester"]["safe_contact"].clone();
    assert_eq!(contact["confirmed_how"], "in_person");
    assert_eq!(contact["confirmed_on"], "2026-03-01");
    let same = officer.having_seen(&draft);
    let same = same.patch(&path, &json!({"summary": "Khác"})).assert(200);
    assert_eq!(same.json()["requester"]["safe_contact"], contact);
    let moved = officer.having_seen(&same);
    let moved = moved.patch(&path, &json!({"requester": {"phone": "0987654321"}}));
    let contact = moved.assert(200).json()["requester"]["safe_contact"].clone();
    assert_eq!(contact["confirmed_on"], json!(null));
    // An own word is the person's own.
    let own = json!({"requester": {"confirmed_how": "own"}});
    let current = officer.get(&path).assert(200);
    officer.having_seen(&current).patch(&path, &own).assert(422);
}

#[test]
fn a_child_asks_alone_and_one_that_was_found_has_no_known_day_of_birth() {
    let app = TestApp::new();
    let officer = app.persona(Role::LegalAidIntake);
    let mut body = complete();
    body["requester"] =
        json!({"name": "Canary Gia Hân", "relation": "self", "phone": "0912345678"});
    body["child"] = json!({
        "name": "Canary Gia Hân", "special_circumstances": ["abandoned", "abandoned"],
    });
    let draft = officer.post(ALL, &body).assert(201);
    assert_eq!(
        draft.json()["child"]["special_circumstances"],
        json!(["abandoned"])
    );
    let path = format!("{ALL}/{}", draft.id());
    let sent = officer.post(&format!("{path}/submit"), &json!({}));
    assert_eq!(sent.assert(200).json()["child"]["age"], json!(null));
}

#[test]
fn every_broken_rule_is_told_and_nothing_is_kept() {
    let app = TestApp::new();
    let officer = app.persona(Role::LegalAidIntake);
    let body = json!({
        "requester": {"phone": "12", "email": "khong phai"},
        "child": {"birth_date": "0999-01-01"},
        "category": "quan-chuc",
        "field": "kinh-doanh",
        "form_wanted": "phep-mau",
    });
    let refused = officer.post(ALL, &body).assert(422);
    let pointers: Vec<String> = broken(&refused.problem("invalid"))
        .into_iter()
        .map(|(pointer, _)| pointer)
        .collect();
    assert_eq!(
        pointers,
        [
            "/requester/phone",
            "/requester/email",
            "/child/birth_date",
            "/category",
            "/field",
            "/form_wanted"
        ]
    );
    assert_eq!(officer.get(ALL).assert(200).json()["items"], json!([]));
    // Sixteen years and more are another category; the ward refuses nobody.
    let mut body = written();
    body["child"]["birth_date"] = json!("2010-03-01");
    let draft = officer.post(ALL, &body).assert(201);
    let path = format!("{ALL}/{}", draft.id());
    let refused = officer
        .post(&format!("{path}/submit"), &json!({}))
        .assert(422);
    assert_eq!(
        broken(&refused.problem("invalid")),
        [("/category".to_owned(), "age-does-not-fit".to_owned())]
    );
    let other = officer.having_seen(&draft);
    other
        .patch(&path, &json!({"category": "other"}))
        .assert(200);
    officer
        .post(&format!("{path}/submit"), &json!({}))
        .assert(200);
}

#[test]
fn a_draft_is_thrown_away_for_good() {
    let app = TestApp::new();
    let family = app.persona(Role::Family);
    let draft = family.post(ALL, &complete()).assert(201);
    let path = format!("{ALL}/{}", draft.id());
    family.delete(&path).assert(428);
    let guarded = family.having_seen(&draft);
    guarded.delete(&path).assert(204);
    family.get(&path).assert(404);
    let listed = family.get("/me/legal-aid-requests").assert(200).json();
    assert_eq!(listed["items"], json!([]));
}

#[test]
fn the_queue_is_ordered_by_what_presses_and_then_by_its_day() {
    let app = TestApp::new();
    let officer = app.persona(Role::LegalAidIntake);
    let send = |field: &str, urgency: Value| {
        let mut body = written();
        body["field"] = json!(field);
        body["urgency"] = urgency;
        let id = officer.post(ALL, &body).assert(201).id();
        let path = format!("{ALL}/{id}/submit");
        officer.post(&path, &json!({})).assert(200);
        id
    };
    let first = send("civil", json!({}));
    let second = send("labour", json!({"hearing_date": "2026-04-30"}));
    let near = send("criminal", json!({"hearing_date": "2026-03-05"}));
    let said = send(
        "adoption",
        json!({"level": "urgent", "reason": "avoid_harm"}),
    );
    let referral = json!({"document_number": "1/PC-UBND", "papers_to_follow": true});
    let path = format!("{ALL}/{first}/refer");
    officer.post(&path, &referral).assert(200);
    let mut found = Vec::new();
    let mut next = String::new();
    loop {
        let path = format!("{ALL}?order=due&limit=1&include=total{next}");
        let page = officer.get(&path).assert(200).json();
        assert_eq!(page["total"], 4);
        for item in page["items"].as_array().unwrap() {
            found.push(item["id"].as_str().unwrap().to_owned());
        }
        match page["next_cursor"].as_str() {
            Some(cursor) => next = format!("&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(found, [near.clone(), said, second, first.clone()]);
    let shown = officer.get(&format!("{ALL}/{near}")).assert(200).json();
    assert_eq!(shown["urgency"]["level"], "urgent");
    assert_eq!(shown["urgency"]["reason"], "hearing");
    let centre = officer.get(&format!("{ALL}?order=due&next_actor=centre"));
    assert_eq!(centre.assert(200).json()["items"][0]["id"], json!(first));
    officer.get(&format!("{ALL}?order=bua")).assert(422);
}
