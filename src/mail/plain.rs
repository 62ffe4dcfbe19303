//! What becomes of other people's text before it stands in a mail, a header or a calendar.
//!
//! It knows no kind and no template. Names and titles were checked when they came in; this is
//! the second fence, for rows older than a rule and for whatever the first one lets through.

use serde_json::{Map, Value};

/// One line without control, bidi or line-breaking characters; each of them is a space here.
pub fn line(text: &str) -> String {
    let spaced: String = text
        .chars()
        .map(|c| if breaks_or_hides(c) { ' ' } else { c })
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One line of at most `max` characters, the last an ellipsis where something was cut.
pub fn short_line(text: &str, max: usize) -> String {
    let text = line(text);
    if text.chars().count() <= max {
        return text;
    }
    let mut cut: String = text.chars().take(max.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

/// One line fit for a header: nothing in it reads as an encoded word, which a client would
/// decode into characters that nobody checked.
pub fn header(text: &str, max: usize) -> String {
    short_line(&text.replace("=?", "= ?"), max)
}

/// One line that no mail client makes a link of by its scheme or its `www.`.
///
/// The text is read once, left to right, and what the removal of one bait brings together is
/// seen again (`hthttp://tp://`).
pub fn unlinked(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    for c in line(text).chars() {
        kept.push(c);
        if let Some(before) = kept.strip_suffix("://") {
            let scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
            kept.truncate(before.trim_end_matches(scheme).len());
        } else if ends_in_www(&kept) {
            kept.truncate(kept.len().saturating_sub(4));
        }
    }
    line(&kept)
}

fn ends_in_www(text: &str) -> bool {
    let start = text.len().saturating_sub(4);
    text.get(start..)
        .is_some_and(|end| end.eq_ignore_ascii_case("www."))
}

/// Whether a variable holds an address that this service made, or a session's own on the net.
pub fn is_link_name(name: &str) -> bool {
    name == "link" || name.ends_with("_link")
}

/// Whether a text can stand as a link of ours: `http` or `https` and nothing but URL characters.
pub fn is_link(text: &str) -> bool {
    let is_url = |c: char| c.is_ascii_graphic() && !"\"'<>\\^`{|}".contains(c);
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && rest.chars().all(is_url))
}

/// The values of a template with every text but our own links made harmless.
pub(super) fn values(given: &Map<String, Value>) -> Map<String, Value> {
    let harmless = |(name, value): (&String, &Value)| {
        let value = if is_link_name(name) {
            value.clone()
        } else {
            harmless(value)
        };
        (name.clone(), value)
    };
    given.iter().map(harmless).collect()
}

fn harmless(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(unlinked(text)),
        Value::Array(items) => Value::Array(items.iter().map(harmless).collect()),
        // A link is one only at the top, so a name inside an object gives no privilege.
        Value::Object(fields) => {
            let fields = fields
                .iter()
                .map(|(name, value)| (name.clone(), harmless(value)));
            Value::Object(fields.collect())
        }
        other => other.clone(),
    }
}

fn breaks_or_hides(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{061C}' | '\u{180E}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bait_is_gone_whatever_it_is_wrapped_in() {
        for (raw, want) in [
            ("http://evil.example/x", "evil.example/x"),
            ("xem HTTPS://evil", "xem evil"),
            ("hthttp://tp://evil", "evil"),
            ("wwwww.w.evil", "evil"),
            ("http://www.evil", "evil"),
            ("ftp://a ssh+git://b", "a b"),
            ("TP. Hải Phòng: 9 giờ", "TP. Hải Phòng: 9 giờ"),
        ] {
            assert_eq!(unlinked(raw), want, "{raw}");
        }
    }

    #[test]
    fn lines_stay_one_line() {
        assert_eq!(
            line("a\r\nBcc: b\u{2028}c\u{85}d\u{0}e\u{202E}f"),
            "a Bcc: b c d e f"
        );
        assert_eq!(short_line("ắắắắ", 3), "ắắ…");
        assert_eq!(header("=?utf-8?B?QQ==?=", 99), "= ?utf-8?B?QQ== ?=");
    }

    #[test]
    fn only_clean_urls_are_links() {
        assert!(is_link("https://phuong.example/go#k.AbC_-9"));
        for bad in [
            "",
            "https://",
            "javascript:x",
            "https://a b",
            "https://a\"b",
            "https://a\nb",
        ] {
            assert!(!is_link(bad), "{bad}");
        }
    }
}
