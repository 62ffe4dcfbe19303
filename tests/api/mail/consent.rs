//! What a mail may say, and to whom it may still go when its time has come.

use super::*;
use crate::support::Reply;
use crate::training::{id, person, registrations};
use hai_dang::mail::message::TokenPurpose;
use hai_dang::training::background::remind;

const HOA: &str = "tran.thi.hoa@example.vn";

/// A mail's text with quoted-printable undone; what it attaches stays as it is.
fn plain(mail: &str) -> String {
    let joined = mail.replace("=\r\n", "").replace("=\n", "");
    let mut bytes = Vec::new();
    let mut rest = joined.as_bytes();
    while let [first, tail @ ..] = rest {
        let code = tail
            .get(..2)
            .and_then(|pair| std::str::from_utf8(pair).ok())
            .and_then(|pair| u8::from_str_radix(pair, 16).ok());
        match code {
            Some(byte) if *first == b'=' => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Every URL of a text.
fn urls(text: &str) -> Vec<&str> {
    text.split(|c: char| c.is_whitespace() || "\"'<>()".contains(c))
        .filter(|word| word.contains("://"))
        .collect()
}

#[test]
fn no_header_of_a_request_moves_the_links_of_its_mail() {
    let app = TestApp::new();
    let mut evil = app.anonymous();
    for (name, value) in [
        ("Host", "evil.example"),
        ("X-Forwarded-Host", "evil.example"),
        ("X-Forwarded-Proto", "https"),
        ("Forwarded", "host=evil.example;proto=https"),
        ("Origin", "https://evil.example"),
    ] {
        evil = evil.with(name, value);
    }
    let body = json!({"email": "an@example.vn", "password": PASSWORD, "full_name": "An"});
    evil.post("/auth/register", &body).assert(202);
    let known = app.persona(Role::Family);
    evil.post("/auth/password-resets", &json!({"email": known.email}))
        .assert(202);
    let sink = Sink::new("ok");
    assert_eq!(drain(&mailroom(&app, &sink.url())), 2);
    for address in ["an@example.vn", known.email.as_str()] {
        let text = plain(&sink.mails(address)[0]);
        assert!(!text.contains("evil"), "{text}");
        let found = urls(&text);
        assert!(!found.is_empty(), "{text}");
        for url in found {
            let (base, token) = url.split_once('#').unwrap_or_else(|| panic!("{url}"));
            assert_eq!(base, app.platform.links.base);
            assert!(token.len() > 20, "{url}");
        }
    }
}

#[test]
fn what_came_too_late_is_never_sent() {
    let mut world = morning();
    let session = world.publish(&world.body(72));
    world.register(&session, "Trần Thị Hoa");
    pass(&mut world, 75);
    let sink = Sink::new("ok");
    assert_eq!(
        drain(&mailroom(&world.app, &sink.url())),
        1,
        "it was ended, not sent"
    );
    let kind = "session_confirmation";
    assert_eq!(states(&world.app, kind, HOA), ["expired"]);
    assert!(sink.log().is_empty());
}

#[test]
fn of_a_session_that_is_off_only_that_is_told() {
    let mut world = morning();
    let session = world.publish(&world.body(73));
    world.register(&session, "Trần Thị Hoa");
    pass(&mut world, 2);
    let platform = world.app.platform.clone().into_inner();
    assert_eq!(remind(&platform).unwrap(), 1);
    world.act(&session, "cancel", &json!({"reason": "Mưa bão"}));
    let sink = Sink::new("ok");
    drain(&mailroom(&world.app, &sink.url()));
    for (kind, state) in [
        ("session_confirmation", "cancelled"),
        ("session_reminder", "cancelled"),
        ("session_cancelled", "sent"),
    ] {
        assert_eq!(states(&world.app, kind, HOA), [state], "{kind}");
    }
    assert_eq!(sink.mails(HOA).len(), 1);
    assert_eq!(remind(&platform).unwrap(), 0);
}

#[test]
fn reminders_come_once_three_days_and_one_day_ahead() {
    let mut world = morning();
    let platform = world.app.platform.clone().into_inner();
    let sink = Sink::new("ok");
    let room = mailroom(&world.app, &sink.url());
    let session = world.publish(&world.body(100));
    world.register(&session, "Trần Thị Hoa");
    drain(&room);
    for (hours, told) in [(27, 0), (1, 1), (47, 0), (1, 1), (23, 0), (2, 0)] {
        pass(&mut world, hours);
        let before = sink.mails(HOA).len();
        assert_eq!(remind(&platform).unwrap(), told);
        assert_eq!(remind(&platform).unwrap(), 0);
        drain(&room);
        assert_eq!(sink.mails(HOA).len() - before, told, "after {hours}");
    }
    let kind = "session_reminder";
    assert_eq!(states(&world.app, kind, HOA), ["sent", "sent"]);
}

#[test]
fn a_session_that_moved_is_not_reminded_of_its_old_time() {
    let mut world = morning();
    let platform = world.app.platform.clone().into_inner();
    let sink = Sink::new("ok");
    let room = mailroom(&world.app, &sink.url());
    let session = world.publish(&world.body(100));
    world.register(&session, "Trần Thị Hoa");
    drain(&room);
    pass(&mut world, 28);
    assert_eq!(remind(&platform).unwrap(), 1);
    // It moves before the reminder has left.
    let mut slot = world.slot(172, 2);
    slot["id"] = session["slots"][0]["id"].clone();
    world.act(&session, "reschedule", &json!({"slots": [slot]}));
    drain(&room);
    let kind = "session_reminder";
    assert_eq!(states(&world.app, kind, HOA), ["superseded"]);
    assert_eq!(states(&world.app, "session_changed", HOA), ["sent"]);
    // A day before the old time.
    pass(&mut world, 48);
    assert_eq!(remind(&platform).unwrap(), 0);
    // Three days before the new one.
    pass(&mut world, 52);
    assert_eq!(remind(&platform).unwrap(), 1);
    drain(&room);
    assert_eq!(states(&world.app, kind, HOA), ["superseded", "sent"]);
    assert_eq!(sink.mails(HOA).len(), 3);
}

/// Invites someone to a new session.
fn invite(world: &World) -> String {
    let session = world.publish(&world.body(72));
    let body = json!({"attendee": person("Trần Thị Hoa"), "ask": true});
    let path = registrations(&session);
    world.organiser.post(&path, &body).assert(201);
    id(&session).to_owned()
}

/// One click, as a mail program does it.
fn one_click(app: &TestApp, token: &str) -> Reply {
    let anyone = app
        .anonymous()
        .with("Content-Type", "application/x-www-form-urlencoded");
    let body = b"List-Unsubscribe=One-Click".to_vec();
    anyone.send("POST", &format!("/unsubscribe/{token}"), Some(body))
}

#[test]
fn one_click_ends_invitations_and_nothing_else() {
    let mut world = morning();
    let sink = Sink::new("ok");
    let room = mailroom(&world.app, &sink.url());
    invite(&world);
    drain(&room);
    let mail = sink.mails(HOA).remove(0).replace("\r\n ", " ");
    assert!(mail.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"));
    let (_, header) = mail.split_once("\nList-Unsubscribe: ").unwrap();
    let stop = urls(header)[0];
    let public = format!("{}/api/v1/unsubscribe/", world.app.platform.links.service);
    let token = stop.strip_prefix(&public).unwrap();

    // Scanners follow links: looking changes nothing.
    let path = format!("/unsubscribe/{token}");
    let anyone = world.app.anonymous();
    anyone.get(&path).assert(200);
    let browser = anyone.with("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
    for text in [token, &"A".repeat(token.len())] {
        let led = browser.get(&format!("/unsubscribe/{text}")).assert(303);
        assert_eq!(led.header("location"), format!("../../../go#s.{text}"));
    }
    assert_eq!(mark(&world.app, HOA), None);
    for _again in 0..2 {
        one_click(&world.app, token).assert(204);
    }
    assert_eq!(mark(&world.app, HOA).as_deref(), Some("opted-out"));

    invite(&world);
    let session = world.publish(&world.body(72));
    world.register(&session, "Trần Thị Hoa");
    drain(&room);
    let asked = states(&world.app, "session_invitation", HOA);
    assert_eq!(asked, ["sent", "suppressed"]);
    assert_eq!(states(&world.app, "session_confirmation", HOA), ["sent"]);
    let mut all = standings(&world.app);
    all.retain(|one| one.state == "suppressed");
    assert_eq!(all[0].last_error.as_deref(), Some("opted-out"));

    let dead = one_click(&world.app, &"A".repeat(token.len())).assert(422);
    dead.problem("token-invalid");
    for _again in 0..2 {
        anyone.delete(&path).assert(204);
    }
    assert_eq!(mark(&world.app, HOA), None);
    invite(&world);
    drain(&room);
    let asked = states(&world.app, "session_invitation", HOA);
    assert_eq!(asked.last().map(String::as_str), Some("sent"));
    pass(&mut world, 75);
    let late = one_click(&world.app, token).assert(422);
    late.problem("token-invalid");
    let late = anyone.delete(&path).assert(422);
    late.problem("token-invalid");
}

#[test]
fn a_persons_word_outlives_a_bounce_and_its_retry() {
    let world = morning();
    let sink = Sink::new("ok");
    let room = mailroom(&world.app, &sink.url());
    invite(&world);
    drain(&room);
    let sent = world.app.mails("session_invitation", HOA).remove(0);
    let token = world.app.derived(sent.id, TokenPurpose::Unsubscribe);
    sink.turn("refuse");
    let session = world.publish(&world.body(72));
    world.register(&session, "Trần Thị Hoa");
    drain(&room);
    assert_eq!(mark(&world.app, HOA).as_deref(), Some("smtp-550"));
    one_click(&world.app, &token).assert(204);
    assert_eq!(mark(&world.app, HOA).as_deref(), Some("opted-out"));
    let mut all = standings(&world.app);
    all.retain(|one| one.state == "bounced");
    let path = format!("/notifications/{}/retry", all[0].id);
    world
        .app
        .persona(Role::Administrator)
        .act(&path)
        .assert(200);
    assert_eq!(mark(&world.app, HOA).as_deref(), Some("opted-out"));
}
