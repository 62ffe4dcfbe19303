//! Commands of backups.

use std::path::Path;

use super::terminal::say;
use super::{files, store};
use crate::app::Error;
use crate::backup::{self, Manifest, SealKey};
use crate::config::Config;
use crate::sealed::Keys;

/// Makes the key that opens backups.
pub(super) fn create_key(out: &Path) -> Result<(), Error> {
    let key = SealKey::fresh();
    key.write_new(out)?;
    say(&format!("HAI_DANG_BACKUP_RECIPIENT={}", key.recipient()));
    Ok(())
}

/// Saves the database.
pub(super) fn save(config: &Config, to: &Path, recipient: Option<&str>) -> Result<(), Error> {
    let recipient = recipient.or(config.backup_recipient.as_deref());
    let recipient = recipient.ok_or_else(|| {
        let wanted = "a backup is sealed: name a recipient by --recipient or \
            HAI_DANG_BACKUP_RECIPIENT; `hai-dang keys backup` makes one";
        Error::Told(wanted.into())
    })?;
    let recipient = backup::recipient(recipient)?;
    files::require_database(config)?;
    files::data_folder(config)?;
    store::refuse_empty(config)?;
    let url = config.database_url.expose();
    let (manifest, fault) = backup::create(url, &config.data, (to, &recipient), store::now())?;
    say(&told("saved", &manifest));
    match fault {
        Some(fault) => Err(Error::Told(format!(
            "the backup is made, but the log does not hold: {fault}"
        ))),
        None => Ok(()),
    }
}

/// Puts a backup back.
pub(super) fn restore(config: &Config, from: &Path, key: &Path) -> Result<(), Error> {
    let key = SealKey::read(key)?;
    let keys = Keys::read(&config.keys).map_err(files::of_keys(config))?;
    files::data_folder(config)?;
    let _place = files::take_place(config)?;
    let url = config.database_url.expose();
    let (manifest, again) =
        backup::restore(url, &config.data, (from, &key), (&keys, store::now()))?;
    let (destroyed, unlisted) = (again.destroyed, again.unlisted);
    if again.listed == 0 && manifest.has_data_keys() {
        say(
            "the list of erasures has no mark: if there is a copy with marks, start again with it, \
            or what was erased after the backup has come back",
        );
    }
    if destroyed > 0 {
        say(&format!("erased again: {destroyed} data keys"));
    }
    if unlisted > 0 {
        say(&format!(
            "the list of erasures is older than the backup ({unlisted} marks were added): if there \
            is a later copy, start again with it"
        ));
    }
    say(&told("restored and checked", &manifest));
    Ok(())
}

fn told(what: &str, manifest: &Manifest) -> String {
    let rows: i64 = manifest.rows.values().sum();
    let (number, chain) = &manifest.head;
    let at = manifest.made_at.format("%Y-%m-%dT%H:%M:%SZ");
    format!("{what}: {rows} rows of {at}, the log's head {number}:{chain}")
}
