//! Difficulties on the wire.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::DifficultyId;
use super::service::{Written, can};
use super::status::DifficultyStatus;
use super::store::{Row, Words};
use crate::identity::UserId;
use crate::kernel::civil::Shown;
use crate::kernel::error::Check;
use crate::kernel::{AgencyId, Fault, Patch, Zone};
use crate::plan::policy::Standing;

/// The most characters of a title, and of who it goes to.
const LINE_MAX: usize = 300;
/// The most characters of a text.
const TEXT_MAX: usize = 4_000;
/// The most characters of why one is closed.
const REASON_MAX: usize = 1_000;
/// The most characters of a document's number.
const NUMBER_MAX: usize = 100;
/// The most characters of a task's code.
const TASK_MAX: usize = 20;

/// A day on which something happened: not one to come.
fn past(check: &mut Check, pointer: &str, day: NaiveDate, today: NaiveDate) {
    check.day(pointer, day);
    check.rule(day <= today, pointer, "in-the-future");
}

/// What a difficulty says, with its texts normalised and every rule it breaks noted.
fn checked(check: &mut Check, words: &Words, today: NaiveDate) -> Words {
    past(check, "/raised_on", words.raised_on, today);
    Words {
        plan_task: check.line_opt("/plan_task", words.plan_task.as_deref(), TASK_MAX),
        title: check.line("/title", &words.title, LINE_MAX),
        text: check.block("/text", &words.text, TEXT_MAX),
        proposal: check.block_opt("/proposal", words.proposal.as_deref(), TEXT_MAX),
        raised_on: words.raised_on,
    }
}

/// `POST /difficulties`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DifficultyBody {
    /// Whose it is; a contributor's own.
    agency: AgencyId,
    /// The task of the plan it is about, where it is about one.
    #[schema(max_length = 20, example = "2b")]
    plan_task: Option<String>,
    /// What it is called.
    #[schema(max_length = 300, example = "Thiếu người phiên dịch cho buổi tập huấn")]
    title: String,
    /// What it is.
    #[schema(max_length = 4000)]
    text: String,
    /// What the agency proposes.
    #[schema(max_length = 4000)]
    proposal: Option<String>,
    /// The office day it was raised on; without it, today.
    raised_on: Option<NaiveDate>,
}

impl DifficultyBody {
    pub(super) fn check(self, today: NaiveDate) -> Result<(AgencyId, Words), Fault> {
        let mut check = Check::new();
        let words = Words {
            plan_task: self.plan_task,
            title: self.title,
            text: self.text,
            proposal: self.proposal,
            raised_on: self.raised_on.unwrap_or(today),
        };
        let words = checked(&mut check, &words, today);
        check.done().map(|()| (self.agency, words))
    }
}

/// Changes of a difficulty: absent keeps, `null` clears what may be empty.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct DifficultyPatch {
    /// The task of the plan it is about.
    #[schema(value_type = Option<String>, max_length = 20, example = "2b")]
    plan_task: Patch<String>,
    /// What it is called.
    #[schema(value_type = String, max_length = 300)]
    title: Patch<String>,
    /// What it is.
    #[schema(value_type = String, max_length = 4000)]
    text: Patch<String>,
    /// What the agency proposes.
    #[schema(value_type = Option<String>, max_length = 4000)]
    proposal: Patch<String>,
    /// The office day it was raised on.
    #[schema(value_type = NaiveDate)]
    raised_on: Patch<NaiveDate>,
}

impl DifficultyPatch {
    /// What the difficulty says with the changes laid over it.
    pub(super) fn over(self, old: Words, today: NaiveDate) -> Result<Words, Fault> {
        let mut check = Check::new();
        let words = Words {
            plan_task: self.plan_task.over(old.plan_task),
            title: check.kept("/title", self.title).unwrap_or(old.title),
            text: check.kept("/text", self.text).unwrap_or(old.text),
            proposal: self.proposal.over(old.proposal),
            raised_on: check
                .kept("/raised_on", self.raised_on)
                .unwrap_or(old.raised_on),
        };
        let words = checked(&mut check, &words, today);
        check.done().map(|()| words)
    }
}

/// `POST /difficulties/{id}/forward`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DifficultyForwardBody {
    /// Who can solve it, and has it now.
    #[schema(max_length = 300, example = "Sở Tư pháp thành phố Hải Phòng")]
    to: String,
    /// The office day on which it was forwarded.
    on: NaiveDate,
    /// The number of the document it went with, where there is one.
    #[schema(max_length = 100, example = "112/UBND-VP")]
    document_number: Option<String>,
}

impl DifficultyForwardBody {
    pub(super) fn check(&self, today: NaiveDate) -> Result<Written, Fault> {
        let mut check = Check::new();
        past(&mut check, "/on", self.on, today);
        let number = self.document_number.as_deref();
        let written = Written {
            words: check.line("/to", &self.to, LINE_MAX),
            on: self.on,
            number: check.line_opt("/document_number", number, NUMBER_MAX),
        };
        check.done().map(|()| written)
    }
}

/// `POST /difficulties/{id}/answer`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DifficultyAnswerBody {
    /// What is answered.
    #[schema(max_length = 4000)]
    answer: String,
    /// The office day of the answer.
    on: NaiveDate,
    /// The number of the answer's document, where it has one.
    #[schema(max_length = 100)]
    number: Option<String>,
}

impl DifficultyAnswerBody {
    pub(super) fn check(&self, today: NaiveDate) -> Result<Written, Fault> {
        let mut check = Check::new();
        past(&mut check, "/on", self.on, today);
        let written = Written {
            words: check.block("/answer", &self.answer, TEXT_MAX),
            on: self.on,
            number: check.line_opt("/number", self.number.as_deref(), NUMBER_MAX),
        };
        check.done().map(|()| written)
    }
}

/// `POST /difficulties/{id}/close`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DifficultyCloseBody {
    /// Why nothing is left to do.
    #[schema(max_length = 1000)]
    reason: String,
}

impl DifficultyCloseBody {
    pub(super) fn check(&self) -> Result<String, Fault> {
        let mut check = Check::new();
        let reason = check.block("/reason", &self.reason, REASON_MAX);
        check.done().map(|()| reason)
    }
}

/// What an agency cannot solve by itself.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DifficultyView {
    /// Its id.
    id: DifficultyId,
    /// Whose it is.
    agency: AgencyId,
    /// The task of the plan it is about, where it is about one.
    #[schema(example = "2b")]
    plan_task: Option<String>,
    /// What it is called.
    title: String,
    /// What it is.
    text: String,
    /// What the agency proposes.
    proposal: Option<String>,
    /// The office day it was raised on.
    raised_on: NaiveDate,
    /// Who raised it.
    raised_by: UserId,
    /// Where it stands.
    status: DifficultyStatus,
    /// Who can solve it, and has it.
    forwarded_to: Option<String>,
    /// The day on which it was forwarded.
    forwarded_on: Option<NaiveDate>,
    /// The number of the document it went with.
    forward_number: Option<String>,
    /// Who forwarded it.
    forwarded_by: Option<UserId>,
    /// What was answered.
    answer: Option<String>,
    /// The day of the answer.
    answered_on: Option<NaiveDate>,
    /// The number of the answer's document.
    answer_number: Option<String>,
    /// Who wrote the answer down.
    answered_by: Option<UserId>,
    /// When it was closed.
    #[schema(value_type = Option<String>, format = DateTime)]
    closed_at: Option<Shown>,
    /// Who closed it.
    closed_by: Option<UserId>,
    /// Why nothing is left to do.
    closed_reason: Option<String>,
    /// Moves with every change.
    version: i32,
    /// When it was written down.
    #[schema(value_type = String, format = DateTime)]
    created_at: Shown,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Shown,
    /// What this caller can do with it now.
    allowed_actions: Vec<&'static str>,
}

impl DifficultyView {
    pub(super) fn of(zone: Zone, row: Row, standing: Standing) -> Self {
        let allowed_actions = row.status.allowed(can(standing, &row));
        Self {
            id: row.id,
            agency: row.agency_id,
            plan_task: row.plan_task,
            title: row.title,
            text: row.text,
            proposal: row.proposal,
            raised_on: row.raised_on,
            raised_by: row.raised_by_id,
            status: row.status,
            forwarded_to: row.forwarded_to,
            forwarded_on: row.forwarded_on,
            forward_number: row.forward_number,
            forwarded_by: row.forwarded_by_id,
            answer: row.answer,
            answered_on: row.answered_on,
            answer_number: row.answer_number,
            answered_by: row.answered_by_id,
            closed_at: row.closed_at.map(|at| zone.show(at)),
            closed_by: row.closed_by_id,
            closed_reason: row.closed_reason,
            version: row.version,
            created_at: zone.show(row.created_at),
            updated_at: zone.show(row.updated_at),
            allowed_actions,
        }
    }
}
