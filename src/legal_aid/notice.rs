//! Who is told what about a request, and what of it needs a person: in the transaction that makes
//! it so.

use super::errand;
use super::error::Error;
use super::messages::{self, Telling};
use super::model::Request;
use super::status::{Action, Status};
use crate::identity::UserId;
use crate::office::work::Work;

/// An action was taken; `from` is where the request stood before.
pub(super) fn after(
    work: &mut Work<'_>,
    request: &Request,
    (action, from): (Action, Status),
) -> Result<(), Error> {
    if request.status == from {
        // Nothing that waits is done by that.
    } else if request.status.is_open() {
        errand::went_on(work, request)?;
    } else {
        errand::over(work, request)?;
    }
    if from == Status::NeedsSupplement && request.status != from {
        messages::take_back(work, request, Telling::PapersWanted)?;
    }
    match action {
        Action::Submit | Action::Insist | Action::Return | Action::Supplement => {
            errand::look_at(work, request)?;
        }
        Action::Withdraw => errand::withdrawal_asked(work, request)?,
        Action::ConfirmWithdrawal if request.status.is_open() => {
            errand::withdrawal_waits(work, request)?;
        }
        Action::Keep | Action::ConfirmWithdrawal => errand::withdrawal_settled(work, request)?,
        Action::RecordReceipt | Action::RecordDecision => errand::centre_answered(work, request)?,
        _ => {}
    }
    match told(request, action, from) {
        Some(telling) => messages::tell(work, request, telling, ""),
        None => Ok(()),
    }
}

/// What the family is told of an action, if anything.
fn told(request: &Request, action: Action, from: Status) -> Option<Telling> {
    match action {
        Action::Submit => Some(Telling::Received),
        Action::RequestSupplement => Some(Telling::PapersWanted),
        Action::Supplement => Some(Telling::PapersReceived),
        Action::Refer
        | Action::RecordReceipt
        | Action::RecordDecision
        | Action::Assign
        | Action::Complete
        | Action::Discontinue
        | Action::Redirect => Some(Telling::News),
        Action::Withdraw => Some(Telling::Withdrawal),
        // Not while it waits for a supervisor: nothing is new for the family.
        Action::ConfirmWithdrawal => (request.status != from).then_some(Telling::News),
        Action::Edit
        | Action::Delete
        | Action::Return
        | Action::Start
        | Action::Insist
        | Action::Void
        | Action::Keep
        | Action::DeclareConflict
        | Action::Upload
        | Action::Ask
        | Action::Note
        | Action::MakeReceipt
        | Action::ClaimCode
        | Action::UntieAccount
        | Action::PrintLetter => None,
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
