//! What keeps a case from a step and is not told by the case itself: its consents, drafts of its notes.

use super::{note as notes, phase};
use crate::counselling::error::Error;
use crate::counselling::model::Case;
use crate::counselling::policy::Eyes;
use crate::counselling::status::CaseAction;
use crate::kernel::Fault;
use crate::office::work::Work;

/// The steps of a case that would be refused to these eyes now, whatever the case itself allows.
pub(in crate::counselling) fn of(
    work: &mut Work<'_>,
    eyes: &Eyes,
    case: &Case,
) -> Result<Vec<&'static str>, Error> {
    let mut held = Vec::new();
    if phase::is_held(work, case)? {
        held.push(CaseAction::AdvancePhase);
    }
    if notes::has_drafts(work, case)? {
        held.extend([CaseAction::AskClosing, CaseAction::ApproveClosing]);
        // Whoever is away signs nothing: a supervisor hands the case on all the same.
        if eyes.counsels(case) {
            held.push(CaseAction::Transfer);
        }
    }
    Ok(held.into_iter().map(CaseAction::as_str).collect())
}

/// A refusal that offers no step that is held.
pub(super) fn without(
    work: &mut Work<'_>,
    eyes: &Eyes,
    case: &Case,
    mut refusal: Fault,
) -> Result<Fault, Error> {
    if let Fault::Transition { allowed, .. } = &mut refusal {
        let held = of(work, eyes, case)?;
        allowed.retain(|action| !held.contains(action));
    }
    Ok(refusal)
}
