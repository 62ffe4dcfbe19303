//! The key file: read whole, and replaced whole or not at all.

use std::collections::BTreeMap;
use std::fs::{File, Metadata};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;
use zeroize::Zeroizing;

use super::keys::{Error, Key, Purpose};
use crate::kernel::{private, secret::Secret, token};

/// Keys by purpose; the first of a purpose makes new things.
pub(super) type Ring = BTreeMap<Purpose, Vec<Arc<Key>>>;

/// Bytes of a key.
const LENGTH: usize = 32;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    key: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    purpose: Purpose,
    id: String,
    secret: Secret<String>,
}

/// Puts a new random key first among those of its purpose.
pub(super) fn add(ring: &mut Ring, purpose: Purpose) -> Arc<Key> {
    let key = Arc::new(Key {
        id: token::hex(&token::random::<6>()),
        secret: Secret::new(token::random::<LENGTH>().to_vec()),
    });
    let of_purpose = ring.entry(purpose).or_default();
    of_purpose.insert(0, Arc::clone(&key));
    key
}

/// Reads a key file.
pub(super) fn read(path: &Path) -> Result<Ring, Error> {
    let mode = std::fs::metadata(path)?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(Error::Mode);
    }
    let text = Zeroizing::new(std::fs::read_to_string(path)?);
    // The parser's own message would quote the line, and with it a secret.
    let form: Form =
        toml::from_str(&text).map_err(|_quotes| Error::Form("not a list of keys".into()))?;
    let mut ring = Ring::new();
    for entry in form.key {
        let secret = Secret::new(token::decode(entry.secret.expose()).unwrap_or_default());
        let bytes = secret.expose();
        let first = bytes.first().copied().unwrap_or_default();
        if bytes.len() != LENGTH || bytes.iter().all(|byte| *byte == first) {
            return Err(Error::Weak(entry.id));
        }
        let id = entry.id;
        let of_purpose = ring.entry(entry.purpose).or_default();
        of_purpose.push(Arc::new(Key { id, secret }));
    }
    Ok(ring)
}

/// Writes a key file of mode 0600; an existing one is never overwritten.
pub(super) fn write_new(path: &Path, ring: &Ring) -> Result<(), Error> {
    fill(&mut private::new_file(path)?, ring)
}

fn fill(file: &mut File, ring: &Ring) -> Result<(), Error> {
    let mut text = Zeroizing::new(String::from(
        "# Keys of this deployment. Keep a copy apart from backups.\n",
    ));
    for (purpose, keys) in ring {
        for key in keys {
            let secret = Zeroizing::new(token::encode(key.secret.expose()));
            text.push_str("\n[[key]]\npurpose = \"");
            text.push_str(purpose.as_str());
            text.push_str("\"\nid = \"");
            text.push_str(&key.id);
            text.push_str("\"\nsecret = \"");
            text.push_str(&secret);
            text.push_str("\"\n");
        }
    }
    file.write_all(text.as_bytes())?;
    Ok(file.sync_all()?)
}

/// The right to change a key file: one process has it.
#[derive(Debug)]
pub(super) struct Change {
    path: PathBuf,
    was: Metadata,
    _place: File,
}

impl Change {
    /// Takes the right to change the file.
    pub(super) fn begin(path: &Path) -> Result<Self, Error> {
        // Through links: what is replaced is the file, not the link to it.
        let path = path.canonicalize()?;
        let place = private::take_place(&with_end(&path, ".lock"))?.ok_or(Error::Changing)?;
        let was = std::fs::metadata(&path)?;
        Ok(Self {
            path,
            was,
            _place: place,
        })
    }

    /// Replaces the file; whoever reads it meanwhile sees the old one whole or the new one whole.
    pub(super) fn replace(&self, ring: &Ring) -> Result<(), Error> {
        let new = with_end(&self.path, ".new");
        match std::fs::remove_file(&new) {
            // A killed change left it; nobody else has the right to one.
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error.into()),
        }
        let mut file = private::new_file(&new)?;
        let made = file.metadata()?;
        if (made.uid(), made.gid()) != (self.was.uid(), self.was.gid()) {
            // Else the service could not read what another user put in its file's place.
            fchown(&file, Some(self.was.uid()), Some(self.was.gid()))?;
        }
        fill(&mut file, ring)?;
        std::fs::rename(&new, &self.path)?;
        if let Some(folder) = self.path.parent() {
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    }
}

/// The path of what lies beside a key file.
pub(super) fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(end);
    path.into()
}
