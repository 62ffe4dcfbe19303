//! The log is read by auditors, and its chain tells every change.

use diesel::connection::SimpleConnection;
use hai_dang::audit::seal::Sealer;
use hai_dang::audit::verify::{Report, verify};
use hai_dang::audit::{self, Event};
use hai_dang::identity::Role;
use serde_json::json;

use crate::support::TestApp;
use crate::support::database::is_postgres;

const ROWS: i64 = 12;

fn sealed() -> TestApp {
    let app = TestApp::new();
    let (office, now) = (app.office, app.now());
    app.change(move |conn| {
        for number in 0..ROWS {
            let event = Event {
                office: Some(office),
                actor: None,
                action: "test.do",
                object_kind: "test",
                object: None,
                request_id: None,
                client: None,
                facts: json!({"number": number}),
            };
            audit::record(conn, now, &event)?;
        }
        Ok(())
    });
    seal(&app);
    assert!(check(&app, None).is_clean());
    app
}

fn seal(app: &TestApp) {
    let mut sealer = Sealer::new(app.now());
    while sealer.step(&app.platform.db, &app.clock).unwrap() > 0 {}
}

fn check(app: &TestApp, noted: Option<&(i64, String)>) -> Report {
    let now = app.now().plus(chrono::TimeDelta::minutes(5));
    app.platform
        .db
        .read_now(|conn| verify(conn, now, noted))
        .unwrap()
}

/// Changes the tables as one who owns the file can.
fn tamper(app: &TestApp, sql: &'static str) {
    app.change(move |conn| {
        conn.batch_execute(
            "PRAGMA defer_foreign_keys = ON;
             DROP TRIGGER IF EXISTS audit_events_no_update; DROP TRIGGER IF EXISTS audit_events_no_delete;
             DROP TRIGGER IF EXISTS audit_seals_no_update; DROP TRIGGER IF EXISTS audit_seals_no_delete;",
        )?;
        Ok(conn.batch_execute(sql)?)
    });
}

#[test]
fn every_change_of_the_log_is_told_by_its_number() {
    if is_postgres() {
        return;
    }
    for (sql, bad) in [
        (
            "UPDATE audit_events SET facts = '{}' WHERE id = (SELECT event_id FROM audit_seals WHERE number = 5)",
            5,
        ),
        (
            "CREATE TABLE gone AS SELECT event_id FROM audit_seals WHERE number = 5;
          DELETE FROM audit_seals WHERE number = 5; DELETE FROM audit_events WHERE id IN gone",
            5,
        ),
        (
            "UPDATE audit_seals SET digest = (SELECT digest FROM audit_seals WHERE number = 4) WHERE number = 3",
            3,
        ),
        (
            "CREATE TABLE two AS SELECT number, id, facts FROM audit_events
            JOIN audit_seals ON event_id = id WHERE number IN (4, 8);
          UPDATE audit_events SET facts = (SELECT facts FROM two WHERE two.id <> audit_events.id)
            WHERE id IN (SELECT id FROM two)",
            4,
        ),
        (
            "INSERT INTO audit_events (id, at, action, object_kind, facts)
            VALUES (zeroblob(16), 0, 'forged', 'test', '{}');
          INSERT INTO audit_seals (number, event_id, digest, chain, sealed_at)
            VALUES (13, zeroblob(16), randomblob(32), randomblob(32), 0)",
            13,
        ),
    ] {
        let app = sealed();
        tamper(&app, sql);
        assert_eq!(
            check(&app, None).bad.map(|(number, _)| number),
            Some(bad),
            "{sql}"
        );
    }
    let app = sealed();
    let head = check(&app, None).head;
    tamper(
        &app,
        "CREATE TABLE tail AS SELECT event_id FROM audit_seals WHERE number > 9;
        DELETE FROM audit_seals WHERE number > 9; DELETE FROM audit_events WHERE id IN tail",
    );
    assert_eq!(
        check(&app, Some(&head)).bad.map(|(number, _)| number),
        Some(10)
    );
    let app = sealed();
    tamper(
        &app,
        "INSERT INTO audit_events (id, at, action, object_kind, facts)
        VALUES (randomblob(16), 0, 'forged', 'test', '{}')",
    );
    assert_eq!(check(&app, None).unsealed, 1);
}

#[test]
fn auditors_alone_read_the_log_newest_first() {
    let app = sealed();
    let auditor = app.persona(Role::Auditor);
    app.persona(Role::Administrator)
        .get("/audit-events")
        .assert(403);
    let page = auditor
        .get("/audit-events?action=test.do&limit=5")
        .assert(200)
        .json();
    let numbers: Vec<_> = page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["seal_number"].as_i64())
        .collect();
    assert_eq!(numbers.len(), 5);
    assert_eq!(numbers[0], Some(ROWS));
    let next = format!(
        "/audit-events?action=test.do&cursor={}",
        page["next_cursor"].as_str().unwrap()
    );
    assert_eq!(
        auditor.get(&next).assert(200).json()["items"]
            .as_array()
            .unwrap()
            .len(),
        7
    );
    auditor.get("/audit-events?to=2026-02-28").assert(200);
}
