//! The contracts that are printed: every code, every operation.

use std::fmt::Write;

use hai_dang::app::pages;
use hai_dang::http::catalogue;

use crate::source::root;

/// Compares a generated document with the one in the tree, or writes it.
fn compare(path: &str, text: &str) {
    let file = root().join(path);
    #[expect(clippy::disallowed_methods, reason = "the tests' own settings")]
    let is_blessed = std::env::var("HAI_DANG_BLESS").is_ok_and(|value| value == "1");
    if is_blessed {
        std::fs::write(&file, text).unwrap();
    }
    let known = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        known == text,
        "{path} is old: run the house tests with HAI_DANG_BLESS=1"
    );
}

#[test]
fn every_code_has_its_words_and_its_row() {
    let mut text = String::from(
        "# Every code\n\nGenerated from `src/http/problems.txt` by the house tests. A code is never renamed.\n\n\
         | code | status | tiếng Việt | English |\n|---|---|---|---|\n",
    );
    let mut seen = std::collections::BTreeSet::new();
    for entry in catalogue::entries() {
        assert!(seen.insert(entry.code), "{} stands twice", entry.code);
        for title in [entry.vi.0, entry.en.0] {
            assert!(!title.is_empty(), "{} lacks words", entry.code);
        }
        let is_rule = entry.status == 0;
        assert!(
            is_rule || (!entry.vi.1.is_empty() && !entry.en.1.is_empty()),
            "{}",
            entry.code
        );
        let status = if is_rule {
            "in a 422".to_owned()
        } else {
            entry.status.to_string()
        };
        let words = |(title, detail): (&str, &str)| format!("{title}. {detail}").trim().to_owned();
        let (vi, en) = (words(entry.vi), words(entry.en));
        writeln!(text, "| `{}` | {status} | {vi} | {en} |", entry.code).unwrap();
    }
    compare("docs/ERRORS.md", &text);
}

#[test]
fn no_two_schemas_share_a_name() {
    let clashes = hai_dang::app::routes::all().clashes().to_vec();
    assert!(clashes.is_empty(), "{clashes:?} are two schemas each");
}

#[test]
fn the_document_is_the_one_in_the_tree() {
    let document: serde_json::Value = serde_json::from_str(pages::document()).unwrap();
    let mut ids = std::collections::BTreeSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap();
            assert!(ids.insert(id.to_owned()), "{id} stands twice");
            assert_ne!(operation["summary"], "", "{method} {path} lacks a summary");
            let answers = operation["responses"].as_object().unwrap();
            assert!(
                answers.keys().any(|status| status.starts_with(['2', '3'])),
                "{method} {path} lacks an answer"
            );
            for body in answers.values().chain([&operation["requestBody"]]) {
                let json = &body["content"]["application/json"];
                let is_shown = json.is_null() || json["schema"]["format"] == "binary";
                assert!(
                    is_shown || json.get("example").is_some(),
                    "{method} {path} lacks an example"
                );
            }
            for code in operation["responses"].as_object().unwrap().values() {
                let codes = code["description"].as_str().unwrap_or_default();
                let has_problem = code["content"].get("application/problem+json").is_some();
                for code in codes.split(", ").filter(|_| has_problem) {
                    let is_known = catalogue::entries().any(|entry| entry.code == code);
                    assert!(is_known, "{method} {path}: no words for {code}");
                }
            }
        }
    }
    let schemas = &document["components"]["schemas"];
    let links = pages::document().split("#/components/schemas/").skip(1);
    for name in links.filter_map(|rest| rest.split('"').next()) {
        assert!(!schemas[name].is_null(), "{name} is named and not told");
    }
    compare("docs/openapi.json", pages::document());
}
