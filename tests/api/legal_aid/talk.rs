//! Questions, notes, receipts and counts.

use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::{Story, complete};
use crate::support::TestApp;

#[test]
fn a_family_asks_and_is_answered_and_sees_no_note() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let all = story.path("/questions");
    let asked = json!({"text": "Khi nào tôi cần đến?"});
    let asked = story.family.post(&all, &asked).assert(201).json();
    let id = asked["items"][0]["id"].as_str().unwrap().to_owned();
    let items = "/work-items?kind=question-from-family&done=false&include=total";
    assert_eq!(story.officer.get(items).assert(200).json()["total"], 1);
    let answer = format!("{all}/{id}/answer");
    let words = json!({"text": "Sáng thứ Hai."});
    story.family.post(&answer, &words).assert(403);
    story.officer.post(&answer, &words).assert(200);
    story
        .officer
        .post(&answer, &words)
        .assert(409)
        .problem("question-answered");
    assert_eq!(story.officer.get(items).assert(200).json()["total"], 0);
    let seen = story.family.get(&all).assert(200).json();
    assert_eq!(seen["items"][0]["answer"], "Sáng thứ Hai.");
    assert_eq!(seen["items"][0]["answered_by"], json!(null));
    assert_eq!(seen["items"][0]["asked_by"], json!(null));
    assert_eq!(seen["items"][0]["is_from_family"], true);
    let notes = story.path("/notes");
    let words = json!({"text": "Canary: gia đình có vẻ bị ép."});
    story.officer.post(&notes, &words).assert(201);
    story.family.get(&notes).assert(403);
    assert!(!story.own().to_string().contains("bị ép"));
    let read = story.supervisor.get(&notes).assert(200).json();
    assert_eq!(read["items"][0]["author"], json!(story.officer.id()));
    story.family.post(&all, &json!({"text": "  "})).assert(422);
    let stranger = app.persona(Role::Family);
    stranger.get(&all).assert(404);
}

#[test]
fn what_a_family_asks_at_the_desk_is_told_from_what_it_wrote() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let all = story.path("/questions");
    let words = json!({"text": "Gia đình hỏi ở bàn: mang giấy gì?"});
    let asked = story.officer.post(&all, &words).assert(201).json();
    assert_eq!(asked["items"][0]["is_from_family"], false);
    assert_eq!(asked["items"][0]["asked_by"], json!(story.officer.id()));
    let seen = story.family.get(&all).assert(200).json();
    assert_eq!(seen["items"][0]["is_from_family"], false);
    assert_eq!(seen["items"][0]["asked_by"], json!(null));
}

#[test]
fn a_question_waits_for_its_answer_though_the_request_is_over() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let all = story.path("/questions");
    let words = json!({"text": "Bản chính nhận ở đâu?"});
    let asked = story.family.post(&all, &words).assert(201).json();
    story.go_to("completed");
    let items = "/work-items?kind=question-from-family&done=false&include=total";
    assert_eq!(story.officer.get(items).assert(200).json()["total"], 1);
    // A second one is one more to answer, and nothing more to do.
    let again = story.family.post(&all, &words).assert(201).json();
    assert_eq!(story.officer.get(items).assert(200).json()["total"], 1);
    for (question, left) in [(&asked["items"][0], 1), (&again["items"][1], 0)] {
        let answer = format!("{all}/{}/answer", question["id"].as_str().unwrap());
        story.officer.post(&answer, &words).assert(200);
        let total = story.officer.get(items).assert(200).json()["total"].clone();
        assert_eq!(total, left);
    }
    let void = Story::begin(&app);
    let reason = json!({"reason": "Gửi nhầm."});
    void.supervisor
        .post(&void.path("/void"), &reason)
        .assert(200);
    let late = void.family.post(&void.path("/questions"), &words);
    late.assert(409).problem("action-not-allowed");
}

#[test]
fn a_receipt_tells_four_stages_and_locks_after_wrong_tries() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let make = |story: &Story| {
        let made = story.officer.act(&story.path("/receipt"));
        made.assert(201).json()
    };
    let receipt = make(&story);
    let visitor = app.anonymous();
    let ask = |code: &Value, pin: &Value| {
        visitor.post("/public/status", &json!({"code": code, "pin": pin}))
    };
    let (code, pin) = (&receipt["code"], &receipt["pin"]);
    assert_eq!(pin.as_str().unwrap().len(), 6);
    assert_eq!(ask(code, pin).assert(200).json()["stage"], "received");
    let wanted = json!({"wanted": [{"kind": "identity_paper"}]});
    story.step("request-supplement", &wanted).assert(200);
    assert_eq!(
        ask(code, pin).assert(200).json()["stage"],
        "something_wanted"
    );
    story.go_to("referred");
    let told = ask(code, pin).assert(200).json();
    assert_eq!(told["stage"], "under_way");
    assert_eq!(told.as_object().unwrap().len(), 2, "{told}");
    story.step("record-decision", &super::refusal()).assert(200);
    assert_eq!(ask(code, pin).assert(200).json()["stage"], "answered");
    // Wrong ones are one answer, whatever is wrong.
    let wrong = json!("khong");
    let dead = ask(&json!("ZZZZ-ZZ"), pin)
        .assert(422)
        .problem("receipt-invalid");
    for _again in 0..5 {
        let refused = ask(code, &wrong).assert(422).problem("receipt-invalid");
        assert_eq!(refused["detail"], dead["detail"]);
    }
    ask(code, pin).assert(422).problem("receipt-invalid");
    // Staff make another.
    let again = make(&story);
    assert_ne!(again["pin"], *pin);
    ask(code, pin).assert(422).problem("receipt-invalid");
    assert_eq!(
        ask(code, &again["pin"]).assert(200).json()["stage"],
        "answered"
    );
}

#[test]
fn of_many_tries_at_once_five_are_looked_at() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    story.officer.act(&story.path("/receipt")).assert(201);
    let code = story.show()["code"].clone();
    std::thread::scope(|scope| {
        for _one in 0..32 {
            let (visitor, code) = (app.anonymous(), code.clone());
            scope.spawn(move || {
                let wrong = json!({"code": code, "pin": "000000x"});
                visitor.post("/public/status", &wrong).assert(422);
            });
        }
    });
    let right = story
        .officer
        .act(&story.path("/receipt"))
        .assert(201)
        .json();
    let ask = json!({"code": code, "pin": right["pin"]});
    app.anonymous().post("/public/status", &ask).assert(200);
}

#[test]
fn what_ended_is_counted_in_the_time_it_ended_in() {
    let app = TestApp::new();
    Story::begin(&app).go_to("completed");
    let refused = Story::of(&app, &complete());
    refused.go_to("referred");
    refused
        .step("record-decision", &super::refusal())
        .assert(200);
    let reporter = app.persona(Role::Reporter);
    let within = |days: &str| {
        let path = format!("/reports/legal-aid?{days}");
        reporter.get(&path).assert(200).json()["within_period"].clone()
    };
    let whole = json!({
        "brought_forward": 0, "received": 2, "referred": 2, "refused": 1, "redirected": 0,
        "completed": 1, "discontinued": 0, "withdrawn": 0, "open_at_end": 0,
    });
    assert_eq!(within("from=2026-01-01&to=2026-12-31"), whole);
    let later = within("from=2027-01-01&to=2027-12-31");
    assert_eq!(later["brought_forward"], 0, "{later}");
    // What is open is brought forward until it ends.
    Story::of(&app, &complete()).go_to("referred");
    let later = within("from=2027-01-01&to=2027-12-31");
    let shown = (&later["brought_forward"], &later["open_at_end"]);
    assert_eq!(shown, (&json!(1), &json!(1)), "{later}");
}

#[test]
fn requests_are_counted_without_anybody_being_seen() {
    let app = TestApp::new();
    let first = Story::begin(&app);
    first.go_to("completed");
    let mut body = complete();
    body["field"] = json!("adoption");
    let second = Story::of(&app, &body);
    second.go_to("referred");
    second
        .step("record-decision", &super::refusal())
        .assert(200);
    let third = Story::of(&app, &body);
    third
        .supervisor
        .post(&third.path("/void"), &json!({"reason": "x"}))
        .assert(200);
    let reporter = app.persona(Role::Reporter);
    let days = "from=2026-01-01&to=2026-12-31";
    let by_field = reporter.get(&format!("/reports/legal-aid?{days}&group_by=field"));
    let by_field = by_field.assert(200).json();
    assert_eq!(by_field["total"]["received"], 2);
    assert_eq!(by_field["total"]["accepted"], 1);
    assert_eq!(by_field["total"]["completed"], 1);
    assert_eq!(by_field["total"]["median_working_days_to_referral"], 0.0);
    let keys: Vec<&str> = by_field["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["key"].as_str().unwrap())
        .collect();
    assert_eq!(keys, ["adoption", "birth_registration"]);
    let reasons = reporter.get(&format!(
        "/reports/legal-aid?{days}&group_by=refusal_reason"
    ));
    let reasons = reasons.assert(200).json();
    assert_eq!(reasons["rows"][1]["key"], "not_specific_matter");
    assert_eq!(reasons["rows"][1]["refused"], 1);
    reporter
        .get(&format!("/reports/legal-aid?{days}&group_by=child"))
        .assert(422);
    reporter
        .get("/reports/legal-aid?from=2026-02-01&to=2026-01-01")
        .assert(422);
    first
        .officer
        .get(&format!("/reports/legal-aid?{days}"))
        .assert(403);
}
