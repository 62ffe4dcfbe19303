//! What paper cannot say: presence before it can be, times that are none, another's row.

use super::{World, id, one};
use chrono::TimeDelta;
use hai_dang::identity::Role;
use serde_json::{Value, json};

/// A session two hours ahead whose doors open in one, and two people on its list.
fn ahead() -> (World, Value, Value, Value) {
    let world = World::new();
    let session = world.publish(&world.body(2));
    let an = world.register(&session, "An");
    let binh = world.register(&session, "Bình");
    (world, session, an, binh)
}

/// The same, so many minutes later.
fn begun(minutes: i64) -> (World, Value, Value, Value) {
    let (mut world, session, an, binh) = ahead();
    world.app.clock.advance(TimeDelta::minutes(minutes));
    world.organiser = world.app.persona(Role::Organiser);
    (world, session, an, binh)
}

/// The rows of a sheet as they came out.
#[track_caller]
fn enter(world: &World, session: &Value, rows: &Value) -> Vec<Value> {
    let path = format!("/training-sessions/{}/attendance", id(session));
    let sheet = json!({"rows": rows});
    let answer = world.organiser.put(&path, &sheet).assert(200).json();
    answer["rows"].as_array().unwrap().clone()
}

fn row(session: &Value, registration: &Value, key: &str, mark: &Value) -> Value {
    let mut said = mark.clone();
    said["slot"] = session["slots"][0]["id"].clone();
    json!({"row": key, "registration_id": registration["id"], "marks": [said]})
}

#[test]
fn before_the_doors_open_one_may_be_excused_and_nothing_else() {
    let (mut world, session, an, binh) = ahead();
    let rows = [
        row(&session, &an, "1", &json!({"mark": "present"})),
        row(&session, &binh, "2", &json!({"mark": "excused"})),
    ];
    let done = enter(&world, &session, &json!(rows));
    assert_eq!(done[0]["code"], "too-early");
    assert_eq!(done[1]["result"], "updated");
    let slot = session["slots"][0]["id"].as_str().unwrap();
    let path = format!("{}/marks/{slot}", one(&an));
    for mark in ["present", "absent"] {
        let said = json!({"mark": mark, "reason": "thấy mặt"});
        let refused = world.organiser.put(&path, &said).assert(409);
        assert_eq!(refused.problem("too-early")["opens_at"], world.at(1));
    }
    assert_eq!(world.total(&session)["slot_attendances"], 0);
    world.app.clock.advance(TimeDelta::minutes(60));
    world.organiser = world.app.persona(Role::Organiser);
    let done = enter(&world, &session, &json!([rows[0]]));
    assert_eq!(done[0]["result"], "updated");
    assert_eq!(world.total(&session)["slot_attendances"], 1);
}

#[test]
fn times_that_cannot_be_are_refused() {
    let (world, session, an, binh) = begun(180);
    let stay = |came: i64, left: i64| json!({"mark": "present", "came_at": world.at_minutes(came), "left_at": world.at_minutes(left)});
    let path = format!("/training-sessions/{}/attendance", id(&session));
    let backwards = json!({"rows": [row(&session, &an, "1", &stay(-5, -15))]});
    world
        .organiser
        .put(&path, &backwards)
        .assert(422)
        .violates("/rows/0/marks/0/left_at", "before-start");
    let rows = [
        row(&session, &an, "1", &stay(-50, 500)),
        row(&session, &binh, "2", &stay(-50, -10)),
    ];
    let done = enter(&world, &session, &json!(rows));
    assert_eq!(done[0]["code"], "in-the-future");
    assert_eq!(done[1]["result"], "updated");
    assert_eq!(world.total(&session)["slot_attendances"], 1);
}

#[test]
fn a_row_stays_its_persons_whatever_it_says() {
    let (world, session, an, binh) = begun(150);
    let present = json!({"mark": "present"});
    enter(
        &world,
        &session,
        &json!([row(&session, &an, "1", &present)]),
    );
    let done = enter(
        &world,
        &session,
        &json!([row(&session, &binh, "1", &present)]),
    );
    assert_eq!(done[0]["code"], "row-reused");
    let again = enter(
        &world,
        &session,
        &json!([row(&session, &an, "1", &present)]),
    );
    assert_eq!(again[0]["result"], "unchanged");
    assert_eq!(world.total(&session)["slot_attendances"], 1);
}

#[test]
fn two_rows_of_one_sheet_that_contradict_each_other_are_not_decided_between() {
    let (world, session, an, binh) = begun(150);
    let (present, absent) = (json!({"mark": "present"}), json!({"mark": "absent"}));
    let rows = json!([
        row(&session, &an, "1", &present),
        row(&session, &an, "2", &absent),
        row(&session, &an, "3", &present),
        row(&session, &binh, "4", &absent),
    ]);
    let done = enter(&world, &session, &rows);
    assert_eq!(done[1]["code"], "rows-contradict");
    assert_eq!(done[1]["contradicts"], "1");
    let results = [&done[0], &done[2], &done[3]].map(|one| one["result"].clone());
    assert_eq!(results, ["updated", "updated", "updated"]);
    assert_eq!(world.total(&session)["slot_attendances"], 1);
    // Another sheet puts right what this one said.
    let later = json!([row(&session, &an, "1", &absent)]);
    enter(&world, &session, &later);
    assert_eq!(world.total(&session)["slot_attendances"], 0);
}

#[test]
fn a_sheet_that_speaks_against_a_scan_says_so_and_counts() {
    let (world, session, an, _) = begun(150);
    let ticket = world.ticket(&an);
    world.scan(&ticket, "cửa").assert(201);
    let mut twice = row(&session, &an, "1", &json!({"mark": "absent"}));
    let absent = twice.clone();
    let again = twice["marks"][0].clone();
    twice["marks"].as_array_mut().unwrap().push(again);
    let path = format!("/training-sessions/{}/attendance", id(&session));
    let refused = world.organiser.put(&path, &json!({"rows": [twice]}));
    let refused = refused.assert(422);
    refused.violates("/rows/0/marks/1/slot", "repeated");
    let done = enter(&world, &session, &json!([absent]));
    assert_eq!(done[0]["against_scans"], json!([session["slots"][0]["id"]]));
    assert_eq!(world.total(&session)["slot_attendances"], 0);
    // Who then stands at the door is there after all, and once.
    world.scan(&ticket, "cửa, lần nữa").assert(201);
    assert_eq!(world.total(&session)["slot_attendances"], 1);
    let twice = world.scan(&ticket, "cửa, lần ba").assert(409);
    twice.problem("already-checked-in");
}

#[test]
fn a_time_on_a_sheet_is_put_right_by_the_next() {
    let (world, session, an, _) = begun(240);
    let slot = session["slots"][0]["id"].as_str().unwrap().to_owned();
    let minutes = |said: &Value| {
        enter(&world, &session, &json!([row(&session, &an, "1", said)]));
        let marks = world.organiser.get(&format!("{}/marks", one(&an)));
        let marks = marks.assert(200).json()["marks"].clone();
        let mut marks = marks.as_array().unwrap().iter();
        let mark = marks.find(|mark| mark["slot"] == json!(slot)).unwrap();
        mark["minutes"].as_i64().unwrap()
    };
    let came = |at: i64| json!({"mark": "present", "came_at": world.at_minutes(at)});
    let early = minutes(&came(-100));
    let late = minutes(&came(-60));
    assert_eq!(early - late, 40, "{early} {late}");
    assert_eq!(minutes(&came(-100)), early);
    let left = json!({"mark": "present", "left_at": world.at_minutes(-70)});
    let short = minutes(&left);
    let later = json!({"mark": "present", "left_at": world.at_minutes(-65)});
    assert_eq!(minutes(&later), short + 5);
}

#[test]
fn what_somebody_was_at_is_not_called_off() {
    let (world, session, an, binh) = begun(150);
    let present = json!({"mark": "present"});
    enter(
        &world,
        &session,
        &json!([row(&session, &an, "1", &present)]),
    );
    let why = json!({"reason": "bấm nhầm"});
    let path = format!("/training-sessions/{}/cancel", id(&session));
    let refused = world.organiser.post(&path, &why).assert(409);
    refused.problem("has-attendance");
    let cancel = |one_of: &Value| {
        let path = format!("{}/cancel", one(one_of));
        world.organiser.post(&path, &json!({}))
    };
    cancel(&an).assert(409).problem("has-attendance");
    cancel(&binh).assert(200);
    // Whoever was entered by mistake is said to be absent first.
    enter(
        &world,
        &session,
        &json!([row(&session, &an, "1", &json!({"mark": "absent"}))]),
    );
    cancel(&an).assert(200);
}

#[test]
fn what_was_written_of_one_person_twice_counts_for_the_one_that_stays() {
    let mut world = World::new();
    let mut body = world.body(48);
    body["slots"] = json!([
        {"starts_at": world.at(48), "ends_at": world.at(49)},
        {"starts_at": world.at(50), "ends_at": world.at(51)},
    ]);
    let session = world.publish(&body);
    let kept = world.register(&session, "An");
    let other = world.register(&session, "Ân");
    world.app.clock.advance(TimeDelta::hours(60));
    world.organiser = world.app.persona(Role::Organiser);
    let entry = |who: &Value, key: &str, slot: usize| {
        let marks = json!([{"slot": session["slots"][slot]["id"], "mark": "present"}]);
        json!({"row": key, "registration_id": who["id"], "marks": marks})
    };
    let rows = json!([entry(&kept, "1", 0), entry(&other, "2", 1)]);
    enter(&world, &session, &rows);
    let done = json!({"acknowledge_missing": true});
    let path = format!("/training-sessions/{}/complete", id(&session));
    world.organiser.post(&path, &done).assert(200);
    let present = || {
        let seen = world.organiser.get(&one(&kept)).assert(200).json();
        seen["slots_present"].as_i64().unwrap()
    };
    assert_eq!(present(), 1);
    let attendee = other["attendee"]["id"].as_str().unwrap();
    let into = json!({"into": kept["attendee"]["id"], "keep": [kept["id"]]});
    let path = format!("/attendees/{attendee}/merge");
    world.organiser.post(&path, &into).assert(200);
    assert_eq!(present(), 2);
    assert_eq!(world.total(&session)["slot_attendances"], 2);
    let path = format!("/attendees/{attendee}/unmerge");
    world.organiser.act(&path).assert(200);
    assert_eq!(present(), 1);
    assert_eq!(world.total(&session)["slot_attendances"], 2);
}

#[test]
fn whoever_is_written_into_a_blank_row_came_unannounced() {
    let (world, session, an, _) = begun(150);
    let slot = &session["slots"][0]["id"];
    let [present, absent] = ["present", "absent"].map(|mark| json!({"slot": slot, "mark": mark}));
    let rows = json!([
        row(&session, &an, "1", &json!({"mark": "present"})),
        {"row": "2", "attendee": {"full_name": "Khách Tự Đến"}, "marks": [present]},
        // Written down, and not there: nobody came.
        {"row": "3", "attendee": {"full_name": "Khách Vắng"}, "marks": [absent]},
    ]);
    let done = enter(&world, &session, &rows);
    assert_eq!(done[1]["result"], "created");
    assert_eq!(world.total(&session)["walk_ins"], 1);
    // The same sheet again makes nobody come twice.
    enter(&world, &session, &rows);
    assert_eq!(world.total(&session)["walk_ins"], 1);
    assert_eq!(world.total(&session)["slot_attendances"], 2);
}

#[test]
fn what_paper_said_stands_again_once_a_word_over_it_is_taken_back() {
    let (world, session, an, binh) = begun(150);
    let slot = session["slots"][0]["id"].as_str().unwrap();
    let say = |whom: &Value, said: &Value| {
        let path = format!("{}/marks/{slot}", one(whom));
        world.organiser.put(&path, said).assert(200)
    };
    let mark = |whom: &Value| {
        let marks = world.organiser.get(&format!("{}/marks", one(whom)));
        let marks = marks.assert(200).json()["marks"].clone();
        marks[0]["mark"].clone()
    };
    let excused = json!({"mark": "excused", "reason": "nhầm người"});
    let present = row(&session, &an, "1", &json!({"mark": "present"}));
    enter(&world, &session, &json!([present]));
    say(&an, &excused);
    assert_eq!(mark(&an), "excused");
    say(&an, &json!({}));
    assert_eq!(mark(&an), "present");
    assert_eq!(world.total(&session)["slot_attendances"], 1);
    // Paper beats the scan before it, also after that.
    let ticket = world.ticket(&binh);
    world.scan(&ticket, "cửa").assert(201);
    let absent = row(&session, &binh, "2", &json!({"mark": "absent"}));
    enter(&world, &session, &json!([absent]));
    say(&binh, &excused);
    say(&binh, &json!({}));
    assert_eq!(mark(&binh), "absent");
    // What comes while the word stands counts afterwards.
    say(&an, &excused);
    let corrected = row(&session, &an, "1", &json!({"mark": "absent"}));
    enter(&world, &session, &json!([corrected]));
    assert_eq!(mark(&an), "excused");
    say(&an, &json!({}));
    assert_eq!(mark(&an), "absent");
}

#[test]
fn a_day_whose_sheet_is_missing_asks_before_its_people_are_absent() {
    let mut world = World::new();
    let mut body = world.body(24);
    body["slots"] = json!([world.slot(24, 2), world.slot(48, 2), world.slot(72, 2)]);
    body["slots"][2]["mandatory"] = json!(false);
    let session = world.publish(&body);
    let people: Vec<Value> = (0..10)
        .map(|number| world.register(&session, &format!("Người {number}")))
        .collect();
    world.app.clock.advance(TimeDelta::hours(80));
    world.organiser = world.app.persona(Role::Organiser);
    let day = |slot: usize, present: usize| {
        let rows = people.iter().take(present).enumerate();
        let rows = rows.map(|(number, one)| {
            let mark = json!({"slot": session["slots"][slot]["id"], "mark": "present"});
            json!({"row": format!("{slot}-{number}"), "registration_id": one["id"], "marks": [mark]})
        });
        enter(&world, &session, &json!(rows.collect::<Vec<_>>()))
    };
    // Of the whole first day, three of the second, one of a third that nobody has to be at.
    day(0, 10);
    day(1, 3);
    day(2, 1);
    let path = format!("/training-sessions/{}/complete", id(&session));
    let refused = world.organiser.post(&path, &json!({})).assert(409);
    let problem = refused.problem("attendance-not-entered");
    let gap = json!({"slot": session["slots"][1]["id"], "unmarked": 7, "expected": 10});
    assert_eq!(problem["slots"], json!([gap]));
    assert_eq!(
        (&problem["empty_slots"], &problem["unmarked"]),
        (&json!(0), &json!(0))
    );
    // Two of ten are a fifth, one is not.
    day(1, 8);
    let refused = world.organiser.post(&path, &json!({})).assert(409);
    assert_eq!(
        refused.problem("attendance-not-entered")["slots"][0]["unmarked"],
        2
    );
    day(1, 9);
    world.organiser.post(&path, &json!({})).assert(200);
}
