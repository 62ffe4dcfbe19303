//! The folder of stored files.

use std::collections::BTreeSet;
use std::fs::{DirBuilder, File};
use std::io::{BufWriter, ErrorKind, Read, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{self, Stream};

use super::room::Room;
use super::stream::{self as sealing};
use super::{Clean, Error, Incoming, Reader, Sender, Stored, StoredId};
use crate::db;
use crate::kernel::{private, token};
use crate::paper::incoming::Refusal;
use crate::sealed::vault::DataKey;

/// Below the data folder.
const FOLDER: &str = "documents";
/// What a file that is being written ends with.
const PART: &str = ".part";
/// Files that are looked up at once.
const BATCH: usize = 200;

/// Where stored files lie; clones share its room for files that are being received.
#[derive(Debug, Clone)]
pub struct Depot {
    root: Arc<Path>,
    room: Room,
}

impl Depot {
    /// The one of a data folder. Nothing is made before the first file.
    pub fn new(data: &Path) -> Self {
        Self {
            root: data.join(FOLDER).into(),
            room: Room::new(),
        }
    }

    /// Where its files lie.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Makes room for a file that comes, or waits a while for it.
    ///
    /// # Errors
    /// `uploads-busy`.
    pub async fn receive(&self, sender: Sender) -> Result<Incoming, Refusal> {
        self.room.take(sender).await
    }

    /// Cleans, seals and writes a file off the event loop; durable when this returns.
    ///
    /// # Errors
    /// What the file is refused for; when it cannot be written.
    pub async fn keep(
        &self,
        key: &DataKey,
        id: StoredId,
        (incoming, raw_name): (Incoming, String),
    ) -> Result<Stored, Error> {
        let (depot, key) = (self.clone(), key.clone());
        blocking(move || depot.store(&key, id, &incoming.finish(&raw_name)?)).await
    }

    /// Opens a file off the event loop.
    ///
    /// # Errors
    /// As [`Depot::open`].
    pub async fn read(&self, key: &DataKey, id: StoredId) -> Result<Reader, Error> {
        let (depot, key) = (self.clone(), key.clone());
        blocking(move || depot.open(&key, id)).await
    }

    /// Seals and writes a file; durable when this returns.
    ///
    /// # Errors
    /// When there is one of that id, or it cannot be written.
    pub fn store(&self, key: &DataKey, id: StoredId, clean: &Clean) -> Result<Stored, Error> {
        self.write(id, |out| sealing::seal(key, id, clean.bytes(), out))?;
        Ok(Stored {
            id,
            kind: clean.kind,
            size: i64::try_from(clean.size).unwrap_or(i64::MAX),
            sha256: clean.sha256.clone(),
            name: clean.name.clone(),
        })
    }

    /// Opens a file; what was moved there, or sealed by another key, is refused at once.
    ///
    /// # Errors
    /// `Missing`, `Broken`, or when it cannot be read.
    pub fn open(&self, key: &DataKey, id: StoredId) -> Result<Reader, Error> {
        match File::open(self.path(id)) {
            Ok(file) => Reader::begin(key, id, file),
            Err(error) if error.kind() == ErrorKind::NotFound => Err(Error::Missing),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes a file; one that is gone stays so. After the transaction that no longer names it.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn remove(&self, id: StoredId) -> Result<(), Error> {
        gone(std::fs::remove_file(self.path(id)))
    }

    /// Where a file lies: in one of 65536 folders, by what of its id is random.
    pub fn path(&self, id: StoredId) -> PathBuf {
        self.root.join(place(id))
    }
}

impl Depot {
    /// Puts a file back that is sealed already; durable when this returns.
    ///
    /// # Errors
    /// As [`Depot::store`].
    pub fn put(&self, id: StoredId, sealed: &mut impl Read) -> Result<(), Error> {
        self.write(id, |out| {
            std::io::copy(sealed, out)?;
            Ok(())
        })
    }

    fn write(
        &self,
        id: StoredId,
        fill: impl FnOnce(&mut BufWriter<File>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let path = self.path(id);
        if path.exists() {
            return Err(std::io::Error::from(ErrorKind::AlreadyExists).into());
        }
        let folders = self.folders(id);
        for folder in &folders {
            make(folder)?;
        }
        let mark = token::hex(&token::random::<4>());
        let part = path.with_file_name(format!(".{id}.{mark}{PART}"));
        let written =
            filled(&part, fill).and_then(|()| std::fs::rename(&part, &path).map_err(Error::from));
        if let Err(error) = written {
            // What cannot be removed now is swept later.
            let _removed = std::fs::remove_file(&part);
            return Err(error);
        }
        // From the file's own folder up: each name is durable once the folder it stands in is,
        // whoever made it.
        for folder in folders.iter().rev() {
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    }

    /// The folders a file lies in, from the top: the data folder is there.
    fn folders(&self, id: StoredId) -> [PathBuf; 3] {
        let path = self.path(id);
        let upper = |path: &Path| path.parent().map(Path::to_path_buf).unwrap_or_default();
        let inner = upper(&path);
        let outer = upper(&inner);
        [self.root.to_path_buf(), outer, inner]
    }

    /// The files that are stored, by their ids; what is being written is not among them.
    ///
    /// # Errors
    /// When a folder cannot be read.
    pub fn ids(&self) -> Result<Vec<StoredId>, Error> {
        let mut ids = Vec::new();
        self.walk(&mut |path| {
            ids.extend(id_of(&path));
            Ok(())
        })?;
        Ok(ids)
    }

    /// Removes what is older than `age` and named by no row, and what a crash left half written;
    /// tells how many files that were. `named` gives back those of some ids that a row names, of
    /// every slice that stores files: what it leaves out is gone.
    ///
    /// # Errors
    /// When a folder cannot be read, a file cannot be removed, or `named` fails.
    pub fn sweep(
        &self,
        age: Duration,
        mut named: impl FnMut(&[StoredId]) -> db::Result<BTreeSet<StoredId>>,
    ) -> Result<usize, Error> {
        let (mut ids, mut parts) = (Vec::new(), Vec::new());
        self.walk(&mut |path| {
            if is_older(&path, age) {
                match id_of(&path) {
                    Some(id) => ids.push(id),
                    None if path.to_string_lossy().ends_with(PART) => parts.push(path),
                    None => tracing::warn!("something else lies among the documents"),
                }
            }
            Ok(())
        })?;
        let mut count = parts.len();
        for part in parts {
            gone(std::fs::remove_file(part))?;
        }
        for batch in ids.chunks(BATCH) {
            let named = named(batch)?;
            for id in batch.iter().filter(|id| !named.contains(id)) {
                self.remove(*id)?;
                count += 1;
            }
        }
        Ok(count)
    }

    fn walk(&self, visit: &mut dyn FnMut(PathBuf) -> Result<(), Error>) -> Result<(), Error> {
        for outer in entries(&self.root)? {
            for inner in entries(&outer)? {
                for path in entries(&inner)? {
                    visit(path)?;
                }
            }
        }
        Ok(())
    }
}

impl Reader {
    /// Its chunks, each read off the event loop.
    pub fn into_stream(self) -> impl Stream<Item = Result<Vec<u8>, Error>> + 'static {
        stream::unfold(Some(self), |reader| async {
            let mut reader = reader?;
            let read = blocking(move || Ok((reader.next(), reader))).await;
            match read {
                Ok((Some(Ok(chunk)), reader)) => Some((Ok(chunk), Some(reader))),
                Ok((None, _)) => None,
                Ok((Some(Err(error)), _)) | Err(error) => Some((Err(error), None)),
            }
        })
    }
}

/// `ab/cd/ID`: by the id's last bytes, since its first are the time and alike.
fn place(id: StoredId) -> PathBuf {
    let [.., outer, inner] = *id.uuid().as_bytes();
    [token::hex(&[outer]), token::hex(&[inner]), id.to_string()]
        .iter()
        .collect()
}

/// The id of the file at a path, if it is one that lies where it belongs.
fn id_of(path: &Path) -> Option<StoredId> {
    let id = StoredId::parse(path.file_name()?.to_str()?)?;
    path.ends_with(place(id)).then_some(id)
}

fn make(folder: &Path) -> Result<(), Error> {
    match DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error.into()),
        _ => Ok(()),
    }
}

fn filled(
    part: &Path,
    fill: impl FnOnce(&mut BufWriter<File>) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut out = BufWriter::with_capacity(2 * sealing::CHUNK, private::new_file(part)?);
    fill(&mut out)?;
    out.flush()?;
    Ok(out.get_ref().sync_all()?)
}

/// The paths in a folder; none where it is not there, or is no folder.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(Vec::new());
        }
        Err(error) => return Err(error.into()),
    };
    let paths = entries.map(|entry| Ok(entry?.path()));
    paths.collect()
}

fn is_older(path: &Path, age: Duration) -> bool {
    let changed = std::fs::metadata(path).and_then(|file| file.modified());
    // A time to come is none to trust; one that is gone is nobody's.
    changed.is_ok_and(|at| at.elapsed().is_ok_and(|since| since >= age))
}

fn gone(removed: std::io::Result<()>) -> Result<(), Error> {
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where stored files are worked on off the event loop"
)]
async fn blocking<T: Send + 'static>(
    f: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let joined = tokio::task::spawn_blocking(f).await;
    joined.map_err(|gone| Error::Io(std::io::Error::other(gone)))?
}
