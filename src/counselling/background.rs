//! What counselling does by itself: requests nobody answered in time let go of their times, and
//! days to be kept are called to mind.

use super::error::Error;
use super::service::{booking as service, reminder};
use super::store::{booking as store, due};
use crate::identity::Platform;
use crate::office::settings;
use crate::office::work::Work;

/// Ends the requests for appointments whose time is up, one a transaction. Several processes may
/// do it: the row itself lets one through.
///
/// # Errors
/// When storage fails.
pub fn expire(platform: &std::sync::Arc<Platform>) -> Result<usize, Error> {
    let now = platform.clock.now();
    let overdue = platform
        .db
        .read_now(|conn| store::overdue(conn, None, now))?;
    let mut count = 0;
    for due in overdue {
        let shared = std::sync::Arc::clone(platform);
        let is_ended = platform.db.write_now(move |conn| {
            let office = settings::load(conn, due.0)?.brief();
            let mut work = Work::new(conn, &shared, now, &office, None);
            service::expire(&mut work, due)
        })?;
        count += usize::from(is_ended);
    }
    Ok(count)
}

/// Reminds of the last days of consents, of reports and of notes nobody signed, a case a transaction.
///
/// # Errors
/// When storage fails.
pub fn remind(platform: &std::sync::Arc<Platform>) -> Result<(), Error> {
    let now = platform.clock.now();
    let today = crate::kernel::Zone::default().day(now);
    for (office, case) in platform
        .db
        .read_now(|conn| due::cases(conn, (today, now)))?
    {
        let shared = std::sync::Arc::clone(platform);
        platform.db.write_now(move |conn| {
            let office = settings::load(conn, office)?.brief();
            let mut work = Work::new(conn, &shared, now, &office, None);
            reminder::remind(&mut work, case)
        })?;
    }
    Ok(())
}
