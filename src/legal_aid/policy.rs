//! Who may do what in legal aid.
//!
//! | who | what |
//! |---|---|
//! | intake officer | every request of the office that was handed in, but those they stand back from |
//! | supervisor | the same, and strikes out mistakes; confirms withdrawals where harm is feared |
//! | whoever stands in | what the intake officer does, from day to day |
//! | reporter | counts |
//! | family | its own requests: access follows the account that asks, never parenthood |
//!
//! Everybody else learns nothing. What the caller may not know of is missing, a draft of a family
//! and a request that an officer stands back from among it.

use super::error::Error;
use super::model::Request;
use super::status::Action;
use crate::identity::{Cx, Role, UserId};
use crate::kernel::Fault;
use crate::office::delegation::{self, Duty};
use crate::office::work::Work;

/// A member of staff who sees the office's requests.
#[derive(Debug, Clone, Copy)]
pub(super) struct Eyes {
    /// Who looks.
    pub(super) user: UserId,
    /// Whether they supervise.
    pub(super) is_supervisor: bool,
}

/// Whose requests are looked at.
#[derive(Debug, Clone, Copy)]
pub(super) enum Scope {
    /// Those a member of staff sees.
    Staff(Eyes),
    /// Those an account made.
    Own(UserId),
}

impl Scope {
    /// Who looks.
    pub(super) const fn user(&self) -> UserId {
        match self {
            Self::Staff(eyes) => eyes.user,
            Self::Own(user) => *user,
        }
    }

    /// Whether it is a supervisor.
    pub(super) const fn is_supervisor(&self) -> bool {
        matches!(self, Self::Staff(eyes) if eyes.is_supervisor)
    }

    /// Whether it is a family with its own.
    pub(super) const fn is_own(&self) -> bool {
        matches!(self, Self::Own(_))
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

/// An intake officer or a supervisor at work.
pub(super) fn intake<'a>(cx: &'a mut Cx<'_>) -> Result<(Work<'a>, Eyes), Error> {
    let user = cx.actor.id;
    let is_supervisor = cx.actor.is(Role::Supervisor);
    if !is_supervisor && !cx.actor.is(Role::LegalAidIntake) {
        let can_stand_in = cx.actor.roles.has_any(delegation::STAND_INS);
        let when = (Duty::Intake, cx.zone().day(cx.now));
        let office = cx.office();
        if !can_stand_in || !delegation::stands_in(cx.conn, office, user, when)? {
            return Err(Fault::Forbidden.into());
        }
    }
    let eyes = Eyes {
        user,
        is_supervisor,
    };
    Ok((work(cx), eyes))
}

/// A family with its own things.
pub(super) fn family<'a>(cx: &'a mut Cx<'_>) -> Result<(Work<'a>, UserId), Error> {
    cx.actor.require(&[Role::Family])?;
    let user = cx.actor.id;
    Ok((work(cx), user))
}

/// Staff with the requests they see, or a family with its own.
pub(super) fn anyone<'a>(cx: &'a mut Cx<'_>) -> Result<(Work<'a>, Scope), Error> {
    if cx.actor.is(Role::Family) {
        let (work, user) = family(cx)?;
        return Ok((work, Scope::Own(user)));
    }
    let (work, eyes) = intake(cx)?;
    Ok((work, Scope::Staff(eyes)))
}

/// Refuses whoever does not supervise, before anything of a request is looked at.
pub(super) fn require_supervisor(scope: &Scope) -> Result<(), Error> {
    match scope {
        Scope::Staff(eyes) if eyes.is_supervisor => Ok(()),
        _ => Err(Fault::Forbidden.into()),
    }
}

/// Counting, without seeing anybody.
pub(super) fn count<'a>(cx: &'a mut Cx<'_>) -> Result<Work<'a>, Error> {
    cx.actor.require(&[Role::Reporter, Role::Supervisor])?;
    Ok(work(cx))
}

/// Anybody logged in, with the lists everybody may read.
pub(super) fn read_lists<'a>(cx: &'a mut Cx<'_>) -> Work<'a> {
    work(cx)
}

/// The actions of a request this caller may take now.
pub(super) fn actions(request: &Request, scope: &Scope) -> Vec<&'static str> {
    let mut actions = request.status.allowed();
    actions.retain(|word| {
        Action::parse(word).is_some_and(|action| may(request, scope, action).is_ok())
    });
    actions
}

/// Refuses what this caller may not do to a request now.
pub(super) fn require(request: &Request, scope: &Scope, action: Action) -> Result<(), Error> {
    let possible = request.status.apply(action).map_err(Error::from);
    let refused = possible.and_then(|_| may(request, scope, action));
    refused.map_err(|refused| match refused {
        // The state is in the way, or a mark beside it.
        Error::Fault(Fault::Transition {
            current, action, ..
        }) => Fault::Transition {
            current,
            action,
            allowed: actions(request, scope),
        }
        .into(),
        other => other,
    })
}

fn may(request: &Request, scope: &Scope, action: Action) -> Result<(), Error> {
    let is_marked = request.withdrawal_requested_at.is_some();
    let is_possible = match action {
        Action::Withdraw => !is_marked,
        Action::Keep | Action::ConfirmWithdrawal => is_marked,
        Action::ClaimCode => request.user_id.is_none(),
        Action::UntieAccount => request.user_id.is_some(),
        // Whoever insisted is sent to the Centre.
        Action::Redirect => !request.secret.has_insisted,
        _ => true,
    };
    if !is_possible {
        return Err(Fault::Transition {
            current: request.status.as_str(),
            action: action.as_str(),
            allowed: Vec::new(),
        }
        .into());
    }
    match scope {
        Scope::Own(_) => of_family(action),
        Scope::Staff(eyes) => of_staff(request, *eyes, action),
    }
}

fn of_family(action: Action) -> Result<(), Error> {
    use Action as A;
    match action {
        A::Edit
        | A::Delete
        | A::Submit
        | A::Supplement
        | A::Insist
        | A::Withdraw
        | A::Keep
        | A::Upload
        | A::Ask => Ok(()),
        A::RequestSupplement
        | A::Refer
        | A::RecordReceipt
        | A::RecordDecision
        | A::Return
        | A::Assign
        | A::Start
        | A::Complete
        | A::Discontinue
        | A::Redirect
        | A::Void
        | A::ConfirmWithdrawal
        | A::DeclareConflict
        | A::Note
        | A::MakeReceipt
        | A::ClaimCode
        | A::UntieAccount
        | A::PrintLetter => Err(Fault::Forbidden.into()),
    }
}

fn of_staff(request: &Request, eyes: Eyes, action: Action) -> Result<(), Error> {
    match action {
        Action::Void if !eyes.is_supervisor => Err(Fault::Forbidden.into()),
        Action::ConfirmWithdrawal => may_confirm(request, eyes),
        _ => Ok(()),
    }
}

/// Where harm is feared two people confirm, one of them a supervisor; nobody their own.
fn may_confirm(request: &Request, eyes: Eyes) -> Result<(), Error> {
    let Some(officer) = confirmed_by(request) else {
        return Ok(());
    };
    if !eyes.is_supervisor && !is_by_supervisor(request) {
        return Err(Fault::Forbidden.into());
    }
    if officer == eyes.user.uuid() {
        return Err(Error::OwnAct);
    }
    Ok(())
}

/// Whether it was a supervisor who has learnt that a withdrawal is meant.
pub(super) fn is_by_supervisor(request: &Request) -> bool {
    let withdrawal = request.secret.withdrawal.as_ref();
    withdrawal.is_some_and(|one| one.is_by_supervisor)
}

/// The officer who has learnt by a safe way that a withdrawal is meant.
pub(super) fn confirmed_by(request: &Request) -> Option<uuid::Uuid> {
    let withdrawal = request.secret.withdrawal.as_ref()?;
    withdrawal.confirmed_by
}
