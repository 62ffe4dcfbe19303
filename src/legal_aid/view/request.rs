//! A request, as staff see it.

use chrono::NaiveDate;
use serde::Serialize;

use super::parts::{
    CentreAssignmentView, CentreDecisionView, LegalAidAssistedEntryView, LegalAidChildView,
    LegalAidRedirectionView, LegalAidReferralView, LegalAidRequesterView, LegalAidUrgencyView,
    LegalAidWithdrawalView, WantedPaperView, assisted_entry, child, referral, requester, wanted,
    withdrawal,
};
use crate::http::list_query;
use crate::identity::UserId;
use crate::kernel::civil::Shown;
use crate::kernel::text_enum::text_enum;
use crate::kernel::{Language, Timestamp, Zone};
use crate::legal_aid::model::{
    IntakeChannel, NextActor, PaperKind, Request, RequestId, UrgencyLevel,
};
use crate::legal_aid::policy::{self, Scope};
use crate::legal_aid::service::receipt::PRINT_RECEIPT;
use crate::legal_aid::status::Status;
use crate::legal_aid::store::request::Place;

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
        #[param(inline)]
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
    channel: IntakeChannel,
    language: Language,
    requester: LegalAidRequesterView,
    /// Whether it is a family's account that asks, or is tied to it.
    has_account: bool,
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
    /// What the Centre refused before it was sent there once more.
    refused_before: Option<CentreDecisionView>,
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
    /// Whether a receipt can be printed.
    pub(in crate::legal_aid) has_receipt: bool,
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
        let mut allowed_actions = policy::actions(request, scope);
        allowed_actions.extend(beside.has_receipt.then_some(PRINT_RECEIPT));
        Self {
            id: request.id,
            reference: request.reference.clone(),
            code: request.code.clone(),
            status: request.status,
            channel: request.channel,
            language: request.language,
            requester: requester(secret.requester.clone()),
            has_account: request.user_id.is_some(),
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
            refused_before: secret.refused_before.as_ref().map(CentreDecisionView::of),
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
            allowed_actions,
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
