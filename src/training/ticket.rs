//! Tickets: random to whoever has no key, never stored; the row keeps a digest and a short code.

use super::model::{Registration, RegistrationId};
use crate::kernel::{code, token};
use crate::mail::message::{TicketOf, derive_ticket};
use crate::sealed::Keys;

/// Letters of a short code.
const LENGTH: usize = 8;

/// Which ticket of a registration counts.
pub(super) fn of(registration: &Registration) -> TicketOf {
    TicketOf {
        registration: registration.id.uuid(),
        generation: registration.ticket_generation,
    }
}

/// The ticket itself.
pub(super) fn text(keys: &Keys, registration: &Registration) -> String {
    derive_ticket(keys, &of(registration))
}

/// Digest and short code of a registration's ticket.
pub(super) fn issue(keys: &Keys, id: RegistrationId, generation: i32) -> (Vec<u8>, String) {
    let ticket = derive_ticket(
        keys,
        &TicketOf {
            registration: id.uuid(),
            generation,
        },
    );
    let digest = digest(&ticket);
    let code = short_code(&digest);
    (digest, code)
}

/// What is stored of a ticket.
pub(super) fn digest(ticket: &str) -> Vec<u8> {
    token::sha256(ticket.as_bytes())
}

/// Eight letters, read aloud in two groups: `K7M2-94QX`.
fn short_code(digest: &[u8]) -> String {
    code::spell(digest.get(..LENGTH).unwrap_or(digest))
}

/// A short code as someone typed it, in the form it is stored; `None` when it is none.
pub(super) fn read_short_code(typed: &str) -> Option<String> {
    code::read(typed, LENGTH)
}
