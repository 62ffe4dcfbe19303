//! Limits on calls per client address, in memory and bounded however many addresses call.

use std::net::IpAddr;
use std::num::NonZeroU32;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::kernel::Fault;

/// Buckets addresses share: memory is bounded, and two addresses rarely meet.
const BUCKETS: u64 = 1 << 16;

/// A limiter of one group of routes.
#[derive(Debug)]
pub struct Limiter {
    buckets: DefaultKeyedRateLimiter<u64>,
    clock: DefaultClock,
    seed: std::hash::RandomState,
}

impl Limiter {
    /// Lets an address call `per_minute` times a minute, `burst` of them at once.
    pub fn new(per_minute: NonZeroU32, burst: NonZeroU32) -> Self {
        Self {
            buckets: RateLimiter::keyed(Quota::per_minute(per_minute).allow_burst(burst)),
            clock: DefaultClock::default(),
            seed: std::hash::RandomState::new(),
        }
    }

    /// Counts one call.
    ///
    /// # Errors
    /// `too-many-requests`.
    pub fn count(&self, address: IpAddr) -> Result<(), Fault> {
        use std::hash::BuildHasher;
        let bucket = self.seed.hash_one(network(address)) % BUCKETS;
        self.buckets.check_key(&bucket).map_err(|until| {
            let wait = until.wait_time_from(self.clock.now());
            Fault::TooMany {
                retry_after: wait.as_secs().max(1),
            }
        })
    }
}

/// An IPv6 caller owns a whole /64: it counts as one.
fn network(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => u128::from(v4.to_bits()),
        IpAddr::V6(v6) => v6.to_bits() >> 64 << 64,
    }
}
