//! Makes a mail's subject, text and HTML from one template per kind and language.
//!
//! It knows neither addresses nor the outbox; the worker calls it with the values of a message
//! whose tokens are already in the links. Text and HTML come from the same rendered paragraphs,
//! so they cannot differ; the only elements of the HTML are those of the layout.

use std::collections::BTreeSet;

use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde_json::{Map, Value};

use super::{html, plain};
use crate::kernel::Language;

/// The longest subject in characters.
const SUBJECT_MAX: usize = 200;

/// A mail in one language, before it has an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    /// The text part.
    pub text: String,
    /// The HTML part, which says the same as the text.
    pub html: String,
}

/// Why a mail cannot be made; none of these holds a value.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// No template of this name.
    #[error("no mail kind is called {0:?}")]
    UnknownKind(String),
    /// The values are no object.
    #[error("{0}: the values are no object")]
    Values(&'static str),
    /// A link that is not one of ours by its form.
    #[error("{kind}: {name} is no link")]
    Link {
        /// The kind of mail.
        kind: &'static str,
        /// The variable.
        name: String,
    },
    /// A variable is missing, or a template is broken.
    #[error("{kind}: {what:?} in line {line}")]
    Template {
        /// The kind of mail.
        kind: &'static str,
        /// What the engine says; its detail may quote a value and is left out.
        what: minijinja::ErrorKind,
        /// The line of the template, from 1.
        line: usize,
    },
    /// A template without its `Subject:` line.
    #[error("{0}: the template has no subject")]
    Subject(&'static str),
}

struct Source {
    kind: &'static str,
    vi: &'static str,
    en: &'static str,
}

macro_rules! source {
    ($kind:literal) => {
        Source {
            kind: $kind,
            vi: include_str!(concat!("templates/vi/", $kind, ".j2")),
            en: include_str!(concat!("templates/en/", $kind, ".j2")),
        }
    };
}

macro_rules! sources {
    ($($kind:literal,)+) => {
        /// Every kind of mail there is.
        pub const KINDS: &[&str] = &[$($kind,)+];
        const SOURCES: &[Source] = &[$(source!($kind),)+];
    };
}

sources! {
    "verify_email",
    "account_exists",
    "password_reset",
    "staff_invitation",
    "password_changed",
    "email_changed",
    "confirm_email",
    "devices_signed_out",
    "new_device",
    "roles_changed",
    "staff_email_changed",
    "session_invitation",
    "session_confirmation",
    "session_waitlisted",
    "session_promoted",
    "session_changed",
    "session_cancelled",
    "session_reminder",
    "session_thanks",
    "registration_cancelled",
    "registration_replaced",
    "registration_taken_over",
    "import_finished",
    "attendance_missing",
    "capacity_reached",
    "case_received",
    "case_answered",
    "file_received",
    "file_papers_wanted",
    "file_papers_received",
    "file_news",
    "file_withdrawal",
    "file_draft",
    "appointment_requested",
    "appointment_confirmed",
    "appointment_reminder",
    "appointment_declined",
    "appointment_changed",
    "appointment_cancelled",
    "appointment_missed",
    "offer_agreed",
    "case_window",
    "case_periodic",
    "risk_flag",
    "risk_escalated",
    "break_glass_used",
    "consent_withdrawn_staff",
    "work_new",
    "work_urgent",
    "work_near",
    "work_late",
    "stand_in",
    "obligation_due",
}

/// What several kinds end in.
const CLOSINGS: &[Source] = &[
    source!("closing_account"),
    source!("closing_session"),
    source!("slots"),
    source!("join"),
    source!("closing_case"),
    source!("case_way"),
];

/// The mail of a kind in a language.
///
/// # Errors
/// An unknown kind, a missing variable, a link that is none.
pub fn render(kind: &str, language: Language, values: &Value) -> Result<Rendered, RenderError> {
    let source = SOURCES
        .iter()
        .find(|source| source.kind == kind)
        .ok_or_else(|| RenderError::UnknownKind(plain::short_line(kind, 64)))?;
    let given = values.as_object().ok_or(RenderError::Values(source.kind))?;
    let links = links(source.kind, given)?;
    let page = source
        .in_language(language, Value::Object(plain::values(given)))
        .map_err(|error| broken(source.kind, &error))?;
    let (head, body) = page
        .split_once("\n\n")
        .ok_or(RenderError::Subject(source.kind))?;
    let subject = head
        .strip_prefix("Subject:")
        .ok_or(RenderError::Subject(source.kind))?;
    let subject = plain::header(subject, SUBJECT_MAX);
    let paragraphs = paragraphs(body);
    let html = html::page(language, &subject, &paragraphs, &links)
        .map_err(|error| broken(source.kind, &error))?;
    let mut text = paragraphs
        .iter()
        .map(|p| p.join("\n"))
        .collect::<Vec<_>>()
        .join("\n\n");
    text.push('\n');
    Ok(Rendered {
        subject,
        text,
        html,
    })
}

impl Source {
    fn in_language(&self, language: Language, values: Value) -> Result<String, minijinja::Error> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        // Escaping belongs to the HTML alone; the text part shows what was written.
        environment.set_auto_escape_callback(|_name| AutoEscape::None);
        for closing in CLOSINGS {
            environment.add_template(closing.kind, language.pick(closing.vi, closing.en))?;
        }
        environment.render_named_str(self.kind, language.pick(self.vi, self.en), values)
    }
}

fn broken(kind: &'static str, error: &minijinja::Error) -> RenderError {
    RenderError::Template {
        kind,
        what: error.kind(),
        line: error.line().unwrap_or(0),
    }
}

/// The links that may become elements; an empty one stands for "no such link".
fn links(kind: &'static str, given: &Map<String, Value>) -> Result<BTreeSet<String>, RenderError> {
    let mut links = BTreeSet::new();
    for (name, value) in given.iter().filter(|(name, _)| plain::is_link_name(name)) {
        match value.as_str() {
            Some("") => {}
            Some(link) if plain::is_link(link) => {
                links.insert(link.to_owned());
            }
            _ => {
                return Err(RenderError::Link {
                    kind,
                    name: plain::short_line(name, 64),
                });
            }
        }
    }
    Ok(links)
}

/// The lines of every paragraph; values have no line breaks, so these are the template's own.
fn paragraphs(body: &str) -> Vec<Vec<&str>> {
    body.split("\n\n")
        .map(|paragraph| {
            paragraph
                .lines()
                .map(str::trim)
                .filter(|l| !l.is_empty())
                .collect()
        })
        .filter(|lines: &Vec<&str>| !lines.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_missing_variable_is_an_error_that_quotes_no_value() {
        let values = json!({ "link": "https://phuong.example/go#secret" });
        let error = render("verify_email", Language::Vi, &values).unwrap_err();
        assert!(
            matches!(
                error,
                RenderError::Template {
                    kind: "verify_email",
                    ..
                }
            ),
            "{error}"
        );
        assert!(!error.to_string().contains("secret"));
        assert!(render("no_such", Language::En, &json!({})).is_err());
        assert!(render("password_changed", Language::En, &json!([])).is_err());
    }

    #[test]
    fn a_link_that_is_none_is_refused() {
        for link in [
            json!("javascript:alert(1)"),
            json!("https://a\r\nb"),
            json!(7),
            json!("x"),
        ] {
            let mut values = super::super::samples::samples("verify_email").remove(0);
            values["link"] = link;
            let error = render("verify_email", Language::Vi, &values).unwrap_err();
            assert!(matches!(error, RenderError::Link { .. }), "{error}");
        }
    }

    #[test]
    fn who_has_no_account_is_shown_the_desk_and_no_login() {
        let of_families = |kind: &&&str| {
            let starts = ["case_", "appointment_", "file_"];
            starts.iter().any(|start| kind.starts_with(start))
        };
        for kind in KINDS.iter().filter(of_families) {
            for mut values in super::super::samples::samples(kind) {
                values.as_object_mut().unwrap().remove("link");
                for (language, login) in [(Language::Vi, "đăng nhập"), (Language::En, "sign in")]
                {
                    let text = render(kind, language, &values).unwrap().text;
                    let is_shown = !text.contains("http") && !text.contains(login);
                    assert!(is_shown && text.contains("K7M2-94"), "{kind}: {text}");
                }
            }
        }
    }

    #[test]
    fn every_kind_renders_in_both_languages_with_its_desk_missing() {
        for kind in KINDS {
            for mut values in super::super::samples::samples(kind) {
                values["desk_phone"] = json!("");
                values["desk_hours"] = json!("");
                for language in [Language::Vi, Language::En] {
                    let mail = render(kind, language, &values).unwrap();
                    assert!(
                        !mail.subject.is_empty() && !mail.text.contains("()"),
                        "{kind}"
                    );
                }
            }
        }
    }
}
