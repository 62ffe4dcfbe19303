//! Documents for reading (PDF).
use super::Refusal;
pub(super) fn check(_bytes: &[u8]) -> Result<(), Refusal> {
    Ok(())
}
