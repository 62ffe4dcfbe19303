//! Tickets: random to whoever has no key, never stored; the row keeps a digest and a short code.

use super::model::{Registration, RegistrationId};
use crate::kernel::{code, token};
use crate::mail::message::{TicketOf, derive_ticket};
use crate::sealed::Keys;

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
    // Eight letters, read aloud in two groups: `K7M2-94QX`.
    let code = code::spell(digest.get(..8).unwrap_or(&digest));
    (digest, code)
}

/// What is stored of a ticket.
pub(super) fn digest(ticket: &str) -> Vec<u8> {
    token::sha256(ticket.as_bytes())
}

/// A short code as someone typed it, in the form it is stored; `None` when it is none.
pub(super) fn read_short_code(typed: &str) -> Option<String> {
    if typed.len() > 32 {
        return None;
    }
    let letters: String = typed
        .chars()
        .filter(|c| !matches!(c, '-' | ' '))
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    let is_code =
        letters.chars().count() == 8 && letters.chars().all(|c| code::LETTERS.contains(&c));
    let (left, right) = letters.split_at_checked(4)?;
    is_code.then(|| format!("{left}-{right}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_people_type_them() {
        assert_eq!(read_short_code("k7m2 94qx").as_deref(), Some("K7M2-94QX"));
        assert_eq!(read_short_code("KoM2-l4QX").as_deref(), Some("K0M2-14QX"));
        assert_eq!(read_short_code("ấấấấ-9999"), None);
        assert_eq!(read_short_code("abc"), None);
    }
}
