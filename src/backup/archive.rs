//! The sealed file: an age stream around a tar of the manifest, the database and the stored
//! documents, which are sealed themselves.

use std::fs::File;
use std::io::{BufReader, BufWriter, ErrorKind, Read, Write};
use std::iter::once;
use std::path::Path;
use std::str::FromStr;

use age::secrecy::ExposeSecret;
use age::x25519::{Identity, Recipient};

use super::{Error, Manifest, told};
use crate::kernel::private;
use crate::sealed::{Depot, StoredId};

const MANIFEST: &str = "manifest.json";
const DATABASE: &str = "database";
/// Before the names of stored documents.
const DOCUMENT: &str = "documents/";
/// The most a manifest may be long.
const MANIFEST_MAX: u64 = 1 << 20;

/// The key that opens backups; it is kept away from the machine that makes them.
pub struct SealKey(Identity);

impl std::fmt::Debug for SealKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealKey(***)")
    }
}

impl SealKey {
    /// A new key.
    pub fn fresh() -> Self {
        Self(Identity::generate())
    }

    /// Its public half, which seals.
    pub fn recipient(&self) -> String {
        self.0.to_public().to_string()
    }

    /// Writes it to a new file of mode 0600, in the form the age tools read.
    ///
    /// # Errors
    /// When the file exists or cannot be written.
    pub fn write_new(&self, path: &Path) -> Result<(), Error> {
        let mut file = new_file(path)?;
        writeln!(file, "# opens backups sealed to {}", self.recipient())?;
        writeln!(file, "{}", self.0.to_string().expose_secret())?;
        Ok(file.sync_all()?)
    }

    /// Reads it.
    ///
    /// # Errors
    /// When the file cannot be read or holds no such key.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let said = path.display();
        let bytes = std::fs::read(path).map_err(|why| told(format!("{said}: {why}")))?;
        // A backup is taken for a key sooner or later: what is no text is no key either.
        let text = String::from_utf8(bytes).unwrap_or_default();
        let line = text
            .lines()
            .find(|line| line.starts_with("AGE-SECRET-KEY-"));
        let line = line.ok_or_else(|| told(format!("{said} holds no AGE-SECRET-KEY")))?;
        let identity = Identity::from_str(line.trim())
            .map_err(|why| told(format!("the key is not understood: {why}")))?;
        Ok(Self(identity))
    }
}

/// Reads a public key: `age1…`.
///
/// # Errors
/// When it is none.
pub fn recipient(text: &str) -> Result<Recipient, Error> {
    // Never repeated: it may be the secret key by mistake.
    Recipient::from_str(text.trim()).map_err(|why| {
        told(format!(
            "this is no recipient, which begins with age1: {why}"
        ))
    })
}

/// A new file nobody else can read; what is wrong is said with its name.
pub(super) fn new_file(path: &Path) -> Result<File, Error> {
    private::new_file(path).map_err(|error| told(format!("{}: {error}", path.display())))
}

/// Seals a database, its manifest and the stored documents into a new file, durable when this
/// returns. The database was read before: a file is durable before a row names it, so that all
/// are there that its rows name, save what was erased or removed meanwhile.
pub(super) fn seal(
    file: &File,
    recipient: &Recipient,
    manifest: &Manifest,
    (database, depot): (&Path, &Depot),
) -> Result<(), Error> {
    let recipient: &dyn age::Recipient = recipient;
    let encryptor =
        age::Encryptor::with_recipients(once(recipient)).map_err(|why| told(why.to_string()))?;
    let sealed = encryptor.wrap_output(BufWriter::new(file))?;
    let mut tar = tar::Builder::new(sealed);
    let said = serde_json::to_vec_pretty(manifest).map_err(std::io::Error::from)?;
    let length = u64::try_from(said.len()).map_err(std::io::Error::other)?;
    tar.append_data(&mut header(length), MANIFEST, said.as_slice())?;
    let mut database = File::open(database)?;
    let length = database.metadata()?.len();
    tar.append_data(&mut header(length), DATABASE, &mut database)?;
    for id in depot.ids()? {
        let document = match File::open(depot.path(id)) {
            Ok(document) => document,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(error.into()),
        };
        let length = document.metadata()?.len();
        let name = format!("{DOCUMENT}{id}");
        tar.append_data(&mut header(length), name, document)?;
    }
    tar.into_inner()?.finish()?.flush()?;
    Ok(file.sync_all()?)
}

fn header(length: u64) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_size(length);
    header.set_mode(0o600);
    header
}

/// Opens a sealed file: its manifest is judged first, then the database is written to a new file
/// and the stored documents to an empty place.
pub(super) fn unseal(
    path: &Path,
    key: &SealKey,
    judge: impl FnOnce(&Manifest) -> Result<(), Error>,
    (database, depot): (&Path, &Depot),
) -> Result<Manifest, Error> {
    let file = File::open(path).map_err(|error| told(format!("{}: {error}", path.display())))?;
    let identity: &dyn age::Identity = &key.0;
    let opened = age::Decryptor::new_buffered(BufReader::new(file))
        .and_then(|sealed| sealed.decrypt(once(identity)))
        .map_err(|why| {
            told(format!(
                "{} cannot be opened by this key: {}",
                path.display(),
                reason(&why)
            ))
        })?;
    let mut tar = tar::Archive::new(opened);
    let mut entries = tar.entries()?;
    let manifest: Manifest = {
        let entry = next(&mut entries, MANIFEST)?;
        let mut text = String::new();
        entry.take(MANIFEST_MAX).read_to_string(&mut text)?;
        serde_json::from_str(&text).map_err(|why| told(format!("the manifest: {why}")))?
    };
    judge(&manifest)?;
    let mut entry = next(&mut entries, DATABASE)?;
    let mut out = new_file(database)?;
    std::io::copy(&mut entry, &mut out)?;
    out.sync_all()?;
    drop(entry);
    // To the end: only then is the whole file known to be what was sealed.
    for entry in entries {
        let mut entry = entry?;
        let name = entry.path()?.to_string_lossy().into_owned();
        let id = name.strip_prefix(DOCUMENT).and_then(StoredId::parse);
        let id = id.ok_or_else(|| told("the backup holds something unknown"))?;
        depot.put(id, &mut entry)?;
    }
    Ok(manifest)
}

/// Why a file is not opened. The library's own words are in files that are looked for where they may
/// not be, and it panics without them.
fn reason(why: &age::DecryptError) -> String {
    match why {
        age::DecryptError::NoMatchingKeys => "it is sealed to another".into(),
        age::DecryptError::Io(why) => why.to_string(),
        _ => "it is damaged, or no backup".into(),
    }
}

fn next<'a, R: Read>(
    entries: &mut tar::Entries<'a, R>,
    name: &str,
) -> Result<tar::Entry<'a, R>, Error> {
    let entry = entries
        .next()
        .ok_or_else(|| told(format!("the backup holds no {name}")))??;
    if entry.path()?.as_os_str() != name {
        return Err(told(format!("the backup holds no {name}")));
    }
    Ok(entry)
}
