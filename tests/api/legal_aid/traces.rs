//! Nothing that was recorded is written over without a trace, and nothing counts twice.

use chrono::TimeDelta;
use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::papers::{PDF, send};
use super::{ALL, Story, acceptance, broken, refusal};
use crate::support::TestApp;

/// What was recorded with every step of a kind, in order.
fn recorded(story: &Story, kind: &str) -> Vec<Value> {
    let path = story.path("/timeline?limit=100");
    let timeline = story.officer.get(&path).assert(200).json();
    let entries = timeline["items"].as_array().unwrap().iter();
    entries
        .filter(|entry| entry["kind"] == kind)
        .map(|entry| entry["recorded"].clone())
        .collect()
}

#[test]
fn what_is_recorded_again_does_not_hide_what_was() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    story.go_to("referred");
    assert_eq!(
        recorded(&story, "refer")[0]["document_number"],
        "12/PC-UBND"
    );
    for number in ["TN-117/2026", "TN-118/2026"] {
        let receipt = json!({"receipt_number": number});
        story.step("record-receipt", &receipt).assert(200);
    }
    assert_eq!(story.show()["referral"]["receipt_number"], "TN-118/2026");
    assert_eq!(
        recorded(&story, "record-receipt"),
        [
            json!({"receipt_number": "TN-117/2026"}),
            json!({"receipt_number": "TN-118/2026"})
        ]
    );
    story.step("record-decision", &acceptance()).assert(200);
    for person in ["Lê Thị Mai", "Trịnh Văn Hùng"] {
        let named = json!({"person": person, "contact": "0225 3 123 456"});
        story.step("assign", &named).assert(200);
    }
    let named = recorded(&story, "assign");
    assert_eq!(named[0]["person"], "Lê Thị Mai");
    assert_eq!(named[1]["person"], "Trịnh Văn Hùng");
    // The days and states are open; names and numbers are not.
    let path = story.path("/timeline?limit=100");
    let timeline = story.officer.get(&path).assert(200).json();
    let facts: Vec<&Value> = timeline["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| &entry["facts"])
        .collect();
    let facts = json!(facts).to_string();
    assert!(!facts.contains("TN-117") && !facts.contains("Lê Thị Mai"));
}

#[test]
fn a_change_of_what_was_handed_in_keeps_what_it_said() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let path = story.path("");
    let officer = story
        .officer
        .having_seen(&story.officer.get(&path).assert(200));
    let change = json!({"child": {"name": "Canary Gia Hân B"}, "field": "adoption"});
    officer.patch(&path, &change).assert(200);
    let timeline = story
        .officer
        .get(&story.path("/timeline"))
        .assert(200)
        .json();
    let edit = &timeline["items"][2];
    assert_eq!(edit["facts"]["changed"], json!(["/child/name", "/field"]));
    assert_eq!(
        edit["recorded"]["before"],
        json!({"/child/name": "Canary Gia Hân", "/field": "birth_registration"})
    );
}

#[test]
fn to_supplement_is_to_hand_something_in_or_to_say_why_not() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let supplement = story.path("/supplement");
    let refused = story.family.post(&supplement, &json!({})).assert(409);
    refused.problem("nothing-new");
    app.clock.advance(TimeDelta::minutes(1));
    let wanted = json!({"wanted": [
        {"kind": "birth_certificate", "words": "Bản sao có chứng thực"},
        {"kind": "matter_paper", "words": "Giấy hẹn cũ"},
    ]});
    story.step("request-supplement", &wanted).assert(200);
    app.clock.advance(TimeDelta::minutes(1));
    let refused = story.family.post(&supplement, &json!({})).assert(409);
    assert_eq!(
        refused.problem("nothing-new")["papers"],
        json!(["birth_certificate", "matter_paper"])
    );
    assert_eq!(story.own()["stage"], "papers_wanted");
    let kind = [("kind", "birth_certificate")];
    let all = story.path("/documents");
    send(&story.family, &all, &kind, ("x.pdf", PDF)).assert(201);
    app.clock.advance(TimeDelta::minutes(1));
    let more = story
        .family
        .post(&supplement, &json!({}))
        .assert(200)
        .json();
    assert_eq!(more["stage"], "received");
    // What has not come is still wanted.
    assert_eq!(
        more["wanted"],
        json!([{"kind": "matter_paper", "words": "Giấy hẹn cũ"}])
    );
    app.clock.advance(TimeDelta::minutes(1));
    let again = story.family.post(&supplement, &json!({})).assert(409);
    again.problem("nothing-new");
    let why = json!({"note": "Giấy hẹn đã mất."});
    story.family.post(&supplement, &why).assert(200);
    // The words that asked for it stay on the timeline.
    let asked = recorded(&story, "request-supplement");
    assert_eq!(asked[0]["wanted"][0]["words"], "Bản sao có chứng thực");
    // Looked at once is enough for all that came.
    let items = "/work-items?kind=request-to-triage&done=false&include=total";
    assert_eq!(story.officer.get(items).assert(200).json()["total"], 1);
}

#[test]
fn staff_say_how_a_family_was_asked_whether_it_stays() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    story
        .family
        .post(&story.path("/withdraw"), &json!({"reason": "Bận."}))
        .assert(200);
    let bare = story.step("keep", &json!({})).assert(422);
    assert_eq!(
        broken(&bare.problem("invalid")),
        [("/how".to_owned(), "required".to_owned())]
    );
    story.step("keep", &json!({"how": "own"})).assert(422);
    let told = json!({"how": "by_phone", "note": "Gia đình đổi ý."});
    let kept = story.step("keep", &told).assert(200).json();
    assert_eq!(kept["withdrawal_requested_at"], json!(null));
    assert_eq!(recorded(&story, "withdraw"), [json!({"reason": "Bận."})]);
    story
        .family
        .post(&story.path("/withdraw"), &json!({}))
        .assert(200);
    let own = json!({"how": "by_phone"});
    let own = story.family.post(&story.path("/keep"), &own).assert(422);
    assert_eq!(
        broken(&own.problem("invalid")),
        [("/how".to_owned(), "not-yours-to-set".to_owned())]
    );
    story
        .family
        .post(&story.path("/keep"), &json!({}))
        .assert(200);
}

#[test]
fn nobody_is_born_tomorrow_in_a_draft_either() {
    let app = TestApp::new();
    let family = app.persona(Role::Family);
    let body = json!({"child": {"birth_date": "2026-03-02"}});
    let refused = family.post(ALL, &body).assert(422);
    assert_eq!(
        broken(&refused.problem("invalid")),
        [("/child/birth_date".to_owned(), "in-the-future".to_owned())]
    );
}

#[test]
fn a_decision_that_was_written_down_wrongly_is_put_right() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    story.go_to("referred");
    story.step("record-decision", &refusal()).assert(200);
    // Of two who write down opposite words the later is told of the first.
    let other = story.step("record-decision", &acceptance()).assert(409);
    other.problem("decision-stands");
    let mut corrected = acceptance();
    corrected["correct"] = json!(true);
    let path = story.path("/record-decision");
    let stale = story.officer.with("If-Match", "\"1\"");
    stale.post(&path, &corrected).assert(412);
    let seen = story.officer.get(&story.path("")).assert(200);
    let knowing = story.officer.having_seen(&seen);
    let right = knowing.post(&path, &corrected).assert(200);
    let right = right.json();
    assert_eq!(
        (
            &right["status"],
            &right["refused_before"],
            &right["ended_on"]
        ),
        (&json!("accepted"), &json!(null), &json!(null))
    );
    assert_eq!(story.own()["stage"], "accepted");
    let kept = recorded(&story, "record-decision");
    assert_eq!(kept[0]["number"], "46/TB-TGPL");
    assert_eq!(kept[1]["number"], "45/TL-TGPL");
    // Once somebody works on it, it stands.
    let named = json!({"person": "Lê Thị Mai"});
    story.step("assign", &named).assert(200);
    story.step("record-decision", &refusal()).assert(409);
}
