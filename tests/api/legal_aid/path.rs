//! A request from its draft to its end.

use hai_dang::identity::Role;
use serde_json::json;

use super::{ALL, Story, acceptance, broken, complete, refusal};
use crate::support::TestApp;

#[test]
fn a_family_writes_leaves_takes_up_and_hands_in() {
    let app = TestApp::new();
    let family = app.persona(Role::Family);
    let draft = family.post(ALL, &json!({"field": "adoption"})).assert(201);
    assert_eq!(draft.json()["stage"], "draft");
    assert_eq!(
        draft.json()["allowed_actions"],
        json!(["edit", "delete", "submit", "upload"])
    );
    let path = format!("{ALL}/{}", draft.id());
    // What the form lacks is told at once.
    let lacking = family
        .post(&format!("{path}/submit"), &json!({}))
        .assert(422);
    let pointers: Vec<String> = broken(&lacking.problem("invalid"))
        .into_iter()
        .map(|(pointer, code)| {
            assert_eq!(code, "required");
            pointer
        })
        .collect();
    assert_eq!(
        pointers,
        [
            "/requester/relation",
            "/child/name",
            "/child/birth_date",
            "/category",
            "/summary"
        ]
    );
    // Nobody else sees a draft.
    let officer = app.persona(Role::LegalAidIntake);
    officer.get(&path).assert(404);
    let listed = officer.get(ALL).assert(200).json();
    assert_eq!(listed["items"], json!([]));
    let edited = family
        .having_seen(&draft)
        .patch(&path, &complete())
        .assert(200)
        .json();
    assert_eq!(edited["requester"]["name"], "Canary Thị Yêu Cầu");
    assert_eq!(edited["requester"]["safe_contact"]["confirmed_how"], "own");
    assert_eq!(edited["field"], "birth_registration");
    let sent = family.post(&format!("{path}/submit"), &json!({}));
    let sent = sent.assert(200).json();
    assert_eq!(sent["stage"], "received");
    assert_eq!(sent["next_actor"], "ward");
    // Sunday, 1 March: three working days are Wednesday.
    assert_eq!(sent["next_due_on"], "2026-03-04");
    assert_eq!(sent["missing_papers"], json!(["birth_certificate"]));
    assert!(sent.get("reference").is_none());
    let seen = officer.get(&path).assert(200).json();
    assert_eq!(seen["reference"], "LC-TG-2026-0001");
    assert_eq!(seen["child"]["age"], 7);
}

#[test]
fn what_was_sent_is_not_changed_alone_but_how_one_is_reached_is() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let (family, path) = (&story.family, story.path(""));
    let change = json!({"summary": "Khác", "requester": {"phone": "0987654321"}});
    let family = family.having_seen(&family.get(&path).assert(200));
    let refused = family.patch(&path, &change).assert(422);
    assert_eq!(
        broken(&refused.problem("invalid")),
        [("/summary".to_owned(), "fixed-once-sent".to_owned())]
    );
    let change = json!({"requester": {"phone": "0987654321"}});
    let moved = family.patch(&path, &change).assert(200).json();
    assert_eq!(moved["requester"]["phone"], "+84987654321");
}

#[test]
fn a_family_says_itself_that_a_court_set_a_day() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    story.go_to("referred");
    let path = story.path("");
    let say = |urgency: &serde_json::Value| {
        let seen = story.family.get(&path).assert(200);
        let change = json!({ "urgency": urgency });
        story.family.having_seen(&seen).patch(&path, &change)
    };
    let day = json!({"hearing_date": "2026-03-06"});
    say(&day).assert(200);
    let seen = story.show();
    assert_eq!(seen["urgency"]["level"], "urgent");
    assert_eq!(seen["urgency"]["hearing_date"], "2026-03-06");
    assert_eq!(seen["next_due_on"], "2026-03-06", "nothing is due after it");
    let items = "/work-items?kind=request-to-triage&done=false&include=total";
    assert_eq!(story.officer.get(items).assert(200).json()["total"], 1);
    say(&json!({"hearing_date": "2026-03-05"})).assert(200);
    // That it is later, off, or less urgent is looked at by somebody.
    for less in [
        json!({"hearing_date": "2026-03-09"}),
        json!({"hearing_date": null}),
        json!({"level": "normal", "reason": null}),
    ] {
        let refused = say(&less).assert(422);
        refused.violates("/urgency", "fixed-once-sent");
    }
}

#[test]
fn a_request_goes_its_way_and_the_family_reads_where_it_stands() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let wanted = json!({
        "wanted": [{"kind": "birth_certificate"}, {"kind": "matter_paper", "words": "Giấy hẹn cũ"}],
        "note": "Canary ghi chú của cán bộ",
    });
    let asked = story.step("request-supplement", &wanted).assert(200).json();
    assert_eq!(asked["status"], "needs_supplement");
    let own = story.own();
    assert_eq!(
        (&own["stage"], &own["next_actor"]),
        (&json!("papers_wanted"), &json!("family"))
    );
    assert_eq!(own["wanted"][1]["words"], "Giấy hẹn cũ");
    assert_eq!(own["next_due_on"], "2026-03-06");
    let more = json!({"note": "Tôi gửi sau"});
    let more = story.family.post(&story.path("/supplement"), &more);
    assert_eq!(more.assert(200).json()["stage"], "received");
    // Without the papers of its category, somebody says that they follow.
    let bare = json!({"document_number": "12/PC-UBND"});
    let refused = story.step("refer", &bare).assert(409);
    assert_eq!(
        refused.problem("papers-missing")["papers"],
        json!(["birth_certificate"])
    );
    let bare = json!({"document_number": "12/PC-UBND", "papers_to_follow": true});
    let sent = story.step("refer", &bare).assert(200).json();
    assert_eq!(sent["referral"]["document_number"], "12/PC-UBND");
    assert_eq!(sent["referral"]["acknowledge_by"], "2026-03-06");
    assert_eq!(story.own()["stage"], "with_centre");
    let receipt = json!({"receipt_number": "TN-118/2026"});
    let received = story.step("record-receipt", &receipt).assert(200).json();
    assert_eq!(received["next_actor"], "centre");
    assert_eq!(received["next_due_on"], "2026-03-10");
    assert_eq!(story.own()["receipt_number"], "TN-118/2026");
}

#[test]
fn a_request_is_decided_assigned_and_done_and_the_timeline_tells_it() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let note = json!({"note": "Canary ghi chú của cán bộ", "wanted": [{"kind": "identity_paper"}]});
    story.step("request-supplement", &note).assert(200);
    story.go_to("referred");
    // A refusal is in writing.
    let bare = json!({"result": "refused", "date": "2026-03-01"});
    let refused = story.step("record-decision", &bare).assert(422);
    assert_eq!(
        broken(&refused.problem("invalid")),
        [
            ("/number".to_owned(), "required".to_owned()),
            ("/reason".to_owned(), "required".to_owned())
        ]
    );
    let taken = story.step("record-decision", &acceptance()).assert(200);
    assert_eq!(taken.json()["status"], "accepted");
    let named = json!({"person": "Lê Thị Mai", "contact": "0225 3 123 456"});
    story.step("assign", &named).assert(200);
    assert_eq!(story.own()["stage"], "accepted");
    assert_eq!(story.own()["assignment"]["person"], "Lê Thị Mai");
    story.step("start", &json!({})).assert(200);
    assert_eq!(story.own()["stage"], "in_progress");
    let done = json!({"outcome": "Đã đăng ký khai sinh."});
    let done = story.step("complete", &done).assert(200).json();
    assert_eq!(
        (&done["next_actor"], &done["next_due_on"]),
        (&json!("nobody"), &json!(null))
    );
    assert_eq!(done["ended_on"], "2026-03-01");
    let own = story.own();
    assert_eq!(
        (&own["stage"], &own["outcome"]),
        (&json!("completed"), &json!("Đã đăng ký khai sinh."))
    );
    assert!(!own.to_string().contains("ghi chú của cán bộ"));
    let timeline = story
        .officer
        .get(&story.path("/timeline"))
        .assert(200)
        .json();
    let steps: Vec<String> = timeline["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["kind"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        steps.join(" "),
        "create submit request-supplement refer record-decision assign start complete"
    );
    assert_eq!(timeline["items"][2]["note"], "Canary ghi chú của cán bộ");
    assert_eq!(timeline["items"][2]["from"], "submitted");
}

#[test]
fn a_refusal_is_read_with_what_can_be_done_and_can_be_sent_again() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    story.go_to("referred");
    story.step("record-decision", &refusal()).assert(200);
    assert_eq!(story.show()["refusal_opened_at"], json!(null));
    let own = story.own();
    assert_eq!(own["stage"], "not_accepted");
    assert_eq!(
        own["decision"]["words"],
        "Canary: chưa phải vụ việc cụ thể."
    );
    assert_eq!(own["complaint"]["until"], "2026-05-30");
    assert_eq!(own["complaint"]["verified"], false);
    let source = own["complaint"]["source"].as_str().unwrap();
    assert!(source.starts_with("Law on Complaints") && !source.contains("memory"));
    assert!(own["what_else"].is_string());
    assert!(story.show()["refusal_opened_at"].is_string());
    let again = json!({"document_number": "13/PC-UBND", "papers_to_follow": true});
    let again = story.step("refer", &again).assert(200).json();
    assert_eq!(
        (&again["status"], &again["decision"]),
        (&json!("referred"), &json!(null))
    );
    let back = json!({"reason": "Làm rõ nội dung."});
    let back = story.step("return", &back).assert(200).json();
    assert_eq!(
        (&back["status"], &back["next_actor"]),
        (&json!("submitted"), &json!("ward"))
    );
}

#[test]
fn another_way_is_shown_and_the_family_may_insist() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let way = json!({"to": "Bộ phận hộ tịch", "advice": "Mang theo giấy chứng sinh."});
    story.step("redirect", &way).assert(200);
    let own = story.own();
    assert_eq!(own["stage"], "shown_another_way");
    assert_eq!(own["redirection"]["advice"], "Mang theo giấy chứng sinh.");
    assert_eq!(
        own["allowed_actions"],
        json!(["edit", "supplement", "insist", "upload", "ask"])
    );
    let insisted = story.family.post(&story.path("/insist"), &json!({}));
    assert_eq!(insisted.assert(200).json()["stage"], "received");
    assert_eq!(story.show()["ended_on"], json!(null));
}

#[test]
fn a_withdrawal_is_meant_before_it_counts() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    story.go_to("referred");
    let asked = json!({"reason": "Gia đình tự lo được."});
    let asked = story
        .family
        .post(&story.path("/withdraw"), &asked)
        .assert(200)
        .json();
    assert_eq!(asked["stage"], "with_centre", "stops no clock");
    assert!(asked["withdrawal_requested_at"].is_string());
    story
        .family
        .post(&story.path("/withdraw"), &json!({}))
        .assert(409);
    story
        .family
        .post(&story.path("/keep"), &json!({}))
        .assert(200);
    let unasked = story.step("confirm-withdrawal", &json!({"how": "by_phone"}));
    unasked.assert(409).problem("action-not-allowed");
    story
        .family
        .post(&story.path("/withdraw"), &json!({}))
        .assert(200);
    let untold = story.step("confirm-withdrawal", &json!({"how": "by_phone"}));
    assert_eq!(
        broken(&untold.assert(422).problem("invalid")),
        [("/centre_told".to_owned(), "required".to_owned())]
    );
    let own = json!({"how": "own", "centre_told": "Công văn 9"});
    story.step("confirm-withdrawal", &own).assert(422);
    let told = json!({"how": "by_phone", "centre_told": "Công văn 9/UBND"});
    let ended = story.step("confirm-withdrawal", &told).assert(200).json();
    assert_eq!(ended["status"], "withdrawn");
    assert_eq!(story.own()["stage"], "withdrawn");
}

#[test]
fn where_harm_is_feared_a_supervisor_confirms_a_withdrawal_too() {
    let app = TestApp::new();
    let mut body = complete();
    body["field"] = json!("child_abuse");
    let wished = || {
        let story = Story::of(&app, &body);
        let path = story.path("/withdraw");
        story.family.post(&path, &json!({})).assert(200);
        story
    };
    let story = wished();
    let how = json!({"how": "in_person"});
    let waits = story.step("confirm-withdrawal", &how).assert(200).json();
    assert_eq!(waits["status"], "submitted");
    assert_eq!(waits["withdrawal"]["needs_supervisor"], true);
    story.step("confirm-withdrawal", &how).assert(403);
    let items = story
        .supervisor
        .get("/work-items?kind=withdrawal-asked&done=false");
    let items = items.assert(200).json();
    assert_eq!(items["items"].as_array().unwrap().len(), 1, "{items}");
    let ended = story
        .supervisor
        .post(&story.path("/confirm-withdrawal"), &how);
    assert_eq!(ended.assert(200).json()["status"], "withdrawn");
    // A supervisor who asked the family does not confirm it, too.
    let story = wished();
    let path = story.path("/confirm-withdrawal");
    story.supervisor.post(&path, &how).assert(200);
    story
        .supervisor
        .post(&path, &how)
        .assert(409)
        .problem("own-act");
    let other = app.persona(Role::Supervisor);
    let ended = other.post(&path, &how).assert(200).json();
    assert_eq!(ended["status"], "withdrawn");
    // An officer does: two people have heard it, and one of them supervises.
    let story = wished();
    let path = story.path("/confirm-withdrawal");
    story.supervisor.post(&path, &how).assert(200);
    let items = story
        .officer
        .get("/work-items?kind=withdrawal-asked&done=false");
    assert_eq!(
        items.assert(200).json()["items"].as_array().unwrap().len(),
        1
    );
    let ended = story.step("confirm-withdrawal", &how).assert(200).json();
    assert_eq!(ended["status"], "withdrawn");
}
