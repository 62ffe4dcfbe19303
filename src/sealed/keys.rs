//! The keys of a deployment, one or more per purpose, read from a file of mode 0600.

use std::collections::BTreeMap;
use std::path::Path;

use diesel::prelude::*;
use serde::Deserialize;

use crate::db::schema::keyring;
use crate::db::{self, Conn};
use crate::kernel::{Timestamp, private, secret::Secret, text_enum::text_enum, token};

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

/// Bytes of a key.
const LENGTH: usize = 32;

/// A key: its id, which the database and tokens name, and its secret.
#[derive(Debug, Clone)]
pub struct Key {
    /// Names the key.
    pub id: String,
    /// The secret.
    pub secret: Secret<Vec<u8>>,
}

/// All keys; the first of a purpose makes new things, the others still open old ones.
#[derive(Debug, Clone, Default)]
pub struct Keys {
    keys: BTreeMap<Purpose, Vec<Key>>,
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
    /// No key of a purpose is given.
    #[error("no key for {0}: run `hai-dang keys create`, then name the file by HAI_DANG_KEYS")]
    None(Purpose),
    /// Storage failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    key: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    purpose: Purpose,
    id: String,
    secret: Secret<String>,
}

impl Keys {
    /// New random keys, one for each purpose.
    pub fn fresh() -> Self {
        let mut keys = Self::default();
        for purpose in Purpose::ALL {
            keys.add(*purpose);
        }
        keys
    }

    fn add(&mut self, purpose: Purpose) {
        let id = token::hex(&token::random::<6>());
        let secret = Secret::new(token::random::<LENGTH>().to_vec());
        self.keys
            .entry(purpose)
            .or_default()
            .insert(0, Key { id, secret });
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// When it cannot be read, others may read it, or a key in it is weak.
    pub fn read(path: &Path) -> Result<Self, Error> {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(path)?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(Error::Mode);
        }
        let text = std::fs::read_to_string(path)?;
        // The parser's own message would quote the line, and with it a secret.
        let file: File =
            toml::from_str(&text).map_err(|_quotes| Error::Form("not a list of keys".into()))?;
        let mut keys = Self::default();
        for entry in file.key {
            let secret = token::decode(entry.secret.expose()).unwrap_or_default();
            let first = secret.first().copied().unwrap_or_default();
            if secret.len() != LENGTH || secret.iter().all(|byte| *byte == first) {
                return Err(Error::Weak(entry.id));
            }
            let key = Key {
                id: entry.id,
                secret: Secret::new(secret),
            };
            keys.keys.entry(entry.purpose).or_default().push(key);
        }
        Ok(keys)
    }

    /// Writes a key file of mode 0600; an existing one is never overwritten.
    ///
    /// # Errors
    /// When it exists or cannot be written.
    pub fn write_new(&self, path: &Path) -> Result<(), Error> {
        use std::io::Write;
        let mut text = String::from("# Keys of this deployment. Keep a copy apart from backups.\n");
        for (purpose, keys) in &self.keys {
            for key in keys {
                let secret = token::encode(key.secret.expose());
                text.push_str(&format!(
                    "\n[[key]]\npurpose = \"{purpose}\"\nid = \"{}\"\nsecret = \"{secret}\"\n",
                    key.id
                ));
            }
        }
        let mut file = private::new_file(path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        Ok(())
    }

    /// The key that makes new things of a purpose.
    ///
    /// # Errors
    /// When there is none.
    pub fn current(&self, purpose: Purpose) -> Result<&Key, Error> {
        self.keys
            .get(&purpose)
            .and_then(|keys| keys.first())
            .ok_or(Error::None(purpose))
    }

    /// The key of a purpose with an id.
    pub fn named(&self, purpose: Purpose, id: &str) -> Option<&Key> {
        self.keys.get(&purpose)?.iter().find(|key| key.id == id)
    }

    /// An HMAC under the current key of a purpose; the keys were checked at the start.
    pub fn mac(&self, purpose: Purpose, message: &[u8]) -> Vec<u8> {
        self.keys
            .get(&purpose)
            .and_then(|keys| keys.first())
            .map(|key| token::mac(key.secret.expose(), message))
            .unwrap_or_default()
    }

    /// Checks the keys against those the database names, and names new ones in it.
    ///
    /// # Errors
    /// When a named key is absent or a purpose has none.
    pub fn enrol(&self, conn: &mut Conn, now: Timestamp) -> Result<(), Error> {
        let named: Vec<(String, String)> = keyring::table
            .select((keyring::purpose, keyring::key_id))
            .load(conn)
            .map_err(db::Error::from)?;
        for purpose in Purpose::ALL {
            let of_purpose = |name: &String| name == purpose.as_str();
            for (_, id) in named.iter().filter(|(name, _)| of_purpose(name)) {
                if self.named(*purpose, id).is_none() {
                    return Err(Error::Missing(*purpose, id.clone()));
                }
            }
            let current = self.current(*purpose)?;
            if named
                .iter()
                .any(|(name, id)| of_purpose(name) && *id == current.id)
            {
                continue;
            }
            diesel::insert_into(keyring::table)
                .values((
                    keyring::purpose.eq(purpose.as_str()),
                    keyring::key_id.eq(&current.id),
                    keyring::created_at.eq(now),
                ))
                .execute(conn)
                .map_err(db::Error::from)?;
        }
        Ok(())
    }

    /// Whether the database names any key.
    ///
    /// # Errors
    /// When storage fails.
    pub fn are_named(conn: &mut Conn) -> Result<bool, db::Error> {
        let count: i64 = keyring::table.count().get_result(conn)?;
        Ok(count > 0)
    }
}
