//! The data folder and what lies in it: nobody else reads it, and one process serves from it.

use std::fs::{DirBuilder, File};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::app::Error;
use crate::config::Config;
use crate::db;
use crate::identity::password;
use crate::kernel::secret::Secret;
use crate::kernel::{private, token};
use crate::sealed::keys;

/// What the file system refused, with the path it is about.
fn of_file<'a>(what: &'a str, path: &'a Path) -> impl Fn(std::io::Error) -> Error + 'a {
    move |error| Error::Told(format!("{what} {}: {error}", path.display()))
}

/// What the keys of the service were refused for, with the file they are in.
pub(super) fn of_keys(config: &Config) -> impl Fn(keys::Error) -> Error + '_ {
    |error| {
        let path = config.keys.display();
        Error::Told(format!(
            "the service's keys, {path} (HAI_DANG_KEYS): {error}"
        ))
    }
}

/// Makes the data folder, or refuses one that others may enter.
pub(super) fn data_folder(config: &Config) -> Result<(), Error> {
    let folder = &config.data;
    if !folder.exists() {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(of_file("the data folder (HAI_DANG_DATA)", folder))?;
    }
    if !folder.is_dir() {
        let folder = folder.display();
        return Err(Error::Told(format!(
            "{folder} (HAI_DANG_DATA) is no folder"
        )));
    }
    refuse_others(folder, "the data folder", "700")
}

fn refuse_others(path: &Path, what: &str, mode: &str) -> Result<(), Error> {
    let found = std::fs::metadata(path).map_err(of_file(what, path))?;
    let found = found.permissions().mode();
    if found.trailing_zeros() >= 6 {
        return Ok(());
    }
    let path = path.display();
    Err(Error::Told(format!(
        "{what} {path} may be read by others: chmod {mode} it"
    )))
}

/// The file of an SQLite database.
pub(super) fn database_file(config: &Config) -> Option<PathBuf> {
    db::file_of(config.database_url.expose()).map(PathBuf::from)
}

/// Makes the file of an SQLite database with mode 0600, or refuses one that others may read; what
/// SQLite puts beside it takes the same mode.
pub(super) fn prepare_database(config: &Config) -> Result<(), Error> {
    let Some(file) = database_file(config) else {
        return Ok(());
    };
    match private::new_file(&file) {
        Ok(_made) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            refuse_others(&file, "the database file", "600")
        }
        Err(error) => Err(Error::Told(format!(
            "the database file {}: {error}",
            file.display()
        ))),
    }
}

/// Where a file lies, through links: two names of one file are one place. One that is not there
/// has the place it would have: who still serves from a file that was moved away holds that.
fn place_of(path: &Path) -> std::io::Result<PathBuf> {
    match path.canonicalize() {
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        found => return found,
    }
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    let mut place = folder.unwrap_or(Path::new(".")).canonicalize()?;
    place.extend(path.file_name());
    Ok(place)
}

/// Refuses a command about an SQLite database that is not there, which would make an empty one.
pub(super) fn require_database(config: &Config) -> Result<(), Error> {
    match database_file(config) {
        Some(file) if !file.exists() => Err(Error::Told(format!(
            "there is no database {} (HAI_DANG_DATA, DATABASE_URL)",
            file.display()
        ))),
        _ => Ok(()),
    }
}

/// Takes the one place of an SQLite file; it is held as long as the file given back lives, and
/// goes with the process however that ends.
pub(super) fn take_place(config: &Config) -> Result<Option<File>, Error> {
    let Some(path) = database_file(config) else {
        return Ok(None);
    };
    let told = of_file("the database file", &path);
    let mut lock = place_of(&path).map_err(told)?;
    lock.as_mut_os_string().push(".lock");
    let place = private::take_place(&lock).map_err(of_file("the lock", &lock))?;
    place.map_or_else(
        || {
            Err(Error::Told(format!(
                "another process serves from {}: one per SQLite file",
                lock.with_extension("").display()
            )))
        },
        |file| Ok(Some(file)),
    )
}

/// Refuses a password for the demonstration that nobody may have.
pub(super) fn check_demo_password(config: &Config) -> Result<(), Error> {
    match config
        .demo_password
        .as_ref()
        .and_then(password::broken_rule)
    {
        Some(rule) => Err(Error::Told(format!("HAI_DANG_DEMO_PASSWORD: {rule}"))),
        None => Ok(()),
    }
}

/// The password of the demonstration: the one that is set, else the one made before, else a new
/// one, which stays in the data folder.
pub(super) fn demo_password(config: &Config) -> Result<Secret<String>, Error> {
    if let Some(password) = &config.demo_password {
        return Ok(password.clone());
    }
    let path = config.data.join("demo-password");
    if path.exists() {
        refuse_others(&path, "the password file", "600")?;
        let told = of_file("the password file", &path);
        let text = std::fs::read_to_string(&path).map_err(told)?;
        return Ok(Secret::new(text.trim().to_owned()));
    }
    let password = token::encode(&token::random::<15>());
    private::new_file(&path)
        .and_then(|mut file| {
            file.write_all(password.as_bytes())?;
            file.sync_all()
        })
        .map_err(of_file("the password file", &path))?;
    Ok(Secret::new(password))
}
