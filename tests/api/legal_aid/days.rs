//! Days and mails: who is told what, what is late, and what a changed calendar moves.

use chrono::TimeDelta;
use hai_dang::identity::Role;
use serde_json::json;

use super::{Story, complete, tick};
use crate::support::{Client, TestApp};

fn kinds(by: &Client) -> Vec<String> {
    let list = by
        .get("/work-items?done=false&limit=100")
        .assert(200)
        .json();
    let items = list["items"].as_array().unwrap().iter();
    items
        .map(|item| item["kind"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn every_outcome_is_one_mail_and_none_tells_the_matter() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let address = story.family.email.clone();
    assert_eq!(app.mails("file_received", &address).len(), 1);
    story
        .step(
            "request-supplement",
            &json!({"wanted": [{"kind": "birth_certificate"}]}),
        )
        .assert(200);
    let wanted = app.mails("file_papers_wanted", &address).pop().unwrap();
    assert_eq!(wanted.content.values["due_date"], "06/03/2026");
    story
        .family
        .post(
            &story.path("/supplement"),
            &json!({"papers_to_follow": true}),
        )
        .assert(200);
    assert_eq!(app.mails("file_papers_received", &address).len(), 1);
    story.go_to("completed");
    let news = app.mails("file_news", &address);
    assert_eq!(news.len(), 4, "referred, accepted, assigned, completed");
    for mail in &news {
        let told = json!(mail.content.values).to_string();
        assert!(
            !told.contains("Canary") && !told.contains("LC-TG"),
            "{told}"
        );
    }
}

#[test]
fn where_mail_is_not_safe_nothing_leaves_and_somebody_calls() {
    let app = TestApp::new();
    let mut body = complete();
    body["requester"]["safe_contact"] = json!({"may_call": true});
    let story = Story::of(&app, &body);
    let address = story.family.email.clone();
    story.go_to("referred");
    assert_eq!(app.mails("file_received", &address).len(), 0);
    assert_eq!(app.mails("file_news", &address).len(), 0);
    let called = kinds(&story.officer);
    // One call is enough for all there is to tell.
    let calls = called.iter().filter(|kind| *kind == "contact-family");
    assert_eq!(calls.count(), 1, "{called:?}");
}

#[test]
fn what_is_late_is_given_to_somebody_once() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let silent = Story::begin(&app);
    silent.go_to("referred");
    tick(&app);
    let early = kinds(&story.supervisor);
    assert!(!early.contains(&"deadline-passed".to_owned()), "{early:?}");
    app.clock.advance(TimeDelta::days(8));
    tick(&app);
    tick(&app);
    let supervisor = app.persona(Role::Supervisor);
    let late = kinds(&supervisor);
    let count = |kind: &str| late.iter().filter(|one| *one == kind).count();
    assert_eq!(count("deadline-passed"), 1, "{late:?}");
    assert_eq!(count("centre-silent"), 1, "{late:?}");
    // It went on: nobody is late any more.
    let officer = app.persona(Role::LegalAidIntake);
    let decided = json!({"result": "accepted", "date": "2026-03-05"});
    officer
        .post(&silent.path("/record-decision"), &decided)
        .assert(200);
    assert!(!kinds(&supervisor).contains(&"centre-silent".to_owned()));
}

#[test]
fn a_refusal_nobody_opened_is_told_by_a_call() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    story.go_to("referred");
    story.step("record-decision", &super::refusal()).assert(200);
    app.clock.advance(TimeDelta::days(6));
    tick(&app);
    let supervisor = app.persona(Role::Supervisor);
    assert!(kinds(&supervisor).contains(&"refusal-not-opened".to_owned()));
    let family = app.again(&story.family);
    family
        .get(&format!("/me/legal-aid-requests/{}", story.request))
        .assert(200);
    assert!(!kinds(&supervisor).contains(&"refusal-not-opened".to_owned()));
}

#[test]
fn a_changed_calendar_moves_what_is_open_and_says_so() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    assert_eq!(story.show()["next_due_on"], "2026-03-04");
    app.clock.advance(TimeDelta::seconds(1));
    let admin = app.persona(Role::Administrator);
    let holiday = json!({"name": "Nghỉ bù", "kind": "holiday", "confirmed": false});
    let new = admin.with("If-None-Match", "*");
    new.put("/calendar/2026-03-03", &holiday).assert(201);
    tick(&app);
    let moved = story.show();
    assert_eq!(moved["next_due_on"], "2026-03-05");
    assert_eq!(moved["due_is_provisional"], true);
    let timeline = story
        .officer
        .get(&story.path("/timeline"))
        .assert(200)
        .json();
    let last = timeline["items"]
        .as_array()
        .unwrap()
        .last()
        .unwrap()
        .clone();
    assert_eq!(last["kind"], "retimed");
    assert_eq!(last["facts"]["was_due_on"], "2026-03-04");
    tick(&app);
    assert_eq!(
        story
            .officer
            .get(&story.path("/timeline?include=total"))
            .assert(200)
            .json()["total"],
        timeline["items"].as_array().unwrap().len()
    );
    // Taken back, it is as if it had never been; the last of the calendar's days, too.
    app.clock.advance(TimeDelta::seconds(1));
    let any = admin.with("If-Match", "*");
    any.delete("/calendar/2026-03-03").assert(204);
    tick(&app);
    assert_eq!(story.show()["next_due_on"], "2026-03-04");
}

#[test]
fn a_hearing_that_comes_near_makes_it_urgent() {
    let app = TestApp::new();
    let mut body = complete();
    body["urgency"] = json!({"hearing_date": "2026-03-16"});
    let story = Story::of(&app, &body);
    assert_eq!(story.show()["urgency"]["level"], "normal");
    app.clock.advance(TimeDelta::days(9));
    tick(&app);
    let officer = app.persona(Role::LegalAidIntake);
    let seen = officer.get(&story.path("")).assert(200).json();
    assert_eq!(seen["urgency"]["level"], "urgent");
    assert_eq!(seen["urgency"]["reason"], "hearing");
}

#[test]
fn others_of_one_child_are_looked_for_apart_from_the_familys_call() {
    let app = TestApp::new();
    let first = Story::begin(&app);
    Story::begin(&app);
    let before = kinds(&first.supervisor);
    assert!(!before.contains(&"possible-duplicate".to_owned()));
    tick(&app);
    tick(&app);
    let after = kinds(&first.supervisor);
    let count = after
        .iter()
        .filter(|kind| *kind == "possible-duplicate")
        .count();
    assert_eq!(count, 2, "one for each: {after:?}");
}
