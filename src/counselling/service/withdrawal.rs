//! A consent that is taken back: in time, its case rests; too late, it is recorded and flagged.

use chrono::NaiveDate;
use serde_json::json;

use super::consent::{Shown, load, tell};
use super::{case, closing};
use crate::counselling::alarm::{self, Alert};
use crate::counselling::consent as rules;
use crate::counselling::error::Error;
use crate::counselling::model::{Case, CaseId, HoldReason};
use crate::counselling::policy::{self, Eyes};
use crate::counselling::record::ConsentId;
use crate::counselling::record_status::ConsentAction;
use crate::counselling::status::{CaseAction, CaseStatus};
use crate::counselling::store::{case as cases, consent as store};
use crate::counselling::{case_errand, errand, waiver};
use crate::kernel::error::Check;
use crate::mail::outbox::{self, Withdrawn};
use crate::office::work::Work;

/// Takes a consent back. In time, the case rests and its supervisor alone resumes it; too late,
/// it is recorded and flagged. It is never refused for its day, nor for the state of the case.
pub(in crate::counselling) fn withdraw(
    work: &mut Work<'_>,
    eyes: &Eyes,
    (case, id): (CaseId, ConsentId),
    (on, said): (NaiveDate, Option<String>),
) -> Result<(Case, Shown), Error> {
    let mut case = cases::lock(work, eyes, case)?;
    policy::require_hand(&case, eyes)?;
    let shown = load(work, &case, id)?;
    let mut consent = shown.consent;
    consent.decision = waiver::consent_after(&case, eyes, &consent, ConsentAction::Withdraw)?;
    let mut check = Check::new();
    check.rule(on <= work.zone().day(work.now), "/on", "in-the-future");
    check.rule(on >= consent.taken_on, "/on", "order-invalid");
    check.done()?;
    let timing = rules::timing(shown.window, on);
    let seen = consent.version;
    consent.withdrawn_on = Some(on);
    consent.is_late = timing.is_late;
    consent.is_flagged = timing.is_flagged;
    consent.secret.withdrawal_note = said;
    consent.version += 1;
    consent.updated_at = work.now;
    store::update(work, &case, &consent, seen)?;
    tell(work, &case, &consent, "consent-withdraw")?;
    if !timing.is_late {
        rest_after_withdrawal(work, &mut case)?;
    }
    let told = alarm::supervisors(work, &case)?;
    let code = errand::consent_withdrawn(work, &case, id.uuid())?;
    let to = (told.as_slice(), code.as_str(), consent.id.uuid());
    alarm::alert(work, &case, Alert::ConsentWithdrawn, to)?;
    forget_window(work, consent.id)?;
    let shown = load(work, &case, id)?;
    Ok((case, shown))
}

/// There is no last day to remind of any more, by mail or by phone.
fn forget_window(work: &mut Work<'_>, consent: ConsentId) -> Result<(), Error> {
    let (id, kinds) = (consent.uuid(), ["case_window"]);
    outbox::withdraw(work.conn, work.now, id, &kinds, Withdrawn::Cancelled)?;
    errand::window_over(work, id)
}

/// Strikes a consent that was entered by mistake: it stays on record, and counts for nothing. What
/// somebody really decided is entered anew, and its time runs from the day it was taken.
pub(in crate::counselling) fn strike(
    work: &mut Work<'_>,
    eyes: &Eyes,
    (case, id): (CaseId, ConsentId),
    reason: String,
) -> Result<(Case, Shown), Error> {
    let case = case::lock_for(work, eyes, case, CaseAction::Record)?;
    waiver::require_waiver(&case, eyes)?;
    let mut consent = store::load(work, &case, id)?;
    let seen = consent.version;
    consent.decision = waiver::consent_after(&case, eyes, &consent, ConsentAction::Strike)?;
    consent.struck_at = Some(work.now);
    consent.secret.struck_reason = Some(reason);
    consent.secret.struck_by = Some(eyes.user);
    consent.version += 1;
    consent.updated_at = work.now;
    store::update(work, &case, &consent, seen)?;
    tell(work, &case, &consent, "consent-strike")?;
    // Where the case rests by it, somebody is to take it up again.
    if case.hold_reason != Some(HoldReason::ConsentWithdrawn) {
        errand::withdrawals_over(work, &[id.uuid()])?;
    }
    forget_window(work, id)?;
    let shown = load(work, &case, id)?;
    Ok((case, shown))
}

/// A consent was taken back: the case rests, and a supervisor alone resumes it. One that rests
/// already does so for this reason now; an ended one is taken up again, unless it is kept from use.
fn rest_after_withdrawal(work: &mut Work<'_>, resting: &mut Case) -> Result<(), Error> {
    let why = HoldReason::ConsentWithdrawn;
    if resting.is_restricted {
        return Ok(());
    }
    if resting.status == CaseStatus::Closed {
        closing::take_up(work, resting, None)?;
    }
    // It was to end as what it is no more.
    let was_to_end = resting.closing_asked_by.take().is_some();
    if was_to_end {
        resting.outcome = None;
        case_errand::closing_decided(work, resting)?;
    }
    if resting.status == CaseStatus::Open {
        return case::rest(work, resting, why, None);
    }
    if resting.hold_reason == Some(why) && !was_to_end {
        return Ok(());
    }
    resting.hold_reason = Some(why);
    case::save(work, resting, ("hold", &json!({"hold_reason": why})), None)
}
