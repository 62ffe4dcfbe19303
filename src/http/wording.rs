//! What is said of a value that has the wrong form, in both languages. The parsers speak English and
//! name our types; a reader is told what would be taken.

use crate::kernel::Language;

/// What a note says, taken apart.
#[derive(Debug, PartialEq, Eq)]
enum Said<'a> {
    /// A day or a time of day was wanted.
    Day,
    /// An id was wanted.
    Id,
    /// One of these words was wanted.
    OneOf(Vec<&'a str>),
    /// There is no field of this name.
    NoField(&'a str),
    /// A field stands there twice.
    Twice(&'a str),
    /// A text was wanted.
    Text,
    /// `true` or `false` was wanted.
    YesNo,
    /// A list was wanted.
    List,
    /// An object was wanted.
    Object,
    /// A whole number was wanted, and not so large or small a one.
    Number,
}

/// Notes of our own, which are always these.
const FIXED: [(&str, &str); 7] = [
    ("a forbidden character", "có ký tự không được phép"),
    (
        "a scan or a list of scans",
        "một lượt quét hoặc danh sách lượt quét",
    ),
    (
        "a year between 1900 and 2199 is wanted",
        "năm phải từ 1900 đến 2199",
    ),
    (
        "an RFC 3339 time with an offset is wanted",
        "thời điểm ghi theo RFC 3339, có múi giờ",
    ),
    ("no body is taken", "không nhận nội dung"),
    ("no parameter is taken here", "không nhận tham số"),
    ("there twice", "có hai lần"),
];

/// A note in a language; what is not known is a parser's own, and told in its English alone.
pub(super) fn note(note: &str, language: Language) -> Option<String> {
    let fixed = FIXED.iter().find(|(english, _)| *english == note);
    match (said(note), fixed, language) {
        (Some(said), _, Language::Vi) => Some(vietnamese(&said)),
        (Some(said), _, Language::En) => Some(english(&said)),
        (None, Some((_, vietnamese)), Language::Vi) => Some((*vietnamese).to_owned()),
        (None, None, Language::Vi) => None,
        (None, _, Language::En) => Some(note.to_owned()),
    }
}

/// What the library says of a text in a query that is no number.
const IS_NO_NUMBER: [&str; 4] = [
    "invalid digit found in string",
    "cannot parse integer from empty string",
    "number too large to fit in target type",
    "number too small to fit in target type",
];

fn said(note: &str) -> Option<Said<'_>> {
    if IS_NO_NUMBER.contains(&note) {
        return Some(Said::Number);
    }
    if note == "provided string was not `true` or `false`" {
        return Some(Said::YesNo);
    }
    if note.starts_with("UUID parsing failed") {
        return Some(Said::Id);
    }
    if is_about_a_day(note) {
        return Some(Said::Day);
    }
    if let Some(rest) = note.strip_prefix("unknown variant ") {
        let words: Vec<&str> = quoted(rest).skip(1).collect();
        return (!words.is_empty()).then_some(Said::OneOf(words));
    }
    if let Some(rest) = note.strip_prefix("unknown field ") {
        return quoted(rest).next().map(Said::NoField);
    }
    if let Some(rest) = note.strip_prefix("duplicate field ") {
        return quoted(rest).next().map(Said::Twice);
    }
    if note.starts_with("invalid ") {
        let (_, wanted) = note.rsplit_once(", expected ")?;
        return kind(wanted);
    }
    (note == "an object is expected").then_some(Said::Object)
}

/// The kind of value a parser names.
fn kind(wanted: &str) -> Option<Said<'static>> {
    let is_number = |prefix| {
        let bits = wanted.strip_prefix(prefix);
        bits.is_some_and(|bits| bits.parse::<u8>().is_ok())
    };
    if is_number('i') || is_number('u') {
        return Some(Said::Number);
    }
    Some(match wanted {
        "a string" | "a borrowed string" => Said::Text,
        "a boolean" => Said::YesNo,
        "a sequence" => Said::List,
        "a map" | "an object" => Said::Object,
        "a formatted date string" => Said::Day,
        _ => return None,
    })
}

/// Whether it is what the calendar says of a text that is no day and no time of day.
fn is_about_a_day(note: &str) -> bool {
    [
        "premature end of input",
        "input contains invalid characters",
        "input is out of range",
        "trailing input",
        "no possible date and time matching input",
    ]
    .contains(&note)
}

/// The words between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

fn english(said: &Said<'_>) -> String {
    match said {
        Said::Day => "a day is YYYY-MM-DD, a time of day HH:MM:SS".to_owned(),
        Said::Id => "an id is a UUID".to_owned(),
        Said::OneOf(words) => format!("one of {}", words.join(", ")),
        Said::NoField(name) => format!("there is no field {name}"),
        Said::Twice(name) => format!("{name} is there twice"),
        Said::Number => "a whole number of at most nine digits".to_owned(),
        Said::Text => "a text".to_owned(),
        Said::YesNo => "true or false".to_owned(),
        Said::List => "a list".to_owned(),
        Said::Object => "an object".to_owned(),
    }
}

fn vietnamese(said: &Said<'_>) -> String {
    match said {
        Said::Day => "ngày ghi YYYY-MM-DD, giờ ghi HH:MM:SS".to_owned(),
        Said::Id => "mã phải là UUID".to_owned(),
        Said::OneOf(words) => format!("chỉ nhận {}", words.join(", ")),
        Said::NoField(name) => format!("không có trường {name}"),
        Said::Twice(name) => format!("{name} có hai lần"),
        Said::Number => "số nguyên, nhiều nhất chín chữ số".to_owned(),
        Said::Text => "cần chuỗi ký tự".to_owned(),
        Said::YesNo => "cần true hoặc false".to_owned(),
        Said::List => "cần danh sách".to_owned(),
        Said::Object => "cần đối tượng".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_parsers_say_is_told_in_both_languages() {
        for (said, english, vietnamese) in [
            (
                "unknown variant `x`, expected one of `female`, `male`",
                "one of female, male",
                "chỉ nhận female, male",
            ),
            (
                "unknown variant `x`, expected `call` or `letter`",
                "one of call, letter",
                "chỉ nhận call, letter",
            ),
            (
                "unknown field `titel`, expected one of `kind`, `title`",
                "there is no field titel",
                "không có trường titel",
            ),
            (
                "duplicate field `kind`",
                "kind is there twice",
                "kind có hai lần",
            ),
            (
                "invalid type: string \"a, expected b\", expected a boolean",
                "true or false",
                "cần true hoặc false",
            ),
            (
                "invalid value: integer `99999999999`, expected i32",
                "a whole number of at most nine digits",
                "số nguyên, nhiều nhất chín chữ số",
            ),
            (
                "UUID parsing failed: invalid length: found 3",
                "an id is a UUID",
                "mã phải là UUID",
            ),
            (
                "premature end of input",
                "a day is YYYY-MM-DD, a time of day HH:MM:SS",
                "ngày ghi YYYY-MM-DD, giờ ghi HH:MM:SS",
            ),
            ("there twice", "there twice", "có hai lần"),
            (
                "invalid digit found in string",
                "a whole number of at most nine digits",
                "số nguyên, nhiều nhất chín chữ số",
            ),
            (
                "provided string was not `true` or `false`",
                "true or false",
                "cần true hoặc false",
            ),
        ] {
            assert_eq!(note(said, Language::En).as_deref(), Some(english));
            assert_eq!(note(said, Language::Vi).as_deref(), Some(vietnamese));
        }
        let unknown = "something else";
        assert_eq!(note(unknown, Language::En).as_deref(), Some(unknown));
        assert_eq!(note(unknown, Language::Vi), None);
    }
}
