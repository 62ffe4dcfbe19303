//! Addresses of people in a case who have no account: sealed in the outbox, opened to be sent to.

use super::message::MessageId;
use crate::db;
use crate::sealed::{Keys, Place, vault};

/// What a sealed address begins with; no address has a colon there.
const MARK: &str = "sealed:";

fn place(id: MessageId) -> Place {
    Place {
        table: "messages",
        column: "address",
        row: id.uuid(),
    }
}

/// An address, sealed for its message.
pub(super) fn seal(keys: &Keys, id: MessageId, address: &str) -> db::Result<String> {
    let sealed = vault::seal_brief(keys, place(id), address.as_bytes());
    let sealed = sealed.map_err(|e| db::Error::Corrupt(e.to_string()))?;
    Ok(format!("{MARK}{sealed}"))
}

/// Whether an address lies sealed.
pub fn is_sealed(address: &str) -> bool {
    address.starts_with(MARK)
}

/// The address behind what the outbox keeps; `None` when its key is gone.
pub(super) fn open(keys: &Keys, id: MessageId, kept: &str) -> Option<String> {
    let Some(sealed) = kept.strip_prefix(MARK) else {
        return Some(kept.to_owned());
    };
    let bytes = vault::open_brief(keys, place(id), sealed).ok()?;
    String::from_utf8(bytes).ok()
}
