//! What staff are told by mail: that something waits, by a code and a link; never what or whose, and
//! never to whoever stands back.

use chrono::TimeDelta;
use hai_dang::identity::Role;
use serde_json::json;

use super::{ALL, Story, complete, tick};
use crate::support::{Client, TestApp};

/// How often somebody was told in a tone.
fn told(app: &TestApp, tone: &str, by: &Client) -> usize {
    app.mails(&format!("work_{tone}"), &by.email).len()
}

#[test]
fn whoever_would_look_at_a_new_request_is_told_and_the_link_opens_what_waits() {
    let app = TestApp::new();
    let officer = app.persona(Role::LegalAidIntake);
    let bystander = app.persona(Role::Counsellor);
    let story = Story::begin(&app);
    let mail = app.mails("work_new", &officer.email).pop().unwrap();
    let said = json!(mail.content.values).to_string();
    assert!(
        !said.contains("Canary") && !said.contains("LC-TG"),
        "{said}"
    );
    // Not the family's code either: the two are never found together.
    assert!(
        !said.contains(story.show()["code"].as_str().unwrap()),
        "{said}"
    );
    assert_eq!(told(&app, "new", &bystander), 0);
    let items = officer
        .get("/work-items?kind=request-to-triage")
        .assert(200);
    let item = &items.json()["items"][0];
    assert_eq!(item["code"], mail.content.values["code"]);
    // Whoever does it themselves is not told, and what is done tells nobody any more.
    story.step("refer", &super::referral()).assert(200);
    let items = officer.get("/work-items?kind=request-to-triage&done=false");
    assert_eq!(items.assert(200).json()["items"], json!([]));
    let family = &story.family;
    let question = json!({"text": "Canary: khi nào có trả lời?"});
    family
        .post(&story.path("/questions"), &question)
        .assert(201);
    assert_eq!(told(&app, "new", &officer), 2);
    family
        .post(&story.path("/withdraw"), &json!({}))
        .assert(200);
    assert_eq!(told(&app, "new", &officer), 3);
}

#[test]
fn what_presses_is_told_at_once_also_at_night() {
    let app = TestApp::new();
    let officer = app.persona(Role::LegalAidIntake);
    let mut body = complete();
    body["urgency"] = json!({"level": "urgent", "reason": "avoid_harm"});
    Story::of(&app, &body);
    assert_eq!(told(&app, "urgent", &officer), 1);
    assert_eq!(told(&app, "new", &officer), 0);
}

#[test]
fn a_near_day_is_told_once_and_a_passed_one_to_the_supervisor() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let officer = story.officer.clone();
    let stand_in = app.persona(Role::Counsellor);
    let instead = json!({
        "from_user": officer.id(), "to_user": stand_in.id(), "duty": "intake",
        "starts_on": "2026-03-01", "ends_on": "2026-03-31",
    });
    let by = &story.supervisor;
    by.post("/delegations", &instead).assert(201);
    tick(&app);
    assert_eq!(
        told(&app, "near", &officer),
        0,
        "three working days are left"
    );
    app.clock.advance(TimeDelta::days(2));
    for _again in 0..3 {
        tick(&app);
    }
    for by in [&officer, &stand_in] {
        assert_eq!(told(&app, "near", by), 1);
    }
    app.clock.advance(TimeDelta::days(1));
    tick(&app);
    assert_eq!(told(&app, "near", &officer), 1, "once for its day");
    assert_eq!(told(&app, "late", &story.supervisor), 0);
    app.clock.advance(TimeDelta::days(3));
    tick(&app);
    tick(&app);
    assert_eq!(told(&app, "late", &story.supervisor), 1);
    assert_eq!(told(&app, "late", &officer), 0);
}

#[test]
fn whoever_stands_back_is_told_nothing_and_sees_no_item() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let (boss, officer) = (&story.supervisor, &story.officer);
    let reason = json!({"reason": "Là họ hàng của gia đình."});
    boss.post(&story.path("/declare-conflict"), &reason)
        .assert(204);
    let seen = boss.get("/work-items?include=total").assert(200).json();
    assert_eq!(seen["total"], 0, "{seen}");
    let before = told(&app, "new", boss);
    let question = json!({"text": "Khi nào?"});
    story
        .family
        .post(&story.path("/questions"), &question)
        .assert(201);
    app.clock.advance(TimeDelta::days(12));
    tick(&app);
    assert_eq!(told(&app, "new", boss), before);
    assert_eq!(told(&app, "late", boss), 0);
    let other = app.persona(Role::Supervisor);
    let items = other.get("/work-items?done=false").assert(200).json();
    assert!(items.to_string().contains(&story.request), "{items}");
    let id = items["items"][0]["id"].as_str().unwrap();
    let boss = app.again(boss);
    boss.get(&format!("/work-items/{id}")).assert(404);
    boss.act(&format!("/work-items/{id}/take")).assert(404);
    // An officer who stands back hears of it no more, either.
    let officer = app.again(officer);
    officer
        .post(&story.path("/declare-conflict"), &reason)
        .assert(204);
    let before = told(&app, "new", &officer);
    let family = app.again(&story.family);
    family
        .post(&story.path("/questions"), &question)
        .assert(201);
    assert_eq!(told(&app, "new", &officer), before);
}

#[test]
fn a_draft_nobody_touches_is_erased_after_whoever_wrote_it_was_told() {
    let app = TestApp::new();
    let family = app.persona(Role::Family);
    let id = family.post(ALL, &complete()).assert(201).id();
    let path = format!("{ALL}/{id}");
    let told = |family: &Client| app.mails("file_draft", &family.email).len();
    app.clock.advance(TimeDelta::days(150));
    tick(&app);
    assert_eq!(told(&family), 0);
    app.clock.advance(TimeDelta::days(17));
    tick(&app);
    tick(&app);
    assert_eq!(told(&family), 1);
    // Whoever goes on keeps it.
    let family = app.again(&family);
    let seen = family.get(&path).assert(200);
    let more = json!({"summary": "Canary viết tiếp."});
    family.having_seen(&seen).patch(&path, &more).assert(200);
    app.clock.advance(TimeDelta::days(20));
    tick(&app);
    let family = app.again(&family);
    family.get(&path).assert(200);
    app.clock.advance(TimeDelta::days(150));
    tick(&app);
    assert_eq!(told(&family), 2);
    app.clock.advance(TimeDelta::days(13));
    tick(&app);
    let family = app.again(&family);
    family.get(&path).assert(200);
    app.clock.advance(TimeDelta::days(2));
    tick(&app);
    let family = app.again(&family);
    family.get(&path).assert(404);
}
