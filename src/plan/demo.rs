//! What the plan asks for, for a demonstration.

use std::sync::Arc;

use super::error::Error;
use super::{concern, difficulty, figure, obligation, product};
use crate::identity::{Platform, UserId};
use crate::kernel::OfficeId;
use crate::office::settings;
use crate::office::work::Work;

/// Who plays in it.
#[derive(Debug, Clone, Copy)]
pub struct Cast {
    /// Who enters what the plan asks for.
    pub organiser: UserId,
    /// Who refers concerns.
    pub supervisor: UserId,
    /// Who says yes or no.
    pub reporter: UserId,
}

/// Gives an office figures, filings, products, a concern and difficulties, once.
///
/// # Errors
/// When storage fails.
pub fn fill(platform: &Arc<Platform>, office: OfficeId, cast: Cast) -> Result<(), Error> {
    count(platform, office, cast.reporter)?;
    product::demo::fill(platform, office, cast)?;
    concern::demo::fill(platform, office, cast.supervisor)?;
    difficulty::demo::fill(platform, office, (cast.organiser, cast.reporter))
}

fn count(platform: &Arc<Platform>, office: OfficeId, reporter: UserId) -> Result<(), Error> {
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
