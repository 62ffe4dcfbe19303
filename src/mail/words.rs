//! The rules of wording, tested over every template, language and sample.
//!
//! The list is that of `mail-models.md`, rule 9: whole words, lower case; phrases also with
//! their marks folded, single syllables only with them, else English "be" would be hit.

use super::render::{KINDS, Rendered, render};
use super::samples::samples;
use crate::kernel::{Language, text};

/// Phrases that are hit with and without their marks.
const PHRASES: &[&str] = &[
    "con nuôi",
    "nuôi con",
    "cha mẹ đẻ",
    "cha mẹ nuôi",
    "nhận con",
    "cho con",
    "trẻ em",
    "tư vấn",
    "tâm lý",
    "trợ giúp",
    "pháp lý",
    "luật sư",
    "phiên tòa",
    "khởi kiện",
    "xâm hại",
    "bạo lực",
    "mua bán",
    "thụ lý",
    "từ chối",
    "mái ấm",
    "tài khoản gia đình",
    "family account",
];
/// Syllables that are hit with their marks only, in both ways of placing them.
const SYLLABLES: &[&str] = &["cháu", "bé", "tòa", "toà"];
/// English words.
const WORDS: &[&str] = &[
    "baby", "birth", "legal", "lawyer", "court", "abuse", "consent",
];
/// Beginnings of English words.
const STEMS: &[&str] = &[
    "adopt", "child", "counsel", "therap", "traffick", "refus", "accept",
];
/// The product's name as it might be spelled.
const BRANDS: &[&str] = &["hai dang", "haidang"];

/// The words of the list that a text uses.
pub(super) fn hits(text: &str) -> Vec<&'static str> {
    let marked = spaced(&text.to_lowercase());
    let folded = spaced(&text::fold(text));
    let phrases = PHRASES.iter().filter(|phrase| {
        marked.contains(&format!(" {phrase} "))
            || folded.contains(&format!(" {} ", text::fold(phrase)))
    });
    let whole = SYLLABLES
        .iter()
        .chain(WORDS)
        .filter(|w| marked.contains(&format!(" {w} ")));
    let stems = STEMS
        .iter()
        .filter(|stem| marked.contains(&format!(" {stem}")));
    phrases.chain(whole).chain(stems).copied().collect()
}

/// Whether a text names the product, inside of words too: a reader who searches for the name
/// should not stop at "phải đăng nhập" either.
pub(super) fn names_the_product(text: &str) -> bool {
    let folded = spaced(&text::fold(text));
    BRANDS
        .iter()
        .any(|brand| folded.contains(&format!(" {brand} ")))
}

/// The words of a text between single spaces, one at either end.
fn spaced(text: &str) -> String {
    let words: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    format!(" {} ", words.join(" "))
}

fn every_mail(check: impl Fn(&str, Language, &Rendered)) {
    for kind in KINDS {
        let all = samples(kind);
        assert!(!all.is_empty(), "{kind} has no sample");
        for values in &all {
            for language in [Language::Vi, Language::En] {
                let mail = render(kind, language, values).unwrap();
                check(kind, language, &mail);
            }
        }
    }
}

fn is_session(kind: &str) -> bool {
    !matches!(
        kind,
        "verify_email"
            | "account_exists"
            | "password_reset"
            | "staff_invitation"
            | "password_changed"
            | "email_changed"
            | "confirm_email"
            | "devices_signed_out"
            | "new_device"
            | "roles_changed"
            | "staff_email_changed"
    )
}

#[test]
fn the_list_hits_what_it_should_and_no_more() {
    for text in [
        "Việc TƯ VẤN tại phường",
        "tu van",
        "nuoi-con",
        "Cháu ngoan",
        "the court.",
        "Adoption",
        "Accepted",
        "family account",
        "phiên toà",
        "#accept.x",
    ] {
        assert!(!hits(text).is_empty(), "{text}");
    }
    for text in [
        "to be",
        "chau",
        "courtesy",
        "xin báo",
        "bệnh",
        "unacceptable",
    ] {
        assert!(hits(text).is_empty(), "{text}: {:?}", hits(text));
    }
    assert!(names_the_product("hai-dang") && names_the_product("HẢI ĐĂNG"));
    assert!(!names_the_product("hai đường"));
}

#[test]
fn no_mail_of_a_session_or_a_case_uses_a_word_of_the_list() {
    every_mail(|kind, language, mail| {
        for said in [&mail.subject, &mail.text, &mail.html] {
            let hits = if is_session(kind) {
                hits(said)
            } else {
                Vec::new()
            };
            assert!(hits.is_empty(), "{kind} {language:?}: {hits:?} in {said}");
        }
    });
}

#[test]
fn no_mail_names_the_product() {
    every_mail(|kind, language, mail| {
        for said in [&mail.subject, &mail.text, &mail.html] {
            assert!(!names_the_product(said), "{kind} {language:?}: {said}");
        }
    });
}

#[test]
fn the_greeting_has_no_name_and_the_office_signs() {
    every_mail(|kind, language, mail| {
        let greeting = language.pick("Kính gửi Ông/Bà,", "Dear Sir or Madam,");
        assert!(
            mail.text.starts_with(&format!("{greeting}\n\n")),
            "{kind}: {}",
            mail.text
        );
        assert!(
            mail.text.ends_with("\nPhường Lê Chân\n"),
            "{kind}: {}",
            mail.text
        );
        assert_eq!(mail.text.matches(greeting).count(), 1);
    });
}

#[test]
fn a_mail_has_at_most_nine_lines_and_both_parts_say_the_same() {
    every_mail(|kind, language, mail| {
        let lines: Vec<&str> = mail
            .text
            .lines()
            .filter(|line| !line.trim().is_empty())
            .collect();
        assert!(
            lines.len() <= 9,
            "{kind} {language:?}: {} lines\n{}",
            lines.len(),
            mail.text
        );
        assert!(
            !mail.text.contains("\n\n\n"),
            "{kind} {language:?}: {}",
            mail.text
        );
        assert_eq!(lines, shown(&mail.html), "{kind} {language:?}");
        assert!(!mail.subject.contains(['\r', '\n']) && mail.subject.chars().count() <= 200);
    });
}

#[test]
fn mail_tells_how_to_change_the_way_of_contact() {
    every_mail(|kind, language, mail| {
        let is_ours = ["session_", "registration_", "appointment_", "case_"];
        if is_ours.iter().any(|flow| kind.starts_with(flow)) {
            let words = language.pick("đổi cách liên hệ", "change how we reach you");
            assert!(mail.text.contains(words), "{kind}: {}", mail.text);
        }
        let lower = mail.text.to_lowercase();
        assert!(!lower.contains("unsubscribe") && !lower.contains("đăng ký nhận tin"));
        assert!(!mail.html.contains("<img"), "{kind} loads a picture");
    });
}

/// The lines a reader of the HTML part sees.
fn shown(html: &str) -> Vec<String> {
    let body = html
        .split_once("<body")
        .unwrap()
        .1
        .split_once('>')
        .unwrap()
        .1;
    let mut text = String::new();
    let mut in_tag = false;
    for c in body.replace("<br>", "\n").chars() {
        match c {
            '<' => in_tag = true,
            '>' => in_tag = false,
            other if !in_tag => text.push(other),
            _ => {}
        }
    }
    let plain = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&");
    plain
        .lines()
        .map(str::to_owned)
        .filter(|line| !line.trim().is_empty())
        .collect()
}

#[test]
fn a_session_of_several_times_tells_each_and_one_of_one_time_says_it_once() {
    for kind in [
        "session_invitation",
        "session_confirmation",
        "session_promoted",
        "session_reminder",
        "registration_taken_over",
    ] {
        for language in [Language::Vi, Language::En] {
            let mut values = samples(kind).remove(0);
            let mail = render(kind, language, &values).unwrap();
            assert!(mail.text.contains("13/05/2026"), "{kind}: {}", mail.text);
            let first = values["slots"][0].clone();
            values["slots"] = serde_json::json!([first]);
            let mail = render(kind, language, &values).unwrap();
            assert_eq!(mail.text.matches("12/05/2026").count(), 1, "{}", mail.text);
            // What an older program put into the queue is sent, too.
            values.as_object_mut().unwrap().remove("slots");
            assert_eq!(render(kind, language, &values).unwrap().text, mail.text);
        }
    }
}
