//! Forgetting: what no duty keeps goes with its data key; what one keeps is kept from use.
//!
//! A case that led to an adoption holds information on origins, and a consent is evidence
//! (Convention of 1993, Article 30; `domain.md` §2.2, §6.2): neither is ever destroyed.

use serde_json::json;

use super::case::{lock_for, note, save};
use super::handing;
use crate::counselling::case_errand;
use crate::counselling::error::Error;
use crate::counselling::model::{Case, CaseId, LegalHold, Outcome, RequestId};
use crate::counselling::policy::Eyes;
use crate::counselling::status::CaseAction;
use crate::counselling::store::request::Scope;
use crate::counselling::store::{consent as consents, party as parties, request as requests};
use crate::kernel::Fault;
use crate::office::work::Work;

/// What became of what was to be forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::counselling) enum Forgotten {
    /// Its key is destroyed.
    Erased,
    /// It is kept from use.
    Restricted,
}

/// Asks that a closed case be forgotten; another person, a supervisor, decides.
pub(in crate::counselling) fn ask(
    work: &mut Work<'_>,
    eyes: &Eyes,
    id: CaseId,
    reason: &str,
) -> Result<Case, Error> {
    let mut case = lock_for(work, eyes, id, CaseAction::AskErasure)?;
    case.erasure_asked_by = Some(eyes.user);
    save(work, &mut case, ("ask-erasure", &json!({})), Some(reason))?;
    case_errand::erasure_asked(work, &case)?;
    Ok(case)
}

/// Asks for that no longer: whoever did, or a supervisor, who decides.
pub(in crate::counselling) fn withdraw(
    work: &mut Work<'_>,
    eyes: &Eyes,
    id: CaseId,
) -> Result<Case, Error> {
    let action = CaseAction::WithdrawErasure;
    let mut case = lock_for(work, eyes, id, action)?;
    let facts = json!({"asked_by": case.erasure_asked_by.take()});
    save(work, &mut case, (action.as_str(), &facts), None)?;
    case_errand::erasure_over(work, &case)?;
    Ok(case)
}

/// Forgets a closed case, or keeps it from use where a duty keeps it.
pub(in crate::counselling) fn erase(
    work: &mut Work<'_>,
    eyes: &Eyes,
    id: CaseId,
) -> Result<Forgotten, Error> {
    let mut case = lock_for(work, eyes, id, CaseAction::Erase)?;
    case_errand::erasure_decided(work, &case)?;
    if is_kept(work, &case)? {
        case.is_restricted = true;
        save(work, &mut case, ("restrict", &json!({})), None)?;
        handing::leave_to_supervisor(work, &case)?;
        return Ok(Forgotten::Restricted);
    }
    note(work, &case, "erase", &json!({}), None)?;
    for party in parties::of_case(work, &case)? {
        parties::set_claim(work.conn, party.id, None)?;
    }
    // What was told before there was a case is forgotten with it, and the times given then.
    let before = requests::keys_of_case(work.conn, case.id)?;
    for key in before.into_iter().chain([case.data_key_id]) {
        work.forget(key, None)?;
    }
    Ok(Forgotten::Erased)
}

/// Keeps a case's data for a proceeding, whatever else lets them go.
pub(in crate::counselling) fn set_legal_hold(
    work: &mut Work<'_>,
    eyes: &Eyes,
    id: CaseId,
    reason: &str,
) -> Result<Case, Error> {
    let mut case = lock_for(work, eyes, id, CaseAction::SetLegalHold)?;
    case.secret.legal_hold = Some(LegalHold {
        reason: reason.to_owned(),
        set_by: eyes.user.uuid(),
        set_on: work.zone().day(work.now),
    });
    save(
        work,
        &mut case,
        ("set-legal-hold", &json!({})),
        Some(reason),
    )?;
    Ok(case)
}

/// No longer keeps them for it. A case that was kept from use for nothing else stands again as it
/// did when its erasure was asked for: whoever may, decides that.
pub(in crate::counselling) fn lift_legal_hold(
    work: &mut Work<'_>,
    eyes: &Eyes,
    id: CaseId,
    reason: &str,
) -> Result<Case, Error> {
    let mut case = lock_for(work, eyes, id, CaseAction::LiftLegalHold)?;
    case.secret.legal_hold = None;
    let was_restricted = case.is_restricted;
    case.is_restricted &= is_kept(work, &case)?;
    let facts = json!({"is_restricted": case.is_restricted});
    save(work, &mut case, ("lift-legal-hold", &facts), Some(reason))?;
    if was_restricted && !case.is_restricted {
        case_errand::erasure_asked(work, &case)?;
    }
    Ok(case)
}

/// Whether a duty keeps a case: information on origins, a consent, or a proceeding.
fn is_kept(work: &mut Work<'_>, case: &Case) -> Result<bool, Error> {
    let is_adopted = matches!(
        case.outcome,
        Some(Outcome::AdoptedDomestic | Outcome::AdoptedIntercountry)
    );
    let is_origin = is_adopted || case.hand_over_on.is_some() || case.secret.decision.is_some();
    let is_held = case.secret.legal_hold.is_some();
    Ok(is_held || is_origin || !consents::ids_of(work.conn, case.id)?.is_empty())
}

/// Forgets a request that led nowhere.
pub(in crate::counselling) fn erase_request(
    work: &mut Work<'_>,
    eyes: &Eyes,
    id: RequestId,
) -> Result<(), Error> {
    let scope = Scope::Staff(eyes.clone());
    let request = super::request::load(work, &scope, id)?;
    if !request.led_nowhere() {
        return Err(Fault::Transition {
            current: request.status.as_str(),
            action: "erase",
            allowed: request.status.allowed(),
        }
        .into());
    }
    let facts = json!({"status": request.status});
    let subject = request.id.uuid();
    work.audit(
        "counselling-request.erase",
        "counselling-request",
        subject,
        facts,
    )?;
    work.forget(request.data_key_id, None)?;
    Ok(())
}
