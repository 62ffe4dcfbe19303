//! What papers and files say of people and figures once a session was held.

use std::io::Cursor;

use calamine::{Data, Reader};
use chrono::TimeDelta;
use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::{World, id, one, person, registrations};

fn path(session: &Value, file: &str) -> String {
    format!("/training-sessions/{}/{file}", id(session))
}

/// A session of an hour: Đào was there for ten minutes of it, Bình for all, An not at all.
fn held() -> (World, Value, Value) {
    let mut world = World::new();
    let mut body = world.body(1);
    body["slots"] = json!([world.slot(1, 1)]);
    body["also_plan_tasks"] = json!(["2a"]);
    body["toolkit_topics"] = json!(["Nhận diện môi giới trái phép"]);
    body["title"] = json!("Tập huấn về con nuôi");
    let session = world.publish(&body);
    let (came, left) = (world.at(1), world.at_minutes(70));
    let people = ["Nguyễn Thị Đào", "Trần Văn Bình", "Lê An"];
    let people = people.map(|name| world.register(&session, name));
    world.app.clock.advance(TimeDelta::hours(3));
    world.organiser = world.app.persona(Role::Organiser);
    let slot = &session["slots"][0]["id"];
    let said = [
        json!({"slot": slot, "mark": "present", "came_at": came, "left_at": left}),
        json!({"slot": slot, "mark": "present"}),
        json!({"slot": slot, "mark": "absent"}),
    ];
    let rows = people
        .iter()
        .zip(said)
        .map(|(who, mark)| json!({"row": id(who), "registration_id": who["id"], "marks": [mark]}));
    let rows = json!({"rows": rows.collect::<Vec<_>>()});
    let sheet = path(&session, "attendance");
    world.organiser.put(&sheet, &rows).assert(200);
    let session = world.act(&session, "complete", &json!({}));
    (world, session, people[0].clone())
}

fn csv(world: &World, session: &Value) -> (Vec<u8>, Vec<Vec<String>>) {
    let file = world.organiser.get(&path(session, "attendance.csv"));
    let file = file.assert(200).body;
    let text = String::from_utf8(file.clone()).unwrap();
    let mut reader = csv::Reader::from_reader(Cursor::new(text.replace('\u{FEFF}', "")));
    let header = reader.headers().unwrap().clone();
    let rows = std::iter::once(header).chain(reader.records().map(Result::unwrap));
    let row = |row: csv::StringRecord| row.iter().map(str::to_owned).collect();
    (file, rows.map(row).collect())
}

fn workbook(world: &World, session: &Value, sheet: &str) -> Vec<Vec<Data>> {
    let file = world.organiser.get(&path(session, "attendance.xlsx"));
    let body = file.assert(200).body;
    let mut book = calamine::Xlsx::new(Cursor::new(body)).unwrap();
    let range = book.worksheet_range(sheet).unwrap();
    range.rows().map(<[Data]>::to_vec).collect()
}

#[test]
fn files_of_what_was_held_say_what_people_were_then() {
    let (world, session, dao) = held();
    let attendee = format!("/attendees/{}", dao["attendee"]["id"].as_str().unwrap());
    let etag = world.organiser.get(&attendee).assert(200);
    let etag = etag.header("etag").to_owned();
    let change = json!({"sex": "male", "birth_year": 1990, "audience": "police",
        "agency": world.police});
    let organiser = world.organiser.with("If-Match", &etag);
    organiser.patch(&attendee, &change).assert(200);
    let (_, rows) = csv(&world, &session);
    let cell = |title: &str, row: usize| {
        let at = rows[0].iter().position(|known| known == title).unwrap();
        rows[row][at].clone()
    };
    let told = ["Họ và tên", "Nam/Nữ", "Năm sinh", "Cơ quan", "Thành phần"];
    let told = told.map(|title| cell(title, 3));
    assert_eq!(told, ["Nguyễn Thị Đào", "Nữ", "", "", "Khác"]);
    let list = workbook(&world, &session, "Danh sách");
    let row = list.iter().find(|row| row[1] == "Nguyễn Thị Đào").unwrap();
    let row: Vec<String> = row.iter().map(ToString::to_string).collect();
    assert_eq!(row[0], "3", "by given name, as on the sheet");
    assert_eq!(row[2..6], ["Nữ", "", "Khác", ""].map(str::to_owned));
}

#[test]
fn files_say_when_people_came_and_left_and_can_be_read_in_again() {
    let (world, session, _) = held();
    let (file, rows) = csv(&world, &session);
    let names: Vec<&String> = rows.iter().map(|row| &row[1]).collect();
    assert_eq!(
        names,
        ["Họ và tên", "Lê An", "Trần Văn Bình", "Nguyễn Thị Đào"]
    );
    let came = rows[0].len() - 2;
    assert_eq!(rows[0][came..], ["Đến lúc (buổi 1)", "Về lúc (buổi 1)"]);
    assert!(
        rows[3][came].len() == 16 && rows[3][came + 1].len() == 16,
        "{rows:?}"
    );
    assert_eq!(rows[1][came..], ["", ""]);
    let list = workbook(&world, &session, "Danh sách");
    let header = list.iter().find(|row| row[0] == "STT").unwrap();
    let at = header.iter().position(|cell| cell == "Về lúc").unwrap();
    let dao = list.iter().find(|row| row[1] == "Nguyễn Thị Đào").unwrap();
    assert!(matches!(dao[at], Data::DateTime(_)), "{dao:?}");
    let again = world.publish(&world.body(48));
    let import = format!("{}/import", registrations(&again));
    let sender = world.organiser.with("Content-Type", "text/csv");
    let done = sender.send("POST", &import, Some(file)).assert(200).json();
    assert_eq!(done["matched"], 3, "{done}");
}

#[test]
fn who_came_too_briefly_is_told_apart_and_all_parts_add_up() {
    let (world, session, _) = held();
    let text = world.organiser.get(&path(&session, "report.docx")).docx();
    for words in [
        "Số người phải có mặt: 3; có mặt: 1 (đạt 33,3%); vắng có phép: 0; vắng không phép: 1; \
         có đến nhưng chưa đủ thời gian: 1.",
        "khi dự từ 50% thời gian trở lên",
        "kể cả người chưa đủ thời gian: 2.",
        "Chưa đủ thời gian",
        "2a – 2a",
        "Nhận diện môi giới trái phép",
        "Kết quả buổi tập huấn về con nuôi",
    ] {
        assert!(text.contains(words), "no {words}");
    }
    let counts = workbook(&world, &session, "Số liệu");
    let header = counts.iter().find(|row| row[0] == "Theo").unwrap();
    let number = |row: &[Data], title: &str| {
        let at = header.iter().position(|cell| cell == title).unwrap();
        row[at].clone()
    };
    let short = "Trong số vắng: có đến, chưa đủ thời gian";
    let total = counts.iter().find(|row| row[0] == "Tổng số").unwrap();
    assert_eq!(number(total, "Vắng"), Data::Float(2.0));
    assert_eq!(number(total, short), Data::Float(1.0));
    let women = counts.iter().find(|row| row[1] == "Nữ").unwrap();
    assert_eq!(number(women, short), Data::Float(1.0));
    assert_eq!(header.iter().filter(|cell| *cell == "Có mặt").count(), 1);
    let (_, rows) = csv(&world, &session);
    let result = rows[0].iter().position(|title| title == "Kết quả").unwrap();
    assert_eq!(rows[3][result], "Vắng (có đến, chưa đủ thời gian)");
    assert_eq!(rows[1][result], "Vắng");
}

#[test]
fn what_was_only_announced_is_not_told_as_held() {
    let (world, session, _) = held();
    world.publish(&world.body(1));
    let day = session["slots"][0]["starts_at"].as_str().unwrap();
    let day = day.get(..10).unwrap().to_owned();
    let counts = |group_by: &str| {
        let path = format!("/reports/attendance?from={day}&to=2026-12-31&group_by={group_by}");
        world.organiser.get(&path).assert(200).json()
    };
    let tasks = counts("plan_task");
    let total = &tasks["total"];
    let told = ["sessions", "sessions_completed", "sessions_published"];
    assert_eq!(told.map(|name| total[name].as_i64().unwrap()), [2, 1, 1]);
    let rows = tasks["rows"].as_array().unwrap();
    let of: Vec<_> = rows
        .iter()
        .map(|row| (&row["key"], &row["sessions"]))
        .collect();
    let [none, both] = [json!(0), json!(2)];
    let keys = [json!("1"), json!("2a"), json!("2b")];
    assert_eq!(
        of,
        [(&keys[0], &none), (&keys[1], &none), (&keys[2], &both)]
    );
    let month = counts("month")["rows"][0].clone();
    let label = month["label"].as_str().unwrap();
    assert!(
        label.starts_with("tháng ") && label.ends_with("/2026"),
        "{label}"
    );
    let agencies = counts("agency")["rows"][0].clone();
    assert_eq!(agencies["key"], "unknown");
    assert_eq!(agencies["label"], "Đơn vị khác hoặc chưa rõ");
}

#[test]
fn papers_tell_the_day_of_the_end_how_to_join_and_what_is_off() {
    let world = World::new();
    let mut body = world.body(48);
    body["slots"] = json!([
        {"starts_at": "2026-12-31T22:00:00+07:00", "ends_at": "2027-01-01T01:00:00+07:00",
         "title": "Phần một"},
        {"starts_at": "2027-01-02T08:00:00+07:00", "ends_at": "2027-01-02T10:00:00+07:00"},
    ]);
    body["venue"] = json!(null);
    body["online_url"] = json!("https://hop.example.vn/bi-mat");
    let session = world.publish(&body);
    let administrator = world.app.persona(Role::Administrator);
    let etag = administrator.get("/office").assert(200);
    let etag = etag.header("etag").to_owned();
    let desk = json!({"desk": {"phone": "+842253123456", "address": null, "hours": null}});
    let administrator = administrator.with("If-Match", &etag);
    administrator.patch("/office", &desk).assert(200);
    let letter = world.organiser.get(&path(&session, "invitation.docx"));
    let letter = letter.docx();
    assert!(letter.contains("01/01/2027") && letter.contains("31/12/2026"));
    assert!(letter.contains("xin gọi số 02253123456"));
    assert!(
        !letter.contains("hop.example.vn"),
        "the link is on no paper"
    );
    let file = path(&session, "sign-in-sheet.docx");
    let sheet = world.organiser.get(&file).docx();
    for words in ["Buổi 1: Có mặt: ", "Buổi 2: Có mặt: ", "<w:keepNext"] {
        assert!(sheet.contains(words), "no {words}");
    }
    assert!(!sheet.contains("ĐÃ HỦY"));
    let calendar = world.organiser.get(&path(&session, "session.ics"));
    let calendar = String::from_utf8(calendar.assert(200).body).unwrap();
    let calendar = calendar.replace("\r\n ", "");
    assert_eq!(calendar.matches("– Phần một").count(), 1, "{calendar}");
    world.act(&session, "cancel", &json!({"reason": "mưa bão"}));
    let sheet = world.organiser.get(&file).docx();
    assert!(sheet.contains("ĐÃ HỦY"));
}

#[test]
fn a_household_reads_no_title_of_a_part_in_its_calendar() {
    let world = World::new();
    let mut body = world.body(48);
    body["visibility"] = json!("public");
    body["slots"][0]["title"] = json!("Tư vấn riêng");
    let session = world.publish(&body);
    let family = world.app.persona(Role::Family);
    let calendar = family.get(&path(&session, "session.ics")).assert(200);
    let calendar = String::from_utf8(calendar.body).unwrap();
    assert!(!calendar.contains("Tư vấn"), "{calendar}");
    let mut guest = person("Vũ Gia Đình");
    guest["audience"] = json!("family");
    let body = json!({"attendee": guest});
    let list = registrations(&session);
    let guest = world.organiser.post(&list, &body).assert(201).json();
    let ticket = world.organiser.get(&format!("{}/ticket", one(&guest)));
    assert!(!String::from_utf8_lossy(&ticket.assert(200).body).contains("nuôi"));
}
