//! Who may do what in counselling.
//!
//! | who | what |
//! |---|---|
//! | counsellor | the cases they counsel and the requests given to them |
//! | supervisor | every request and case of the office; approves, but never their own; counts |
//! | reporter | counts |
//! | family | its own requests and appointments, its shared summaries |
//!
//! Everybody else learns nothing. What the caller may not know of is missing.

use super::error::Error;
use super::model::{Case, HoldReason};
use super::status::CaseAction;
use crate::identity::{Cx, Role, UserId};
use crate::kernel::Fault;
use crate::office::work::Work;

/// Those who work on cases.
const CASEWORKERS: [Role; 2] = [Role::Counsellor, Role::Supervisor];

/// What a member of staff sees of the office's cases.
#[derive(Debug, Clone)]
pub(super) struct Eyes {
    /// Who looks.
    pub(super) user: UserId,
    /// Whether they supervise: they see every case.
    pub(super) is_supervisor: bool,
    /// Whether they counsel.
    pub(super) is_counsellor: bool,
}

impl Eyes {
    /// The user whose cases alone are seen; a supervisor sees all.
    pub(super) fn only_of(&self) -> Option<UserId> {
        (!self.is_supervisor).then_some(self.user)
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
}

/// A counsellor or a supervisor at work.
pub(super) fn casework<'a>(cx: &'a mut Cx<'_>) -> Result<(Work<'a>, Eyes), Error> {
    cx.actor.require(&CASEWORKERS)?;
    let eyes = Eyes {
        user: cx.actor.id,
        is_supervisor: cx.actor.is(Role::Supervisor),
        is_counsellor: cx.actor.is(Role::Counsellor),
    };
    Ok((work(cx), eyes))
}

/// A supervisor at work.
pub(super) fn supervise<'a>(cx: &'a mut Cx<'_>) -> Result<(Work<'a>, Eyes), Error> {
    cx.actor.require(&[Role::Supervisor])?;
    casework(cx)
}

/// Counting, without seeing anybody.
pub(super) fn count<'a>(cx: &'a mut Cx<'_>) -> Result<Work<'a>, Error> {
    cx.actor.require(&[Role::Reporter, Role::Supervisor])?;
    Ok(work(cx))
}

/// A family with its own things.
pub(super) fn family<'a>(cx: &'a mut Cx<'_>) -> Result<(Work<'a>, UserId), Error> {
    cx.actor.require(&[Role::Family])?;
    let user = cx.actor.id;
    Ok((work(cx), user))
}

/// The actions of a case this caller may take now.
pub(super) fn case_actions(case: &Case, eyes: &Eyes) -> Vec<&'static str> {
    let mut actions = case.status.allowed();
    actions.retain(|word| {
        CaseAction::parse(word).is_some_and(|action| may(case, eyes, action).is_ok())
    });
    actions
}

/// Refuses what this caller may not do to a case now.
pub(super) fn require_case(case: &Case, eyes: &Eyes, action: CaseAction) -> Result<(), Error> {
    case.status.apply(action).map_err(|refused| match refused {
        Fault::Transition {
            current, action, ..
        } => Fault::Transition {
            current,
            action,
            allowed: case_actions(case, eyes),
        },
        other => other,
    })?;
    may(case, eyes, action)
}

fn may(case: &Case, eyes: &Eyes, action: CaseAction) -> Result<(), Error> {
    use CaseAction as A;
    let is_theirs = case.counsellor_id == eyes.user;
    let refused = || Fault::Transition {
        current: case.status.as_str(),
        action: action.as_str(),
        allowed: Vec::new(),
    };
    let is_allowed = match action {
        A::Edit | A::Book | A::Record | A::Hold | A::AdvancePhase => {
            is_theirs || eyes.is_supervisor
        }
        A::Transfer => case.transfer_to_id.is_none() && (is_theirs || eyes.is_supervisor),
        A::AcceptTransfer | A::DeclineTransfer => case.transfer_to_id == Some(eyes.user),
        A::Resume if case.hold_reason == Some(HoldReason::ConsentWithdrawn) => eyes.is_supervisor,
        A::Resume => is_theirs || eyes.is_supervisor,
        A::AskClosing => case.closing_asked_by.is_none() && (is_theirs || eyes.is_supervisor),
        A::ApproveClosing | A::RejectClosing if case.closing_asked_by.is_none() => false,
        A::ApproveClosing if is_theirs || case.closing_asked_by == Some(eyes.user) => {
            return Err(if eyes.is_supervisor {
                Error::OwnAct
            } else {
                Fault::Forbidden.into()
            });
        }
        A::CorrectPhase | A::ConfirmInFamily | A::ApproveClosing | A::RejectClosing | A::Reopen => {
            eyes.is_supervisor
        }
    };
    if is_allowed {
        Ok(())
    } else {
        Err(refused().into())
    }
}
