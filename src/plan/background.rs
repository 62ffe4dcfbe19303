//! What the plan does by itself: what is owed is called to mind.

use std::sync::Arc;

use super::error::Error;
use super::obligation;
use crate::identity::Platform;
use crate::office::settings;
use crate::office::work::Work;

/// Does what is due, an office a transaction. Several processes may do it: a mail that is written
/// already is not written again.
///
/// # Errors
/// When storage fails.
pub fn tick(platform: &Arc<Platform>) -> Result<(), Error> {
    let now = platform.clock.now();
    for office in platform.db.read_now(settings::all)? {
        let shared = Arc::clone(platform);
        platform.db.write_now(move |conn| {
            let office = settings::load(conn, office)?.brief();
            let mut work = Work::new(conn, &shared, now, &office, None);
            obligation::remind(&mut work)
        })?;
    }
    Ok(())
}
