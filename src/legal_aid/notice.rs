//! Who is told what about a request, and what of it needs a person: in the transaction that makes
//! it so.

use super::errand;
use super::error::Error;
use super::model::Request;
use super::status::{Action, Status};
use crate::identity::UserId;
use crate::office::work::Work;

/// An action was taken; `from` is where the request stood before.
pub(super) fn after(
    work: &mut Work<'_>,
    request: &Request,
    (action, _from): (Action, Status),
) -> Result<(), Error> {
    match action {
        Action::Submit | Action::Insist | Action::Return => errand::look_at(work, request)?,
        Action::Withdraw => errand::withdrawal_asked(work, request)?,
        Action::Keep => errand::withdrawal_settled(work, request)?,
        Action::ConfirmWithdrawal if request.status.is_open() => {
            errand::withdrawal_waits(work, request)?;
        }
        Action::ConfirmWithdrawal => errand::withdrawal_settled(work, request)?,
        Action::RecordReceipt | Action::RecordDecision => errand::centre_answered(work, request)?,
        _ => {}
    }
    if request.status.is_open() {
        Ok(())
    } else {
        errand::over(work, request)
    }
}

/// Someone stands back from a request: a supervisor gives it to another.
pub(super) fn stood_back(
    work: &mut Work<'_>,
    request: &Request,
    user: UserId,
) -> Result<(), Error> {
    errand::stood_back(work, request, user)
}

/// The family opened a refusal: nobody need call about it.
pub(super) fn refusal_opened(work: &mut Work<'_>, request: &Request) -> Result<(), Error> {
    errand::refusal_opened(work, request)
}
