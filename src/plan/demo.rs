//! What the plan asks for, for a demonstration.

use std::sync::Arc;

use super::error::Error;
use super::{figure, obligation};
use crate::identity::{Platform, UserId};
use crate::kernel::OfficeId;
use crate::office::settings;
use crate::office::work::Work;

/// Gives an office figures and what it has filed, once.
///
/// # Errors
/// When storage fails.
pub fn fill(platform: &Arc<Platform>, office: OfficeId, reporter: UserId) -> Result<(), Error> {
    let (now, shared) = (platform.clock.now(), Arc::clone(platform));
    platform.db.write_now(move |conn| {
        let office = settings::load(conn, office)?.brief();
        let mut work = Work::new(conn, &shared, now, &office, Some(reporter));
        if figure::demo::fill(&mut work)? {
            obligation::demo::fill(&mut work)?;
        }
        Ok(())
    })
}
