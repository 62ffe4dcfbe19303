//! What must not harm a family: where mails go, what a list gives away, which day is too late.

use chrono::TimeDelta;
use diesel::prelude::*;
use hai_dang::db::schema::messages;
use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::papers::{PDF, send};
use super::{ALL, Story, complete, referral, refusal, tick};
use crate::support::{Client, TestApp};

/// How a request's mails stand.
fn states(app: &TestApp) -> Vec<(String, String)> {
    app.query(|conn| {
        messages::table
            .filter(messages::object_kind.eq("legal-aid-request"))
            .order(messages::id)
            .select((messages::kind, messages::state))
            .load(conn)
    })
}

fn items(by: &Client, kind: &str) -> Vec<Value> {
    let path = format!("/work-items?done=false&kind={kind}");
    let list = by.get(&path).assert(200).json();
    list["items"].as_array().unwrap().clone()
}

#[test]
fn what_waits_for_the_morning_stays_here_once_mail_is_not_safe() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    assert_eq!(states(&app), [("file_received".into(), "scheduled".into())]);
    let seen = story.family.get(&story.path("")).assert(200);
    let closed = json!({"requester": {"safe_contact": {"may_call": true}}});
    let family = story.family.having_seen(&seen);
    family.patch(&story.path(""), &closed).assert(200);
    assert_eq!(
        states(&app),
        [("file_received".into(), "suppressed".into())]
    );
    let calls = items(&story.officer, "contact-family");
    assert_eq!(calls[0]["subject"]["id"], json!(story.request));
}

#[test]
fn mails_of_an_account_go_where_it_reads_them_and_nowhere_else() {
    let app = TestApp::new();
    let family = app.persona(Role::Family);
    let mut body = complete();
    body["requester"]["email"] = json!("noi.khac@example.vn");
    let refused = family.post(ALL, &body).assert(422);
    refused.violates("/requester/email", "account-address");
    body["requester"]["email"] = json!(family.email);
    family.post(ALL, &body).assert(201);
}

#[test]
fn nobody_is_told_of_a_draft_that_a_family_forgot() {
    let app = TestApp::new();
    let officer = app.persona(Role::LegalAidIntake);
    let family = app.persona(Role::Family);
    let draft = json!({"summary": "Canary chưa gửi"});
    family.post(ALL, &draft).assert(201);
    app.clock.advance(TimeDelta::days(170));
    tick(&app);
    assert_eq!(states(&app), [("file_draft".into(), "suppressed".into())]);
    assert!(items(&app.again(&officer), "contact-family").is_empty());
}

#[test]
fn nothing_is_due_after_the_hearing() {
    let app = TestApp::new();
    let mut body = complete();
    body["urgency"] = json!({"hearing_date": "2026-03-03"});
    let story = Story::of(&app, &body);
    assert_eq!(story.show()["next_due_on"], "2026-03-03");
    let wanted = json!({"wanted": [{"kind": "birth_certificate"}]});
    story.step("request-supplement", &wanted).assert(200);
    assert_eq!(story.show()["next_due_on"], "2026-03-03");
    // A later hearing gives the days back.
    let later = json!({"urgency": {"hearing_date": "2026-04-30"}});
    let seen = story.officer.get(&story.path("")).assert(200);
    let officer = story.officer.having_seen(&seen);
    let moved = officer.patch(&story.path(""), &later).assert(200).json();
    assert_eq!(moved["next_due_on"], "2026-03-06");
}

#[test]
fn a_day_that_moves_takes_along_what_waits_and_keeps_what_is_not_named() {
    let app = TestApp::new();
    let mut body = complete();
    body["urgency"] = json!({"level": "urgent", "reason": "avoid_harm"});
    let story = Story::of(&app, &body);
    let seen = story.officer.get(&story.path("")).assert(200);
    let officer = story.officer.having_seen(&seen);
    let hearing = json!({"urgency": {"hearing_date": "2026-03-02"}});
    let moved = officer.patch(&story.path(""), &hearing).assert(200).json();
    assert_eq!(moved["urgency"]["reason"], "avoid_harm");
    assert_eq!(moved["next_due_on"], "2026-03-02");
    let waits = items(&story.officer, "request-to-triage");
    assert_eq!(waits[0]["due_at"], "2026-03-03T00:00:00+07:00");
}

#[test]
fn a_refusal_is_read_by_opening_it() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    story.step("refer", &referral()).assert(200);
    story.step("record-decision", &refusal()).assert(200);
    let listed = || {
        let list = story.family.get("/me/legal-aid-requests").assert(200);
        list.json()["items"][0].clone()
    };
    assert_eq!(listed()["stage"], "not_accepted");
    assert_eq!(listed()["decision"], json!(null));
    assert_eq!(story.own()["decision"]["number"], "46/TB-TGPL");
    assert!(story.show()["refusal_opened_at"].is_string());
}

#[test]
fn what_the_centre_was_sent_a_family_does_not_exchange() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let all = story.path("/documents");
    let kind = [("kind", "birth_certificate")];
    let page = send(&story.family, &all, &kind, ("1.pdf", PDF))
        .assert(201)
        .id();
    let replace = format!("{all}/{page}/replace");
    let newer = send(&story.family, &replace, &[], ("2.pdf", PDF))
        .assert(201)
        .id();
    story.step("refer", &referral()).assert(200);
    let replace = format!("{all}/{newer}/replace");
    send(&story.family, &replace, &[], ("3.pdf", PDF)).assert(403);
    story.family.get(&format!("{all}/{newer}")).assert(200);
    // Another picture is one page more.
    send(&story.family, &all, &kind, ("3.pdf", PDF)).assert(201);
}

#[test]
fn a_paper_that_was_waited_for_is_looked_at_whoever_says_so() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let wanted = json!({"wanted": [{"kind": "birth_certificate"}]});
    story.step("request-supplement", &wanted).assert(200);
    assert!(items(&story.officer, "request-to-triage").is_empty());
    let kind = [("kind", "birth_certificate")];
    let all = story.path("/documents");
    send(&story.family, &all, &kind, ("1.pdf", PDF)).assert(201);
    assert_eq!(items(&story.officer, "request-to-triage").len(), 1);
}

#[test]
fn a_family_is_reminded_of_its_day_once_and_wakes_to_one_mail() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let wanted = json!({"wanted": [{"kind": "birth_certificate"}]});
    story.step("request-supplement", &wanted).assert(200);
    app.all_sent();
    let asked = || app.mails("file_papers_wanted", &story.family.email).len();
    for (days, mails) in [(3, 1), (2, 2), (0, 2)] {
        app.clock.advance(TimeDelta::days(days));
        tick(&app);
        assert_eq!(asked(), mails, "{days} days on");
    }
    app.all_sent();
    // Three steps of one night: the family is told once that there is news.
    let story = Story {
        officer: app.again(&story.officer),
        family: app.again(&story.family),
        ..story
    };
    let nothing = json!({"note": "Không có giấy này."});
    story
        .family
        .post(&story.path("/supplement"), &nothing)
        .assert(200);
    story.step("refer", &referral()).assert(200);
    let receipt = json!({"receipt_number": "9/BN", "received_on": "2026-03-06"});
    story.step("record-receipt", &receipt).assert(200);
    let news = states(&app)
        .into_iter()
        .filter(|(kind, _)| kind == "file_news");
    let news: Vec<String> = news.map(|(_, state)| state).collect();
    assert_eq!(news, ["superseded", "scheduled"]);
}

#[test]
fn what_is_stood_back_from_waits_once_and_is_called_to_mind() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let why = json!({"reason": "Là họ hàng của gia đình."});
    story.step("declare-conflict", &why).assert(204);
    let again = json!({"reason": "Lần nữa", "user": story.officer.id()});
    let path = story.path("/declare-conflict");
    story.supervisor.post(&path, &again).assert(204);
    assert_eq!(items(&story.supervisor, "request-to-triage").len(), 1);
    app.clock.advance(TimeDelta::days(2));
    tick(&app);
    assert_eq!(app.mails("work_near", &story.supervisor.email).len(), 1);
    assert!(app.mails("work_near", &story.officer.email).is_empty());
}
