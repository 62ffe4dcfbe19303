//! Making a backup, and putting one back.

use std::path::{Path, PathBuf};

use age::x25519::Recipient;

use super::archive::{self, SealKey, new_file};
use super::{Error, Manifest, told};
use crate::db::{Engine, migrate, snapshot};
use crate::identity::service::admin;
use crate::kernel::Timestamp;
use crate::sealed::Keys;

/// A file that goes when it is no longer wanted, whatever happens.
struct Passing(PathBuf);

impl Drop for Passing {
    fn drop(&mut self) {
        for beside in ["", "-wal", "-shm", "-journal"] {
            let mut path = self.0.clone().into_os_string();
            path.push(beside);
            // Gone already is as good.
            let _gone = std::fs::remove_file(path);
        }
    }
}

/// Saves a database, while others use it, into a new sealed file. Tells what was saved, and the
/// first fault of the log's chain: a backup with a fault is better than none.
///
/// # Errors
/// When the database cannot be read, its copy is damaged, or the file cannot be written.
pub fn create(
    url: &str,
    folder: &Path,
    (to, recipient): (&Path, &Recipient),
    now: Timestamp,
) -> Result<(Manifest, Option<String>), Error> {
    if to.exists() {
        return Err(told(format!("{} exists already", to.display())));
    }
    let copy = Passing(folder.join("backup.copy"));
    // The mode is set before there is anything to read; what a stopped backup left goes.
    drop(Passing(copy.0.clone()));
    new_file(&copy.0)?;
    let engine = engine(url);
    let (manifest, fault) = snapshot::dump(url, &copy.0, |conn| Manifest::of(conn, engine, now))?;
    let mut part = to.as_os_str().to_owned();
    part.push(".part");
    let part = Passing(part.into());
    archive::seal(&part.0, recipient, &manifest, &copy.0)?;
    std::fs::rename(&part.0, to)?;
    sync_folder(to)?;
    Ok((manifest, fault))
}

/// Puts a backup back into an empty place and checks it: its pages, the rows of each table, the
/// log's chain, the keys it needs. Logins of its time are ended, since some were revoked later.
///
/// # Errors
/// When the file is not sealed to the key or not whole, the place is not empty, or a check fails.
pub fn restore(
    url: &str,
    folder: &Path,
    (from, key): (&Path, &SealKey),
    (keys, now): (&Keys, Timestamp),
) -> Result<Manifest, Error> {
    let engine = engine(url);
    let copy = match url.strip_prefix("sqlite://") {
        // Beside the database, so that putting it there is a change of name.
        Some(file) => PathBuf::from(format!("{file}.restoring")),
        None => folder.join("restoring.copy"),
    };
    let copy = Passing(copy);
    drop(Passing(copy.0.clone()));
    let manifest = archive::unseal(from, key, |manifest| manifest.require(engine), &copy.0)?;
    match engine {
        Engine::Sqlite => {
            // Checked before it stands where it is served from.
            check(
                &format!("sqlite://{}", copy.0.display()),
                &manifest,
                keys,
                now,
            )?;
            snapshot::fill(url, &copy.0)?;
            if let Some(file) = url.strip_prefix("sqlite://") {
                sync_folder(Path::new(file))?;
            }
        }
        Engine::Postgres => {
            snapshot::fill(url, &copy.0)?;
            check(url, &manifest, keys, now)?;
        }
    }
    Ok(manifest)
}

fn check(url: &str, manifest: &Manifest, keys: &Keys, now: Timestamp) -> Result<(), Error> {
    let mut conn = snapshot::open(url)?;
    snapshot::check(&mut conn)?;
    manifest.compare(&mut conn, now)?;
    migrate::migrate(&mut conn)?;
    keys.enrol(&mut conn, now)?;
    admin::sign_everybody_out(&mut conn, now)?;
    Ok(())
}

fn engine(url: &str) -> Engine {
    if url.starts_with("sqlite://") {
        Engine::Sqlite
    } else {
        Engine::Postgres
    }
}

/// A new name is durable once its folder is.
fn sync_folder(file: &Path) -> Result<(), Error> {
    Ok(std::fs::File::open(folder_of(file))?.sync_all()?)
}

fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}
