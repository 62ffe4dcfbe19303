//! Where messages go: into files, or to a mail relay.
//!
//! It knows no outbox and logs nothing. What it says of a failure is a code, never an address,
//! an answer's text or a body; the worker decides when to try again.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use lettre::Message;

pub use super::relay::Relay;

/// A way to get rid of a message; calls block, so workers call from their own threads.
#[derive(Debug, Clone)]
pub enum Transport {
    /// One `.eml` file per message in this folder.
    File(PathBuf),
    /// A mail relay.
    Smtp(Relay),
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was taken.
    Sent,
    /// Not now, with the code that says why.
    Retry(&'static str),
    /// Never, with the code that says why.
    Permanent(&'static str),
}

/// Why a relay's setting is refused; it never repeats the setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// Not of the form `smtps://user:password@host:port` or `smtp://host:port?tls=required`.
    #[error("the mail relay's URL cannot be read")]
    Url,
    /// Another machine without TLS.
    #[error("a mail relay on another machine needs smtps:// or ?tls=required")]
    Unprotected,
    /// The authority's certificate cannot be used.
    #[error("the certificate of the mail relay's authority cannot be used")]
    Certificate,
}

/// The relay at a URL, with a private authority where one is named.
///
/// # Errors
/// A URL of another form, an unprotected relay elsewhere, a certificate that is none.
pub fn smtp(url: &str, ca_pem: Option<&[u8]>) -> Result<Transport, TransportError> {
    Relay::new(url, ca_pem).map(Transport::Smtp)
}

impl Transport {
    /// Hands a message over; `id` names its file and is the same at every try.
    pub fn send(&self, message: &Message, id: &str) -> Outcome {
        match self {
            Self::File(folder) => filed(folder, message, id),
            Self::Smtp(relay) => relay.send(message),
        }
    }
}

fn filed(folder: &Path, message: &Message, id: &str) -> Outcome {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if id.is_empty() || id.len() > 100 || !id.chars().all(is_plain) {
        return Outcome::Permanent("file-name");
    }
    let target = folder.join(format!("{id}.eml"));
    // A repeat after a crash: the message is already there, whole, for renaming made it so.
    if target.exists() {
        return Outcome::Sent;
    }
    match write(folder, &target, id, &message.formatted()) {
        Ok(()) => Outcome::Sent,
        Err(error) if error.kind() == io::ErrorKind::StorageFull => Outcome::Retry("file-full"),
        Err(_any) => Outcome::Retry("file-write"),
    }
}

fn write(folder: &Path, target: &Path, id: &str, bytes: &[u8]) -> io::Result<()> {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    // Two processes, or two threads of one, never share a half-written file.
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let half = folder.join(format!(".{id}.{}-{count}.tmp", std::process::id()));
    let written = fill(&half, bytes).and_then(|()| std::fs::rename(&half, target));
    if let Err(error) = written {
        // The first failure is the one worth telling.
        let _left = std::fs::remove_file(&half);
        return Err(error);
    }
    // Without this the name may be gone after a power cut although the file is not.
    File::open(folder)?.sync_all()
}

fn fill(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // A leftover of an earlier process with the same number is of no use to anyone.
    if let Err(error) = std::fs::remove_file(path)
        && error.kind() != io::ErrorKind::NotFound
    {
        return Err(error);
    }
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
