//! What stays of a request whoever changes it, and who is left to see to it.

use hai_dang::identity::Role;
use serde_json::json;

use super::papers::{PDF, send};
use super::{ALL, Story, broken, complete, refusal};
use crate::support::TestApp;

#[test]
fn harm_that_was_told_of_is_not_edited_away() {
    let app = TestApp::new();
    let mut body = complete();
    body["field"] = json!("child_abuse");
    let story = Story::of(&app, &body);
    let withdraw = story.path("/withdraw");
    story.family.post(&withdraw, &json!({})).assert(200);
    let seen = story.officer.get(&story.path("")).assert(200);
    let change = json!({"field": "civil"});
    let officer = story.officer.having_seen(&seen);
    let changed = officer.patch(&story.path(""), &change).assert(200).json();
    assert_eq!(changed["withdrawal"]["needs_supervisor"], true);
    let how = json!({"how": "by_phone"});
    let half = story.step("confirm-withdrawal", &how).assert(200).json();
    assert_eq!(half["status"], "submitted", "a supervisor confirms it, too");
}

#[test]
fn what_was_handed_in_stays_whole() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let seen = story.officer.get(&story.path("")).assert(200);
    let emptied = json!({
        "requester": {"name": null}, "child": {"name": null}, "category": null, "summary": null,
    });
    let officer = story.officer.having_seen(&seen);
    let refused = officer.patch(&story.path(""), &emptied).assert(422);
    let pointers: Vec<String> = broken(&refused.problem("invalid"))
        .into_iter()
        .map(|(pointer, _)| pointer)
        .collect();
    assert_eq!(
        pointers,
        ["/requester/name", "/child/name", "/category", "/summary"]
    );
    assert_eq!(story.show()["category"], "child");
}

#[test]
fn nobody_is_given_what_they_stand_back_from_and_somebody_is_left() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let other = app.persona(Role::LegalAidIntake);
    let why = json!({"reason": "Người quen."});
    let step = story.path("/declare-conflict");
    other.post(&step, &why).assert(204);
    let seen = story.officer.get(&story.path("")).assert(200);
    let given = json!({"assignee": other.id()});
    let officer = story.officer.having_seen(&seen);
    let refused = officer.patch(&story.path(""), &given).assert(422);
    assert_eq!(
        broken(&refused.problem("invalid")),
        [("/assignee".to_owned(), "unknown-reference".to_owned())]
    );
    story.officer.post(&step, &why).assert(204);
    story
        .supervisor
        .post(&step, &why)
        .assert(409)
        .problem("nobody-left");
    story.supervisor.get(&story.path("")).assert(200);
}

#[test]
fn a_kept_answer_is_not_given_to_whoever_stands_back() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let once = story.officer.with("Idempotency-Key", "mot-lan");
    let ask = story.path("/request-supplement");
    let wanted = json!({"wanted": [{"kind": "birth_certificate"}]});
    once.post(&ask, &wanted).assert(200);
    assert_eq!(
        once.post(&ask, &wanted)
            .assert(200)
            .header("Idempotency-Replayed"),
        "true"
    );
    let step = story.path("/declare-conflict");
    let why = json!({"reason": "Người quen."});
    once.post(&step, &why).assert(204);
    once.post(&ask, &wanted).assert(404).problem("not-found");
    // That one stood back tells of nobody, and can be heard again.
    let again = once.post(&step, &why).assert(204);
    assert_eq!(again.header("Idempotency-Replayed"), "true");
}

#[test]
fn what_is_erased_is_in_no_kept_answer() {
    let app = TestApp::new();
    let family = app.persona(Role::Family);
    let once = family.with("Idempotency-Key", "mot-lan");
    let draft = once.post(ALL, &complete()).assert(201);
    let path = format!("{ALL}/{}", draft.id());
    family.having_seen(&draft).delete(&path).assert(204);
    // Nothing is done twice, and nothing is told.
    let again = once.post(ALL, &complete()).assert(409);
    again.problem("idempotency-forgotten");
    let list = family.get("/me/legal-aid-requests").assert(200).json();
    assert_eq!(list["items"], json!([]));
}

#[test]
fn a_refusal_stays_with_its_day_to_complain_when_it_is_sent_again() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    story.go_to("referred");
    story.step("record-decision", &refusal()).assert(200);
    let until = story.own()["complaint"]["until"].clone();
    // New papers are handed in, and the ward looks at them.
    let more = json!({"note": "Có giấy tờ mới."});
    let more = story.family.post(&story.path("/supplement"), &more);
    assert_eq!(more.assert(200).json()["stage"], "not_accepted");
    let items = "/work-items?kind=request-to-triage&done=false&include=total";
    assert_eq!(story.officer.get(items).assert(200).json()["total"], 1);
    let again = json!({"document_number": "13/PC-UBND", "papers_to_follow": true});
    story.step("refer", &again).assert(200);
    let own = story.own();
    assert_eq!(own["decision"], json!(null));
    assert_eq!(own["refused_before"]["number"], "46/TB-TGPL");
    assert_eq!(own["complaint"]["until"], until);
    assert_eq!(own["what_else"], json!(null));
}

#[test]
fn whoever_insisted_is_not_shown_another_way_again() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let withdraw = story.path("/withdraw");
    story.family.post(&withdraw, &json!({})).assert(200);
    let way = json!({"to": "Bộ phận hộ tịch"});
    story.step("redirect", &way).assert(200);
    // The wish to take it back has its answer.
    assert_eq!(story.own()["withdrawal_requested_at"], json!(null));
    let insist = story.path("/insist");
    story.family.post(&insist, &json!({})).assert(200);
    let refused = story.step("redirect", &way).assert(409);
    let allowed = refused.problem("action-not-allowed")["allowed_actions"].clone();
    assert!(!allowed.as_array().unwrap().contains(&json!("redirect")));
}

#[test]
fn a_paper_of_the_centre_is_seen_once_it_is_recorded_and_not_by_whom() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    story.go_to("referred");
    let all = story.path("/documents");
    let kind = [("kind", "centre_decision")];
    let page = send(&story.officer, &all, &kind, ("x.pdf", PDF)).assert(201);
    let page = format!("{all}/{}", page.id());
    story.family.get(&page).assert(404);
    story.step("record-decision", &refusal()).assert(200);
    story.family.get(&page).assert(200);
    let listed = story.family.get(&all).assert(200).json();
    assert_eq!(listed["items"][0]["uploaded_by"], json!(null));
    let listed = story.officer.get(&all).assert(200).json();
    assert_eq!(listed["items"][0]["uploaded_by"], json!(story.officer.id()));
}

#[test]
fn what_is_wanted_is_a_familys_and_said_in_words() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let wanted = json!({"wanted": [
        {"kind": "other"}, {"kind": "centre_decision"},
        {"kind": "identity_paper"}, {"kind": "identity_paper"},
    ]});
    let refused = story.step("request-supplement", &wanted).assert(422);
    let told = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
    assert_eq!(
        broken(&refused.problem("invalid")),
        [
            told("/wanted/0/words", "required"),
            told("/wanted/1/kind", "not-of-a-family"),
            told("/wanted/3", "repeated")
        ]
    );
}

#[test]
fn a_list_is_no_object_and_a_step_without_words_takes_none() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let list = json!(["Khi nào?"]);
    let refused = story.family.post(&story.path("/questions"), &list);
    assert_eq!(
        broken(&refused.assert(422).problem("invalid")),
        [(String::new(), "wrong-shape".to_owned())]
    );
    let made = story
        .officer
        .post(&story.path("/receipt"), &json!({"pin": "1"}));
    made.assert(422).problem("invalid");
    story
        .officer
        .post(&story.path("/receipt"), &json!({}))
        .assert(201);
}
