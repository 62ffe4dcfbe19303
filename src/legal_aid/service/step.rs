//! The steps of a request: who did what when, with a note and the paper that shows it.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::draft::save;
use super::letter;
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
use crate::legal_aid::store::event::{self, Told};
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

/// What a step entered, for the timeline: a later step may write over it in the request.
struct Entered {
    /// Days, states and ids.
    facts: Value,
    /// Numbers, names and words; sealed.
    words: Option<Value>,
}

impl Entered {
    fn nothing() -> Self {
        Self {
            facts: json!({}),
            words: None,
        }
    }

    fn new(facts: Value, words: Value) -> Self {
        Self {
            facts,
            words: Some(words),
        }
    }
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
    work.require_seen(request.version)?;
    Ok(request)
}

/// Takes a step: locks, checks, changes, sets the clock, writes and tells.
fn step(
    work: &mut Work<'_>,
    scope: &Scope,
    (id, action): (RequestId, Action),
    recorded: Recorded,
    change: impl FnOnce(&mut Work<'_>, &mut Request) -> Result<Entered, Error>,
) -> Result<Request, Error> {
    let mut request = lock_for(work, scope, id, action)?;
    if let Some(document) = recorded.document {
        document::require(work.conn, request.id, document)?;
    }
    let from = request.status;
    request.status = from.apply(action)?;
    let entered = change(work, &mut request)?;
    let restarts = matches!(
        action,
        Action::RequestSupplement | Action::RecordReceipt | Action::RecordDecision | Action::Assign
    );
    if !request.status.is_open() {
        // Whoever wanted to take it back has got an answer; it may be asked for anew.
        request.withdrawal_requested_at = None;
    }
    if request.status != from || restarts {
        Days::load(work)?.set(&mut request, from);
    }
    let told = Told {
        facts: entered.facts,
        recorded: entered.words,
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
        let entered = Entered::new(json!({"papers": kinds}), json!({"wanted": wanted}));
        request.secret.wanted = wanted;
        Ok(entered)
    })
}

/// Hands in more: papers that came since the last time, or a word that they follow, or why they do
/// not. What was wanted and has not come stays on the list.
pub(in crate::legal_aid) fn supplement(
    work: &mut Work<'_>,
    scope: &Scope,
    id: RequestId,
    (will_follow, recorded): (bool, Recorded),
) -> Result<Request, Error> {
    let what = (id, Action::Supplement);
    let is_explained = will_follow || recorded.note.is_some();
    step(work, scope, what, recorded, |work, request| {
        let last = event::last(work.conn, id, &SUPPLEMENTED)?;
        let new = document::kinds_since(work.conn, id, last)?;
        if new.is_empty() && !is_explained {
            let papers = request.secret.wanted.iter().map(|one| one.kind).collect();
            return Err(Error::NothingNew { papers });
        }
        let asked = event::last(work.conn, id, &[Action::RequestSupplement.as_str()])?;
        let came = document::kinds_since(work.conn, id, asked)?;
        request
            .secret
            .wanted
            .retain(|one| !came.contains(&one.kind));
        request.has_papers_to_follow |= will_follow;
        let facts = json!({"papers": new, "papers_to_follow": will_follow});
        Ok(Entered { facts, words: None })
    })
}

/// After each of these something new is needed to supplement.
const SUPPLEMENTED: [&str; 3] = [
    Action::Submit.as_str(),
    Action::RequestSupplement.as_str(),
    Action::Supplement.as_str(),
];

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
            let letter = letter::of(work, request)?;
            request.referred_on = Some(sent_on);
            request.first_referred_on = request.first_referred_on.or(Some(sent_on));
            request.refusal_reason = None;
            request.refusal_opened_at = None;
            let secret = &mut request.secret;
            secret.wanted.clear();
            let refused = secret.decision.take().filter(is_refusal);
            secret.refused_before = refused.or(secret.refused_before.take());
            secret.assignment = None;
            let number = sending.document_number;
            let words = json!({"centre": centre, "document_number": number});
            secret.referral = Some(Referral {
                centre,
                sent_on,
                document_number: number,
                receipt_number: None,
                received_on: None,
                letter: Some(letter),
            });
            Ok(Entered::new(json!({"sent_on": sent_on}), words))
        },
    )
}

/// What of the category's set is not there.
pub(in crate::legal_aid) fn missing(
    work: &mut Work<'_>,
    request: &Request,
) -> Result<Vec<PaperKind>, Error> {
    let mut wanted = terms::load(work.conn)?.papers(request.category.as_deref());
    let there = document::kinds_since(work.conn, request.id, None)?;
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
        let words = json!({"receipt_number": number});
        if let Some(referral) = &mut request.secret.referral {
            referral.receipt_number = Some(number);
            referral.received_on = Some(received_on);
        }
        Ok(Entered::new(json!({"received_on": received_on}), words))
    })
}

/// Notes what the Centre decided. Another result than the one that stands is a correction, and is
/// called one.
pub(in crate::legal_aid) fn record_decision(
    work: &mut Work<'_>,
    scope: &Scope,
    id: RequestId,
    ((decision, recorded), is_correction): ((Decision, Recorded), bool),
) -> Result<Request, Error> {
    let what = (id, Action::RecordDecision);
    step(work, scope, what, recorded, |_, request| {
        require_not_before(decision.date, request.referred_on, "/date")?;
        let standing = request.secret.decision.as_ref().map(|one| one.result);
        let is_other = standing.is_some_and(|result| result != decision.result);
        if is_other && !is_correction {
            return Err(Error::DecisionStands);
        }
        request.status = Status::decided(decision.result);
        request.refusal_reason = decision.reason;
        request.refusal_opened_at = None;
        let facts = json!({
            "result": decision.result, "reason": decision.reason, "date": decision.date,
        });
        let words = json!({"number": decision.number, "words": decision.words});
        request.secret.decision = Some(decision);
        Ok(Entered::new(facts, words))
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
        Ok(Entered::nothing())
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
        let words = json!({
            "person": assignment.person,
            "organisation": assignment.organisation,
            "contact": assignment.contact,
        });
        request.secret.assignment = Some(assignment);
        Ok(Entered::new(facts, words))
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
        Ok(Entered::nothing())
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
        let words = json!({"outcome": outcome});
        request.secret.outcome = Some(outcome);
        Ok(Entered::new(json!({}), words))
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
            let words = json!({"to": redirection.to, "advice": redirection.advice});
            request.secret.redirection = Some(redirection);
            Ok(Entered::new(json!({}), words))
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
    step(work, scope, (id, Action::Insist), recorded, |_, request| {
        request.secret.has_insisted = true;
        Ok(Entered::nothing())
    })
}

/// Strikes out a mistake.
pub(in crate::legal_aid) fn void(
    work: &mut Work<'_>,
    scope: &Scope,
    id: RequestId,
    recorded: Recorded,
) -> Result<Request, Error> {
    step(work, scope, (id, Action::Void), recorded, |_, _| {
        Ok(Entered::nothing())
    })
}

/// Whether the Centre refused it, for those who may see that.
pub(in crate::legal_aid) fn is_refusal(decision: &Decision) -> bool {
    decision.result == DecisionResult::Refused
}
