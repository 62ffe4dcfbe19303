//! Settings, agencies, rooms and days.

use hai_dang::identity::Role;
use hai_dang::office::import::{Imported, import_plan};
use serde_json::json;

use crate::support::TestApp;

#[test]
fn an_administrator_changes_a_policy_and_its_source_and_others_only_read() {
    let app = TestApp::new();
    let (admin, reporter) = (
        app.persona(Role::Administrator),
        app.persona(Role::Reporter),
    );
    let seen = admin.get("/office").assert(200);
    assert_eq!(seen.json()["policies"]["late_after_minutes"]["value"], 15);
    let change = json!({"policies": {"late_after_minutes": {"value": 10, "source": "QĐ 12"}}});
    admin.patch("/office", &change).assert(428);
    let after = admin
        .having_seen(&seen)
        .patch("/office", &change)
        .assert(200)
        .json();
    assert_eq!(
        after["policies"]["late_after_minutes"],
        json!({"value": 10, "source": "QĐ 12"})
    );
    // A number of the office's own rests on no law that another number had.
    let current = admin.get("/office").assert(200);
    let bare = json!({"policies": {"late_after_minutes": {"value": 12}}});
    let own = admin.having_seen(&current).patch("/office", &bare);
    let own = own.assert(200).json();
    assert_eq!(
        own["policies"]["late_after_minutes"]["source"],
        "set by the office; unverified"
    );
    admin
        .having_seen(&seen)
        .patch("/office", &change)
        .assert(412);
    reporter
        .having_seen(&seen)
        .patch("/office", &change)
        .assert(403);
    reporter.get("/office").assert(200);
    app.persona(Role::Family).get("/office").assert(403);
    let public = app.anonymous().get("/public/office").assert(200);
    assert_eq!(public.json()["code"], "le-chan");
    app.add_office("other");
    app.anonymous().get("/public/office").assert(404);
    app.anonymous()
        .get("/public/office?office=other")
        .assert(200);
}

#[test]
fn agencies_and_rooms_are_unique_and_of_one_office() {
    let app = TestApp::new();
    let organiser = app.persona(Role::Organiser);
    let body = json!({"code": "SCHOOLS", "name_vi": "Trường học"});
    let made = organiser.post("/agencies", &body).assert(201);
    organiser
        .post("/agencies", &body)
        .assert(409)
        .problem("agency-code-taken");
    let other_letters = json!({"code": "Schools", "name_vi": "Trường"});
    let twin = organiser.post("/agencies", &other_letters).assert(409);
    twin.problem("agency-code-taken");
    let path = format!("/agencies/{}", made.id());
    let closed = json!({"active": false});
    organiser
        .having_seen(&made)
        .patch(&path, &closed)
        .assert(200);
    let list = organiser
        .get("/agencies?q=truong&active=false&include=total")
        .assert(200);
    assert_eq!(list.json()["total"], 1);
    organiser.get("/agencies?colour=red").assert(422);
    let other = app.add_office("other");
    app.persona_of(other, &[Role::Organiser])
        .get(&path)
        .assert(404);
    let room = json!({"name": "Hội trường", "places": 80});
    organiser.post("/rooms", &room).assert(201);
    organiser
        .post("/rooms", &room)
        .assert(409)
        .problem("room-name-taken");
    let twin = organiser.post("/rooms", &json!({"name": "HỘI TRƯỜNG"}));
    twin.assert(409).problem("room-name-taken");
    organiser
        .post("/rooms", &json!({"name": "", "places": 0}))
        .assert(422)
        .violates("/places", "out-of-range");
}

#[test]
fn a_day_is_added_or_changed_and_an_import_leaves_it() {
    let app = TestApp::new();
    let admin = app.persona(Role::Administrator);
    let body = json!({"name": "Nghỉ", "kind": "holiday", "confirmed": true});
    admin.put("/calendar/2026-11-24", &body).assert(428);
    let adding = admin.with("If-None-Match", "*");
    let made = adding.put("/calendar/2026-11-24", &body).assert(201);
    adding.put("/calendar/2026-11-24", &body).assert(412);
    admin
        .having_seen(&made)
        .put("/calendar/2026-11-24", &body)
        .assert(200);
    let (office, now) = (app.office, app.now());
    let first = app.change(move |conn| import_plan(conn, office, now));
    assert!(first.agencies > 0 && first.days > 0);
    let again = app.change(move |conn| import_plan(conn, office, now));
    assert_eq!(
        again,
        Imported {
            tasks: first.tasks,
            ..Imported::default()
        }
    );
    let year = admin.get("/calendar/2026").assert(200).json();
    let days = year["days"].as_array().unwrap();
    let day = days.iter().find(|day| day["date"] == "2026-11-24").unwrap();
    assert_eq!(day["name"], "Nghỉ");
    assert_eq!(year["has_unconfirmed"], true);
    let tasks = admin.get("/plan/tasks?include=total").assert(200).json();
    assert_eq!(tasks["total"], first.tasks);
}

#[test]
fn a_yearly_report_counts_the_days_the_office_set() {
    let app = TestApp::new();
    let (admin, reporter) = (
        app.persona(Role::Administrator),
        app.persona(Role::Reporter),
    );
    for report in ["attendance", "counselling", "legal-aid"] {
        let of = |query: &str| reporter.get(&format!("/reports/{report}?{query}"));
        let first = of("year=2026").assert(200).json();
        assert_eq!(first["from"], "2026-01-01");
        assert_eq!(first["to"], "2026-10-15");
        let next = of("year=2027").assert(200).json();
        assert_eq!(next["from"], "2026-10-16");
        of("year=2025").assert(422).violates("year", "out-of-range");
        of("").assert(422).violates("to", "required");
        let both = of("year=2026&from=2026-01-01&to=2026-02-01");
        both.assert(422).violates("year", "one-of");
    }
    let seen = admin.get("/office").assert(200);
    for from in ["11-16", "10-01"] {
        let window = json!({"from": from, "to": "10-15", "first_from": "2026-01-01"});
        let change = json!({"policies": {"reporting_window": {"value": window}}});
        let refused = admin.having_seen(&seen).patch("/office", &change);
        let at = "/policies/reporting_window/value/from";
        refused.assert(422).violates(at, "window-open");
    }
    let window = json!({"from": "12-01", "to": "11-30", "first_from": "2026-05-01"});
    let change = json!({"policies": {"reporting_window": {"value": window}}});
    admin
        .having_seen(&seen)
        .patch("/office", &change)
        .assert(200);
    let set = reporter.get("/reports/attendance?year=2026").assert(200);
    assert_eq!(set.json()["from"], "2026-05-01");
    assert_eq!(set.json()["to"], "2026-11-30");
}
