//! Talks that were held before anybody entered them.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{ALL, Story, act, at, go_to, instant, one};
use crate::support::TestApp;

fn past(story: &Story, hour: i64, attended: &Value) -> Value {
    let mut body = story.booking(&[&story.party], hour * 60, 60);
    body["attended"] = attended.clone();
    body
}

#[test]
fn a_talk_that_was_held_is_entered_with_who_came_and_counts() {
    let app = TestApp::new();
    let mut story = Story::begin(&app);
    let came = json!([story.party]);
    let early = story.counsellor.post(ALL, &past(&story, 9, &came));
    early.assert(409).problem("too-early");
    go_to(&app, instant(24 * 60), &mut story);
    let mails = app.messages().len();
    let plain = story.booking(&[&story.party], 9 * 60, 60);
    let plain = story.counsellor.post(ALL, &plain);
    plain.assert(422).violates("/starts_at", "in-the-past");
    let nobody = story.counsellor.post(ALL, &past(&story, 9, &json!([])));
    nobody.assert(422).violates("/attended", "required");
    let mut both = past(&story, 9, &came);
    both["ask"] = json!(true);
    let both = story.counsellor.post(ALL, &both);
    both.assert(422).violates("/ask", "one-of");
    let made = story.counsellor.post(ALL, &past(&story, 9, &came));
    let made = made.assert(201).json();
    assert_eq!(made["status"], "completed");
    assert_eq!(made["parties"][0]["has_attended"], true);
    assert_eq!(made["allowed_actions"], json!(["reopen"]));
    assert_eq!(
        app.messages().len(),
        mails,
        "nobody is mailed about the past"
    );
    let id = made["id"].as_str().unwrap();
    let shown = story.counsellor.get(&one(id)).assert(200).json();
    assert_eq!(shown["history"][0]["facts"]["attended"], came);
    // Nobody was in two places.
    let twice = story.counsellor.post(ALL, &past(&story, 9, &came));
    twice.assert(409).problem("appointment-slot-taken");
    let counts = "/reports/counselling?from=2026-03-01&to=2026-03-31";
    let counts = story.supervisor.get(counts).assert(200).json();
    assert_eq!(counts["total"]["people_served"], 1, "{counts}");
}

#[test]
fn what_is_told_after_the_case_went_on_counts_in_the_phase_it_was_held_in() {
    let app = TestApp::new();
    let mut story = Story::begin(&app);
    go_to(&app, instant(24 * 60), &mut story);
    let why = json!({"override_reason": "Hồ sơ đã đầy đủ từ trước"});
    let path = format!("/counselling-cases/{}/advance-phase", story.case);
    story.supervisor.post(&path, &why).assert(200);
    let came = json!([story.party]);
    let mut alone = story.booking(&[&story.party], 9 * 60, 60);
    alone["phase"] = json!("before");
    let alone = story.counsellor.post(ALL, &alone);
    alone.assert(422).violates("/attended", "required");
    let mut told = past(&story, 9, &came);
    told["phase"] = json!("before");
    let told = story.counsellor.post(ALL, &told).assert(201).json();
    assert_eq!(told["phase"], "before");
    let id = told["id"].as_str().unwrap();
    let shown = story.counsellor.get(&one(id)).assert(200).json();
    assert_eq!(shown["history"][0]["facts"]["phase"], "before");
    let untold = story.counsellor.post(ALL, &past(&story, 11, &came));
    let untold = untold.assert(201).json();
    assert_eq!(untold["phase"], "during");
    // Told by mistake, it is told anew.
    let id = untold["id"].as_str().unwrap();
    let why = json!({"reason": "Nhập nhầm giai đoạn"});
    act(&story.counsellor, id, "reopen", &why).assert(200);
    let anew = json!({"attended": came, "phase": "before"});
    let anew = act(&story.counsellor, id, "complete", &anew).assert(200);
    assert_eq!(anew.json()["phase"], "before");
}

#[test]
fn a_note_takes_from_its_appointment_what_it_does_not_say() {
    let app = TestApp::new();
    let mut story = Story::begin(&app);
    go_to(&app, instant(24 * 60), &mut story);
    let came = json!([story.party]);
    let mut told = past(&story, 9, &came);
    told["topics"] = json!(["grief"]);
    let told = story.counsellor.post(ALL, &told).assert(201).json();
    let notes = format!("/counselling-cases/{}/notes", story.case);
    let note = json!({"appointment_id": told["id"], "body": "Đã trao đổi."});
    let made = story.counsellor.post(&notes, &note).assert(201);
    let note = story.counsellor.get(&format!("{notes}/{}", made.id()));
    let note = note.assert(200).json();
    let day = told["starts_at"].as_str().unwrap().get(..10).unwrap();
    assert_eq!(note["held_on"], day, "{note}");
    assert_eq!(note["present"], came);
    assert_eq!(note["topics"], json!(["grief"]));
    let own = json!({"appointment_id": told["id"], "topics": ["purpose"]});
    let made = story.counsellor.post(&notes, &own).assert(201);
    let own = story.counsellor.get(&format!("{notes}/{}", made.id()));
    assert_eq!(own.assert(200).json()["topics"], json!(["purpose"]));
}

#[test]
fn what_was_held_before_a_case_is_entered_by_its_request() {
    let app = TestApp::new();
    let mut story = Story::begin(&app);
    let asked = json!({"party_role": "birth_parent", "name": "Canary Hỏi", "channel": "phone",
        "phone": "0912 345 679"});
    let request = story.supervisor.post("/counselling-requests", &asked);
    let request = request.assert(201).id();
    let to = json!({"assignee": story.counsellor.id()});
    let assign = format!("/counselling-requests/{request}/assign");
    story.supervisor.post(&assign, &to).assert(200);
    go_to(&app, app.now().plus(TimeDelta::days(1)), &mut story);
    let body = json!({
        "request_id": request, "mode": "phone", "attended": [],
        "starts_at": at(-15 * 60), "ends_at": at(-14 * 60),
    });
    let made = story.counsellor.post(ALL, &body).assert(201).json();
    assert_eq!(made["status"], "completed");
    assert_eq!(made["parties"][0]["has_attended"], true);
    // A live one at its time is answered first.
    let booked = story.appointment(9, 60).id();
    go_to(&app, instant(12 * 60), &mut story);
    let again = past(&story, 9, &json!([story.party]));
    story.counsellor.post(ALL, &again).assert(409);
    act(
        &story.counsellor,
        &booked,
        "no-show",
        &json!({"by": "party"}),
    )
    .assert(200);
    story.counsellor.post(ALL, &again).assert(201);
}

#[test]
fn a_consent_is_counselled_where_who_decides_came_to_a_talk_before() {
    let app = TestApp::new();
    let mut story = Story::begin(&app);
    let aunt = story.add_party("relative", "Canary Dì");
    let id = story.appointment(9, 60).id();
    let decide = |story: &Story, party: &str, decision: &str, day: &str| -> Value {
        let body = json!({
            "party_id": party, "decision": decision, "taken_on": day, "in_person": true,
            "counselled_appointment_ids": [id],
        });
        let path = story.path("/adoption-consents");
        let made = story.counsellor.post(&path, &body).assert(201).json();
        made["warnings"].clone()
    };
    let lacking = json!(["not-counselled"]);
    let early = decide(&story, &story.party, "refused", "2026-02-28");
    assert_eq!(early, lacking, "it was not held yet");
    go_to(&app, instant(10 * 60), &mut story);
    let held = json!({"attended": [story.party]});
    act(&story.counsellor, &id, "complete", &held).assert(200);
    let after = decide(&story, &story.party, "refused", "2026-03-02");
    assert_eq!(after, json!([]));
    assert_eq!(
        decide(&story, &story.party, "refused", "2026-03-01"),
        lacking
    );
    assert_eq!(decide(&story, &aunt, "refused", "2026-03-02"), lacking);
}
