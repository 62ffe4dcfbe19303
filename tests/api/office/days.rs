//! Days of the calendar: who sets them, and what they must have seen.

use hai_dang::identity::Role;
use hai_dang::office::import::import_plan;
use serde_json::json;

use crate::support::TestApp;

const DAY: &str = "/calendar/2027-02-12";

#[test]
fn a_day_is_set_by_who_knows_what_it_was() {
    let app = TestApp::new();
    let admin = app.persona(Role::Administrator);
    let body = json!({"name": "Nghỉ bù", "kind": "compensatory_day_off", "confirmed": false});
    admin
        .put(DAY, &body)
        .assert(428)
        .problem("if-match-required");
    let versioned = admin.with("If-Match", "\"1\"");
    versioned.put(DAY, &body).assert(412);
    let made = admin.with("If-None-Match", "*").put(DAY, &body).assert(201);
    assert!(made.header("etag").starts_with("\"1."));
    admin.put(DAY, &body).assert(428);
    let change = json!({"name": "Nghỉ bù", "kind": "compensatory_day_off", "confirmed": true});
    let after = admin.having_seen(&made).put(DAY, &change).assert(200);
    assert!(after.header("etag").starts_with("\"2."));
    admin
        .having_seen(&made)
        .put(DAY, &change)
        .assert(412)
        .problem("stale-version");
    // The version a list shows is enough.
    let year = admin.get("/calendar/2027").assert(200).json();
    assert_eq!(year["days"][0]["date"], "2027-02-12");
    assert_eq!(year["has_unconfirmed"], false);
    let tag = format!("\"{}\"", year["days"][0]["version"]);
    admin.with("If-Match", &tag).put(DAY, &change).assert(200);
}

#[test]
fn a_day_that_was_entered_wrongly_is_taken_back_and_does_not_come_again() {
    let app = TestApp::new();
    let (office, now) = (app.office, app.now());
    app.change(move |conn| import_plan(conn, office, now));
    let admin = app.persona(Role::Administrator);
    let body = json!({"name": "Nghỉ bù", "kind": "compensatory_day_off", "confirmed": false});
    let any = admin.with("If-Match", "*");
    any.delete(DAY).assert(404);
    let made = admin.with("If-None-Match", "*").put(DAY, &body).assert(201);
    admin.delete(DAY).assert(428).problem("if-match-required");
    app.persona(Role::Organiser)
        .having_seen(&made)
        .delete(DAY)
        .assert(403);
    admin.with("If-Match", "\"7\"").delete(DAY).assert(412);
    admin.having_seen(&made).delete(DAY).assert(204);
    any.delete(DAY).assert(404);
    let days = |year: &str| {
        let year = admin.get(&format!("/calendar/{year}")).assert(200).json();
        year["days"].as_array().unwrap().len()
    };
    let entered = days("2027");
    // Entered anew, it is another version than the one that somebody saw.
    let again = admin.with("If-None-Match", "*").put(DAY, &body).assert(201);
    assert!(again.header("etag").starts_with("\"3."));
    assert_eq!(days("2027"), entered + 1);
    // A day of the announced ones goes, too, and no import brings it back.
    let announced = admin.get("/calendar/2026").assert(200).json()["days"][0].clone();
    let path = format!("/calendar/{}", announced["date"].as_str().unwrap());
    any.delete(&path).assert(204);
    assert_eq!(days("2026"), 16);
    app.change(move |conn| import_plan(conn, office, now));
    assert_eq!(days("2026"), 16);
}

#[test]
fn a_day_has_a_name_and_a_kind_and_a_date_that_is_one() {
    let app = TestApp::new();
    let admin = app.persona(Role::Administrator).with("If-None-Match", "*");
    let body = json!({"name": "Nghỉ", "kind": "holiday", "confirmed": true});
    for path in [
        "/calendar/2027-02-30",
        "/calendar/1800-01-01",
        "/calendar/27-2-1",
    ] {
        admin.put(path, &body).assert(404);
    }
    admin.get("/calendar/1800").assert(404);
    admin
        .put(
            DAY,
            &json!({"name": "", "kind": "holiday", "confirmed": true}),
        )
        .assert(422)
        .violates("/name", "required");
    admin
        .put(
            DAY,
            &json!({"name": "Nghỉ", "kind": "party", "confirmed": true}),
        )
        .assert(422)
        .violates("/kind", "wrong-shape");
    let organiser = app.persona(Role::Organiser);
    organiser
        .with("If-None-Match", "*")
        .put(DAY, &body)
        .assert(403);
    organiser.get("/calendar/2027").assert(200);
    app.persona(Role::Family).get("/calendar/2027").assert(403);
    app.anonymous().get("/calendar/2027").assert(401);
}

#[test]
fn the_plan_comes_whole_and_in_its_order() {
    let app = TestApp::new();
    let (office, now) = (app.office, app.now());
    app.change(move |conn| import_plan(conn, office, now));
    let reporter = app.persona(Role::Reporter);
    let tasks = reporter.get("/plan/tasks").assert(200).json();
    let tasks = tasks["items"].as_array().unwrap();
    let codes: Vec<&str> = tasks
        .iter()
        .map(|task| task["code"].as_str().unwrap())
        .collect();
    let all = [
        "1", "2", "2a", "2b", "2c", "3", "3a", "3b", "3c", "4", "5", "6", "7", "8",
    ];
    assert_eq!(codes, all);
    let task = tasks.iter().find(|task| task["code"] == "2b").unwrap();
    assert_eq!(task["lead"], "SECRETARIAT");
    assert_eq!(task["coordinating"], json!(["POLICE", "HEALTH", "RELATED"]));
    assert_eq!(
        (&task["start_year"], &task["end_year"]),
        (&json!(2026), &json!(2030))
    );
    let open = tasks.iter().find(|task| task["code"] == "7").unwrap();
    assert_eq!(open["end_year"], json!(null));
    let days = reporter.get("/calendar/2026").assert(200).json();
    assert_eq!(days["days"].as_array().unwrap().len(), 17);
    let agencies = reporter.get("/agencies?include=total").assert(200).json();
    assert_eq!(agencies["total"], 8);
    app.persona(Role::Family).get("/plan/tasks").assert(403);
}

#[test]
fn an_import_keeps_what_an_administrator_renamed() {
    let app = TestApp::new();
    let (office, now) = (app.office, app.now());
    app.change(move |conn| import_plan(conn, office, now));
    let admin = app.persona(Role::Administrator);
    let found = admin.get("/agencies?q=police").assert(200).json();
    let path = format!("/agencies/{}", found["items"][0]["id"].as_str().unwrap());
    let seen = admin.get(&path).assert(200);
    let renamed = json!({"name_vi": "Công an phường Lê Chân"});
    admin.having_seen(&seen).patch(&path, &renamed).assert(200);
    app.change(move |conn| import_plan(conn, office, now));
    let after = admin.get(&path).assert(200).json();
    assert_eq!(after["name_vi"], "Công an phường Lê Chân");
    let all = admin.get("/agencies?include=total").assert(200).json();
    assert_eq!(all["total"], 8);
}
