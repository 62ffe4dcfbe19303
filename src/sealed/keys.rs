//! The keys of a deployment, one or more per purpose, read from a file of mode 0600.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use super::key_file::{self, Change, Ring};
use super::keyring;
use crate::db::{self, Conn};
use crate::kernel::{Timestamp, secret::Secret, text_enum::text_enum, token};

text_enum! {
    /// What a key is for; one key never serves two purposes.
    pub enum Purpose {
        /// Signs access tokens.
        Access = "access",
        /// Derives refresh tokens.
        Refresh = "refresh",
        /// Derives the tokens in mail links.
        Link = "link",
        /// Derives tickets.
        Ticket = "ticket",
        /// Seals the data keys of cases and requests.
        Data = "data",
        /// Makes the digests by which sealed values are found.
        Index = "index",
    }
}

/// A key: its id, which the database and tokens name, and its secret.
#[derive(Debug, Clone)]
pub struct Key {
    /// Names the key.
    pub id: String,
    /// The secret.
    pub secret: Secret<Vec<u8>>,
}

/// All keys; the first of a purpose makes new things, the others still open old ones. Clones
/// share what one of them reads anew.
#[derive(Debug, Clone, Default)]
pub struct Keys {
    ring: Arc<RwLock<Ring>>,
    file: Option<PathBuf>,
}

/// Why keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be read or written.
    #[error("key file: {0}")]
    File(#[from] std::io::Error),
    /// Others may read the file.
    #[error("the key file may be read by others: chmod 600 it")]
    Mode,
    /// The file is not what `keys create` writes.
    #[error("the key file is not understood: {0}")]
    Form(String),
    /// A key is too short or an example.
    #[error("the key {0} is not 32 random bytes")]
    Weak(String),
    /// The database names a key that is not given.
    #[error("the database needs the key {1} for {0}, which the key file does not hold")]
    Missing(Purpose, String),
    /// A key with the id the database names is another one.
    #[error("the key {0} of the key file is not the one that sealed the data keys")]
    Wrong(String),
    /// No key of a purpose is given.
    #[error(
        "no key for {0}: `hai-dang keys create --add` adds the keys a key file lacks, \
        `hai-dang keys create` makes a new file; HAI_DANG_KEYS names it"
    )]
    None(Purpose),
    /// Another process has the right to change the file.
    #[error("another process changes the key file")]
    Changing,
    /// The list of what was erased cannot be used.
    #[error("the list of erasures {}: {why}", path.display())]
    Erasures {
        /// Where it is.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// Storage failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl db::error::Failure for Error {
    fn is_retryable(&self) -> bool {
        matches!(self, Self::Db(error) if error.is_retryable())
    }
}

impl Keys {
    /// New random keys, one for each purpose.
    pub fn fresh() -> Self {
        let mut ring = Ring::new();
        for purpose in Purpose::ALL {
            key_file::add(&mut ring, *purpose);
        }
        Self::of(ring, None)
    }

    fn of(ring: Ring, file: Option<PathBuf>) -> Self {
        let ring = Arc::new(RwLock::new(ring));
        Self { ring, file }
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// When it cannot be read, others may read it, or a key in it is weak.
    pub fn read(path: &Path) -> Result<Self, Error> {
        Ok(Self::of(key_file::read(path)?, Some(path.to_owned())))
    }

    /// Writes a key file of mode 0600; an existing one is never overwritten.
    ///
    /// # Errors
    /// When it exists or cannot be written.
    pub fn write_new(&self, path: &Path) -> Result<(), Error> {
        self.look(|ring| key_file::write_new(path, ring))
    }

    /// Adds to a key file a key of each purpose it lacks, save those that are unwanted, and gives
    /// back which it added.
    ///
    /// # Errors
    /// When the file cannot be read or replaced, or another process changes it.
    pub fn add_lacking(path: &Path, unwanted: &[Purpose]) -> Result<Vec<Purpose>, Error> {
        let change = Change::begin(path)?;
        let mut ring = key_file::read(path)?;
        let is_lacking = |purpose: &Purpose| !ring.contains_key(purpose);
        let mut lacking: Vec<Purpose> = Purpose::ALL.to_vec();
        lacking.retain(|purpose| is_lacking(purpose) && !unwanted.contains(purpose));
        for purpose in &lacking {
            key_file::add(&mut ring, *purpose);
        }
        if !lacking.is_empty() {
            change.replace(&ring)?;
        }
        Ok(lacking)
    }

    /// The purposes there is no key of.
    pub fn lacking(&self) -> Vec<Purpose> {
        let is_lacking = |purpose: &&Purpose| self.look(|ring| !ring.contains_key(*purpose));
        Purpose::ALL.iter().filter(is_lacking).copied().collect()
    }

    /// The file they were read from.
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    fn look<T>(&self, f: impl FnOnce(&Ring) -> T) -> T {
        f(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// All keys of a purpose, the current one first.
    pub fn all(&self, purpose: Purpose) -> Vec<Arc<Key>> {
        self.look(|ring| ring.get(&purpose).cloned().unwrap_or_default())
    }

    /// The key that makes new things of a purpose.
    ///
    /// # Errors
    /// When there is none.
    pub fn current(&self, purpose: Purpose) -> Result<Arc<Key>, Error> {
        let first = |ring: &Ring| ring.get(&purpose)?.first().cloned();
        self.look(first).ok_or(Error::None(purpose))
    }

    /// The key of a purpose with an id.
    pub fn named(&self, purpose: Purpose, id: &str) -> Option<Arc<Key>> {
        let find = |ring: &Ring| {
            let keys = ring.get(&purpose)?;
            keys.iter().find(|key| key.id == id).cloned()
        };
        self.look(find)
    }

    /// The key of an id that seals data keys. One that is not known yet is looked for in the file:
    /// `keys rotate` adds it there while others serve. The id comes from the database, never from
    /// a caller, who could make the file be read again and again.
    pub(super) fn sealing(&self, id: &str) -> Option<Arc<Key>> {
        self.named(Purpose::Data, id).or_else(|| {
            if let Err(error) = self.read_again() {
                tracing::error!(%error, "the key file was not read again");
            }
            self.named(Purpose::Data, id)
        })
    }

    /// Takes what the file has for sealing data keys. One that is no longer in it still opens what
    /// it sealed until this process ends.
    fn read_again(&self) -> Result<(), Error> {
        let Some(file) = &self.file else {
            return Ok(());
        };
        let mut found = key_file::read(file)?
            .remove(&Purpose::Data)
            .unwrap_or_default();
        let mut ring = self.ring.write().unwrap_or_else(PoisonError::into_inner);
        let known = ring.entry(Purpose::Data).or_default();
        for key in known.iter() {
            if found.iter().all(|other| other.id != key.id) {
                found.push(Arc::clone(key));
            }
        }
        *known = found;
        Ok(())
    }

    /// An HMAC under the current key of a purpose; the keys were checked at the start.
    pub fn mac(&self, purpose: Purpose, message: &[u8]) -> Vec<u8> {
        self.current(purpose)
            .map(|key| token::mac(key.secret.expose(), message))
            .unwrap_or_default()
    }

    /// Whether an HMAC was made under any key of a purpose: older ones count as long as they are there.
    pub fn is_mac(&self, purpose: Purpose, message: &[u8], mac: &[u8]) -> bool {
        let all = self.all(purpose);
        let made = all
            .iter()
            .map(|key| token::mac(key.secret.expose(), message));
        made.fold(false, |is_made, one| token::same(&one, mac) | is_made)
    }

    /// Checks the keys against those the database names, and names new ones in it.
    ///
    /// # Errors
    /// When a named key is absent or another one, or a purpose has none.
    pub fn enrol(&self, conn: &mut Conn, now: Timestamp) -> Result<(), Error> {
        keyring::enrol(conn, self, now)
    }

    /// Whether the database names any key.
    ///
    /// # Errors
    /// When storage fails.
    pub fn are_named(conn: &mut Conn) -> Result<bool, db::Error> {
        Ok(!Self::named_purposes(conn)?.is_empty())
    }

    /// The ids the database names, by purpose.
    ///
    /// # Errors
    /// When storage fails.
    pub fn named_ids(conn: &mut Conn) -> Result<BTreeMap<String, Vec<String>>, db::Error> {
        let mut named = BTreeMap::new();
        for purpose in Purpose::ALL {
            let ids = keyring::ids(conn, *purpose)?;
            named.insert(purpose.as_str().to_owned(), ids);
        }
        Ok(named)
    }

    /// Refuses keys without one of those that are named, or with none of a purpose.
    ///
    /// # Errors
    /// Which is absent.
    pub fn require(&self, named: &BTreeMap<String, Vec<String>>) -> Result<(), Error> {
        for purpose in Purpose::ALL {
            let mut ids = named.get(purpose.as_str()).into_iter().flatten();
            if let Some(id) = ids.find(|id| self.named(*purpose, id).is_none()) {
                return Err(Error::Missing(*purpose, id.clone()));
            }
            self.current(*purpose)?;
        }
        Ok(())
    }

    /// The purposes the database names keys of.
    ///
    /// # Errors
    /// When storage fails.
    pub fn named_purposes(conn: &mut Conn) -> Result<Vec<Purpose>, db::Error> {
        let mut found = Vec::new();
        for purpose in Purpose::ALL {
            if !keyring::ids(conn, *purpose)?.is_empty() {
                found.push(*purpose);
            }
        }
        Ok(found)
    }
}
