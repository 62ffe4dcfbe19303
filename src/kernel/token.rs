//! Random tokens, their digests, and tokens derived from a key.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SecureRandom;
use ring::{digest, hmac};

/// Fills `N` bytes from the system's secure random source.
///
/// # Panics
/// When the system has no random source left, which nothing could safely go on without.
#[expect(clippy::expect_used, reason = "no randomness, no service")]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    ring::rand::SystemRandom::new()
        .fill(&mut bytes)
        .expect("the system's random source");
    bytes
}

/// A new token of 256 random bits, as text that fits a URL fragment.
pub fn fresh() -> String {
    encode(&random::<32>())
}

/// Bytes as URL-safe base64 without padding.
pub fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The bytes behind [`encode`]'s text.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// SHA-256: what is stored of a token, so that the database alone opens nothing.
pub fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA256, bytes).as_ref().to_vec()
}

/// SHA-256 as lower-case hex.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&sha256(bytes))
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    let halves = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xF]);
    text.extend(halves.filter_map(|half| char::from_digit(half.into(), 16)));
    text
}

/// HMAC-SHA-256 of `message` under `key`.
pub fn mac(key: &[u8], message: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), message)
        .as_ref()
        .to_vec()
}

/// Whether two byte strings are equal, told in constant time.
pub fn same(left: &[u8], right: &[u8]) -> bool {
    // Comparing MACs under a fresh key is constant in the secret's content.
    let key = hmac::Key::new(hmac::HMAC_SHA256, &random::<32>());
    hmac::verify(&key, left, hmac::sign(&key, right).as_ref()).is_ok()
}
