//! Receiving a file: its bytes stand in memory alone, of which there is room for a few at once. Nobody
//! holds all of it: each sender has a few places, and some are kept for staff.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

use crate::kernel::token;
use crate::paper::incoming::{self, FileKind, MAX, Refusal, name};

/// Files that are received at once; with what each may have, it bounds the memory of all.
const AT_ONCE: usize = 8;
/// Of those, how many families may have among them.
const OF_FAMILIES: usize = 6;
/// And how many one sender.
const OF_ONE: usize = 3;
/// How long one waits for room.
const WAIT: Duration = Duration::from_secs(5);

/// Who sends a file.
#[derive(Debug, Clone, Copy)]
pub struct Sender {
    who: Uuid,
    is_staff: bool,
}

impl Sender {
    /// An account of the office's.
    pub const fn staff(who: Uuid) -> Self {
        let is_staff = true;
        Self { who, is_staff }
    }

    /// A family's.
    pub const fn family(who: Uuid) -> Self {
        let is_staff = false;
        Self { who, is_staff }
    }
}

/// Room for the files that are being received.
#[derive(Debug, Clone)]
pub(super) struct Room {
    all: Arc<Semaphore>,
    families: Arc<Semaphore>,
    /// Of those who send now.
    each: Arc<Mutex<BTreeMap<Uuid, Arc<Semaphore>>>>,
}

/// A place in the room, and those it is counted by; dropped, it is free.
#[derive(Debug)]
struct Place {
    _own: OwnedSemaphorePermit,
    _of_families: Option<OwnedSemaphorePermit>,
    _of_all: OwnedSemaphorePermit,
}

impl Room {
    pub(super) fn new() -> Self {
        Self {
            all: Arc::new(Semaphore::new(AT_ONCE)),
            families: Arc::new(Semaphore::new(OF_FAMILIES)),
            each: Arc::default(),
        }
    }

    /// Takes a place, when there is one within a while.
    pub(super) async fn take(&self, sender: Sender) -> Result<Incoming, Refusal> {
        match tokio::time::timeout(WAIT, self.place(sender)).await {
            Ok(Ok(place)) => Ok(Incoming::new(place)),
            _ => Err(Refusal::Busy),
        }
    }

    /// One's own comes first: whoever waits for that keeps nobody else from a place.
    async fn place(&self, sender: Sender) -> Result<Place, AcquireError> {
        let own = self.own(sender.who).acquire_owned().await?;
        let of_families = if sender.is_staff {
            None
        } else {
            Some(Arc::clone(&self.families).acquire_owned().await?)
        };
        Ok(Place {
            _own: own,
            _of_families: of_families,
            _of_all: Arc::clone(&self.all).acquire_owned().await?,
        })
    }

    fn own(&self, who: Uuid) -> Arc<Semaphore> {
        let mut each = self.each.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever has no place and waits for none is forgotten.
        each.retain(|_, places| Arc::strong_count(places) > 1);
        let fresh = || Arc::new(Semaphore::new(OF_ONE));
        Arc::clone(each.entry(who).or_insert_with(fresh))
    }
}

/// A file that is being received; dropped, its bytes are gone.
pub struct Incoming {
    bytes: Vec<u8>,
    place: Place,
}

impl std::fmt::Debug for Incoming {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Incoming({} bytes)", self.bytes.len())
    }
}

impl Incoming {
    fn new(place: Place) -> Self {
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
    _place: Place,
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
