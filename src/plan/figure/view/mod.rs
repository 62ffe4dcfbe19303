//! Indicators and figures on the wire.

pub(super) mod figure;
pub(super) mod indicator;

use crate::kernel::Patch;
use crate::kernel::error::Check;

fn replace<T>(slot: &mut T, new: Option<T>) {
    if let Some(new) = new {
        *slot = new;
    }
}

fn line(check: &mut Check, pointer: &str, patch: Patch<String>, max: usize) -> Option<String> {
    let raw = check.kept(pointer, patch)?;
    Some(check.line(pointer, &raw, max))
}
