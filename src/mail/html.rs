//! The HTML part of a mail, made from the paragraphs of its text.
//!
//! Everything is escaped before it meets the layout, so the layout's elements are the only ones.

use std::collections::BTreeSet;

use minijinja::{AutoEscape, Environment, UndefinedBehavior, context};
use serde_json::Value;

use crate::kernel::Language;

const LAYOUT: &str = include_str!("templates/layout.html.j2");

/// The page: each paragraph a `<p>`, each line that is one of `links` an `<a>`.
pub(super) fn page(
    language: Language,
    subject: &str,
    paragraphs: &[Vec<&str>],
    links: &BTreeSet<String>,
) -> Result<String, minijinja::Error> {
    let escaped: Vec<Vec<Value>> = paragraphs
        .iter()
        .map(|lines| lines.iter().map(|line| html_line(line, links)).collect())
        .collect();
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_name| AutoEscape::None);
    environment.render_named_str(
        "layout",
        LAYOUT,
        context! {
            language => language.as_str(),
            subject => escape(subject),
            paragraphs => escaped,
        },
    )
}

fn html_line(line: &str, links: &BTreeSet<String>) -> Value {
    serde_json::json!({ "text": escape(line), "is_link": links.contains(line) })
}

/// Text as HTML character data or a quoted attribute. The engine's own escaping also turns `/`
/// into an entity, which some mail programs show as it stands in a link.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}
