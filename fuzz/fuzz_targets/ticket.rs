//! Tickets, short codes and the tokens of links: a wrong one never opens.
#![no_main]

use std::sync::LazyLock;

use hai_dang::kernel::{Id, code, token};
use hai_dang::mail::message::{
    MessageId, TicketOf, TokenPurpose, derive_ticket, derive_token, opened, opening_token,
};
use hai_dang::sealed::Keys;
use hai_dang::training;
use hai_dang_fuzz::{first, keys, unused_keys};
use libfuzzer_sys::fuzz_target;
use uuid::Uuid;

static KEYS: LazyLock<Keys> = LazyLock::new(keys);
static UNUSED: LazyLock<Keys> = LazyLock::new(unused_keys);

fn uuid(bytes: &[u8]) -> Uuid {
    let mut all = [0; 16];
    for (place, byte) in all.iter_mut().zip(bytes) {
        *place = *byte;
    }
    Uuid::from_bytes(all)
}

fuzz_target!(|bytes: &[u8]| {
    let (mode, rest) = first(bytes);
    match mode % 4 {
        // Codes have one form, however they are typed.
        0 => {
            let typed = String::from_utf8_lossy(rest);
            for length in [6, 8] {
                if let Some(code) = code::read(&typed, length) {
                    assert_eq!(code::read(&code, length), Some(code.clone()), "{typed:?}");
                    assert_eq!(code::read(&code.to_lowercase(), length), Some(code.clone()));
                    assert_eq!(code.len(), length + 1);
                }
            }
            assert_eq!(training::fuzz::short_code(&typed), code::read(&typed, 8));
            let spelled = code::spell(rest.get(..8).unwrap_or(&[0; 8]));
            assert_eq!(code::read(&spelled, 8), Some(spelled));
        }
        // The fuzzer has no key.
        1 => {
            let text = String::from_utf8_lossy(rest);
            assert_eq!(opened(&UNUSED, &text), None, "{text}");
            assert_eq!(opened(&UNUSED, &token::encode(rest)), None);
        }
        // An opening token of ours, one byte of which is another.
        2 => {
            let message = MessageId::from_uuid(uuid(rest));
            let text = opening_token(&KEYS, message);
            assert_eq!(opened(&KEYS, &text), Some(message));
            let tail = rest.get(16..).unwrap_or_default();
            if let [at, other, more @ ..] = tail {
                let mut changed = text.clone().into_bytes();
                let at = usize::from(*at) % changed.len();
                changed[at] = *other;
                changed.extend(more);
                let changed = String::from_utf8_lossy(&changed);
                assert_eq!(
                    opened(&KEYS, &changed).is_some(),
                    changed == text,
                    "{changed}"
                );
            }
        }
        // No two tickets or tokens are one.
        _ => {
            let of = |generation| TicketOf {
                registration: uuid(rest),
                generation,
            };
            let generation = i32::from(rest.get(16).copied().unwrap_or_default());
            let ticket = derive_ticket(&KEYS, &of(generation));
            assert_eq!(derive_ticket(&KEYS, &of(generation)), ticket);
            assert_ne!(derive_ticket(&KEYS, &of(generation + 1)), ticket);
            let message = Id::from_uuid(uuid(rest));
            let mut tokens: Vec<String> = TokenPurpose::ALL
                .iter()
                .map(|purpose| derive_token(&KEYS, message, *purpose))
                .collect();
            tokens.push(opening_token(&KEYS, message));
            tokens.push(ticket);
            let count = tokens.len();
            tokens.sort_unstable();
            tokens.dedup();
            assert_eq!(tokens.len(), count);
        }
    }
});
