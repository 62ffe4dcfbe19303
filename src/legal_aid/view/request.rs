//! A request, as staff see it.

use chrono::NaiveDate;
use serde::Serialize;

use crate::http::list_query;
use crate::identity::UserId;
use crate::kernel::civil::Shown;
use crate::kernel::text_enum::text_enum;
use crate::kernel::{Language, Timestamp, Zone};
use crate::legal_aid::clock::Urgency;
use crate::legal_aid::model::{
    Assignment, Channel, Decision, DecisionResult, NextActor, PaperKind, Redirection,
    RefusalReason, Relation, Request, RequestId, Sex, SignedBy, UrgencyLevel, UrgencyReason,
};
use crate::legal_aid::policy::{self, Scope};
use crate::legal_aid::status::Status;
use crate::legal_aid::store::request::Place;
use crate::office::circumstance::Circumstance;
use crate::office::safe_contact::{ConfirmedHow, SafeContactView};

text_enum! {
    /// How a list is ordered.
    pub(in crate::legal_aid) enum RequestOrder {
        /// By when they were begun.
        Created = "created",
        /// What is to be done: what presses first, then by its day; drafts and what is over are
        /// left out.
        Due = "due",
    }
}

list_query! {
    /// Which requests.
    pub(in crate::legal_aid) struct LegalAidRequestsQuery {
        /// In which order; `created` where it is not said.
        order: RequestOrder,
        /// Of this status.
        status: Status,
        /// Given to this person.
        assignee: UserId,
        /// Whose turn it is.
        next_actor: NextActor,
        /// Only what presses, or what does not.
        urgency: UrgencyLevel,
        /// Of this field of law.
        field: String,
        /// The one of this reference.
        reference: String,
        /// The one of this code.
        code: String,
        /// Due on this day or before.
        due_by: NaiveDate,
        /// Changed since.
        updated_since: Timestamp,
    }
}

/// Who asks.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::legal_aid) struct LegalAidRequesterView {
    name: Option<String>,
    relation: Option<Relation>,
    phone: Option<String>,
    email: Option<String>,
    address: Option<String>,
    safe_contact: SafeContactView,
}

/// The child.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::legal_aid) struct LegalAidChildView {
    name: Option<String>,
    birth_date: Option<NaiveDate>,
    sex: Sex,
    special_circumstances: Vec<Circumstance>,
    /// Full years on the day it was handed in.
    age: Option<i32>,
}

/// How it was written down for whoever could not write.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::legal_aid) struct LegalAidAssistedEntryView {
    written_by: uuid::Uuid,
    read_back: bool,
    signed_by: SignedBy,
}

/// How much it presses.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::legal_aid) struct LegalAidUrgencyView {
    level: UrgencyLevel,
    reason: Option<UrgencyReason>,
    limitation_date: Option<NaiveDate>,
    hearing_date: Option<NaiveDate>,
}

impl From<Urgency> for LegalAidUrgencyView {
    fn from(urgency: Urgency) -> Self {
        Self {
            level: urgency.level,
            reason: urgency.reason,
            limitation_date: urgency.limitation_on,
            hearing_date: urgency.hearing_on,
        }
    }
}

/// A paper that is wanted.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::legal_aid) struct WantedPaperView {
    kind: PaperKind,
    /// In plain words, where the kind does not say it.
    words: Option<String>,
}

/// How it was sent to the Centre.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::legal_aid) struct LegalAidReferralView {
    centre: String,
    sent_on: NaiveDate,
    document_number: String,
    receipt_number: Option<String>,
    received_on: Option<NaiveDate>,
    /// The day by which the Centre was to acknowledge it, while it has not.
    acknowledge_by: Option<NaiveDate>,
}

/// What the Centre decided.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::legal_aid) struct CentreDecisionView {
    result: DecisionResult,
    reason: Option<RefusalReason>,
    /// What the Centre wrote.
    words: Option<String>,
    number: Option<String>,
    date: NaiveDate,
}

impl CentreDecisionView {
    /// A decision.
    pub(super) fn of(decision: &Decision) -> Self {
        Self {
            result: decision.result,
            reason: decision.reason,
            words: decision.words.clone(),
            number: decision.number.clone(),
            date: decision.date,
        }
    }
}

/// Whom the Centre named.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::legal_aid) struct CentreAssignmentView {
    person: String,
    organisation: Option<String>,
    contact: Option<String>,
    on: NaiveDate,
}

impl CentreAssignmentView {
    /// An assignment.
    pub(super) fn of(one: &Assignment) -> Self {
        Self {
            person: one.person.clone(),
            organisation: one.organisation.clone(),
            contact: one.contact.clone(),
            on: one.on,
        }
    }
}

/// Which way the family was shown.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::legal_aid) struct LegalAidRedirectionView {
    to: String,
    advice: Option<String>,
}

impl LegalAidRedirectionView {
    /// A way.
    pub(super) fn of(one: &Redirection) -> Self {
        Self {
            to: one.to.clone(),
            advice: one.advice.clone(),
        }
    }
}

/// How a withdrawal was asked for.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::legal_aid) struct LegalAidWithdrawalView {
    reason: Option<String>,
    /// The officer who asked the family by a safe way.
    confirmed_by: Option<uuid::Uuid>,
    confirmed_how: Option<ConfirmedHow>,
    centre_told: Option<String>,
    /// Whether a supervisor confirms it, too: abuse, violence or trafficking.
    needs_supervisor: bool,
}

/// Another request of the same child and field of law.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::legal_aid) struct PossibleDuplicateView {
    id: RequestId,
    reference: Option<String>,
    status: Status,
    submitted_on: Option<NaiveDate>,
}

impl PossibleDuplicateView {
    /// Another request.
    pub(in crate::legal_aid) fn of(request: &Request) -> Self {
        Self {
            id: request.id,
            reference: request.reference.clone(),
            status: request.status,
            submitted_on: request.submitted_on,
        }
    }
}

/// A request, as staff see it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::legal_aid) struct LegalAidRequestView {
    id: RequestId,
    /// The number; a draft has none.
    reference: Option<String>,
    /// What the family calls it.
    code: String,
    status: Status,
    channel: Channel,
    language: Language,
    requester: LegalAidRequesterView,
    child: LegalAidChildView,
    category: Option<String>,
    field: Option<String>,
    form_wanted: Option<String>,
    summary: Option<String>,
    assisted_entry: Option<LegalAidAssistedEntryView>,
    urgency: LegalAidUrgencyView,
    papers_to_follow: bool,
    /// Papers of the category's set that are not there; shown with one request, empty in a list.
    missing_papers: Vec<PaperKind>,
    wanted: Vec<WantedPaperView>,
    assignee: Option<UserId>,
    next_actor: NextActor,
    next_due_on: Option<NaiveDate>,
    /// Whether a day nobody has confirmed was counted.
    due_is_provisional: bool,
    submitted_on: Option<NaiveDate>,
    referral: Option<LegalAidReferralView>,
    decision: Option<CentreDecisionView>,
    /// When the family opened the refusal.
    refusal_opened_at: Option<Shown>,
    assignment: Option<CentreAssignmentView>,
    redirection: Option<LegalAidRedirectionView>,
    outcome: Option<String>,
    withdrawal_requested_at: Option<Shown>,
    withdrawal: Option<LegalAidWithdrawalView>,
    /// Others of the same child and field of law; shown with one request, empty in a list.
    possible_duplicates: Vec<PossibleDuplicateView>,
    ended_on: Option<NaiveDate>,
    version: i32,
    created_at: Shown,
    updated_at: Shown,
    allowed_actions: Vec<&'static str>,
}

/// What is shown with one request, and not in a list.
#[derive(Debug, Default)]
pub(in crate::legal_aid) struct Beside {
    /// Papers that are missing.
    pub(in crate::legal_aid) missing: Vec<PaperKind>,
    /// Others of the same child.
    pub(in crate::legal_aid) duplicates: Vec<Request>,
}

impl LegalAidRequestView {
    /// A request in the office's zone.
    pub(in crate::legal_aid) fn of(
        zone: Zone,
        request: &Request,
        scope: &Scope,
        beside: Beside,
    ) -> Self {
        let secret = &request.secret;
        Self {
            id: request.id,
            reference: request.reference.clone(),
            code: request.code.clone(),
            status: request.status,
            channel: request.channel,
            language: request.language,
            requester: requester(request),
            child: child(request),
            category: request.category.clone(),
            field: request.field.clone(),
            form_wanted: request.form_wanted.clone(),
            summary: secret.summary.clone(),
            assisted_entry: assisted_entry(request),
            urgency: request.clock.urgency.into(),
            papers_to_follow: request.has_papers_to_follow,
            missing_papers: beside.missing,
            wanted: wanted(request),
            assignee: request.assignee_id,
            next_actor: request.clock.next_actor,
            next_due_on: request.clock.due_on,
            due_is_provisional: request.clock.is_provisional,
            submitted_on: request.submitted_on,
            referral: referral(request),
            decision: secret.decision.as_ref().map(CentreDecisionView::of),
            refusal_opened_at: request.refusal_opened_at.map(|at| zone.show(at)),
            assignment: secret.assignment.as_ref().map(CentreAssignmentView::of),
            redirection: secret.redirection.as_ref().map(LegalAidRedirectionView::of),
            outcome: secret.outcome.clone(),
            withdrawal_requested_at: request.withdrawal_requested_at.map(|at| zone.show(at)),
            withdrawal: withdrawal(request),
            possible_duplicates: beside
                .duplicates
                .iter()
                .map(PossibleDuplicateView::of)
                .collect(),
            ended_on: request.ended_on,
            version: request.version,
            created_at: zone.show(request.created_at),
            updated_at: zone.show(request.updated_at),
            allowed_actions: policy::actions(request, scope),
        }
    }

    /// Where a row stands in the list.
    pub(in crate::legal_aid) fn key(request: &Request) -> (i64, RequestId) {
        (request.created_at.micros(), request.id)
    }

    /// Where a row stands in the queue.
    pub(in crate::legal_aid) fn place(request: &Request) -> Place {
        let day = request.clock.due_on.unwrap_or_default();
        (request.clock.rank(), day, request.id)
    }
}

/// Who asks, on the wire.
pub(super) fn requester(request: &Request) -> LegalAidRequesterView {
    let requester = request.secret.requester.clone();
    LegalAidRequesterView {
        name: requester.name,
        relation: requester.relation,
        phone: requester.phone,
        email: requester.email,
        address: requester.address,
        safe_contact: requester.safe_contact.into(),
    }
}

/// The child, on the wire.
pub(super) fn child(request: &Request) -> LegalAidChildView {
    let child = request.secret.child.clone();
    LegalAidChildView {
        name: child.name,
        birth_date: child.birth_date,
        sex: request.child_sex,
        special_circumstances: child.special_circumstances,
        age: request.child_age,
    }
}

/// What is wanted, on the wire.
pub(super) fn wanted(request: &Request) -> Vec<WantedPaperView> {
    let papers = request.secret.wanted.iter();
    papers
        .map(|paper| WantedPaperView {
            kind: paper.kind,
            words: paper.words.clone(),
        })
        .collect()
}

fn assisted_entry(request: &Request) -> Option<LegalAidAssistedEntryView> {
    let entry = request.secret.assisted_entry.as_ref()?;
    Some(LegalAidAssistedEntryView {
        written_by: entry.written_by,
        read_back: entry.read_back,
        signed_by: entry.signed_by,
    })
}

fn referral(request: &Request) -> Option<LegalAidReferralView> {
    let sent = request.secret.referral.clone()?;
    let is_awaited = request.status == Status::Referred && sent.receipt_number.is_none();
    Some(LegalAidReferralView {
        centre: sent.centre,
        sent_on: sent.sent_on,
        document_number: sent.document_number,
        receipt_number: sent.receipt_number,
        received_on: sent.received_on,
        acknowledge_by: request.clock.due_on.filter(|_| is_awaited),
    })
}

fn withdrawal(request: &Request) -> Option<LegalAidWithdrawalView> {
    let one = request.secret.withdrawal.clone()?;
    Some(LegalAidWithdrawalView {
        reason: one.reason,
        confirmed_by: one.confirmed_by,
        confirmed_how: one.confirmed_how,
        centre_told: one.centre_told,
        needs_supervisor: request.tells_of_harm(),
    })
}
