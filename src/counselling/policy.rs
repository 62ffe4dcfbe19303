//! Who may do what in counselling.
//!
//! | who | what |
//! |---|---|
//! | counsellor | the cases they counsel and the requests given to them |
//! | supervisor | every request and case of the office; approves, but never their own; counts |
//! | reporter | counts |
//! | whoever stands in | what the one they stand in for does, from day to day |
//! | family | its own requests and appointments, its shared summaries |
//!
//! Everybody else learns nothing. What the caller may not know of is missing.

use super::error::Error;
use super::model::{Case, HoldReason};
use super::status::CaseAction;
use crate::identity::{Cx, Role, UserId};
use crate::kernel::Fault;
use crate::office::delegation::{self, Duty};
use crate::office::work::Work;

/// What a member of staff sees of the office's cases.
#[derive(Debug, Clone)]
pub(super) struct Eyes {
    /// Who looks.
    pub(super) user: UserId,
    /// Whether they supervise, or stand in for who does: they see every case.
    pub(super) is_supervisor: bool,
    /// Whether they counsel, or stand in for who does.
    pub(super) is_counsellor: bool,
    /// The counsellors in whose place they work today.
    pub(super) counsels_for: Vec<UserId>,
    /// The supervisors in whose place they work today.
    pub(super) supervises_for: Vec<UserId>,
}

impl Eyes {
    /// The users whose cases alone are seen; a supervisor sees all.
    pub(super) fn only_of(&self) -> Option<Vec<UserId>> {
        let theirs = std::iter::once(self.user).chain(self.counsels_for.iter().copied());
        (!self.is_supervisor).then(|| theirs.collect())
    }

    /// Whether they counsel a case, or stand in for who does.
    pub(super) fn counsels(&self, case: &Case) -> bool {
        case.counsellor_id == self.user || self.counsels_for.contains(&case.counsellor_id)
    }

    /// Whether they are a case's supervisor, or stand in for who is.
    fn supervises(&self, case: &Case) -> bool {
        let is_theirs = |one| one == self.user || self.supervises_for.contains(&one);
        case.supervisor_id.is_some_and(is_theirs)
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
    let eyes = eyes(cx)?;
    if !eyes.is_supervisor && !eyes.is_counsellor {
        return Err(Fault::Forbidden.into());
    }
    Ok((work(cx), eyes))
}

/// What the caller is by role, and by whom it stands in for today.
fn eyes(cx: &mut Cx<'_>) -> Result<Eyes, Error> {
    let user = cx.actor.id;
    let mut eyes = Eyes {
        user,
        is_supervisor: cx.actor.is(Role::Supervisor),
        is_counsellor: cx.actor.is(Role::Counsellor),
        counsels_for: Vec::new(),
        supervises_for: Vec::new(),
    };
    if cx.actor.roles.has_any(delegation::STAND_INS) {
        let today = cx.zone().day(cx.now);
        let (office, supervision) = (cx.office(), (Duty::SuperviseCounselling, today));
        eyes.counsels_for = delegation::acts_for(cx.conn, user, Duty::Counsel, today)?;
        eyes.supervises_for =
            delegation::acts_for(cx.conn, user, Duty::SuperviseCounselling, today)?;
        eyes.is_counsellor |= !eyes.counsels_for.is_empty();
        eyes.is_supervisor |= delegation::stands_in(cx.conn, office, user, supervision)?;
    }
    Ok(eyes)
}

/// A supervisor at work.
pub(super) fn supervise<'a>(cx: &'a mut Cx<'_>) -> Result<(Work<'a>, Eyes), Error> {
    let (work, eyes) = casework(cx)?;
    if !eyes.is_supervisor {
        return Err(Fault::Forbidden.into());
    }
    Ok((work, eyes))
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

/// Whether these eyes read the notes of a case: its counsellor's and its supervisor's alone.
pub(super) fn reads_notes(case: &Case, eyes: &Eyes) -> bool {
    (eyes.is_counsellor && eyes.counsels(case)) || (eyes.is_supervisor && eyes.supervises(case))
}

/// Refuses whoever only sees a case, as one it is offered to, what is done in any state of it.
pub(super) fn require_hand(case: &Case, eyes: &Eyes, action: &'static str) -> Result<(), Error> {
    if eyes.is_supervisor || eyes.counsels(case) {
        return Ok(());
    }
    Err(Fault::Transition {
        current: case.status.as_str(),
        action,
        allowed: case_actions(case, eyes),
    }
    .into())
}

/// Nobody approves their own; whoever supervises nothing cannot at all.
fn own_act(eyes: &Eyes) -> Error {
    if eyes.is_supervisor {
        Error::OwnAct
    } else {
        Fault::Forbidden.into()
    }
}

fn may(case: &Case, eyes: &Eyes, action: CaseAction) -> Result<(), Error> {
    use CaseAction as A;
    let is_theirs = eyes.counsels(case);
    let refused = || Fault::Transition {
        current: case.status.as_str(),
        action: action.as_str(),
        allowed: Vec::new(),
    };
    let is_allowed = match action {
        // What is kept from use is used for nothing.
        _ if case.is_restricted => false,
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
            return Err(own_act(eyes));
        }
        A::AskErasure => case.erasure_asked_by.is_none() && (is_theirs || eyes.is_supervisor),
        A::Erase if case.erasure_asked_by.is_none() => false,
        A::Erase if is_theirs || case.erasure_asked_by == Some(eyes.user) => {
            return Err(own_act(eyes));
        }
        A::ConfirmInFamily if is_theirs => return Err(own_act(eyes)),
        A::CorrectPhase
        | A::ConfirmInFamily
        | A::ApproveClosing
        | A::RejectClosing
        | A::Reopen
        | A::Erase => eyes.is_supervisor,
    };
    if is_allowed {
        Ok(())
    } else {
        Err(refused().into())
    }
}
