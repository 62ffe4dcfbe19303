//! Requests, cases and parties.

use chrono::TimeDelta;
use hai_dang::identity::Role;
use serde_json::json;

use super::Story;
use crate::support::TestApp;

#[test]
fn a_request_becomes_a_case_and_the_family_sees_only_its_own() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let mine = format!("/counselling-requests/{}", story.request);
    let own = story.family.get(&mine).assert(200).json();
    assert_eq!(own["status"], "case_opened");
    for hidden in ["assignee_id", "tries", "case_id", "contact_due_on"] {
        assert!(own.get(hidden).is_none(), "{hidden} is the office's");
    }
    let case = story.show();
    assert_eq!(case["phase"], "before");
    assert_eq!(case["status"], "open");
    let parties = story
        .counsellor
        .get(&story.path("/parties"))
        .assert(200)
        .json();
    assert_eq!(parties["items"][0]["name"], "Canary Thị Mẹ Đẻ");
    assert_eq!(parties["items"][0]["has_account"], true);
    // One person in one matter is called by one code, from the request on.
    assert_eq!(parties["items"][0]["code"], own["code"]);
    // What the family stated about itself, logged in, is confirmed by that act.
    let contact = &parties["items"][0]["safe_contact"];
    assert_eq!(contact["confirmed_how"], "own");
    assert_eq!(contact["may_email"], true);
    story.family.get(&story.path("")).assert(403);
    let again = json!({"party_role": "birth_parent"});
    let second = story
        .family
        .post("/counselling-requests", &again)
        .assert(201);
    let third = story.family.post("/counselling-requests", &again);
    third.assert(409).problem("request-open");
    let withdraw = format!("/counselling-requests/{}/withdraw", second.id());
    story.family.post(&withdraw, &json!({})).assert(200);
}

#[test]
fn nobody_else_learns_of_a_case() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let missing = "/counselling-cases/019ca000-0000-7000-8000-000000000000";
    let colleague = app.persona(Role::Counsellor);
    let reply = colleague.get(&story.path(""));
    assert_eq!(reply.status, 404);
    assert_eq!(reply.json()["code"], colleague.get(missing).json()["code"]);
    for rest in ["/parties", "/timeline"] {
        colleague.get(&story.path(rest)).assert(404);
    }
    colleague
        .post(&story.path("/hold"), &json!({"reason": "x"}))
        .assert(404);
    let list = colleague
        .get("/counselling-cases?include=total")
        .assert(200)
        .json();
    assert_eq!(list["items"], json!([]));
    assert_eq!(list["total"], 0);
    let requests = colleague.get("/counselling-requests").assert(200).json();
    assert_eq!(requests["items"], json!([]));
    for role in [
        Role::Administrator,
        Role::Organiser,
        Role::Auditor,
        Role::Reporter,
    ] {
        app.persona(role).get(&story.path("")).assert(403);
    }
    let stranger = app.persona(Role::Family);
    stranger
        .get(&format!("/counselling-requests/{}", story.request))
        .assert(404);
}

#[test]
fn phases_go_forward_by_their_checklist_and_back_only_by_correction() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let advance = story.path("/advance-phase");
    let refused = story.counsellor.post(&advance, &json!({})).assert(409);
    let refused = refused.problem("checklist-open");
    assert_eq!(refused["open"].as_array().unwrap().len(), 4);
    // A counsellor cannot override; a supervisor can, with a reason.
    let why = json!({"override_reason": "Hồ sơ giấy đã đủ."});
    story.counsellor.post(&advance, &why).assert(409);
    let moved = story.supervisor.post(&advance, &why).assert(200).json();
    assert_eq!(moved["phase"], "during");
    let done = json!({"checklist": [
        "during:opinion_taken", "during:child_prepared", "during:hand_over_planned"
    ]});
    let seen = story.counsellor.get(&story.path("")).assert(200);
    story
        .counsellor
        .having_seen(&seen)
        .patch(&story.path(""), &done)
        .assert(200);
    let back = json!({"phase": "before", "reason": "Nhập nhầm."});
    story
        .counsellor
        .post(&story.path("/correct-phase"), &back)
        .assert(403);
    let corrected = story.supervisor.post(&story.path("/correct-phase"), &back);
    assert_eq!(corrected.assert(200).json()["phase"], "before");
    let timeline = story
        .supervisor
        .get(&story.path("/timeline"))
        .assert(200)
        .json();
    let kinds: Vec<&str> = timeline["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["kind"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        [
            "open",
            "party-add",
            "override-wanted",
            "advance-phase",
            "edit",
            "correct-phase"
        ]
    );
    assert_eq!(timeline["items"][5]["reason"], "Nhập nhầm.");
}

#[test]
fn a_case_ends_by_two_people_and_is_taken_up_again() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let ask = json!({"outcome": "family_preserved", "reason": "Gia đình đã ổn định."});
    story
        .counsellor
        .post(&story.path("/ask-closing"), &ask)
        .assert(200);
    let approve = story.path("/approve-closing");
    story.counsellor.post(&approve, &json!({})).assert(403);
    let closed = story
        .supervisor
        .post(&approve, &json!({}))
        .assert(200)
        .json();
    assert_eq!(closed["status"], "closed");
    assert_eq!(
        closed["allowed_actions"],
        json!([
            "assign-supervisor",
            "reopen",
            "ask-erasure",
            "set-legal-hold"
        ])
    );
    let edit = story
        .counsellor
        .post(&story.path("/hold"), &json!({"reason": "x"}));
    let refused = edit.assert(409).problem("action-not-allowed");
    assert_eq!(refused["current"], "closed");
    let why = json!({"reason": "Gia đình cần thêm hỗ trợ."});
    story
        .counsellor
        .post(&story.path("/reopen"), &why)
        .assert(403);
    let open = story
        .supervisor
        .post(&story.path("/reopen"), &why)
        .assert(200)
        .json();
    assert_eq!(open["status"], "open");
    // A supervisor who asked does not approve.
    story
        .supervisor
        .post(&story.path("/ask-closing"), &ask)
        .assert(200);
    let own = story.supervisor.post(&approve, &json!({}));
    own.assert(409).problem("own-act");
    app.persona(Role::Supervisor)
        .post(&approve, &json!({}))
        .assert(200);
}

#[test]
fn a_case_goes_to_another_counsellor_who_accepts() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let colleague = app.persona(Role::Counsellor);
    let offer = json!({"to": colleague.id(), "reason": "Nghỉ phép dài ngày."});
    story
        .counsellor
        .post(&story.path("/transfer"), &offer)
        .assert(200);
    colleague.get(&story.path("")).assert(200);
    colleague
        .post(&story.path("/decline-transfer"), &json!({}))
        .assert(204);
    colleague.get(&story.path("")).assert(404);
    story
        .counsellor
        .post(&story.path("/transfer"), &offer)
        .assert(200);
    let taken = colleague.post(&story.path("/accept-transfer"), &json!({}));
    assert_eq!(
        taken.assert(200).json()["counsellor_id"],
        json!(colleague.id())
    );
    story.counsellor.get(&story.path("")).assert(404);
}

#[test]
fn an_account_is_tied_by_a_code_handed_over_in_person_once() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let adopter = json!({
        "role": "prospective_adoptive_parent",
        "name": "Canary Văn Nhận Con",
        "email": "nhan.con@example.vn",
        "safe_contact": {"may_email": true},
    });
    let party = story
        .counsellor
        .post(&story.path("/parties"), &adopter)
        .assert(201)
        .json();
    assert!(party["safe_contact"]["confirmed_on"].is_null());
    let path = story.path(&format!("/parties/{}", party["id"].as_str().unwrap()));
    let issued = story
        .counsellor
        .post(&format!("{path}/claim-code"), &json!({}));
    let code = issued.assert(201).json()["claim_code"]
        .as_str()
        .unwrap()
        .to_owned();
    let claim = json!({"claim_code": code});
    let stranger = app.persona(Role::Family);
    let wrong = stranger.post(
        "/me/counselling/claims",
        &json!({"claim_code": "AAAA-AAAA"}),
    );
    wrong.assert(422).problem("claim-code-invalid");
    let tied = stranger
        .post("/me/counselling/claims", &claim)
        .assert(201)
        .json();
    assert_eq!(tied["id"], party["id"]);
    assert!(tied.get("name").is_none());
    stranger.post("/me/counselling/claims", &claim).assert(422);
    let own = format!(
        "/me/counselling/parties/{}/safe-contact",
        party["id"].as_str().unwrap()
    );
    let said = json!({"channels": {"may_email": true, "calendar": true}});
    let stated = stranger.post(&own, &said).assert(200).json();
    assert_eq!(stated["safe_contact"]["may_call"], false);
    // Mails go to the account: what another address was known for is not shown as theirs.
    assert_eq!(stated["email"], stranger.email);
    story.family.post(&own, &said).assert(404);
    // An expired code is like a wrong one.
    let other = story.add_party("relative", "Canary Bà Ngoại");
    let path = story.path(&format!("/parties/{other}"));
    let issued = story
        .counsellor
        .post(&format!("{path}/claim-code"), &json!({}));
    let code = issued.assert(201).json()["claim_code"]
        .as_str()
        .unwrap()
        .to_owned();
    app.clock.advance(TimeDelta::days(8));
    let family = app.persona(Role::Family);
    let late = family.post("/me/counselling/claims", &json!({"claim_code": code}));
    late.assert(422).problem("claim-code-invalid");
}

#[test]
fn a_family_is_unreachable_after_tries_on_three_days() {
    let app = TestApp::new();
    let supervisor = app.persona(Role::Supervisor);
    let asked = json!({
        "party_role": "relative", "channel": "phone", "name": "Bà Ngoại",
        "phone": "0912345679",
    });
    let request = supervisor
        .post("/counselling-requests", &asked)
        .assert(201)
        .json();
    assert_eq!(request["contact_due_on"], "2026-03-04");
    let path = format!("/counselling-requests/{}", request["id"].as_str().unwrap());
    let missed = json!({"means": "call", "is_reached": false});
    for _ in 0..3 {
        supervisor
            .post(&format!("{path}/record-try"), &missed)
            .assert(200);
    }
    let give_up = format!("{path}/mark-unreachable");
    let early = supervisor.post(&give_up, &json!({})).assert(409);
    assert_eq!(early.problem("too-few-tries")["days"], 1);
    for day in 1..3 {
        app.clock.advance(TimeDelta::days(day));
        let supervisor = app.again(&supervisor);
        supervisor
            .post(&format!("{path}/record-try"), &missed)
            .assert(200);
    }
    let supervisor = app.again(&supervisor);
    let gone = supervisor.post(&give_up, &json!({})).assert(200).json();
    assert_eq!(gone["status"], "unreachable");
    let reached = json!({"means": "call", "is_reached": true});
    let back = supervisor.post(&format!("{path}/record-try"), &reached);
    assert_eq!(back.assert(200).json()["status"], "contacted");
}

#[test]
fn what_no_duty_keeps_is_erased_by_two_and_what_one_keeps_is_kept_from_use() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let why = json!({"reason": "Gia đình đề nghị xóa."});
    let ask = story.path("/ask-erasure");
    story.counsellor.post(&ask, &why).assert(409);
    close(&story, "family_preserved");
    story.counsellor.post(&ask, &why).assert(200);
    story
        .counsellor
        .post(&story.path("/erase"), &json!({}))
        .assert(403);
    let gone = story.supervisor.post(&story.path("/erase"), &json!({}));
    assert_eq!(gone.assert(200).json()["is_erased"], true);
    for client in [&story.counsellor, &story.supervisor] {
        client.get(&story.path("")).assert(404);
        client.get(&story.path("/parties")).assert(404);
        let list = client.get("/counselling-cases").assert(200).json();
        assert_eq!(list["items"], json!([]));
    }
    // Whoever lost its only matter has none to ask a time for, and may still look.
    let own = story.family.get(super::OWN).assert(200).json();
    assert_eq!(own["bookable"], json!([]));
    // What was told before there was a case is gone with it.
    let request = format!("/counselling-requests/{}", story.request);
    for client in [&story.counsellor, &story.supervisor, &story.family] {
        client.get(&request).assert(404);
        let list = client.get("/counselling-requests").assert(200).json();
        assert_eq!(list["items"], json!([]));
    }
    // One with a consent stays, for supervisors alone, and nothing more is done to it.
    let kept = Story::begin(&app);
    let signed = kept.signed("Tóm tắt");
    let colleague = app.persona(Role::Counsellor);
    let need = json!({"reason": "Gia đình gọi khẩn cấp ngoài giờ làm việc."});
    colleague
        .post(&kept.path("/break-glass"), &need)
        .assert(201);
    colleague.get(&signed).assert(200);
    let decided = json!({
        "party_id": kept.party, "decision": "refused", "taken_on": "2026-03-01",
    });
    kept.counsellor
        .post(&kept.path("/adoption-consents"), &decided)
        .assert(201);
    close(&kept, "family_preserved");
    kept.counsellor
        .post(&kept.path("/ask-erasure"), &why)
        .assert(200);
    let stays = kept.supervisor.post(&kept.path("/erase"), &json!({}));
    assert_eq!(stays.assert(200).json()["is_erased"], false);
    // A window that was open shows no more of it, and neither does what came before it.
    let asked = format!("/counselling-requests/{}", kept.request);
    for path in [&kept.path(""), &signed, &format!("{signed}/scans"), &asked] {
        colleague.get(path).assert(404);
        kept.counsellor.get(path).assert(404);
    }
    kept.supervisor.get(&asked).assert(200);
    let seen = kept.supervisor.get(&kept.path("")).assert(200).json();
    assert_eq!(seen["is_restricted"], true);
    assert_eq!(seen["allowed_actions"], json!(["set-legal-hold"]));
}

#[track_caller]
pub(super) fn ask_closing(story: &Story, outcome: &str) {
    let ask = json!({"outcome": outcome, "reason": "Gia đình đã ổn định."});
    let path = story.path("/ask-closing");
    story.counsellor.post(&path, &ask).assert(200);
}

#[track_caller]
pub(super) fn close(story: &Story, outcome: &str) {
    ask_closing(story, outcome);
    let approve = story.path("/approve-closing");
    story.supervisor.post(&approve, &json!({})).assert(200);
}

#[test]
fn a_request_that_led_nowhere_is_erased_and_no_sooner() {
    let app = TestApp::new();
    let supervisor = app.persona(Role::Supervisor);
    let family = app.persona(Role::Family);
    let asked = json!({"party_role": "relative"});
    let id = family
        .post("/counselling-requests", &asked)
        .assert(201)
        .id();
    let path = format!("/counselling-requests/{id}");
    supervisor
        .post(&format!("{path}/erase"), &json!({}))
        .assert(409);
    family
        .post(&format!("{path}/withdraw"), &json!({}))
        .assert(200);
    let seen = supervisor.get(&path).assert(200).json();
    assert_eq!(seen["allowed_actions"], json!(["erase"]));
    supervisor
        .post(&format!("{path}/erase"), &json!({}))
        .assert(204);
    supervisor.get(&path).assert(404);
    family.get(&path).assert(404);
}
