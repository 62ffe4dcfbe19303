//! What the office's routes refuse, and what they show.

use diesel::prelude::*;
use hai_dang::db::schema::users;
use hai_dang::identity::Role;
use serde_json::{Value, json};

use crate::support::{Client, TestApp};

#[track_caller]
fn unheld(client: &Client) -> Vec<String> {
    let duties = client.get("/office").assert(200).json()["unheld_duties"].clone();
    serde_json::from_value(duties).unwrap()
}

#[test]
fn duties_nobody_active_holds_are_named() {
    let app = TestApp::new();
    let admin = app.persona(Role::Administrator);
    let all = [
        "organiser",
        "counsellor",
        "supervisor",
        "legal_aid_intake",
        "reporter",
        "auditor",
        "duty_list",
    ];
    assert_eq!(unheld(&admin), all);
    let intake = app.persona(Role::LegalAidIntake).id();
    app.persona_of(app.office, &[Role::Counsellor, Role::Supervisor]);
    app.persona_of(app.add_office("khac"), &[Role::Auditor]);
    assert_eq!(
        unheld(&admin),
        ["organiser", "reporter", "auditor", "duty_list"]
    );
    app.change(move |conn| {
        diesel::update(users::table.filter(users::id.eq(intake)))
            .set(users::status.eq("disabled"))
            .execute(conn)?;
        Ok(())
    });
    assert_eq!(
        unheld(&admin),
        [
            "organiser",
            "legal_aid_intake",
            "reporter",
            "auditor",
            "duty_list"
        ]
    );
}

#[test]
fn every_broken_setting_is_told_at_once_and_nothing_is_written() {
    let app = TestApp::new();
    let admin = app.persona(Role::Administrator);
    let seen = admin.get("/office").assert(200);
    let broken = json!({
        "name": " ",
        "zone": "Sao Hỏa/Olympus",
        "prefix": "LC-TH",
        "desk": {"phone": "khong co"},
        "policies": {
            "late_after_minutes": {"value": -1},
            "minimum_presence_percent": {"value": 101},
            "reminder_lead_hours": {"value": [1441]},
            "age_bands": {"value": [{"from": 1, "to": null}]},
            "reporting_window": {
                "value": {"from": "02-30", "to": "1015", "first_from": "2026-01-01"},
            },
        },
    });
    let refused = admin
        .having_seen(&seen)
        .patch("/office", &broken)
        .assert(422);
    for (pointer, code) in [
        ("/name", "required"),
        ("/zone", "zone-unknown"),
        ("/prefix", "prefix-invalid"),
        ("/desk/phone", "phone-invalid"),
        ("/policies/late_after_minutes/value", "out-of-range"),
        ("/policies/minimum_presence_percent/value", "out-of-range"),
        ("/policies/reminder_lead_hours/value", "out-of-range"),
        ("/policies/age_bands/value", "order-invalid"),
        ("/policies/reporting_window/value/from", "day-invalid"),
        ("/policies/reporting_window/value/to", "day-invalid"),
    ] {
        refused.violates(pointer, code);
    }
    assert_eq!(admin.get("/office").assert(200).json(), seen.json());
}

#[test]
fn prefixes_are_capital_letters() {
    let app = TestApp::new();
    let admin = app.persona(Role::Administrator);
    for (prefix, code) in [
        ("lc", "prefix-invalid"),
        ("LC2", "prefix-invalid"),
        ("ĐA", "prefix-invalid"),
        ("ABCDEFGHIJK", "too-long"),
        ("", "required"),
    ] {
        let seen = admin.with("If-Match", "*");
        let refused = seen.patch("/office", &json!({"prefix": prefix}));
        refused.assert(422).violates("/prefix", code);
    }
    let change = json!({"prefix": "HAIPHONGLC", "zone": "Asia/Tokyo"});
    let after = admin
        .with("If-Match", "*")
        .patch("/office", &change)
        .assert(200)
        .json();
    assert_eq!(after["prefix"], "HAIPHONGLC");
    assert!(after["updated_at"].as_str().unwrap().ends_with("+09:00"));
}

#[test]
fn a_room_and_an_agency_change_only_for_who_saw_the_version() {
    let app = TestApp::new();
    let organiser = app.persona(Role::Organiser);
    let room = json!({"name": "Phòng họp", "address": "Tầng 2", "places": 20});
    let agency = json!({"code": "YOUTH", "name_vi": "Đoàn Thanh niên", "kind": "unit"});
    for (all, body, change, field) in [
        ("/rooms", &room, json!({"address": null}), "address"),
        (
            "/agencies",
            &agency,
            json!({"name_en": "Youth Union"}),
            "name_en",
        ),
    ] {
        let made = organiser.post(all, body).assert(201);
        let path = format!("{all}/{}", made.id());
        assert_eq!(made.header("location"), format!("/api/v1{path}"));
        organiser
            .patch(&path, &change)
            .assert(428)
            .problem("if-match-required");
        let seen = organiser.having_seen(&made);
        let after = seen.patch(&path, &change).assert(200);
        assert_eq!(after.json()["version"], 2);
        assert_eq!(after.json()[field], change[field]);
        seen.patch(&path, &change)
            .assert(412)
            .problem("stale-version");
        let now = organiser.get(&path).assert(200);
        assert_eq!(now.header("etag"), after.header("etag"));
        // The same again is no change, and moves no version.
        let again = organiser
            .having_seen(&now)
            .patch(&path, &change)
            .assert(200);
        assert_eq!(again.json()["version"], 2);
        let reader = app.persona(Role::Counsellor);
        reader.post(all, body).assert(403);
        reader.having_seen(&now).patch(&path, &change).assert(403);
        let allowed = &reader.get(&path).assert(200).json()["allowed_actions"];
        assert_eq!(*allowed, json!([]));
    }
}

#[track_caller]
fn names(list: &Value) -> Vec<&str> {
    let items = list["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| item["name"].as_str().unwrap())
        .collect()
}

#[test]
fn rooms_are_found_without_marks_and_paged() {
    let app = TestApp::new();
    let organiser = app.persona(Role::Organiser);
    for (name, address) in [
        ("Hội trường A", None),
        ("Hội trường B", Some("Đường Tô Hiệu")),
        ("Nhà văn hóa", Some("Tô Hiệu")),
    ] {
        let body = json!({"name": name, "address": address});
        organiser.post("/rooms", &body).assert(201);
    }
    let find = |query: &str| {
        let path = format!("/rooms?{query}");
        organiser.get(&path).assert(200).json()
    };
    let first = find("q=hoi+truong&limit=1&include=total");
    assert_eq!(names(&first), ["Hội trường A"]);
    assert_eq!(first["total"], 2);
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = find(&format!("q=hoi+truong&limit=1&cursor={cursor}"));
    assert_eq!(names(&second), ["Hội trường B"]);
    assert_eq!(second["next_cursor"], Value::Null);
    assert_eq!(names(&find("q=TO+hieu")), ["Hội trường B", "Nhà văn hóa"]);
    assert_eq!(names(&find("q=duong&active=true")), ["Hội trường B"]);
    assert!(names(&find("q=duong&active=false")).is_empty());
    assert_eq!(names(&find("q=")).len(), 3);
    organiser
        .get("/rooms?cursor=khong-co")
        .assert(422)
        .violates("cursor", "cursor-invalid");
    // Agencies come in the same order of names, and yet are another list.
    organiser
        .get(&format!("/agencies?cursor={cursor}"))
        .assert(422)
        .violates("cursor", "cursor-invalid");
}
