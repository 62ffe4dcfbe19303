//! Who is told of an alert, when, and who is next.

use chrono::TimeDelta;
use diesel::prelude::*;
use hai_dang::db::schema::{messages, offices};
use hai_dang::identity::Role;
use hai_dang::kernel::Timestamp;
use hai_dang::office::risk_alert::background::escalate;
use serde_json::{Value, json};

use super::alerts::{TEXT, logged, mail, raise, told};
use super::duties::{disable, put_on_duty};
use crate::support::{Client, TestApp};

fn run(app: &TestApp) -> usize {
    escalate(&app.platform).unwrap()
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
    assert_eq!(mails.len(), 4);
    assert!(
        mails.contains(&mail("stand_in", &stand_in)),
        "that they stand in"
    );
    assert!(mails.contains(&mail("risk_flag", &stand_in)));
    stand_in.act(&format!("{before}/acknowledge")).assert(200);
}

#[test]
fn an_office_that_cannot_be_read_holds_up_no_other() {
    let app = TestApp::new();
    let broken = app.add_office("hong");
    raise(&app.persona_of(broken, &[Role::Counsellor]));
    app.clock.advance(TimeDelta::seconds(1));
    let supervisor = app.persona(Role::Supervisor);
    raise(&supervisor);
    app.change(move |conn| {
        diesel::update(offices::table.find(broken))
            .set(offices::settings.eq("["))
            .execute(conn)?;
        Ok(())
    });
    app.clock.advance(TimeDelta::minutes(31));
    assert!(escalate(&app.platform).is_err());
    assert_eq!(told(&app)[1..], [mail("risk_escalated", &supervisor)]);
}
