//! Keys that are in no database, for the fuzz targets alone: no build has them that is not made
//! with `--cfg fuzzing`.

use super::keys::Key;
use super::vault::{self, DataKey, DataKeyId, Error};

/// A data key of a secret.
pub fn data_key(id: DataKeyId, secret: [u8; 32]) -> DataKey {
    DataKey::loose(id, secret.to_vec())
}

/// Seals a data key's secret.
///
/// # Errors
/// When the key has another length.
pub fn wrap(kek: &Key, id: DataKeyId, secret: &[u8]) -> Result<Vec<u8>, Error> {
    vault::wrap(kek, id, secret)
}

/// Opens a data key's secret.
///
/// # Errors
/// `Broken` when it is not what was sealed there.
pub fn unwrap(kek: &Key, id: DataKeyId, wrapped: &[u8]) -> Result<Vec<u8>, Error> {
    vault::unwrap(kek, id, wrapped).map(|secret| secret.expose().clone())
}
