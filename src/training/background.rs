//! What training does by itself: reminders, and a word where attendance is missing.

use super::error::Error;
use super::service::reminder;
use crate::identity::Platform;
use crate::identity::actor::OfficeBrief;
use crate::office::work::Work;

/// Tells the reminders that are due, a session a transaction. Several processes may do it: a
/// session's lock row lets one through, and what was told is on record.
///
/// # Errors
/// When storage fails.
pub fn remind(platform: &std::sync::Arc<Platform>) -> Result<usize, Error> {
    let now = platform.clock.now();
    let due = platform.db.read_now(|conn| reminder::coming(conn, now))?;
    let mut count = 0;
    for (office, session) in due {
        let shared = std::sync::Arc::clone(platform);
        count += platform.db.write_now(move |conn| {
            let office = OfficeBrief::load(conn, office)?;
            let mut work = Work::new(conn, &shared, now, &office, None);
            reminder::remind(&mut work, session)
        })?;
    }
    Ok(count)
}

/// Tells whoever made a session that ended that its attendance is missing.
///
/// # Errors
/// When storage fails.
pub fn mention_missing(platform: &std::sync::Arc<Platform>) -> Result<(), Error> {
    let now = platform.clock.now();
    for (office, session, author) in platform.db.read_now(|conn| reminder::ended(conn, now))? {
        let shared = std::sync::Arc::clone(platform);
        platform.db.write_now(move |conn| {
            let office = OfficeBrief::load(conn, office)?;
            let mut work = Work::new(conn, &shared, now, &office, author);
            reminder::mention_missing(&mut work, session)
        })?;
    }
    Ok(())
}
