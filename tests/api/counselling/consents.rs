//! Consents, the time to take them back, and what waits for them.

use chrono::TimeDelta;
use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::Story;
use crate::support::{Client, Reply, TestApp};

impl Story {
    /// The case as it is changed by its counsellor.
    fn change(&self, changes: &Value) -> Reply {
        let seen = self.counsellor.get(&self.path("")).assert(200);
        let counsellor = self.counsellor.having_seen(&seen);
        counsellor.patch(&self.path(""), changes)
    }

    /// The same people logged in again, once the clock went on.
    fn later(&mut self, app: &TestApp, days: i64) {
        app.clock.advance(TimeDelta::days(days));
        self.counsellor = app.again(&self.counsellor);
        self.supervisor = app.again(&self.supervisor);
    }

    /// To the phase in which consents are taken.
    #[track_caller]
    fn go_on(&self) {
        let why = json!({"override_reason": "Hồ sơ giấy đã đủ."});
        let path = self.path("/advance-phase");
        self.supervisor.post(&path, &why).assert(200);
    }

    fn consent(&self, party: &str, decision: &str, taken_on: &str) -> Reply {
        let body = json!({
            "party_id": party, "decision": decision, "taken_on": taken_on, "in_person": true,
            "taken_by": "Canary Cán Bộ", "present": ["Canary Người Chứng"],
            "explained": ["purpose", "legal_effects"], "note": "Canary ghi chú",
        });
        self.counsellor
            .post(&self.path("/adoption-consents"), &body)
    }
}

fn withdraw(by: &Client, story: &Story, id: &str, on: &str) -> Reply {
    let path = story.path(&format!("/adoption-consents/{id}/withdraw"));
    by.post(&path, &json!({"on": on, "note": "Canary đổi ý"}))
}

#[test]
fn a_consent_is_checked_by_the_childs_age() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    // The office's day is the first of March 2026.
    story
        .change(&json!({"child": {"born_on": "2026-02-10"}}))
        .assert(200);
    let early = story.consent(&story.party, "given", "2026-02-24");
    early
        .assert(422)
        .violates("/taken_on", "too-early-after-birth");
    story
        .consent(&story.party, "refused", "2026-02-24")
        .assert(201);
    let given = story.consent(&story.party, "given", "2026-02-25");
    let given = given.assert(201).json();
    assert_eq!(given["window_ends_on"], "2026-03-12");
    assert_eq!(given["open_until"], "2026-03-12");
    assert_eq!(given["window_open"], true);
    assert_eq!(given["warnings"], json!(["not-counselled"]));
    let future = story.consent(&story.party, "given", "2026-03-02");
    future.assert(422).violates("/taken_on", "in-the-future");
    let back = story.consent(&story.party, "withdrawn", "2026-02-25");
    back.assert(422).violates("/decision", "not-yours-to-set");
    let nobody = "019ca000-0000-7000-8000-000000000000";
    let unknown = story.consent(nobody, "given", "2026-02-25");
    unknown
        .assert(422)
        .violates("/party_id", "unknown-reference");
    // An unborn child: no day is late enough.
    story
        .change(&json!({"child": {"expected_on": "2026-02-01"}}))
        .assert(200);
    let unborn = story.consent(&story.party, "given", "2026-02-25");
    unborn
        .assert(422)
        .violates("/taken_on", "too-early-after-birth");
    // A child of nine says so in person; one day younger, nobody asks.
    let child = json!({"role": "child", "name": "Canary Bé"});
    let child = story.counsellor.post(&story.path("/parties"), &child);
    let child = child.assert(201).id();
    let body = json!({"party_id": child, "decision": "given", "taken_on": "2026-02-25"});
    for (born_on, status) in [("2017-02-25", 422), ("2017-02-26", 201)] {
        story
            .change(&json!({"child": {"born_on": born_on}}))
            .assert(200);
        let path = story.path("/adoption-consents");
        let reply = story.counsellor.post(&path, &body).assert(status);
        if status == 422 {
            reply.violates("/in_person", "in-person-required");
        }
    }
    let list = story.counsellor.get(&story.path("/adoption-consents"));
    let list = list.assert(200).json();
    assert_eq!(list["items"].as_array().unwrap().len(), 3);
    let one = list["items"][1]["id"].as_str().unwrap();
    let one = story.path(&format!("/adoption-consents/{one}"));
    assert_eq!(story.counsellor.get(&one).assert(200).json(), given);
    let colleague = app.persona(Role::Counsellor);
    colleague.get(&one).assert(404);
    let party = story.path(&format!("/parties/{}", story.party));
    let seen = story.counsellor.get(&party).assert(200);
    let remove = story.counsellor.having_seen(&seen).delete(&party);
    remove.assert(409).problem("party-in-use");
}

#[test]
fn the_adoption_waits_for_consents_and_their_windows() {
    let app = TestApp::new();
    let mut story = Story::begin(&app);
    story.go_on();
    let why = json!({"override_reason": "Hồ sơ giấy đã đủ."});
    let decision = json!({"decision": {
        "number": "15/QĐ-UBND", "date": "2026-02-27", "authority": "UBND phường",
    }});
    let refused = |story: &Story, code: &str| -> Value {
        let step = story.supervisor.post(&story.path("/advance-phase"), &why);
        step.assert(409).problem(code);
        let correct = json!({"phase": "after", "reason": "Nhầm."});
        let step = story
            .supervisor
            .post(&story.path("/correct-phase"), &correct);
        step.assert(409).problem(code);
        let hand_over = json!({"hand_over_on": "2026-02-28"});
        story.change(&hand_over).assert(409).problem(code);
        story.change(&decision).assert(409).problem(code)
    };
    let facts = refused(&story, "consent-lacking");
    assert_eq!(facts["parties"], json!([story.party]));
    story
        .consent(&story.party, "refused", "2026-02-26")
        .assert(201);
    refused(&story, "consent-lacking");
    // Taken on Saturday the 28th; fifteen days on is Sunday, so it is open to Monday.
    let given = story.consent(&story.party, "given", "2026-02-28");
    let given = given.assert(201).json();
    assert_eq!(given["window_ends_on"], "2026-03-15");
    assert_eq!(given["open_until"], "2026-03-16");
    story
        .change(&json!({"child": {"born_on": "2025-02-10"}}))
        .assert(200);
    let facts = refused(&story, "consent-window-open");
    assert_eq!(facts["open_until"], "2026-03-16");
    story
        .change(&json!({"adoption_kind": "undetermined"}))
        .assert(200);
    let facts = refused(&story, "consent-window-open");
    assert!(facts["open_until"].is_null());
    story
        .change(&json!({"adoption_kind": "domestic"}))
        .assert(200);
    story.later(&app, 15);
    refused(&story, "consent-window-open");
    story.later(&app, 1);
    // A child of nine is asked too.
    story
        .change(&json!({"child": {"born_on": "2015-02-10"}}))
        .assert(200);
    let facts = refused(&story, "consent-lacking");
    assert_eq!(facts["roles"], json!(["child"]));
    story
        .change(&json!({"child": {"born_on": "2025-02-10"}}))
        .assert(200);
    story.change(&decision).assert(200);
    let moved = story.supervisor.post(&story.path("/advance-phase"), &why);
    assert_eq!(moved.assert(200).json()["phase"], "after");
}

#[test]
fn a_consent_that_does_not_count_says_why_and_is_given_anew() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    story.go_on();
    let given = story.consent(&story.party, "given", "2026-02-20");
    let given = given.assert(201).json();
    assert_eq!(given["warnings"][0], "not-counselled");
    assert_eq!(given["warnings"][1], "birth-unknown");
    let step = || {
        let why = json!({"override_reason": "Hồ sơ giấy đã đủ."});
        let step = story.supervisor.post(&story.path("/advance-phase"), &why);
        step.assert(409).problem("consent-lacking")["doubts"].clone()
    };
    let doubts = |doubt: &str| json!([{"party_id": story.party, "doubt": doubt}]);
    assert_eq!(step(), doubts("birth-unknown"));
    // While the birth is unknown it may well be good: another would be a second one.
    let twin = story.consent(&story.party, "given", "2026-02-27");
    twin.assert(422).violates("/party_id", "repeated");
    let born = json!({"child": {"born_on": "2026-02-10"}});
    story.change(&born).assert(200);
    assert_eq!(step(), doubts("too-early-after-birth"));
    let anew = story.consent(&story.party, "given", "2026-02-25");
    assert_eq!(
        anew.assert(201).json()["warnings"],
        json!(["not-counselled"])
    );
    let list = story.counsellor.get(&story.path("/adoption-consents"));
    let list = list.assert(200).json();
    assert_eq!(list["items"][0]["warnings"][1], "too-early-after-birth");
    let why = json!({"override_reason": "Hồ sơ giấy đã đủ."});
    let step = story.supervisor.post(&story.path("/advance-phase"), &why);
    step.assert(409).problem("consent-window-open");
}

#[test]
fn what_already_happened_is_recorded_and_flagged_and_moves_no_phase() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    story.go_on();
    let mut fact = json!({"hand_over_on": "2026-02-20"});
    story.change(&fact).assert(409).problem("consent-lacking");
    fact["already_happened"] = json!(true);
    let ahead = json!({"hand_over_on": "2026-03-20", "already_happened": true});
    let refused = story.change(&ahead).assert(422);
    refused.violates("/hand_over_on", "in-the-future");
    let recorded = story.change(&fact).assert(200).json();
    assert_eq!(recorded["hand_over_on"], "2026-02-20");
    assert_eq!(recorded["phase"], "during");
    let timeline = story.counsellor.get(&story.path("/timeline"));
    let timeline = timeline.assert(200).json();
    let last = timeline["items"]
        .as_array()
        .unwrap()
        .last()
        .unwrap()
        .clone();
    assert_eq!(last["kind"], "flagged-fact");
    assert_eq!(last["facts"]["why"], "consent-lacking");
    assert_eq!(last["facts"]["set"], json!(["hand_over_on"]));
    // The phase still waits.
    let why = json!({"override_reason": "Đã giao nhận."});
    let step = story.supervisor.post(&story.path("/advance-phase"), &why);
    step.assert(409).problem("consent-lacking");
}

#[test]
fn the_kind_of_adoption_changes_to_a_longer_time_and_not_to_a_shorter() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let given = story.consent(&story.party, "given", "2026-02-28");
    given.assert(201);
    let kind = |kind: &str| story.change(&json!({"adoption_kind": kind}));
    kind("intercountry").assert(200);
    let all = story.counsellor.get(&story.path("/adoption-consents"));
    let all = all.assert(200).json();
    assert_eq!(all["items"][0]["window_ends_on"], "2026-03-30");
    kind("domestic").assert(409).problem("consent-window-open");
}

#[test]
fn that_nobody_needs_a_consent_is_a_supervisors_word_before_it_is_asked() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let all = story.path("/adoption-consents");
    let waiver = |party: &str, note: Option<&str>| {
        json!({
            "party_id": party, "decision": "not_required", "taken_on": "2026-03-01", "note": note,
        })
    };
    let father = story.add_party("birth_parent", "Canary Cha Đẻ");
    let dead = waiver(&father, Some("Canary đã mất."));
    story.counsellor.post(&all, &dead).assert(403);
    let bare = story.supervisor.post(&all, &waiver(&father, None));
    bare.assert(422).violates("/note", "required");
    story.supervisor.post(&all, &dead).assert(201);
    // What somebody said is not passed over, nor the time to take it back.
    for (decision, taken_on) in [("refused", "2026-02-27"), ("given", "2026-02-28")] {
        story.consent(&story.party, decision, taken_on).assert(201);
        let passed = waiver(&story.party, Some("Canary."));
        let passed = story.supervisor.post(&all, &passed);
        passed.assert(422).violates("/decision", "not-with-this");
    }
}

#[test]
fn nothing_of_an_adoption_happened_before_the_child_was_born() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let born = json!({"child": {"born_on": "2020-05-05"}});
    story.change(&born).assert(200);
    let early = json!({
        "hand_over_on": "2019-01-01", "already_happened": true,
        "decision": {"number": "15/QĐ-UBND", "date": "2019-01-01", "authority": "UBND phường"},
    });
    let refused = story.change(&early).assert(422);
    refused.violates("/hand_over_on", "order-invalid");
    refused.violates("/decision/date", "order-invalid");
}

#[test]
fn a_withdrawal_in_time_lets_the_case_rest_and_tells_the_supervisor() {
    let app = TestApp::new();
    let mut story = Story::begin(&app);
    story.go_on();
    let given = story.consent(&story.party, "given", "2026-02-28");
    let id = given.assert(201).id();
    let ahead = withdraw(&story.counsellor, &story, &id, "2026-03-20");
    ahead.assert(422).violates("/on", "in-the-future");
    let early = withdraw(&story.counsellor, &story, &id, "2026-02-27");
    early.assert(422).violates("/on", "order-invalid");
    // The day after the one that was told, still taken: in time, and flagged.
    story.later(&app, 15);
    let back = withdraw(&story.counsellor, &story, &id, "2026-03-16");
    let back = back.assert(200).json();
    assert_eq!(back["decision"], "withdrawn");
    assert_eq!(back["withdrawal"]["late"], false);
    assert_eq!(back["flagged"], true);
    let case = story.show();
    assert_eq!(case["status"], "on_hold");
    assert_eq!(case["hold_reason"], "consent_withdrawn");
    let mails = app.mails("consent_withdrawn_staff", &story.supervisor.email);
    assert_eq!(mails.len(), 1);
    let said = serde_json::to_string(&mails[0].content).unwrap();
    assert!(
        !said.contains("Canary") && !said.contains("LC-TV"),
        "{said}"
    );
    let again = withdraw(&story.counsellor, &story, &id, "2026-03-16");
    again.assert(409).problem("action-not-allowed");
    let resume = json!({"reason": "Đã nói chuyện lại."});
    story
        .counsellor
        .post(&story.path("/resume"), &resume)
        .assert(403);
    story
        .supervisor
        .post(&story.path("/resume"), &resume)
        .assert(200);
    let why = json!({"override_reason": "Đủ."});
    let step = story.supervisor.post(&story.path("/advance-phase"), &why);
    step.assert(409).problem("consent-lacking");
}

#[test]
fn a_late_withdrawal_is_recorded_and_flagged_even_in_an_ended_case() {
    let app = TestApp::new();
    let mut story = Story::begin(&app);
    let first = story.consent(&story.party, "given", "2026-02-27");
    let first = first.assert(201).id();
    // A twin would outlive the withdrawal of the first.
    let twin = story.consent(&story.party, "given", "2026-02-27");
    twin.assert(422).violates("/party_id", "repeated");
    let other = story.add_party("relative", "Canary Bà Ngoại");
    let second = story.consent(&other, "given", "2026-02-27");
    let second = second.assert(201).id();
    story.later(&app, 20);
    let late = withdraw(&story.counsellor, &story, &first, "2026-03-20");
    let late = late.assert(200).json();
    assert_eq!(late["flagged"], true);
    assert_eq!(late["withdrawal"]["late"], true);
    assert_eq!(late["withdrawal"]["note"], "Canary đổi ý");
    assert_eq!(story.show()["status"], "open");
    // One that rests already: the supervisor alone resumes it now.
    story
        .counsellor
        .post(&story.path("/hold"), &json!({"reason": "Chờ giấy tờ."}))
        .assert(200);
    withdraw(&story.counsellor, &story, &second, "2026-03-10").assert(200);
    assert_eq!(story.show()["hold_reason"], "consent_withdrawn");
    let third = story.consent(&story.party, "given", "2026-03-20");
    let third = third.assert(201).id();
    super::cases::close(&story, "family_preserved");
    story.later(&app, 30);
    let ended = withdraw(&story.supervisor, &story, &third, "2026-04-20");
    assert_eq!(ended.assert(200).json()["withdrawal"]["late"], true);
    assert_eq!(story.show()["status"], "closed");
}

#[test]
fn a_withdrawal_in_time_takes_an_ended_case_up_again_to_rest() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let given = story.consent(&story.party, "given", "2026-02-28");
    let given = given.assert(201).id();
    super::cases::close(&story, "other_care");
    let ask = json!({"reason": "Gia đình yêu cầu."});
    story
        .counsellor
        .post(&story.path("/ask-erasure"), &ask)
        .assert(200);
    withdraw(&story.supervisor, &story, &given, "2026-03-01").assert(200);
    let case = story.show();
    assert_eq!(case["status"], "on_hold");
    assert_eq!(case["hold_reason"], "consent_withdrawn");
    assert_eq!(case["outcome"], json!(null));
    // What was asked of the ended case is not asked of this one.
    let why = json!({"reason": "Đã nói chuyện lại."});
    story
        .supervisor
        .post(&story.path("/resume"), &why)
        .assert(200);
    super::cases::close(&story, "other_care");
    let erase = story.supervisor.post(&story.path("/erase"), &json!({}));
    erase.assert(409).problem("action-not-allowed");
}
