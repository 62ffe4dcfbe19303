//! Passwords: their rule, their hashes, and a bound on how many are hashed at once.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

use crate::kernel::Fault;
use crate::kernel::secret::Secret;
use crate::kernel::token;

/// The fewest and the most characters of a password (`api.md` §2).
pub const LENGTH: std::ops::RangeInclusive<usize> = 12..=256;
/// Hashes that run at once; each takes [`MEMORY_KIB`].
const PARALLEL: usize = 2;
/// Callers that may wait for a hash; one more is told that the service is busy.
const WAITING: usize = 32;
/// OWASP's minimum for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;

/// Passwords everybody tries first, one a line.
const COMMON: &str = include_str!("common-passwords.txt");

/// Hashes and verifies passwords.
#[derive(Debug)]
pub struct Hasher {
    running: Semaphore,
    waiting: Semaphore,
    hashes: std::sync::atomic::AtomicU64,
}

impl Default for Hasher {
    fn default() -> Self {
        Self {
            running: Semaphore::new(PARALLEL),
            waiting: Semaphore::new(PARALLEL + WAITING),
            hashes: std::sync::atomic::AtomicU64::new(0),
        }
    }
}

/// The code of the rule a password breaks, if it breaks one.
pub fn broken_rule(password: &Secret<String>) -> Option<&'static str> {
    let text: String = password.expose().nfc().collect();
    if !LENGTH.contains(&text.chars().count()) {
        return Some("password-length");
    }
    let folded = text.to_lowercase();
    let is_common = COMMON
        .lines()
        .filter(|line| !line.starts_with('#'))
        .any(|c| c == folded);
    is_common.then_some("password-common")
}

fn argon2() -> Result<Argon2<'static>, Fault> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None)
        .map_err(|e| Fault::Internal(format!("argon2 parameters: {e}")))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The hash of a password, as a PHC string. Takes tens of milliseconds: for the command line.
///
/// # Errors
/// `internal`, when hashing fails.
pub fn hash_now(password: &Secret<String>) -> Result<String, Fault> {
    // NFC on setting and verifying alike: phones compose Vietnamese letters differently.
    let text: String = password.expose().nfc().collect();
    let hash = argon2()?
        .hash_password_with_salt(text.as_bytes(), &token::random::<16>())
        .map_err(|e| Fault::Internal(format!("argon2: {e}")))?;
    Ok(hash.to_string())
}

/// Whether a hash was made with other parameters than new ones are.
pub fn is_outdated(stored: &str) -> bool {
    !stored.starts_with(&format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p=1$"))
}

fn verify_now(password: &Secret<String>, stored: Option<&str>) -> Result<bool, Fault> {
    let text: String = password.expose().nfc().collect();
    let Some(parsed) = stored.and_then(|hash| PasswordHash::new(hash).ok()) else {
        // An unknown account costs what a known one costs.
        hash_now(password)?;
        return Ok(false);
    };
    Ok(argon2()?.verify_password(text.as_bytes(), &parsed).is_ok())
}

impl Hasher {
    /// The hash of a password.
    ///
    /// # Errors
    /// `busy` when too many wait already.
    pub async fn hash(&self, password: Secret<String>) -> Result<String, Fault> {
        self.run(move || hash_now(&password)).await
    }

    /// Whether `password` is the one `stored` was made from; without a hash it costs the same
    /// and is not.
    ///
    /// # Errors
    /// `busy` when too many wait already.
    pub async fn verify(
        &self,
        password: Secret<String>,
        stored: Option<String>,
    ) -> Result<bool, Fault> {
        self.run(move || verify_now(&password, stored.as_deref()))
            .await
    }

    /// How many hashes were made; tests compare the cost of branches by it.
    pub fn count(&self) -> u64 {
        self.hashes.load(std::sync::atomic::Ordering::Relaxed)
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that hashes off the event loop"
    )]
    async fn run<T: Send + 'static>(
        &self,
        f: impl FnOnce() -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let _place = self.waiting.try_acquire().map_err(|_full| Fault::Busy)?;
        let _permit = self
            .running
            .acquire()
            .await
            .map_err(|_closed| Fault::Busy)?;
        self.hashes
            .fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        tokio::task::spawn_blocking(f)
            .await
            .map_err(|_panicked| Fault::Internal("hashing panicked".into()))?
    }
}
