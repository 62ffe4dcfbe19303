//! What goes wrong while a message is on its way.

use std::io::{Write, copy};
use std::net::{Shutdown, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use super::workers::{queue, wait};
use super::*;
use diesel::connection::SimpleConnection;
use hai_dang::db;

const HOA: &str = "tran.thi.hoa@example.vn";
const TOLD: &str = "session_confirmation";

/// A relay that keeps its first caller waiting and lets every other through to a mail server.
struct Gate {
    port: u16,
    first: Receiver<TcpStream>,
}

impl Gate {
    fn before(sink: &Sink) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (hold, first) = channel();
        let behind = sink.port;
        std::thread::spawn(move || {
            let mut calls = listener.incoming().map(Result::unwrap);
            if let Some(call) = calls.next() {
                hold.send(call).unwrap();
            }
            calls.for_each(|call| forward(&call, behind));
        });
        Self { port, first }
    }
}

/// Joins a caller to the mail server on a port.
fn forward(call: &TcpStream, port: u16) {
    let server = TcpStream::connect(("127.0.0.1", port)).unwrap();
    for (from, to) in [(call, &server), (&server, call)] {
        let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
        std::thread::spawn(move || {
            // Either side may hang up at any time; the other is then told so.
            let _ended = copy(&mut from, &mut to).and_then(|_bytes| to.flush());
            let _gone = to.shutdown(Shutdown::Write);
        });
    }
}

/// A step on a thread of its own, and the connection of the message that it has under way.
fn stuck(app: &TestApp, sink: &Sink) -> (JoinHandle<db::Result<usize>>, TcpStream) {
    let gate = Gate::before(sink);
    let room = mailroom(app, &url(gate.port));
    let step = std::thread::spawn(move || room.step());
    let wall = Duration::from_secs(20);
    (step, gate.first.recv_timeout(wall).unwrap())
}

#[track_caller]
fn until(mut is_so: impl FnMut() -> bool) {
    for _turn in 0..1_000 {
        if is_so() {
            return;
        }
        wait(Duration::from_millis(20));
    }
    panic!("it did not come about");
}

/// A world in which one confirmation is queued, and its session.
fn confirmed() -> (World, Value) {
    let world = morning();
    let session = world.publish(&world.body(72));
    world.register(&session, "Trần Thị Hoa");
    (world, session)
}

#[test]
fn a_recipient_that_hangs_holds_up_nobody_else() {
    let app = TestApp::new();
    queue(&app, 20);
    let sink = Sink::new("ok");
    let (step, held) = stuck(&app, &sink);
    until(|| sink.ids("accepted").len() == 19);
    assert!(!step.is_finished());
    drop(held);
    assert_eq!(step.join().unwrap().unwrap(), 20);
    wait_for_retry(&app);
    assert_eq!(drain(&mailroom(&app, &sink.url())), 1);
    assert_all_sent(&app);
    assert_eq!(sink.ids("accepted"), message_ids(&app));
}

#[test]
fn what_is_withdrawn_on_its_way_is_not_tried_again() {
    let (world, session) = confirmed();
    let sink = Sink::new("ok");
    let (step, held) = stuck(&world.app, &sink);
    world.act(&session, "cancel", &json!({"reason": "Mưa bão"}));
    drop(held);
    step.join().unwrap().unwrap();
    assert_eq!(states(&world.app, TOLD, HOA), ["cancelled"]);
    wait_for_retry(&world.app);
    drain(&mailroom(&world.app, &sink.url()));
    assert_eq!(states(&world.app, TOLD, HOA), ["cancelled"]);
    assert_eq!(states(&world.app, "session_cancelled", HOA), ["sent"]);
    assert_eq!(sink.mails(HOA).len(), 1);
}

#[test]
fn what_left_although_it_was_withdrawn_is_shown_as_sent() {
    let (world, session) = confirmed();
    let sink = Sink::new("ok");
    let (step, held) = stuck(&world.app, &sink);
    world.act(&session, "cancel", &json!({"reason": "Mưa bão"}));
    assert_eq!(states(&world.app, TOLD, HOA), ["cancelled"]);
    forward(&held, sink.port);
    step.join().unwrap().unwrap();
    assert_eq!(states(&world.app, TOLD, HOA), ["sent"]);
}

#[test]
fn storage_that_is_away_for_a_moment_makes_nothing_come_twice() {
    let app = TestApp::new();
    join(&app, "an@example.vn");
    let sink = Sink::new("ok");
    let (step, held) = stuck(&app, &sink);
    app.change(|conn| Ok(conn.batch_execute("ALTER TABLE messages RENAME TO away")?));
    forward(&held, sink.port);
    until(|| sink.ids("accepted").len() == 1);
    // Long enough for the first try to settle to fail.
    wait(Duration::from_secs(1));
    app.change(|conn| Ok(conn.batch_execute("ALTER TABLE away RENAME TO messages")?));
    // The other senders may have looked while the table was away.
    let _any = step.join().unwrap();
    assert_all_sent(&app);
    assert_eq!(drain(&mailroom(&app, &sink.url())), 0);
    assert_eq!(sink.ids("accepted"), message_ids(&app));
}

#[test]
fn the_three_days_begin_with_the_first_try() {
    let app = TestApp::new();
    queue(&app, 2);
    let room = mailroom(&app, &url(free_port()));
    let state = || states(&app, "verify_email", "an1@example.vn").remove(0);
    // Nobody worked for four days.
    for (hours, after) in [(96, "queued"), (71, "queued"), (2, "failed")] {
        app.clock.advance(TimeDelta::hours(hours));
        drain(&room);
        assert_eq!(state(), after, "{hours} hours later");
    }
    let failed = standings(&app)
        .into_iter()
        .find(|one| one.state == "failed");
    let path = format!("/notifications/{}/retry", failed.unwrap().id);
    app.persona(Role::Administrator).act(&path).assert(200);
    drain(&room);
    assert_eq!(state(), "queued");
}
