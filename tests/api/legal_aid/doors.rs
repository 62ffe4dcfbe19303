//! Who sees nothing: the other parent, another family, an officer in conflict, an organiser, a
//! counsellor: by any route, list, count or error.

use hai_dang::identity::Role;
use serde_json::json;

use super::{ALL, Story, complete};
use crate::support::{Client, TestApp};

/// Every door to a request, with bodies that would do.
fn doors() -> Vec<(&'static str, &'static str, serde_json::Value)> {
    let refer = super::referral();
    vec![
        ("GET", "", json!(null)),
        ("GET", "/timeline", json!(null)),
        ("GET", "/documents", json!(null)),
        ("GET", "/notes", json!(null)),
        ("GET", "/questions", json!(null)),
        ("GET", "/referral-letter.docx", json!(null)),
        ("GET", "/request-form.docx", json!(null)),
        ("GET", "/receipt.docx", json!(null)),
        ("POST", "/receipt", json!(null)),
        ("POST", "/notes", json!({"text": "x"})),
        ("POST", "/questions", json!({"text": "x"})),
        ("POST", "/submit", json!({})),
        ("POST", "/supplement", json!({})),
        ("POST", "/insist", json!({})),
        ("POST", "/withdraw", json!({})),
        ("POST", "/keep", json!({})),
        (
            "POST",
            "/request-supplement",
            json!({"wanted": [{"kind": "identity_paper"}]}),
        ),
        ("POST", "/refer", refer),
        ("POST", "/record-receipt", json!({"receipt_number": "1"})),
        ("POST", "/record-decision", super::acceptance()),
        ("POST", "/return", json!({"reason": "x"})),
        ("POST", "/assign", json!({"person": "x"})),
        ("POST", "/start", json!({})),
        ("POST", "/complete", json!({"outcome": "x"})),
        ("POST", "/discontinue", json!({"outcome": "x"})),
        ("POST", "/redirect", json!({"to": "x"})),
        ("POST", "/void", json!({"reason": "x"})),
        ("POST", "/confirm-withdrawal", json!({"how": "by_phone"})),
        ("POST", "/declare-conflict", json!({"reason": "x"})),
        ("PATCH", "", json!({"language": "en"})),
        ("DELETE", "", json!(null)),
    ]
}

/// Nothing of the request is told to this caller, and what it is told is told of a missing one.
#[track_caller]
fn sees_nothing(client: &Client, id: &str) {
    let missing = "019ca000-0000-7000-8000-000000000000";
    for (method, rest, body) in doors() {
        let client = client
            .with("X-Request-Id", "doors")
            .with("If-Match", "\"1\"");
        let knock = |id: &str| {
            let body = (!body.is_null()).then(|| body.to_string().into_bytes());
            client.send(method, &format!("{ALL}/{id}{rest}"), body)
        };
        let (there, nowhere) = (knock(id), knock(missing));
        let door = format!("{method} {rest}");
        assert!(
            [403, 404].contains(&there.status),
            "{door}: {}",
            there.status
        );
        assert_eq!(there.status, nowhere.status, "{door}");
        assert_eq!(there.body, nowhere.body, "{door}");
    }
    for list in [ALL, "/me/legal-aid-requests", "/work-items"] {
        let reply = client.get(&format!("{list}?include=total"));
        let text = String::from_utf8_lossy(&reply.body).into_owned();
        assert!(
            !text.contains(id) && !text.contains("Canary"),
            "{list}: {text}"
        );
        assert!(
            reply.status == 403 || reply.json()["total"] == 0,
            "{list}: {text}"
        );
    }
}

#[test]
fn strangers_learn_nothing_by_any_door() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    story
        .family
        .post(&story.path("/withdraw"), &json!({}))
        .assert(200);
    for role in [
        Role::Family,
        Role::Counsellor,
        Role::Organiser,
        Role::Administrator,
        Role::Reporter,
        Role::Contributor,
        Role::Auditor,
    ] {
        sees_nothing(&app.persona(role), &story.request);
    }
    let office = app.add_office("khac");
    sees_nothing(
        &app.persona_of(office, &[Role::LegalAidIntake]),
        &story.request,
    );
}

#[test]
fn whoever_stands_back_sees_it_no_more() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    story
        .family
        .post(&story.path("/withdraw"), &json!({}))
        .assert(200);
    let officer = &story.officer;
    let reason = json!({"reason": "Là họ hàng của gia đình."});
    officer
        .post(&story.path("/declare-conflict"), &reason)
        .assert(204);
    sees_nothing(officer, &story.request);
    // The supervisor gives it to another.
    let items = story
        .supervisor
        .get("/work-items?kind=request-to-triage&done=false");
    let items = items.assert(200).json();
    assert!(items.to_string().contains(&story.request), "{items}");
    let other = app.persona(Role::LegalAidIntake);
    let seen = other.get(&story.path("")).assert(200);
    let given = story.supervisor.having_seen(&seen);
    let given = given.patch(&story.path(""), &json!({"assignee": other.id()}));
    assert_eq!(given.assert(200).json()["assignee"], json!(other.id()));
    // An officer says it of themselves alone, a supervisor of another.
    let of_other = json!({"reason": "x", "user": story.supervisor.id()});
    other
        .post(&story.path("/declare-conflict"), &of_other)
        .assert(403);
    let of_other = json!({"reason": "x", "user": other.id()});
    let path = story.path("/declare-conflict");
    story.supervisor.post(&path, &of_other).assert(204);
    sees_nothing(&other, &story.request);
    assert_eq!(
        story.supervisor.get(&story.path("")).assert(200).json()["assignee"],
        json!(null)
    );
}

#[test]
fn duplicates_are_told_to_officers_alone() {
    let app = TestApp::new();
    let first = Story::begin(&app);
    let second = Story::begin(&app);
    let seen = second.show();
    assert_eq!(seen["possible_duplicates"][0]["id"], json!(first.request));
    assert!(!second.own().to_string().contains("duplicate"));
    let other = {
        let mut body = complete();
        body["child"]["name"] = json!("canary gia han");
        body["field"] = json!("guardianship");
        Story::of(&app, &body)
    };
    assert_eq!(
        other.show()["possible_duplicates"],
        json!([]),
        "another matter"
    );
}

#[test]
fn a_stand_in_of_an_officer_sees_to_requests_for_its_days() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let counsellor = app.persona(Role::Counsellor);
    counsellor.get(&story.path("")).assert(403);
    let days = json!({
        "from_user": story.officer.id(), "to_user": counsellor.id(), "duty": "intake",
        "starts_on": "2026-03-01", "ends_on": "2026-03-02",
    });
    story.supervisor.post("/delegations", &days).assert(201);
    counsellor.get(&story.path("")).assert(200);
    counsellor
        .post(&story.path("/void"), &json!({"reason": "x"}))
        .assert(403);
}
