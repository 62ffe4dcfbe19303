//! Standing in: who lets whom, from when to when, and what it opens.

use chrono::{NaiveDate, TimeDelta};
use hai_dang::identity::{Role, UserId};
use hai_dang::office::delegation::{self, Duty};
use hai_dang::office::work_item::{self, NewWorkItem, WorkItemId, WorkItemKind};
use serde_json::{Value, json};

use super::duties::disable;
use crate::support::{Client, TestApp};

const DUTY: Duty = Duty::SuperviseCounselling;

fn body(from: Option<UserId>, to: UserId, starts_on: &str, ends_on: &str) -> Value {
    json!({
        "from_user": from, "to_user": to, "duty": "supervise_counselling",
        "starts_on": starts_on, "ends_on": ends_on,
    })
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn holders(app: &TestApp, from: UserId, on: &str) -> Vec<UserId> {
    let (office, on) = (app.office, day(on));
    let read = app
        .platform
        .db
        .read_now(|conn| delegation::holders(conn, office, from, DUTY, on));
    read.unwrap()
}

fn acts_for(app: &TestApp, user: UserId, on: &str) -> Vec<UserId> {
    let on = day(on);
    let read = app
        .platform
        .db
        .read_now(|conn| delegation::acts_for(conn, user, DUTY, on));
    read.unwrap()
}

#[test]
fn a_stand_in_counts_from_its_first_day_to_its_last() {
    let app = TestApp::new();
    let supervisor = app.persona(Role::Supervisor);
    let counsellor = app.persona(Role::Counsellor);
    let (from, to) = (supervisor.id(), counsellor.id());
    let wanted = body(Some(from), to, "2026-03-02", "2026-03-05");
    let made = supervisor.post("/delegations", &wanted).assert(201);
    let path = format!("/delegations/{}", made.id());
    assert_eq!(made.header("location"), format!("/api/v1{path}"));
    assert_eq!(made.json()["state"], "planned");
    assert_eq!(made.json()["allowed_actions"], json!(["revoke"]));
    for (on, counts) in [
        ("2026-03-01", false),
        ("2026-03-02", true),
        ("2026-03-05", true),
        ("2026-03-06", false),
    ] {
        let (wanted, wanted_from) = if counts {
            (vec![to], vec![from])
        } else {
            (vec![], vec![])
        };
        assert_eq!(holders(&app, from, on), wanted, "{on}");
        assert_eq!(acts_for(&app, to, on), wanted_from, "{on}");
        let listed = supervisor.get(&format!("/delegations?on={on}"));
        let listed = listed.assert(200).json();
        assert_eq!(listed["items"].as_array().unwrap().len(), wanted.len());
    }
    let ended = supervisor.act(&format!("{path}/revoke")).assert(200);
    assert_eq!(ended.json()["state"], "revoked");
    assert_eq!(ended.json()["revoked_by"], json!(from));
    assert!(holders(&app, from, "2026-03-03").is_empty());
    let again = supervisor.act(&format!("{path}/revoke")).assert(409);
    assert_eq!(again.problem("action-not-allowed")["current"], "revoked");
    let auditor = app.persona(Role::Auditor);
    let log = auditor.get("/audit-events?object_kind=delegation");
    let log = log.assert(200).json();
    assert_eq!(log["items"][0]["action"], "delegation.revoke");
    assert_eq!(log["items"][1]["action"], "delegation.create");
    assert_eq!(log["items"][1]["facts"]["to"], json!(to));
}

#[test]
fn nobody_is_let_stand_in_twice_for_one_day() {
    let app = TestApp::new();
    let supervisor = app.persona(Role::Supervisor);
    let colleague = app.persona(Role::Supervisor);
    let counsellor = app.persona(Role::Counsellor);
    let (me, to) = (supervisor.id(), counsellor.id());
    let first = body(Some(me), to, "2026-03-02", "2026-03-05");
    let made = supervisor.post("/delegations", &first).assert(201).id();
    for (starts_on, ends_on) in [("2026-03-02", "2026-03-05"), ("2026-03-05", "2026-03-09")] {
        let twin = body(Some(me), to, starts_on, ends_on);
        let twin = supervisor.post("/delegations", &twin);
        twin.assert(422).violates("/starts_on", "repeated");
    }
    // Another's place, and other days, are another matter.
    let other = body(Some(colleague.id()), to, "2026-03-02", "2026-03-05");
    supervisor.post("/delegations", &other).assert(201);
    let later = body(Some(me), to, "2026-03-06", "2026-03-09");
    supervisor.post("/delegations", &later).assert(201);
    let path = format!("/delegations/{made}/revoke");
    supervisor.act(&path).assert(200);
    // Whoever stands in is told so by its code alone, and of what they were not told yet nothing more.
    let seen = counsellor.get(&format!("/delegations/{made}")).assert(200);
    let code = seen.json()["code"].clone();
    let mut told = app.mails("stand_in", &counsellor.email);
    told.retain(|mail| mail.content.values["code"] == code);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].content.values["from"], "02/03/2026");
    assert!(holders(&app, me, "2026-03-03").is_empty());
    supervisor.post("/delegations", &first).assert(201);
}

#[test]
fn both_who_were_told_of_a_stand_in_are_told_when_it_ends() {
    let app = TestApp::new();
    let supervisor = app.persona(Role::Supervisor);
    let counsellor = app.persona(Role::Counsellor);
    let away = app.persona(Role::Supervisor);
    let to = counsellor.id();
    let first = body(Some(away.id()), to, "2026-03-02", "2026-03-05");
    let made = supervisor.post("/delegations", &first).assert(201).id();
    app.all_sent();
    supervisor
        .act(&format!("/delegations/{made}/revoke"))
        .assert(200);
    for (who, is_theirs) in [(&counsellor, false), (&away, true)] {
        let told = app.mails("stand_in", &who.email);
        let told = told.iter().map(|mail| &mail.content.values);
        let told: Vec<_> = told
            .map(|values| (values["theirs"] == true, values["over"] == true))
            .collect();
        assert_eq!(told, [(is_theirs, false), (is_theirs, true)]);
    }
}

#[test]
fn who_left_or_lost_the_role_stands_in_no_more() {
    let app = TestApp::new();
    let supervisor = app.persona(Role::Supervisor);
    let counsellor = app.persona(Role::Counsellor);
    let from = supervisor.id();
    let wanted = body(Some(from), counsellor.id(), "2026-03-01", "2026-03-05");
    supervisor.post("/delegations", &wanted).assert(201);
    assert_eq!(holders(&app, from, "2026-03-01").len(), 1);
    disable(&app, &counsellor);
    assert!(holders(&app, from, "2026-03-01").is_empty());
    assert!(acts_for(&app, counsellor.id(), "2026-03-01").is_empty());
}

#[test]
fn every_rule_of_a_delegation_is_told() {
    let app = TestApp::new();
    let other = app.add_office("khac");
    let supervisor = app.persona(Role::Supervisor);
    let counsellor = app.persona_of(app.office, &[Role::Counsellor, Role::Supervisor]);
    let foreign = app.persona_of(other, &[Role::Counsellor]);
    let organiser = app.persona(Role::Organiser);
    let (me, to) = (supervisor.id(), counsellor.id());
    let tomorrow = "2026-03-02";
    for (body, at, code) in [
        (
            body(Some(to), to, tomorrow, tomorrow),
            "/to_user",
            "own-stand-in",
        ),
        (body(None, to, tomorrow, tomorrow), "/from_user", "required"),
        (
            body(Some(me), foreign.id(), tomorrow, tomorrow),
            "/to_user",
            "unknown-reference",
        ),
        (
            body(Some(me), organiser.id(), tomorrow, tomorrow),
            "/to_user",
            "unknown-reference",
        ),
        (
            body(Some(organiser.id()), to, tomorrow, tomorrow),
            "/from_user",
            "unknown-reference",
        ),
        (
            body(Some(me), to, "2026-02-28", tomorrow),
            "/starts_on",
            "out-of-range",
        ),
        (
            body(Some(me), to, "2026-03-03", tomorrow),
            "/ends_on",
            "order-invalid",
        ),
        (
            body(Some(me), to, tomorrow, "2027-04-01"),
            "/ends_on",
            "out-of-range",
        ),
    ] {
        let refused = supervisor.post("/delegations", &body).assert(422);
        refused.violates(at, code);
    }
    let listed = supervisor.get("/delegations?include=total").assert(200);
    assert_eq!(listed.json()["total"], 0);
}

#[test]
fn an_administrator_delegates_only_while_no_supervisor_is_active() {
    let app = TestApp::new();
    let admin = app.persona(Role::Administrator);
    let counsellor = app.persona(Role::Counsellor);
    let to = counsellor.id();
    // Nobody was ever supervisor: the vacant duty is delegated.
    let vacant = body(None, to, "2026-03-01", "2026-03-31");
    let made = admin.post("/delegations", &vacant).assert(201);
    assert_eq!(made.json()["from_user"], Value::Null);
    let supervisor = app.persona(Role::Supervisor);
    let wanted = body(Some(supervisor.id()), to, "2026-03-01", "2026-03-31");
    let refused = admin.post("/delegations", &wanted).assert(409);
    refused.problem("supervisor-active");
    let path = format!("/delegations/{}", made.id());
    let seen = admin.get(&path).assert(200);
    assert_eq!(seen.json()["allowed_actions"], json!([]));
    let refused = admin.act(&format!("{path}/revoke")).assert(409);
    refused.problem("supervisor-active");
    counsellor.post("/delegations", &wanted).assert(403);
    counsellor.act(&format!("{path}/revoke")).assert(403);
    disable(&app, &supervisor);
    // Also what the supervisor who left did.
    admin.post("/delegations", &wanted).assert(201);
    admin.act(&format!("{path}/revoke")).assert(200);
}

#[test]
fn a_delegation_is_seen_by_those_it_names_and_those_who_delegate() {
    let app = TestApp::new();
    let other = app.add_office("khac");
    let supervisor = app.persona(Role::Supervisor);
    let (named, stranger) = (app.persona(Role::Counsellor), app.persona(Role::Counsellor));
    let wanted = body(
        Some(supervisor.id()),
        named.id(),
        "2026-03-01",
        "2026-03-02",
    );
    let made = supervisor.post("/delegations", &wanted).assert(201);
    let path = format!("/delegations/{}", made.id());
    let count = |client: &Client| {
        let list = client.get("/delegations").assert(200).json();
        list["items"].as_array().unwrap().len()
    };
    for client in [&supervisor, &named, &app.persona(Role::Administrator)] {
        client.get(&path).assert(200);
        assert_eq!(count(client), 1);
    }
    let foreign = app.persona_of(other, &[Role::Supervisor]);
    for client in [&stranger, &foreign] {
        client.get(&path).assert(404).problem("not-found");
        assert_eq!(count(client), 0);
    }
    foreign.act(&format!("{path}/revoke")).assert(404);
    app.persona(Role::Organiser).get("/delegations").assert(403);
}

#[test]
fn a_stand_in_sees_the_work_it_stands_in_for() {
    let app = TestApp::new();
    let supervisor = app.persona(Role::Supervisor);
    let (away, here) = (app.persona(Role::Counsellor), app.persona(Role::Counsellor));
    let (office, now) = (app.office, app.now());
    let item = |role, owner: Option<UserId>| {
        let subject = WorkItemId::new(now).uuid();
        app.change(move |conn| {
            let new = NewWorkItem {
                office,
                kind: WorkItemKind::TransferReceived,
                subject_kind: "counselling-case",
                subject,
                owner,
                role,
                due_at: None,
                once: "",
            };
            work_item::open(conn, now, &new)
        })
    };
    let for_supervisors = item(Some(Role::Supervisor), None);
    let of_colleague = item(None, Some(away.id()));
    let status = |id: WorkItemId| here.get(&format!("/work-items/{id}")).status;
    assert_eq!((status(for_supervisors), status(of_colleague)), (404, 404));
    let first = body(Some(supervisor.id()), here.id(), "2026-03-01", "2026-03-01");
    supervisor.post("/delegations", &first).assert(201);
    assert_eq!((status(for_supervisors), status(of_colleague)), (200, 404));
    let mut second = body(Some(away.id()), here.id(), "2026-03-01", "2026-03-01");
    second["duty"] = json!("counsel");
    supervisor.post("/delegations", &second).assert(201);
    assert_eq!((status(for_supervisors), status(of_colleague)), (200, 200));
    app.clock.advance(TimeDelta::days(1));
    let here = app.persona_of(office, &[Role::Counsellor]);
    let gone = here.get(&format!("/work-items/{for_supervisors}"));
    gone.assert(404);
}
