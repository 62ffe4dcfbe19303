//! One worker and a mail server in every mood.

use super::*;

/// Two people who asked for accounts.
fn two() -> TestApp {
    let app = TestApp::new();
    for email in ["an@example.vn", "binh@example.vn"] {
        join(&app, email);
    }
    app
}

/// Fails unless every message was sent and came once, under its own Message-ID.
#[track_caller]
fn assert_once(app: &TestApp, sink: &Sink) {
    assert_all_sent(app);
    assert_eq!(sink.ids("accepted"), message_ids(app));
}

#[test]
fn what_is_queued_comes_once_under_its_message_id() {
    let world = morning();
    let app = &world.app;
    let session = world.publish(&world.body(72));
    world.register(&session, "Trần Thị Hoa");
    join(app, "an@example.vn");
    let sink = Sink::new("ok");
    let room = mailroom(app, &sink.url());
    assert_eq!(drain(&room), 2);
    assert_eq!(drain(&room), 0);
    assert_once(app, &sink);
    let mail = &sink.mails("tran.thi.hoa@example.vn")[0];
    assert!(mail.contains("text/calendar") && mail.contains("image/png"));
    for line in sink.log() {
        assert_eq!(line["mail_from"], "moc@phuong.example");
    }
}

#[test]
fn session_mails_wait_for_the_end_of_the_quiet_hours() {
    let mut world = World::new();
    let session = world.publish(&world.body(72));
    world.register(&session, "Trần Thị Hoa");
    let sink = Sink::new("ok");
    let room = mailroom(&world.app, &sink.url());
    assert_eq!(drain(&room), 0);
    pass(&mut world, 8);
    assert_eq!(drain(&room), 1);
    assert_once(&world.app, &sink);
}

#[test]
fn a_server_that_is_down_loses_nothing_and_holds_nobody_up() {
    let app = two();
    let port = free_port();
    let room = mailroom(&app, &url(port));
    assert_eq!(drain(&room), 2);
    for one in standings(&app) {
        assert_eq!(one.state, "queued");
        assert_eq!(one.last_error.as_deref(), Some("smtp-connection"));
    }
    // Requests only write to the table.
    join(&app, "chi@example.vn");
    let sink = Sink::at(port, "ok");
    wait_for_retry(&app);
    drain(&room);
    assert_once(&app, &sink);
    assert_eq!(standings(&app).len(), 3);
}

#[test]
fn a_greylisted_mail_is_tried_again_after_its_wait_and_comes_once() {
    for mode in ["greylist", "greylist-data"] {
        let app = two();
        let sink = Sink::new(mode);
        let room = mailroom(&app, &sink.url());
        assert_eq!(drain(&room), 2);
        for one in standings(&app) {
            assert_eq!(one.state, "queued", "{one:?}");
            assert_eq!(one.last_error.as_deref(), Some("smtp-451"));
        }
        // The shortest first wait is eight seconds, the longest twelve.
        app.clock.advance(TimeDelta::seconds(7));
        assert_eq!(drain(&room), 0);
        app.clock.advance(TimeDelta::seconds(6));
        assert_eq!(drain(&room), 2);
        assert_once(&app, &sink);
        assert!(standings(&app).iter().all(|one| one.attempts == 2));
    }
}

#[test]
fn a_refused_recipient_bounces_until_an_administrator_tries_again() {
    let world = morning();
    let app = &world.app;
    let address = "tran.thi.hoa@example.vn";
    let register = || {
        let session = world.publish(&world.body(72));
        world.register(&session, "Trần Thị Hoa");
    };
    let sink = Sink::new("refuse");
    let room = mailroom(app, &sink.url());
    register();
    drain(&room);
    let kind = "session_confirmation";
    assert_eq!(states(app, kind, address), ["bounced"]);
    assert_eq!(mark(app, address).as_deref(), Some("smtp-550"));
    // Nothing more goes there, although the server would take it now.
    sink.turn("ok");
    register();
    drain(&room);
    assert_eq!(states(app, kind, address), ["bounced", "suppressed"]);
    assert!(sink.ids("accepted").is_empty());
    let path = "/training-sessions?limit=1";
    let last = world.organiser.get(path).assert(200).json()["items"][0].clone();
    let last = format!("/training-sessions/{}", last["id"].as_str().unwrap());
    let unreached = world.organiser.get(&format!("{last}/undelivered"));
    let unreached = unreached.assert(200).json()["items"].clone();
    assert_eq!(unreached[0]["reason"], "bounced");
    assert_eq!(unreached.as_array().unwrap().len(), 1);
    let one = unreached[0]["registration_id"].as_str().unwrap();
    let again = format!("{last}/registrations/{one}/resend");
    let again = world.organiser.act(&again).assert(409);
    assert_eq!(again.problem("mail-unreachable")["reason"], "bounced");
    let bounced = standings(app)
        .into_iter()
        .find(|one| one.state == "bounced");
    let path = format!("/notifications/{}/retry", bounced.unwrap().id);
    world.organiser.act(&path).assert(403);
    let administrator = app.persona(Role::Administrator);
    administrator.act(&path).assert(200);
    administrator
        .act(&path)
        .assert(409)
        .problem("action-not-allowed");
    assert_eq!(states(app, kind, address), ["queued", "suppressed"]);
    assert_eq!(mark(app, address), None);
    drain(&room);
    assert_eq!(states(app, kind, address), ["sent", "suppressed"]);
    assert_eq!(sink.mails(address).len(), 1);
}

#[test]
fn a_busy_server_and_one_that_hangs_up_see_the_same_message_id_again() {
    let app = two();
    let sink = Sink::new("busy");
    let room = mailroom(&app, &sink.url());
    drain(&room);
    for one in standings(&app) {
        assert_eq!(one.state, "queued", "{one:?}");
        assert_eq!(one.last_error.as_deref(), Some("smtp-421"), "{one:?}");
    }
    sink.turn("drop");
    wait_for_retry(&app);
    drain(&room);
    assert!(standings(&app).iter().all(|one| one.state == "queued"));
    assert_eq!(sink.ids("dropped"), message_ids(&app));
    sink.turn("ok");
    wait_for_retry(&app);
    drain(&room);
    assert_once(&app, &sink);
    assert!(standings(&app).iter().all(|one| one.attempts == 3));
}

#[test]
fn a_slow_server_still_takes_its_mail() {
    let app = two();
    let sink = Sink::new("slow");
    assert_eq!(drain(&mailroom(&app, &sink.url())), 2);
    assert_once(&app, &sink);
}

#[test]
fn a_server_that_never_speaks_holds_a_step_half_a_minute_at_most() {
    if !is_full() {
        return;
    }
    let app = two();
    let sink = Sink::new("hang");
    let room = mailroom(&app, &sink.url());
    let began = std::time::Instant::now();
    assert_eq!(room.step().unwrap(), 2);
    assert!(began.elapsed().as_secs() < 40);
    for one in standings(&app) {
        assert_eq!(one.last_error.as_deref(), Some("smtp-timeout"), "{one:?}");
    }
    sink.turn("ok");
    wait_for_retry(&app);
    drain(&room);
    assert_once(&app, &sink);
}
