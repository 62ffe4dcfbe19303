//! Other people's text in mails and calendars: it may spoil how they look, never what they are.
//! These are V-09b and V-10 of `trust.md`, on the bytes that leave.

use super::ics::{Method, calendar};
use super::mime::{Attachment, Envelope, MimeError, build};
use super::render::{KINDS, Rendered, render};
use super::samples::{NASTY, samples};
use super::{qr, words};
use crate::kernel::{Language, Timestamp};

const HEADERS: &[&str] = &[
    "Message-ID",
    "Date",
    "From",
    "To",
    "Subject",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
];

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(seconds * 1_000_000).unwrap()
}

fn envelope<'a>(from_name: &'a str, rendered: &'a Rendered) -> Envelope<'a> {
    Envelope {
        from_name,
        from_address: "moc@phuong.example",
        to: "lan.tran@example.vn",
        message_id: "<01985f3c-1111-7abc-8def-0123456789ab@phuong.example>",
        date: at(1_778_544_000),
        list_unsubscribe: None,
        rendered,
        attachments: Vec::new(),
    }
}

fn every_sample(check: impl Fn(&str, &serde_json::Value, &Rendered)) {
    for kind in KINDS {
        for values in samples(kind) {
            for language in [Language::Vi, Language::En] {
                check(kind, &values, &render(kind, language, &values).unwrap());
            }
        }
    }
}

/// The names of the top headers and the unfolded header block.
fn headers(raw: &str) -> (Vec<String>, String) {
    let block = raw
        .split_once("\r\n\r\n")
        .unwrap()
        .0
        .replace("\r\n ", " ")
        .replace("\r\n\t", " ");
    let names = block
        .split("\r\n")
        .map(|line| line.split_once(": ").unwrap().0.to_owned());
    (names.collect(), block)
}

fn check_raw(raw: &str, about: &str) {
    assert!(raw.is_ascii(), "{about}");
    let lone = raw.replace("\r\n", "");
    assert!(!lone.contains(['\r', '\n', '\0']), "{about}");
    assert!(raw.split("\r\n").all(|line| line.len() <= 998), "{about}");
    let (mut names, block) = headers(raw);
    names.sort_unstable();
    let mut wanted: Vec<&str> = HEADERS.to_vec();
    wanted.sort_unstable();
    assert_eq!(names, wanted, "{about}: {block}");
    assert!(
        block.contains("To: lan.tran@example.vn\r\n"),
        "{about}: {block}"
    );
    assert!(!words::names_the_product(&block), "{about}: {block}");
}

#[test]
fn every_message_has_the_expected_headers_and_one_recipient() {
    let names: Vec<String> = NASTY
        .iter()
        .map(|t| (*t).to_owned())
        .chain(["ắ".repeat(1_000), "x".repeat(1_000)])
        .collect();
    let mut turn = names.iter().cycle();
    every_sample(|kind, _, mail| {
        let message = build(&envelope("Phường Lê Chân", mail)).unwrap();
        assert_eq!(message.envelope().to().len(), 1, "{kind}");
        check_raw(&String::from_utf8(message.formatted()).unwrap(), kind);
    });
    every_sample_of("session_changed", |mail| {
        let name = turn.next().unwrap();
        let message = build(&envelope(name, mail)).unwrap();
        assert_eq!(message.envelope().to().len(), 1);
        check_raw(&String::from_utf8(message.formatted()).unwrap(), name);
    });
}

fn every_sample_of(kind: &str, mut check: impl FnMut(&Rendered)) {
    for values in samples(kind) {
        check(&render(kind, Language::Vi, &values).unwrap());
    }
}

#[test]
fn a_subject_that_was_not_rendered_here_cannot_break_out() {
    for text in NASTY {
        let mail = Rendered {
            subject: (*text).to_owned(),
            text: (*text).to_owned(),
            html: (*text).to_owned(),
        };
        let message = build(&envelope(text, &mail)).unwrap();
        let raw = String::from_utf8(message.formatted()).unwrap();
        check_raw(&raw, text);
    }
}

#[test]
fn vietnamese_subjects_and_senders_are_encoded_words() {
    let values = samples("session_confirmation").remove(0);
    let mail = render("session_confirmation", Language::Vi, &values).unwrap();
    assert!(
        mail.subject.starts_with("Xác nhận đăng ký – Buổi gặp mặt"),
        "{}",
        mail.subject
    );
    let raw = String::from_utf8(
        build(&envelope("Phường Lê Chân", &mail))
            .unwrap()
            .formatted(),
    );
    let (_, block) = headers(&raw.unwrap());
    assert!(block.contains("Subject: =?utf-8?b?"), "{block}");
    assert!(
        block.contains("From: =?utf-8?b?UGjGsOG7nW5nIEzDqiBDaMOibg==?= <moc@"),
        "{block}"
    );
    assert!(block.contains("Auto-Submitted: auto-generated"), "{block}");
}

#[test]
fn the_same_envelope_gives_the_same_bytes() {
    let mail = render(
        "session_thanks",
        Language::En,
        &samples("session_thanks").remove(0),
    )
    .unwrap();
    let mut full = envelope("Phường Lê Chân", &mail);
    full.list_unsubscribe = Some("https://phuong.example/api/v1/unsubscribe/abc");
    let ics = calendar(&[], Method::Request, None, None, at(1_778_540_000));
    full.attachments = vec![
        Attachment::entry_code(qr::png("kR3_ticket").unwrap()),
        Attachment::calendar("lich-hen.ics", Method::Request, ics),
    ];
    let raw = String::from_utf8(build(&full).unwrap().formatted()).unwrap();
    assert_eq!(raw.as_bytes(), build(&full).unwrap().formatted());
    for part in [
        "Content-Type: multipart/mixed;",
        "Content-Type: multipart/alternative;",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Type: text/html; charset=utf-8",
        "Content-Type: image/png",
        "Content-Type: text/calendar; method=REQUEST; charset=utf-8",
        "filename=\"ma-vao-cua.png\"",
        "filename=\"lich-hen.ics\"",
        "List-Unsubscribe: <https://phuong.example/api/v1/unsubscribe/abc>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
    ] {
        assert_eq!(raw.matches(part).count(), 1, "{part}\n{raw}");
    }
    assert!(raw.is_ascii());
}

#[test]
fn addresses_and_ids_that_are_none_are_refused() {
    let mail = Rendered {
        subject: "s".into(),
        text: "t".into(),
        html: "h".into(),
    };
    let fine = envelope("P", &mail);
    for to in [
        "",
        "x",
        "a@b.vn, c@d.vn",
        "a@b.vn\r\nBcc: c@d.vn",
        "\"a b\"@c.vn",
        "<a@b.vn>",
        "lân@b.vn",
    ] {
        assert_eq!(
            build(&Envelope { to, ..fine.clone() }).err(),
            Some(MimeError::Recipient),
            "{to}"
        );
    }
    for message_id in [
        "x",
        "<a>",
        "<a@b>\r\nBcc: c@d.vn",
        "<a b@c>",
        "<@b>",
        "<a@b@c>",
    ] {
        let bad = Envelope {
            message_id,
            ..fine.clone()
        };
        assert_eq!(
            build(&bad).err(),
            Some(MimeError::MessageId),
            "{message_id}"
        );
    }
}

#[test]
fn files_and_stop_links_that_are_none_are_refused() {
    let mail = Rendered {
        subject: "s".into(),
        text: "t".into(),
        html: "h".into(),
    };
    let fine = envelope("P", &mail);
    for (file_name, content_type) in [
        ("a\r\nb", "image/png"),
        ("a\"b", "image/png"),
        ("", "image/png"),
        ("a", "png\r\nBcc: x"),
    ] {
        let mut bad = fine.clone();
        bad.attachments = vec![Attachment {
            file_name: file_name.into(),
            content_type: content_type.into(),
            bytes: Vec::new(),
            inline_id: None,
        }];
        assert_eq!(
            build(&bad).err(),
            Some(MimeError::Attachment),
            "{file_name:?}"
        );
    }
    let bad = Envelope {
        list_unsubscribe: Some("https://a>\r\nX: y"),
        ..fine.clone()
    };
    assert_eq!(build(&bad).err(), Some(MimeError::Unsubscribe));
}

#[test]
fn html_has_the_layouts_elements_and_our_links_only() {
    every_sample(|kind, values, mail| {
        let links: Vec<&str> = ["link", "accept_link", "leave_link", "join_link"]
            .iter()
            .filter_map(|name| values[name].as_str())
            .collect();
        let body = mail.html.split_once("<body").unwrap().1;
        for tag in body
            .split('<')
            .skip(1)
            .map(|rest| rest.split_once('>').unwrap().0)
        {
            let href = tag
                .strip_prefix("a href=\"")
                .and_then(|rest| rest.strip_suffix('"'));
            let is_ours = href.is_some_and(|href| links.contains(&href));
            let is_layout = ["/p", "br", "/a", "/body", "/html"].contains(&tag)
                || tag == "p style=\"margin:0 0 16px;max-width:600px\"";
            assert!(is_ours || is_layout, "{kind}: <{tag}> in {body}");
        }
        assert_eq!(mail.html.matches("<title>").count(), 1);
        assert_eq!(mail.html.matches("<body").count(), 1, "{kind}");
        for line in mail.text.lines().chain([mail.subject.as_str()]) {
            let has_bait = line.contains("://") || line.to_lowercase().contains("www.");
            assert!(!has_bait || links.contains(&line), "{kind}: {line}");
        }
        // Each link twice in the HTML, as target and as text, once in the text.
        let count: usize = links
            .iter()
            .map(|link| mail.html.matches(link).count())
            .sum();
        assert_eq!(count, links.len() * 2, "{kind}");
    });
}
