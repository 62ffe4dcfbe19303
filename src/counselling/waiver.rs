//! Whose word it is that nobody needs a consent, that one was taken back, or entered by mistake.

use super::error::Error;
use super::model::Case;
use super::policy::{Eyes, has_hand, records};
use super::record::Consent;
use super::record_status::{ConsentAction, ConsentDecision};
use crate::kernel::Fault;

/// Refuses whoever may not say that nobody needs somebody's consent, or that one was entered by mistake:
/// it is a supervisor's word, and never that of who works by it.
pub(super) fn require_waiver(case: &Case, eyes: &Eyes) -> Result<(), Error> {
    if !eyes.is_supervisor {
        return Err(Fault::Forbidden.into());
    }
    if eyes.counsels(case) {
        return Err(Error::OwnAct);
    }
    Ok(())
}

/// What these eyes may do to a consent now: whoever works on its case takes it back; that it was entered
/// by mistake is a supervisor's word, and never that of who works by it.
pub(super) fn consent_actions(case: &Case, eyes: &Eyes, consent: &Consent) -> Vec<&'static str> {
    let may_strike = records(case, eyes) && require_waiver(case, eyes).is_ok();
    let mut actions = consent.decision.allowed();
    actions.retain(|action| {
        let is_strike = *action == ConsentAction::Strike.as_str();
        consent.struck_at.is_none() && has_hand(case, eyes) && (may_strike || !is_strike)
    });
    actions
}

/// The decision after an action on a consent that was not struck.
pub(super) fn consent_after(
    case: &Case,
    eyes: &Eyes,
    consent: &Consent,
    action: ConsentAction,
) -> Result<ConsentDecision, Fault> {
    let after = consent.decision.apply(action).ok();
    let after = after.filter(|_| consent.struck_at.is_none());
    after.ok_or_else(|| Fault::Transition {
        current: match consent.struck_at {
            Some(_) => "struck",
            None => consent.decision.as_str(),
        },
        action: action.as_str(),
        allowed: consent_actions(case, eyes, consent),
    })
}
