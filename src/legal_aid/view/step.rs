//! The bodies of the steps of a request.

use chrono::NaiveDate;
use serde::Deserialize;

use super::body::kept_day;
use crate::identity::UserId;
use crate::kernel::error::{Check, Fault};
use crate::legal_aid::model::{
    Assignment, Decision, DecisionResult, DocumentId, PaperKind, Redirection, RefusalReason, Wanted,
};
use crate::legal_aid::service::step::{Recorded, Sending};
use crate::office::safe_contact::ConfirmedHow;

/// The most letters of a note.
const NOTE_MAX: usize = 2000;
/// The most papers wanted at once.
const WANTED_MAX: usize = 20;

/// A day something happened on: none to come.
fn past_day(check: &mut Check, pointer: &str, day: Option<NaiveDate>, today: NaiveDate) {
    if let Some(day) = day {
        kept_day(check, pointer, day);
        check.rule(day <= today, pointer, "in-the-future");
    }
}

fn recorded(check: &mut Check, note: Option<&str>, document: Option<DocumentId>) -> Recorded {
    Recorded {
        note: check.block_opt("/note", note, NOTE_MAX),
        document,
    }
}

/// What may be noted with a step.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::legal_aid) struct LegalAidNoteBody {
    /// A note for staff; kept sealed.
    note: Option<String>,
    /// The paper that shows it, one of the request's.
    #[schema(value_type = Option<uuid::Uuid>)]
    document: Option<DocumentId>,
}

impl LegalAidNoteBody {
    /// The note.
    pub(in crate::legal_aid) fn read(&self) -> Result<Recorded, Fault> {
        let mut check = Check::new();
        let recorded = recorded(&mut check, self.note.as_deref(), self.document);
        check.done()?;
        Ok(recorded)
    }
}

/// A step that wants a reason.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::legal_aid) struct LegalAidReasonBody {
    /// Why; kept sealed.
    #[schema(example = "Trung tâm đề nghị làm rõ nội dung yêu cầu.")]
    reason: String,
    /// The paper that shows it, one of the request's.
    #[schema(value_type = Option<uuid::Uuid>)]
    document: Option<DocumentId>,
}

impl LegalAidReasonBody {
    /// The reason.
    pub(in crate::legal_aid) fn read(&self) -> Result<Recorded, Fault> {
        let mut check = Check::new();
        let note = words(&mut check, "/reason", &self.reason);
        check.done()?;
        Ok(Recorded {
            note: Some(note),
            document: self.document,
        })
    }
}

fn words(check: &mut Check, pointer: &str, raw: &str) -> String {
    let text = check.block_opt(pointer, Some(raw), NOTE_MAX);
    check.rule(text.is_some(), pointer, "required");
    text.unwrap_or_default()
}

/// A paper that is wanted.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::legal_aid) struct WantedPaperBody {
    /// Which.
    kind: PaperKind,
    /// In plain words for the family, where the kind does not say it.
    words: Option<String>,
}

/// Which papers are wanted of the family.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::legal_aid) struct RequestSupplementBody {
    /// All that is wanted now; an older list no longer counts.
    #[schema(min_items = 1, max_items = 20)]
    wanted: Vec<WantedPaperBody>,
    /// A note for staff; kept sealed.
    note: Option<String>,
}

impl RequestSupplementBody {
    /// The papers, and the note.
    pub(in crate::legal_aid) fn read(self) -> Result<(Vec<Wanted>, Recorded), Fault> {
        let mut check = Check::new();
        let is_fit = (1..=WANTED_MAX).contains(&self.wanted.len());
        check.rule(is_fit, "/wanted", "out-of-range");
        let papers = self.wanted.into_iter().take(WANTED_MAX).enumerate();
        let wanted = papers.map(|(index, paper)| {
            let pointer = format!("/wanted/{index}/words");
            Wanted {
                kind: paper.kind,
                words: check.line_opt(&pointer, paper.words.as_deref(), 300),
            }
        });
        let wanted = wanted.collect();
        let recorded = recorded(&mut check, self.note.as_deref(), None);
        check.done()?;
        Ok((wanted, recorded))
    }
}

/// What is handed in beside papers.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::legal_aid) struct SupplementBody {
    /// Whether what is still missing will follow.
    papers_to_follow: bool,
    /// In words; kept sealed.
    note: Option<String>,
}

impl SupplementBody {
    /// Whether the rest follows, and the note.
    pub(in crate::legal_aid) fn read(&self) -> Result<(bool, Recorded), Fault> {
        let mut check = Check::new();
        let recorded = recorded(&mut check, self.note.as_deref(), None);
        check.done()?;
        Ok((self.papers_to_follow, recorded))
    }
}

/// How it is sent to the Centre.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::legal_aid) struct ReferBody {
    /// The Centre or its branch; without one, the office's.
    centre: Option<String>,
    /// The day it was sent; without one, today.
    sent_on: Option<NaiveDate>,
    /// The number of the Phiếu chuyển.
    #[schema(example = "12/PC-UBND")]
    document_number: String,
    /// Goes on though papers of the category's set are missing.
    #[serde(default)]
    papers_to_follow: bool,
    /// A note for staff; kept sealed.
    note: Option<String>,
    /// The signed Phiếu chuyển, a paper of the request.
    #[schema(value_type = Option<uuid::Uuid>)]
    document: Option<DocumentId>,
}

impl ReferBody {
    /// How it is sent, and the note.
    pub(in crate::legal_aid) fn read(
        &self,
        today: NaiveDate,
    ) -> Result<(Sending, Recorded), Fault> {
        let mut check = Check::new();
        past_day(&mut check, "/sent_on", self.sent_on, today);
        let sending = Sending {
            centre: check.line_opt("/centre", self.centre.as_deref(), 200),
            sent_on: self.sent_on,
            document_number: check.line("/document_number", &self.document_number, 60),
            will_follow: self.papers_to_follow,
        };
        let recorded = recorded(&mut check, self.note.as_deref(), self.document);
        check.done()?;
        Ok((sending, recorded))
    }
}

/// The Centre's receipt.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::legal_aid) struct CentreReceiptBody {
    /// Its number.
    #[schema(example = "TN-118/2026")]
    receipt_number: String,
    /// The day the Centre received it; without one, today.
    received_on: Option<NaiveDate>,
    /// A note for staff; kept sealed.
    note: Option<String>,
    /// The receipt, a paper of the request.
    #[schema(value_type = Option<uuid::Uuid>)]
    document: Option<DocumentId>,
}

impl CentreReceiptBody {
    /// The number, the day and the note.
    pub(in crate::legal_aid) fn read(
        &self,
        today: NaiveDate,
    ) -> Result<(String, Option<NaiveDate>, Recorded), Fault> {
        let mut check = Check::new();
        past_day(&mut check, "/received_on", self.received_on, today);
        let number = check.line("/receipt_number", &self.receipt_number, 60);
        let recorded = recorded(&mut check, self.note.as_deref(), self.document);
        check.done()?;
        Ok((number, self.received_on, recorded))
    }
}

/// What the Centre decided. A refusal has a reason, a number and a date: it is in writing
/// (Law on Legal Aid 11/2017/QH14, Article 30).
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::legal_aid) struct CentreDecisionBody {
    /// Whether it took the matter on.
    result: DecisionResult,
    /// On what ground it did not; `as_written` wants its words.
    reason: Option<RefusalReason>,
    /// What the Centre wrote, which the family reads.
    words: Option<String>,
    /// The number of the document; a refusal has one.
    #[schema(example = "45/TB-TGPL")]
    number: Option<String>,
    /// Its date.
    date: NaiveDate,
    /// A note for staff; kept sealed.
    note: Option<String>,
    /// The decision, a paper of the request.
    #[schema(value_type = Option<uuid::Uuid>)]
    document: Option<DocumentId>,
}

impl CentreDecisionBody {
    /// The decision and the note.
    pub(in crate::legal_aid) fn read(
        &self,
        today: NaiveDate,
    ) -> Result<(Decision, Recorded), Fault> {
        let mut check = Check::new();
        past_day(&mut check, "/date", Some(self.date), today);
        let is_refusal = self.result == DecisionResult::Refused;
        let number = check.line_opt("/number", self.number.as_deref(), 60);
        let words = check.block_opt("/words", self.words.as_deref(), 4000);
        check.rule(!is_refusal || number.is_some(), "/number", "required");
        let is_reasoned = self.reason.is_some() == is_refusal;
        let code = if is_refusal {
            "required"
        } else {
            "not-with-this"
        };
        check.rule(is_reasoned, "/reason", code);
        let is_worded = self.reason != Some(RefusalReason::AsWritten) || words.is_some();
        check.rule(is_worded, "/words", "required");
        let recorded = recorded(&mut check, self.note.as_deref(), self.document);
        check.done()?;
        let decision = Decision {
            result: self.result,
            reason: self.reason,
            words,
            number,
            date: self.date,
        };
        Ok((decision, recorded))
    }
}

/// Whom the Centre named.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::legal_aid) struct CentreAssignmentBody {
    /// The person (người thực hiện trợ giúp pháp lý).
    #[schema(example = "Lê Thị Mai")]
    person: String,
    /// Their organisation.
    organisation: Option<String>,
    /// How the family reaches them.
    contact: Option<String>,
    /// Since when; without one, today.
    on: Option<NaiveDate>,
    /// A note for staff; kept sealed.
    note: Option<String>,
    /// The paper that says so, one of the request's.
    #[schema(value_type = Option<uuid::Uuid>)]
    document: Option<DocumentId>,
}

impl CentreAssignmentBody {
    /// The person and the note.
    pub(in crate::legal_aid) fn read(
        &self,
        today: NaiveDate,
    ) -> Result<(Assignment, Recorded), Fault> {
        let mut check = Check::new();
        past_day(&mut check, "/on", self.on, today);
        let assignment = Assignment {
            person: check.line("/person", &self.person, 200),
            organisation: check.line_opt("/organisation", self.organisation.as_deref(), 200),
            contact: check.line_opt("/contact", self.contact.as_deref(), 200),
            on: self.on.unwrap_or(today),
        };
        let recorded = recorded(&mut check, self.note.as_deref(), self.document);
        check.done()?;
        Ok((assignment, recorded))
    }
}

/// How it ended.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::legal_aid) struct LegalAidOutcomeBody {
    /// What came of it, which the family reads.
    #[schema(example = "Đã được tư vấn và hướng dẫn đăng ký khai sinh quá hạn.")]
    outcome: String,
    /// A note for staff; kept sealed.
    note: Option<String>,
    /// The paper that shows it, one of the request's.
    #[schema(value_type = Option<uuid::Uuid>)]
    document: Option<DocumentId>,
}

impl LegalAidOutcomeBody {
    /// The outcome and the note.
    pub(in crate::legal_aid) fn read(&self) -> Result<(String, Recorded), Fault> {
        let mut check = Check::new();
        let outcome = words(&mut check, "/outcome", &self.outcome);
        let recorded = recorded(&mut check, self.note.as_deref(), self.document);
        check.done()?;
        Ok((outcome, recorded))
    }
}

/// Which way the family is shown.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::legal_aid) struct LegalAidRedirectBody {
    /// Where to, which the family reads.
    #[schema(example = "Bộ phận hộ tịch của phường")]
    to: String,
    /// What was advised, which the family reads.
    advice: Option<String>,
    /// A note for staff; kept sealed.
    note: Option<String>,
}

impl LegalAidRedirectBody {
    /// The way and the note.
    pub(in crate::legal_aid) fn read(&self) -> Result<(Redirection, Recorded), Fault> {
        let mut check = Check::new();
        let redirection = Redirection {
            to: check.line("/to", &self.to, 300),
            advice: check.block_opt("/advice", self.advice.as_deref(), NOTE_MAX),
        };
        let recorded = recorded(&mut check, self.note.as_deref(), None);
        check.done()?;
        Ok((redirection, recorded))
    }
}

/// Why a family takes its request back; it need not say.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::legal_aid) struct LegalAidWithdrawBody {
    /// In its own words; kept sealed.
    reason: Option<String>,
}

impl LegalAidWithdrawBody {
    /// The reason.
    pub(in crate::legal_aid) fn read(&self) -> Result<Option<String>, Fault> {
        let mut check = Check::new();
        let reason = check.block_opt("/reason", self.reason.as_deref(), NOTE_MAX);
        check.done()?;
        Ok(reason)
    }
}

/// How the family was asked whether it means it.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::legal_aid) struct ConfirmWithdrawalBody {
    /// By which safe way: `in_person` or `by_phone`.
    how: ConfirmedHow,
    /// How the Centre was told; wanted where it has the request.
    centre_told: Option<String>,
    /// A note for staff; kept sealed.
    note: Option<String>,
}

impl ConfirmWithdrawalBody {
    /// The way, how the Centre was told, and the note.
    pub(in crate::legal_aid) fn read(
        &self,
    ) -> Result<(ConfirmedHow, Option<String>, Recorded), Fault> {
        let mut check = Check::new();
        let is_safe = self.how != ConfirmedHow::Own;
        check.rule(is_safe, "/how", "unknown-reference");
        let told = check.line_opt("/centre_told", self.centre_told.as_deref(), 300);
        let recorded = recorded(&mut check, self.note.as_deref(), None);
        check.done()?;
        Ok((self.how, told, recorded))
    }
}

/// A conflict of interest.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::legal_aid) struct DeclareConflictBody {
    /// Whose; without one, the caller's. A supervisor may say another's.
    #[schema(value_type = Option<uuid::Uuid>)]
    user: Option<UserId>,
    /// Why; kept sealed.
    reason: String,
}

impl DeclareConflictBody {
    /// Whose, and why.
    pub(in crate::legal_aid) fn read(&self, caller: UserId) -> Result<(UserId, String), Fault> {
        let mut check = Check::new();
        let reason = words(&mut check, "/reason", &self.reason);
        check.done()?;
        Ok((self.user.unwrap_or(caller), reason))
    }
}
