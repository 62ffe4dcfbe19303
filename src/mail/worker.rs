//! The worker: one step claims, sends and settles a few messages. Any number of workers and
//! processes may run steps over one database.

use std::sync::Arc;

use super::claim::{self, Claimed, Sender};
use super::compose::{self, From};
use super::message::Links;
use super::transport::{Outcome, Transport};
use crate::db::{Db, Result};
use crate::kernel::Clock;
use crate::sealed::Keys;

/// Messages that are sent at once, so that a slow recipient does not hold up the others.
const SENDERS: usize = 4;

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
    /// Sends what is due, a few at a time, and says how many were dealt with.
    ///
    /// # Errors
    /// When storage fails; what was claimed is free again once its lease is over.
    pub fn step(&self) -> Result<usize> {
        let clock = Arc::clone(&self.clock);
        let (claimed, ended) = self.db.write_now(move |conn| claim::claim(conn, &clock))?;
        std::thread::scope(|scope| {
            let senders: Vec<_> = shares(&claimed)
                .into_iter()
                .map(|share| scope.spawn(move || self.send_all(&share)))
                .collect();
            senders
                .into_iter()
                .try_for_each(|sender| sender.join().unwrap_or(Err(crate::db::Error::Panicked)))
        })?;
        Ok(claimed.len() + ended)
    }

    fn send_all(&self, share: &[&Claimed]) -> Result<()> {
        for claimed in share {
            let office = claimed.office;
            let sender = self.db.read_now(|conn| claim::sender(conn, office))?;
            self.send(claimed, &sender)?;
        }
        Ok(())
    }

    fn send(&self, claimed: &Claimed, sender: &Sender) -> Result<()> {
        let tools = (self.keys.as_ref(), &self.links);
        match compose::compose(claimed, sender, &self.from, tools) {
            Ok(message) => {
                let outcome = self.transport.send(&message, &claimed.id.to_string());
                report(claimed, outcome);
                self.settle(claimed, outcome)
            }
            Err(code) => {
                tracing::error!(message.id = %claimed.id, claimed.kind, code, "not composed");
                let (claimed, now) = (claimed.clone(), self.clock.now());
                self.db
                    .write_now(move |conn| claim::give_up(conn, now, &claimed, code))
            }
        }
    }

    fn settle(&self, claimed: &Claimed, outcome: Outcome) -> Result<()> {
        let (id, claimed, now) = (claimed.id, claimed.clone(), self.clock.now());
        let is_mine = self
            .db
            .write_now(move |conn| claim::settle(conn, now, &claimed, outcome))?;
        if !is_mine {
            tracing::warn!(message.id = %id, "a lease had ended; the other worker's word counts");
        }
        Ok(())
    }
}

fn report(claimed: &Claimed, outcome: Outcome) {
    let code = match outcome {
        Outcome::Sent => "",
        Outcome::Retry(code) | Outcome::Permanent(code) => code,
    };
    let (attempts, outcome) = (claimed.attempts, word(outcome));
    tracing::info!(message.id = %claimed.id, claimed.kind, outcome, code, attempts, "mail");
    metrics::counter!("mail_attempts_total", "outcome" => outcome).increment(1);
}

const fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Sent => "sent",
        Outcome::Retry(_) => "retry",
        Outcome::Permanent(_) => "permanent",
    }
}

/// The claimed messages dealt out to the senders.
fn shares(claimed: &[Claimed]) -> Vec<Vec<&Claimed>> {
    let share = |first| claimed.iter().skip(first).step_by(SENDERS).collect();
    (0..SENDERS.min(claimed.len())).map(share).collect()
}
