//! Passwords: their rule, their hashes, and a bound on how many are hashed at once.
//!
//! Hashes have threads of their own, few and less urgent than all others: a storm of logins must
//! not make anybody else wait, and each of them uses the same memory again and again: the allocator
//! would keep many times as much. Whoever needs a hash takes a seat first, before anything is read
//! or counted: one who finds none has cost nothing, and no try.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use argon2::password_hash::phc::{Output, PasswordHash};
use argon2::{Algorithm, Argon2, Block, Params, PasswordVerifier, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
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
/// How much less urgent than a call a hash is, as `nice` counts it.
#[cfg(target_os = "linux")]
const LESS_URGENT: i32 = 10;
/// OWASP's minimum for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
/// Bytes of what a password makes.
const DIGEST: usize = 32;

/// Passwords everybody tries first, one a line.
const COMMON: &str = include_str!("common-passwords.txt");

/// What a hash is made in; whoever makes many keeps it.
type Memory = Vec<Block>;
/// One hash that is asked for.
type Job = Box<dyn FnOnce(&mut Memory) + Send>;

/// Where passwords are hashed and verified.
#[derive(Debug)]
pub struct Hasher {
    jobs: Sender<Job>,
    seats: Arc<Semaphore>,
    hashes: Arc<AtomicU64>,
}

/// A place at the [`Hasher`], for one hash after the other; free again once it is dropped and what
/// it asked for is done.
#[derive(Debug)]
pub struct Seat {
    jobs: Sender<Job>,
    place: Arc<OwnedSemaphorePermit>,
    hashes: Arc<AtomicU64>,
}

impl Default for Hasher {
    fn default() -> Self {
        let (jobs, waiting) = channel();
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..PARALLEL {
            let waiting = Arc::clone(&waiting);
            let thread = std::thread::Builder::new().name("hasher".into());
            if let Err(error) = thread.spawn(move || work(&waiting)) {
                tracing::error!(%error, "no thread for hashes");
            }
        }
        Self {
            jobs,
            seats: Arc::new(Semaphore::new(PARALLEL + WAITING)),
            hashes: Arc::default(),
        }
    }
}

/// A thread that hashes; it ends with the hasher.
fn work(waiting: &Mutex<Receiver<Job>>) {
    // Linux knows the urgency of each thread; elsewhere it would be the whole program's.
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, LESS_URGENT) {
        tracing::warn!(%error, "hashes are as urgent as calls");
    }
    let mut memory = Memory::new();
    loop {
        let next = waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .recv();
        let Ok(job) = next else { return };
        // Its caller is told by the channel it drops.
        let _told = catch_unwind(AssertUnwindSafe(|| job(&mut memory)));
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

/// What a password and a salt make.
fn digest(
    password: &Secret<String>,
    salt: &[u8],
    memory: &mut Memory,
) -> Result<[u8; DIGEST], Fault> {
    // NFC on setting and verifying alike: phones compose Vietnamese letters differently.
    let text: String = password.expose().nfc().collect();
    let argon2 = argon2()?;
    memory.resize(argon2.params().block_count(), Block::default());
    let mut made = [0; DIGEST];
    argon2
        .hash_password_into_with_memory(text.as_bytes(), salt, &mut made, memory.as_mut_slice())
        .map_err(|e| Fault::Internal(format!("argon2: {e}")))?;
    Ok(made)
}

/// The hash of a password, as a PHC string. Takes tens of milliseconds: for the command line.
///
/// # Errors
/// `internal`, when hashing fails.
pub fn hash_now(password: &Secret<String>) -> Result<String, Fault> {
    hash_in(password, &mut Memory::new())
}

fn hash_in(password: &Secret<String>, memory: &mut Memory) -> Result<String, Fault> {
    let salt = token::random::<16>();
    let made = STANDARD_NO_PAD.encode(digest(password, &salt, memory)?);
    let salt = STANDARD_NO_PAD.encode(salt);
    Ok(format!("{}${salt}${made}", parameters()))
}

/// What every hash starts with that is made now.
fn parameters() -> String {
    format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p=1")
}

/// Whether a hash was made with other parameters than new ones are.
pub fn is_outdated(stored: &str) -> bool {
    !stored.starts_with(&parameters())
}

fn verify_in(
    password: &Secret<String>,
    stored: Option<&str>,
    memory: &mut Memory,
) -> Result<bool, Fault> {
    let Some(text) = stored else {
        // An unknown account costs what a known one costs.
        hash_in(password, memory)?;
        return Ok(false);
    };
    let Ok(parsed) = PasswordHash::new(text) else {
        hash_in(password, memory)?;
        return Ok(false);
    };
    if let (false, Some(salt), Some(hash)) = (is_outdated(text), &parsed.salt, &parsed.hash) {
        let made = digest(password, salt, memory)?;
        // Outputs are compared in constant time.
        return Ok(Output::new(&made).is_ok_and(|made| made == *hash));
    }
    let text: String = password.expose().nfc().collect();
    Ok(argon2()?.verify_password(text.as_bytes(), &parsed).is_ok())
}

impl Hasher {
    /// A place among those who hash or wait for it.
    ///
    /// # Errors
    /// `busy` when too many wait already.
    pub fn seat(&self) -> Result<Seat, Fault> {
        let place = Arc::clone(&self.seats).try_acquire_owned();
        Ok(Seat {
            jobs: self.jobs.clone(),
            place: Arc::new(place.map_err(|_none_left| Fault::Busy)?),
            hashes: Arc::clone(&self.hashes),
        })
    }

    /// How many hashes were made; tests compare the cost of branches by it.
    pub fn count(&self) -> u64 {
        self.hashes.load(Ordering::Relaxed)
    }
}

impl Seat {
    /// The hash of a password.
    ///
    /// # Errors
    /// `internal`, when hashing fails.
    pub async fn hash(&self, password: Secret<String>) -> Result<String, Fault> {
        self.run(move |memory| hash_in(&password, memory)).await
    }

    /// Whether `password` is the one `stored` was made from; without a hash it costs the same
    /// and is not.
    ///
    /// # Errors
    /// `internal`, when hashing fails.
    pub async fn verify(
        &self,
        password: Secret<String>,
        stored: Option<String>,
    ) -> Result<bool, Fault> {
        self.run(move |memory| verify_in(&password, stored.as_deref(), memory))
            .await
    }

    async fn run<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Memory) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let (answer, answered) = oneshot::channel();
        // The place goes with the job: who hangs up frees it no sooner than the queue is shorter.
        let place = Arc::clone(&self.place);
        let job = move |memory: &mut Memory| {
            // Nobody waits for it any more: no hash is made for who has left.
            if !answer.is_closed() {
                let _left = answer.send(f(memory));
            }
            drop(place);
        };
        let queued = self.jobs.send(Box::new(job));
        queued.map_err(|_no_thread| Fault::Internal("no thread hashes".into()))?;
        self.hashes.fetch_add(1, Ordering::Relaxed);
        answered
            .await
            .map_err(|_panicked| Fault::Internal("hashing panicked".into()))?
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use argon2::PasswordHasher;
    use futures_util::FutureExt;

    use super::*;

    #[test]
    fn whoever_finds_no_seat_is_told_at_once_and_a_panic_ends_no_thread() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let hasher = Hasher::default();
        let seat = hasher.seat().unwrap();
        for _ in 0..2 * PARALLEL {
            let failed: Result<(), _> =
                runtime.block_on(seat.run(|_| panic!("a hash of the test panics")));
            assert!(matches!(failed, Err(Fault::Internal(_))));
        }
        assert_eq!(runtime.block_on(seat.run(|_| Ok(7))).unwrap(), 7);

        let others: Vec<_> = (1..PARALLEL + WAITING)
            .map(|_| hasher.seat().unwrap())
            .collect();
        assert!(matches!(hasher.seat(), Err(Fault::Busy)));
        drop(others);
        assert!(hasher.seat().is_ok());
    }

    /// Each thread waits, once it has done what it was asked for before, until the gate is passed.
    fn stop_every_thread(hasher: &Hasher) -> Arc<Barrier> {
        let gate = Arc::new(Barrier::new(PARALLEL + 1));
        for _ in 0..PARALLEL {
            let gate = Arc::clone(&gate);
            let held = hasher.jobs.send(Box::new(move |_| {
                let _leader = gate.wait();
            }));
            held.unwrap();
        }
        gate
    }

    #[test]
    fn who_has_left_keeps_a_seat_as_long_as_the_job_waits() {
        let hasher = Hasher::default();
        let gate = stop_every_thread(&hasher);
        let left: Vec<_> = (0..PARALLEL + WAITING)
            .map(|_| hasher.seat().unwrap())
            .collect();
        for seat in left {
            // Asked once, and never again.
            assert!(seat.run(|_| Ok(7)).now_or_never().is_none());
        }
        assert!(matches!(hasher.seat(), Err(Fault::Busy)));
        gate.wait();
        // Behind all of theirs, on each thread.
        let done = stop_every_thread(&hasher);
        done.wait();
        assert!(hasher.seat().is_ok());
    }

    #[test]
    fn a_hash_is_one_that_others_read() {
        let password = Secret::new("mật khẩu của buổi thử".to_owned());
        let mut memory = Memory::new();
        let made = hash_in(&password, &mut memory).unwrap();
        assert!(!is_outdated(&made));
        let parsed = PasswordHash::new(&made).unwrap();
        let text: String = password.expose().nfc().collect();
        let read = argon2().unwrap().verify_password(text.as_bytes(), &parsed);
        assert_eq!(read, Ok(()));
        let other = Secret::new("mật khẩu của buổi khác".to_owned());
        for (tried, is_it) in [(&password, true), (&other, false)] {
            assert_eq!(verify_in(tried, Some(&made), &mut memory).unwrap(), is_it);
        }
        for stored in [None, Some("no hash")] {
            assert!(!verify_in(&password, stored, &mut memory).unwrap());
        }
        let cheap = Params::new(8, 1, 1, None).unwrap();
        let cheap = Argon2::new(Algorithm::Argon2id, Version::V0x13, cheap);
        let old = cheap.hash_password_with_salt(text.as_bytes(), b"mot chut muoi");
        let old: PasswordHash = old.unwrap();
        let old = old.to_string();
        assert!(is_outdated(&old));
        assert!(verify_in(&password, Some(&old), &mut memory).unwrap());
        assert!(!verify_in(&other, Some(&old), &mut memory).unwrap());
    }
}
