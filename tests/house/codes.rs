//! Every code that the source can answer with has its words.

use std::collections::BTreeSet;

use hai_dang::http::catalogue;

use crate::source::files;

/// Calls whose last argument is a code.
const CALLS: &[&str] = &[".refuse(", ".rule(", "::wire("];

/// What stands between an opening bracket, just before `text`, and the one that closes it.
fn inside(text: &str, open: char, close: char) -> &str {
    let (mut depth, mut is_text, mut is_escaped) = (1, false, false);
    for (at, letter) in text.char_indices() {
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' if is_text => is_escaped = true,
            '"' => is_text = !is_text,
            _ if is_text => {}
            _ if letter == open => depth += 1,
            _ if letter == close => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return text.get(..at).unwrap_or_default();
        }
    }
    text
}

/// The texts in quotes.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('"').skip(1).step_by(2)
}

/// The codes of one file, as far as they stand there as such.
fn codes(text: &str) -> BTreeSet<String> {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let mut found = BTreeSet::new();
    for call in CALLS {
        for rest in text.split(call).skip(1) {
            let arguments = inside(rest, '(', ')').trim_end().trim_end_matches(',');
            let last = arguments
                .strip_suffix('"')
                .and_then(|a| a.rsplit('"').next());
            found.extend(last.map(str::to_owned));
        }
    }
    for rest in text.split("fn code(").skip(1) {
        let body = rest.split_once('{').map_or("", |(_, body)| body);
        found.extend(quoted(inside(body, '{', '}')).map(str::to_owned));
    }
    found
}

#[test]
fn the_scan_finds_codes_over_several_lines() {
    let text = "check.rule(\n    a(b),\n    \"/x\",\n    \"too-long\",\n);\nfn code(&self) -> &str { \
                match self { A => \"one\", B { .. } => \"two\" } }\nlet no = \"other\";";
    let wanted = ["one", "too-long", "two"].map(str::to_owned);
    assert_eq!(codes(text), BTreeSet::from(wanted));
}

#[test]
fn every_code_of_the_source_has_its_words() {
    let known: BTreeSet<&str> = catalogue::entries().map(|entry| entry.code).collect();
    let (mut count, mut wrong) = (0, Vec::new());
    for (name, text) in files() {
        for code in codes(&text) {
            count += 1;
            if !known.contains(code.as_str()) {
                wrong.push(format!("src/{name}: {code}"));
            }
        }
    }
    assert!(wrong.is_empty(), "no words for\n{}", wrong.join("\n"));
    assert!(count > 50, "the scan finds nothing any more: {count}");
}
