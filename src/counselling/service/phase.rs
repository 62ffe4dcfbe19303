//! From phase to phase. Appointments keep the phase they were held in, so past counts never move.

use serde_json::json;

use super::case::{lock_for, note, save};
use super::consent;
use crate::counselling::case_errand;
use crate::counselling::error::Error;
use crate::counselling::model::{Case, CaseId, Phase};
use crate::counselling::policy::{self, Eyes};
use crate::counselling::status::{CaseAction, CaseStatus};
use crate::kernel::Fault;
use crate::office::work::Work;

/// To the next phase: its checklist is done, or the supervisor says why not.
pub(in crate::counselling) fn advance(
    work: &mut Work<'_>,
    eyes: &Eyes,
    id: CaseId,
    override_reason: Option<&str>,
) -> Result<Case, Error> {
    let mut case = lock_for(work, eyes, id, CaseAction::AdvancePhase)?;
    let Some(next) = case.phase.next() else {
        return Err(Fault::Transition {
            current: case.phase.as_str(),
            action: CaseAction::AdvancePhase.as_str(),
            allowed: Vec::new(),
        }
        .into());
    };
    if next == Phase::After {
        consent::require_gate(work, &case)?;
    }
    let open = case.open_items();
    let is_overridden = policy::may_override(&case, eyes) && override_reason.is_some();
    if !open.is_empty() && !is_overridden {
        // Whoever says why and may not override asks who may.
        let is_asked = override_reason.is_some();
        return Err(Error::ChecklistOpen { open, is_asked });
    }
    let facts = json!({"from": case.phase, "to": next, "left_open": open});
    case.phase = next;
    save(work, &mut case, ("advance-phase", &facts), override_reason)?;
    case_errand::phase_moved(work, &case)?;
    Ok(case)
}

/// Whether the next phase is one that consents may hold back.
pub(in crate::counselling) fn may_be_held(case: &Case) -> bool {
    case.status == CaseStatus::Open && case.phase.next() == Some(Phase::After)
}

/// Whether consents hold the next phase back.
pub(super) fn is_held(work: &mut Work<'_>, case: &Case) -> Result<bool, Error> {
    if !may_be_held(case) {
        return Ok(false);
    }
    match consent::require_gate(work, case) {
        Ok(()) => Ok(false),
        Err(Error::ConsentWindowOpen { .. } | Error::ConsentLacking { .. }) => Ok(true),
        Err(error) => Err(error),
    }
}

/// A counsellor wants to go on with an open checklist and says why: the supervisor is asked.
pub(in crate::counselling) fn want_override(
    work: &mut Work<'_>,
    eyes: &Eyes,
    id: CaseId,
    reason: &str,
) -> Result<(), Error> {
    let case = lock_for(work, eyes, id, CaseAction::AdvancePhase)?;
    if policy::may_override(&case, eyes) || case.open_items().is_empty() {
        return Ok(());
    }
    let facts = json!({"phase": case.phase, "open": case.open_items()});
    note(work, &case, "override-wanted", &facts, Some(reason))?;
    case_errand::override_wanted(work, &case)
}

/// To the phase a case really is in.
pub(in crate::counselling) fn correct(
    work: &mut Work<'_>,
    eyes: &Eyes,
    id: CaseId,
    (phase, reason): (Phase, &str),
) -> Result<Case, Error> {
    let mut case = lock_for(work, eyes, id, CaseAction::CorrectPhase)?;
    // A correction is no way round the consents.
    if phase == Phase::After && case.phase != Phase::After {
        consent::require_gate(work, &case)?;
    }
    let facts = json!({"from": case.phase, "to": phase});
    case.phase = phase;
    save(work, &mut case, ("correct-phase", &facts), Some(reason))?;
    case_errand::phase_moved(work, &case)?;
    Ok(case)
}
