//! Which error type to use where:
//!
//! - A slice's own `Error` enum is every way its use cases may refuse, with data; services,
//!   models and policies return it. It implements [`Coded`].
//! - [`Fault`] is what every slice refuses alike: not found, forbidden, stale, invalid.
//! - `db::Error` says that storage failed or a named constraint fired.
//! - `http::Problem` is the face of all of them on the wire, made from any [`Coded`].

use chrono::{Months, NaiveDate};
use serde_json::{Map, Value};

use super::patch::Patch;

/// What kind of refusal it is, free of any transport.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// It cannot be read.
    Malformed,
    /// It was read, and breaks rules.
    Invalid,
    /// Nobody knows who asks.
    Unauthenticated,
    /// It exists, and the caller may know so, but may not do this.
    Forbidden,
    /// It does not exist, or the caller may not know that it does.
    NotFound,
    /// It does not go with the state things are in.
    Conflict,
    /// The caller saw an older version.
    Stale,
    /// The caller did not say which version it saw.
    Unguarded,
    /// Too many calls.
    TooMany,
    /// Not now; later perhaps.
    Unavailable,
    /// Our own fault.
    Internal,
}

/// One broken rule of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// RFC 6901 pointer to the value, or the query parameter's name.
    pub pointer: String,
    /// The rule's code, kebab-case and stable.
    pub code: &'static str,
    /// A technical detail where the code alone does not say it, in English.
    pub note: Option<String>,
}

/// An error with a stable code, from which the answer to the caller is made.
pub trait Coded: std::error::Error + Send + Sync + 'static {
    /// Its class.
    fn class(&self) -> Class;
    /// Its code: kebab-case, stable, in the catalogue.
    fn code(&self) -> &'static str;
    /// What every slice refuses alike, where it is that.
    fn fault(&self) -> Option<&Fault> {
        None
    }
    /// Every broken rule of an input.
    fn violations(&self) -> &[Violation] {
        self.fault().map_or(&[], Coded::violations)
    }
    /// Further members of the answer.
    fn facts(&self) -> Map<String, Value> {
        self.fault().map(Coded::facts).unwrap_or_default()
    }
}

/// What every slice refuses alike.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Fault {
    /// Nothing there, as far as the caller may know.
    #[error("not found")]
    NotFound,
    /// The caller's roles do not reach this.
    #[error("forbidden")]
    Forbidden,
    /// Nobody knows who asks.
    #[error("not logged in, or the token no longer counts")]
    Unauthenticated,
    /// Another version is current.
    #[error("the version is not current")]
    Stale,
    /// `If-Match` is wanted.
    #[error("If-Match is missing")]
    Unguarded,
    /// Rules broken by the input.
    #[error("{} rules broken by the input", .0.len())]
    Invalid(Vec<Violation>),
    /// Any token that no longer works, whatever the reason.
    #[error("the token does not work")]
    Token,
    /// An action its state does not allow.
    #[error("{action} is not possible while {current}")]
    Transition {
        /// The state it is in.
        current: &'static str,
        /// What was asked.
        action: &'static str,
        /// What this caller could do now.
        allowed: Vec<&'static str>,
    },
    /// A limit on calls was reached.
    #[error("too many calls; again in {retry_after} s")]
    TooMany {
        /// Seconds until a call counts again.
        retry_after: u64,
    },
    /// No room for it just now.
    #[error("busy")]
    Busy,
    /// Something that cannot be: corrupt data or a bug.
    #[error("internal: {0}")]
    Internal(String),
}

impl Fault {
    /// One broken rule of one field.
    pub fn rule(pointer: impl Into<String>, code: &'static str) -> Self {
        let (pointer, note) = (pointer.into(), None);
        Self::Invalid(vec![Violation {
            pointer,
            code,
            note,
        }])
    }
}

impl Coded for Fault {
    fn class(&self) -> Class {
        match self {
            Self::NotFound => Class::NotFound,
            Self::Forbidden => Class::Forbidden,
            Self::Unauthenticated => Class::Unauthenticated,
            Self::Stale => Class::Stale,
            Self::Unguarded => Class::Unguarded,
            Self::Invalid(_) | Self::Token => Class::Invalid,
            Self::Transition { .. } => Class::Conflict,
            Self::TooMany { .. } => Class::TooMany,
            Self::Busy => Class::Unavailable,
            Self::Internal(_) => Class::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Forbidden => "forbidden",
            Self::Unauthenticated => "unauthenticated",
            Self::Stale => "stale-version",
            Self::Unguarded => "if-match-required",
            Self::Invalid(_) => "invalid",
            Self::Token => "token-invalid",
            Self::Transition { .. } => "action-not-allowed",
            Self::TooMany { .. } => "too-many-requests",
            Self::Busy => "busy",
            Self::Internal(_) => "internal",
        }
    }

    fn violations(&self) -> &[Violation] {
        if let Self::Invalid(violations) = self {
            violations
        } else {
            &[]
        }
    }

    fn facts(&self) -> Map<String, Value> {
        let mut facts = Map::new();
        match self {
            Self::Transition {
                current,
                action,
                allowed,
            } => {
                facts.insert("current".into(), (*current).into());
                facts.insert("action".into(), (*action).into());
                facts.insert("allowed_actions".into(), allowed.clone().into());
            }
            Self::TooMany { retry_after } => {
                facts.insert("retry_after".into(), (*retry_after).into());
            }
            _ => {}
        }
        facts
    }
}

/// Gathers every broken rule of an input before anything is refused.
///
/// A getter gives a stand-in for a broken value; [`Check::done`] then refuses, so the stand-in
/// never goes further.
#[derive(Debug, Default)]
pub struct Check {
    violations: Vec<Violation>,
}

impl Check {
    /// Nothing broken yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes a broken rule.
    pub fn refuse(&mut self, pointer: impl Into<String>, code: &'static str) {
        self.violations.push(Violation {
            pointer: pointer.into(),
            code,
            note: None,
        });
    }

    /// Notes a broken rule unless `holds`.
    pub fn rule(&mut self, holds: bool, pointer: impl Into<String>, code: &'static str) {
        if !holds {
            self.refuse(pointer, code);
        }
    }

    /// The new value of a field that can be kept or set, but never cleared.
    pub fn kept<T>(&mut self, pointer: &str, patch: Patch<T>) -> Option<T> {
        match patch {
            Patch::Keep => None,
            Patch::Set(value) => Some(value),
            Patch::Clear => {
                // What was refused for another reason is told once.
                let is_told = self.names(pointer);
                self.rule(is_told, pointer, "required");
                None
            }
        }
    }

    /// The value of a parse, or the stand-in with the fault noted.
    pub fn take<T: Default>(
        &mut self,
        pointer: impl Into<String>,
        parsed: Result<T, super::text::Fault>,
    ) -> T {
        parsed.unwrap_or_else(|fault| {
            self.refuse(pointer, fault.code());
            T::default()
        })
    }

    /// A line that must not be empty.
    pub fn line(&mut self, pointer: &str, raw: &str, max: usize) -> String {
        let text = self.take(pointer, super::text::line(raw, max));
        self.rule(
            !text.is_empty() || self.names(pointer),
            pointer,
            super::text::Fault::Empty.code(),
        );
        text
    }

    /// A line that may be missing; an empty one counts as missing.
    pub fn line_opt(&mut self, pointer: &str, raw: Option<&str>, max: usize) -> Option<String> {
        raw.map(|raw| self.take(pointer, super::text::line(raw, max)))
            .filter(|text| !text.is_empty())
    }

    /// A text of several lines.
    pub fn block(&mut self, pointer: &str, raw: &str, max: usize) -> String {
        let text = self.take(pointer, super::text::block(raw, max));
        self.rule(
            !text.is_empty() || self.names(pointer),
            pointer,
            super::text::Fault::Empty.code(),
        );
        text
    }

    /// A text of several lines that may be missing.
    pub fn block_opt(&mut self, pointer: &str, raw: Option<&str>, max: usize) -> Option<String> {
        raw.map(|raw| self.take(pointer, super::text::block(raw, max)))
            .filter(|text| !text.is_empty())
    }

    /// An address that may be missing.
    pub fn email_opt(&mut self, pointer: &str, raw: Option<&str>) -> Option<String> {
        raw.filter(|raw| !raw.trim().is_empty())
            .map(|raw| self.take(pointer, super::text::email(raw)))
    }

    /// A phone number that may be missing.
    pub fn phone_opt(&mut self, pointer: &str, raw: Option<&str>) -> Option<String> {
        raw.filter(|raw| !raw.trim().is_empty())
            .map(|raw| self.take(pointer, super::text::phone(raw)))
    }

    /// A day, where there is one, that both engines keep, and whose year has four digits on every
    /// client.
    pub fn day(&mut self, pointer: impl Into<String>, day: impl Into<Option<NaiveDate>>) {
        let is_kept = day.into().is_none_or(super::civil::is_kept);
        self.rule(is_kept, pointer, "out-of-range");
    }

    /// The first and the last day of a window, either of which may be open.
    pub fn window(&mut self, from: Option<NaiveDate>, to: Option<NaiveDate>) {
        self.day("from", from);
        self.day("to", to);
        let is_ordered = from.zip(to).is_none_or(|(from, to)| from <= to);
        self.rule(is_ordered, "to", "order-invalid");
    }

    /// The first and the last day of a period of so many years at most.
    pub fn years(&mut self, (from, to): (NaiveDate, NaiveDate), years_max: u32) {
        self.window(Some(from), Some(to));
        let end = from.checked_add_months(Months::new(12 * years_max));
        let is_fit = end.is_none_or(|end| to < end);
        self.rule(is_fit, "to", "out-of-range");
    }

    /// The first and the last day of a period of so many days at most.
    pub fn period(&mut self, (from, to): (NaiveDate, NaiveDate), days_max: i64) {
        self.window(Some(from), Some(to));
        let days = to.signed_duration_since(from).num_days() + 1;
        self.rule(days <= days_max, "to", "out-of-range");
    }

    fn names(&self, pointer: &str) -> bool {
        self.violations
            .iter()
            .any(|violation| violation.pointer == pointer)
    }

    /// Refuses when any rule was broken.
    ///
    /// # Errors
    /// `invalid`, with every violation.
    pub fn done(self) -> Result<(), Fault> {
        if self.violations.is_empty() {
            Ok(())
        } else {
            Err(Fault::Invalid(self.violations))
        }
    }
}
