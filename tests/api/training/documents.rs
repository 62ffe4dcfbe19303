//! Papers and workbooks of a session: what they say, to whom, and how they are built.

use std::io::Cursor;

use calamine::{Data, DataType, Reader};
use chrono::TimeDelta;
use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::{World, id, one, person, registrations};

fn path(session: &Value, file: &str) -> String {
    format!("/training-sessions/{}/{file}", id(session))
}

/// A session that was held: one came, one was away, one had said so.
fn held() -> (World, Value) {
    let mut world = World::new();
    let session = world.publish(&world.body(1));
    let people = ["Nguyễn Thị Đào", "Trần Văn Bình", "Lê An"];
    let registered: Vec<Value> = people
        .iter()
        .map(|name| world.register(&session, name))
        .collect();
    world.app.clock.advance(TimeDelta::minutes(70));
    world.organiser = world.app.persona(Role::Organiser);
    world.scan(&world.ticket(&registered[0]), "1").assert(201);
    let slot = session["slots"][0]["id"].as_str().unwrap();
    for (registration, mark) in [(&registered[1], "absent"), (&registered[2], "excused")] {
        let path = format!("{}/marks/{slot}", one(registration));
        let said = json!({"mark": mark, "reason": "danh sách giấy"});
        world.organiser.put(&path, &said).assert(200);
    }
    world.app.clock.advance(TimeDelta::minutes(180));
    world.organiser = world.app.persona(Role::Organiser);
    let session = world.act(&session, "complete", &json!({"acknowledge_missing": true}));
    (world, session)
}

#[test]
fn the_sheet_to_sign_lists_who_is_expected_by_given_name() {
    let world = World::new();
    let mut body = world.body(48);
    body["slots"] = json!([world.slot(48, 2), world.slot(52, 2)]);
    let session = world.publish(&body);
    for name in ["Nguyễn Thị Đào", "Trần Văn Bình"] {
        world.register(&session, name);
    }
    let odd = json!({"attendee": {"full_name": "Lê <An> & Con"}});
    world
        .organiser
        .post(&registrations(&session), &odd)
        .assert(201);
    let gone = world.register(&session, "Phạm Vắng");
    let cancel = format!("{}/cancel", one(&gone));
    world.organiser.act(&cancel).assert(200);
    let mut family = person("Vũ Thị Gia Đình");
    family["audience"] = json!("family");
    family["phone"] = json!("0901234567");
    let private = "chuyện riêng";
    let mut officer = person("Hoàng Công Chức");
    officer["phone"] = json!("0907654321");
    for one in [family, officer] {
        let body = json!({"attendee": one, "note": private});
        world
            .organiser
            .post(&registrations(&session), &body)
            .assert(201);
    }
    let text = world
        .organiser
        .get(&path(&session, "sign-in-sheet.docx"))
        .docx();
    let at = |words: &str| text.find(words).unwrap_or_else(|| panic!("no {words}"));
    assert!(
        at("Trần Văn Bình") < at("Hoàng Công Chức"),
        "Bình before Chức"
    );
    assert!(at("Hoàng Công Chức") < at("Lê &lt;An&gt; &amp; Con"));
    assert!(at("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM") < at("DANH SÁCH ĐIỂM DANH"));
    assert!(text.contains("Ký tên buổi 1") && text.contains("Ký tên buổi 2"));
    assert!(!text.contains("Phạm Vắng"), "the cancelled sign nothing");
    assert!(text.contains("0907654321"));
    assert!(!text.contains(private), "everybody who signs reads it");
    assert!(
        !text.contains("0901234567"),
        "a family's phone goes round the table"
    );
    assert_eq!(text.matches("<w:tblHeader").count(), 1);
    assert!(text.contains("w:orient=\"landscape\""));
}

#[test]
fn an_invitation_is_to_someone_or_to_a_line() {
    let world = World::new();
    let session = world.publish(&world.body(48));
    let mut guest = person("Nguyễn Thị Đào");
    guest["sex"] = json!("female");
    guest["position"] = json!("Tổ trưởng");
    guest["organisation"] = json!("Tổ dân phố số 5");
    let body = json!({"attendee": guest});
    let registered = world
        .organiser
        .post(&registrations(&session), &body)
        .assert(201)
        .json();
    let change = json!({"document": {"issuer": ["Ủy ban nhân dân", "Phường Lê Chân"],
        "place": "Phường Lê Chân", "signed_as": ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH"]}});
    let administrator = world.app.persona(Role::Administrator);
    let office = administrator.get("/office").assert(200);
    let etag = office.header("etag").to_owned();
    administrator
        .with("If-Match", &etag)
        .patch("/office", &change)
        .assert(200);
    let file = path(&session, "invitation.docx");
    let open = world.organiser.get(&file).docx();
    assert!(open.contains("GIẤY MỜI") && !open.contains("Nguyễn Thị Đào"));
    let named_path = format!("{file}?registration_id={}", id(&registered));
    let named = world.organiser.get(&named_path).docx();
    for words in [
        "Nguyễn Thị Đào",
        "Bà: ",
        "Tổ trưởng, Tổ dân phố số 5",
        "/GM-UBND",
        "PHƯỜNG LÊ CHÂN",
        "KT. CHỦ TỊCH",
    ] {
        assert!(named.contains(words), "no {words}");
    }
    world.register(&session, "Lê Anh");
    let everybody = format!("{file}?everybody=true");
    let letters = world.organiser.get(&everybody).docx();
    assert_eq!(letters.matches("GIẤY MỜI").count(), 2);
    assert!(letters.contains("Bà: ") && letters.contains("Lê Anh"));
    let both = format!("{named_path}&everybody=true");
    let both = world.organiser.get(&both).assert(422);
    both.violates("everybody", "one-of");
    let foreign = format!("{file}?registration_id={}", id(&session));
    world.organiser.get(&foreign).assert(404);
    let no = format!("{}/cancel", one(&registered));
    world.organiser.act(&no).assert(200);
    let refused = world.organiser.get(&named_path).assert(409);
    assert_eq!(
        refused.problem("action-not-allowed")["current"],
        "cancelled"
    );
    world.act(&session, "cancel", &json!({"reason": "mưa bão"}));
    let refused = world.organiser.get(&file).assert(409);
    assert_eq!(refused.problem("action-not-allowed")["action"], "invite");
}

#[test]
fn a_letter_to_a_family_says_no_more_than_its_mails() {
    let world = World::new();
    let mut body = world.body(48);
    body["mail_title"] = json!("Ngày hội gia đình");
    body["description"] = json!("Thủ tục cho con làm con nuôi nước ngoài");
    body["slots"][0]["title"] = json!("Tư vấn nuôi con nuôi");
    let session = world.publish(&body);
    let mut family = person("Vũ Thị Mẹ");
    family["audience"] = json!("family");
    let family = json!({"attendee": family});
    let list = registrations(&session);
    let family = world.organiser.post(&list, &family).assert(201).json();
    let file = path(&session, "invitation.docx");
    let one = format!("{file}?registration_id={}", id(&family));
    let letter = world.organiser.get(&one).docx();
    assert!(letter.contains("Ngày hội gia đình") && letter.contains("Vũ Thị Mẹ"));
    for secret in ["nuôi", "tập huấn", "cử người đi thay"] {
        assert!(!letter.contains(secret), "a family reads {secret}");
    }
    world.register(&session, "Hoàng Công Chức");
    let letters = world.organiser.get(&format!("{file}?everybody=true"));
    let letters = letters.docx();
    for words in ["Ngày hội gia đình", "cử người đi thay", "(Tư vấn nuôi"] {
        assert_eq!(letters.matches(words).count(), 1, "{words}");
    }
    // With no title of its own a session is what the office calls one.
    let session = world.publish(&world.body(72));
    let list = registrations(&session);
    let body = json!({"attendee_id": family["attendee"]["id"]});
    let again = world.organiser.post(&list, &body).assert(201).json();
    let file = path(&session, "invitation.docx");
    let one = format!("{file}?registration_id={}", id(&again));
    let letter = world.organiser.get(&one).docx();
    assert!(letter.contains("Tới dự: </w:t>") && letter.contains("Buổi gặp mặt tại"));
    assert!(!letter.contains("nuôi con nuôi"));
}

#[test]
fn the_report_of_what_was_held_has_its_figures() {
    let (world, session) = held();
    let text = world.organiser.get(&path(&session, "report.docx")).docx();
    for words in [
        "/BC-UBND",
        "Số người phải có mặt: 3; có mặt: 1 (đạt 33,3%); vắng có phép: 1; vắng không phép: 1",
        "kể cả người chưa đủ thời gian: 1.",
        "Theo giới tính",
    ] {
        assert!(text.contains(words), "no {words}");
    }
    let draft = world
        .organiser
        .post("/training-sessions", &world.body(48))
        .assert(201)
        .json();
    let refused = world
        .organiser
        .get(&path(&draft, "report.docx"))
        .assert(409);
    assert_eq!(refused.problem("action-not-allowed")["action"], "report");
}

#[test]
fn the_workbook_counts_what_the_api_counts() {
    let (world, session) = held();
    let reply = world
        .organiser
        .with("Accept-Language", "en")
        .get(&path(&session, "attendance.xlsx"))
        .assert(200);
    let name = reply.header("content-disposition").to_owned();
    assert!(name.contains("diem-danh.xlsx"), "{name}");
    let mut book = calamine::Xlsx::new(Cursor::new(reply.body)).unwrap();
    is_the_list(&book.worksheet_range("List").unwrap());
    let counts = book.worksheet_range("Counts").unwrap();
    let header = row_of(&counts, "By");
    let titles: Vec<String> = counts
        .rows()
        .nth(header)
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect();
    let names = [
        ("Expected", "expected"),
        ("Present", "present"),
        ("Absent", "absent"),
        ("Excused", "excused"),
        ("Slot attendances", "slot_attendances"),
        ("Presence (%)", "presence_percent"),
    ];
    let equal = |row: &[Data], told: &Value| {
        for (title, key) in names {
            let at = titles.iter().position(|known| known == title).unwrap();
            assert_eq!(row[at], Data::Float(told[key].as_f64().unwrap()), "{title}");
        }
    };
    equal(
        counts.rows().nth(header + 1).unwrap(),
        &world.total(&session),
    );
    for group_by in ["sex", "audience", "agency", "age_band"] {
        let by = path(&session, &format!("attendance-counts?group_by={group_by}"));
        let told = world
            .organiser
            .with("Accept-Language", "en")
            .get(&by)
            .assert(200)
            .json();
        for one in told["rows"].as_array().unwrap() {
            let label = one["label"].as_str().unwrap();
            let found = counts.rows().find(|row| row[1] == label).unwrap();
            equal(found, one);
        }
    }
}

/// The list has numbers and times one can reckon with.
fn is_the_list(list: &calamine::Range<Data>) {
    let header = row_of(list, "No");
    let column = |title: &str| {
        let cells = list.rows().nth(header).unwrap();
        cells.iter().position(|cell| cell == title).unwrap()
    };
    let third = list.rows().nth(header + 3).unwrap();
    assert_eq!(third[column("No")], Data::Float(3.0));
    assert_eq!(third[column("Full name")], "Nguyễn Thị Đào");
    assert_eq!(third[column("Result")], "Present");
    assert!(third[column("Came at")].is_datetime(), "{third:?}");
    assert_eq!(list.rows().count(), header + 4);
}

fn row_of(range: &calamine::Range<Data>, title: &str) -> usize {
    range.rows().position(|row| row[0] == title).unwrap()
}

#[test]
fn whoever_takes_a_list_of_names_away_is_on_record() {
    let (world, session) = held();
    let files = ["attendance.csv", "attendance.xlsx", "sign-in-sheet.docx"];
    for file in files {
        world.organiser.get(&path(&session, file)).assert(200);
    }
    let auditor = world.app.persona(Role::Auditor);
    let rows = auditor.get("/audit-events?action=attendance.export");
    let rows = rows.assert(200).json()["items"].clone();
    let mut forms: Vec<String> = Vec::new();
    for row in rows.as_array().unwrap() {
        assert_eq!(row["object_id"], session["id"]);
        assert_eq!(row["facts"]["people"], json!(3));
        forms.push(row["facts"]["form"].as_str().unwrap().to_owned());
    }
    forms.sort();
    assert_eq!(forms, ["csv", "sign-in-sheet", "xlsx"]);
}
