//! What goes on beside requests: each job on a thread of its own, step after step.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use actix_web::web;

use crate::audit::seal::Sealer;
use crate::db::{self, Conn};
use crate::identity::{Platform, idempotency, service};
use crate::mail::outbox;
use crate::mail::worker::Mailroom;
use crate::office::risk_alert;
use crate::sealed::{StoredId, erasure};
use crate::{counselling, legal_aid, plan, report, training};

/// One step of a job; `true` when it did something, and there may be more to do at once.
type Step = Box<dyn FnMut(&Platform) -> Result<bool, String> + Send>;

/// A job.
pub struct Job {
    /// What its thread is called, and its failures in the log.
    pub name: &'static str,
    /// How long it rests when there was nothing to do, or when it failed.
    pub rest: Duration,
    /// Its step.
    pub step: Step,
}

impl std::fmt::Debug for Job {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Job({})", self.name)
    }
}

/// Jobs at work; they end after their step when this is stopped or dropped.
#[derive(Debug)]
pub struct Background {
    stops: Vec<Sender<()>>,
    is_stopping: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Background {
    /// Lets every job end its step and waits for it.
    pub fn stop(mut self) {
        self.is_stopping.store(true, Ordering::Relaxed);
        self.stops.clear();
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a background job panicked");
            }
        }
    }
}

/// Starts every job of the service.
///
/// # Errors
/// When no thread can be made.
pub fn start(platform: &web::Data<Platform>, mailroom: Mailroom) -> std::io::Result<Background> {
    let mut background = Background {
        stops: Vec::new(),
        is_stopping: Arc::default(),
        threads: Vec::new(),
    };
    for job in [
        sealer(platform),
        sweeper(),
        erasures(),
        documents(),
        reminder(platform),
        attendance(platform),
        escalator(platform),
        appointments(platform),
        days_to_keep(platform),
        clocks(platform),
        planned(platform),
        mailer(mailroom, Arc::clone(&background.is_stopping)),
        measurer(),
    ] {
        let (stop, stopped) = channel();
        let platform = platform.clone();
        let thread = std::thread::Builder::new()
            .name(job.name.to_owned())
            .spawn(move || run(&platform, job, &stopped))?;
        background.stops.push(stop);
        background.threads.push(thread);
    }
    Ok(background)
}

fn run(platform: &Platform, mut job: Job, stopped: &Receiver<()>) {
    loop {
        let rest = match contained(|| (job.step)(platform)) {
            Ok(true) => Duration::ZERO,
            Ok(false) => job.rest,
            Err(error) => {
                tracing::error!(job = job.name, error, "a background step failed");
                job.rest
            }
        };
        match stopped.recv_timeout(rest) {
            Err(RecvTimeoutError::Timeout) => {}
            Ok(()) | Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// A step that panics failed, and its job goes on: mails must not stand still until a restart.
fn contained(step: impl FnOnce() -> Result<bool, String>) -> Result<bool, String> {
    catch_unwind(AssertUnwindSafe(step)).unwrap_or_else(|_panic| Err("it panicked".into()))
}

/// Seals the audit log.
fn sealer(platform: &Platform) -> Job {
    let mut sealer = Sealer::new(platform.clock.now());
    Job {
        name: "audit-sealer",
        rest: Duration::from_secs(1),
        step: Box::new(move |platform| {
            let count = sealer.step(&platform.db, &platform.clock);
            count.map(|count| count > 0).map_err(|e| e.to_string())
        }),
    }
}

/// Sends what the outbox holds.
fn mailer(mailroom: Mailroom, is_stopping: Arc<AtomicBool>) -> Job {
    Job {
        name: "mailer",
        rest: Duration::from_secs(1),
        step: Box::new(move |_platform| {
            mailroom
                .step_until(&is_stopping)
                .map(|count| count > 0)
                .map_err(|e| e.to_string())
        }),
    }
}

/// Measures what waits, for whoever watches.
fn measurer() -> Job {
    Job {
        name: "measurer",
        rest: Duration::from_secs(15),
        step: Box::new(|platform| {
            let now = platform.clock.now();
            let waiting = platform
                .db
                .read_now(|conn| outbox::backlog(conn, now))
                .map_err(|error: db::Error| error.to_string())?;
            let seconds = waiting
                .since
                .map_or(0, |since| now.since(since).num_seconds());
            let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
            let count = u32::try_from(waiting.count).unwrap_or(u32::MAX);
            metrics::gauge!("mails_waiting").set(count);
            metrics::gauge!("mails_waiting_seconds").set(seconds);
            Ok(false)
        }),
    }
}

/// Tells the reminders of sessions that are due.
fn reminder(platform: &web::Data<Platform>) -> Job {
    let platform = platform.clone().into_inner();
    Job {
        name: "reminder",
        rest: Duration::from_secs(30),
        step: Box::new(move |_platform| {
            training::background::remind(&platform)
                .map(|_count| false)
                .map_err(|e| e.to_string())
        }),
    }
}

/// Mentions sessions whose attendance is missing.
fn attendance(platform: &web::Data<Platform>) -> Job {
    let platform = platform.clone().into_inner();
    Job {
        name: "attendance",
        rest: Duration::from_mins(10),
        step: Box::new(move |_platform| {
            training::background::mention_missing(&platform)
                .map(|()| false)
                .map_err(|e| e.to_string())
        }),
    }
}

/// Tells the next on duty of alerts nobody answered.
fn escalator(platform: &web::Data<Platform>) -> Job {
    let platform = platform.clone().into_inner();
    Job {
        name: "risk-alerts",
        rest: Duration::from_secs(10),
        step: Box::new(move |_platform| {
            risk_alert::background::escalate(&platform)
                .map(|_count| false)
                .map_err(|e| e.to_string())
        }),
    }
}

/// Lets requests for appointments go whose time is up.
fn appointments(platform: &web::Data<Platform>) -> Job {
    let platform = platform.clone().into_inner();
    Job {
        name: "appointments",
        rest: Duration::from_secs(30),
        step: Box::new(move |_platform| {
            counselling::background::expire(&platform)
                .map(|count| count > 0)
                .map_err(|e| e.to_string())
        }),
    }
}

/// Reminds of the days of consents and reports.
fn days_to_keep(platform: &web::Data<Platform>) -> Job {
    let platform = platform.clone().into_inner();
    Job {
        name: "days-to-keep",
        rest: Duration::from_mins(15),
        step: Box::new(move |_platform| {
            counselling::background::remind(&platform)
                .map(|()| false)
                .map_err(|e| e.to_string())
        }),
    }
}

/// Sets the clocks of legal aid anew, and gives what is late to somebody.
fn clocks(platform: &web::Data<Platform>) -> Job {
    let platform = platform.clone().into_inner();
    Job {
        name: "legal-aid",
        rest: Duration::from_mins(1),
        step: Box::new(move |_platform| {
            legal_aid::background::tick(&platform)
                .map(|()| false)
                .map_err(|e| e.to_string())
        }),
    }
}

/// Calls to mind what the plan owes.
fn planned(platform: &web::Data<Platform>) -> Job {
    let platform = platform.clone().into_inner();
    Job {
        name: "plan",
        rest: Duration::from_mins(15),
        step: Box::new(move |_platform| {
            plan::background::tick(&platform)
                .map(|()| false)
                .map_err(|e| e.to_string())
        }),
    }
}

/// Forgets records of answers and counters of tries that are over.
fn sweeper() -> Job {
    Job {
        name: "sweeper",
        rest: Duration::from_mins(10),
        step: Box::new(|platform| {
            let now = platform.clock.now();
            let swept = platform.db.write_now(move |conn| {
                idempotency::sweep(conn, now)?;
                service::sweep(conn, now)
            });
            swept
                .map(|_count| false)
                .map_err(|error: db::Error| error.to_string())
        }),
    }
}

/// Brings the list of erasures up to the database.
fn erasures() -> Job {
    Job {
        name: "erasures",
        rest: Duration::from_mins(1),
        step: Box::new(|platform| {
            erasure::follow(&platform.db, &platform.keys)
                .map(|()| false)
                .map_err(|error| error.to_string())
        }),
    }
}

/// Tells which of some stored files a slice's rows name.
type Naming = fn(&mut Conn, &[StoredId]) -> db::Result<BTreeSet<StoredId>>;

/// Every slice that stores files. What none of them names is removed.
const NAMING: &[Naming] = &[
    counselling::names,
    legal_aid::names,
    plan::names,
    report::names,
];

/// How old a file is before it may be that nothing will ever name it.
const UNNAMED: Duration = Duration::from_hours(1);

/// Removes stored files that no row names: a crash, or a refusal after they were written.
fn documents() -> Job {
    Job {
        name: "documents",
        rest: Duration::from_mins(30),
        step: Box::new(|platform| {
            if NAMING.is_empty() {
                // Nobody could say that a file is named.
                return Ok(false);
            }
            let named = |ids: &[StoredId]| {
                let ids = ids.to_vec();
                platform.db.read_now(move |conn| {
                    let mut named = BTreeSet::new();
                    for naming in NAMING {
                        named.append(&mut naming(conn, &ids)?);
                    }
                    Ok::<_, db::Error>(named)
                })
            };
            let swept = platform.depot.sweep(UNNAMED, named);
            swept.map(|_count| false).map_err(|error| error.to_string())
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::contained;

    #[test]
    fn a_step_that_panics_failed() {
        let mut count = 0;
        let failed = contained(|| {
            count += 1;
            panic!("a step of the test panics");
        });
        assert_eq!(failed, Err("it panicked".to_owned()));
        assert_eq!(contained(|| Ok(true)), Ok(true));
        assert_eq!(count, 1);
    }
}
