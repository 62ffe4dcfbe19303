//! Tickets, scans, walk-ins, paper sheets, marks, completion and counts.

use chrono::TimeDelta;
use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::{World, id, one, person};

/// A session that has begun half an hour ago, with two people on its list.
fn under_way() -> (World, Value, Value, Value) {
    let mut world = World::new();
    let session = world.publish(&world.body(2));
    let an = world.register(&session, "An");
    let binh = world.register(&session, "Bình");
    world.app.clock.advance(TimeDelta::minutes(130));
    world.organiser = world.app.persona(Role::Organiser);
    (world, session, an, binh)
}

#[test]
fn a_ticket_checks_in_once_and_a_repeat_of_the_nonce_is_the_same_scan() {
    let (world, _session, an, _) = under_way();
    let ticket = world.ticket(&an);
    let first = world.scan(&ticket, "n1").assert(201).json();
    assert_eq!(
        (&first["full_name"], &first["status"]),
        (&json!("An"), &json!("confirmed"))
    );
    let again = world.scan(&ticket, "n1").assert(200).json();
    assert_eq!(again, first);
    world
        .scan(&ticket, "n2")
        .assert(409)
        .problem("already-checked-in");
    let out = json!({"ticket": ticket, "kind": "out", "nonce": "n3"});
    world.organiser.post("/check-ins", &out).assert(201);
    world
        .organiser
        .post(
            "/check-ins",
            &json!({"ticket": ticket, "kind": "out", "nonce": "n4"}),
        )
        .assert(409)
        .problem("not-checked-in");
    world
        .scan("khong-co", "n5")
        .assert(404)
        .problem("unknown-ticket");
}

#[test]
fn a_short_code_works_at_its_own_session() {
    let (world, session, an, _) = under_way();
    let code = an["short_code"]
        .as_str()
        .unwrap()
        .to_lowercase()
        .replace('-', " ");
    let body = json!({"ticket": code, "session_id": id(&session), "nonce": "n"});
    world.organiser.post("/check-ins", &body).assert(201);
    let other = world.publish(&world.body(0));
    let body = json!({"ticket": world.ticket(&an), "session_id": id(&other), "nonce": "m"});
    world
        .organiser
        .post("/check-ins", &body)
        .assert(409)
        .problem("other-session");
}

#[test]
fn scans_outside_the_doors_hours_are_refused() {
    let world = World::new();
    let session = world.publish(&world.body(2));
    let an = world.register(&session, "An");
    let ticket = world.ticket(&an);
    let early = world.scan(&ticket, "n").assert(409).problem("too-early");
    assert_eq!(early["opens_at"], world.at(1));
    let late = json!({"ticket": ticket, "nonce": "m", "at": world.at(9)});
    world
        .organiser
        .post("/check-ins", &late)
        .assert(422)
        .violates("/at", "in-the-future");
    world.app.clock.advance(TimeDelta::hours(5));
    let organiser = world.app.persona(Role::Organiser);
    let body = json!({"ticket": ticket, "nonce": "k"});
    organiser
        .post("/check-ins", &body)
        .assert(409)
        .problem("too-late");
}

#[test]
fn a_list_of_scans_has_a_result_each() {
    let (world, _, an, binh) = under_way();
    let scan = |ticket: &str, nonce: &str| json!({"ticket": ticket, "nonce": nonce});
    let (an, binh) = (world.ticket(&an), world.ticket(&binh));
    let body = json!([
        scan(&an, "1"),
        scan("x", "2"),
        scan(&an, "1"),
        scan(&an, "3"),
        scan(&binh, "4")
    ]);
    let results = world.organiser.post("/check-ins", &body).assert(200).json()["results"].clone();
    let statuses: Vec<i64> = results
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["status"].as_i64().unwrap())
        .collect();
    assert_eq!(statuses, [201, 404, 200, 409, 201]);
    assert_eq!(results[1]["code"], "unknown-ticket");
}

#[test]
fn a_scan_of_the_wrong_shape_is_named_by_its_place() {
    let (world, _, an, _) = under_way();
    let ticket = world.ticket(&an);
    let check_in = |body: Value| world.organiser.post("/check-ins", &body).assert(422);
    check_in(json!({"ticket": ticket})).violates("/nonce", "required");
    let good = json!({"ticket": ticket, "nonce": "1"});
    let late = json!({"ticket": ticket, "nonce": "2", "occurred_at": "yesterday"});
    check_in(late.clone()).violates("/occurred_at", "wrong-shape");
    let list = world.organiser.post("/check-ins", &json!([good, late]));
    let second = list.assert(200).json()["results"][1].clone();
    assert_eq!(second["code"], "wrong-shape");
    assert_eq!(second["pointer"], "/occurred_at");
    check_in(json!("1")).violates("", "wrong-shape");
}

#[test]
fn a_cancelled_ticket_is_refused_until_the_desk_vouches() {
    let (world, session, an, _) = under_way();
    let ticket = world.ticket(&an);
    world
        .organiser
        .act(&format!("{}/cancel", one(&an)))
        .assert(200);
    world
        .scan(&ticket, "1")
        .assert(409)
        .problem("registration-cancelled");
    let desk = json!({"ticket": ticket, "nonce": "2", "method": "desk"});
    world.organiser.post("/check-ins", &desk).assert(201);
    let back = world.organiser.get(&one(&an)).assert(200).json();
    assert_eq!(back["status"], "confirmed");
    assert_eq!(world.total(&session)["slot_attendances"], 1);
}

#[test]
fn one_scan_that_cannot_be_read_spoils_no_other() {
    let (world, _, an, binh) = under_way();
    let scan = |one: &Value, nonce: &str| json!({"ticket": world.ticket(one), "nonce": nonce});
    let list = json!([
        scan(&an, "n1"), {"ticket": "abc"}, 7, {"ticket": "abc", "nonce": "n2", "kind": "up"},
        scan(&binh, "n3"),
    ]);
    let done = world.organiser.post("/check-ins", &list).assert(200).json();
    let results = done["results"].as_array().unwrap();
    let told: Vec<&Value> = results.iter().map(|one| &one["status"]).collect();
    assert_eq!(told, [201, 422, 422, 422, 201]);
    let codes: Vec<&Value> = results[1..4].iter().map(|one| &one["code"]).collect();
    assert_eq!(codes, ["required", "wrong-shape", "wrong-shape"]);
    assert_eq!(results[1]["pointer"], "/nonce");
    // Alone it is told as ever.
    let alone = world
        .organiser
        .post("/check-ins", &json!({"ticket": "abc"}));
    alone.assert(422).violates("/nonce", "required");
}

#[test]
fn whoever_just_comes_is_confirmed_beyond_the_capacity() {
    let mut world = World::new();
    let mut body = world.body(2);
    body["capacity"] = json!(1);
    let session = world.publish(&body);
    world.register(&session, "An");
    world.app.clock.advance(TimeDelta::minutes(150));
    world.organiser = world.app.persona(Role::Organiser);
    let path = format!("/training-sessions/{}/walk-ins", id(&session));
    let walk_in = json!({"attendee": person("Chi"), "nonce": "w1"});
    let came = world.organiser.post(&path, &walk_in).assert(201).json();
    assert_eq!(
        (&came["status"], &came["extra_seat"]),
        (&json!("confirmed"), &json!(true))
    );
    world.organiser.post(&path, &walk_in).assert(200);
    // Another person is not the same call again.
    let other = json!({"attendee": person("Canary Khác"), "nonce": "w1"});
    let other = world.organiser.post(&path, &other);
    other.assert(409).problem("nonce-reused");
    // Whoever was merged into somebody is that somebody, as often as the call is sent.
    let attendee = |name: &str| {
        world
            .organiser
            .post("/attendees", &person(name))
            .assert(201)
    };
    let (gone, kept) = (attendee("Canary Cũ").id(), attendee("Canary Mới").id());
    let merge = format!("/attendees/{gone}/merge");
    world
        .organiser
        .post(&merge, &json!({"into": kept}))
        .assert(200);
    let known = json!({"attendee_id": gone, "nonce": "w2"});
    world.organiser.post(&path, &known).assert(201);
    world.organiser.post(&path, &known).assert(200);
    let total = world.total(&session);
    assert_eq!(
        (&total["walk_ins"], &total["confirmed"]),
        (&json!(2), &json!(3))
    );
    let seats = world
        .organiser
        .get(&format!("/training-sessions/{}", id(&session)));
    assert_eq!(seats.assert(200).json()["seats_taken"], 1);
}

#[test]
fn completion_gives_everybody_expected_one_result() {
    let (world, session, an, binh) = under_way();
    let chi = world.register(&session, "Chi");
    let dung = world.register(&session, "Dung");
    world.scan(&world.ticket(&an), "1").assert(201);
    let slot = session["slots"][0]["id"].as_str().unwrap();
    let excuse = json!({"mark": "excused", "reason": "Có giấy xin phép"});
    world
        .organiser
        .put(&format!("{}/marks/{slot}", one(&binh)), &excuse)
        .assert(200);
    let refused = json!({"mark": "excused"});
    world
        .organiser
        .put(&format!("{}/marks/{slot}", one(&binh)), &refused)
        .assert(422)
        .violates("/reason", "required");
    let done = world.act(&session, "complete", &json!({}));
    assert_eq!(done["status"], "completed");
    let total = world.total(&session);
    // Chi and Dung were registered after the slot began: nobody expected them.
    for (measure, number) in [
        ("confirmed", 4),
        ("expected", 2),
        ("present", 1),
        ("excused", 1),
        ("absent", 0),
    ] {
        assert_eq!(total[measure], number, "{measure}: {total}");
    }
    assert_eq!(total["presence_percent"], 50.0);
    let result =
        |one_of: &Value| world.organiser.get(&one(one_of)).assert(200).json()["result"].clone();
    assert_eq!(result(&an), "present");
    assert_eq!(result(&binh), "excused");
    assert_eq!((result(&chi), result(&dung)), (json!(null), json!(null)));
}

#[test]
fn forgotten_attendance_must_be_acknowledged_and_reopening_drops_derived_absences() {
    let (world, session, an, _) = under_way();
    let path = format!("/training-sessions/{}/complete", id(&session));
    let refused = world.organiser.post(&path, &json!({})).assert(409);
    let problem = refused.problem("attendance-not-entered");
    assert_eq!(
        (&problem["empty_slots"], &problem["unmarked"]),
        (&json!(1), &json!(2))
    );
    let gap = json!({"slot": session["slots"][0]["id"], "unmarked": 2, "expected": 2});
    assert_eq!(problem["slots"], json!([gap]));
    world.act(&session, "complete", &json!({"acknowledge_missing": true}));
    assert_eq!(world.total(&session)["absent"], 2);
    world.act(
        &session,
        "reopen",
        &json!({"reason": "Quên nhập danh sách"}),
    );
    let total = world.total(&session);
    assert_eq!(
        (&total["absent"], &total["expected"]),
        (&json!(0), &json!(0))
    );
    let marks = world
        .organiser
        .get(&format!("{}/marks", one(&an)))
        .assert(200)
        .json();
    assert_eq!(marks["marks"], json!([]));
}

#[test]
fn a_late_offline_scan_moves_a_completed_sessions_result() {
    let (world, session, an, _) = under_way();
    let ticket = world.ticket(&an);
    world.act(&session, "complete", &json!({"acknowledge_missing": true}));
    assert_eq!(world.total(&session)["absent"], 2);
    let scan = json!({"ticket": ticket, "nonce": "phone-7", "at": world.at_minutes(-5)});
    world.organiser.post("/check-ins", &scan).assert(201);
    let total = world.total(&session);
    assert_eq!(
        (&total["present"], &total["absent"]),
        (&json!(1), &json!(1))
    );
}

#[test]
fn a_paper_sheet_is_entered_in_one_call_and_again_without_effect() {
    let (world, session, an, binh) = under_way();
    let slot = &session["slots"][0]["id"];
    let path = format!("/training-sessions/{}/attendance", id(&session));
    let mark = |mark: &str| json!([{"slot": slot, "mark": mark}]);
    let sheet = json!({"rows": [
        {"row": "1", "registration_id": an["id"], "marks": mark("present")},
        {"row": "2", "registration_id": binh["id"], "marks": mark("excused"), "note": "xin phép"},
        {"row": "3", "attendee": person("Hoa"), "marks": mark("present")},
        {"row": "4", "registration_id": world.room, "marks": mark("present")},
    ]});
    let rows = world.organiser.put(&path, &sheet).assert(200).json()["rows"].clone();
    let results: Vec<&str> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["result"].as_str().unwrap())
        .collect();
    assert_eq!(results, ["updated", "updated", "created", "refused"]);
    let again = world.organiser.put(&path, &sheet).assert(200).json()["rows"].clone();
    let results: Vec<&str> = again
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["result"].as_str().unwrap())
        .collect();
    assert_eq!(results, ["unchanged", "unchanged", "unchanged", "refused"]);
    world.act(&session, "complete", &json!({}));
    let total = world.total(&session);
    for (measure, number) in [
        ("confirmed", 3),
        ("present", 2),
        ("excused", 1),
        ("expected", 3),
    ] {
        assert_eq!(total[measure], number, "{measure}: {total}");
    }
}

#[test]
fn counts_are_given_by_every_dimension_and_add_up() {
    let (world, session, an, binh) = under_way();
    world.scan(&world.ticket(&an), "1").assert(201);
    world.scan(&world.ticket(&binh), "2").assert(201);
    world.act(&session, "complete", &json!({}));
    let path = format!("/training-sessions/{}/attendance-counts", id(&session));
    for dimension in [
        "month",
        "plan_task",
        "kind",
        "lead_agency",
        "agency",
        "audience",
        "sex",
        "age_band",
    ] {
        let counts = world
            .organiser
            .get(&format!("{path}?group_by={dimension}"))
            .assert(200)
            .json();
        let period = world
            .organiser
            .get(&format!(
                "/reports/attendance?from=2026-02-01&to=2026-03-31&group_by={dimension}"
            ))
            .assert(200)
            .json();
        let mut of_period = period["rows"].as_array().unwrap().clone();
        // A period names the tasks that nothing was held for.
        of_period.retain(|row| row["sessions"] != 0);
        assert_eq!(counts["rows"], json!(of_period), "{dimension}");
        let sum: i64 = counts["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["present"].as_i64().unwrap())
            .sum();
        assert_eq!(json!(sum), counts["total"]["present"], "{dimension}");
    }
    let month = world
        .organiser
        .get(&format!("{path}?group_by=month"))
        .assert(200)
        .json();
    assert_eq!(
        month["rows"][0]["key"], "2026-03",
        "the office's month, not UTC's"
    );
    let reporter = world.app.persona(Role::Reporter);
    reporter.get(&path).assert(200);
    world
        .app
        .persona(Role::Counsellor)
        .get(&path)
        .assert(403)
        .problem("forbidden");
}

#[test]
fn files_name_the_people_and_hide_no_formula() {
    let (world, session, _, _) = under_way();
    let mut evil = person("=HYPERLINK(1)");
    evil["email"] = json!("evil@example.vn");
    let body = json!({"attendee": evil});
    world
        .organiser
        .post(&super::registrations(&session), &body)
        .assert(201);
    let csv = world.organiser.get(&format!(
        "/training-sessions/{}/attendance.csv",
        id(&session)
    ));
    let text = String::from_utf8(csv.assert(200).body).unwrap();
    assert!(
        text.starts_with('\u{FEFF}') && text.contains("'=HYPERLINK(1)"),
        "{text}"
    );
    let ics = world
        .organiser
        .get(&format!("/training-sessions/{}/session.ics", id(&session)));
    let text = String::from_utf8(ics.assert(200).body).unwrap();
    assert_eq!(text.matches("BEGIN:VEVENT").count(), 1);
    let roster = world
        .organiser
        .get(&format!("/training-sessions/{}/roster", id(&session)));
    assert_eq!(
        roster.assert(200).json()["entries"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
}
