//! Risk alerts: who reads what, and what is kept of it.

use diesel::prelude::*;
use hai_dang::db::schema::{
    audit_events, data_keys, idempotency_records as records, messages, offices, risk_alerts,
};
use hai_dang::identity::Role;
use hai_dang::office::risk_alert::{AlertSource, AlertSubject};
use serde_json::{Value, json};

use super::duties::put_on_duty;
use crate::support::{Client, Reply, TestApp};

pub(super) const TEXT: &str = "Hàng xóm nghe cháu Bí Mật khóc suốt đêm.";
const RESULT: &str = "Đã đến nhà Kết Quả cùng công an.";

fn alert() -> Value {
    json!({"source": "desk", "informed_at": "2026-02-28T23:00:00+07:00", "text": TEXT})
}

#[track_caller]
pub(super) fn raise(client: &Client) -> (Reply, String) {
    let made = client.post("/risk-alerts", &alert()).assert(201);
    let path = format!("/risk-alerts/{}", made.id());
    (made, path)
}

/// Who was mailed in which kind, in their order.
pub(super) fn told(app: &TestApp) -> Vec<(String, String)> {
    let mails = app.messages().into_iter();
    mails.map(|mail| (mail.kind, mail.address)).collect()
}

pub(super) fn mail(kind: &str, to: &Client) -> (String, String) {
    (kind.to_owned(), to.email.clone())
}

/// How many rows the log has of an action.
pub(super) fn logged(app: &TestApp, action: &'static str) -> i64 {
    app.query(|conn| {
        audit_events::table
            .filter(audit_events::action.eq(action))
            .count()
            .get_result(conn)
    })
}

#[test]
fn an_alert_is_acknowledged_then_closed_and_what_it_says_is_read_by_few() {
    let app = TestApp::new();
    let admin = app.persona(Role::Administrator);
    let supervisor = app.persona(Role::Supervisor);
    let organiser = app.persona(Role::Organiser);
    let (_, path) = raise(&organiser);
    let (acknowledge, close) = (format!("{path}/acknowledge"), format!("{path}/close"));
    let result = json!({"result": RESULT});
    let early = supervisor.post(&close, &result).assert(409);
    assert_eq!(early.problem("action-not-allowed")["current"], "open");
    // Reading is not acknowledging.
    assert_eq!(supervisor.get(&path).assert(200).json()["text"], TEXT);
    let seen = supervisor.act(&acknowledge).assert(200).json();
    assert_eq!(seen["acknowledged"]["by"], json!(supervisor.id()));
    supervisor.act(&acknowledge).assert(409);
    supervisor
        .post(&close, &json!({"result": " "}))
        .assert(422)
        .violates("/result", "required");
    let closed = supervisor.post(&close, &result).assert(200).json();
    assert_eq!(closed["status"], "closed");
    assert_eq!(closed["version"], 3);
    assert_eq!(closed.get("result"), None);
    supervisor.post(&close, &result).assert(409);
    let all = supervisor.get(&path).assert(200).json();
    assert_eq!(
        (&all["text"], &all["result"]),
        (&json!(TEXT), &json!(RESULT))
    );
    let items = supervisor.get("/work-items?done=false").assert(200).json();
    assert_eq!(items["items"], json!([]));
    // Whoever raised it sees what they wrote, and where it stands.
    let own = organiser.get(&path).assert(200).json();
    assert_eq!(
        (&own["text"], &own["status"]),
        (&json!(TEXT), &json!("closed"))
    );
    for hidden in ["result", "told", "acknowledged", "closed"] {
        assert_eq!(own[hidden], Value::Null, "{hidden}");
    }
    assert_eq!(own["allowed_actions"], json!([]));
    organiser.act(&acknowledge).assert(403);
    admin.get(&path).assert(404);
    assert_eq!(logged(&app, "risk-alert.read"), 3);
    supervisor.get("/risk-alerts").assert(200);
    assert_eq!(logged(&app, "risk-alert.read"), 3);
}

#[test]
fn an_alert_is_seen_by_those_concerned_and_missing_for_all_others() {
    let app = TestApp::new();
    let other = app.add_office("khac");
    let supervisor = app.persona(Role::Supervisor);
    let counsellor = app.persona(Role::Counsellor);
    let (_, path) = raise(&counsellor);
    let ids = |client: &Client, query: &str| {
        let list = client.get(&format!("/risk-alerts{query}")).assert(200);
        let list = list.json();
        assert!(!list.to_string().contains("Bí Mật"));
        list["items"].as_array().unwrap().len()
    };
    assert_eq!((ids(&supervisor, ""), ids(&counsellor, "")), (1, 1));
    assert_eq!(ids(&supervisor, "?status=closed"), 0);
    assert_eq!(ids(&supervisor, "?source=desk&status=open"), 1);
    let strangers = [
        app.persona(Role::Counsellor),
        app.persona(Role::LegalAidIntake),
        app.persona(Role::Administrator),
        app.persona_of(other, &[Role::Supervisor]),
        app.persona_of(other, &[Role::Counsellor]),
    ];
    for stranger in &strangers {
        assert_eq!(ids(stranger, ""), 0);
        let missing = stranger.get("/risk-alerts/019ca000-0000-7000-8000-000000000000");
        let foreign = stranger.with("X-Request-Id", "mot").get(&path).assert(404);
        let missing = missing.assert(404);
        assert_eq!(
            foreign.problem("not-found")["detail"],
            missing.json()["detail"]
        );
        stranger.act(&format!("{path}/acknowledge")).assert(404);
        let result = json!({"result": RESULT});
        stranger.post(&format!("{path}/close"), &result).assert(404);
    }
    for role in [
        Role::Reporter,
        Role::Auditor,
        Role::Contributor,
        Role::Family,
    ] {
        let client = app.persona(role);
        client.get("/risk-alerts").assert(403);
        client.get(&path).assert(403);
        client.post("/risk-alerts", &alert()).assert(403);
    }
    strangers[2].post("/risk-alerts", &alert()).assert(403);
}

#[test]
fn an_administrator_on_duty_acknowledges_and_reads_nothing() {
    let app = TestApp::new();
    let admin = app.persona(Role::Administrator);
    put_on_duty(&admin, &[&admin]);
    let counsellor = app.persona(Role::Counsellor);
    let (_, path) = raise(&counsellor);
    let seen = admin.get(&path).assert(200).json();
    assert_eq!(seen["text"], Value::Null);
    assert_eq!(seen["allowed_actions"], json!(["acknowledge"]));
    assert_eq!(logged(&app, "risk-alert.read"), 0);
    admin.act(&format!("{path}/acknowledge")).assert(200);
}

#[test]
fn what_an_alert_says_is_nowhere_in_the_clear() {
    let app = TestApp::new();
    let supervisor = app.persona(Role::Supervisor);
    let keyed = supervisor.with("Idempotency-Key", "mot-lan");
    let made = keyed.post("/risk-alerts", &alert()).assert(201);
    let again = keyed.post("/risk-alerts", &alert()).assert(201);
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.id(), made.id());
    let path = format!("/risk-alerts/{}", made.id());
    supervisor.act(&format!("{path}/acknowledge")).assert(200);
    let result = json!({"result": RESULT});
    let close = supervisor.with("Idempotency-Key", "hai-lan");
    close.post(&format!("{path}/close"), &result).assert(200);
    supervisor.get(&path).assert(200);
    let dump = everything(&app);
    // The answers that are kept tell that much.
    assert!(dump.contains(made.json()["code"].as_str().unwrap()));
    for secret in ["Bí Mật", "khóc", "Kết Quả"] {
        assert!(!dump.contains(secret), "{secret}");
    }
    let facts: Vec<String> =
        app.query(|conn| audit_events::table.select(audit_events::facts).load(conn));
    assert!(facts.iter().all(|facts| !facts.contains("công an")));
    // Moved to another row it does not open.
    let second = supervisor.post("/risk-alerts", &alert()).assert(201);
    let (first, moved) = (made.id(), second.id());
    app.change(move |conn| {
        use hai_dang::office::risk_alert::RiskAlertId;
        let id = |text: &str| RiskAlertId::parse(text).unwrap();
        let sealed: Vec<u8> = risk_alerts::table
            .find(id(&first))
            .select(risk_alerts::text_sealed)
            .first(conn)?;
        diesel::update(risk_alerts::table.find(id(&moved)))
            .set(risk_alerts::text_sealed.eq(sealed))
            .execute(conn)?;
        Ok(())
    });
    let mut app = app;
    app.may_fail();
    let broken = supervisor.get(&format!("/risk-alerts/{}", second.id()));
    let broken = broken.assert(500);
    assert!(!String::from_utf8_lossy(&broken.body).contains("Bí Mật"));
}

/// The database's files as text, and its mails and answers kept.
fn everything(app: &TestApp) -> String {
    let files = app.files().into_iter();
    let mut dump: String = files
        .map(|(_, bytes)| String::from_utf8_lossy(&bytes).into_owned())
        .collect();
    let payloads: Vec<String> =
        app.query(|conn| messages::table.select(messages::payload).load(conn));
    dump.push_str(&payloads.concat());
    let answers: Vec<Option<String>> =
        app.query(|conn| records::table.select(records::answer).load(conn));
    for answer in answers.into_iter().flatten() {
        dump.push_str(&answer);
    }
    dump
}

#[test]
fn an_erased_alert_tells_nothing_and_stays_in_the_list() {
    let app = TestApp::new();
    let supervisor = app.persona(Role::Supervisor);
    let (_, path) = raise(&supervisor);
    let now = app.now();
    app.change(move |conn| {
        diesel::update(data_keys::table)
            .set((
                data_keys::wrapped.eq(None::<Vec<u8>>),
                data_keys::destroyed_at.eq(Some(now)),
            ))
            .execute(conn)?;
        Ok(())
    });
    let seen = supervisor.get(&path).assert(200).json();
    assert_eq!(
        (&seen["text"], &seen["status"]),
        (&Value::Null, &json!("open"))
    );
    assert_eq!(logged(&app, "risk-alert.read"), 0);
}

#[test]
fn the_input_of_an_alert_is_checked() {
    let app = TestApp::new();
    let counsellor = app.persona(Role::Counsellor);
    let refused = counsellor.post(
        "/risk-alerts",
        &json!({"source": "note", "text": " ", "informed_at": "2026-03-01T00:31:00+07:00"}),
    );
    let refused = refused.assert(422);
    refused.violates("/text", "required");
    refused.violates("/informed_at", "in-the-future");
    for broken in [
        json!({"source": "rumour", "text": "a"}),
        json!({"source": "desk", "text": "a", "told": []}),
        json!({"source": "desk", "text": "a", "subject": {"kind": "user", "id": counsellor.id()}}),
        json!({"source": "desk", "text": "a".repeat(4001)}),
    ] {
        counsellor.post("/risk-alerts", &broken).assert(422);
    }
    let office = app.office;
    let stored = json!({"policies": {"risk_alert_hours": {"value": 6, "source": "QĐ 3"}}});
    app.change(move |conn| {
        diesel::update(offices::table.find(office))
            .set(offices::settings.eq(stored.to_string()))
            .execute(conn)?;
        Ok(())
    });
    let about = json!({
        "source": "session", "text": "a",
        "subject": {"kind": "training-session", "id": counsellor.id()},
    });
    let refused = counsellor.post("/risk-alerts", &about).assert(422);
    refused.violates("/subject/id", "unknown-reference");
    let now = json!({"source": "session", "text": "a"});
    let made = counsellor.post("/risk-alerts", &now).assert(201).json();
    assert_eq!(made["subject"], json!(null));
    assert_eq!(made["act_by"], "2026-03-01T06:30:00+07:00");
}

#[test]
fn every_source_and_subject_is_kept() {
    let app = TestApp::new();
    let supervisor = app.persona(Role::Supervisor);
    for source in AlertSource::ALL {
        let body = json!({"source": source, "text": "a"});
        let made = supervisor.post("/risk-alerts", &body).assert(201).json();
        assert_eq!(made["source"], json!(source));
    }
    // What nobody has is no subject, of whatever kind.
    for subject in AlertSubject::ALL {
        let body = json!({
            "source": "desk", "text": "a", "subject": {"kind": subject, "id": supervisor.id()},
        });
        let refused = supervisor.post("/risk-alerts", &body).assert(422);
        refused.violates("/subject/id", "unknown-reference");
    }
}
