//! A report from its first day to its second edition.

use chrono::TimeDelta;
use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::{Ward, number, step, with_plan};
use crate::support::TestApp;

const ONE: &str = "/reports/annual/2026";

fn actions(report: &Value) -> Vec<&str> {
    let actions = report["allowed_actions"].as_array().unwrap();
    actions.iter().map(|one| one.as_str().unwrap()).collect()
}

#[test]
fn a_report_goes_from_building_to_filed() {
    let ward = Ward::in_october();
    let begun = json!({"year": 2026});
    let begun = ward.reporter.post("/reports/annual", &begun).assert(201);
    assert_eq!(begun.header("location"), "/api/v1/reports/annual/2026");
    let report = begun.json();
    assert_eq!(report["status"], "building");
    assert_eq!(report["from"], "2026-01-01");
    assert_eq!(report["to"], "2026-10-15");
    assert_eq!(
        report["recipients"],
        json!(["Sở Tư pháp thành phố Hải Phòng"])
    );
    assert_eq!(actions(&report), ["edit", "request-contributions"]);
    let asked = json!({"agencies": [], "due_on": "2026-10-20"});
    let report = step(&ward.reporter, "request-contributions", &asked);
    assert_eq!(report["status"], "contributions_requested");
    let report = step(&ward.reporter, "consolidate", &json!({}));
    // Another reporter is there, so nobody approves their own.
    assert_eq!(actions(&report), ["edit", "return-for-changes"]);
    let own = ward.reporter.act("/reports/annual/2026/approve");
    own.assert(409).problem("own-approval");
    let items = ward.other.get("/work-items?done=false").assert(200).json();
    assert_eq!(items["items"][0]["kind"], "report-to-approve");
    ward.other.act("/reports/annual/2026/approve").assert(200);
    let items = ward.other.get("/work-items?done=false").assert(200).json();
    assert_eq!(items["items"], json!([]));
    let report = step(&ward.reporter, "issue", &number("15/BC-UBND"));
    assert_eq!(report["status"], "issued");
    assert_eq!(report["seal"]["sha256"].as_str().unwrap().len(), 64);
    let report = step(&ward.reporter, "file", &json!({"way": "e_document"}));
    assert_eq!(report["status"], "filed");
    assert_eq!(actions(&report), ["revise"]);
    let listed = ward
        .reporter
        .get("/reports/annual?include=total")
        .assert(200)
        .json();
    assert_eq!(listed["total"], 1);
    assert_eq!(listed["items"][0]["number"], "15/BC-UBND");
}

#[test]
fn a_step_out_of_turn_is_refused_with_those_that_are_not() {
    let ward = Ward::in_october();
    ward.consolidated();
    let refused = ward
        .reporter
        .post("/reports/annual/2026/issue", &number("1/BC"));
    let refused = refused.assert(409).problem("action-not-allowed");
    assert_eq!(refused["current"], "consolidated");
    assert_eq!(refused["action"], "issue");
    assert_eq!(
        refused["allowed_actions"],
        json!(["edit", "approve", "return-for-changes"])
    );
    let again = ward
        .reporter
        .post("/reports/annual", &json!({"year": 2026}));
    again.assert(409).problem("report-exists");
    for year in [2025, 2028, 0] {
        let none = ward
            .reporter
            .post("/reports/annual", &json!({"year": year}));
        none.assert(422).violates("/year", "out-of-range");
    }
    let none = ward
        .reporter
        .post("/reports/summary", &json!({"year": 2027}));
    none.assert(422).violates("/year", "out-of-range");
    let reason = json!({"reason": "Thiếu số liệu"});
    let back = step(&ward.other, "return-for-changes", &reason);
    assert_eq!(back["status"], "contributions_requested");
    assert_eq!(back["returned_reason"], "Thiếu số liệu");
    assert_eq!(back["consolidated"], Value::Null);
}

#[test]
fn what_is_issued_stays_as_it_was_and_a_change_is_another_edition() {
    let ward = Ward::in_october();
    let issued = ward.issued();
    let content = ward
        .reporter
        .get("/reports/annual/2026/content")
        .assert(200)
        .json();
    assert_eq!(content["is_frozen"], true);
    assert_eq!(content["has_moved"], false);
    assert_eq!(content["seal"]["sha256"], issued["seal"]["sha256"]);
    let refused = ward.reporter.having_seen(&ward.reporter.get(ONE));
    let refused = refused
        .patch(ONE, &json!({"proposals": "Muộn"}))
        .assert(409);
    refused.problem("action-not-allowed");
    let reason = json!({"reason": "Bổ sung buổi tháng 9"});
    let next = ward
        .reporter
        .post("/reports/annual/2026/revise", &reason)
        .assert(201)
        .json();
    assert_eq!(
        (&next["edition"], &next["status"]),
        (&json!(2), &json!("building"))
    );
    assert_eq!(next["edition_reason"], "Bổ sung buổi tháng 9");
    assert_eq!(next["number"], Value::Null);
    let first = ward
        .reporter
        .get("/reports/annual/2026?edition=1")
        .assert(200)
        .json();
    assert_eq!(
        (&first["status"], &first["allowed_actions"]),
        (&json!("issued"), &json!([]))
    );
    assert_eq!(first["seal"], issued["seal"]);
    ward.reporter
        .get("/reports/annual/2026?edition=3")
        .assert(404);
    ward.reporter
        .get("/reports/annual/2026?edition=0")
        .violates("edition", "out-of-range");
    ward.reporter.get("/reports/annual/26").assert(404);
}

#[test]
fn a_report_is_not_issued_before_its_last_day_is_over() {
    let mut ward = Ward::in_october();
    ward.app.clock.advance(TimeDelta::days(-1));
    (ward.reporter, ward.other) = (
        ward.app.persona(Role::Reporter),
        ward.app.persona(Role::Reporter),
    );
    ward.consolidated();
    let approved = ward
        .other
        .act("/reports/annual/2026/approve")
        .assert(200)
        .json();
    assert_eq!(actions(&approved), ["return-for-changes"]);
    let early = ward
        .reporter
        .post("/reports/annual/2026/issue", &number("1/BC"));
    early.assert(409).problem("period-not-over");
}

#[test]
fn every_broken_rule_of_an_issue_is_told() {
    let ward = Ward::in_october();
    ward.consolidated();
    ward.other.act("/reports/annual/2026/approve").assert(200);
    let body = json!({
        "number": " ", "dated_on": "2026-10-16", "signer": "a\u{202E}b", "recipients": [],
    });
    let refused = ward
        .reporter
        .post("/reports/annual/2026/issue", &body)
        .assert(422);
    refused.violates("/number", "required");
    refused.violates("/signer", "forbidden-character");
    refused.violates("/recipients", "required");
    let mut late = number("1/BC");
    late["dated_on"] = json!("2026-10-17");
    let late = ward
        .reporter
        .post("/reports/annual/2026/issue", &late)
        .assert(422);
    late.violates("/dated_on", "in-the-future");
    step(&ward.reporter, "issue", &number("1/BC"));
    let early = json!({"way": "post", "filed_at": "2026-10-15T10:00:00+07:00"});
    let early = ward
        .reporter
        .post("/reports/annual/2026/file", &early)
        .assert(422);
    early.violates("/filed_at", "order-invalid");
}

#[test]
fn what_is_written_is_edited_by_who_saw_it_last() {
    let ward = Ward::in_october();
    ward.reporter
        .post("/reports/annual", &json!({"year": 2026}))
        .assert(201);
    let seen = ward.reporter.get(ONE).assert(200);
    ward.reporter.patch(ONE, &json!({})).assert(428);
    let by = ward.reporter.having_seen(&seen);
    let change = json!({"situation": "Đã ban hành kế hoạch.", "recipients": ["Sở Tư pháp"]});
    let written = by.patch(ONE, &change).assert(200).json();
    assert_eq!(written["version"], 2);
    assert_eq!(written["texts"]["situation"], "Đã ban hành kế hoạch.");
    by.patch(ONE, &json!({"situation": null})).assert(412);
    let by = ward.reporter.having_seen(&ward.reporter.get(ONE));
    // The same again moves no version.
    assert_eq!(by.patch(ONE, &change).assert(200).json()["version"], 2);
    let cleared = by
        .patch(ONE, &json!({"situation": null}))
        .assert(200)
        .json();
    assert_eq!(cleared["texts"]["situation"], Value::Null);
    let long = json!({"situation": "a".repeat(20_001)});
    by.patch(ONE, &long)
        .assert(422)
        .violates("/situation", "too-long");
}

#[test]
fn two_who_begin_at_once_begin_one_report() {
    let ward = Ward::in_october();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let begin = || {
            let reply = ward
                .reporter
                .post("/reports/annual", &json!({"year": 2026}));
            reply.status
        };
        let threads: Vec<_> = (0..6).map(|_| scope.spawn(begin)).collect();
        threads.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let made = statuses.iter().filter(|status| **status == 201).count();
    assert_eq!(made, 1, "{statuses:?}");
    assert!(
        statuses.iter().all(|status| [201, 409].contains(status)),
        "{statuses:?}"
    );
}

#[test]
fn figures_are_for_those_who_report_and_supervise() {
    let ward = Ward::in_october();
    ward.issued();
    let content = "/reports/annual/2026/content";
    for role in [Role::Organiser, Role::Administrator, Role::Contributor] {
        let client = ward.app.persona(role);
        client.get(ONE).assert(200);
        client.get(content).assert(403);
        client.get("/reports/annual/2026/report.csv").assert(403);
    }
    for role in [
        Role::Counsellor,
        Role::LegalAidIntake,
        Role::Auditor,
        Role::Family,
    ] {
        ward.app.persona(role).get(ONE).assert(403);
    }
    ward.app.persona(Role::Supervisor).get(content).assert(200);
    let far = ward.app.add_office("XA");
    let stranger = ward.app.persona_of(far, &[Role::Reporter]);
    stranger.get(ONE).assert(404);
    stranger.act("/reports/annual/2026/approve").assert(404);
}

#[test]
fn the_summary_is_owed_to_two_and_counts_all_years() {
    let app = TestApp::new();
    with_plan(&app);
    app.clock.advance(TimeDelta::days(365 * 4 + 300));
    let reporter = app.persona(Role::Reporter);
    let summary = reporter
        .post("/reports/summary", &json!({"year": 2030}))
        .assert(201);
    let summary = summary.json();
    assert_eq!(
        (&summary["from"], &summary["to"]),
        (&json!("2026-01-01"), &json!("2030-10-15"))
    );
    assert_eq!(summary["recipients"].as_array().unwrap().len(), 2);
    let asked = json!({"agencies": [], "due_on": "2030-12-30"});
    let path = "/reports/summary/2030";
    reporter
        .post(&format!("{path}/request-contributions"), &asked)
        .assert(200);
    reporter
        .post(&format!("{path}/consolidate"), &json!({}))
        .assert(200);
    // One person alone reports: nothing is late for want of a second.
    reporter.act(&format!("{path}/approve")).assert(200);
    reporter.get("/reports/annual/2030").assert(404);
}
