//! Word documents.
use super::Refusal;
pub(super) fn looks_so(_bytes: &[u8]) -> bool {
    true
}
pub(super) fn check(_bytes: &[u8]) -> Result<(), Refusal> {
    Ok(())
}
