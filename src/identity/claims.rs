//! Access tokens: short-lived JWTs, one algorithm, one type, every claim required (RFC 8725).

use std::sync::LazyLock;

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use ring::hmac;
use serde::{Deserialize, Serialize};
use signature::{Signer, Verifier};

use super::actor::{DeviceId, UserId};
use crate::kernel::{Timestamp, token};
use crate::sealed::{Keys, Purpose};

/// How long an access token counts.
pub const ACCESS_TTL_SECONDS: i64 = 600;
/// The longest token that is looked at.
const LENGTH_MAX: usize = 4096;
/// Seconds two machines' clocks may differ.
const LEEWAY: i64 = 5;
const TYPE: &str = "at+jwt";
const ISSUER: &str = "office-service";
const AUDIENCE: &str = "office-api";

/// Whom a token was made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccessClaims {
    /// The user.
    pub user: UserId,
    /// The login it came from.
    pub device: DeviceId,
    /// The user's generation then; a newer one ends the token.
    pub generation: i32,
}

/// A header of ours has these three members and no other: no `crit`, `jwk` or `jku` is obeyed
/// because none is ever read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    typ: String,
    alg: String,
    kid: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    iss: String,
    aud: String,
    sub: UserId,
    dev: DeviceId,
    generation: i32,
    iat: i64,
    nbf: i64,
    exp: i64,
}

/// Signs a token.
///
/// # Errors
/// `None` when there is no key, which the start rules out.
pub fn sign(keys: &Keys, claims: AccessClaims, now: Timestamp) -> Option<String> {
    let key = keys.current(Purpose::Access).ok()?;
    let at = now.utc().timestamp();
    let mut header = Header::new(Algorithm::HS256);
    header.typ = Some(TYPE.into());
    header.kid = Some(key.id.clone());
    let wire = Wire {
        iss: ISSUER.into(),
        aud: AUDIENCE.into(),
        sub: claims.user,
        dev: claims.device,
        generation: claims.generation,
        iat: at,
        nbf: at,
        exp: at + ACCESS_TTL_SECONDS,
    };
    jsonwebtoken::encode(
        &header,
        &wire,
        &EncodingKey::from_secret(key.secret.expose()),
    )
    .ok()
}

/// What is asked of every token.
static VALIDATION: LazyLock<Validation> = LazyLock::new(|| {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
    // Times are compared by the service's own clock.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation
});

/// The claims of a token whose signature, type and times are right.
pub fn verify(keys: &Keys, text: &str, now: Timestamp) -> Option<AccessClaims> {
    if text.len() > LENGTH_MAX || !is_canonical(text) {
        return None;
    }
    let header: Head = serde_json::from_slice(&token::decode(text.split('.').next()?)?).ok()?;
    if header.typ != TYPE || header.alg != "HS256" {
        return None;
    }
    let key = keys.named(Purpose::Access, &header.kid)?;
    let decoding = DecodingKey::from_secret(key.secret.expose());
    let wire = jsonwebtoken::decode::<Wire>(text, &decoding, &VALIDATION)
        .ok()?
        .claims;
    let at = now.utc().timestamp();
    let is_timely = wire.nbf <= at + LEEWAY && at < wire.exp.saturating_add(LEEWAY);
    let claims = AccessClaims {
        user: wire.sub,
        device: wire.dev,
        generation: wire.generation,
    };
    is_timely.then_some(claims)
}

/// Three parts, each base64 in its one spelling, which the decoder insists on: no second text for
/// the same token.
fn is_canonical(text: &str) -> bool {
    text.split('.').count() == 3 && text.split('.').all(|part| token::decode(part).is_some())
}

struct Hs256(hmac::Key);

impl Signer<Vec<u8>> for Hs256 {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        Ok(hmac::sign(&self.0, message).as_ref().to_vec())
    }
}

impl Verifier<Vec<u8>> for Hs256 {
    fn verify(&self, message: &[u8], tag: &Vec<u8>) -> Result<(), signature::Error> {
        hmac::verify(&self.0, message, tag).map_err(|_differs| signature::Error::new())
    }
}

impl JwtSigner for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

impl JwtVerifier for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

/// HS256 over ring, which the TLS of mail brings along anyway; the crate's own provider would
/// compile RSA and four curves for nothing.
static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| match algorithm {
        Algorithm::HS256 => Ok(Box::new(Hs256(hmac::Key::new(
            hmac::HMAC_SHA256,
            key.as_bytes(),
        )))),
        _ => Err(ErrorKind::InvalidAlgorithm.into()),
    },
    verifier_factory: |algorithm, key| match algorithm {
        Algorithm::HS256 => Ok(Box::new(Hs256(hmac::Key::new(
            hmac::HMAC_SHA256,
            key.try_get_as_bytes()?,
        )))),
        _ => Err(ErrorKind::InvalidAlgorithm.into()),
    },
    key_utils: KeyUtils::new_unimplemented(),
};

/// Installs the provider; once per process is enough, more does no harm.
pub fn install_provider() {
    let _already = PROVIDER.install_default();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_that_no_clock_reaches_is_borne() {
        install_provider();
        let keys = Keys::fresh();
        let key = keys.current(Purpose::Access).unwrap();
        let now = Timestamp::from_micros(1_772_300_000_000_000).unwrap();
        let head = format!(r#"{{"typ":"{TYPE}","alg":"HS256","kid":"{}"}}"#, key.id);
        let user = UserId::new(now);
        for (exp, counts) in [(i64::MAX, true), (i64::MIN, false)] {
            let wire = Wire {
                iss: ISSUER.into(),
                aud: AUDIENCE.into(),
                sub: user,
                dev: user.cast(),
                generation: 1,
                iat: 0,
                nbf: 0,
                exp,
            };
            let body = serde_json::to_vec(&wire).unwrap();
            let signed = format!(
                "{}.{}",
                token::encode(head.as_bytes()),
                token::encode(&body)
            );
            let tag = token::encode(&token::mac(key.secret.expose(), signed.as_bytes()));
            let found = verify(&keys, &format!("{signed}.{tag}"), now);
            assert_eq!(found.is_some(), counts, "{exp}");
        }
    }
}
