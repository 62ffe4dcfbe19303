//! What was entered by mistake is put right, and what it said before stays to be read.

use chrono::TimeDelta;
use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::{ALL, OWN, Story, act, at, go_to, instant, one};
use crate::support::{Client, Reply, TestApp};

const REQUESTS: &str = "/counselling-requests";

/// Changes a request as whoever looked at it just now.
fn edit(by: &Client, id: &str, changes: &Value) -> Reply {
    let path = format!("{REQUESTS}/{id}");
    let seen = by.get(&path).assert(200);
    by.having_seen(&seen).patch(&path, changes)
}

fn has_item(by: &Client, kind: &str) -> bool {
    let items = by.get("/work-items?done=false").assert(200).json();
    let mut items = items["items"].as_array().unwrap().iter();
    items.any(|item| item["kind"] == kind)
}

#[test]
fn a_way_that_leads_nowhere_is_not_safe() {
    let app = TestApp::new();
    let supervisor = app.persona(Role::Supervisor);
    let desk = |ways: Value| {
        json!({"party_role": "relative", "name": "Canary Thị Dì", "channel": "desk",
            "safe_contact": ways})
    };
    let silent = supervisor.post(REQUESTS, &desk(json!({"may_call": true})));
    silent.assert(422).violates("/phone", "required");
    let silent = supervisor.post(REQUESTS, &desk(json!({"may_email": true})));
    silent.assert(422).violates("/email", "required");
    supervisor.post(REQUESTS, &desk(json!({}))).assert(201);
    let family = app.persona(Role::Family);
    let own = json!({"party_role": "relative", "safe_contact": {"may_call": true}});
    let own = family.post(REQUESTS, &own);
    own.assert(422).violates("/phone", "required");
}

#[test]
fn staff_put_a_request_right_and_what_they_wrote_nobody_confirmed() {
    let app = TestApp::new();
    let supervisor = app.persona(Role::Supervisor);
    let desk = json!({
        "party_role": "relative", "name": "Canary Thị Di", "channel": "phone",
        "phone": "0912 345 678", "email": "canary.di@example.vn",
        "safe_contact": {"may_email": true},
    });
    let id = supervisor.post(REQUESTS, &desk).assert(201).id();
    let path = format!("{REQUESTS}/{id}");
    supervisor.patch(&path, &json!({})).assert(428);
    let same = edit(&supervisor, &id, &json!({"name": "Canary Thị Di"}));
    assert_eq!(same.assert(200).json()["version"], 1, "nothing changed");
    let none = edit(&supervisor, &id, &json!({"name": null, "phone": "12"})).assert(422);
    none.violates("/name", "required");
    none.violates("/phone", "phone-invalid");
    let blank = edit(&supervisor, &id, &json!({"name": "  "})).assert(422);
    blank.violates("/name", "required");
    let lost = edit(&supervisor, &id, &json!({"email": null})).assert(422);
    lost.violates("/email", "required");
    let right = json!({
        "name": "Canary Thị Dì", "party_role": "guardian", "language": "en",
        "safe_contact": {"may_call": true, "hours": "sau 17:00"},
    });
    let right = edit(&supervisor, &id, &right).assert(200).json();
    assert_eq!(right["name"], "Canary Thị Dì");
    assert_eq!(right["party_role"], "guardian");
    assert_eq!(right["language"], "en");
    assert_eq!(right["safe_contact"]["may_email"], false);
    assert_eq!(right["safe_contact"]["hours"], "sau 17:00");
    assert!(right["safe_contact"]["confirmed_on"].is_null());
    assert_eq!(right["version"], 2);
    let auditor = app.persona(Role::Auditor);
    let log = auditor.get("/audit-events?object_kind=counselling-request");
    let log = log.assert(200).json();
    let changed = json!(["party_role", "name", "language", "safe_contact"]);
    assert_eq!(log["items"][0]["facts"]["changed"], changed);
    assert!(!log.to_string().contains("Canary"), "never what they said");
    // Mail is not safe any more: what was written and not sent stays here, and somebody calls.
    assert!(has_item(&supervisor, "contact-family"));
    let colleague = app.persona(Role::Counsellor);
    colleague.patch(&path, &json!({"name": "X"})).assert(404);
    let withdraw = format!("{path}/withdraw");
    supervisor.post(&withdraw, &json!({})).assert(200);
    let over = edit(&supervisor, &id, &json!({"name": "Canary"})).assert(409);
    let over = over.problem("action-not-allowed");
    assert_eq!(over["allowed_actions"], json!(["erase"]));
}

#[test]
fn a_family_puts_its_own_request_right_and_confirms_it_by_that() {
    let app = TestApp::new();
    let family = app.persona(Role::Family);
    let asked = json!({
        "party_role": "birth_parent", "name": "Canary Thị Mẹ", "phone": "0912 345 678",
        "safe_contact": {"may_call": true},
    });
    let made = family.post(REQUESTS, &asked).assert(201).json();
    assert_eq!(made["phone"], "+84912345678");
    assert_eq!(made["allowed_actions"], json!(["edit", "withdraw"]));
    let id = made["id"].as_str().unwrap();
    let moved =
        json!({"phone": "0987 654 321", "safe_contact": {"may_call": true, "hours": "trưa"}});
    let moved = edit(&family, id, &moved).assert(200).json();
    assert_eq!(moved["phone"], "+84987654321");
    assert_eq!(moved["safe_contact"]["confirmed_how"], "own");
    assert!(moved.get("assignee_id").is_none());
    let stranger = app.persona(Role::Family);
    let path = format!("{REQUESTS}/{id}");
    stranger.patch(&path, &json!({"phone": null})).assert(404);
    family
        .post(&format!("{path}/withdraw"), &json!({}))
        .assert(200);
    let over = edit(&family, id, &json!({"phone": "0912 345 678"})).assert(409);
    assert_eq!(
        over.problem("action-not-allowed")["allowed_actions"],
        json!([])
    );
}

#[test]
fn whoever_asks_is_nowhere_twice_by_another_name() {
    let app = TestApp::new();
    let supervisor = app.persona(Role::Supervisor);
    let desk = |name: &str| {
        json!({"party_role": "relative", "name": name, "channel": "desk",
            "phone": "0912 345 678"})
    };
    let ask = |name: &str, counsellor: &Client| {
        let id = supervisor.post(REQUESTS, &desk(name)).assert(201).id();
        let to = json!({"assignee": counsellor.id()});
        let assign = format!("{REQUESTS}/{id}/assign");
        supervisor.post(&assign, &to).assert(200);
        let booking = json!({
            "request_id": id, "mode": "phone", "starts_at": at(540), "ends_at": at(600),
        });
        supervisor.post(ALL, &booking).assert(201);
        id
    };
    let colleagues = [Role::Counsellor; 2].map(|role| app.persona(role));
    ask("Canary Thị Dì", &colleagues[0]);
    let id = ask("Canary Thị Mai", &colleagues[1]);
    let twice = edit(&supervisor, &id, &json!({"name": "Canary Thị Dì"}));
    twice.assert(409).problem("appointment-slot-taken");
    let other_side = edit(&supervisor, &id, &json!({"party_role": "adoptive_parent"}));
    other_side.assert(409).problem("party-in-use");
    let fine = edit(&supervisor, &id, &json!({"name": "Canary Thị Lan"}));
    fine.assert(200);
}

#[test]
fn what_was_told_of_an_appointment_is_taken_back_and_told_anew() {
    let app = TestApp::new();
    let mut story = Story::begin(&app);
    let id = story.appointment(9, 60).id();
    let own = story.family.get(&format!("{OWN}/{id}")).assert(200).json();
    let request = format!("{REQUESTS}/{}", story.request);
    let request = story.family.get(&request).assert(200).json();
    assert_eq!(own["code"], request["code"]);
    let why = json!({"reason": "Canary nhập nhầm"});
    let early = act(&story.counsellor, &id, "reopen", &why).assert(409);
    early.problem("action-not-allowed");
    go_to(&app, instant(10 * 60), &mut story);
    act(
        &story.counsellor,
        &id,
        "no-show",
        &json!({"by": "counsellor"}),
    )
    .assert(200);
    let missed = || app.mails("appointment_missed", &story.family.email);
    assert_eq!(missed().len(), 1);
    assert!(has_item(&story.counsellor, "contact-family"));
    act(&story.counsellor, &id, "reopen", &json!({})).assert(422);
    let again = act(&story.counsellor, &id, "reopen", &why)
        .assert(200)
        .json();
    assert_eq!(again["status"], "confirmed");
    assert!(again["no_show_by"].is_null());
    assert!(!has_item(&story.counsellor, "contact-family"));
    // The case goes on; the talk was held before.
    let on = json!({"override_reason": "Hồ sơ giấy đã đủ."});
    let advance = story.path("/advance-phase");
    story.supervisor.post(&advance, &on).assert(200);
    let held = json!({"attended": [story.party]});
    let held = act(&story.counsellor, &id, "complete", &held)
        .assert(200)
        .json();
    assert_eq!(held["phase"], "before");
    assert_eq!(held["allowed_actions"], json!(["reopen"]));
    let colleague = app.persona(Role::Counsellor);
    act(&colleague, &id, "reopen", &why).assert(404);
    act(&story.counsellor, &id, "reopen", &why).assert(200);
    act(&story.counsellor, &id, "no-show", &json!({"by": "party"})).assert(200);
    let shown = story.counsellor.get(&one(&id)).assert(200).json();
    let kinds = shown["history"].as_array().unwrap().iter();
    let kinds: Vec<&str> = kinds.map(|one| one["kind"].as_str().unwrap()).collect();
    let told = [
        "create", "no-show", "reopen", "complete", "reopen", "no-show",
    ];
    assert_eq!(kinds, told);
    assert_eq!(shown["history"][2]["reason"], "Canary nhập nhầm");
    // The next one says how it went on.
    let to = json!({"starts_at": at(34 * 60), "ends_at": at(35 * 60)});
    act(&story.counsellor, &id, "reschedule", &to).assert(201);
    let late = act(&story.counsellor, &id, "reopen", &why).assert(409);
    assert_eq!(
        late.problem("action-not-allowed")["allowed_actions"],
        json!([])
    );
}

/// A consent of the family, given on a day.
fn given(story: &Story, taken_on: &str) -> Reply {
    let body = json!({
        "party_id": story.party, "decision": "given", "taken_on": taken_on, "in_person": true,
    });
    let all = story.path("/adoption-consents");
    story.counsellor.post(&all, &body)
}

/// It was entered by mistake; says why.
fn strike(by: &Client, story: &Story, id: &str) -> Reply {
    let path = story.path(&format!("/adoption-consents/{id}/strike"));
    by.post(&path, &json!({"reason": "Canary nhập nhầm người"}))
}

#[test]
fn a_consent_entered_by_mistake_is_struck_by_a_supervisor_and_stays_to_be_read() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let first = given(&story, "2026-02-20").assert(201).json();
    assert_eq!(first["allowed_actions"], json!(["withdraw"]));
    let again = given(&story, "2026-02-20");
    again.assert(422).violates("/party_id", "repeated");
    let id = first["id"].as_str().unwrap();
    let path = story.path(&format!("/adoption-consents/{id}"));
    let seen = story.supervisor.get(&path).assert(200).json();
    assert_eq!(seen["allowed_actions"], json!(["withdraw", "strike"]));
    strike(&story.counsellor, &story, id).assert(403);
    let silent = story.supervisor.post(&format!("{path}/strike"), &json!({}));
    silent.assert(422);
    let struck = strike(&story.supervisor, &story, id).assert(200).json();
    assert_eq!(struck["decision"], "given");
    assert_eq!(struck["struck"]["reason"], "Canary nhập nhầm người");
    assert_eq!(struck["struck"]["by"], json!(story.supervisor.id()));
    assert_eq!(struck["window_open"], false);
    assert!(struck["window_ends_on"].is_null());
    assert_eq!(struck["allowed_actions"], json!([]));
    let withdraw = json!({"on": "2026-02-21"});
    let back = story
        .counsellor
        .post(&format!("{path}/withdraw"), &withdraw);
    let back = back.assert(409).problem("action-not-allowed");
    assert_eq!(back["allowed_actions"], json!([]));
    strike(&story.supervisor, &story, id).assert(409);
    let timeline = story.supervisor.get(&story.path("/timeline")).assert(200);
    let timeline = timeline.json();
    let mut kinds = timeline["items"].as_array().unwrap().iter();
    assert!(kinds.any(|entry| entry["kind"] == "consent-strike"));
}

#[test]
fn a_consent_that_was_struck_counts_for_nothing() {
    let app = TestApp::new();
    let mut story = Story::begin(&app);
    let first = given(&story, "2026-02-20").assert(201).id();
    strike(&story.supervisor, &story, &first).assert(200);
    let on = json!({"override_reason": "Hồ sơ giấy đã đủ."});
    let advance = story.path("/advance-phase");
    story.supervisor.post(&advance, &on).assert(200);
    let held = story.supervisor.post(&advance, &on).assert(409);
    let held = held.problem("consent-lacking");
    assert_eq!(held["parties"], json!([story.party]));
    assert!(held["doubts"].as_array().unwrap().is_empty());
    // What else is refused meanwhile offers no step that consents hold back.
    let idle = json!({"reason": "Không tạm dừng."});
    let idle = story.counsellor.post(&story.path("/resume"), &idle);
    let idle = idle.assert(409).problem("action-not-allowed");
    let offered = idle["allowed_actions"].as_array().unwrap();
    assert!(!offered.is_empty() && !offered.contains(&json!("advance-phase")));
    // What was decided is entered anew; its last day is called to mind, the struck one's is not.
    let second = given(&story, "2026-02-27").assert(201).json();
    assert_eq!(second["window_ends_on"], "2026-03-14");
    let all = story.path("/adoption-consents");
    let list = story.counsellor.get(&all).assert(200).json();
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
    go_to(&app, app.now().plus(TimeDelta::days(11)), &mut story);
    let platform = app.platform.clone().into_inner();
    hai_dang::counselling::background::remind(&platform).unwrap();
    let items = story.counsellor.get("/work-items?done=false").assert(200);
    let items = items.json();
    let items = items["items"].as_array().unwrap().iter();
    let calls = items.filter(|item| item["kind"] == "window-reminder-undeliverable");
    let about: Vec<&Value> = calls.map(|item| &item["subject"]["id"]).collect();
    assert_eq!(about, [&second["id"]]);
}

#[test]
fn a_withdrawal_entered_by_mistake_no_longer_waits_for_anybody() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let id = given(&story, "2026-02-20").assert(201).id();
    let withdraw = story.path(&format!("/adoption-consents/{id}/withdraw"));
    let on = json!({"on": "2026-02-25"});
    story.counsellor.post(&withdraw, &on).assert(200);
    assert!(has_item(&story.supervisor, "consent-withdrawn"));
    let struck = strike(&story.supervisor, &story, &id).assert(200).json();
    assert_eq!(struck["withdrawal"]["on"], "2026-02-25");
    // The case rests until a supervisor resumes it, as after any withdrawal: that waits for them.
    assert!(has_item(&story.supervisor, "consent-withdrawn"));
    assert_eq!(story.show()["status"], "on_hold");
    let other = app.persona(Role::Supervisor);
    let to = json!({"supervisor": other.id(), "reason": "Đi vắng."});
    let hand_on = story.path("/assign-supervisor");
    story.supervisor.post(&hand_on, &to).assert(200);
    let items = other.get("/work-items?done=false").assert(200).json();
    let mut items = items["items"].as_array().unwrap().iter();
    let waits = items.find(|item| item["kind"] == "consent-withdrawn");
    let owner = &waits.unwrap()["owner_id"];
    assert_eq!(*owner, json!(other.id()), "what waits goes along");
    let why = json!({"reason": "Không ai rút lại."});
    let resume = story.path("/resume");
    story.supervisor.post(&resume, &why).assert(200);
    assert!(!has_item(&story.supervisor, "consent-withdrawn"));
    given(&story, "2026-02-20").assert(201);
}

#[test]
fn an_address_nobody_confirmed_is_written_to_once() {
    let app = TestApp::new();
    let supervisor = app.persona(Role::Supervisor);
    let desk = json!({
        "party_role": "relative", "name": "Canary Thị Dì", "channel": "phone",
        "phone": "0912 345 678", "email": "canary.di@example.vn",
        "safe_contact": {"may_email": true},
    });
    let id = supervisor.post(REQUESTS, &desk).assert(201).id();
    app.all_sent();
    let moved = json!({"email": "canary.khac@example.vn"});
    edit(&supervisor, &id, &moved).assert(200);
    let path = format!("{REQUESTS}/{id}/redirect");
    let to = json!({"to": "Hội Phụ nữ"});
    supervisor.post(&path, &to).assert(200);
    // The first answer uses what was stated; what was not confirmed is used for nothing else.
    let states: Vec<(String, String)> = app.query(|conn| {
        use diesel::prelude::*;
        use hai_dang::db::schema::messages;
        messages::table
            .filter(messages::object_kind.eq("counselling-request"))
            .order(messages::id)
            .select((messages::kind, messages::state))
            .load(conn)
    });
    let of = |kind: &str, state: &str| (kind.to_owned(), state.to_owned());
    let wanted = [
        of("case_received", "sent"),
        of("case_answered", "suppressed"),
    ];
    assert_eq!(states, wanted);
    // Whoever has no account opens nothing.
    let told = app.messages();
    assert!(told.iter().all(|mail| mail.content.links.is_empty()));
    assert!(has_item(&supervisor, "contact-family"));
}

#[test]
fn who_may_have_read_that_they_were_missed_is_called() {
    let app = TestApp::new();
    let mut story = Story::begin(&app);
    let id = story.appointment(9, 60).id();
    go_to(&app, instant(10 * 60), &mut story);
    let missed = json!({"by": "party"});
    let why = json!({"reason": "Canary nhập nhầm"});
    act(&story.counsellor, &id, "no-show", &missed).assert(200);
    act(&story.counsellor, &id, "reopen", &why).assert(200);
    let is_called = || has_item(&story.counsellor, "contact-family");
    assert!(!is_called(), "it had not left");
    act(&story.counsellor, &id, "no-show", &missed).assert(200);
    app.all_sent();
    act(&story.counsellor, &id, "reopen", &why).assert(200);
    assert!(is_called());
    let twice = json!({"attended": [story.party, story.party]});
    let twice = act(&story.counsellor, &id, "complete", &twice);
    twice.assert(422).violates("/attended/1", "repeated");
}

#[test]
fn nobody_calls_a_way_safe_that_leads_nowhere() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let aunt = story.add_party("relative", "Canary Dì");
    let path = story.path(&format!("/parties/{aunt}/safe-contact"));
    let all = json!({"may_email": true, "may_call": true, "may_leave_message": true});
    let said = json!({"channels": all, "how": "in_person"});
    let nowhere = story.counsellor.post(&path, &said).assert(422);
    for channel in ["may_email", "may_call", "may_leave_message"] {
        nowhere.violates(&format!("/channels/{channel}"), "no-way-there");
    }
    // An account has an address of its own, and the request told a phone.
    let own = format!("/me/counselling/parties/{}/safe-contact", story.party);
    let stated = story.family.post(&own, &json!({"channels": all}));
    let stated = stated.assert(200).json();
    assert_eq!(stated["phone"], "+84912345678");
    assert_eq!(stated["safe_contact"]["confirmed_how"], "own");
}

#[test]
fn the_desk_finds_a_matter_by_the_code_that_is_told() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let path = format!("{REQUESTS}/{}", story.request);
    let request = story.family.get(&path).assert(200).json();
    let code = request["code"].as_str().unwrap();
    // As it is read aloud: without its hyphen, in small letters.
    let typed = code.replace('-', "%20").to_lowercase();
    let ids = |by: &Client, list: &str| -> Value {
        let found = by.get(&format!("{list}?code={typed}")).assert(200).json();
        let items = found["items"].as_array().unwrap().iter();
        items.map(|one| one["id"].clone()).collect()
    };
    assert_eq!(ids(&story.supervisor, REQUESTS), json!([story.request]));
    let cases = "/counselling-cases";
    assert_eq!(ids(&story.counsellor, cases), json!([story.case]));
    let colleague = app.persona(Role::Counsellor);
    assert_eq!(ids(&colleague, cases), json!([]));
    let none = story
        .supervisor
        .get(&format!("{cases}?code=nobody"))
        .assert(200);
    assert_eq!(none.json()["items"], json!([]));
}

#[test]
fn a_late_withdrawal_waits_for_a_supervisor_whatever_else_the_case_rests_for() {
    let app = TestApp::new();
    let mut story = Story::begin(&app);
    let id = given(&story, "2026-02-20").assert(201).id();
    go_to(&app, app.now().plus(TimeDelta::days(20)), &mut story);
    let withdraw = story.path(&format!("/adoption-consents/{id}/withdraw"));
    let late = json!({"on": "2026-03-20"});
    let late = story.counsellor.post(&withdraw, &late).assert(200).json();
    assert_eq!(late["withdrawal"]["late"], true);
    let why = json!({"reason": "Chờ giấy tờ."});
    for step in ["/hold", "/resume"] {
        let path = story.path(step);
        story.supervisor.post(&path, &why).assert(200);
    }
    assert!(has_item(&story.supervisor, "consent-withdrawn"));
}
