//! Commands of keys.

use std::path::PathBuf;

use super::terminal::say;
use super::{files, store};
use crate::app::Error;
use crate::config::Config;
use crate::sealed::{Keys, rotation};

/// Makes a key file, or adds to one what it lacks.
pub(super) fn create(config: &Config, out: Option<PathBuf>, add: bool) -> Result<(), Error> {
    if out.is_none() {
        files::data_folder(config)?;
    }
    let path = out.unwrap_or_else(|| config.keys.clone());
    let said = path.display();
    if !add && path.exists() {
        return Err(Error::Told(format!(
            "{said} is there already and is kept: --add adds to it what it lacks"
        )));
    }
    let told = |error| Error::Told(format!("{}: {error}", path.display()));
    if !add {
        Keys::fresh().write_new(&path).map_err(told)?;
        say(&format!("keys are in {said}; keep a copy apart"));
        return Ok(());
    }
    let added = Keys::add_lacking(&path, &[]).map_err(told)?;
    if added.is_empty() {
        say(&format!("{said} has a key of each purpose"));
        return Ok(());
    }
    let added: Vec<&str> = added.iter().map(|purpose| purpose.as_str()).collect();
    let added = added.join(", ");
    say(&format!("added to {said}: {added}; keep a copy apart"));
    Ok(())
}

/// Replaces the key that seals data keys.
pub(super) fn rotate(config: &Config) -> Result<(), Error> {
    let db = store::open(config)?;
    let report = rotation::rotate(&db, &config.keys, store::now())?;
    let (key, count) = (&report.key, report.rewrapped);
    say(&format!("{count} data keys are sealed anew, by {key}"));
    if !report.removable.is_empty() {
        let (ids, path) = (report.removable.join(", "), config.keys.display());
        say(&format!(
            "no longer needed by the database: {ids}; may be removed from {path} once no backup \
            of before is wanted any more"
        ));
    }
    if report.broken.is_empty() {
        return Ok(());
    }
    let broken: Vec<String> = report.broken.iter().map(ToString::to_string).collect();
    Err(Error::Told(format!(
        "these data keys do not open and stay as they were, with the key they name: {}",
        broken.join(", ")
    )))
}
