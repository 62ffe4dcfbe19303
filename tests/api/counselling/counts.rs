//! The counts of counselling.

use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::{ALL, Story, act, go_to, instant};
use crate::support::{Client, TestApp};

const MARCH: &str = "/reports/counselling?from=2026-03-01&to=2026-03-31";

/// The rows of a dimension, and whether they add up.
#[track_caller]
fn by(client: &Client, dimension: &str) -> (Vec<(String, i64, i64)>, bool) {
    let path = format!("{MARCH}&group_by={dimension}");
    let report = client.get(&path).assert(200).json();
    let rows = report["rows"].as_array().unwrap().iter();
    let row = |row: &Value| {
        let number = |name: &str| row[name].as_i64().unwrap();
        let key = row["key"].as_str().unwrap().to_owned();
        (key, number("appointments"), number("people_served"))
    };
    (rows.map(row).collect(), report["additive"] == true)
}

/// One held by two people, one missed, one called off as the case ended; another request waits.
fn march(app: &TestApp) -> Story {
    let mut story = Story::begin(app);
    let aunt = story.add_party("relative", "Thị Dì");
    let both = story.booking(&[&story.party, &aunt], 9 * 60, 60);
    let held = story.counsellor.post(ALL, &both).assert(201).id();
    let missed = story.appointment(11, 30).id();
    let mut phone = story.booking(&[&story.party], 24 * 60 + 9 * 60, 60);
    phone["mode"] = json!("phone");
    phone["topics"] = json!(["grief", "purpose"]);
    story.counsellor.post(ALL, &phone).assert(201);
    app.persona(Role::Family)
        .post("/counselling-requests", &json!({"party_role": "relative"}))
        .assert(201);
    go_to(app, instant(12 * 60), &mut story);
    let came = json!({"attended": [story.party, aunt]});
    act(&story.counsellor, &held, "complete", &came).assert(200);
    act(
        &story.counsellor,
        &missed,
        "no-show",
        &json!({"by": "party"}),
    )
    .assert(200);
    let ask = json!({"outcome": "kinship_care", "reason": "Dì nhận nuôi dưỡng."});
    story
        .counsellor
        .post(&story.path("/ask-closing"), &ask)
        .assert(200);
    story
        .supervisor
        .post(&story.path("/approve-closing"), &json!({}))
        .assert(200);
    story
}

#[test]
fn a_family_waits_until_the_day_of_its_appointment() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let reporter = app.persona(Role::Reporter);
    let median = || reporter.get(MARCH).assert(200).json()["waiting"]["median_days"].clone();
    assert_eq!(median(), Value::Null);
    let next_day = story.booking(&[&story.party], 24 * 60 + 9 * 60, 60);
    let booked = story.counsellor.post(ALL, &next_day).assert(201).id();
    assert_eq!(median(), 2.0);
    let off = json!({"by": "counsellor", "reason": "Bận việc đột xuất"});
    act(&story.counsellor, &booked, "cancel", &off).assert(200);
    assert_eq!(median(), Value::Null, "what is off ends nobody's waiting");
}

#[test]
fn people_waits_and_outcomes_are_counted() {
    let app = TestApp::new();
    march(&app);
    let reporter = app.persona(Role::Reporter);
    let all = reporter.get(MARCH).assert(200).json();
    assert_eq!(all["rows"], json!([]));
    assert_eq!(
        all["total"],
        json!({
            "key": null, "appointments": 3, "completed": 1, "no_shows": 1, "no_show_rate": 50.0,
            "people_served": 2
        })
    );
    let waits = json!({"requests": 2, "waiting": 1, "median_days": 1.0});
    assert_eq!(all["waiting"], waits);
    let outcomes = json!([{"outcome": "kinship_care", "cases": 1}]);
    assert_eq!(all["outcomes"], outcomes);
    let april = "/reports/counselling?from=2026-04-01&to=2026-04-30";
    let none = reporter.get(april).assert(200).json();
    assert_eq!(none["total"]["appointments"], 0);
    assert_eq!(none["waiting"]["median_days"], Value::Null);
    let back = "/reports/counselling?from=2026-04-01&to=2026-03-01";
    let refused = reporter.get(back).assert(422);
    refused.violates("to", "order-invalid");
    // Another office counts its own.
    let elsewhere = app.add_office("khac");
    let other = app.persona_of(elsewhere, &[Role::Reporter]);
    let theirs = other.get(MARCH).assert(200).json();
    assert_eq!(theirs["total"]["appointments"], 0);
    assert_eq!(theirs["waiting"]["requests"], 0);
}

#[test]
fn appointments_are_counted_by_each_dimension() {
    let app = TestApp::new();
    let story = march(&app);
    let row = |key: &str, appointments, people| (key.to_owned(), appointments, people);
    for (dimension, rows, is_additive) in [
        ("phase", vec![row("before", 3, 2)], true),
        (
            "status",
            vec![
                row("cancelled", 1, 0),
                row("completed", 1, 2),
                row("no_show", 1, 0),
            ],
            true,
        ),
        (
            "party_role",
            vec![row("birth_parent", 3, 1), row("relative", 1, 1)],
            false,
        ),
        (
            "mode",
            vec![row("at_office", 2, 2), row("phone", 1, 0)],
            true,
        ),
        (
            "topic",
            vec![
                row("alternatives", 2, 2),
                row("grief", 1, 0),
                row("purpose", 1, 0),
            ],
            false,
        ),
        ("month", vec![row("2026-03", 3, 2)], true),
    ] {
        let counted = by(&story.supervisor, dimension);
        assert_eq!(counted, (rows, is_additive), "{dimension}");
    }
}

#[test]
fn whoever_stands_in_for_a_supervisor_counts_as_they_do() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let cover = app.persona(Role::Counsellor);
    cover.get(MARCH).assert(403);
    let body = json!({
        "from_user": story.supervisor.id(), "to_user": cover.id(),
        "duty": "supervise_counselling", "starts_on": "2026-03-01", "ends_on": "2026-03-02",
    });
    story.supervisor.post("/delegations", &body).assert(201);
    cover.get(MARCH).assert(200);
}
