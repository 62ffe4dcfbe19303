//! Reading a request: each reading is one row of the audit log.

use serde_json::json;

use super::step;
use crate::kernel::{Fault, Timestamp};
use crate::legal_aid::error::Error;
use crate::legal_aid::model::{Request, RequestId};
use crate::legal_aid::notice;
use crate::legal_aid::policy::{self, Scope};
use crate::legal_aid::status::Status;
use crate::legal_aid::store::request as store;
use crate::legal_aid::view::own::{ComplaintView, OwnBeside};
use crate::office::work::Work;

/// The letter that sends a request to the Centre, as what was read.
pub(in crate::legal_aid) const LETTER: &str = "referral-letter";
/// The form a request is signed on.
pub(in crate::legal_aid) const FORM: &str = "request-form";

/// One request, read by someone; a family that reads a refusal has been told of it.
pub(in crate::legal_aid) fn read(
    work: &mut Work<'_>,
    scope: &Scope,
    id: RequestId,
) -> Result<Request, Error> {
    let mut request = store::load(work, scope, id)?;
    let facts = json!({"status": request.status});
    work.audit(
        "legal-aid-request.read",
        "legal-aid-request",
        request.id.uuid(),
        facts,
    )?;
    let is_news = request.status == Status::Refused && request.refusal_opened_at.is_none();
    if scope.is_own() && is_news {
        let now: Timestamp = work.now;
        store::open_refusal(work.conn, now, request.id)?;
        request.refusal_opened_at = Some(now);
        notice::refusal_opened(work, &request)?;
    }
    Ok(request)
}

/// One request, read as a paper: `form` says which.
pub(in crate::legal_aid) fn print(
    work: &mut Work<'_>,
    scope: &Scope,
    id: RequestId,
    form: &'static str,
) -> Result<Request, Error> {
    let request = store::load(work, scope, id)?;
    if form == LETTER {
        require_handed_in(&request, scope, form)?;
    }
    let facts = json!({"status": request.status, "form": form});
    let (action, kind) = ("legal-aid-request.read", "legal-aid-request");
    work.audit(action, kind, request.id.uuid(), facts)?;
    Ok(request)
}

/// Refuses what is only done with what was handed in.
pub(in crate::legal_aid) fn require_handed_in(
    request: &Request,
    scope: &Scope,
    action: &'static str,
) -> Result<(), Error> {
    if request.status != Status::Draft {
        return Ok(());
    }
    Err(refused(request, scope, action))
}

/// That this is not to be done now, and what is.
pub(in crate::legal_aid) fn refused(
    request: &Request,
    scope: &Scope,
    action: &'static str,
) -> Error {
    Fault::Transition {
        current: request.status.as_str(),
        action,
        allowed: policy::actions(request, scope),
    }
    .into()
}

/// What a family is shown beside its request.
pub(in crate::legal_aid) fn beside_own(
    work: &mut Work<'_>,
    request: &Request,
) -> Result<OwnBeside, Error> {
    Ok(OwnBeside {
        missing: step::missing(work, request)?,
        complaint: complaint(work, request)?,
    })
}

/// To whom a refusal can be complained of, and until when.
fn complaint(work: &mut Work<'_>, request: &Request) -> Result<Option<ComplaintView>, Error> {
    let decision = request.secret.decision.as_ref();
    let Some(decision) = decision.filter(|one| step::is_refusal(one)) else {
        return Ok(None);
    };
    let settings = work.settings()?;
    let days = &settings.policies.complaint_days;
    let until = decision.date + chrono::TimeDelta::days(days.value.into());
    Ok(Some(ComplaintView {
        to: settings.centre.complaints_to.clone(),
        until,
        source: days.source.clone(),
    }))
}
