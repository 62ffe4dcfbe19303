//! Making a backup, and putting one back.

use std::fs::{DirBuilder, File};
use std::io::ErrorKind;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use age::x25519::Recipient;

use super::archive::{self, SealKey, new_file};
use super::{Error, Manifest, told};
use crate::audit::seal;
use crate::db::{self, migrate, snapshot};
use crate::identity::service::admin;
use crate::kernel::{Timestamp, private};
use crate::sealed::erasure::{self, Again};
use crate::sealed::stored;
use crate::sealed::{Depot, Keys};

/// A file that goes when it is no longer wanted, whatever happens.
struct Passing(PathBuf);

impl Drop for Passing {
    fn drop(&mut self) {
        for end in REMAINS {
            // Gone already is as good.
            let _gone = std::fs::remove_file(beside(&self.0, end));
        }
    }
}

/// The copy a backup is sealed from; it is there only meanwhile.
const COPY: &str = "backup.copy";

/// Where documents are put back first.
const ASIDE: &str = "restoring.documents";

/// The file a database is put back from; it is there only meanwhile. That of an SQLite database
/// lies beside it, so that putting it there is a change of name.
fn restoring(url: &str, folder: &Path) -> PathBuf {
    match db::file_of(url) {
        Some(file) => beside(file, ".restoring"),
        None => folder.join("restoring.copy"),
    }
}

/// The one place of restores in a data folder, held as long as what is given back lives.
fn take_restoring(folder: &Path) -> Result<Option<File>, Error> {
    Ok(private::take_place(&folder.join("restore.lock"))?)
}

/// Removes what a killed backup or restore left readable, unless one is running.
///
/// # Errors
/// When the folder cannot be written.
pub fn sweep(url: &str, folder: &Path) -> Result<(), Error> {
    if let Some(_place) = take_place(folder)? {
        drop(Passing(folder.join(COPY)));
    }
    if let Some(_place) = take_restoring(folder)? {
        drop(Passing(restoring(url, folder)));
        remove_tree(&folder.join(ASIDE))?;
    }
    Ok(())
}

/// The one place of backups in a data folder, held as long as what is given back lives.
fn take_place(folder: &Path) -> Result<Option<File>, Error> {
    Ok(private::take_place(&folder.join("backup.lock"))?)
}

/// Saves a database and the stored documents, while others use them, into a new sealed file. Tells what was saved, and the
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
    let place = take_place(folder).map_err(of(folder))?;
    let _place = place.ok_or_else(|| told("another backup is running"))?;
    let copy = Passing(folder.join(COPY));
    // The mode is set before there is anything to read; what a killed backup left goes.
    drop(Passing(copy.0.clone()));
    new_file(&copy.0)?;
    let engine = snapshot::engine(url)?;
    let (manifest, fault) = snapshot::dump(url, &copy.0, |conn| Manifest::of(conn, engine, now))?;
    let part = beside(to, ".part");
    let file = begin_part(&part).map_err(of(to))?;
    let part = Passing(part);
    let depot = Depot::new(folder);
    archive::seal(&file, recipient, &manifest, (&copy.0, &depot)).map_err(of(to))?;
    std::fs::rename(&part.0, to)
        .map_err(Error::from)
        .map_err(of(to))?;
    sync_folder(to).map_err(of(to))?;
    Ok((manifest, fault))
}

/// The unfinished file of a backup. One that a killed backup left is taken away; whoever writes
/// to it, from whatever data folder, holds it.
fn begin_part(part: &Path) -> Result<File, Error> {
    if let Ok(left) = File::open(part) {
        let held = |_held| told(format!("another backup writes {}", part.display()));
        left.try_lock().map_err(held)?;
        std::fs::remove_file(part)?;
    }
    let file = new_file(part)?;
    // Nobody knows of it yet; where nothing can be locked nothing is taken away either.
    let _held = file.try_lock();
    Ok(file)
}

/// What the file system refused, with the path it is about.
fn of(path: &Path) -> impl Fn(Error) -> Error + '_ {
    |error| match error {
        Error::Io(why) => told(format!("{}: {why}", path.display())),
        other => other,
    }
}

/// Puts a backup back into an empty place and checks it: its pages, the rows of each table, the
/// log's chain, the keys it needs. Logins of its time are ended, since some were revoked later,
/// and what was erased later is erased again, before anything serves from it.
///
/// # Errors
/// When the file is not sealed to the key or not whole, the place is not empty, a check fails, or
/// the list of erasures is not there and the backup has data keys.
pub fn restore(
    url: &str,
    folder: &Path,
    (from, key): (&Path, &SealKey),
    (keys, now): (&Keys, Timestamp),
) -> Result<(Manifest, Again), Error> {
    let engine = snapshot::engine(url)?;
    let running = take_restoring(folder).map_err(of(folder))?;
    let _running = running.ok_or_else(|| told("another restore is running"))?;
    let place = db::file_of(url);
    if let Some(file) = place {
        refuse_remains(file)?;
    }
    let copy = Passing(restoring(url, folder));
    drop(Passing(copy.0.clone()));
    let judge = |manifest: &Manifest| {
        manifest.require(engine)?;
        keys.require(&manifest.keys)?;
        if manifest.has_data_keys() {
            erasure::require(keys)?;
        }
        Ok(())
    };
    let documents = Documents::prepare(folder)?;
    let manifest = archive::unseal(from, key, judge, (&copy.0, &documents.depot));
    let manifest = manifest.map_err(|error| match error {
        Error::Io(why) | Error::Stored(stored::Error::Io(why)) => {
            told(format!("{} is damaged or cut: {why}", from.display()))
        }
        other => other,
    })?;
    let again = if let Some(file) = place {
        // Checked before it stands where it is served from.
        let checked = format!("sqlite://{}", copy.0.display());
        let again = check(&checked, &manifest, keys, now)?;
        documents.place()?;
        snapshot::fill(url, &copy.0)?;
        sync_folder(file)?;
        again
    } else {
        // It is marked from before the first row on: nothing serves from it until all is well.
        snapshot::fill(url, &copy.0)?;
        let again = check(url, &manifest, keys, now)?;
        documents.place()?;
        snapshot::finish(url)?;
        again
    };
    Ok((manifest, again))
}

/// Documents that are put back: beside their place first, so that being there is a change of name.
struct Documents {
    /// Where they are put.
    depot: Depot,
    /// The folder that is made for them, and goes with what is left in it.
    aside: PathBuf,
    /// Where they are served from.
    place: PathBuf,
}

impl Documents {
    /// Makes an empty place; there must be none where they are served from.
    fn prepare(folder: &Path) -> Result<Self, Error> {
        let place = Depot::new(folder).root().to_path_buf();
        if place.exists() {
            return Err(told(format!(
                "{} is there: move it away first",
                place.display()
            )));
        }
        let aside = folder.join(ASIDE);
        remove_tree(&aside)?;
        DirBuilder::new().mode(0o700).create(&aside)?;
        let depot = Depot::new(&aside);
        Ok(Self {
            depot,
            aside,
            place,
        })
    }

    /// Puts them where they are served from, durable when this returns.
    fn place(&self) -> Result<(), Error> {
        if self.depot.root().exists() {
            std::fs::rename(self.depot.root(), &self.place)?;
            sync_folder(&self.place)?;
        }
        Ok(())
    }
}

impl Drop for Documents {
    fn drop(&mut self) {
        // What cannot be removed now is removed by the next one.
        let _removed = remove_tree(&self.aside);
    }
}

fn remove_tree(folder: &Path) -> Result<(), Error> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// What SQLite puts beside a database file, and the file itself.
const REMAINS: [&str; 4] = ["", "-wal", "-shm", "-journal"];

fn beside(file: &Path, end: &str) -> PathBuf {
    let mut path = file.as_os_str().to_owned();
    path.push(end);
    path.into()
}

/// What a database that is gone left beside it would be taken for the new one's.
fn refuse_remains(file: &Path) -> Result<(), Error> {
    let mut all = REMAINS.iter().map(|end| beside(file, end));
    match all.find(|path| path.symlink_metadata().is_ok()) {
        Some(path) => Err(told(format!(
            "{} is there: move it away first",
            path.display()
        ))),
        None => Ok(()),
    }
}

fn check(url: &str, manifest: &Manifest, keys: &Keys, now: Timestamp) -> Result<Again, Error> {
    let mut conn = snapshot::open(url)?;
    snapshot::check(&mut conn)?;
    manifest.compare(&mut conn, now)?;
    migrate::bring_up(&mut conn)?;
    keys.enrol(&mut conn, now)?;
    admin::sign_everybody_out(&mut conn, now)?;
    let again = erasure::reapply(&mut conn, keys, now)?;
    seal::seal_rest(&mut conn, now)?;
    Ok(again)
}

/// A new name is durable once its folder is.
fn sync_folder(file: &Path) -> Result<(), Error> {
    Ok(File::open(folder_of(file))?.sync_all()?)
}

fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}
