//! What a report counts, and what the public may read of it.

use chrono::TimeDelta;
use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::{Ward, number};
use crate::support::process::{command, private_folder};
use crate::training::World;

fn amount(content: &Value, section: &str, of: (&str, Value), measure: &str) -> Value {
    let rows = content["rows"].as_array().unwrap();
    let mut found = rows.iter().filter(|row| {
        row["section"] == section
            && row["dimension"] == of.0
            && row["key"] == of.1
            && row["measure"] == measure
    });
    let row = found
        .next()
        .unwrap_or_else(|| panic!("{section} {of:?} {measure}"));
    assert!(found.next().is_none());
    row["amount"].clone()
}

#[test]
fn a_report_counts_what_was_held_and_freezes_it() {
    let world = World::new();
    let mut body = world.body(1);
    body["slots"] = json!([world.slot(1, 1)]);
    let session = world.publish(&body);
    let who = world.register(&session, "Nguyễn Thị Đào");
    world.app.clock.advance(TimeDelta::hours(3));
    let organiser = world.app.persona(Role::Organiser);
    let slot = &session["slots"][0]["id"];
    let row = json!({"row": "1", "registration_id": who["id"], "marks": [{"slot": slot, "mark": "present"}]});
    let one = format!("/training-sessions/{}", session["id"].as_str().unwrap());
    organiser
        .put(&format!("{one}/attendance"), &json!({"rows": [row]}))
        .assert(200);
    organiser
        .post(&format!("{one}/complete"), &json!({}))
        .assert(200);
    world.app.clock.advance(TimeDelta::days(229));
    let ward = Ward {
        reporter: world.app.persona(Role::Reporter),
        other: world.app.persona(Role::Reporter),
        app: world.app,
    };
    let issued = ward.issued();
    let read = || {
        ward.reporter
            .get("/reports/annual/2026/content")
            .assert(200)
            .json()
    };
    let content = read();
    let total = ("total", Value::Null);
    assert_eq!(
        amount(&content, "training", total.clone(), "sessions_completed"),
        1
    );
    assert_eq!(amount(&content, "training", total, "distinct_people"), 1);
    let task = ("plan_task", session["plan_task"].clone());
    assert_eq!(amount(&content, "training", task, "slot_attendances"), 1);
    // A late correction changes what the sessions count, and not what was issued.
    let organiser = ward.app.persona(Role::Organiser);
    organiser
        .post(
            &format!("{one}/reopen"),
            &json!({"reason": "Sửa điểm danh"}),
        )
        .assert(200);
    let later = read();
    assert_eq!(later["has_moved"], true);
    assert_eq!(later["rows"], content["rows"]);
    assert_eq!(later["seal"], issued["seal"]);
    let csv = ward
        .reporter
        .get("/reports/annual/2026/report.csv")
        .assert(200);
    let text = String::from_utf8(csv.body).unwrap();
    assert!(
        text.contains("training,total,,Tổng số,sessions_completed,1"),
        "{text}"
    );
    let book = ward
        .reporter
        .get("/reports/annual/2026/report.xlsx")
        .assert(200);
    assert!(
        book.header("content-disposition")
            .contains("bao-cao-nam-2026.xlsx")
    );
    let paper = ward.reporter.get("/reports/annual/2026/report.docx").docx();
    for told in ["BÁO CÁO", "15/BC-UBND", "Đã tổ chức 1 buổi", "PHỤ LỤC"] {
        assert!(paper.contains(told), "{told}");
    }
    assert!(!paper.contains("DỰ THẢO"));
}

#[test]
fn a_draft_says_that_it_is_one() {
    let ward = Ward::in_october();
    ward.consolidated();
    let paper = ward.reporter.get("/reports/annual/2026/report.docx").docx();
    assert!(paper.contains("DỰ THẢO"));
    let seen = ward
        .reporter
        .get("/reports/annual/2026/content")
        .assert(200)
        .json();
    assert_eq!(seen["is_frozen"], false);
    ward.other.act("/reports/annual/2026/approve").assert(200);
    ward.step(&ward.reporter, "issue", &number("15/BC-UBND"));
}

#[test]
fn the_public_reads_no_small_number_of_families() {
    let ward = Ward::in_october();
    // On the last day that counts.
    ward.app.clock.advance(TimeDelta::days(-1));
    crate::legal_aid::Story::begin(&ward.app);
    ward.app.clock.advance(TimeDelta::days(1));
    ward.consolidated();
    let read = |query: &str| {
        let path = format!("/reports/annual/2026/content{query}");
        ward.reporter.get(&path).assert(200).json()
    };
    let total = ("total", Value::Null);
    assert_eq!(amount(&read(""), "legal_aid", total.clone(), "received"), 1);
    let public = read("?public=true");
    assert_eq!(amount(&public, "legal_aid", total, "received"), Value::Null);
    for row in public["rows"].as_array().unwrap() {
        let is_small = row["amount"]
            .as_f64()
            .is_some_and(|one| one > 0.0 && one < 5.0);
        assert!(!is_small || row["section"] == "training", "{row}");
    }
    let csv = ward
        .reporter
        .get("/reports/annual/2026/report.csv?public=true")
        .assert(200);
    let text = String::from_utf8(csv.body).unwrap();
    assert!(
        text.contains("legal_aid,total,,Tổng số,received,\r\n"),
        "{text}"
    );
    let log = ward
        .app
        .persona(Role::Auditor)
        .get("/audit-events?limit=5")
        .assert(200)
        .json();
    assert_eq!(log["items"][0]["action"], "report.export", "{log}");
}

#[test]
fn the_command_line_writes_the_years_report() {
    let ward = Ward::in_october();
    ward.issued();
    let folder = private_folder();
    let file = folder.path().join("bao-cao.docx");
    let words = ["report", "annual", "2026", "--docx", file.to_str().unwrap()];
    let ended = command(&ward.app, folder.path(), &words).output().unwrap();
    let said = String::from_utf8(ended.stdout).unwrap();
    assert_eq!(said, "the report 15/BC-UBND is written\n");
    assert!(std::fs::read(&file).unwrap().starts_with(b"PK"));
    // What is there is not written over.
    let again = command(&ward.app, folder.path(), &words).output().unwrap();
    assert!(!again.status.success());
    let draft = folder.path().join("du-thao.docx");
    let words = [
        "report",
        "annual",
        "2019",
        "--docx",
        draft.to_str().unwrap(),
    ];
    let none = command(&ward.app, folder.path(), &words).output().unwrap();
    assert!(!none.status.success() && !draft.exists());
}
