//! Suspected illicit practices: who reads what, who refers, and what is counted.

use std::slice;

use diesel::prelude::*;
use hai_dang::db::schema::{audit_events, data_keys};
use hai_dang::identity::Role;
use serde_json::{Value, json};

use crate::support::{Client, Reply, TestApp};

const ALL: &str = "/concerns";
const TEXT: &str = "Có người hứa trả tiền cho bà Bí Mật để lấy cháu.";
const ANSWER: &str = "Cơ quan điều tra đã tiếp nhận Kết Quả.";

fn concern() -> Value {
    json!({
        "topic": "improper_financial_gain", "source": "counselling",
        "informed_on": "2026-02-20", "text": TEXT,
    })
}

fn referral() -> Value {
    json!({"to": "Công an phường Lê Chân", "on": "2026-02-23", "document_number": "86/UBND-VP"})
}

fn answer() -> Value {
    json!({"answer": ANSWER, "on": "2026-02-27", "number": "12/CAP"})
}

fn reason() -> Value {
    json!({"reason": "Đã có kết quả, không còn việc phải làm."})
}

/// A concern of somebody; its path.
#[track_caller]
fn record(by: &Client) -> String {
    format!("{ALL}/{}", by.post(ALL, &concern()).assert(201).id())
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

fn ids(list: &Reply) -> Vec<String> {
    let list = list.json();
    let items = list["items"].as_array().unwrap().iter();
    items
        .map(|one| one["id"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_concern_is_recorded_referred_answered_and_closed() {
    let app = TestApp::new();
    let (counsellor, supervisor) = (app.persona(Role::Counsellor), app.persona(Role::Supervisor));
    let made = counsellor.post(ALL, &concern()).assert(201);
    let path = format!("{ALL}/{}", made.id());
    assert_eq!(made.header("location"), format!("/api/v1{path}"));
    let seen = made.json();
    assert_eq!(
        (&seen["status"], &seen["version"]),
        (&json!("recorded"), &json!(1))
    );
    assert_eq!(seen["informed_on"], "2026-02-20");
    assert_eq!(seen["recorded_by"], json!(counsellor.id()));
    assert_eq!(seen["allowed_actions"], json!([]));
    assert_eq!(seen.get("text"), None);
    let seen = supervisor.get(&path).assert(200).json();
    assert_eq!(seen["text"], TEXT);
    assert_eq!(seen["allowed_actions"], json!(["refer", "close"]));
    let seen = supervisor.post(&format!("{path}/refer"), &referral());
    let seen = seen.assert(200).json();
    assert_eq!(seen["status"], "referred");
    assert_eq!(seen["referred_to"], "Công an phường Lê Chân");
    assert_eq!(seen["referred_on"], "2026-02-23");
    assert_eq!(seen["referral_number"], "86/UBND-VP");
    assert_eq!(seen["referred_by"], json!(supervisor.id()));
    assert_eq!(seen["allowed_actions"], json!(["record-answer", "close"]));
    let seen = supervisor.post(&format!("{path}/record-answer"), &answer());
    let seen = seen.assert(200).json();
    assert_eq!(
        (
            &seen["status"],
            &seen["answered_on"],
            &seen["answer_number"]
        ),
        (&json!("answered"), &json!("2026-02-27"), &json!("12/CAP"))
    );
    assert_eq!(seen["allowed_actions"], json!(["close"]));
    let seen = supervisor.post(&format!("{path}/close"), &reason());
    let seen = seen.assert(200).json();
    assert_eq!(
        (&seen["status"], &seen["version"], &seen["closed_by"]),
        (&json!("closed"), &json!(4), &json!(supervisor.id()))
    );
    assert_eq!(
        (seen.get("answer"), seen.get("closed_reason")),
        (None, None)
    );
    let whole = supervisor.get(&path).assert(200).json();
    assert_eq!(whole["answer"], ANSWER);
    assert_eq!(whole["closed_reason"], reason()["reason"]);
}

#[test]
fn whoever_recorded_a_concern_reads_what_they_wrote_and_where_it_stands() {
    let app = TestApp::new();
    let supervisor = app.persona(Role::Supervisor);
    for role in [
        Role::Counsellor,
        Role::LegalAidIntake,
        Role::Organiser,
        Role::Contributor,
    ] {
        let recorder = app.persona(role);
        let path = record(&recorder);
        supervisor
            .post(&format!("{path}/refer"), &referral())
            .assert(200);
        supervisor
            .post(&format!("{path}/record-answer"), &answer())
            .assert(200);
        let own = recorder.get(&path).assert(200).json();
        assert_eq!(
            (&own["text"], &own["status"]),
            (&json!(TEXT), &json!("answered"))
        );
        for hidden in [
            "answer",
            "closed_reason",
            "referred_to",
            "referred_on",
            "referral_number",
            "referred_by",
            "answered_on",
            "answer_number",
        ] {
            assert_eq!(own[hidden], Value::Null, "{hidden}");
        }
        assert_eq!(own["allowed_actions"], json!([]));
        recorder
            .post(&format!("{path}/close"), &reason())
            .assert(403);
    }
    assert_eq!(logged(&app, "concern.read"), 4);
    supervisor.get(ALL).assert(200);
    assert_eq!(logged(&app, "concern.read"), 4);
    assert_eq!(logged(&app, "concern.record"), 4);
}

#[test]
fn a_concern_of_another_is_missing_for_all_but_supervisors() {
    let app = TestApp::new();
    let abroad = app.add_office("khac");
    let path = record(&app.persona(Role::Counsellor));
    for stranger in [
        app.persona(Role::Counsellor),
        app.persona(Role::LegalAidIntake),
        app.persona_of(abroad, &[Role::Supervisor]),
        app.persona_of(abroad, &[Role::Counsellor]),
    ] {
        stranger.get(&path).assert(404);
        stranger
            .post(&format!("{path}/refer"), &referral())
            .assert(404);
        stranger
            .post(&format!("{path}/record-answer"), &answer())
            .assert(404);
        stranger
            .post(&format!("{path}/close"), &reason())
            .assert(404);
        let list = stranger.get("/concerns?include=total").assert(200).json();
        assert_eq!((&list["items"], &list["total"]), (&json!([]), &json!(0)));
    }
    for role in [Role::Organiser, Role::Contributor] {
        let stranger = app.persona(role);
        stranger.get(&path).assert(404);
        stranger
            .post(&format!("{path}/refer"), &referral())
            .assert(403);
    }
    for role in [
        Role::Administrator,
        Role::Reporter,
        Role::Auditor,
        Role::Family,
    ] {
        let stranger = app.persona(role);
        stranger.get(ALL).assert(403);
        stranger.get(&path).assert(403);
        stranger.post(ALL, &concern()).assert(403);
        stranger
            .post(&format!("{path}/close"), &reason())
            .assert(403);
    }
}

#[test]
fn a_step_out_of_its_order_is_refused_with_what_may_be_done() {
    let app = TestApp::new();
    let supervisor = app.persona(Role::Supervisor);
    let path = record(&supervisor);
    let act = |verb: &str| {
        let body = match verb {
            "refer" => referral(),
            "record-answer" => answer(),
            _ => reason(),
        };
        supervisor.post(&format!("{path}/{verb}"), &body)
    };
    let refused = |verb: &str, current: &str, allowed: Value| {
        let body = act(verb).assert(409).problem("action-not-allowed");
        assert_eq!(
            (&body["current"], &body["action"]),
            (&json!(current), &json!(verb))
        );
        assert_eq!(body["allowed_actions"], allowed);
    };
    refused("record-answer", "recorded", json!(["refer", "close"]));
    act("refer").assert(200);
    refused("refer", "referred", json!(["record-answer", "close"]));
    act("record-answer").assert(200);
    refused("refer", "answered", json!(["close"]));
    refused("record-answer", "answered", json!(["close"]));
    act("close").assert(200);
    for verb in ["refer", "record-answer", "close"] {
        refused(verb, "closed", json!([]));
    }
    // What is none is closed at once, and so is what was referred and is not answered.
    for is_referred in [false, true] {
        let path = record(&supervisor);
        if is_referred {
            supervisor
                .post(&format!("{path}/refer"), &referral())
                .assert(200);
        }
        supervisor
            .post(&format!("{path}/close"), &reason())
            .assert(200);
    }
}

#[test]
fn nobody_decides_about_a_concern_that_changed_meanwhile() {
    let app = TestApp::new();
    let supervisor = app.persona(Role::Supervisor);
    let path = record(&supervisor);
    let seen = supervisor.get(&path).assert(200);
    let refer = format!("{path}/refer");
    supervisor
        .having_seen(&seen)
        .post(&refer, &referral())
        .assert(200);
    let close = format!("{path}/close");
    let stale = supervisor.having_seen(&seen).post(&close, &reason());
    stale.assert(412).problem("stale-version");
    supervisor.post(&close, &reason()).assert(200);
}

#[test]
fn what_is_written_of_a_concern_is_checked() {
    let app = TestApp::new();
    let supervisor = app.persona(Role::Supervisor);
    let mut wrong = concern();
    wrong["informed_on"] = json!("2026-03-02");
    wrong["text"] = json!(" ");
    let refused = supervisor.post(ALL, &wrong).assert(422);
    refused.violates("/informed_on", "in-the-future");
    refused.violates("/text", "required");
    wrong["text"] = json!("a".repeat(4001));
    supervisor
        .post(ALL, &wrong)
        .assert(422)
        .violates("/text", "too-long");
    wrong["topic"] = json!("khac");
    let refused = supervisor.post(ALL, &wrong).assert(422);
    refused.violates("/topic", "wrong-shape");
    let today = json!({"topic": "other", "source": "media", "text": "Tin trên báo"});
    let made = supervisor.post(ALL, &today).assert(201).json();
    assert_eq!(made["informed_on"], "2026-03-01");

    let path = record(&supervisor);
    let refer = format!("{path}/refer");
    let wrong = json!({"to": "", "on": "2026-03-02", "document_number": ""});
    let refused = supervisor.post(&refer, &wrong).assert(422);
    refused.violates("/to", "required");
    refused.violates("/on", "in-the-future");
    refused.violates("/document_number", "required");
    let mut early = referral();
    early["on"] = json!("2026-02-19");
    let refused = supervisor.post(&refer, &early).assert(422);
    refused.violates("/on", "order-invalid");
    supervisor.post(&refer, &referral()).assert(200);
    let mut early = answer();
    early["on"] = json!("2026-02-22");
    let record = format!("{path}/record-answer");
    let refused = supervisor.post(&record, &early).assert(422);
    refused.violates("/on", "order-invalid");
    let refused = supervisor.post(&format!("{path}/close"), &json!({"reason": ""}));
    refused.assert(422).violates("/reason", "required");
}

#[test]
fn concerns_are_listed_newest_first_by_what_they_are() {
    let app = TestApp::new();
    let (counsellor, supervisor) = (app.persona(Role::Counsellor), app.persona(Role::Supervisor));
    let first = record(&counsellor);
    let mut other = concern();
    other["topic"] = json!("forged_documents");
    other["source"] = json!("letter");
    other["informed_on"] = json!("2026-02-25");
    let second = format!("{ALL}/{}", supervisor.post(ALL, &other).assert(201).id());
    supervisor
        .post(
            &format!("{second}/refer"),
            &json!({
                "to": "Sở Tư pháp", "on": "2026-02-26", "document_number": "1",
            }),
        )
        .assert(200);
    let found = |by: &Client, query: &str| {
        let list = by.get(&format!("{ALL}{query}")).assert(200);
        assert!(!list.json().to_string().contains("Bí Mật"), "{query}");
        let found: Vec<String> = ids(&list).iter().map(|id| format!("{ALL}/{id}")).collect();
        found
    };
    assert_eq!(found(&supervisor, ""), [second.clone(), first.clone()]);
    assert_eq!(found(&counsellor, ""), slice::from_ref(&first));
    for (query, wanted) in [
        ("?topic=forged_documents", &second),
        ("?source=counselling", &first),
        ("?status=recorded", &first),
        ("?status=referred&source=letter", &second),
        ("?from=2026-02-21", &second),
        ("?to=2026-02-24", &first),
    ] {
        assert_eq!(
            found(&supervisor, query),
            slice::from_ref(wanted),
            "{query}"
        );
    }
    assert_eq!(found(&supervisor, "?status=closed").len(), 0);
    assert_eq!(
        found(&supervisor, "?updated_since=2026-03-02T00:00:00Z").len(),
        0
    );
    let page = supervisor
        .get("/concerns?limit=1&include=total")
        .assert(200);
    assert_eq!(page.json()["total"], 2);
    let cursor = page.json()["next_cursor"].as_str().unwrap().to_owned();
    let rest = format!("?limit=1&include=total&cursor={cursor}");
    assert_eq!(found(&supervisor, &rest), [first]);
    let refused = supervisor.get("/concerns?from=2026-02-02&to=2026-02-01");
    refused.assert(422).violates("to", "order-invalid");
}

#[test]
fn concerns_are_counted_and_nothing_else_is_told_of_them() {
    let app = TestApp::new();
    let (reporter, supervisor) = (app.persona(Role::Reporter), app.persona(Role::Supervisor));
    record(&supervisor);
    let referred = record(&supervisor);
    supervisor
        .post(&format!("{referred}/refer"), &referral())
        .assert(200);
    let mut other = concern();
    other["topic"] = json!("forged_documents");
    other["source"] = json!("desk");
    supervisor.post(ALL, &other).assert(201);
    let days = "from=2026-02-01&to=2026-02-28";
    let counted = |group: &str| {
        let path = format!("/concerns/counts?{days}{group}");
        let counts = reporter.get(&path).assert(200).json();
        assert_eq!(counts, supervisor.get(&path).assert(200).json());
        let rows = counts["rows"].as_array().unwrap().iter();
        let row = |one: &Value| {
            let key = one["key"].as_str().unwrap().to_owned();
            (key, one["concerns"].as_i64().unwrap())
        };
        let rows: Vec<(String, i64)> = rows.map(row).collect();
        assert_eq!(counts["total"]["concerns"], 3);
        assert_eq!(rows.iter().map(|row| row.1).sum::<i64>(), 3, "{group}");
        (counts, rows)
    };
    let row = |key: &str, count: i64| (key.to_owned(), count);
    let (counts, rows) = counted("");
    assert_eq!(
        rows,
        [
            row("forged_documents", 1),
            row("improper_financial_gain", 2)
        ]
    );
    assert_eq!(counts["group_by"], "topic");
    assert_eq!(
        counts["rows"][1],
        json!({
            "key": "improper_financial_gain", "recorded": 1, "referred": 1, "answered": 0,
            "closed": 0, "concerns": 2,
        })
    );
    assert_eq!(counted("&group_by=topic").1, rows);
    let rows = counted("&group_by=source").1;
    assert_eq!(rows, [row("counselling", 2), row("desk", 1)]);
    let rows = counted("&group_by=status").1;
    assert_eq!(rows, [row("recorded", 2), row("referred", 1)]);
}

#[test]
fn counts_are_of_a_period_and_for_reporters_and_supervisors_alone() {
    let app = TestApp::new();
    let reporter = app.persona(Role::Reporter);
    record(&app.persona(Role::Organiser));
    let days = "from=2026-02-01&to=2026-02-28";
    let year = reporter
        .get("/concerns/counts?year=2026")
        .assert(200)
        .json();
    assert_eq!(year["total"]["concerns"], 1);
    let none = reporter.get("/concerns/counts?from=2026-01-01&to=2026-01-31");
    let none = none.assert(200).json();
    assert_eq!(
        (&none["rows"], &none["total"]["concerns"]),
        (&json!([]), &json!(0))
    );
    let abroad = app.persona_of(app.add_office("khac"), &[Role::Reporter]);
    let none = abroad.get(&format!("/concerns/counts?{days}")).assert(200);
    assert_eq!(none.json()["total"]["concerns"], 0);
    for role in Role::ALL {
        if ![Role::Reporter, Role::Supervisor].contains(role) {
            app.persona(*role)
                .get(&format!("/concerns/counts?{days}"))
                .assert(403);
        }
    }
    for (query, name, code) in [
        ("", "from", "required"),
        ("?from=2026-02-02&to=2026-02-01", "to", "order-invalid"),
        ("?from=2026-01-01&to=2026-02-01&year=2026", "year", "one-of"),
    ] {
        let refused = reporter.get(&format!("/concerns/counts{query}"));
        refused.assert(422).violates(name, code);
    }
}

#[test]
fn whoever_stands_in_for_a_supervisor_refers_what_another_recorded() {
    let app = TestApp::new();
    let (supervisor, colleague) = (app.persona(Role::Supervisor), app.persona(Role::Counsellor));
    let theirs = record(&app.persona(Role::LegalAidIntake));
    let own = record(&colleague);
    colleague.get(&theirs).assert(404);
    let stand_in = json!({
        "from_user": supervisor.id(), "to_user": colleague.id(),
        "duty": "supervise_counselling", "starts_on": "2026-03-01", "ends_on": "2026-03-05",
    });
    let made = supervisor.post("/delegations", &stand_in).assert(201);
    let seen = colleague.get(&theirs).assert(200).json();
    assert_eq!(seen["text"], TEXT);
    assert_eq!(seen["allowed_actions"], json!(["refer", "close"]));
    let keyed = colleague.with("Idempotency-Key", "chuyen-mot");
    let refer = format!("{theirs}/refer");
    keyed.post(&refer, &referral()).assert(200);
    let again = keyed.post(&refer, &referral()).assert(200);
    assert_eq!(again.header("idempotency-replayed"), "true");
    // Nobody decides in another's place about their own.
    let seen = colleague.get(&own).assert(200).json();
    assert_eq!(seen["allowed_actions"], json!([]));
    colleague
        .post(&format!("{own}/refer"), &referral())
        .assert(403);
    // What one no longer sees is not told again.
    let revoke = format!("/delegations/{}/revoke", made.id());
    supervisor.act(&revoke).assert(200);
    keyed.post(&refer, &referral()).assert(404);
    colleague.get(&theirs).assert(404);
    colleague.get(&own).assert(200);
}

#[test]
fn a_new_concern_waits_for_the_supervisors_until_it_is_referred_or_closed() {
    let app = TestApp::new();
    let (counsellor, supervisor) = (app.persona(Role::Counsellor), app.persona(Role::Supervisor));
    let waiting = || {
        let list = supervisor.get("/work-items?kind=concern-to-refer&done=false");
        list.assert(200).json()["items"].as_array().unwrap().len()
    };
    let paths = [record(&counsellor), record(&counsellor)];
    assert_eq!(waiting(), 2);
    let mails = app.messages();
    assert_eq!(mails.len(), 2);
    for mail in mails {
        assert_eq!(
            (mail.kind.as_str(), &mail.address),
            ("work_new", &supervisor.email)
        );
        assert!(
            !serde_json::to_string(&mail.content)
                .unwrap()
                .contains("Bí Mật")
        );
    }
    supervisor
        .post(&format!("{}/refer", paths[0]), &referral())
        .assert(200);
    assert_eq!(waiting(), 1);
    supervisor
        .post(&format!("{}/close", paths[1]), &reason())
        .assert(200);
    assert_eq!(waiting(), 0);
}

#[test]
fn the_log_of_concerns_tells_ids_and_states() {
    let app = TestApp::new();
    let supervisor = app.persona(Role::Supervisor);
    let path = record(&supervisor);
    for (verb, body) in [
        ("refer", referral()),
        ("record-answer", answer()),
        ("close", reason()),
    ] {
        supervisor
            .post(&format!("{path}/{verb}"), &body)
            .assert(200);
    }
    let facts: Vec<(String, String)> = app.query(|conn| {
        audit_events::table
            .filter(audit_events::object_kind.eq("concern"))
            .order(audit_events::id)
            .select((audit_events::action, audit_events::facts))
            .load(conn)
    });
    let line =
        |action: &str, status: &str| (action.to_owned(), json!({"status": status}).to_string());
    let wanted = [
        line("concern.record", "recorded"),
        line("concern.refer", "referred"),
        line("concern.answer", "answered"),
        line("concern.close", "closed"),
    ];
    assert_eq!(facts, wanted);
}

#[test]
fn an_erased_concern_tells_nothing_and_is_counted_still() {
    let app = TestApp::new();
    let supervisor = app.persona(Role::Supervisor);
    let path = record(&supervisor);
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
        (&Value::Null, &json!("recorded"))
    );
    assert_eq!(logged(&app, "concern.read"), 0);
    let counts = supervisor.get("/concerns/counts?from=2026-02-01&to=2026-02-28");
    assert_eq!(counts.assert(200).json()["total"]["concerns"], 1);
}
