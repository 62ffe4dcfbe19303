//! Who may do what with the plan's registers.
//!
//! | who | what |
//! |---|---|
//! | organiser, reporter | all of every agency |
//! | contributor | its own agency's part |
//! | reporter | says yes or no: approves, returns, files |
//! | any other member of staff | reads |

use super::error::Error;
use crate::identity::{Cx, Role, colleague};
use crate::kernel::{AgencyId, Fault};
use crate::office::STAFF;
use crate::office::work::Work;

/// Those who enter what the plan asks for.
const EDITORS: &[Role] = &[Role::Organiser, Role::Reporter, Role::Contributor];

/// Whose part of the plan someone may enter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hand {
    /// Every agency's.
    Everybody,
    /// One agency's: a contributor. Without an agency there is nothing to enter.
    Own(Option<AgencyId>),
}

impl Hand {
    /// Whether what is an agency's may be entered.
    pub(super) fn reaches(self, agency: AgencyId) -> bool {
        match self {
            Self::Everybody => true,
            Self::Own(own) => own == Some(agency),
        }
    }

    /// Refuses what is another agency's: that it exists is no secret.
    pub(super) fn require(self, agency: AgencyId) -> Result<(), Fault> {
        if self.reaches(agency) {
            Ok(())
        } else {
            Err(Fault::Forbidden)
        }
    }
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

/// What a caller may enter; nobody's part for those who only read.
pub(super) fn hand(cx: &Cx<'_>) -> Hand {
    if cx.actor.roles.has_any(&[Role::Organiser, Role::Reporter]) {
        Hand::Everybody
    } else if cx.actor.is(Role::Contributor) {
        Hand::Own(cx.actor.agency_id)
    } else {
        Hand::Own(None)
    }
}

/// Anybody who works for the office, with what they may enter.
pub(super) fn look<'a>(cx: &'a mut Cx<'_>) -> Result<(Work<'a>, Hand), Error> {
    cx.actor.require(STAFF)?;
    let hand = hand(cx);
    Ok((work(cx), hand))
}

/// Whoever enters what the plan asks for, for every agency or for their own.
pub(super) fn edit<'a>(cx: &'a mut Cx<'_>) -> Result<(Work<'a>, Hand), Error> {
    cx.actor.require(EDITORS)?;
    let hand = hand(cx);
    Ok((work(cx), hand))
}

/// An organiser or a reporter, who say what is counted.
pub(super) fn define<'a>(cx: &'a mut Cx<'_>) -> Result<Work<'a>, Error> {
    cx.actor.require(&[Role::Organiser, Role::Reporter])?;
    Ok(work(cx))
}

/// What a caller may say is filed: a reporter all, a contributor what is their agency's.
pub(super) fn filing(cx: &Cx<'_>) -> Hand {
    if cx.actor.is(Role::Reporter) {
        Hand::Everybody
    } else if cx.actor.is(Role::Contributor) {
        Hand::Own(cx.actor.agency_id)
    } else {
        Hand::Own(None)
    }
}

/// Whoever says that something owed is filed.
pub(super) fn file<'a>(cx: &'a mut Cx<'_>) -> Result<(Work<'a>, Hand), Error> {
    cx.actor.require(&[Role::Reporter, Role::Contributor])?;
    let hand = filing(cx);
    Ok((work(cx), hand))
}

/// A reporter, who says yes or no.
pub(super) fn decide<'a>(cx: &'a mut Cx<'_>) -> Result<Work<'a>, Error> {
    cx.actor.require(&[Role::Reporter])?;
    Ok(work(cx))
}

/// Refuses a yes to one's own work while somebody else could say it: nobody approves their own, and
/// where one person alone reports nothing is late for want of a second.
pub(super) fn require_other(
    work: &mut Work<'_>,
    by: Option<crate::identity::UserId>,
) -> Result<(), Error> {
    let reporters = colleague::holders(work.conn, work.office.id, Role::Reporter)?;
    let is_own = by.is_some() && by == work.actor;
    let has_other = reporters.iter().any(|one| Some(*one) != work.actor);
    if is_own && has_other {
        return Err(Error::OwnApproval);
    }
    Ok(())
}
