//! The ward's own sheets.

use serde_json::{Value, json};

use super::{World, id, registrations};

const CSV: &[u8] = include_bytes!("../../../docs/samples/danh-sach-tap-huan-2b.csv");
const XLSX: &[u8] = include_bytes!("../../../docs/samples/danh-sach-hoi-nghi-1.xlsx");

pub(super) fn import(world: &World, session: &Value, file: &[u8], dry_run: bool) -> Value {
    let path = format!("{}/import?dry_run={dry_run}", registrations(session));
    let organiser = world
        .organiser
        .with("Content-Type", "application/octet-stream");
    organiser
        .send("POST", &path, Some(file.to_vec()))
        .assert(200)
        .json()
}

/// A repeat tells every row as it ended, and that it did nothing.
#[track_caller]
pub(super) fn assert_is_repeat(first: &Value, again: &Value) {
    let mut told = first.clone();
    let mut repeated = 0;
    for row in told["rows"].as_array_mut().unwrap() {
        // What was refused is looked at anew.
        let is_taken = row["result"] != "refused";
        repeated += i32::from(is_taken);
        row["repeated"] = json!(is_taken);
    }
    told["repeated"] = json!(repeated);
    told["dry_run"] = again["dry_run"].clone();
    assert!(told == *again, "a repeat tells the same");
}

#[test]
fn the_sheet_of_task_2b_imports_as_the_office_saved_it() {
    let world = World::new();
    let session = world.publish(&world.body(48));
    let dry = import(&world, &session, CSV, true);
    assert_eq!(
        world.total(&session)["confirmed"],
        0,
        "a dry run writes nothing"
    );
    let done = import(&world, &session, CSV, false);
    for key in [
        "created",
        "created_with_warning",
        "matched",
        "duplicate",
        "refused",
    ] {
        assert_eq!(dry[key], done[key], "{key}");
    }
    assert_eq!(
        (&done["refused"], &done["duplicate"]),
        (&json!(1), &json!(1))
    );
    let rows = done["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 64);
    let nameless = rows.iter().find(|row| row["result"] == "refused").unwrap();
    assert_eq!(nameless["reasons"], json!(["name-missing"]));
    assert!(
        rows.iter()
            .any(|row| row["reasons"] == json!(["birth_year:date-invalid"]))
    );
    assert_eq!(world.total(&session)["confirmed"], 62);
    assert_eq!(
        (&done["repeated"], &dry["repeated"]),
        (&json!(0), &json!(0))
    );
    for dry_run in [false, true] {
        let again = import(&world, &session, CSV, dry_run);
        assert_is_repeat(&done, &again);
    }
    assert_eq!(world.total(&session)["confirmed"], 62);
}

#[test]
fn the_sheet_of_the_conference_imports_from_a_workbook() {
    let world = World::new();
    let session = world.publish(&world.body(48));
    let done = import(&world, &session, XLSX, false);
    assert_eq!(done["rows"].as_array().unwrap().len(), 118);
    assert_eq!(done["refused"], 1);
    let by_agency = format!(
        "/training-sessions/{}/attendance-counts?group_by=agency",
        id(&session)
    );
    let counts = world.organiser.get(&by_agency).assert(200).json();
    let keys: Vec<&Value> = counts["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["key"])
        .collect();
    assert!(
        keys.contains(&&json!(world.police)) && keys.contains(&&json!("unknown")),
        "{keys:?}"
    );
}

/// A list of names alone, on which one stands twice.
const NAMES: &str = "Họ và tên\nTrần Canary An\nLê Canary Bình\nBà Trần Canary An\n";

#[test]
fn a_namesake_whom_nothing_tells_apart_is_warned_of() {
    let world = World::new();
    let session = world.publish(&world.body(48));
    let dry = import(&world, &session, NAMES.as_bytes(), true);
    let done = import(&world, &session, NAMES.as_bytes(), false);
    for told in [&dry, &done] {
        let rows = told["rows"].as_array().unwrap().iter();
        let rows: Vec<_> = rows.map(|row| (&row["result"], &row["reasons"])).collect();
        let (plain, doubtful) = (json!("created"), json!("created-with-warning"));
        let (none, namesake) = (json!([]), json!(["full_name:namesake"]));
        let wanted = [(&plain, &none), (&plain, &none), (&doubtful, &namesake)];
        assert_eq!(rows, wanted);
    }
    // Whoever has something to be told apart by is no doubt.
    let apart = "Họ và tên;Điện thoại\nCanary Chi;0912345678\nCanary Chi;0912345679\n";
    let other = world.publish(&world.body(72));
    let done = import(&world, &other, apart.as_bytes(), false);
    assert_eq!(done["created"], json!(2));
    assert_eq!(done["rows"][1]["reasons"], json!([]));
}

/// Five people, of whom one is of a school and none of those who are heads is.
const HEADS: &str = "STT;Họ và tên;Đơn vị;Chức vụ\n\
    1;Canary An;Tổ dân phố số 5;Tổ trưởng\n\
    2;Canary Bình;UBND phường;Trưởng phòng\n\
    3;Canary Chi;Trường Tiểu học Lê Chân;Hiệu trưởng\n\
    4;Canary Dung;Hội Nông dân;Trưởng ban\n\
    5;Canary Em;Môi trường đô thị;Công nhân\n";

#[test]
fn a_dry_run_counts_seats_and_what_was_full_is_taken_later() {
    let world = World::new();
    let mut body = world.body(48);
    body["capacity"] = json!(3);
    body["waitlist"] = json!(false);
    let session = world.publish(&body);
    let outcome = |done: &Value| {
        let rows = done["rows"].as_array().unwrap().iter();
        let told = |row: &Value| (row["result"].clone(), row["status"].clone());
        rows.map(told).collect::<Vec<_>>()
    };
    let (taken, full) = (
        (json!("created"), json!("confirmed")),
        (json!("refused"), json!(null)),
    );
    let wanted = [taken.clone(), taken.clone(), taken, full.clone(), full];
    let file = HEADS.as_bytes();
    let dry = import(&world, &session, file, true);
    assert_eq!(outcome(&dry), wanted);
    assert_eq!(dry["rows"][3]["reasons"], json!(["session-full"]));
    let done = import(&world, &session, file, false);
    assert_eq!(outcome(&done), wanted);
    // More seats: the same file takes those who found none, and nobody twice.
    let path = format!("/training-sessions/{}", id(&session));
    let seen = world.organiser.get(&path).assert(200);
    let organiser = world.organiser.having_seen(&seen);
    organiser.patch(&path, &json!({"capacity": 10})).assert(200);
    let again = import(&world, &session, file, false);
    assert_eq!(
        (&again["refused"], &again["repeated"]),
        (&json!(0), &json!(3))
    );
    assert_eq!(world.total(&session)["confirmed"], 5);
}

#[test]
fn a_row_says_who_was_read_out_of_it_and_everybody_may_be_asked_first() {
    let world = World::new();
    let session = world.publish(&world.body(48));
    let path = format!("{}/import?ask=true", registrations(&session));
    let organiser = world
        .organiser
        .with("Content-Type", "application/octet-stream");
    let done = organiser.send("POST", &path, Some(HEADS.as_bytes().to_vec()));
    let done = done.assert(200).json();
    let read: Vec<(&str, &str)> = done["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            assert_eq!(row["status"], "invited");
            assert!(row["attendee_id"].is_string());
            (
                row["full_name"].as_str().unwrap(),
                row["audience"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        read,
        [
            ("Canary An", "residential_group"),
            ("Canary Bình", "official"),
            ("Canary Chi", "education"),
            ("Canary Dung", "mass_organisation"),
            ("Canary Em", "other"),
        ]
    );
    let total = world.total(&session);
    assert_eq!(
        (&total["invited"], &total["confirmed"]),
        (&json!(5), &json!(0))
    );
}

#[test]
fn a_sheet_brings_nobody_back_who_said_no() {
    let world = World::new();
    let mut body = world.body(48);
    body["visibility"] = json!("public");
    let session = world.publish(&body);
    let asked = json!({"attendee": {"full_name": "Canary An", "phone": "0912345678"}, "ask": true});
    let path = registrations(&session);
    let made = world.organiser.post(&path, &asked).assert(201).json();
    let token = {
        let mut told = json!({"full_name": "Canary Bình", "email": "binh@example.vn"});
        told["phone"] = json!("0912345679");
        let body = json!({"attendee": told, "ask": true});
        world.organiser.post(&path, &body).assert(201);
        let mail = world.app.mails("session_invitation", "binh@example.vn");
        world.app.link_token(&mail[0])
    };
    let answer = json!({"token": token, "answer": "decline"});
    let answered = world
        .app
        .anonymous()
        .post("/public/registrations/respond", &answer);
    answered.assert(200);
    let decline = format!("{}/decline", super::one(&made));
    world.organiser.act(&decline).assert(200);
    let file = "Họ và tên;Điện thoại\nCanary An;0912345678\nCanary Bình;0912345679\n";
    for dry_run in [true, false] {
        let done = import(&world, &session, file.as_bytes(), dry_run);
        // By the link or by phone: no is no, and taken back by hand.
        for row in 0..2 {
            assert_eq!(done["rows"][row]["result"], "refused", "{done}");
            assert_eq!(done["rows"][row]["reasons"], json!(["said-no"]));
        }
    }
}

#[test]
fn a_sheet_knows_people_by_what_their_merged_entry_was_known_by() {
    let world = World::new();
    let enter = |phone: &str| {
        let who = json!({"full_name": "Đặng Thị Gộp", "phone": phone});
        let made = world.organiser.post("/attendees", &who).assert(201);
        made.id()
    };
    let (kept, merged) = (enter("0912000001"), enter("0912000002"));
    let path = format!("/attendees/{merged}/merge");
    let into = json!({"into": kept});
    world.organiser.post(&path, &into).assert(200);
    let session = world.publish(&world.body(48));
    let file = "Họ và tên;Điện thoại\nĐặng Thị Gộp;0912000002\n";
    let done = import(&world, &session, file.as_bytes(), false);
    assert_eq!(done["rows"][0]["result"], "matched", "{done}");
    let list = world
        .organiser
        .get(&registrations(&session))
        .assert(200)
        .json();
    assert_eq!(list["items"][0]["attendee"]["id"], json!(kept));
}

#[test]
fn what_is_no_sheet_is_told_so() {
    let world = World::new();
    let session = world.publish(&world.body(48));
    let path = format!("{}/import", registrations(&session));
    let organiser = world
        .organiser
        .with("Content-Type", "application/octet-stream");
    let send = |bytes: &[u8]| organiser.send("POST", &path, Some(bytes.to_vec()));
    send(b"").assert(422).problem("sheet-empty");
    send(b"a;b;c\n1;2;3\n")
        .assert(422)
        .problem("sheet-header-missing");
    world
        .organiser
        .send("POST", &path, Some(CSV.to_vec()))
        .assert(415);
}

#[test]
fn a_header_of_two_lines_tells_years_and_sexes_and_who_signs_is_nobody() {
    let world = World::new();
    let session = world.publish(&world.body(48));
    let file = "STT;Họ và tên;Năm sinh;;Đơn vị\n;;Nam;Nữ;\n(1);(2);(3);(4);(5)\n\
                1;Canary An;1970;;Sở A\n2;Canary Bình;;1981;Sở A\n3;Canary Chi;1960;1961;\n\
                ;Người lập biểu;;;\n;;;;Canary Lập\n";
    let done = import(&world, &session, file.as_bytes(), false);
    let rows = done["rows"].as_array().unwrap();
    assert_eq!((rows.len(), &done["refused"]), (3, &json!(0)), "{done}");
    let read = |row: &Value| {
        let path = format!("/attendees/{}", row["attendee_id"].as_str().unwrap());
        let known = world.organiser.get(&path).assert(200).json();
        (known["sex"].clone(), known["birth_year"].clone())
    };
    assert_eq!(read(&rows[0]), (json!("male"), json!(1970)));
    assert_eq!(read(&rows[1]), (json!("female"), json!(1981)));
    assert_eq!(read(&rows[2]), (json!("unknown"), json!(null)));
    let doubts = json!(["sex:sex-unreadable", "birth_year:date-invalid"]);
    assert_eq!(rows[2]["reasons"], doubts);
}
