//! What the ward owes: by when, how it stands, who says that it was sent, and who is told.

use chrono::{NaiveDate, TimeDelta};
use diesel::prelude::*;
use hai_dang::db::schema::{messages, users};
use hai_dang::identity::Role;
use hai_dang::identity::actor::OfficeBrief;
use hai_dang::kernel::{AgencyId, OfficeId, Zone};
use hai_dang::office::import::import_plan;
use hai_dang::office::work::Work;
use hai_dang::plan::obligation::{self, ObligationStatus};
use hai_dang::plan::{self, background};
use serde_json::{Value, json};

use crate::support::{Client, TestApp};

/// Brings the ward's plan into an office.
pub(super) fn bring_plan(app: &TestApp, office: OfficeId) {
    let now = app.now();
    app.change(move |conn| import_plan(conn, office, now));
}

/// A service whose office has the plan.
pub(super) fn planned() -> TestApp {
    let app = TestApp::new();
    bring_plan(&app, app.office);
    app
}

/// The id of an agency by its code.
pub(super) fn agency(client: &Client, code: &str) -> String {
    let all = client.get("/agencies?limit=100").assert(200).json();
    let all = all["items"].as_array().unwrap().clone();
    let found = all.iter().find(|agency| agency["code"] == code).unwrap();
    found["id"].as_str().unwrap().to_owned()
}

/// A contributor of an agency.
pub(super) fn contributor(app: &TestApp, agency: &str) -> Client {
    let client = app.persona(Role::Contributor);
    let (user, agency) = (client.id(), AgencyId::parse(agency).unwrap());
    app.change(move |conn| {
        let one = diesel::update(users::table.find(user));
        Ok(one.set(users::agency_id.eq(agency)).execute(conn)?)
    });
    client
}

fn keys(list: &Value) -> Vec<&str> {
    let items = list["items"].as_array().unwrap().iter();
    items.map(|one| one["key"].as_str().unwrap()).collect()
}

fn one(key: &str) -> String {
    format!("/obligations/{key}")
}

fn file(client: &Client, key: &str, filed_at: &str) -> crate::support::Reply {
    let body = json!({"filed_at": filed_at});
    client.post(&format!("/obligations/{key}/file"), &body)
}

/// Goes on to noon of an office day.
fn go_to(app: &TestApp, day: &str) {
    let day: NaiveDate = day.parse().unwrap();
    let noon = Zone::default().start_of(day).plus(TimeDelta::hours(12));
    app.clock.advance(noon.since(app.now()));
}

fn tick(app: &TestApp) {
    background::tick(&app.platform.clone().into_inner()).unwrap();
}

/// What somebody was told of an obligation: the last day it was to be filed by, and whether it is late.
fn told(app: &TestApp, client: &Client, what: &str) -> Vec<bool> {
    let mails = app.mails("obligation_due", &client.email).into_iter();
    let mails = mails.filter(|mail| mail.content.values["what"] == what);
    mails
        .map(|mail| mail.content.values["is_overdue"] == true)
        .collect()
}

#[test]
fn a_list_has_what_is_due_first_before_the_rest() {
    let app = planned();
    let auditor = app.persona(Role::Auditor);
    let list = auditor.get("/obligations?include=total").assert(200).json();
    let found = keys(&list);
    assert_eq!(list["total"], json!(found.len()));
    assert_eq!(
        &found[..9],
        [
            "children_review-2026-1",
            "agency_contribution-2026-CULTURE",
            "agency_contribution-2026-DIVISIONS",
            "agency_contribution-2026-HEALTH",
            "agency_contribution-2026-POLICE",
            "agency_contribution-2026-RELATED",
            "annual_report-2026",
            "children_review-2026-2",
            "yearly_plan-2027-3a",
        ]
    );
    let mut paged = Vec::new();
    let mut path = "/obligations?limit=4".to_owned();
    loop {
        let page = auditor.get(&path).assert(200).json();
        paged.extend(keys(&page).into_iter().map(str::to_owned));
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        path = format!("/obligations?limit=4&cursor={cursor}");
    }
    assert_eq!(paged, found);
    let police = agency(&auditor, "POLICE");
    for (query, wanted) in [
        ("year=2030&kind=summary_report", vec!["summary_report-2030"]),
        (
            "year=2028&kind=children_review",
            vec!["children_review-2028-1", "children_review-2028-2"],
        ),
        (
            &format!("agency={police}"),
            vec![
                "agency_contribution-2026-POLICE",
                "yearly_plan-2027-3b",
                "agency_contribution-2027-POLICE",
            ],
        ),
        ("status=overdue", vec![]),
        ("year=2025", vec![]),
    ] {
        let list = auditor.get(&format!("/obligations?{query}"));
        assert_eq!(keys(&list.assert(200).json()), wanted, "{query}");
    }
    let far = auditor.get("/obligations?year=3000").assert(422);
    far.violates("year", "out-of-range");
    auditor.get("/obligations?khong_co=1").assert(422);
}

#[test]
fn one_says_by_when_for_whom_and_what_says_so() {
    let app = planned();
    let reporter = app.persona(Role::Reporter);
    let annual = reporter.get(&one("annual_report-2026")).assert(200).json();
    assert_eq!(annual["due_at"], "2026-11-04T23:59:59+07:00");
    assert_eq!(annual["file_by"], "2026-11-04");
    assert_eq!(annual["days_left"], 248);
    assert_eq!(annual["status"], "on_track");
    assert_eq!(annual["filing"], Value::Null);
    let period = json!({"from": "2026-01-01", "to": "2026-10-15"});
    assert_eq!(annual["period"], period);
    assert_eq!(annual["owners"][0]["code"], "SECRETARIAT");
    assert_eq!(
        annual["owners"][0]["id"],
        json!(agency(&reporter, "SECRETARIAT"))
    );
    assert_eq!(
        annual["recipients"][0]["name"],
        "Sở Tư pháp thành phố Hải Phòng"
    );
    assert_eq!(annual["day_source"], "the plan, III.1: before 5 November");
    assert_eq!(annual["allowed_actions"], json!(["file"]));
    let english = reporter.with("Accept-Language", "en");
    let annual = english.get(&one("annual_report-2029")).assert(200).json();
    assert_eq!(annual["title"], "Annual report on the plan");
    assert_eq!(annual["due_at"], "2029-11-04T23:59:59+07:00");
    assert_eq!(annual["file_by"], "2029-11-02");
    let summary = english.get(&one("summary_report-2030")).assert(200).json();
    let to: Vec<_> = summary["recipients"].as_array().unwrap().iter().collect();
    assert_eq!(to.len(), 2, "{to:?}");
    let yearly = english.get(&one("yearly_plan-2027-3b")).assert(200).json();
    assert_eq!(yearly["plan_task"], "3b");
    assert_eq!(yearly["owners"][0]["code"], "POLICE");
    for key in [
        "annual_report-2031",
        "annual_report",
        "yearly_plan-2026-3a",
        "khong-2026",
        "%20",
    ] {
        reporter.get(&one(key)).assert(404);
    }
}

#[test]
fn what_was_filed_is_filed_once_until_that_is_taken_back() {
    let app = planned();
    let reporter = app.persona(Role::Reporter);
    let key = "annual_report-2026";
    let body = json!({
        "filed_at": "2026-02-28T10:00:00+07:00", "number": " 15/BC-UBND ", "note": "Gửi qua trục.",
    });
    let path = format!("/obligations/{key}/file");
    let filed = reporter.post(&path, &body).assert(200).json();
    assert_eq!(filed["status"], "filed");
    assert_eq!(filed["days_left"], Value::Null);
    assert_eq!(filed["filing"]["number"], "15/BC-UBND");
    assert_eq!(filed["filing"]["filed_by"], json!(reporter.id()));
    assert_eq!(filed["allowed_actions"], json!(["withdraw-filing"]));
    let again = reporter.post(&path, &body).assert(409);
    let again = again.problem("action-not-allowed");
    assert_eq!(again["current"], "filed");
    assert_eq!(again["allowed_actions"], json!(["withdraw-filing"]));
    let withdraw = format!("/obligations/{key}/withdraw-filing");
    let reason = json!({"reason": "Gửi nhầm bản nháp."});
    let back = reporter.post(&withdraw, &reason).assert(200).json();
    assert_eq!(
        (&back["status"], &back["filing"]),
        (&json!("on_track"), &Value::Null)
    );
    let twice = reporter.post(&withdraw, &reason).assert(409);
    let twice = twice.problem("action-not-allowed");
    assert_eq!(
        (&twice["current"], &twice["allowed_actions"]),
        (&json!("on_track"), &json!(["file"]))
    );
    reporter.post(&path, &body).assert(200);
    let log = app
        .persona(Role::Auditor)
        .get("/audit-events?object_kind=obligation");
    let log = log.assert(200).json();
    let actions: Vec<_> = log["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["action"])
        .collect();
    assert_eq!(
        actions,
        [
            "obligation.file",
            "obligation.withdraw-filing",
            "obligation.file"
        ]
    );
    assert_eq!(log["items"][0]["object_id"], filed["id"]);
    assert!(!log.to_string().contains("BC-UBND"), "{log}");
}

#[test]
fn what_came_after_its_last_day_is_filed_late() {
    let app = planned();
    let reporter = app.persona(Role::Reporter);
    go_to(&app, "2026-07-02");
    let reporter = app.again(&reporter);
    let path = one("children_review-2026-1");
    let late = reporter.get(&path).assert(200).json();
    assert_eq!(
        (&late["status"], &late["days_left"]),
        (&json!("overdue"), &json!(-2))
    );
    let overdue = reporter
        .get("/obligations?status=overdue")
        .assert(200)
        .json();
    assert_eq!(keys(&overdue), ["children_review-2026-1"]);
    let filed = file(
        &reporter,
        "children_review-2026-1",
        "2026-07-01T00:00:00+07:00",
    );
    assert_eq!(filed.assert(200).json()["status"], "filed_late");
    let reason = json!({"reason": "Ghi nhầm giờ"});
    let withdraw = format!("{path}/withdraw-filing");
    reporter.post(&withdraw, &reason).assert(200);
    let filed = file(
        &reporter,
        "children_review-2026-1",
        "2026-06-30T23:59:59+07:00",
    );
    assert_eq!(filed.assert(200).json()["status"], "filed");
}

#[test]
fn a_contributor_files_the_part_of_its_own_agency_alone() {
    let app = planned();
    let reporter = app.persona(Role::Reporter);
    let police = contributor(&app, &agency(&reporter, "POLICE"));
    let at = "2026-02-28T10:00:00+07:00";
    let own = "agency_contribution-2026-POLICE";
    let seen = police.get(&one(own)).assert(200).json();
    assert_eq!(seen["allowed_actions"], json!(["file"]));
    for key in [
        "agency_contribution-2026-HEALTH",
        "annual_report-2026",
        "yearly_plan-2027-3b",
    ] {
        let seen = police.get(&one(key)).assert(200).json();
        assert_eq!(seen["allowed_actions"], json!([]), "{key}");
        file(&police, key, at).assert(403).problem("forbidden");
    }
    let filed = file(&police, own, at).assert(200).json();
    assert_eq!(filed["allowed_actions"], json!([]));
    let again = file(&police, own, at).assert(409);
    assert_eq!(
        again.problem("action-not-allowed")["allowed_actions"],
        json!([])
    );
    let withdraw = format!("{}/withdraw-filing", one(own));
    let reason = json!({"reason": "Nhầm"});
    police.post(&withdraw, &reason).assert(403);
    reporter.post(&withdraw, &reason).assert(200);
    // Without an agency there is no part.
    let lone = app.persona(Role::Contributor);
    file(&lone, own, at).assert(403);
}

#[test]
fn all_staff_reads_and_reporters_file() {
    let app = planned();
    let key = "annual_report-2026";
    for role in [
        Role::Organiser,
        Role::Counsellor,
        Role::Administrator,
        Role::Auditor,
    ] {
        let client = app.persona(role);
        let seen = client.get(&one(key)).assert(200).json();
        assert_eq!(seen["allowed_actions"], json!([]), "{role}");
        file(&client, key, "2026-02-28T10:00:00+07:00").assert(403);
    }
    app.persona(Role::Family).get("/obligations").assert(403);
    // What one office filed is nothing to another, and an office without the plan owes nothing.
    let other = app.add_office("khac");
    let there = app.persona_of(other, &[Role::Reporter]);
    there.get(&one(key)).assert(404);
    let none = there.get("/obligations").assert(200).json();
    assert_eq!(none["items"], json!([]));
    file(&there, key, "2026-02-28T10:00:00+07:00").assert(404);
    bring_plan(&app, other);
    let here = app.persona(Role::Reporter);
    let mine = file(&here, key, "2026-02-28T10:00:00+07:00")
        .assert(200)
        .json();
    let theirs = there.get(&one(key)).assert(200).json();
    assert_eq!(theirs["status"], "on_track");
    assert_ne!(theirs["id"], mine["id"]);
}

#[test]
fn every_rule_of_a_filing_is_told() {
    let app = planned();
    let reporter = app.persona(Role::Reporter);
    let path = "/obligations/annual_report-2026/file";
    let wrong = json!({
        "filed_at": "2026-03-02T00:00:00+07:00", "number": "9".repeat(101), "note": "a\u{7}b",
    });
    let wrong = reporter.post(path, &wrong).assert(422);
    wrong.violates("/filed_at", "in-the-future");
    wrong.violates("/number", "too-long");
    assert_eq!(wrong.json()["errors"].as_array().unwrap().len(), 3);
    reporter
        .post(path, &json!({}))
        .assert(422)
        .violates("/filed_at", "required");
    let path = "/obligations/annual_report-2026/withdraw-filing";
    let empty = reporter.post(path, &json!({"reason": " "})).assert(422);
    empty.violates("/reason", "required");
}

#[test]
fn a_day_the_plan_does_not_name_is_the_offices_to_set() {
    let app = planned();
    let administrator = app.persona(Role::Administrator);
    let set = |value: Value| {
        let seen = administrator.get("/office").assert(200);
        let change = json!({"policies": {"agency_contribution_day": {"value": value}}});
        administrator.having_seen(&seen).patch("/office", &change)
    };
    for wrong in ["13-01", "02-29", "2026-10-10"] {
        let refused = set(json!(wrong)).assert(422);
        refused.violates("/policies/agency_contribution_day/value", "day-invalid");
    }
    // A Saturday.
    set(json!("10-10")).assert(200);
    let path = one("agency_contribution-2026-POLICE");
    let part = administrator.get(&path).assert(200).json();
    assert_eq!(part["due_at"], "2026-10-10T23:59:59+07:00");
    assert_eq!(part["file_by"], "2026-10-09");
    assert_eq!(part["day_source"], "set by the office; unverified");
}

#[test]
fn an_agency_that_is_gone_owes_nothing_more() {
    let app = planned();
    let organiser = app.persona(Role::Organiser);
    let reporter = app.persona(Role::Reporter);
    let culture = format!("/agencies/{}", agency(&organiser, "CULTURE"));
    let filed = "agency_contribution-2026-CULTURE";
    file(&reporter, filed, "2026-02-28T10:00:00+07:00").assert(200);
    let seen = organiser.get(&culture).assert(200);
    let gone = json!({"active": false});
    organiser
        .having_seen(&seen)
        .patch(&culture, &gone)
        .assert(200);
    reporter.get(&one(filed)).assert(200);
    reporter
        .get(&one("agency_contribution-2027-CULTURE"))
        .assert(404);
}

#[test]
fn owners_are_told_before_the_day_and_once_it_has_passed() {
    const REVIEW: &str = "Rà soát trẻ em cần được nhận làm con nuôi";
    let app = planned();
    let reporter = app.persona(Role::Reporter);
    let organiser = app.persona(Role::Organiser);
    tick(&app);
    assert!(told(&app, &reporter, REVIEW).is_empty());
    for (day, count) in [
        ("2026-05-30", 0),
        ("2026-05-31", 1),
        ("2026-06-01", 1),
        ("2026-06-16", 2),
        ("2026-06-23", 3),
        ("2026-06-27", 4),
        ("2026-06-29", 5),
        ("2026-06-30", 5),
        ("2026-07-01", 6),
        ("2026-07-09", 6),
    ] {
        go_to(&app, day);
        tick(&app);
        tick(&app);
        assert_eq!(told(&app, &reporter, REVIEW).len(), count, "{day}");
    }
    assert_eq!(
        told(&app, &reporter, REVIEW),
        [false, false, false, false, false, true]
    );
    assert!(told(&app, &organiser, REVIEW).is_empty());
    let mail = app.mails("obligation_due", &reporter.email).remove(0);
    let values = &mail.content.values;
    assert_eq!(
        (&values["file_by"], &values["last_day"]),
        (&json!("30/06/2026"), &json!("30/06/2026"))
    );
    assert_eq!(values["to"], "Sở Tư pháp thành phố Hải Phòng");
    assert_eq!(values["year"], 2026);
}

#[test]
fn an_agencys_people_are_told_of_their_part_and_of_nothing_filed() {
    const PART: &str = "Báo cáo phần việc thuộc phạm vi quản lý";
    let app = planned();
    let reporter = app.persona(Role::Reporter);
    let police = contributor(&app, &agency(&reporter, "POLICE"));
    let health = contributor(&app, &agency(&reporter, "HEALTH"));
    go_to(&app, "2026-09-25");
    let by_police = app.again(&police);
    tick(&app);
    assert_eq!(told(&app, &police, PART), [false]);
    assert_eq!(told(&app, &health, PART), [false]);
    assert_eq!(told(&app, &reporter, PART).len(), 5);
    let key = "agency_contribution-2026-POLICE";
    file(&by_police, key, "2026-09-25T08:00:00+07:00").assert(200);
    let waiting = app.query(|conn| {
        let of_police = messages::table.filter(messages::dedupe_key.like("%2026-POLICE%"));
        let waiting = of_police.filter(messages::state.ne("cancelled"));
        waiting.count().get_result::<i64>(conn)
    });
    assert_eq!(waiting, 0);
    go_to(&app, "2026-10-13");
    tick(&app);
    assert_eq!(told(&app, &police, PART).len(), 1);
    assert_eq!(told(&app, &health, PART).len(), 2);
    // What was not sent after all is owed again, and told so.
    let withdraw = format!("{}/withdraw-filing", one(key));
    let reason = json!({"reason": "Thiếu phụ lục"});
    app.again(&reporter).post(&withdraw, &reason).assert(200);
    tick(&app);
    assert_eq!(told(&app, &police, PART).len(), 2);
}

#[test]
fn what_was_overdue_before_anybody_looked_is_mentioned_once() {
    let app = planned();
    let reporter = app.persona(Role::Reporter);
    go_to(&app, "2026-11-30");
    tick(&app);
    tick(&app);
    let late = app.mails("obligation_due", &reporter.email).into_iter();
    let late = late.filter(|mail| mail.content.values["is_overdue"] == true);
    assert_eq!(late.count(), 7);
}

/// Works for the office as the service itself.
fn work<T: Send + 'static>(
    app: &TestApp,
    mut f: impl FnMut(&mut Work<'_>) -> Result<T, plan::Error> + Send + 'static,
) -> T {
    let (platform, office, now) = (app.platform.clone(), app.office, app.now());
    let done = app.platform.db.write_now(move |conn| {
        let office = OfficeBrief::load(conn, office)?;
        f(&mut Work::new(conn, &platform, now, &office, None))
    });
    done.unwrap()
}

#[test]
fn a_report_settles_its_obligation_and_leaves_what_was_filed_on_paper() {
    let app = planned();
    let reporter = app.persona(Role::Reporter);
    let (key, now) = ("annual_report-2026", app.now());
    let status = |app: &TestApp| work(app, move |work| obligation::status_of(work, key));
    assert_eq!(status(&app), Some(ObligationStatus::OnTrack));
    work(&app, move |work| {
        obligation::fulfil(work, key, now, Some("15/BC-UBND"))
    });
    assert_eq!(status(&app), Some(ObligationStatus::Filed));
    work(&app, move |work| {
        obligation::fulfil(work, key, now, Some("16/BC-UBND"))
    });
    let seen = reporter.get(&one(key)).assert(200).json();
    assert_eq!(seen["filing"]["number"], "15/BC-UBND");
    assert_eq!(seen["filing"]["filed_by"], Value::Null);
    work(&app, move |work| obligation::unfulfil(work, key, "Trả lại"));
    work(&app, move |work| obligation::unfulfil(work, key, "Trả lại"));
    assert_eq!(status(&app), Some(ObligationStatus::OnTrack));
    let none = work(&app, |work| {
        obligation::status_of(work, "annual_report-2031")
    });
    assert_eq!(none, None);
}

#[test]
fn of_many_who_file_at_once_one_does() {
    let app = planned();
    let reporter = app.persona(Role::Reporter);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..6)
            .map(|_| {
                let reporter = reporter.clone();
                scope.spawn(move || {
                    file(&reporter, "annual_report-2026", "2026-02-28T10:00:00+07:00").status
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    let count = |status| statuses.iter().filter(|one| **one == status).count();
    assert_eq!((count(200), count(409)), (1, 5), "{statuses:?}");
}
