//! One-time codes by which a family's account is tied to what was written down for it: handed over in
//! person, good once, and lying nowhere but as a digest. Never by an address or a phone: those are shared.

use chrono::TimeDelta;

use crate::kernel::{OfficeId, code, token};

/// How long a code handed over in person works.
pub const VALID: TimeDelta = TimeDelta::days(7);
/// Letters of such a code.
const LENGTH: usize = 8;

/// A new code, and what is kept of it.
pub fn issue(office: OfficeId) -> (String, Vec<u8>) {
    let code = code::one_time();
    let kept = digest(office, &code);
    (code, kept)
}

/// What is kept of a code that somebody typed; nothing where it is none.
pub fn typed(office: OfficeId, typed: &str) -> Option<Vec<u8>> {
    let code = code::read(typed, LENGTH)?;
    Some(digest(office, &code))
}

fn digest(office: OfficeId, code: &str) -> Vec<u8> {
    token::sha256(format!("{}|{code}", office.uuid()).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Timestamp;

    #[test]
    fn a_code_is_known_again_however_it_is_typed_and_in_its_office_alone() {
        let now = Timestamp::from_micros(1).unwrap();
        let (here, elsewhere) = (OfficeId::new(now), OfficeId::new(now));
        let (code, kept) = issue(here);
        let careless = code.to_lowercase().replace('-', " ");
        assert_eq!(typed(here, &careless), Some(kept.clone()));
        assert_ne!(typed(elsewhere, &code), Some(kept));
        assert_eq!(typed(here, "K7M2-94"), None);
    }
}
