//! Agencies' parts of a report, and a report's files.

use serde_json::{Value, json};

use super::{Ward, number, step};
use crate::legal_aid::papers::{PDF, send};
use crate::support::Client;

/// Asks every agency of the ward.
fn asked(ward: &Ward) -> Value {
    ward.reporter
        .post("/reports/annual", &json!({"year": 2026}))
        .assert(201);
    let due = json!({"due_on": "2026-10-20"});
    step(&ward.reporter, "request-contributions", &due)
}

fn path(agency: &str) -> String {
    format!("/reports/annual/2026/contributions/{agency}")
}

fn write(by: &Client, agency: &str, text: &str) -> Value {
    let seen = by.get(&path(agency)).assert(200);
    let by = by.having_seen(&seen);
    by.patch(&path(agency), &json!({"results": text}))
        .assert(200)
        .json()
}

#[test]
fn an_agency_is_asked_writes_its_part_and_nobody_elses() {
    let ward = Ward::in_october();
    let police = ward.contributor("POLICE");
    let health = ward.contributor("HEALTH");
    let report = asked(&ward);
    // Every one of the ward's own but the office that writes the report.
    assert_eq!(report["contributions"].as_array().unwrap().len(), 5);
    let agency = ward.agency("POLICE");
    ward.app.all_sent();
    let mails = ward.app.mails("contribution_wanted", &police.email);
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].content.values["due_date"], "20/10/2026");
    let empty = police.act(&format!("{}/submit", path(&agency)));
    empty.assert(409).problem("contribution-empty");
    let part = write(&police, &agency, "Đã kiểm tra 3 cơ sở.");
    assert_eq!(part["allowed_actions"], json!(["edit", "submit"]));
    health.get(&path(&agency)).assert(404);
    health.act(&format!("{}/submit", path(&agency))).assert(404);
    let listed = health
        .get("/reports/annual/2026/contributions")
        .assert(200)
        .json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    let shown = health.get("/reports/annual/2026").assert(200).json();
    assert_eq!(shown["contributions"].as_array().unwrap().len(), 1);
    assert_eq!(shown["allowed_actions"], json!([]));
    let part = police
        .act(&format!("{}/submit", path(&agency)))
        .assert(200)
        .json();
    assert_eq!(part["status"], "submitted");
    assert_eq!(part["allowed_actions"], json!([]));
    let again = police.act(&format!("{}/submit", path(&agency)));
    let again = again.assert(409).problem("action-not-allowed");
    assert_eq!(
        (&again["action"], &again["allowed_actions"]),
        (&json!("submit"), &json!([]))
    );
    police.act(&format!("{}/accept", path(&agency))).assert(403);
}

#[test]
fn a_part_is_sent_back_with_a_reason_and_taken_when_it_is_right() {
    let ward = Ward::in_october();
    let police = ward.contributor("POLICE");
    asked(&ward);
    let agency = ward.agency("POLICE");
    write(&police, &agency, "Đã kiểm tra.");
    police.act(&format!("{}/submit", path(&agency))).assert(200);
    let reason = json!({"reason": "Xin nêu rõ số cơ sở."});
    let back = ward
        .reporter
        .post(&format!("{}/return", path(&agency)), &reason);
    assert_eq!(back.assert(200).json()["status"], "returned");
    ward.app.all_sent();
    let mails = ward.app.mails("contribution_returned", &police.email);
    assert_eq!(mails[0].content.values["reason"], "Xin nêu rõ số cơ sở.");
    write(&police, &agency, "Đã kiểm tra 3 cơ sở.");
    police.act(&format!("{}/submit", path(&agency))).assert(200);
    let taken = ward.reporter.act(&format!("{}/accept", path(&agency)));
    assert_eq!(taken.assert(200).json()["status"], "accepted");
    let missing = ward
        .reporter
        .post("/reports/annual/2026/consolidate", &json!({}));
    let missing = missing.assert(409).problem("contributions-missing");
    let mut codes: Vec<&str> = missing["missing_agencies"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one.as_str().unwrap())
        .collect();
    codes.sort_unstable();
    assert_eq!(codes, ["CULTURE", "DIVISIONS", "HEALTH", "RELATED"]);
    let known = json!({"acknowledge_missing": true});
    step(&ward.reporter, "consolidate", &known);
    let shut = police.get(&path(&agency)).assert(200).json();
    assert_eq!(shut["allowed_actions"], json!([]));
    let content = ward
        .reporter
        .get("/reports/annual/2026/content")
        .assert(200)
        .json();
    let parts = content["contributions"].as_array().unwrap();
    let told = parts
        .iter()
        .find(|one| one["agency_id"] == agency.as_str())
        .unwrap();
    assert_eq!(told["texts"]["results"], "Đã kiểm tra 3 cơ sở.");
    // What was accepted is in the next edition, too.
    ward.other.act("/reports/annual/2026/approve").assert(200);
    step(&ward.reporter, "issue", &number("15/BC-UBND"));
    let reason = json!({"reason": "Sửa số liệu"});
    let next = ward
        .reporter
        .post("/reports/annual/2026/revise", &reason)
        .assert(201)
        .json();
    assert_eq!(next["contributions"][0]["status"], "accepted");
}

#[test]
fn a_reporter_writes_for_who_answered_on_paper() {
    let ward = Ward::in_october();
    asked(&ward);
    let agency = ward.agency("CULTURE");
    write(&ward.reporter, &agency, "Theo công văn số 5.");
    ward.reporter
        .act(&format!("{}/submit", path(&agency)))
        .assert(200);
    ward.reporter
        .act(&format!("{}/accept", path(&agency)))
        .assert(200);
    let nobody = json!({"agencies": [uuid::Uuid::nil()], "due_on": "2026-10-21"});
    let nobody = ward
        .reporter
        .post("/reports/annual/2026/request-contributions", &nobody);
    nobody
        .assert(422)
        .violates("/agencies/0", "unknown-reference");
    let late = json!({"due_on": "2026-10-15"});
    let late = ward
        .reporter
        .post("/reports/annual/2026/request-contributions", &late);
    late.assert(422).violates("/due_on", "in-the-past");
}

fn keep(ward: &Ward, kind: &str) -> crate::support::Reply {
    let path = "/reports/annual/2026/files";
    send(
        &ward.reporter,
        path,
        &[("kind", kind)],
        ("báo cáo.pdf", PDF),
    )
}

#[test]
fn the_signed_copy_and_the_proof_are_kept_with_an_issued_report() {
    let ward = Ward::in_october();
    ward.consolidated();
    let early = keep(&ward, "signed")
        .assert(409)
        .problem("action-not-allowed");
    assert_eq!(early["action"], "add-file");
    ward.other.act("/reports/annual/2026/approve").assert(200);
    step(&ward.reporter, "issue", &number("15/BC-UBND"));
    let kept = keep(&ward, "signed").assert(201);
    let file = kept.json();
    assert_eq!(file["kind"], "signed");
    let location = kept.header("location").replace("/api/v1", "");
    let read = ward.reporter.get(&location).assert(200);
    let digest = hai_dang::kernel::token::sha256_hex(&read.body);
    assert_eq!(file["sha256"], digest.as_str());
    let shown = ward.other.get("/reports/annual/2026").assert(200).json();
    assert_eq!(shown["files"][0]["id"], file["id"]);
    let path = format!(
        "/reports/annual/2026/files/{}/remove",
        file["id"].as_str().unwrap()
    );
    ward.reporter.act(&path).assert(204);
    ward.reporter.get(&location).assert(404);
}
