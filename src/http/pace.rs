//! How slowly a body may come.

use std::time::{Duration, Instant};

/// How long the next bytes may let wait for them. A caller that is told so is gone two seconds
/// later, five where nobody knows how much was to come.
const IDLE: Duration = Duration::from_secs(9);
/// How long a body may take in all.
const WHOLE: Duration = Duration::from_mins(3);
/// The fewest bytes a second, once [`IDLE`] is over: a byte now and then is no body that comes.
const RATE: usize = 1024;

/// What a body that is read has used of its time.
#[derive(Debug)]
pub(super) struct Pace {
    begun: Instant,
    bytes: usize,
}

impl Pace {
    /// A body of which nothing has come.
    pub(super) fn begin() -> Self {
        Self {
            begun: Instant::now(),
            bytes: 0,
        }
    }

    /// So many bytes have come.
    pub(super) fn count(&mut self, bytes: usize) {
        self.bytes = self.bytes.saturating_add(bytes);
    }

    /// Until when the next bytes must be there.
    fn until(&self, now: Instant) -> Instant {
        let seconds = u32::try_from(self.bytes / RATE).unwrap_or(u32::MAX);
        let earned = Duration::from_secs(seconds.into()) + IDLE;
        (now + IDLE).min(self.begun + earned.min(WHOLE))
    }

    /// Waits for the next bytes; `None` when they come too late.
    pub(super) async fn next<T>(&self, bytes: impl Future<Output = T>) -> Option<T> {
        let until = self.until(Instant::now());
        tokio::time::timeout_at(until.into(), bytes).await.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(after: u64, bytes: usize) -> u64 {
        let begun = Instant::now();
        let now = begun + Duration::from_secs(after);
        let until = Pace { begun, bytes }.until(now);
        until.saturating_duration_since(now).as_secs()
    }

    #[test]
    fn a_body_that_comes_well_has_three_minutes() {
        assert_eq!(left(0, 0), 9);
        assert_eq!(left(60, 1 << 20), 9);
        assert_eq!(left(175, 8 << 20), 5);
        assert_eq!(left(180, 8 << 20), 0);
    }

    #[test]
    fn a_body_that_trickles_has_nine_seconds() {
        assert_eq!(left(7, 20), 2);
        assert_eq!(left(9, 20), 0);
        assert_eq!(left(9, 4 * RATE), 4);
    }
}
