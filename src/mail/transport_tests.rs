//! Transports against folders and against relays of a few lines that misbehave.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use lettre::Message;

use super::mime::{Envelope, build};
use super::relay::Relay;
use super::render::Rendered;
use super::transport::{Outcome, Transport, TransportError, smtp};
use crate::kernel::Timestamp;

fn message() -> Message {
    let rendered = Rendered {
        subject: "Lịch".into(),
        text: ".\r\n.\nx\n".into(),
        html: "<p>".into(),
    };
    let envelope = Envelope {
        from_name: "Phường Lê Chân",
        from_address: "moc@phuong.example",
        to: "lan@example.vn",
        message_id: "<a@phuong.example>",
        date: Timestamp::from_micros(1_778_544_000_000_000).unwrap(),
        list_unsubscribe: None,
        rendered: &rendered,
        attachments: Vec::new(),
    };
    build(&envelope).unwrap()
}

/// A relay that answers the n-th line it reads, or the banner, with what it is told.
fn relay(
    banner: &'static str,
    answers: &'static [(&'static str, &'static str)],
) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let (tell, told) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().take(4) {
            let _gone = tell.send(serve(stream.unwrap(), banner, answers).unwrap_or_default());
        }
    });
    (url, told)
}

fn serve(mut stream: TcpStream, banner: &str, answers: &[(&str, &str)]) -> std::io::Result<String> {
    let mut said = String::new();
    stream.write_all(banner.as_bytes())?;
    let mut lines = BufReader::new(stream.try_clone()?);
    let mut in_data = false;
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line)? == 0 {
            return Ok(said);
        }
        said.push_str(&line);
        let key = if in_data && line == ".\r\n" {
            "."
        } else {
            line.trim_end()
        };
        if in_data && key != "." {
            continue;
        }
        let special = answers.iter().find(|(command, _)| key.starts_with(command));
        let usual = if key == "DATA" {
            "354 go\r\n"
        } else {
            "250 ok\r\n"
        };
        let answer = special.map_or(usual, |(_, answer)| answer);
        if answer == "CLOSE" {
            return Ok(said);
        }
        if answer == "HANG" {
            lines.read_to_string(&mut said)?;
            return Ok(said);
        }
        in_data = answer.starts_with("354");
        stream.write_all(answer.as_bytes())?;
    }
}

fn outcome(banner: &'static str, answers: &'static [(&'static str, &'static str)]) -> Outcome {
    let (url, _told) = relay(banner, answers);
    smtp(&url, None).unwrap().send(&message(), "a")
}

#[test]
fn a_message_goes_out_once_with_its_dots_stuffed_and_a_neutral_greeting() {
    let (url, told) = relay("220 hi\r\n", &[("QUIT", "CLOSE")]);
    assert_eq!(
        smtp(&url, None).unwrap().send(&message(), "a"),
        Outcome::Sent
    );
    let said = told.recv_timeout(Duration::from_secs(10)).unwrap();
    assert!(
        said.starts_with("EHLO phuong.example\r\nMAIL FROM:<moc@phuong.example>\r\n"),
        "{said}"
    );
    assert_eq!(said.matches("RCPT TO:").count(), 1, "{said}");
    assert_eq!(said.matches("\r\n.\r\n").count(), 1, "{said}");
    assert!(said.contains("\r\n..\r\n"), "{said}");
}

#[test]
fn a_refusal_of_recipient_or_message_lasts_and_every_other_is_tried_again() {
    let hi = "220 hi\r\n";
    assert_eq!(
        outcome(hi, &[("RCPT", "550 no\r\n")]),
        Outcome::Permanent("smtp-550")
    );
    assert_eq!(
        outcome(hi, &[(".", "554 no\r\n")]),
        Outcome::Permanent("smtp-554")
    );
    assert_eq!(
        outcome(hi, &[("DATA", "559 no\r\n")]),
        Outcome::Permanent("smtp-5xx")
    );
    assert_eq!(
        outcome(hi, &[("RCPT", "451 later\r\n")]),
        Outcome::Retry("smtp-451")
    );
    assert_eq!(
        outcome(hi, &[(".", "452 full\r\n")]),
        Outcome::Retry("smtp-452")
    );
    assert_eq!(
        outcome(hi, &[("MAIL", "550 not you\r\n")]),
        Outcome::Retry("smtp-550")
    );
    assert_eq!(
        outcome(hi, &[("RCPT", "530 log in\r\n")]),
        Outcome::Retry("smtp-530")
    );
    assert_eq!(outcome("421 busy\r\n", &[]), Outcome::Retry("smtp-421"));
    assert_eq!(outcome("554 no\r\n", &[]), Outcome::Retry("smtp-554"));
    assert_eq!(outcome("hello\r\n", &[]), Outcome::Retry("smtp-protocol"));
    assert_eq!(
        outcome(hi, &[(".", "CLOSE")]),
        Outcome::Retry("smtp-protocol")
    );
}

#[test]
fn connections_tls_and_logins_that_fail_are_tried_again() {
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let send = |url: &str| smtp(url, None).unwrap().send(&message(), "a");
    assert_eq!(
        send(&format!("smtp://{closed}")),
        Outcome::Retry("smtp-connection")
    );
    let (url, _told) = relay("220 hi\r\n", &[]);
    let secured = url.replace("smtp://", "smtps://");
    assert_eq!(send(&secured), Outcome::Retry("smtp-tls"));
    assert_eq!(
        send(&format!("{url}?tls=required")),
        Outcome::Retry("smtp-no-starttls")
    );
    let login = url.replace("smtp://", "smtp://lan:x@");
    assert_eq!(send(&login), Outcome::Retry("smtp-no-login"));
}

#[test]
fn the_wall_holds_against_silence_and_against_a_drip() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming().take(1) {
            let mut stream = stream.unwrap();
            let (_never, tick) = channel::<()>();
            while stream.write_all(b"2").is_ok() {
                let _elapsed = tick.recv_timeout(Duration::from_millis(50));
            }
        }
    });
    let wall = Duration::from_millis(400);
    let (silent, _told) = relay("", &[]);
    let (late, told) = relay("220 hi\r\n", &[("DATA", "HANG")]);
    for url in [url, silent, late] {
        let started = Instant::now();
        let relay = Relay::new(&url, None).unwrap().within(wall);
        let outcome = Transport::Smtp(relay).send(&message(), "a");
        assert_eq!(outcome, Outcome::Retry("smtp-timeout"), "{url}");
        assert!(started.elapsed() < Duration::from_secs(3), "{url}");
    }
    let said = told.recv_timeout(Duration::from_secs(10)).unwrap();
    assert!(
        !said.contains("Subject"),
        "handed over after it was given up: {said}"
    );
}

#[test]
fn settings_show_no_password_and_bad_ones_are_refused() {
    let transport = smtp("smtps://lan:secret@mail.example", None).unwrap();
    assert!(!format!("{transport:?}").contains("secret"));
    let unprotected = smtp("smtp://mail.example", None).err();
    assert_eq!(unprotected, Some(TransportError::Unprotected));
    for pem in [
        &b"nothing"[..],
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    ] {
        let error = smtp("smtps://mail.example", Some(pem)).err();
        assert_eq!(error, Some(TransportError::Certificate));
    }
}

#[test]
fn a_file_is_whole_private_and_written_once() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let transport = Transport::File(out.clone());
    assert_eq!(transport.send(&message(), "01-a"), Outcome::Sent);
    let path = out.join("01-a.eml");
    assert_eq!(std::fs::read(&path).unwrap(), message().formatted());
    let mode = |path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(path.clone()), mode(out.clone())), (0o600, 0o700));
    let first = std::fs::metadata(&path).unwrap().modified().unwrap();
    assert_eq!(transport.send(&message(), "01-a"), Outcome::Sent);
    assert_eq!(std::fs::metadata(&path).unwrap().modified().unwrap(), first);
    assert_eq!(std::fs::read_dir(&out).unwrap().count(), 1);
    for id in ["", "../a", "a/b", "a.b", "é"] {
        assert_eq!(
            transport.send(&message(), id),
            Outcome::Permanent("file-name"),
            "{id}"
        );
    }
    let blocked = Transport::File(path.join("below"));
    assert_eq!(blocked.send(&message(), "a"), Outcome::Retry("file-write"));
}
