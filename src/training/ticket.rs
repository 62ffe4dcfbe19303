//! Tickets: random to whoever has no key, never stored; the row keeps a digest and a short code.

use super::model::{Registration, RegistrationId};
use crate::kernel::token;
use crate::mail::message::{TicketOf, derive_ticket};
use crate::sealed::Keys;

/// Letters of a short code: none that is misread for another.
const LETTERS: [char; 32] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J',
    'K', 'M', 'N', 'P', 'Q', 'R', 'S', 'T', 'V', 'W', 'X', 'Y', 'Z',
];

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
    let mut code = String::with_capacity(9);
    for (index, byte) in digest.iter().take(8).enumerate() {
        if index == 4 {
            code.push('-');
        }
        code.push(LETTERS.get(usize::from(*byte % 32)).copied().unwrap_or('0'));
    }
    code
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
    let is_code = letters.chars().count() == 8 && letters.chars().all(|c| LETTERS.contains(&c));
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
