//! Photographs of telephones (HEIC).
use super::Refusal;
pub(super) fn looks_so(bytes: &[u8]) -> bool {
    bytes.get(4..12) == Some(b"ftypheic")
}
pub(super) fn clean(_bytes: &mut [u8]) -> Result<(), Refusal> {
    Ok(())
}
