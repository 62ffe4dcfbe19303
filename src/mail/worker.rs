//! The worker: a step claims, sends and settles messages one by one, a few at a time. Any number
//! of workers and processes may run steps over one database.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use super::claim::{self, Claimed, Found};
use super::compose::{self, From};
use super::message::{Links, MessageId};
use super::settle::{self, Ending};
use super::transport::{Outcome, Transport};
use crate::db::{Db, Result};
use crate::kernel::Clock;
use crate::sealed::Keys;

/// Messages that are sent at once, so that a slow recipient does not hold up the others.
const SENDERS: usize = 4;
/// How long a step begins further messages: as long as the slowest one may take.
const SPELL: Duration = Duration::from_secs(30);
/// The waits between tries to settle, in milliseconds: together shorter than a lease.
const SETTLE_WAITS: [u64; 8] = [100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800];

/// Everything sending needs.
#[derive(Debug)]
pub struct Mailroom {
    /// The database.
    pub db: Db,
    /// The present.
    pub clock: Arc<Clock>,
    /// Derives tokens and tickets.
    pub keys: Arc<Keys>,
    /// Where links point.
    pub links: Links,
    /// How mails leave.
    pub transport: Transport,
    /// Where they come from.
    pub from: From,
}

impl Mailroom {
    /// Sends what is due and says how many messages were dealt with.
    ///
    /// # Errors
    /// When storage fails; what was claimed is free again once its lease is over.
    pub fn step(&self) -> Result<usize> {
        self.step_until(&AtomicBool::new(false))
    }

    /// [`Mailroom::step`], which begins no further message once `stop` is set.
    ///
    /// # Errors
    /// As for [`Mailroom::step`].
    pub fn step_until(&self, stop: &AtomicBool) -> Result<usize> {
        let first = self.claim()?;
        if first.is_idle {
            return Ok(0);
        }
        let began = Instant::now();
        let goes_on = || !stop.load(Ordering::Relaxed) && began.elapsed() < SPELL;
        std::thread::scope(|scope| {
            let others: Vec<_> = (1..SENDERS)
                .map(|_| scope.spawn(|| self.send_all(None, &goes_on)))
                .collect();
            let own = self.send_all(Some(first), &goes_on);
            let ends = others
                .into_iter()
                .map(|sender| sender.join().unwrap_or(Err(crate::db::Error::Panicked)));
            ends.chain([own]).sum()
        })
    }

    fn claim(&self) -> Result<Found> {
        let clock = Arc::clone(&self.clock);
        self.db.write_now(move |conn| claim::claim(conn, &clock))
    }

    /// One sender: message after message until nothing is due or its spell is over.
    fn send_all(&self, first: Option<Found>, goes_on: &impl Fn() -> bool) -> Result<usize> {
        let (mut handled, mut next) = (0, first);
        loop {
            let found = match next.take() {
                Some(found) => found,
                None if goes_on() => self.claim()?,
                None => return Ok(handled),
            };
            if found.is_idle {
                return Ok(handled);
            }
            for (id, kind) in &found.expired {
                report_expired(*id, kind);
            }
            handled += found.ended;
            if let Some(claimed) = &found.claimed {
                handled += 1;
                self.send(claimed)?;
            }
        }
    }

    fn send(&self, claimed: &Claimed) -> Result<()> {
        let office = claimed.office;
        let sender = self.db.read_now(|conn| claim::sender(conn, office))?;
        let tools = (self.keys.as_ref(), &self.links);
        let ending = match compose::compose(claimed, &sender, &self.from, tools) {
            Ok(message) => {
                let outcome = self.transport.send(&message, &claimed.id.to_string());
                settle::ending(self.clock.now(), claimed, outcome)
            }
            Err(code) => {
                tracing::error!(message.id = %claimed.id, claimed.kind, code, "not composed");
                Ending::NotComposed(code)
            }
        };
        report(claimed, ending);
        self.settle(claimed, ending)
    }

    /// Storage that is away for a moment must not make a message that has left be sent again,
    /// hence more than one try.
    fn settle(&self, claimed: &Claimed, ending: Ending) -> Result<()> {
        let mut waits = SETTLE_WAITS.into_iter();
        loop {
            let (mine, now) = (claimed.clone(), self.clock.now());
            let settled = self
                .db
                .write_now(move |conn| settle::settle(conn, now, &mine, ending));
            match (settled, waits.next()) {
                (Ok(true), _) => return Ok(()),
                (Ok(false), _) => {
                    tracing::warn!(message.id = %claimed.id, "withdrawn, or another worker's now");
                    return Ok(());
                }
                (Err(error), None) => return Err(error),
                (Err(error), Some(wait)) => {
                    tracing::warn!(message.id = %claimed.id, %error, "not settled yet");
                    pause(Duration::from_millis(wait));
                }
            }
        }
    }
}

fn pause(time: Duration) {
    // Nothing is ever sent: the channel is the clock.
    let (_held, never) = channel::<()>();
    let _elapsed = never.recv_timeout(time);
}

/// Tells of a message that is not sent because its time is over.
fn report_expired(id: MessageId, kind: &str) {
    count("expired");
    tracing::warn!(message.id = %id, claimed.kind = kind, outcome = "expired", "mail");
}

fn report(claimed: &Claimed, ending: Ending) {
    let (outcome, code) = match ending {
        Ending::Handed(Outcome::Sent) => ("sent", ""),
        Ending::Handed(Outcome::Retry(code)) => ("retry", code),
        Ending::Handed(Outcome::Permanent(code)) => ("permanent", code),
        Ending::GivenUp(code) | Ending::NotComposed(code) => ("failed", code),
    };
    let attempts = claimed.attempts;
    count(outcome);
    tracing::info!(message.id = %claimed.id, claimed.kind, outcome, code, attempts, "mail");
}

/// Before the line of the log: whoever reads that line finds the mail in the metrics.
fn count(outcome: &'static str) {
    metrics::counter!("mail_attempts_total", "outcome" => outcome).increment(1);
}
