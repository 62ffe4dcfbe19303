//! What was offered or asked for is taken back, or given another turn.

use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::Story;
use super::cases::{ask_closing, close};
use crate::support::{Client, Reply, TestApp};

#[track_caller]
fn offered(who: &Client, story: &Story) -> Vec<String> {
    let seen = who.get(&story.path("")).assert(200).json();
    let actions = seen["allowed_actions"].as_array().unwrap().iter();
    actions
        .map(|one| one.as_str().unwrap().to_owned())
        .collect()
}

#[track_caller]
fn offers(who: &Client, story: &Story, action: &str) -> bool {
    offered(who, story).contains(&action.to_owned())
}

fn act(who: &Client, story: &Story, verb: &str) -> Reply {
    who.post(&story.path(&format!("/{verb}")), &json!({}))
}

fn transfer(by: &Client, story: &Story, to: &Client) -> Reply {
    let body = json!({"to": to.id(), "reason": "Nghỉ dài ngày."});
    by.post(&story.path("/transfer"), &body)
}

fn waits(who: &Client, kind: &str) -> Vec<Value> {
    let list = who.get(&format!("/work-items?done=false&kind={kind}"));
    list.assert(200).json()["items"].as_array().unwrap().clone()
}

#[test]
fn whoever_works_on_a_case_and_reads_no_notes_is_offered_to_write_none() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let beyond = app.persona(Role::Supervisor);
    let colleague = app.persona(Role::Counsellor);
    let note = json!({"body": "Canary"});
    let all = story.path("/notes");
    for who in [&story.counsellor, &story.supervisor] {
        assert!(offers(who, &story, "write-note"));
        who.post(&all, &note).assert(201);
    }
    assert!(offers(&beyond, &story, "record") && !offers(&beyond, &story, "write-note"));
    let plan = json!({"due_on": "2026-04-01", "what": "Gọi lại."});
    beyond.post(&story.path("/follow-ups"), &plan).assert(201);
    beyond.post(&all, &note).assert(404);
    // Nor is whoever is only asked to take it over.
    transfer(&story.supervisor, &story, &colleague).assert(200);
    assert!(!offers(&colleague, &story, "write-note"));
    colleague.post(&all, &note).assert(404);
}

#[test]
fn an_offer_goes_to_another_in_one_step_or_is_taken_back() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let (first, second) = (app.persona(Role::Counsellor), app.persona(Role::Counsellor));
    act(&story.counsellor, &story, "withdraw-transfer")
        .assert(409)
        .problem("action-not-allowed");
    assert!(!offers(&story.counsellor, &story, "withdraw-transfer"));
    transfer(&story.counsellor, &story, &first).assert(200);
    assert_eq!(waits(&first, "transfer-received").len(), 1);
    let same = transfer(&story.counsellor, &story, &first);
    same.assert(422).violates("/to", "unchanged");
    // Whoever was asked offers it to nobody, and takes nothing back.
    assert_eq!(
        offered(&first, &story),
        ["accept-transfer", "decline-transfer"]
    );
    transfer(&first, &story, &second).assert(403);
    act(&first, &story, "withdraw-transfer").assert(403);
    for who in [&story.counsellor, &story.supervisor] {
        assert!(offers(who, &story, "transfer"));
        assert!(offers(who, &story, "withdraw-transfer"));
        assert!(!offers(who, &story, "decline-transfer"));
    }
    let next = transfer(&story.counsellor, &story, &second).assert(200);
    assert_eq!(next.json()["transfer_to_id"], json!(second.id()));
    first.get(&story.path("")).assert(404);
    assert!(waits(&first, "transfer-received").is_empty());
    assert_eq!(waits(&second, "transfer-received").len(), 1);
    act(&first, &story, "accept-transfer").assert(404);
    let back = act(&story.counsellor, &story, "withdraw-transfer").assert(200);
    assert_eq!(back.json()["transfer_to_id"], json!(null));
    second.get(&story.path("")).assert(404);
    assert!(waits(&second, "transfer-received").is_empty());
    transfer(&story.counsellor, &story, &second).assert(200);
    act(&second, &story, "accept-transfer").assert(200);
}

#[test]
fn a_case_offered_to_somebody_who_left_is_not_stuck() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let (gone, other) = (app.persona(Role::Counsellor), app.persona(Role::Counsellor));
    transfer(&story.counsellor, &story, &gone).assert(200);
    let admin = app.persona(Role::Administrator);
    let path = format!("/users/{}", gone.id());
    let seen = admin.get(&path).assert(200);
    let disable = admin
        .having_seen(&seen)
        .post(&format!("{path}/disable"), &json!({}));
    disable.assert(200);
    // The supervisor hands it on as that of someone who is away.
    transfer(&story.supervisor, &story, &other).assert(200);
    act(&other, &story, "accept-transfer").assert(200);
    let timeline = story.supervisor.get(&story.path("/timeline"));
    let timeline = timeline.assert(200).json();
    let kinds = timeline["items"].as_array().unwrap().iter();
    let turns = kinds.filter(|one| one["kind"] == "transfer").count();
    assert_eq!(turns, 2);
}

#[test]
fn the_end_of_a_case_ends_the_offer_of_it() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let colleague = app.persona(Role::Counsellor);
    transfer(&story.counsellor, &story, &colleague).assert(200);
    close(&story, "family_preserved");
    assert!(waits(&colleague, "transfer-received").is_empty());
    colleague.get(&story.path("")).assert(404);
}

#[test]
fn whoever_asked_for_the_end_of_a_case_takes_that_back() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let verb = "withdraw-closing";
    act(&story.counsellor, &story, verb).assert(409);
    ask_closing(&story, "family_preserved");
    assert!(offers(&story.counsellor, &story, verb));
    assert!(!offers(&story.counsellor, &story, "ask-closing"));
    assert!(!offers(&story.supervisor, &story, verb));
    act(&story.supervisor, &story, verb).assert(403);
    assert_eq!(waits(&story.supervisor, "closing-awaits-approval").len(), 1);
    let open = act(&story.counsellor, &story, verb).assert(200).json();
    assert_eq!(open["closing_asked_by"], json!(null));
    assert_eq!(open["outcome"], json!(null));
    assert!(waits(&story.supervisor, "closing-awaits-approval").is_empty());
    act(&story.supervisor, &story, "approve-closing").assert(409);
    close(&story, "kinship_care");
}

#[test]
fn whoever_asked_that_a_case_be_forgotten_takes_that_back() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let verb = "withdraw-erasure";
    close(&story, "family_preserved");
    act(&story.counsellor, &story, verb).assert(409);
    assert!(!offers(&story.supervisor, &story, verb));
    let why = json!({"reason": "Gia đình đề nghị xóa."});
    let ask = story.path("/ask-erasure");
    let second = app.persona(Role::Supervisor);
    for (asker, other) in [
        (&story.counsellor, &story.counsellor),
        (&story.counsellor, &second),
        (&second, &second),
    ] {
        asker.post(&ask, &why).assert(200);
        assert!(offers(other, &story, verb));
        let kept = act(other, &story, verb).assert(200).json();
        assert_eq!(kept["erasure_asked_by"], json!(null));
        act(&story.supervisor, &story, "erase").assert(409);
    }
    // What a supervisor asked for no counsellor takes back.
    second.post(&ask, &why).assert(200);
    assert!(!offers(&story.counsellor, &story, verb));
    act(&story.counsellor, &story, verb).assert(403);
    act(&story.supervisor, &story, "erase").assert(200);
}

#[test]
fn a_request_given_to_whoever_has_it_stays_as_it_is() {
    let app = TestApp::new();
    let (supervisor, counsellor) = (app.persona(Role::Supervisor), app.persona(Role::Counsellor));
    let asked = json!({"party_role": "relative", "channel": "desk", "name": "Canary Thị Bà"});
    let made = supervisor.post("/counselling-requests", &asked).assert(201);
    let path = format!("/counselling-requests/{}", made.id());
    let assign = |to: &Client| {
        let to = json!({"assignee": to.id()});
        supervisor.post(&format!("{path}/assign"), &to)
    };
    let given = assign(&counsellor).assert(200).json();
    let again = assign(&counsellor).assert(422);
    again.violates("/assignee", "unchanged");
    let seen = supervisor.get(&path).assert(200).json();
    assert_eq!(seen["version"], given["version"]);
    assign(&supervisor).assert(200);
}
