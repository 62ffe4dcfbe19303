//! The bodies of the steps that tell what went to the Centre and what came of it.

use chrono::NaiveDate;
use serde::Deserialize;

use super::step::{past_day, recorded};
use crate::kernel::error::{Check, Fault};
use crate::legal_aid::model::{Assignment, Decision, DecisionResult, DocumentId, RefusalReason};
use crate::legal_aid::service::step::{Recorded, Sending};

/// How it is sent to the Centre.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::legal_aid) struct ReferBody {
    /// The Centre or its branch; without one, the office's.
    #[schema(max_length = 200)]
    centre: Option<String>,
    /// The day it was sent; without one, today.
    sent_on: Option<NaiveDate>,
    /// The number of the Phiếu chuyển.
    #[schema(example = "12/PC-UBND", max_length = 60)]
    document_number: String,
    /// Goes on though papers of the category's set are missing.
    #[serde(default)]
    papers_to_follow: bool,
    /// A note for staff; kept sealed.
    #[schema(max_length = 2000)]
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
    #[schema(example = "TN-118/2026", max_length = 60)]
    receipt_number: String,
    /// The day the Centre received it; without one, today.
    received_on: Option<NaiveDate>,
    /// A note for staff; kept sealed.
    #[schema(max_length = 2000)]
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
    #[schema(max_length = 4000)]
    words: Option<String>,
    /// The number of the document; a refusal has one.
    #[schema(example = "45/TB-TGPL", max_length = 60)]
    number: Option<String>,
    /// Its date.
    date: NaiveDate,
    /// A note for staff; kept sealed.
    #[schema(max_length = 2000)]
    note: Option<String>,
    /// The decision, a paper of the request.
    #[schema(value_type = Option<uuid::Uuid>)]
    document: Option<DocumentId>,
    /// Whether it puts right what was recorded: another result than the one that stands wants it,
    /// so that of two officers the later does not write over the first without knowing.
    #[serde(default)]
    pub(in crate::legal_aid) correct: bool,
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
    #[schema(example = "Lê Thị Mai", max_length = 200)]
    person: String,
    /// Their organisation.
    #[schema(max_length = 200)]
    organisation: Option<String>,
    /// How the family reaches them.
    #[schema(max_length = 200)]
    contact: Option<String>,
    /// Since when; without one, today.
    on: Option<NaiveDate>,
    /// A note for staff; kept sealed.
    #[schema(max_length = 2000)]
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
