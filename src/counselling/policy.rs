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
use super::model::{Case, HoldReason, InFamily, Party, Request, TRIES};
use super::record::Note;
use super::record_status::NoteAction;
use super::status::{CaseAction, RequestAction};
use crate::identity::{Cx, Role, UserId, colleague};
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
    /// The supervisors at work, where they supervise themselves.
    pub(super) supervisors: Vec<UserId>,
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

    /// Whether nobody at work supervises a case.
    fn is_unsupervised(&self, case: &Case) -> bool {
        let is_at_work = |one| self.supervisors.contains(&one);
        !case.supervisor_id.is_some_and(is_at_work)
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

/// Notes for the log alone that a caller was refused, whoever it is.
pub(super) fn refuse(
    cx: &mut Cx<'_>,
    log: impl FnOnce(&mut Work<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    log(&mut work(cx))
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
        supervisors: Vec::new(),
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
    if eyes.is_supervisor {
        eyes.supervisors = colleague::holders(cx.conn, cx.office(), Role::Supervisor)?;
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

/// Counting, without seeing anybody: a reporter, a supervisor, or whoever stands in for one.
pub(super) fn count<'a>(cx: &'a mut Cx<'_>) -> Result<Work<'a>, Error> {
    if !cx.actor.is(Role::Reporter) && !eyes(cx)?.is_supervisor {
        return Err(Fault::Forbidden.into());
    }
    Ok(work(cx))
}

/// A family with its own things.
pub(super) fn family<'a>(cx: &'a mut Cx<'_>) -> Result<(Work<'a>, UserId), Error> {
    cx.actor.require(&[Role::Family])?;
    let user = cx.actor.id;
    Ok((work(cx), user))
}

/// The actions of a request its reader may take now: staff by their eyes, the family itself without
/// any. Giving up wants tries that missed the family on as many days.
pub(super) fn request_actions(
    request: &Request,
    eyes: Option<&Eyes>,
    missed_days: usize,
) -> Vec<&'static str> {
    use RequestAction as A;
    let mut actions = request.status.allowed();
    let Some(eyes) = eyes else {
        actions.retain(|action| [A::Edit.as_str(), A::Withdraw.as_str()].contains(action));
        return actions;
    };
    actions.retain(|action| match RequestAction::parse(action) {
        Some(A::Assign) => eyes.is_supervisor,
        Some(A::MarkUnreachable) => missed_days >= TRIES,
        _ => true,
    });
    if eyes.is_supervisor && request.led_nowhere() {
        actions.push("erase");
    }
    actions
}

/// The actions of a case this caller may take now, as far as the case itself tells.
pub(super) fn case_actions(case: &Case, eyes: &Eyes) -> Vec<&'static str> {
    let mut actions = case.status.allowed();
    actions.retain(|word| {
        CaseAction::parse(word)
            .is_some_and(|action| may(case, eyes, action).is_ok() && is_ready(case, action))
    });
    actions
}

/// Whether what an action wants of the case is there. An open checklist holds nothing back: a supervisor
/// overrides it, and whoever works by it asks for that.
fn is_ready(case: &Case, action: CaseAction) -> bool {
    action != CaseAction::AdvancePhase || case.phase.next().is_some()
}

/// Whether these eyes let a phase go on with an open checklist: never whoever works by it.
pub(super) fn may_override(case: &Case, eyes: &Eyes) -> bool {
    eyes.is_supervisor && !eyes.counsels(case)
}

/// Refuses what this caller may not do to a case now.
pub(super) fn require_case(case: &Case, eyes: &Eyes, action: CaseAction) -> Result<(), Error> {
    let possible = case.status.apply(action).map_err(Error::from);
    let refused = possible.and_then(|_| may(case, eyes, action));
    refused.map_err(|refused| match refused {
        // The state is in the way, or a mark beside it.
        Error::Fault(Fault::Transition {
            current, action, ..
        }) => Fault::Transition {
            current,
            action,
            allowed: case_actions(case, eyes),
        }
        .into(),
        other => other,
    })
}

/// Whether these eyes read the notes of a case: its counsellor's and its supervisor's alone.
pub(super) fn reads_notes(case: &Case, eyes: &Eyes) -> bool {
    (eyes.is_counsellor && eyes.counsels(case)) || (eyes.is_supervisor && eyes.supervises(case))
}

/// What these eyes may do to a party now; one that `is_used` stays.
pub(super) fn party_actions(may_edit: bool, party: &Party, is_used: bool) -> Vec<&'static str> {
    let possible = [
        ("edit", true),
        ("safe-contact", true),
        ("claim-code", party.user_id.is_none()),
        ("untie-account", party.user_id.is_some()),
        ("remove", !is_used),
    ];
    let possible = possible.into_iter().filter(|(_, may)| may_edit && *may);
    possible.map(|(action, _)| action).collect()
}

/// Whether these eyes write in a case now.
pub(super) fn records(case: &Case, eyes: &Eyes) -> bool {
    require_case(case, eyes, CaseAction::Record).is_ok()
}

/// What these eyes may do to a note now: a draft is its author's while they are one of the case's
/// writers.
pub(super) fn note_actions(
    (case, writers): (&Case, &[UserId]),
    eyes: &Eyes,
    note: &Note,
) -> Vec<&'static str> {
    if require_case(case, eyes, CaseAction::WriteNote).is_err() {
        return Vec::new();
    }
    let is_author = note.author_id == eyes.user;
    let authors = [NoteAction::Edit.as_str(), NoteAction::Sign.as_str()];
    let is_left = is_left(writers, note);
    let (discard, take_over) = (NoteAction::Discard.as_str(), NoteAction::TakeOver.as_str());
    let mut actions = note.status.allowed();
    actions.retain(|action| is_author || !authors.contains(action));
    actions.retain(|action| *action != discard || is_author || is_left);
    actions.retain(|action| *action != take_over || is_left);
    let unshare = NoteAction::Unshare.as_str();
    actions.retain(|action| *action != unshare || note.shared_at.is_some());
    actions
}

/// What these eyes may do to a scan of a note now: whoever hands one in takes one out.
pub(super) fn scan_actions(case: &Case, eyes: &Eyes, note: &Note) -> Vec<&'static str> {
    let may_write = require_case(case, eyes, CaseAction::WriteNote).is_ok();
    let may_scan = may_write && note.status.apply(NoteAction::Scan).is_ok();
    may_scan.then_some("remove").into_iter().collect()
}

/// Whether the author of a draft is no writer of the case any more, and could not come back to it:
/// whoever reads the case's notes throws it away, or takes it over.
pub(super) fn is_left(writers: &[UserId], note: &Note) -> bool {
    !writers.contains(&note.author_id)
}

/// Whether these eyes work on a case: whoever only sees it, as one it is offered to, does not.
pub(super) fn has_hand(case: &Case, eyes: &Eyes) -> bool {
    eyes.is_supervisor || eyes.counsels(case)
}

/// Refuses whoever only sees a case what is done in any state of it.
pub(super) fn require_hand(case: &Case, eyes: &Eyes) -> Result<(), Error> {
    if has_hand(case, eyes) {
        return Ok(());
    }
    Err(Fault::Forbidden.into())
}

/// Refuses first whoever may not at all, then what the case is not ready for, then one's own act.
fn may(case: &Case, eyes: &Eyes, action: CaseAction) -> Result<(), Error> {
    use CaseAction as A;
    let is_asked = match action {
        A::AcceptTransfer | A::DeclineTransfer | A::WithdrawTransfer => {
            case.transfer_to_id.is_some()
        }
        A::AskClosing => case.closing_asked_by.is_none(),
        A::ApproveClosing | A::RejectClosing | A::WithdrawClosing => {
            case.closing_asked_by.is_some()
        }
        A::AskErasure => case.erasure_asked_by.is_none(),
        A::Erase | A::WithdrawErasure => case.erasure_asked_by.is_some(),
        A::ConfirmInFamily => case.in_family != InFamily::None,
        A::SetLegalHold => case.secret.legal_hold.is_none(),
        A::LiftLegalHold => case.secret.legal_hold.is_some(),
        _ => true,
    };
    let is_of_hold = matches!(action, A::SetLegalHold | A::LiftLegalHold);
    if !is_theirs(case, eyes, action) {
        return Err(Fault::Forbidden.into());
    }
    // What is kept from use is used for nothing; only why it is kept may change.
    if (case.is_restricted && !is_of_hold) || !is_asked {
        return Err(Fault::Transition {
            current: case.status.as_str(),
            action: action.as_str(),
            allowed: Vec::new(),
        }
        .into());
    }
    if is_own_act(case, eyes, action) {
        return Err(Error::OwnAct);
    }
    Ok(())
}

/// Whether an action is this person's to take, whatever the state of the case.
fn is_theirs(case: &Case, eyes: &Eyes, action: CaseAction) -> bool {
    use CaseAction as A;
    match action {
        A::Resume if case.hold_reason == Some(HoldReason::ConsentWithdrawn) => eyes.is_supervisor,
        A::Edit
        | A::Book
        | A::Record
        | A::Hold
        | A::Resume
        | A::AdvancePhase
        | A::Transfer
        | A::WithdrawTransfer
        | A::AskClosing
        | A::AskErasure => has_hand(case, eyes),
        A::AcceptTransfer | A::DeclineTransfer => {
            case.transfer_to_id.is_none_or(|to| to == eyes.user)
        }
        A::WriteNote => reads_notes(case, eyes),
        A::WithdrawClosing => case.closing_asked_by.is_none_or(|by| by == eyes.user),
        A::WithdrawErasure => {
            let is_asker = case.erasure_asked_by.is_none_or(|by| by == eyes.user);
            is_asker || eyes.is_supervisor
        }
        A::AssignSupervisor => {
            eyes.is_supervisor && (eyes.supervises(case) || eyes.is_unsupervised(case))
        }
        A::CorrectPhase
        | A::ConfirmInFamily
        | A::ApproveClosing
        | A::RejectClosing
        | A::Reopen
        | A::Erase
        | A::SetLegalHold
        | A::LiftLegalHold => eyes.is_supervisor,
    }
}

/// Whether someone would approve what they asked for or work by. Nobody does.
fn is_own_act(case: &Case, eyes: &Eyes, action: CaseAction) -> bool {
    use CaseAction as A;
    let counsels = eyes.counsels(case);
    match action {
        A::ApproveClosing => counsels || case.closing_asked_by == Some(eyes.user),
        A::Erase => counsels || case.erasure_asked_by == Some(eyes.user),
        A::Resume => counsels && case.hold_reason == Some(HoldReason::ConsentWithdrawn),
        A::AssignSupervisor
        | A::ConfirmInFamily
        | A::CorrectPhase
        | A::RejectClosing
        | A::Reopen
        | A::LiftLegalHold => counsels,
        _ => false,
    }
}
