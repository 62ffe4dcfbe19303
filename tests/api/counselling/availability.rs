//! Counsellors' hours and the free times they leave.

use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::{Story, at};
use crate::support::TestApp;

fn path(story: &Story) -> String {
    format!("/counsellors/{}/availability", story.counsellor.id())
}

fn slots(story: &Story, from: &str, to: &str, minutes: i64) -> String {
    let counsellor = story.counsellor.id();
    format!("/counsellors/{counsellor}/slots?from={from}&to={to}&minutes={minutes}")
}

fn starts(body: &Value) -> Vec<String> {
    let items = body["items"].as_array().unwrap();
    let start = |one: &Value| {
        one["starts_at"]
            .as_str()
            .unwrap()
            .get(11..16)
            .unwrap()
            .to_owned()
    };
    items.iter().map(start).collect()
}

#[test]
fn hours_leave_free_times_that_bookings_and_exceptions_take() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let monday = slots(&story, "2026-03-02", "2026-03-02", 60);
    let none = story.counsellor.get(&monday).assert(200).json();
    assert_eq!(none["items"], json!([]));
    story.open_hours();
    let all = story.counsellor.get(&monday).assert(200).json();
    let morning = ["08:00", "08:30", "09:00", "09:30", "10:00"];
    let afternoon = ["13:30", "14:00", "14:30", "15:00", "15:30", "16:00"];
    assert_eq!(starts(&all), [&morning[..], &afternoon].concat());
    story.appointment(9, 45);
    let left = story.counsellor.get(&monday).assert(200).json();
    assert_eq!(
        starts(&left),
        [&["08:00", "10:00"], &afternoon[..]].concat()
    );
    let quarter = slots(&story, "2026-03-02", "2026-03-02", 15);
    let left = story.counsellor.get(&quarter).assert(200).json();
    assert!(starts(&left).contains(&"09:45".to_owned()));
    // Sunday is closed, and the hours of today that passed are gone.
    let sunday = slots(&story, "2026-03-01", "2026-03-01", 60);
    let none = story.counsellor.get(&sunday).assert(200).json();
    assert_eq!(none["items"], json!([]));
    for (query, pointer, code) in [
        ("from=2026-03-02&to=2026-03-01", "to", "order-invalid"),
        ("from=2026-03-02&to=2026-04-02", "to", "out-of-range"),
        ("from=-4999-03-02&to=-4999-03-02", "from", "out-of-range"),
        (
            "from=2026-03-02&to=2026-03-02&minutes=20",
            "minutes",
            "quarter-hours",
        ),
        (
            "from=2026-03-02&to=2026-03-02&minutes=300",
            "minutes",
            "appointment-length",
        ),
    ] {
        let path = format!("/counsellors/{}/slots?{query}", story.counsellor.id());
        story
            .counsellor
            .get(&path)
            .assert(422)
            .violates(pointer, code);
    }
}

#[test]
fn new_hours_list_the_appointments_they_touch_and_move_none() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    story.open_hours();
    let kept = story.appointment(8, 60).id();
    let touched = story.appointment(14, 60).id();
    let seen = story.counsellor.get(&path(&story)).assert(200);
    assert_eq!(seen.json()["hours"].as_array().unwrap().len(), 10);
    let body = json!({
        "hours": [
            {"weekday": 1, "starts": "08:00:00", "ends": "17:00:00", "valid_from": "2026-01-01"}
        ],
        "exceptions": [
            {"day": "2026-03-02", "kind": "closed", "starts": "13:00:00", "ends": "00:00:00"},
            {"day": "2026-03-07", "kind": "open", "starts": "08:00:00", "ends": "09:00:00"}
        ],
        "time_off": [{"starts_at": at(9 * 60), "ends_at": at(12 * 60)}],
    });
    story.counsellor.put(&path(&story), &body).assert(428);
    let set = story
        .counsellor
        .having_seen(&seen)
        .put(&path(&story), &body)
        .assert(200)
        .json();
    assert_eq!(set["touched_appointments"], json!([touched]));
    assert_eq!(set["version"], 2);
    assert_eq!(set["exceptions"][0]["ends"], "00:00:00");
    let stale = story
        .counsellor
        .having_seen(&seen)
        .put(&path(&story), &body);
    stale.assert(412);
    for id in [kept, touched] {
        let one = format!("/counselling-appointments/{id}");
        let one = story.counsellor.get(&one).assert(200).json();
        assert_eq!(one["status"], "confirmed");
        assert_eq!(one["calendar_sequence"], 0);
    }
    let week = slots(&story, "2026-03-02", "2026-03-08", 60);
    let free = story.supervisor.get(&week).assert(200).json();
    // Monday: eight is booked, nine to twelve is off, one and later is closed.
    let items = free["items"].as_array().unwrap();
    let starts: Vec<&str> = items
        .iter()
        .map(|one| one["starts_at"].as_str().unwrap())
        .collect();
    assert_eq!(
        starts,
        ["2026-03-02T12:00:00+07:00", "2026-03-07T08:00:00+07:00"]
    );
}

#[test]
fn broken_hours_are_told_all_at_once() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let seen = story.counsellor.get(&path(&story)).assert(200);
    let body = json!({
        "hours": [
            {"weekday": 8, "starts": "09:00:00", "ends": "08:00:00",
             "valid_from": "-4999-02-01", "valid_to": "-4999-01-01"}
        ],
        "exceptions": [
            {"day": "2026-03-02", "kind": "open", "starts": "13:00:00", "ends": "13:00:00"}
        ],
        "time_off": [{"starts_at": at(60), "ends_at": at(60)}],
    });
    let refused = story
        .counsellor
        .having_seen(&seen)
        .put(&path(&story), &body)
        .assert(422);
    for (pointer, code) in [
        ("/hours/0/weekday", "out-of-range"),
        ("/hours/0/ends", "before-start"),
        ("/hours/0/valid_to", "before-start"),
        ("/hours/0/valid_from", "out-of-range"),
        ("/exceptions/0/ends", "before-start"),
        ("/time_off/0/ends_at", "before-start"),
    ] {
        refused.violates(pointer, code);
    }
}

#[test]
fn what_is_left_out_of_a_whole_is_asked_for_and_wipes_nothing() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    story.open_hours();
    let seen = story.counsellor.get(&path(&story)).assert(200);
    let counsellor = story.counsellor.having_seen(&seen);
    let empty = counsellor.put(&path(&story), &json!({}));
    empty.assert(422).violates("/hours", "required");
    let half = counsellor.put(&path(&story), &json!({"hours": []}));
    half.assert(422).violates("/exceptions", "required");
    let kept = story.counsellor.get(&path(&story)).assert(200).json();
    assert_eq!(kept["hours"], seen.json()["hours"]);
    let own = format!("/me/counselling/parties/{}/safe-contact", story.party);
    let list = story
        .counsellor
        .get(&story.path("/parties"))
        .assert(200)
        .json();
    assert_eq!(list["items"][0]["safe_contact"]["may_email"], true);
    let empty = story.family.post(&own, &json!({}));
    empty.assert(422).violates("/channels", "required");
    let list = story
        .counsellor
        .get(&story.path("/parties"))
        .assert(200)
        .json();
    assert_eq!(list["items"][0]["safe_contact"]["may_email"], true);
}

#[test]
fn an_edit_that_changes_nothing_leaves_no_trace() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let paths = [
        story.path(""),
        story.path(&format!("/parties/{}", story.party)),
    ];
    let events = |story: &Story| {
        let timeline = story.counsellor.get(&story.path("/timeline"));
        timeline.assert(200).json()["items"]
            .as_array()
            .unwrap()
            .len()
    };
    let before = events(&story);
    for path in paths {
        let seen = story.counsellor.get(&path).assert(200);
        let counsellor = story.counsellor.having_seen(&seen);
        let same = counsellor.patch(&path, &json!({})).assert(200).json();
        assert_eq!(same["version"], seen.json()["version"], "{path}");
    }
    assert_eq!(events(&story), before);
}

#[test]
fn hours_are_the_counsellors_own_and_free_times_their_families() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    story.open_hours();
    let colleague = app.persona(Role::Counsellor);
    colleague.get(&path(&story)).assert(404);
    story.supervisor.get(&path(&story)).assert(200);
    let own = format!("/counsellors/{}/availability", colleague.id());
    colleague.get(&own).assert(200);
    // An organiser counsels nobody.
    let organiser = app.persona(Role::Organiser);
    let none = format!("/counsellors/{}/availability", organiser.id());
    story.supervisor.get(&none).assert(404);
    let monday = slots(&story, "2026-03-02", "2026-03-02", 60);
    let free = story.family.get(&monday).assert(200).json();
    assert_eq!(starts(&free).len(), 11);
    let theirs = format!(
        "/counsellors/{}/slots?from=2026-03-02&to=2026-03-02",
        colleague.id()
    );
    story.family.get(&theirs).assert(404);
    app.persona(Role::Family).get(&monday).assert(404);
    let elsewhere = app.add_office("khac");
    let other = app.persona_of(elsewhere, &[Role::Supervisor]);
    other.get(&path(&story)).assert(404);
    other.get(&monday).assert(404);
}
