//! Several workers over one database.

use std::sync::mpsc::channel;
use std::time::Duration;

use super::*;
use crate::plans;
use crate::support::database::is_postgres;
use hai_dang::counselling::background;
use hai_dang::db::{Db, DbConfig};
use hai_dang::kernel::Language;
use hai_dang::mail::message::{MessageClass, NewMessage};
use hai_dang::mail::outbox;
use hai_dang::office::risk_alert;

/// Queues this many mails to as many people, each saying what the first one says.
pub(super) fn queue(app: &TestApp, count: usize) {
    join(app, "an@example.vn");
    let first = app.messages().remove(0);
    let (office, now) = (app.office, app.now());
    let keys = Arc::clone(&app.platform.keys);
    app.change(move |conn| {
        for number in 1..count {
            let address = format!("an{number}@example.vn");
            let message = NewMessage {
                kind: "verify_email",
                class: MessageClass::Account,
                office,
                user: None,
                address: Some(&address),
                language: Language::Vi,
                object_kind: "user",
                object: uuid::Uuid::nil(),
                object_version: 1,
                content: first.content.clone(),
                dedupe_key: format!("test:{number}"),
                not_before: now,
                expires_at: None,
            };
            outbox::enqueue(conn, &keys, now, &message, &[])?;
        }
        Ok(())
    });
}

/// The database of an application, opened once more where the engine allows two of them.
fn again(app: &TestApp) -> Db {
    if !is_postgres() {
        return app.platform.db.clone();
    }
    let url = app.database.url.clone();
    Db::open(&DbConfig { url, pool_size: 6 }).unwrap()
}

pub(super) fn wait(time: Duration) {
    // Nothing is ever sent: the channel is the clock.
    let (_held, never) = channel::<()>();
    assert!(never.recv_timeout(time).is_err());
}

#[test]
fn two_workers_send_everything_exactly_once() {
    let app = TestApp::new();
    let count = if is_full() { 2000 } else { 200 };
    queue(&app, count);
    let sink = Sink::new("ok");
    let one = mailroom(&app, &sink.url());
    let other = Mailroom {
        db: again(&app),
        ..mailroom(&app, &sink.url())
    };
    let work = |room: Mailroom| move || drain(&room);
    let taken = std::thread::scope(|scope| {
        let both = [scope.spawn(work(one)), scope.spawn(work(other))];
        both.map(|worker| worker.join().unwrap())
    });
    assert_eq!(taken[0] + taken[1], count, "{taken:?}");
    assert_all_sent(&app);
    assert!(standings(&app).iter().all(|one| one.attempts == 1));
    assert_eq!(sink.ids("accepted"), message_ids(&app));
}

#[test]
fn a_worker_that_outlived_its_lease_settles_nothing() {
    let app = TestApp::new();
    join(&app, "an@example.vn");
    // The server greets slowly and then refuses, while another worker is quicker.
    let slow = Sink::new("slow");
    let late = mailroom(&app, &slow.url());
    let worker = std::thread::spawn(move || late.step().unwrap());
    while states(&app, "verify_email", "an@example.vn") != ["sending"] {
        wait(Duration::from_millis(20));
    }
    wait(Duration::from_secs(2));
    slow.turn("refuse");
    let quick = Sink::new("ok");
    let room = mailroom(&app, &quick.url());
    assert_eq!(drain(&room), 0, "the lease holds");
    let over = app.now().minus(TimeDelta::days(3650));
    app.change(move |conn| {
        let lease = diesel::update(messages::table).set(messages::lease_until.eq(over));
        Ok(lease.execute(conn)?)
    });
    assert_eq!(drain(&room), 1);
    assert_all_sent(&app);
    assert_eq!(worker.join().unwrap(), 1);
    // The refusal came later and counts for nothing.
    assert_all_sent(&app);
    assert_eq!(mark(&app, "an@example.vn"), None);
    assert_eq!(standings(&app)[0].attempts, 2);
    assert_eq!(quick.ids("accepted"), message_ids(&app));
    assert!(slow.log().is_empty());
}

#[test]
fn the_next_mail_is_found_without_going_through_those_that_went() {
    plans::listen();
    let app = TestApp::embedded();
    join(&app, "an@example.vn");
    let sink = Sink::new("ok");
    let room = mailroom(&app, &sink.url());
    let (sent, heard) = plans::heard(&app, || drain(&room));
    assert_eq!(sent, 1);
    let of_mails = heard.iter().filter(|one| one.contains("next_attempt_at"));
    let plans: Vec<String> = of_mails.map(|one| plans::plan(&app, one)).collect();
    assert!(!plans.is_empty());
    for plan in plans {
        assert!(plan.contains("ix_messages_due"), "{plan}");
    }
}

#[test]
fn what_is_due_by_itself_is_found_along_its_index() {
    plans::listen();
    let app = TestApp::embedded();
    let platform = app.platform.clone().into_inner();
    let look = |work: &dyn Fn(), at: &str, index: &str| {
        let ((), heard) = plans::heard(&app, work);
        let of_it: Vec<&String> = heard.iter().filter(|one| one.contains(at)).collect();
        assert!(!of_it.is_empty(), "{at}");
        for one in of_it {
            let plan = plans::plan(&app, one);
            assert!(plan.contains(index), "{one}: {plan}");
        }
    };
    let expire = || assert_eq!(background::expire(&platform).unwrap(), 0);
    look(
        &expire,
        "counselling_appointments.status = 'requested'",
        "ix_counselling_appointments_expires",
    );
    let escalate = || assert_eq!(risk_alert::background::escalate(&platform).unwrap(), 0);
    look(
        &escalate,
        "risk_alerts.status = 'open'",
        "ix_risk_alerts_escalate",
    );
}
