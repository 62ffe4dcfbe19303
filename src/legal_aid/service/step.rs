//! The steps of a request: who did what when, with a note and the paper that shows it.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::draft::save;
use super::schedule::Days;
use crate::kernel::Fault;
use crate::legal_aid::error::Error;
use crate::legal_aid::model::{
    Assignment, Decision, DecisionResult, DocumentId, PaperKind, Redirection, Referral, Request,
    RequestId, Wanted,
};
use crate::legal_aid::notice;
use crate::legal_aid::policy::{self, Scope};
use crate::legal_aid::status::{Action, Status};
use crate::legal_aid::store::event::Told;
use crate::legal_aid::store::{document, request as store, terms};
use crate::office::work::Work;

/// What is noted with a step.
#[derive(Debug, Clone, Default)]
pub(in crate::legal_aid) struct Recorded {
    /// In words; sealed.
    pub(in crate::legal_aid) note: Option<String>,
    /// The paper that shows it.
    pub(in crate::legal_aid) document: Option<DocumentId>,
}

/// Locks a request this caller may take a step in.
pub(super) fn lock_for(
    work: &mut Work<'_>,
    scope: &Scope,
    id: RequestId,
    action: Action,
) -> Result<Request, Error> {
    store::touch(work.conn, work.office.id, id)?;
    let request = store::load(work, scope, id)?;
    policy::require(&request, scope, action)?;
    Ok(request)
}

/// Takes a step: locks, checks, changes, sets the clock, writes and tells.
fn step(
    work: &mut Work<'_>,
    scope: &Scope,
    (id, action): (RequestId, Action),
    recorded: Recorded,
    change: impl FnOnce(&mut Work<'_>, &mut Request) -> Result<Value, Error>,
) -> Result<Request, Error> {
    let mut request = lock_for(work, scope, id, action)?;
    if let Some(document) = recorded.document {
        document::require(work.conn, request.id, document)?;
    }
    let from = request.status;
    request.status = from.apply(action)?;
    let facts = change(work, &mut request)?;
    let restarts = matches!(
        action,
        Action::RequestSupplement | Action::RecordReceipt | Action::Assign
    );
    if request.status != from || restarts {
        Days::load(work)?.set(&mut request, from);
    }
    let told = Told {
        facts,
        note: recorded.note,
        document: recorded.document,
    };
    save(work, &mut request, (action.as_str(), Some(from)), &told)?;
    notice::after(work, &request, (action, from))?;
    Ok(request)
}

/// Says which papers are wanted; asked again, the new list stands.
pub(in crate::legal_aid) fn request_supplement(
    work: &mut Work<'_>,
    scope: &Scope,
    id: RequestId,
    (wanted, recorded): (Vec<Wanted>, Recorded),
) -> Result<Request, Error> {
    let what = (id, Action::RequestSupplement);
    step(work, scope, what, recorded, |_, request| {
        let kinds: Vec<PaperKind> = wanted.iter().map(|one| one.kind).collect();
        request.secret.wanted = wanted;
        Ok(json!({"papers": kinds}))
    })
}

/// Hands in more, or says that the rest will follow.
pub(in crate::legal_aid) fn supplement(
    work: &mut Work<'_>,
    scope: &Scope,
    id: RequestId,
    (will_follow, recorded): (bool, Recorded),
) -> Result<Request, Error> {
    let what = (id, Action::Supplement);
    step(work, scope, what, recorded, |_, request| {
        request.has_papers_to_follow |= will_follow;
        // What is still lacking is asked for again by whoever looks at the papers.
        request.secret.wanted.clear();
        Ok(json!({"papers_to_follow": will_follow}))
    })
}

/// How a request is sent to the Centre.
#[derive(Debug, Clone)]
pub(in crate::legal_aid) struct Sending {
    pub(in crate::legal_aid) centre: Option<String>,
    pub(in crate::legal_aid) sent_on: Option<NaiveDate>,
    pub(in crate::legal_aid) document_number: String,
    pub(in crate::legal_aid) will_follow: bool,
}

/// Sends a request to the Centre; after a refusal, once more.
pub(in crate::legal_aid) fn refer(
    work: &mut Work<'_>,
    scope: &Scope,
    id: RequestId,
    (sending, recorded): (Sending, Recorded),
) -> Result<Request, Error> {
    let today = work.zone().day(work.now);
    step(
        work,
        scope,
        (id, Action::Refer),
        recorded,
        |work, request| {
            let sent_on = sending.sent_on.unwrap_or(today);
            require_not_before(sent_on, request.submitted_on, "/sent_on")?;
            request.has_papers_to_follow |= sending.will_follow;
            require_papers(work, request)?;
            let centre = match sending.centre {
                Some(centre) => centre,
                None => work.settings()?.centre.name.clone(),
            };
            request.referred_on = Some(sent_on);
            request.first_referred_on = request.first_referred_on.or(Some(sent_on));
            request.refusal_reason = None;
            request.refusal_opened_at = None;
            let secret = &mut request.secret;
            secret.wanted.clear();
            secret.decision = None;
            secret.assignment = None;
            secret.referral = Some(Referral {
                centre,
                sent_on,
                document_number: sending.document_number,
                receipt_number: None,
                received_on: None,
            });
            Ok(json!({"sent_on": sent_on}))
        },
    )
}

/// What of the category's set is not there.
pub(in crate::legal_aid) fn missing(
    work: &mut Work<'_>,
    request: &Request,
) -> Result<Vec<PaperKind>, Error> {
    let mut wanted = terms::load(work.conn)?.papers(request.category.as_deref());
    let there = document::kinds(work.conn, request.id)?;
    wanted.retain(|kind| !there.contains(kind));
    Ok(wanted)
}

fn require_papers(work: &mut Work<'_>, request: &Request) -> Result<(), Error> {
    let papers = missing(work, request)?;
    if papers.is_empty() || request.has_papers_to_follow {
        return Ok(());
    }
    Err(Error::PapersMissing { papers })
}

fn require_not_before(
    day: NaiveDate,
    first: Option<NaiveDate>,
    pointer: &str,
) -> Result<(), Fault> {
    match first {
        Some(first) if day < first => Err(Fault::rule(pointer, "order-invalid")),
        _ => Ok(()),
    }
}

/// Notes the Centre's receipt: from then on it is to decide.
pub(in crate::legal_aid) fn record_receipt(
    work: &mut Work<'_>,
    scope: &Scope,
    id: RequestId,
    (number, received_on, recorded): (String, Option<NaiveDate>, Recorded),
) -> Result<Request, Error> {
    let today = work.zone().day(work.now);
    let what = (id, Action::RecordReceipt);
    step(work, scope, what, recorded, |_, request| {
        let received_on = received_on.unwrap_or(today);
        require_not_before(received_on, request.referred_on, "/received_on")?;
        if let Some(referral) = &mut request.secret.referral {
            referral.receipt_number = Some(number);
            referral.received_on = Some(received_on);
        }
        Ok(json!({"received_on": received_on}))
    })
}

/// Notes what the Centre decided.
pub(in crate::legal_aid) fn record_decision(
    work: &mut Work<'_>,
    scope: &Scope,
    id: RequestId,
    (decision, recorded): (Decision, Recorded),
) -> Result<Request, Error> {
    let what = (id, Action::RecordDecision);
    step(work, scope, what, recorded, |_, request| {
        require_not_before(decision.date, request.referred_on, "/date")?;
        request.status = Status::decided(decision.result);
        request.refusal_reason = decision.reason;
        request.refusal_opened_at = None;
        let facts = json!({
            "result": decision.result, "reason": decision.reason, "date": decision.date,
        });
        request.secret.decision = Some(decision);
        Ok(facts)
    })
}

/// Notes that the Centre sent it back.
pub(in crate::legal_aid) fn send_back(
    work: &mut Work<'_>,
    scope: &Scope,
    id: RequestId,
    recorded: Recorded,
) -> Result<Request, Error> {
    step(work, scope, (id, Action::Return), recorded, |_, _| {
        Ok(json!({}))
    })
}

/// Notes whom the Centre named.
pub(in crate::legal_aid) fn assign(
    work: &mut Work<'_>,
    scope: &Scope,
    id: RequestId,
    (assignment, recorded): (Assignment, Recorded),
) -> Result<Request, Error> {
    step(work, scope, (id, Action::Assign), recorded, |_, request| {
        let decided = request.secret.decision.as_ref().map(|one| one.date);
        require_not_before(assignment.on, decided, "/on")?;
        let facts = json!({"on": assignment.on});
        request.secret.assignment = Some(assignment);
        Ok(facts)
    })
}

/// Notes that the work began.
pub(in crate::legal_aid) fn start(
    work: &mut Work<'_>,
    scope: &Scope,
    id: RequestId,
    recorded: Recorded,
) -> Result<Request, Error> {
    step(work, scope, (id, Action::Start), recorded, |_, _| {
        Ok(json!({}))
    })
}

/// Notes how it ended: done, or before it was.
pub(in crate::legal_aid) fn end(
    work: &mut Work<'_>,
    scope: &Scope,
    (id, action): (RequestId, Action),
    (outcome, recorded): (String, Recorded),
) -> Result<Request, Error> {
    step(work, scope, (id, action), recorded, |_, request| {
        request.secret.outcome = Some(outcome);
        request.withdrawal_requested_at = None;
        Ok(json!({}))
    })
}

/// Shows the family another way; it may insist on being referred.
pub(in crate::legal_aid) fn redirect(
    work: &mut Work<'_>,
    scope: &Scope,
    id: RequestId,
    (redirection, recorded): (Redirection, Recorded),
) -> Result<Request, Error> {
    step(
        work,
        scope,
        (id, Action::Redirect),
        recorded,
        |_, request| {
            request.secret.redirection = Some(redirection);
            Ok(json!({}))
        },
    )
}

/// Wants it sent to the Centre all the same.
pub(in crate::legal_aid) fn insist(
    work: &mut Work<'_>,
    scope: &Scope,
    id: RequestId,
    recorded: Recorded,
) -> Result<Request, Error> {
    step(work, scope, (id, Action::Insist), recorded, |_, _| {
        Ok(json!({}))
    })
}

/// Strikes out a mistake.
pub(in crate::legal_aid) fn void(
    work: &mut Work<'_>,
    scope: &Scope,
    id: RequestId,
    recorded: Recorded,
) -> Result<Request, Error> {
    step(work, scope, (id, Action::Void), recorded, |_, request| {
        request.withdrawal_requested_at = None;
        Ok(json!({}))
    })
}

/// Whether the Centre refused it, for those who may see that.
pub(in crate::legal_aid) fn is_refusal(decision: &Decision) -> bool {
    decision.result == DecisionResult::Refused
}
