//! Sheets about people who are known already.

use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::import::import;
use super::{World, registrations};

/// What a row came to, and why.
fn told(done: &Value, row: usize) -> (&str, Vec<&str>) {
    let row = &done["rows"][row];
    let reasons = row["reasons"].as_array().unwrap().iter();
    let reasons = reasons.map(|reason| reason.as_str().unwrap()).collect();
    (row["result"].as_str().unwrap(), reasons)
}

/// A dry run and the import say the same of every row, save what is made by it.
#[track_caller]
fn import_as_rehearsed(world: &World, session: &Value, file: &str) -> Value {
    let mut dry = import(world, session, file.as_bytes(), true);
    let done = import(world, session, file.as_bytes(), false);
    let mut made = done.clone();
    for told in [&mut dry, &mut made] {
        told["dry_run"] = json!(null);
        for row in told["rows"].as_array_mut().unwrap() {
            for id in ["registration_id", "attendee_id", "possibly_same_as"] {
                row[id] = json!(null);
            }
        }
    }
    assert_eq!(dry, made);
    done
}

fn known(world: &World, id: &Value) -> Value {
    let path = format!("/attendees/{}", id.as_str().unwrap());
    world.organiser.get(&path).assert(200).json()
}

#[test]
fn a_sheet_fills_in_what_is_not_known_and_overwrites_nothing() {
    let world = World::new();
    let first = world.publish(&world.body(48));
    let file = "Họ và tên;Điện thoại;Đơn vị\nCanary An;0912345678;Sở A\n";
    let done = import(&world, &first, file.as_bytes(), false);
    let who = &done["rows"][0]["attendee_id"];
    let count = |session: &Value, sex: &str| {
        let path = format!(
            "/training-sessions/{}/attendance-counts?group_by=sex",
            super::id(session)
        );
        let counts = world.organiser.get(&path).assert(200).json();
        let rows = counts["rows"].as_array().unwrap();
        let row = rows.iter().find(|row| row["key"] == sex);
        row.map_or(json!(0), |row| row["confirmed"].clone())
    };
    assert_eq!(count(&first, "unknown"), json!(1));
    // Of the same session, so that its ledger is held meanwhile, and of another one.
    let fuller = "Họ và tên;Điện thoại;Đơn vị;Chức vụ;Nam/Nữ;Năm sinh;Email\n\
                  Canary An;0912345678;Sở B;trưởng phòng;Nữ;1970;an@example.vn\n";
    let done = import_as_rehearsed(&world, &first, fuller);
    let filled = [
        "sex:filled-in",
        "birth_year:filled-in",
        "organisation:differs",
        "position:filled-in",
        "email:filled-in",
    ];
    assert_eq!(told(&done, 0), ("duplicate", filled.to_vec()));
    let now = known(&world, who);
    for (field, value) in [
        ("sex", json!("female")),
        ("birth_year", json!(1970)),
        ("organisation", json!("Sở A")),
        ("position", json!("trưởng phòng")),
        ("email", json!("an@example.vn")),
    ] {
        assert_eq!(now[field], value, "{field}");
    }
    assert_eq!(
        (count(&first, "female"), count(&first, "unknown")),
        (json!(1), json!(0))
    );
    let auditor = world.app.persona(Role::Auditor);
    let rows = auditor
        .get("/audit-events?action=attendee.edit")
        .assert(200)
        .json();
    assert_eq!(rows["items"].as_array().unwrap().len(), 1);
    let second = world.publish(&world.body(72));
    let other = "Họ và tên;Email;Năm sinh;Nam/Nữ\nCanary An;an@example.vn;1971;Nam\n";
    let done = import_as_rehearsed(&world, &second, other);
    let differs = vec!["sex:differs", "birth_year:differs"];
    assert_eq!(told(&done, 0), ("matched", differs));
    assert_eq!(known(&world, who), now);
}

#[test]
fn a_corrected_file_finds_whom_the_first_one_made() {
    let world = World::new();
    let session = world.publish(&world.body(48));
    let file = |phones: [&str; 3]| {
        let [an, binh, chi] = phones;
        format!(
            "Họ và tên;Đơn vị;Năm sinh;Điện thoại\nCanary An;Sở A;;{an}\nCanary Bình;;1980;{binh}\n\
             Canary Chi;Sở C;;{chi}\n"
        )
    };
    let bad = file(["12345", "số cũ", "0912345670"]);
    let first = import_as_rehearsed(&world, &session, &bad);
    assert_eq!(first["rows"][0]["reasons"], json!(["phone:phone-invalid"]));
    let mended = file(["0912345678", "0912345679", "0912345671"]);
    let again = import_as_rehearsed(&world, &session, &mended);
    for row in 0..2 {
        let found = vec!["full_name:taken-for-listed", "phone:filled-in"];
        assert_eq!(told(&again, row), ("duplicate", found));
        let ids = |done: &Value| done["rows"][row]["attendee_id"].clone();
        assert_eq!(ids(&first), ids(&again));
    }
    // One number and another may be two people: a person looks.
    let namesake = vec!["full_name:namesake"];
    assert_eq!(told(&again, 2), ("created-with-warning", namesake));
    let like = &again["rows"][2]["possibly_same_as"];
    assert_eq!(*like, json!([first["rows"][2]["attendee_id"]]));
    // Sent once more it tells the same.
    let repeat = import(&world, &session, mended.as_bytes(), false);
    assert_eq!(repeat["rows"][2]["possibly_same_as"], *like);
    assert_eq!(repeat["repeated"], json!(3));
    assert_eq!(world.total(&session)["confirmed"], 4);
    assert_eq!(
        known(&world, &first["rows"][0]["attendee_id"])["phone"],
        "+84912345678"
    );
}

#[test]
fn two_of_a_name_in_one_file_are_not_one_for_a_file_before() {
    let world = World::new();
    let session = world.publish(&world.body(48));
    let one = "Họ và tên;Đơn vị\nCanary An;Sở A\n";
    import_as_rehearsed(&world, &session, one);
    let two = "Họ và tên;Đơn vị;Điện thoại\nCanary An;Sở A;\nCanary An;Sở A;\n";
    let done = import_as_rehearsed(&world, &session, two);
    assert_eq!(told(&done, 0).0, "duplicate");
    assert_eq!(told(&done, 1).0, "created-with-warning");
    // On another list nothing says that they are one.
    let other = world.publish(&world.body(72));
    let done = import_as_rehearsed(&world, &other, one);
    assert_eq!(
        told(&done, 0),
        ("created-with-warning", vec!["full_name:namesake"])
    );
    assert_eq!(
        done["rows"][0]["possibly_same_as"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn a_dry_run_says_of_twins_what_the_import_does() {
    let world = World::new();
    let mut body = world.body(48);
    body["capacity"] = json!(2);
    body["waitlist"] = json!(false);
    let session = world.publish(&body);
    let known = json!({"full_name": "Canary Em", "phone": "0912345670"});
    world.organiser.post("/attendees", &known).assert(201);
    let file = "Họ và tên;Điện thoại;Email;Năm sinh;Đơn vị\n\
                Canary An;0912345678;;;\nCanary An;0912345678;an@example.vn;1970;\n\
                Canary An;;an@example.vn;1971;\nCanary Em;0912345670;em@example.vn;;\n\
                Canary Em;;em@example.vn;;Sở A\nCanary Bình;0912345679;;;\n\
                Canary Bình;0912345679;;;\n";
    let done = import_as_rehearsed(&world, &session, file);
    let rows = done["rows"].as_array().unwrap().iter();
    let rows: Vec<_> = rows.map(|row| (&row["result"], &row["status"])).collect();
    let [taken, matched, twin, full] = [
        (json!("created"), json!("confirmed")),
        (json!("matched"), json!("confirmed")),
        (json!("duplicate"), json!("confirmed")),
        (json!("refused"), json!(null)),
    ];
    let wanted = [&taken, &twin, &twin, &matched, &twin, &full, &full];
    assert_eq!(rows, wanted.map(|(result, status)| (result, status)));
    let filled = vec!["birth_year:filled-in", "email:filled-in"];
    assert_eq!(told(&done, 1), ("duplicate", filled));
    assert_eq!(told(&done, 2), ("duplicate", vec!["birth_year:differs"]));
    assert_eq!(
        told(&done, 4),
        ("duplicate", vec!["organisation:filled-in"])
    );
    let list = world
        .organiser
        .get(&registrations(&session))
        .assert(200)
        .json();
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
}
