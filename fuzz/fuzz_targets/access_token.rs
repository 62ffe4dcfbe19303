//! Access tokens: none counts that is not signed with the key, for this service, and in time.
#![no_main]

use std::sync::LazyLock;

use hai_dang::identity::claims::{self, AccessClaims};
use hai_dang::kernel::{Id, Timestamp, token};
use hai_dang::sealed::{Keys, Purpose};
use hai_dang_fuzz::{first, keys, parts, unused_keys};
use libfuzzer_sys::fuzz_target;

static KEYS: LazyLock<Keys> = LazyLock::new(|| {
    claims::install_provider();
    keys()
});
static UNUSED: LazyLock<Keys> = LazyLock::new(|| {
    claims::install_provider();
    unused_keys()
});

fn now() -> Timestamp {
    Timestamp::from_micros(1_772_300_000_000_000).expect("a time")
}

fn sign(head: &[u8], body: &[u8]) -> String {
    let signed = format!("{}.{}", token::encode(head), token::encode(body));
    let key = KEYS.current(Purpose::Access).expect("a key");
    let mac = token::mac(key.secret.expose(), signed.as_bytes());
    format!("{signed}.{}", token::encode(&mac))
}

fuzz_target!(|bytes: &[u8]| {
    let (mode, rest) = first(bytes);
    match mode % 4 {
        // Whatever comes in the header.
        0 => {
            let text = String::from_utf8_lossy(rest);
            // The fuzzer has no key.
            assert_eq!(claims::verify(&UNUSED, &text, now()), None, "{text}");
        }
        // The right key signs whatever claims.
        1 => {
            let token = sign(br#"{"typ":"at+jwt","alg":"HS256","kid":"known"}"#, rest);
            if let Some(claims) = claims::verify(&KEYS, &token, now()) {
                let said: serde_json::Value = serde_json::from_slice(rest).expect("JSON");
                assert_eq!(said["iss"], "office-service");
                assert_eq!(said["aud"], "office-api");
                assert_eq!(said["generation"], claims.generation);
                let at = now().utc().timestamp();
                assert!(said["exp"].as_i64().expect("a time") > at - 10);
                assert!(said["nbf"].as_i64().expect("a time") < at + 10);
            }
        }
        // The right key signs under whatever head.
        2 => {
            let mut parts = parts(rest);
            let head = parts.next().unwrap_or_default();
            let body = parts.next().unwrap_or_default();
            let token = sign(head, body);
            if claims::verify(&KEYS, &token, now()).is_some() {
                let said: serde_json::Value = serde_json::from_slice(head).expect("JSON");
                assert_eq!(said["typ"], "at+jwt");
                assert_eq!(said["alg"], "HS256");
                assert_eq!(said["kid"], "known");
            }
        }
        // A token of ours, one byte of which is another.
        _ => {
            let mut seed = [0; 16];
            for (place, byte) in seed.iter_mut().zip(rest) {
                *place = *byte;
            }
            let id = uuid::Uuid::from_bytes(seed);
            let claims = AccessClaims {
                user: Id::from_uuid(id),
                device: Id::from_uuid(id),
                generation: i32::from(seed[0]),
            };
            let token = claims::sign(&KEYS, claims, now()).expect("a key");
            assert_eq!(claims::verify(&KEYS, &token, now()), Some(claims));
            if let Some((&[high, low, other], _)) =
                rest.get(16..).and_then(|r| r.split_first_chunk::<3>())
            {
                let at = usize::from(u16::from_be_bytes([high, low])) % token.len();
                let mut changed = token.clone().into_bytes();
                changed[at] = other;
                let changed = String::from_utf8_lossy(&changed);
                let is_known = claims::verify(&KEYS, &changed, now()).is_some();
                assert_eq!(is_known, changed == token, "{changed}");
            }
        }
    }
});
