//! Risk alerts: who is told when, who reads what, and what is kept of it.

use chrono::TimeDelta;
use diesel::prelude::*;
use hai_dang::db::schema::{
    audit_events, data_keys, idempotency_records as records, messages, offices, risk_alerts,
};
use hai_dang::identity::Role;
use hai_dang::kernel::Timestamp;
use hai_dang::office::risk_alert::background::escalate;
use serde_json::{Value, json};

use super::duties::{disable, put_on_duty};
use crate::support::{Client, Reply, TestApp};

const TEXT: &str = "Hàng xóm nghe cháu Bí Mật khóc suốt đêm.";
const RESULT: &str = "Đã đến nhà Kết Quả cùng công an.";

fn alert() -> Value {
    json!({"source": "desk", "informed_at": "2026-02-28T23:00:00+07:00", "text": TEXT})
}

#[track_caller]
fn raise(client: &Client) -> (Reply, String) {
    let made = client.post("/risk-alerts", &alert()).assert(201);
    let path = format!("/risk-alerts/{}", made.id());
    (made, path)
}

fn run(app: &TestApp) -> usize {
    escalate(&app.platform).unwrap()
}

/// Who was mailed in which kind, in their order.
fn told(app: &TestApp) -> Vec<(String, String)> {
    let mails = app.messages().into_iter();
    mails.map(|mail| (mail.kind, mail.address)).collect()
}

fn mail(kind: &str, to: &Client) -> (String, String) {
    (kind.to_owned(), to.email.clone())
}

/// How many rows the log has of an action.
fn logged(app: &TestApp, action: &'static str) -> i64 {
    app.query(|conn| {
        audit_events::table
            .filter(audit_events::action.eq(action))
            .count()
            .get_result(conn)
    })
}

#[test]
fn raising_tells_every_active_supervisor_at_once_and_opens_an_item() {
    let app = TestApp::new();
    let admin = app.persona(Role::Administrator);
    let counsellor = app.persona(Role::Counsellor);
    put_on_duty(&admin, &[&counsellor]);
    let (one, two) = (app.persona(Role::Supervisor), app.persona(Role::Supervisor));
    disable(&app, &app.persona(Role::Supervisor));
    app.persona_of(app.add_office("khac"), &[Role::Supervisor]);
    let (made, path) = raise(&app.persona(Role::Organiser));
    assert_eq!(made.json()["status"], "open");
    assert_eq!(made.json()["act_by"], "2026-03-01T11:00:00+07:00");
    assert_eq!(made.json()["told"], Value::Null);
    assert_eq!(made.json().get("text"), None);
    let mut wanted = [mail("risk_flag", &one), mail("risk_flag", &two)];
    wanted.sort();
    let mut mails = told(&app);
    mails.sort();
    assert_eq!(mails, wanted);
    let rows: Vec<(String, Timestamp, String)> = app.query(|conn| {
        messages::table
            .select((messages::class, messages::not_before, messages::payload))
            .load(conn)
    });
    let code = made.json()["code"].as_str().unwrap().to_owned();
    for (class, not_before, payload) in rows {
        // Half past midnight: quiet hours do not hold it back.
        assert_eq!((class.as_str(), not_before), ("case", app.now()));
        assert!(payload.contains(&code) && payload.contains("01:00"));
        for word in ["Bí", "khóc", "alert/", "desk"] {
            assert!(!payload.contains(word), "{payload}");
        }
    }
    let items = one.get("/work-items?kind=risk-alert").assert(200).json();
    assert_eq!(items["items"][0]["subject"]["id"], made.json()["id"]);
    assert_eq!(items["items"][0]["due_at"], made.json()["act_by"]);
    let seen = one.get(&path).assert(200).json();
    assert_eq!(seen["told"].as_array().unwrap().len(), 2);
    assert_eq!(seen["allowed_actions"], json!(["acknowledge"]));
}

#[test]
fn without_a_supervisor_the_first_on_duty_is_told_and_after_30_minutes_the_next() {
    let app = TestApp::new();
    let admin = app.persona(Role::Administrator);
    let (one, two) = (
        app.persona(Role::LegalAidIntake),
        app.persona(Role::Counsellor),
    );
    put_on_duty(&admin, &[&one, &two]);
    let (_, path) = raise(&app.persona(Role::Organiser));
    assert_eq!(told(&app), [mail("risk_flag", &one)]);
    let items = |who: &Client| {
        let list = who.get("/work-items?mine=true").assert(200).json();
        list["items"].as_array().unwrap().len()
    };
    assert_eq!((items(&one), items(&two)), (1, 0));
    two.get(&path).assert(404);
    app.clock.advance(TimeDelta::seconds(1799));
    assert_eq!(run(&app), 0);
    app.clock.advance(TimeDelta::seconds(1));
    assert_eq!(run(&app), 1);
    assert_eq!(run(&app), 0);
    assert_eq!(told(&app)[1..], [mail("risk_escalated", &two)]);
    let (one, two) = (log_in_again(&app, &one), log_in_again(&app, &two));
    two.get(&path).assert(200);
    assert_eq!((items(&one), items(&two)), (0, 1));
    // The list goes round until someone answers.
    app.clock.advance(TimeDelta::minutes(30));
    let others = run(&app);
    assert_eq!(others, 1);
    assert_eq!(told(&app)[2], mail("risk_escalated", &one));
    let two = log_in_again(&app, &two);
    two.act(&format!("{path}/acknowledge")).assert(200);
    app.clock.advance(TimeDelta::minutes(30));
    assert_eq!(run(&app), 0);
    assert_eq!(told(&app).len(), 3);
    assert_eq!(logged(&app, "risk-alert.escalate"), 2);
    let states: Vec<String> = app.query(|conn| {
        let states = messages::table.select(messages::state);
        states.distinct().load(conn)
    });
    assert_eq!(states, ["cancelled"]);
}

/// A new token of the same person: the clock was moved past the old one's end.
fn log_in_again(app: &TestApp, who: &Client) -> Client {
    use hai_dang::identity::claims::{self, AccessClaims};
    use hai_dang::identity::service::staff::open_device;
    let (user, now) = (who.id(), app.now());
    let device = app.change(move |conn| open_device(conn, now, user, "test"));
    let claims = AccessClaims {
        user,
        device,
        generation: 1,
    };
    let token = claims::sign(&app.platform.keys, claims, now);
    who.with_token(token.as_deref().unwrap())
}

#[test]
fn supervisors_who_do_not_answer_are_followed_by_the_duty_list() {
    let app = TestApp::new();
    let admin = app.persona(Role::Administrator);
    let supervisor = app.persona(Role::Supervisor);
    let counsellor = app.persona(Role::Counsellor);
    put_on_duty(&admin, &[&supervisor, &counsellor]);
    let minutes = json!({"policies": {"risk_alert_escalation_minutes": {"value": 5}}});
    admin
        .with("If-Match", "*")
        .patch("/office", &minutes)
        .assert(200);
    raise(&counsellor);
    assert_eq!(told(&app), [mail("risk_flag", &supervisor)]);
    app.clock.advance(TimeDelta::minutes(5));
    run(&app);
    // The supervisor was told already: the first of the list who was not is next.
    assert_eq!(told(&app)[1..], [mail("risk_escalated", &counsellor)]);
    app.clock.advance(TimeDelta::minutes(5));
    run(&app);
    assert_eq!(told(&app)[2..], [mail("risk_escalated", &supervisor)]);
}

#[test]
fn an_alert_nobody_can_be_told_of_waits_for_the_first_who_can() {
    let app = TestApp::new();
    let counsellor = app.persona(Role::Counsellor);
    let (_, path) = raise(&counsellor);
    assert!(told(&app).is_empty());
    app.clock.advance(TimeDelta::minutes(30));
    assert_eq!(run(&app), 0);
    let supervisor = app.persona(Role::Supervisor);
    app.clock.advance(TimeDelta::minutes(30));
    assert_eq!(run(&app), 1);
    assert_eq!(told(&app), [mail("risk_escalated", &supervisor)]);
    let supervisor = log_in_again(&app, &supervisor);
    supervisor.get(&path).assert(200);
}

#[test]
fn several_processes_tell_the_next_once() {
    let app = TestApp::new();
    let admin = app.persona(Role::Administrator);
    let people = [Role::Counsellor, Role::Counsellor, Role::Counsellor].map(|r| app.persona(r));
    put_on_duty(&admin, &people.each_ref());
    for _ in 0..3 {
        raise(&people[0]);
    }
    app.clock.advance(TimeDelta::minutes(31));
    let counts: Vec<usize> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| run(&app))).collect();
        threads.into_iter().map(|t| t.join().unwrap()).collect()
    });
    assert_eq!(counts.iter().sum::<usize>(), 3);
    assert_eq!(told(&app).len(), 6);
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
fn a_stand_in_of_the_supervisor_is_told_and_sees_every_alert() {
    let app = TestApp::new();
    let supervisor = app.persona(Role::Supervisor);
    let stand_in = app.persona(Role::Counsellor);
    let (_, before) = raise(&app.persona(Role::Organiser));
    stand_in.get(&before).assert(404);
    let delegation = json!({
        "from_user": supervisor.id(), "to_user": stand_in.id(), "duty": "supervise_counselling",
        "starts_on": "2026-03-01", "ends_on": "2026-03-01",
    });
    supervisor.post("/delegations", &delegation).assert(201);
    assert_eq!(stand_in.get(&before).assert(200).json()["text"], TEXT);
    raise(&app.persona(Role::Organiser));
    let mails = told(&app);
    assert_eq!(mails.len(), 3);
    assert!(mails.contains(&mail("risk_flag", &stand_in)));
    stand_in.act(&format!("{before}/acknowledge")).assert(200);
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
    // Kept as JSON bytes: numbers.
    for answer in answers.into_iter().flatten() {
        let kept: Value = serde_json::from_str(&answer).unwrap();
        let bytes: Vec<u8> = serde_json::from_value(kept["body"].clone()).unwrap_or_default();
        dump.push_str(&String::from_utf8_lossy(&bytes));
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
    let made = counsellor.post("/risk-alerts", &about).assert(201).json();
    assert_eq!(made["subject"], about["subject"]);
    assert_eq!(made["act_by"], "2026-03-01T06:30:00+07:00");
}
