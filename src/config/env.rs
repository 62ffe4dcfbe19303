//! The only file that reads the environment.

use std::collections::BTreeMap;

/// The variables that are set to something. What is no text is none of ours.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the environment"
)]
pub fn variables() -> BTreeMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(_, value)| !value.trim().is_empty())
        .collect()
}

/// The value of one, where it is set to something.
pub fn var(name: &str) -> Option<String> {
    variables().remove(name)
}
