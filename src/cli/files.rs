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

/// Makes the data folder, or refuses one that others may enter.
pub(super) fn data_folder(config: &Config) -> Result<(), Error> {
    let folder = &config.data;
    if !folder.exists() {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
    }
    refuse_others(folder, "the data folder", "700")
}

fn refuse_others(path: &Path, what: &str, mode: &str) -> Result<(), Error> {
    let found = std::fs::metadata(path)?.permissions().mode();
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

/// Takes the one place of an SQLite file; it is held as long as the file given back lives, and
/// goes with the process however that ends.
pub(super) fn take_place(config: &Config) -> Result<Option<File>, Error> {
    let Some(path) = database_file(config) else {
        return Ok(None);
    };
    // Through links: two names of one file are one place.
    let mut path = path.canonicalize()?;
    path.as_mut_os_string().push(".lock");
    private::take_place(&path)?.map_or_else(
        || {
            Err(Error::Told(format!(
                "another process serves from {}: one per SQLite file",
                path.with_extension("").display()
            )))
        },
        |file| Ok(Some(file)),
    )
}

/// The password of the demonstration: the one that is set, else the one made before, else a new
/// one, which stays in the data folder.
pub(super) fn demo_password(config: &Config) -> Result<Secret<String>, Error> {
    if let Some(password) = &config.demo_password {
        if let Some(rule) = password::broken_rule(password) {
            return Err(Error::Told(format!("HAI_DANG_DEMO_PASSWORD: {rule}")));
        }
        return Ok(password.clone());
    }
    let path = config.data.join("demo-password");
    if path.exists() {
        refuse_others(&path, "the password file", "600")?;
        let text = std::fs::read_to_string(&path)?;
        return Ok(Secret::new(text.trim().to_owned()));
    }
    let password = token::encode(&token::random::<15>());
    let mut file = private::new_file(&path)?;
    file.write_all(password.as_bytes())?;
    file.sync_all()?;
    Ok(Secret::new(password))
}
