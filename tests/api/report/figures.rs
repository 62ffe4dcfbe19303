//! What a report counts, and what the public may read of it.

use chrono::TimeDelta;
use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::{Ward, number, step};
use crate::support::process::{command, private_folder};
use crate::training::World;

fn amount(content: &Value, section: &str, of: (&str, &Value), measure: &str) -> Value {
    let rows = content["rows"].as_array().unwrap();
    let mut found = rows.iter().filter(|row| {
        row["section"] == section
            && row["dimension"] == of.0
            && row["key"] == *of.1
            && row["measure"] == measure
    });
    let row = found
        .next()
        .unwrap_or_else(|| panic!("{section} {of:?} {measure}"));
    assert!(found.next().is_none());
    row["amount"].clone()
}

/// A ward in October that held a session in March, and the session.
fn having_held() -> (Ward, Value) {
    let world = World::new();
    let mut body = world.body(1);
    body["slots"] = json!([world.slot(1, 1)]);
    let session = world.publish(&body);
    let who = world.register(&session, "Nguyễn Thị Đào");
    world.app.clock.advance(TimeDelta::hours(3));
    let organiser = world.app.persona(Role::Organiser);
    let slot = &session["slots"][0]["id"];
    let marks = json!([{"slot": slot, "mark": "present"}]);
    let row = json!({"row": "1", "registration_id": who["id"], "marks": marks});
    let sheet = format!("{}/attendance", one(&session));
    organiser.put(&sheet, &json!({"rows": [row]})).assert(200);
    let complete = format!("{}/complete", one(&session));
    organiser.post(&complete, &json!({})).assert(200);
    world.app.clock.advance(TimeDelta::days(229));
    let ward = Ward {
        reporter: world.app.persona(Role::Reporter),
        other: world.app.persona(Role::Reporter),
        app: world.app,
    };
    (ward, session)
}

fn one(session: &Value) -> String {
    format!("/training-sessions/{}", session["id"].as_str().unwrap())
}

fn content(ward: &Ward, query: &str) -> Value {
    let path = format!("/reports/annual/2026/content{query}");
    ward.reporter.get(&path).assert(200).json()
}

#[test]
fn a_report_counts_what_was_held_and_freezes_it() {
    let (ward, session) = having_held();
    let issued = ward.issued();
    let then = content(&ward, "");
    let total = ("total", &Value::Null);
    assert_eq!(amount(&then, "training", total, "sessions_completed"), 1);
    assert_eq!(amount(&then, "training", total, "distinct_people"), 1);
    let task = ("plan_task", &session["plan_task"]);
    assert_eq!(amount(&then, "training", task, "slot_attendances"), 1);
    // A late correction changes what the sessions count, and not what was issued.
    let organiser = ward.app.persona(Role::Organiser);
    let reason = json!({"reason": "Sửa điểm danh"});
    let reopen = format!("{}/reopen", one(&session));
    organiser.post(&reopen, &reason).assert(200);
    let later = content(&ward, "");
    assert_eq!(
        (&then["has_moved"], &later["has_moved"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(later["rows"], then["rows"]);
    assert_eq!(later["seal"], issued["seal"]);
}

#[test]
fn every_form_of_a_report_says_the_same() {
    let (ward, _) = having_held();
    ward.issued();
    let one = "/reports/annual/2026";
    let csv = ward.reporter.get(&format!("{one}/report.csv")).assert(200);
    let text = String::from_utf8(csv.body).unwrap();
    let line = "training,total,,Tổng số,sessions_completed,1";
    assert!(text.contains(line), "{text}");
    let book = ward.reporter.get(&format!("{one}/report.xlsx")).assert(200);
    let name = book.header("content-disposition");
    assert!(name.contains("bao-cao-nam-2026.xlsx"), "{name}");
    let paper = ward.reporter.get(&format!("{one}/report.docx")).docx();
    for told in [
        "BÁO CÁO",
        "15/BC-UBND",
        "Đã tổ chức 1 buổi",
        "PHỤ LỤC",
        "Phạm Việt Anh",
    ] {
        assert!(paper.contains(told), "{told}");
    }
    assert!(!paper.contains("DỰ THẢO"));
}

#[test]
fn coverage_tells_what_was_held_and_what_is_missing_of_whom() {
    let (ward, session) = having_held();
    let code = session["plan_task"].as_str().unwrap();
    let read = |code: &str| {
        let path = format!("/plan/tasks/{code}/coverage?year=2026");
        ward.reporter.get(&path).assert(200).json()
    };
    let covered = read(code);
    assert_eq!(covered["sessions"]["held"], 1);
    assert_eq!(covered["sessions"]["distinct_people"], 1);
    let missing = covered["products_missing"].as_array().unwrap();
    assert!(
        missing.iter().all(|one| one["owed_by"].is_string()),
        "{covered}"
    );
    // A product of the session counts in its year, whenever it is entered.
    let product = json!({
        "kind": "training_report", "title": "Báo cáo", "plan_task": code, "recipients": [],
        "session_id": session["id"], "agency_id": ward.agency("POLICE"),
    });
    let product = ward.reporter.post("/products", &product).assert(201).json();
    assert_eq!(product["report_year"], 2026);
    let being_written = &read(code)["products_in_progress"][0];
    assert_eq!(being_written["id"], product["id"]);
    let days = format!("/plan/tasks/{code}/coverage?from=2026-04-01&to=2026-04-30");
    let april = ward.reporter.get(&days).assert(200).json();
    assert_eq!(april["sessions"]["held"], 0);
    ward.reporter
        .get("/plan/tasks/99/coverage?year=2026")
        .assert(404);
    let both = format!("/plan/tasks/{code}/coverage?year=2026&from=2026-04-01");
    ward.reporter.get(&both).violates("year", "one-of");
}

#[test]
fn what_is_filed_settles_what_the_plan_asks_for() {
    let ward = Ward::in_october();
    let status = || {
        let owed = ward.other.get("/obligations/annual_report-2026");
        owed.assert(200).json()["status"].clone()
    };
    assert_eq!(status(), "due_soon");
    ward.issued();
    assert_eq!(status(), "due_soon");
    step(&ward.reporter, "file", &json!({"way": "e_document"}));
    assert_eq!(status(), "filed");
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
    step(&ward.reporter, "issue", &number("15/BC-UBND"));
}

#[test]
fn the_public_reads_no_small_number_of_families() {
    let ward = Ward::in_october();
    // On the last day that counts.
    ward.app.clock.advance(TimeDelta::days(-1));
    crate::legal_aid::Story::begin(&ward.app);
    ward.app.clock.advance(TimeDelta::days(1));
    ward.consolidated();
    let total = ("total", &Value::Null);
    let exact = content(&ward, "");
    assert_eq!(amount(&exact, "legal_aid", total, "received"), 1);
    let public = content(&ward, "?public=true");
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

#[test]
fn what_is_due_in_another_year_is_not_missing_yet() {
    let ward = Ward::in_october();
    let missing = |year: i32| {
        let path = format!("/plan/tasks/8/coverage?year={year}");
        let covered = ward.reporter.get(&path).assert(200).json();
        covered["products_missing"].clone()
    };
    assert_eq!(missing(2026), json!([]));
    assert_eq!(missing(2030)[0]["kind"], "summary_report");
}

#[test]
fn the_paper_that_is_signed_has_no_form_for_the_public() {
    let ward = Ward::in_october();
    ward.consolidated();
    let paper = "/reports/annual/2026/report.docx?public=true";
    ward.reporter.get(paper).violates("public", "wrong-shape");
}

#[test]
fn what_is_counted_by_hand_is_in_every_form() {
    let ward = Ward::in_october();
    let agency = ward.agency("HEALTH");
    let indicator = json!({
        "kind": "leaflets", "title_vi": "Tờ rơi đã phát", "title_en": "Leaflets",
        "unit_vi": "tờ", "unit_en": "copies", "agency_id": agency,
    });
    let all = "/plan/tasks/2a";
    let indicator = ward.reporter.post(&format!("{all}/indicators"), &indicator);
    let figure = json!({
        "indicator_id": indicator.assert(201).id(), "from": "2026-02-01", "to": "2026-02-28",
        "amount": 775, "source_document": "12/BC-TYT",
    });
    ward.reporter
        .post(&format!("{all}/figures"), &figure)
        .assert(201);
    ward.issued();
    let csv = ward
        .reporter
        .get("/reports/annual/2026/report.csv")
        .assert(200);
    let text = String::from_utf8(csv.body).unwrap();
    assert!(
        text.contains("figure,plan_task,2a,Tờ rơi đã phát,tờ,775"),
        "{text}"
    );
    let content = content(&ward, "");
    assert_eq!(content["figures"][0]["amount"], 775);
    assert_eq!(content["has_moved"], false);
    let later = json!({
        "indicator_id": figure["indicator_id"], "from": "2026-03-01", "to": "2026-03-31",
        "amount": 5, "source_document": "13/BC-TYT",
    });
    ward.reporter
        .post(&format!("{all}/figures"), &later)
        .assert(201);
    let moved = ward
        .reporter
        .get("/reports/annual/2026/content")
        .assert(200)
        .json();
    assert_eq!(moved["has_moved"], true);
}
