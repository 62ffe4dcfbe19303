//! Who may do what with the plan's registers.
//!
//! | who | what |
//! |---|---|
//! | organiser, reporter | all of every agency |
//! | contributor | its own agency's part |
//! | reporter | says yes or no: approves, returns, files |
//! | any other member of staff | reads |
//!
//! Two registers differ. A difficulty is seen by whoever is a contributor alone only where it is its own
//! agency's. A concern is a case's content: reporters and administrators have its counts, whoever
//! recorded it has what they wrote, and supervisors and who stands in for them have all.

use super::error::Error;
use crate::identity::{Cx, Role, UserId};
use crate::kernel::{AgencyId, Fault};
use crate::office::STAFF;
use crate::office::delegation::{self, Duty};
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

/// What a caller sees of difficulties, and does with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Standing {
    /// Whose are seen: a contributor's own agency's, any other's all.
    pub(super) seen: Hand,
    /// Whose are raised and changed.
    pub(super) hand: Hand,
    /// Whether it forwards, answers and closes.
    pub(super) decides: bool,
}

fn standing(cx: &Cx<'_>) -> Standing {
    let is_more = cx.actor.roles.iter().any(|role| role != Role::Contributor);
    Standing {
        seen: if is_more {
            Hand::Everybody
        } else {
            Hand::Own(cx.actor.agency_id)
        },
        hand: hand(cx),
        decides: cx.actor.is(Role::Reporter),
    }
}

/// Anybody who works for the office, with what they see of difficulties.
pub(super) fn difficulties<'a>(cx: &'a mut Cx<'_>) -> Result<(Work<'a>, Standing), Error> {
    let standing = standing(cx);
    look(cx).map(|(work, _)| (work, standing))
}

/// Whoever raises and changes difficulties.
pub(super) fn edit_difficulties<'a>(cx: &'a mut Cx<'_>) -> Result<(Work<'a>, Standing), Error> {
    let standing = standing(cx);
    edit(cx).map(|(work, _)| (work, standing))
}

/// Whoever forwards, answers and closes difficulties.
pub(super) fn decide_difficulties<'a>(cx: &'a mut Cx<'_>) -> Result<(Work<'a>, Standing), Error> {
    let standing = standing(cx);
    decide(cx).map(|work| (work, standing))
}

/// Those who come upon a concern and write it down.
const RECORDERS: &[Role] = &[
    Role::Counsellor,
    Role::Supervisor,
    Role::LegalAidIntake,
    Role::Organiser,
    Role::Contributor,
];
/// Supervisors, and those who may stand in for one.
const REFERRERS: &[Role] = &[Role::Supervisor, Role::Counsellor, Role::LegalAidIntake];

/// Who looks at concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Watch {
    /// Who.
    pub(super) user: UserId,
    /// Whether all of the office's are seen, and not one's own alone.
    pub(super) sees_all: bool,
    /// Whether as a supervisor, and not in a supervisor's place.
    is_supervisor: bool,
}

impl Watch {
    /// A supervisor's.
    pub(super) const fn supervisor(user: UserId) -> Self {
        Self {
            user,
            sees_all: true,
            is_supervisor: true,
        }
    }

    /// Whether it may refer and close what somebody recorded; in a supervisor's place nobody decides
    /// about their own.
    pub(super) fn decides(self, recorded_by: UserId) -> bool {
        self.sees_all && (self.is_supervisor || delegation::may_decide(self.user, recorded_by))
    }
}

fn watch(cx: &mut Cx<'_>, roles: &[Role]) -> Result<Watch, Error> {
    cx.actor.require(roles)?;
    let (office, user, today) = (cx.office(), cx.actor.id, cx.zone().day(cx.now));
    let is_supervisor = cx.actor.is(Role::Supervisor);
    let duty = (Duty::SuperviseCounselling, today);
    Ok(Watch {
        user,
        sees_all: is_supervisor || delegation::stands_in(cx.conn, office, user, duty)?,
        is_supervisor,
    })
}

/// Whoever records concerns, with those they see.
pub(super) fn concerns<'a>(cx: &'a mut Cx<'_>) -> Result<(Work<'a>, Watch), Error> {
    let watch = watch(cx, RECORDERS)?;
    Ok((work(cx), watch))
}

/// Whoever may have concerns to refer and to close.
pub(super) fn refer<'a>(cx: &'a mut Cx<'_>) -> Result<(Work<'a>, Watch), Error> {
    let watch = watch(cx, REFERRERS)?;
    Ok((work(cx), watch))
}

/// Whoever has the counts of concerns.
pub(super) fn count_concerns<'a>(cx: &'a mut Cx<'_>) -> Result<Work<'a>, Error> {
    cx.actor.require(&[Role::Reporter, Role::Supervisor])?;
    Ok(work(cx))
}
