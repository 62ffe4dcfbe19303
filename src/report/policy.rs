//! Who may do what with the reports on the plan.
//!
//! | who | what |
//! |---|---|
//! | reporter | everything |
//! | supervisor | reads all, figures included |
//! | administrator, organiser | reads where it stands and what is written, without figures of cases |
//! | contributor | the same, and writes its own agency's part |
//!
//! Exact small numbers of counselling and legal aid are for named officials alone (`api.md` §7).

use super::error::Error;
use crate::identity::{Cx, Role};
use crate::kernel::AgencyId;
use crate::office::STAFF;
use crate::office::work::Work;

/// Those who see where a report stands.
const READERS: &[Role] = &[
    Role::Administrator,
    Role::Organiser,
    Role::Supervisor,
    Role::Reporter,
    Role::Contributor,
];
/// Those who see its figures.
const COUNTERS: &[Role] = &[Role::Reporter, Role::Supervisor];

/// Whose parts of a report someone sees and writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hand {
    /// Every agency's, and decides on them: a reporter.
    Reporter,
    /// One agency's: a contributor, who has one.
    Agency(AgencyId),
    /// Sees all and writes none.
    Reader,
    /// A contributor without an agency.
    Nobody,
}

fn work<'a>(cx: &'a mut Cx<'_>) -> Work<'a> {
    Work::new(
        cx.conn,
        cx.platform,
        cx.now,
        &cx.actor.office,
        Some(cx.actor.id),
    )
    .asked_by(Some(cx.origin))
    .expecting(cx.expected)
}

fn hand(cx: &Cx<'_>) -> Hand {
    let actor = cx.actor;
    if actor.is(Role::Reporter) {
        return Hand::Reporter;
    }
    let is_other = actor
        .roles
        .has_any(&[Role::Administrator, Role::Organiser, Role::Supervisor]);
    match actor.agency_id.filter(|_| actor.is(Role::Contributor)) {
        Some(agency) => Hand::Agency(agency),
        None if is_other => Hand::Reader,
        None => Hand::Nobody,
    }
}

/// A reporter at work.
pub(super) fn report<'a>(cx: &'a mut Cx<'_>) -> Result<Work<'a>, Error> {
    cx.actor.require(&[Role::Reporter])?;
    Ok(work(cx))
}

/// Whoever sees where a report stands, with what they may do in it.
pub(super) fn look<'a>(cx: &'a mut Cx<'_>) -> Result<(Work<'a>, Hand), Error> {
    cx.actor.require(READERS)?;
    let hand = hand(cx);
    Ok((work(cx), hand))
}

/// Whoever writes an agency's part.
pub(super) fn contribute<'a>(cx: &'a mut Cx<'_>) -> Result<(Work<'a>, Hand), Error> {
    cx.actor.require(&[Role::Reporter, Role::Contributor])?;
    let hand = hand(cx);
    Ok((work(cx), hand))
}

/// Anybody who works for the office, who may look what was done for a task.
pub(super) fn cover<'a>(cx: &'a mut Cx<'_>) -> Result<Work<'a>, Error> {
    cx.actor.require(STAFF)?;
    Ok(work(cx))
}

/// Whoever sees its figures.
pub(super) fn count<'a>(cx: &'a mut Cx<'_>) -> Result<Work<'a>, Error> {
    cx.actor.require(COUNTERS)?;
    Ok(work(cx))
}
