//! Receiving a file: its bytes stand in memory alone, of which there is room for a few at once.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::kernel::token;
use crate::paper::incoming::{self, FileKind, MAX, Refusal, name};

/// Files that are received at once; with what each may have, it bounds the memory of all.
const AT_ONCE: usize = 8;
/// How long one waits for room.
const WAIT: Duration = Duration::from_secs(5);

/// Room for the files that are being received.
#[derive(Debug, Clone)]
pub(super) struct Room(Arc<Semaphore>);

impl Room {
    pub(super) fn new() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }

    /// Takes a place, when there is one within a while.
    pub(super) async fn take(&self) -> Result<Incoming, Refusal> {
        let place = Arc::clone(&self.0).acquire_owned();
        let place = tokio::time::timeout(WAIT, place).await;
        match place {
            Ok(Ok(place)) => Ok(Incoming::new(place)),
            _ => Err(Refusal::Busy),
        }
    }
}

/// A file that is being received; dropped, its bytes are gone.
pub struct Incoming {
    bytes: Vec<u8>,
    place: OwnedSemaphorePermit,
}

impl std::fmt::Debug for Incoming {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Incoming({} bytes)", self.bytes.len())
    }
}

impl Incoming {
    fn new(place: OwnedSemaphorePermit) -> Self {
        // All at once: what is not written to costs nothing, and a buffer that grows would for a
        // moment be there twice.
        let bytes = Vec::with_capacity(MAX);
        Self { bytes, place }
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// `file-too-large`.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        if self.bytes.len() + bytes.len() > MAX {
            return Err(Refusal::TooLarge);
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    /// Tells the file's kind and takes out what it must not carry. `raw_name` is what the sender
    /// calls it. It works for a while: off the event loop, please.
    ///
    /// # Errors
    /// What the file is refused for.
    pub fn finish(self, raw_name: &str) -> Result<Clean, Refusal> {
        let Self { mut bytes, place } = self;
        let kind = incoming::clean(&mut bytes)?;
        let name = name::clean(raw_name, kind)?;
        Ok(Clean {
            kind,
            size: bytes.len(),
            sha256: token::sha256(&bytes),
            name,
            bytes,
            _place: place,
        })
    }
}

/// A file as it will be stored.
pub struct Clean {
    /// What it is.
    pub kind: FileKind,
    /// How many bytes it has.
    pub size: usize,
    /// The digest of its bytes.
    pub sha256: Vec<u8>,
    /// The name to show: one line, of harmless characters, with the ending of its kind.
    pub name: String,
    bytes: Vec<u8>,
    _place: OwnedSemaphorePermit,
}

impl Clean {
    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl std::fmt::Debug for Clean {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Clean({:?}, {} bytes)", self.kind, self.size)
    }
}
