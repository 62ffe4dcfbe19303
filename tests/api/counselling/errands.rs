//! What is left for people to do.

use chrono::TimeDelta;
use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::{ALL, Story, at, go_to};
use crate::support::{Client, TestApp};

fn items(client: &Client, kind: &str) -> Vec<Value> {
    let path = format!("/work-items?done=false&kind={kind}");
    let list = client.get(&path).assert(200).json();
    list["items"].as_array().unwrap().clone()
}

#[test]
fn changed_hours_that_touch_appointments_are_looked_at() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    story.open_hours();
    story.appointment(9, 60);
    let kind = "hours-touch-appointments";
    assert!(items(&story.counsellor, kind).is_empty());
    let path = format!("/counsellors/{}/availability", story.counsellor.id());
    let seen = story.counsellor.get(&path).assert(200);
    let mut away = seen.json();
    let away = json!({
        "hours": away["hours"].take(), "exceptions": [],
        "time_off": [{"starts_at": at(0), "ends_at": at(24 * 60)}],
    });
    let set = story.counsellor.having_seen(&seen).put(&path, &away);
    let set = set.assert(200);
    assert_eq!(
        set.json()["touched_appointments"].as_array().unwrap().len(),
        1
    );
    let open = items(&story.counsellor, kind);
    assert_eq!(open.len(), 1);
    assert_eq!(open[0]["owner_id"], json!(story.counsellor.id()));
    assert_eq!(
        open[0]["due_at"],
        at(9 * 60),
        "before the first of them begins"
    );
    story.open_hours();
    assert!(items(&story.counsellor, kind).is_empty());
}

#[test]
fn a_note_nobody_signs_and_a_phase_that_waits_are_called_to_mind() {
    let app = TestApp::new();
    let mut story = Story::begin(&app);
    let note = json!({"body": "Canary"});
    let note = story.counsellor.post(&story.path("/notes"), &note);
    let note = note.assert(201).id();
    let remind = || {
        let platform = app.platform.clone().into_inner();
        hai_dang::counselling::background::remind(&platform).unwrap();
    };
    go_to(&app, app.now().plus(TimeDelta::days(6)), &mut story);
    remind();
    assert!(items(&story.counsellor, "note-unsigned").is_empty());
    go_to(&app, app.now().plus(TimeDelta::days(1)), &mut story);
    remind();
    remind();
    let open = items(&story.counsellor, "note-unsigned");
    assert_eq!(open.len(), 1);
    assert_eq!(open[0]["subject"]["id"], json!(note));
    let sign = story.path(&format!("/notes/{note}/sign"));
    story.counsellor.post(&sign, &json!({})).assert(200);
    assert!(items(&story.counsellor, "note-unsigned").is_empty());
    // A counsellor who gives a reason asks the supervisor.
    let path = story.path("/advance-phase");
    let refused = story.counsellor.post(&path, &json!({})).assert(409);
    let refused = refused.problem("checklist-open");
    assert_eq!(refused["override_asked"], false);
    let refused = story.supervisor.post(&path, &json!({})).assert(409);
    let refused = refused.problem("checklist-open");
    assert_eq!(refused["override_asked"], false);
    assert!(items(&story.supervisor, "override-wanted").is_empty());
    let why = json!({"override_reason": "Canary hồ sơ giấy đã đủ."});
    let refused = story.counsellor.post(&path, &why).assert(409);
    let refused = refused.problem("checklist-open");
    assert_eq!(refused["override_asked"], true);
    let open = items(&story.supervisor, "override-wanted");
    assert_eq!(open.len(), 1);
    assert_eq!(open[0]["owner_id"], json!(story.supervisor.id()));
    let timeline = story.supervisor.get(&story.path("/timeline"));
    let timeline = timeline.assert(200).json();
    let last = timeline["items"]
        .as_array()
        .unwrap()
        .last()
        .unwrap()
        .clone();
    assert_eq!(last["kind"], "override-wanted");
    assert_eq!(last["reason"], why["override_reason"]);
    story.supervisor.post(&path, &why).assert(200);
    assert!(items(&story.supervisor, "override-wanted").is_empty());
}

#[test]
fn what_was_written_stays_here_once_mail_is_not_safe_any_more() {
    use diesel::prelude::*;
    use hai_dang::db::schema::messages;
    let app = TestApp::new();
    let story = Story::begin(&app);
    let other = app.persona(Role::Family);
    let id = story.appointment(9 + 72, 60).id();
    let states = || -> Vec<(String, String, Option<String>)> {
        app.query(|conn| {
            messages::table
                .filter(messages::object_kind.eq("counselling-appointment"))
                .order(messages::id)
                .select((messages::kind, messages::state, messages::last_error))
                .load(conn)
        })
    };
    assert!(states().iter().all(|(_, state, _)| state != "suppressed"));
    let path = format!("/me/counselling/parties/{}/safe-contact", story.party);
    let closed = json!({"channels": {"may_call": true}});
    other.post(&path, &closed).assert(404);
    story.family.post(&path, &closed).assert(200);
    for (kind, state, why) in states() {
        assert_eq!(state, "suppressed", "{kind}");
        assert_eq!(why.as_deref(), Some("unsafe-contact"));
    }
    // The confirmation was news: somebody calls. The reminder was not.
    let calls = items(&story.counsellor, "contact-family");
    let about = calls
        .iter()
        .filter(|item| item["subject"]["id"] == json!(id));
    assert_eq!(about.count(), 1);
    story.counsellor.get(ALL).assert(200);
}

#[test]
fn only_families_that_wait_are_counted_as_waiting() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let path = "/reports/counselling?from=2026-03-01&to=2026-03-31";
    let waiting = || {
        let counts = story.supervisor.get(path).assert(200).json();
        (
            counts["waiting"]["requests"].as_i64().unwrap(),
            counts["waiting"]["waiting"].as_i64().unwrap(),
        )
    };
    // Its case is open.
    assert_eq!(waiting(), (1, 0));
    let asked = json!({"party_role": "relative"});
    let family = app.persona(Role::Family);
    let request = family
        .post("/counselling-requests", &asked)
        .assert(201)
        .id();
    assert_eq!(waiting(), (2, 1));
    let request = format!("/counselling-requests/{request}");
    family
        .post(&format!("{request}/withdraw"), &json!({}))
        .assert(200);
    assert_eq!(waiting(), (2, 0));
    // Whoever opens a case has reached the family.
    let second = family
        .post("/counselling-requests", &asked)
        .assert(201)
        .id();
    let second = format!("/counselling-requests/{second}");
    let to = json!({"assignee": story.counsellor.id()});
    story
        .supervisor
        .post(&format!("{second}/assign"), &to)
        .assert(200);
    let shown = story.counsellor.get(&second).assert(200).json();
    assert_eq!(shown["first_contacted_at"], Value::Null);
    let actions = shown["allowed_actions"].as_array().unwrap();
    assert!(!actions.contains(&json!("mark-unreachable")));
    story
        .counsellor
        .post(&format!("{second}/open-case"), &json!({}))
        .assert(201);
    let shown = story.supervisor.get(&second).assert(200).json();
    assert!(shown["first_contacted_at"].is_string());
}
