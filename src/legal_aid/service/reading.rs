//! Reading a request: each reading is one row of the audit log.

use serde_json::json;

use super::step;
use crate::kernel::Timestamp;
use crate::legal_aid::error::Error;
use crate::legal_aid::model::{Request, RequestId};
use crate::legal_aid::notice;
use crate::legal_aid::policy::{self, Scope};
use crate::legal_aid::status::{Action, Status};
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

/// Requests, read in a list by staff: one row of the log for all of them; none where there are none.
pub(in crate::legal_aid) fn listed(work: &mut Work<'_>, all: &[Request]) -> Result<(), Error> {
    if all.is_empty() {
        return Ok(());
    }
    let ids: Vec<RequestId> = all.iter().map(|one| one.id).collect();
    let (action, kind) = ("legal-aid-request.list", "office");
    let office = work.office_id();
    work.audit(action, kind, office.uuid(), json!({"requests": ids}))?;
    Ok(())
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
        policy::require(&request, scope, Action::PrintLetter)?;
    }
    let facts = json!({"status": request.status, "form": form});
    let (action, kind) = ("legal-aid-request.read", "legal-aid-request");
    work.audit(action, kind, request.id.uuid(), facts)?;
    Ok(request)
}

/// What a family is shown beside its request.
pub(in crate::legal_aid) fn beside_own(
    work: &mut Work<'_>,
    request: &Request,
) -> Result<OwnBeside, Error> {
    Ok(OwnBeside {
        is_opened: true,
        missing: step::missing(work, request)?,
        complaint: complaint(work, request)?,
    })
}

/// To whom a refusal can be complained of, and until when.
fn complaint(work: &mut Work<'_>, request: &Request) -> Result<Option<ComplaintView>, Error> {
    let secret = &request.secret;
    let today = work.zone().day(work.now);
    // The days run on while it is there once more, until the Centre decides anew.
    let last = secret.decision.as_ref().or(secret.refused_before.as_ref());
    let Some(decision) = last.filter(|one| step::is_refusal(one)) else {
        return Ok(None);
    };
    let settings = work.settings()?;
    let days = &settings.policies.complaint_days;
    let until = decision.date + chrono::TimeDelta::days(days.value.into());
    if secret.decision.is_none() && until < today {
        return Ok(None);
    }
    Ok(Some(ComplaintView {
        to: settings.centre.complaints_to.clone(),
        until,
        counts_from: decision.date,
        source: days.source.split(';').next().unwrap_or_default().to_owned(),
        verified: !days.source.contains("unverified"),
    }))
}
