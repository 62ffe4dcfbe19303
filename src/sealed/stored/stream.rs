//! A stored file: sealed in chunks, so that neither making nor reading one needs it whole.
//!
//! The file is `HEAD`, a random nonce, then chunks of [`CHUNK`] bytes, each with its seal, the
//! last one marked as such (STREAM, of Hoang, Reyhanitabar, Rogaway and Vizár). The key is derived
//! from the data key for this one file, so that a file under another id, or of another subject,
//! does not open; a chunk that was changed, moved or cut off does not either.

use std::fs::File;
use std::io::{Read, Write};

use chacha20poly1305::aead::stream::{DecryptorBE32, EncryptorBE32};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};

use super::{Error, StoredId};
use crate::kernel::secret::Secret;
use crate::kernel::token;
use crate::sealed::vault::DataKey;

/// Plain bytes of a chunk.
pub(super) const CHUNK: usize = 64 * 1024;
/// Bytes of a chunk's seal.
const SEAL: usize = 16;
/// The form of a stored file: magic, version, algorithm.
const HEAD: [u8; 4] = [b'H', b'D', 1, 1];
/// Bytes of the nonce; the rest of the cipher's are the chunk's number and mark.
const NONCE: usize = 19;
/// Bytes before the first chunk.
const FRONT: usize = HEAD.len() + NONCE;

fn cipher(key: &DataKey, id: StoredId) -> Result<XChaCha20Poly1305, Error> {
    let secret: Secret<Vec<u8>> = key.derive(&[b"stored file", id.uuid().as_bytes()]);
    XChaCha20Poly1305::new_from_slice(secret.expose()).map_err(|_length| Error::Broken("its key"))
}

/// Writes the sealed form of `plain`.
pub(super) fn seal(
    key: &DataKey,
    id: StoredId,
    plain: &[u8],
    out: &mut impl Write,
) -> Result<(), Error> {
    let nonce = token::random::<NONCE>();
    out.write_all(&HEAD)?;
    out.write_all(&nonce)?;
    let mut sealer = EncryptorBE32::from_aead(cipher(key, id)?, nonce.as_slice().into());
    let mut chunks = plain.chunks(CHUNK).peekable();
    let mut buffer = Vec::with_capacity(CHUNK + SEAL);
    while let Some(chunk) = chunks.next() {
        buffer.clear();
        buffer.extend_from_slice(chunk);
        if chunks.peek().is_none() {
            break;
        }
        let done = sealer.encrypt_next_in_place(&HEAD, &mut buffer);
        done.map_err(|_opaque| Error::Broken("too long"))?;
        out.write_all(&buffer)?;
    }
    let done = sealer.encrypt_last_in_place(&HEAD, &mut buffer);
    done.map_err(|_opaque| Error::Broken("too long"))?;
    Ok(out.write_all(&buffer)?)
}

/// A stored file that is being read, chunk by chunk. A chunk it gives was sealed there and so.
pub struct Reader {
    file: File,
    opener: Option<DecryptorBE32<XChaCha20Poly1305>>,
    /// Sealed bytes still to come.
    left: u64,
    size: u64,
    first: Option<Vec<u8>>,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Reader({} bytes)", self.size)
    }
}

impl Reader {
    /// Begins to read: what was moved here, or sealed by another key, is refused at once.
    pub(super) fn begin(key: &DataKey, id: StoredId, mut file: File) -> Result<Self, Error> {
        let length = file.metadata()?.len();
        let mut front = [0; FRONT];
        let (head, nonce) = match file.read_exact(&mut front) {
            Ok(()) => front.split_at(HEAD.len()),
            Err(_cut) => return Err(Error::Broken("its length")),
        };
        if head != HEAD {
            return Err(Error::Broken("its form"));
        }
        let left = length.saturating_sub(wide(FRONT));
        let seals = left.div_ceil(wide(CHUNK + SEAL)) * wide(SEAL);
        let mut reader = Self {
            file,
            opener: Some(DecryptorBE32::from_aead(cipher(key, id)?, nonce.into())),
            left,
            size: left.saturating_sub(seals),
            first: None,
        };
        reader.first = reader.chunk()?;
        Ok(reader)
    }

    /// How many plain bytes it has.
    pub fn size(&self) -> u64 {
        self.size
    }

    fn chunk(&mut self) -> Result<Option<Vec<u8>>, Error> {
        let Some(mut opener) = self.opener.take() else {
            return Ok(None);
        };
        let length = self.left.min(wide(CHUNK + SEAL));
        let mut chunk = vec![0; usize::try_from(length).unwrap_or_default()];
        self.file.read_exact(&mut chunk)?;
        self.left -= length;
        if self.left > 0 {
            let done = opener.decrypt_next_in_place(&HEAD, &mut chunk);
            done.map_err(|_opaque| Error::Broken("its seal"))?;
            self.opener = Some(opener);
        } else {
            let done = opener.decrypt_last_in_place(&HEAD, &mut chunk);
            done.map_err(|_opaque| Error::Broken("its seal"))?;
        }
        Ok(Some(chunk))
    }
}

impl Iterator for Reader {
    type Item = Result<Vec<u8>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.first.take() {
            Some(chunk) => Some(Ok(chunk)),
            None => self.chunk().transpose(),
        }
    }
}

fn wide(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
