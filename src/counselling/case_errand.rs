//! What of a case itself waits for a colleague or its supervisor.

use super::errand::{Errand, done, open};
use super::error::Error;
use super::model::Case;
use crate::identity::{Role, UserId, colleague};
use crate::office::delegation::{self, Duty};
use crate::office::work::Work;
use crate::office::work_item::{self, WorkItemKind as Kind};

/// Ends what waits about a case without anybody having done it.
fn gone(work: &mut Work<'_>, case: &Case, kinds: &[Kind]) -> Result<(), Error> {
    work_item::close_for(work.conn, work.now, case.id.uuid(), kinds)?;
    Ok(())
}

/// Who hears what became of what somebody offered or asked for: they themselves, or who counsels now
/// where they work on the case no longer.
fn still(work: &mut Work<'_>, case: &Case, by: Option<UserId>) -> Result<UserId, Error> {
    let Some(by) = by.filter(|by| *by != case.counsellor_id) else {
        return Ok(case.counsellor_id);
    };
    let (office, today) = (work.office_id(), work.zone().day(work.now));
    let supervision = (Duty::SuperviseCounselling, today);
    let is_here = colleague::works_as(work.conn, office, by, &[Role::Supervisor])?
        || delegation::stands_in(work.conn, office, by, supervision)?
        || delegation::holders(work.conn, office, case.counsellor_id, Duty::Counsel, today)?
            .contains(&by);
    Ok(if is_here { by } else { case.counsellor_id })
}

/// Tells whoever offered or asked what was answered, unless they answered themselves.
fn tell_back(
    work: &mut Work<'_>,
    case: &Case,
    (kind, by): (Kind, Option<UserId>),
) -> Result<(), Error> {
    let owner = still(work, case, by)?;
    if work.actor == Some(owner) {
        return Ok(());
    }
    open(
        work,
        &Errand {
            kind,
            subject_kind: "counselling-case",
            subject: case.id.uuid(),
            owner: Some(owner),
            due_at: None,
            once: &case.version.to_string(),
        },
    )
}

/// Another opened a case for its counsellor.
pub(super) fn given(work: &mut Work<'_>, case: &Case) -> Result<(), Error> {
    open(
        work,
        &Errand {
            kind: Kind::CaseGiven,
            subject_kind: "counselling-case",
            subject: case.id.uuid(),
            owner: Some(case.counsellor_id),
            due_at: None,
            once: "",
        },
    )
}

/// Another counsels a case, or nobody does any more: what only told the one before is over.
pub(super) fn handed_on(work: &mut Work<'_>, case: &Case) -> Result<(), Error> {
    let kinds = [
        Kind::CaseGiven,
        Kind::TransferDeclined,
        Kind::ClosingRejected,
    ];
    gone(work, case, &kinds)
}

/// A case is offered to a colleague.
pub(super) fn offered(work: &mut Work<'_>, case: &Case, to: UserId) -> Result<(), Error> {
    done(work, case.id.uuid(), &[Kind::TransferDeclined])?;
    open(
        work,
        &Errand {
            kind: Kind::TransferReceived,
            subject_kind: "counselling-case",
            subject: case.id.uuid(),
            owner: Some(to),
            due_at: None,
            once: &case.version.to_string(),
        },
    )
}

/// The colleague answered.
pub(super) fn offer_answered(work: &mut Work<'_>, case: &Case) -> Result<(), Error> {
    done(work, case.id.uuid(), &[Kind::TransferReceived])
}

/// They do not take it over: whoever offered it hears of that.
pub(super) fn declined(
    work: &mut Work<'_>,
    case: &Case,
    offered_by: Option<UserId>,
) -> Result<(), Error> {
    tell_back(work, case, (Kind::TransferDeclined, offered_by))
}

/// It is offered to them no longer.
pub(super) fn offer_over(work: &mut Work<'_>, case: &Case) -> Result<(), Error> {
    gone(work, case, &[Kind::TransferReceived])
}

/// A phase is to go on with its checklist open: the supervisor says whether it may.
pub(super) fn override_wanted(work: &mut Work<'_>, case: &Case) -> Result<(), Error> {
    open(
        work,
        &Errand {
            kind: Kind::OverrideWanted,
            subject_kind: "counselling-case",
            subject: case.id.uuid(),
            owner: case.supervisor_id,
            due_at: None,
            once: &format!("{}:{}", case.phase, case.version),
        },
    )
}

/// It went on, or back.
pub(super) fn phase_moved(work: &mut Work<'_>, case: &Case) -> Result<(), Error> {
    done(work, case.id.uuid(), &[Kind::OverrideWanted])
}

/// Someone asked for the end of a case: a supervisor who did not ask decides.
pub(super) fn closing_asked(work: &mut Work<'_>, case: &Case) -> Result<(), Error> {
    done(work, case.id.uuid(), &[Kind::ClosingRejected])?;
    let asker = case.closing_asked_by;
    let owner = case.supervisor_id.filter(|one| Some(*one) != asker);
    open(
        work,
        &Errand {
            kind: Kind::ClosingAwaitsApproval,
            subject_kind: "counselling-case",
            subject: case.id.uuid(),
            owner,
            due_at: None,
            once: &case.version.to_string(),
        },
    )
}

/// Another supervises a case with these consents: what waits there for a supervisor is theirs.
pub(super) fn supervised(
    work: &mut Work<'_>,
    (case, consents): (&Case, &[uuid::Uuid]),
    to: UserId,
) -> Result<(), Error> {
    let case = case.id.uuid();
    let of_case = [
        (case, Kind::OverrideWanted),
        (case, Kind::ClosingAwaitsApproval),
        (case, Kind::ErasureAsked),
    ];
    let withdrawn = consents.iter().map(|id| (*id, Kind::ConsentWithdrawn));
    for what in of_case.into_iter().chain(withdrawn) {
        let (subject, kind) = what;
        work_item::hand_over(work, (subject, &[kind]), to)?;
    }
    Ok(())
}

/// It was decided.
pub(super) fn closing_decided(work: &mut Work<'_>, case: &Case) -> Result<(), Error> {
    done(work, case.id.uuid(), &[Kind::ClosingAwaitsApproval])
}

/// It does not end: whoever asked hears of that.
pub(super) fn closing_rejected(
    work: &mut Work<'_>,
    case: &Case,
    asked_by: Option<UserId>,
) -> Result<(), Error> {
    closing_decided(work, case)?;
    tell_back(work, case, (Kind::ClosingRejected, asked_by))
}

/// Nobody asks for it any more.
pub(super) fn closing_over(work: &mut Work<'_>, case: &Case) -> Result<(), Error> {
    gone(work, case, &[Kind::ClosingAwaitsApproval])
}

/// Someone asked that a case be forgotten: a supervisor who neither asked nor counsels it decides.
pub(super) fn erasure_asked(work: &mut Work<'_>, case: &Case) -> Result<(), Error> {
    let not_theirs = [case.erasure_asked_by, Some(case.counsellor_id)];
    open(
        work,
        &Errand {
            kind: Kind::ErasureAsked,
            subject_kind: "counselling-case",
            subject: case.id.uuid(),
            owner: case
                .supervisor_id
                .filter(|one| !not_theirs.contains(&Some(*one))),
            due_at: None,
            once: &case.version.to_string(),
        },
    )
}

/// It was decided.
pub(super) fn erasure_decided(work: &mut Work<'_>, case: &Case) -> Result<(), Error> {
    done(work, case.id.uuid(), &[Kind::ErasureAsked])
}

/// Nobody asks for it any more.
pub(super) fn erasure_over(work: &mut Work<'_>, case: &Case) -> Result<(), Error> {
    gone(work, case, &[Kind::ErasureAsked])
}
