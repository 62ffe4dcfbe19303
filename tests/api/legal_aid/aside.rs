//! Whoever stands back from a request learns nothing of the alerts about it.

use hai_dang::identity::Role;
use hai_dang::mail::message::opening_token;
use hai_dang::office::risk_alert::background::escalate;
use serde_json::{Value, json};

use super::Story;
use crate::support::{Client, TestApp};

/// Somebody of the organisers' side cannot see a request: an officer raises the alert.
#[track_caller]
fn raise(app: &TestApp, story: &Story) -> String {
    let alert = json!({
        "source": "desk", "informed_at": app.now(), "text": "Hàng xóm nghe cháu khóc.",
        "subject": {"kind": "legal-aid-request", "id": story.request},
    });
    let made = story.officer.post("/risk-alerts", &alert).assert(201);
    format!("/risk-alerts/{}", made.id())
}

#[track_caller]
fn stand_back(story: &Story, who: &Client) {
    let why = json!({"reason": "Họ hàng của người bị tố cáo.", "user": who.id()});
    let path = story.path("/declare-conflict");
    story.supervisor.post(&path, &why).assert(204);
}

#[track_caller]
fn is_missing(who: &Client, alert: &str) {
    for path in ["/risk-alerts", "/work-items?kind=risk-alert"] {
        let list = who.get(path).assert(200).json();
        assert_eq!(list["items"], json!([]), "{path}");
    }
    who.get(alert).assert(404);
    let acknowledge = format!("{alert}/acknowledge");
    who.post(&acknowledge, &json!({})).assert(404);
    let result = json!({"result": "Không có gì."});
    who.post(&format!("{alert}/close"), &result).assert(404);
}

fn mails(app: &TestApp, to: &Client) -> usize {
    let mails = app.messages().into_iter();
    let of_alert = |kind: &str| kind.starts_with("risk_");
    let mine = mails.filter(|mail| mail.address == to.email && of_alert(&mail.kind));
    mine.count()
}

#[test]
fn an_alert_goes_past_whoever_stood_back_before() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let kin = app.persona(Role::Supervisor);
    stand_back(&story, &kin);
    let alert = raise(&app, &story);
    is_missing(&kin, &alert);
    assert_eq!((mails(&app, &kin), mails(&app, &story.supervisor)), (0, 1));
    let seen = story.supervisor.get(&alert).assert(200).json();
    assert_eq!(seen["told"].as_array().unwrap().len(), 1);
}

#[test]
fn an_alert_is_taken_from_whoever_stands_back_and_told_to_the_next_at_once() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let kin = app.persona(Role::Supervisor);
    let alert = raise(&app, &story);
    let acknowledge = format!("{alert}/acknowledge");
    kin.post(&acknowledge, &json!({})).assert(200);
    stand_back(&story, &kin);
    is_missing(&kin, &alert);
    let seen = story.supervisor.get(&alert).assert(200).json();
    assert_eq!(seen["status"], "open", "nobody sees to it any more");
    assert_eq!(escalate(&app.platform).unwrap(), 1);
    assert_eq!((mails(&app, &kin), mails(&app, &story.supervisor)), (1, 2));
    story.supervisor.post(&acknowledge, &json!({})).assert(200);
}

#[test]
fn a_link_in_a_mail_leads_whoever_stands_back_to_nothing() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let kin = app.persona(Role::Supervisor);
    let alert = raise(&app, &story);
    let open = |who: &Client| {
        let mails = app.mails("risk_flag", &who.email);
        let token = opening_token(&app.platform.keys, mails[0].id);
        who.post("/me/links/open", &json!({"token": token}))
    };
    assert!(alert.ends_with(open(&kin).assert(200).json()["id"].as_str().unwrap()));
    stand_back(&story, &kin);
    open(&kin).assert(422).problem("token-invalid");
    open(&story.supervisor).assert(200);
}

#[test]
fn where_the_only_supervisor_stands_back_whoever_is_left_is_told() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let supervisor = &story.supervisor;
    stand_back(&story, supervisor);
    let alert = raise(&app, &story);
    is_missing(supervisor, &alert);
    assert_eq!(
        (mails(&app, supervisor), mails(&app, &story.officer)),
        (0, 1)
    );
    let acknowledge = format!("{alert}/acknowledge");
    story.officer.post(&acknowledge, &json!({})).assert(200);
    let seen: Value = story.officer.get(&alert).assert(200).json();
    assert_eq!(seen["status"], "acknowledged");
}

#[test]
fn what_waits_stays_with_whoever_did_not_stand_back() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let colleague = app.persona(Role::LegalAidIntake);
    let kin = app.persona(Role::Supervisor);
    let items = |who: &Client| {
        let list = who.get("/work-items?done=false").assert(200).json();
        list["items"].as_array().unwrap().len()
    };
    let before = items(&story.officer);
    assert!(before > 0);
    stand_back(&story, &kin);
    assert_eq!((items(&story.officer), items(&kin)), (before, 0));
    // What comes later comes to the desk as before.
    let question = json!({"text": "Khi nào có kết quả?"});
    story
        .family
        .post(&story.path("/questions"), &question)
        .assert(201);
    assert_eq!(items(&story.officer), before + 1);
    assert_eq!(items(&kin), 0);
    // What one of the desk had is the others'.
    stand_back(&story, &story.officer);
    assert_eq!(items(&story.officer), 0);
    assert!(items(&colleague) > before);
}
