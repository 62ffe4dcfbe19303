//! The end of a case: asked for, approved by another person, taken back.

use serde_json::json;

use super::case::{lock_for, save};
use super::{ending, note as notes};
use crate::counselling::appointment::CancelledBy;
use crate::counselling::case_errand;
use crate::counselling::error::Error;
use crate::counselling::model::{AdoptionKind, Case, CaseId, Outcome};
use crate::counselling::policy::Eyes;
use crate::counselling::status::CaseAction;
use crate::counselling::store::appointment::About;
use crate::kernel::Fault;
use crate::office::work::Work;

/// Refuses an adoption of which the case knows nothing, or another.
fn require_outcome(case: &Case, outcome: Outcome) -> Result<(), Fault> {
    let kind = match outcome {
        Outcome::AdoptedDomestic => AdoptionKind::Domestic,
        Outcome::AdoptedIntercountry => AdoptionKind::Intercountry,
        _ => return Ok(()),
    };
    let is_known = case.secret.decision.is_some() || case.hand_over_on.is_some();
    if is_known && case.adoption_kind == kind {
        return Ok(());
    }
    Err(Fault::rule("/outcome", "not-with-this"))
}

/// Asks for the end of a case; another person, a supervisor, approves.
pub(in crate::counselling) fn ask_closing(
    work: &mut Work<'_>,
    eyes: &Eyes,
    id: CaseId,
    (outcome, reason): (Outcome, &str),
) -> Result<Case, Error> {
    let mut case = lock_for(work, eyes, id, CaseAction::AskClosing)?;
    require_outcome(&case, outcome)?;
    notes::require_signed(work, &case)?;
    case.closing_asked_by = Some(eyes.user);
    case.outcome = Some(outcome);
    let facts = json!({"outcome": outcome});
    save(work, &mut case, ("ask-closing", &facts), Some(reason))?;
    case_errand::closing_asked(work, &case)?;
    Ok(case)
}

/// Ends a case.
pub(in crate::counselling) fn approve_closing(
    work: &mut Work<'_>,
    eyes: &Eyes,
    id: CaseId,
) -> Result<Case, Error> {
    let mut case = lock_for(work, eyes, id, CaseAction::ApproveClosing)?;
    // One may have been begun since it was asked for.
    notes::require_signed(work, &case)?;
    case.status = case.status.apply(CaseAction::ApproveClosing)?;
    case.hold_reason = None;
    case.transfer_to_id = None;
    case.closing_asked_by = None;
    case.closed_at = Some(work.now);
    let facts = json!({"outcome": case.outcome});
    save(work, &mut case, ("approve-closing", &facts), None)?;
    case_errand::closing_decided(work, &case)?;
    case_errand::offer_over(work, &case)?;
    case_errand::handed_on(work, &case)?;
    ending::end_all(work, About::Case(case.id), CancelledBy::Office)?;
    Ok(case)
}

/// Does not end it.
pub(in crate::counselling) fn reject_closing(
    work: &mut Work<'_>,
    eyes: &Eyes,
    id: CaseId,
    reason: &str,
) -> Result<Case, Error> {
    let mut case = lock_for(work, eyes, id, CaseAction::RejectClosing)?;
    let asked_by = case.closing_asked_by.take();
    case.outcome = None;
    save(
        work,
        &mut case,
        ("reject-closing", &json!({})),
        Some(reason),
    )?;
    case_errand::closing_rejected(work, &case, asked_by)?;
    Ok(case)
}

/// Asks for its end no longer: whoever asked.
pub(in crate::counselling) fn withdraw_closing(
    work: &mut Work<'_>,
    eyes: &Eyes,
    id: CaseId,
) -> Result<Case, Error> {
    let action = CaseAction::WithdrawClosing;
    let mut case = lock_for(work, eyes, id, action)?;
    case.closing_asked_by = None;
    case.outcome = None;
    save(work, &mut case, (action.as_str(), &json!({})), None)?;
    case_errand::closing_over(work, &case)?;
    Ok(case)
}

/// Takes an ended case up again.
pub(in crate::counselling) fn reopen(
    work: &mut Work<'_>,
    eyes: &Eyes,
    id: CaseId,
    reason: &str,
) -> Result<Case, Error> {
    let mut case = lock_for(work, eyes, id, CaseAction::Reopen)?;
    take_up(work, &mut case, Some(reason))?;
    Ok(case)
}

/// Takes an ended case up again, whoever or whatever does; nobody asks for its erasure any more.
pub(super) fn take_up(
    work: &mut Work<'_>,
    case: &mut Case,
    reason: Option<&str>,
) -> Result<(), Error> {
    let facts = json!({"outcome": case.outcome});
    case.status = case.status.apply(CaseAction::Reopen)?;
    case.closed_at = None;
    case.outcome = None;
    case.erasure_asked_by = None;
    save(work, case, ("reopen", &facts), reason)?;
    case_errand::erasure_over(work, case)
}
