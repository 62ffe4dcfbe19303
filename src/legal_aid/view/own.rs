//! A request, as the family that made it sees it: where it stands in plain words, what is wanted
//! and by when, what the Centre wrote; never an officer's note.

use chrono::NaiveDate;
use serde::Serialize;

use super::parts::{
    CentreAssignmentView, CentreDecisionView, LegalAidChildView, LegalAidRedirectionView,
    LegalAidRequesterView, LegalAidUrgencyView, WantedPaperView, child, requester, wanted,
};
use crate::http::list_query;
use crate::kernel::civil::Shown;
use crate::kernel::{Language, Timestamp, Zone};
use crate::legal_aid::model::{
    Decision, DecisionResult, NextActor, PaperKind, Request, RequestId, Requester, Stage,
};
use crate::legal_aid::policy::{self, Scope};

list_query! {
    /// Which of one's own requests.
    pub(in crate::legal_aid) struct OwnLegalAidRequestsQuery {
        /// Changed since.
        updated_since: Timestamp,
    }
}

/// What can be done about a refusal.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::legal_aid) struct ComplaintView {
    /// Who takes a complaint.
    pub(in crate::legal_aid) to: String,
    /// The last day for it at the earliest: the days run from the Centre's decision, where they do not
    /// from when the family learnt of it.
    pub(in crate::legal_aid) until: NaiveDate,
    /// The day of the decision.
    pub(in crate::legal_aid) counts_from: NaiveDate,
    /// What sets that day.
    pub(in crate::legal_aid) source: String,
    /// Whether the office has looked it up there; else say that the day may be another.
    pub(in crate::legal_aid) verified: bool,
}

/// A request, as the family that made it sees it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::legal_aid) struct OwnLegalAidRequestView {
    id: RequestId,
    code: String,
    stage: Stage,
    /// The stage in the family's language.
    stage_text: &'static str,
    language: Language,
    requester: LegalAidRequesterView,
    child: LegalAidChildView,
    category: Option<String>,
    field: Option<String>,
    form_wanted: Option<String>,
    summary: Option<String>,
    urgency: LegalAidUrgencyView,
    papers_to_follow: bool,
    /// Papers of the category's set that are not there; shown with one request, empty in a list.
    missing_papers: Vec<PaperKind>,
    /// What is wanted now.
    wanted: Vec<WantedPaperView>,
    /// Whose turn it is.
    next_actor: NextActor,
    /// By when.
    next_due_on: Option<NaiveDate>,
    submitted_on: Option<NaiveDate>,
    /// The number of the Centre's receipt.
    receipt_number: Option<String>,
    /// What the Centre decided; in a list never a refusal: whoever opens the request has read it.
    decision: Option<CentreDecisionView>,
    /// What the Centre refused before it was sent there once more.
    refused_before: Option<CentreDecisionView>,
    /// Where a refusal can be complained of, and until when.
    complaint: Option<ComplaintView>,
    /// What else can be done after a refusal, in the family's language.
    what_else: Option<&'static str>,
    assignment: Option<CentreAssignmentView>,
    redirection: Option<LegalAidRedirectionView>,
    outcome: Option<String>,
    withdrawal_requested_at: Option<Shown>,
    version: i32,
    created_at: Shown,
    updated_at: Shown,
    allowed_actions: Vec<&'static str>,
}

/// What is shown with one request, and not in a list.
#[derive(Debug, Default)]
pub(in crate::legal_aid) struct OwnBeside {
    /// Whether the request was opened.
    pub(in crate::legal_aid) is_opened: bool,
    /// Papers that are missing.
    pub(in crate::legal_aid) missing: Vec<PaperKind>,
    /// What can be done about a refusal.
    pub(in crate::legal_aid) complaint: Option<ComplaintView>,
}

impl OwnLegalAidRequestView {
    /// A family's own request.
    pub(in crate::legal_aid) fn of(
        zone: Zone,
        request: &Request,
        scope: &Scope,
        beside: OwnBeside,
    ) -> Self {
        let secret = &request.secret;
        let stage = request.status.stage();
        let language = request.language;
        let is_shown = |one: &&Decision| beside.is_opened || one.result != DecisionResult::Refused;
        let decision = secret.decision.as_ref().filter(is_shown);
        let refused_before = secret.refused_before.as_ref().filter(is_shown);
        let is_refused = beside.complaint.is_some() && secret.decision.is_some();
        Self {
            id: request.id,
            code: request.code.clone(),
            stage,
            stage_text: stage_text(language, stage),
            language,
            requester: requester(own(&secret.requester)),
            child: child(request),
            category: request.category.clone(),
            field: request.field.clone(),
            form_wanted: request.form_wanted.clone(),
            summary: secret.summary.clone(),
            urgency: request.clock.urgency.into(),
            papers_to_follow: request.has_papers_to_follow,
            missing_papers: beside.missing,
            wanted: wanted(request),
            next_actor: request.clock.next_actor,
            next_due_on: request.clock.due_on,
            submitted_on: request.submitted_on,
            receipt_number: secret
                .referral
                .as_ref()
                .and_then(|sent| sent.receipt_number.clone()),
            decision: decision.map(CentreDecisionView::of),
            refused_before: refused_before.map(CentreDecisionView::of),
            complaint: beside.complaint,
            what_else: is_refused.then(|| what_else(language)),
            assignment: secret.assignment.as_ref().map(CentreAssignmentView::of),
            redirection: secret.redirection.as_ref().map(LegalAidRedirectionView::of),
            outcome: secret.outcome.clone(),
            withdrawal_requested_at: request.withdrawal_requested_at.map(|at| zone.show(at)),
            version: request.version,
            created_at: zone.show(request.created_at),
            updated_at: zone.show(request.updated_at),
            allowed_actions: policy::actions(request, scope),
        }
    }
}

/// Who asks, as the family sees it.
fn own(requester: &Requester) -> Requester {
    let requester = requester.clone();
    Requester {
        safe_contact: requester.safe_contact.for_family(),
        ..requester
    }
}

fn stage_text(language: Language, stage: Stage) -> &'static str {
    let (vi, en) = match stage {
        Stage::Draft => ("Chưa gửi", "Not sent yet"),
        Stage::Received => ("Phường đã nhận", "The ward has received it"),
        Stage::PapersWanted => ("Cần thêm giấy tờ", "More papers are needed"),
        Stage::WithCentre => (
            "Đã chuyển Trung tâm, đang chờ trả lời",
            "Sent to the Centre, which has yet to answer",
        ),
        Stage::Accepted => ("Trung tâm đã nhận làm", "The Centre has taken it on"),
        Stage::InProgress => ("Đang được thực hiện", "Being worked on"),
        Stage::NotAccepted => ("Trung tâm chưa nhận làm", "The Centre has not taken it on"),
        Stage::ShownAnotherWay => ("Đã hướng dẫn nơi khác", "Another way was shown"),
        Stage::Completed => ("Đã hoàn thành", "Completed"),
        Stage::Ended => ("Đã kết thúc", "Ended"),
        Stage::Withdrawn => ("Đã rút lại", "Withdrawn"),
    };
    language.pick(vi, en)
}

fn what_else(language: Language) -> &'static str {
    language.pick(
        "Phường vẫn có thể giúp: gửi lại khi có giấy tờ mới, hướng dẫn viết đơn khiếu nại, hoặc chỉ \
         nơi khác có thể giúp. Xin gọi hoặc đến bàn đón tiếp.",
        "The ward can still help: send it again with new papers, help to write a complaint, or show \
         who else may help. Please call or come to the front desk.",
    )
}
