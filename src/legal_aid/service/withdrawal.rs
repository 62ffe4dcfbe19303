//! A family asks to take its request back: a mark beside the state, stopping no clock, until an
//! officer has asked by a safe way whether it is meant. Whoever asks may be the one to fear: for
//! abuse, violence or trafficking a supervisor confirms, too.

use serde_json::json;

use super::draft::save;
use super::schedule::Days;
use super::step::{Recorded, lock_for};
use crate::kernel::{Fault, Timestamp};
use crate::legal_aid::error::Error;
use crate::legal_aid::model::{Request, RequestId, Withdrawal};
use crate::legal_aid::notice;
use crate::legal_aid::policy::{self, Scope};
use crate::legal_aid::status::Action;
use crate::legal_aid::store::event::Told;
use crate::office::safe_contact::SpokenHow;
use crate::office::work::Work;

/// Asks to take a request back: the family, or staff on its word.
pub(in crate::legal_aid) fn ask(
    work: &mut Work<'_>,
    scope: &Scope,
    id: RequestId,
    reason: Option<String>,
) -> Result<Request, Error> {
    let told = Told {
        recorded: reason.as_ref().map(|reason| json!({"reason": reason})),
        ..Told::default()
    };
    mark(
        work,
        scope,
        (id, Action::Withdraw),
        &told,
        |request, now| {
            request.withdrawal_requested_at = Some(now);
            request.secret.withdrawal = Some(Withdrawal {
                reason,
                ..Withdrawal::default()
            });
            Ok(())
        },
    )
}

/// Leaves it as it is after all.
pub(in crate::legal_aid) fn keep(
    work: &mut Work<'_>,
    scope: &Scope,
    id: RequestId,
    (how, recorded): (Option<SpokenHow>, Recorded),
) -> Result<Request, Error> {
    let told = Told {
        facts: json!({"how": how}),
        note: recorded.note,
        ..Told::default()
    };
    mark(work, scope, (id, Action::Keep), &told, |request, _| {
        // A family says it itself; staff say how they asked it.
        let wrong = match (scope.is_own(), how) {
            (true, Some(_)) => Some("not-yours-to-set"),
            (false, None) => Some("required"),
            _ => None,
        };
        if let Some(code) = wrong {
            return Err(Fault::rule("/how", code));
        }
        request.withdrawal_requested_at = None;
        request.secret.withdrawal = None;
        Ok(())
    })
}

fn mark(
    work: &mut Work<'_>,
    scope: &Scope,
    (id, action): (RequestId, Action),
    told: &Told,
    change: impl FnOnce(&mut Request, Timestamp) -> Result<(), Fault>,
) -> Result<Request, Error> {
    let mut request = lock_for(work, scope, id, action)?;
    let from = request.status;
    change(&mut request, work.now)?;
    save(work, &mut request, (action.as_str(), Some(from)), told)?;
    notice::after(work, &request, (action, from))?;
    Ok(request)
}

/// The family was asked by a safe way, and means it.
pub(in crate::legal_aid) fn confirm(
    work: &mut Work<'_>,
    scope: &Scope,
    id: RequestId,
    (how, centre_told, recorded): (SpokenHow, Option<String>, Recorded),
) -> Result<Request, Error> {
    let mut request = lock_for(work, scope, id, Action::ConfirmWithdrawal)?;
    let from = request.status;
    let officer = policy::confirmed_by(&request);
    let waits = request.tells_of_harm() && officer.is_none();
    if from.is_with_centre() && !waits && centre_told.is_none() {
        return Err(Fault::rule("/centre_told", "required").into());
    }
    let withdrawal = request.secret.withdrawal.get_or_insert_default();
    if officer.is_none() {
        withdrawal.confirmed_by = Some(scope.user().uuid());
        withdrawal.confirmed_how = Some(how.into());
        withdrawal.is_by_supervisor = scope.is_supervisor();
    }
    let words = centre_told
        .as_ref()
        .map(|told| json!({"centre_told": told}));
    withdrawal.centre_told = centre_told;
    if !waits {
        request.status = from.apply(Action::ConfirmWithdrawal)?;
        Days::load(work)?.set(&mut request, from);
    }
    let told = Told {
        facts: json!({"how": how, "waits_for_supervisor": waits}),
        recorded: words,
        note: recorded.note,
        document: None,
    };
    let kind = Action::ConfirmWithdrawal.as_str();
    save(work, &mut request, (kind, Some(from)), &told)?;
    notice::after(work, &request, (Action::ConfirmWithdrawal, from))?;
    Ok(request)
}
