//! Other people's text in calendars (V-09b of `trust.md`), on the bytes that leave.

use super::ics::{Event, Method, calendar};
use super::samples::NASTY;
use super::words;
use crate::kernel::Timestamp;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(seconds * 1_000_000).unwrap()
}

fn event<'a>(summary: &'a str, location: &'a str) -> Event<'a> {
    Event {
        uid: "01985f3c-1111-7abc-8def-0123456789ab@phuong.example",
        sequence: 2,
        starts_at: at(1_778_547_600),
        ends_at: at(1_778_558_400),
        summary,
        location,
        url: Some("https://phuong.example/go#k7M2_94"),
        is_private: false,
        is_tentative: false,
    }
}

#[test]
fn a_calendar_has_one_event_whatever_its_text() {
    let longs = [
        "ắ".repeat(1_000),
        "x".repeat(1_000),
        "a ".repeat(300),
        "😀".repeat(200),
    ];
    for text in NASTY
        .iter()
        .copied()
        .chain(longs.iter().map(String::as_str))
    {
        for method in [Method::Request, Method::Cancel, Method::Publish] {
            let made = calendar(
                &[event(text, text)],
                method,
                Some((text, "moc@phuong.example")),
                Some("lan.tran@example.vn"),
                at(1_778_540_000),
            );
            assert!(made.ends_with("END:VCALENDAR\r\n"));
            assert!(
                !made
                    .replace("\r\n", "")
                    .contains(['\r', '\n', '\0', '\u{202E}', '\u{2028}'])
            );
            assert!(made.split("\r\n").all(|line| line.len() <= 75), "{made}");
            let whole = made.replace("\r\n ", "");
            let mut names: Vec<&str> = whole
                .split_terminator("\r\n")
                .map(|line| line.split([':', ';']).next().unwrap())
                .collect();
            names.sort_unstable();
            names.dedup();
            let mut wanted = vec![
                "BEGIN",
                "CALSCALE",
                "DTEND",
                "DTSTAMP",
                "DTSTART",
                "END",
                "LOCATION",
                "METHOD",
                "ORGANIZER",
                "PRODID",
                "SEQUENCE",
                "STATUS",
                "SUMMARY",
                "UID",
                "URL",
                "VERSION",
            ];
            if method != Method::Publish {
                wanted.insert(0, "ATTENDEE");
            }
            assert_eq!(names, wanted, "{whole}");
            assert_eq!(whole.matches("\r\nBEGIN:VEVENT\r\n").count(), 1);
            assert_eq!(whole.matches("\r\nEND:VCALENDAR\r\n").count(), 1);
            assert!(!words::names_the_product(&made) && words::hits(&names.join(" ")).is_empty());
        }
    }
}

#[test]
fn a_calendar_says_what_it_is_for() {
    let organiser = Some(("Phường Lê Chân", "moc@phuong.example"));
    let one = [event("Họp; a, b\\c", "")];
    let made = calendar(&one, Method::Cancel, organiser, None, at(1_778_540_000));
    for line in [
        "PRODID:-//Office calendar//vi",
        "METHOD:CANCEL",
        "STATUS:CANCELLED",
        "SEQUENCE:2",
        "DTSTAMP:20260511T225320Z",
        "DTSTART:20260512T010000Z",
        "DTEND:20260512T040000Z",
        "SUMMARY:Họp\\; a\\, b\\\\c",
        "ORGANIZER;CN=Phường Lê Chân:mailto:moc@phuong.example",
        "UID:01985f3c-1111-7abc-8def-0123456789ab@phuong.example",
    ] {
        assert!(made.contains(&format!("\r\n{line}\r\n")), "{line}\n{made}");
    }
    assert!(!made.contains("LOCATION") && !made.contains("ATTENDEE"));
    assert!(
        words::hits(&calendar(
            &one,
            Method::Request,
            None,
            Some("a@b.vn"),
            at(0)
        ))
        .is_empty()
    );
    // An address that could end its property is left out rather than written.
    let made = calendar(&one, Method::Request, None, Some("a@b.vn\r\nX:y"), at(0));
    assert!(!made.contains("ATTENDEE"));
}
