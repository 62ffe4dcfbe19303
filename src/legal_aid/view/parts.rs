//! What a request is made of, on the wire; families and staff see most of it alike.

use chrono::NaiveDate;
use serde::Serialize;

use crate::legal_aid::clock::Urgency;
use crate::legal_aid::model::{
    Assignment, Decision, DecisionResult, PaperKind, Redirection, RefusalReason, Relation, Request,
    Requester, Sex, SignedBy, UrgencyLevel, UrgencyReason,
};
use crate::legal_aid::status::Status;
use crate::office::circumstance::Circumstance;
use crate::office::safe_contact::{ConfirmedHow, SafeContactView};

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

/// Who asks, on the wire.
pub(super) fn requester(requester: Requester) -> LegalAidRequesterView {
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

/// How it was written down, on the wire.
pub(super) fn assisted_entry(request: &Request) -> Option<LegalAidAssistedEntryView> {
    let entry = request.secret.assisted_entry.as_ref()?;
    Some(LegalAidAssistedEntryView {
        written_by: entry.written_by,
        read_back: entry.read_back,
        signed_by: entry.signed_by,
    })
}

/// How it was sent to the Centre, on the wire.
pub(super) fn referral(request: &Request) -> Option<LegalAidReferralView> {
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

/// How a withdrawal was asked for, on the wire.
pub(super) fn withdrawal(request: &Request) -> Option<LegalAidWithdrawalView> {
    let one = request.secret.withdrawal.clone()?;
    Some(LegalAidWithdrawalView {
        reason: one.reason,
        confirmed_by: one.confirmed_by,
        confirmed_how: one.confirmed_how,
        centre_told: one.centre_told,
        needs_supervisor: request.tells_of_harm(),
    })
}
