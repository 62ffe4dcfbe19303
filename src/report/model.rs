//! What a report on the plan is.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::status::ReportStatus;
use crate::identity::UserId;
use crate::kernel::text_enum::text_enum;
use crate::kernel::{AgencyId, Id, Timestamp};
use crate::office::period::Period;
use crate::paper::incoming::FileKind;
use crate::sealed::DataKeyId;

/// Marks ids of reports.
#[derive(Debug)]
pub enum PlanReport {}
/// The id of one edition of a report.
pub type ReportId = Id<PlanReport>;

/// Marks ids of agencies' parts.
#[derive(Debug)]
pub enum ReportContribution {}
/// The id of an agency's part of a report.
pub type ContributionId = Id<ReportContribution>;

/// Marks ids of a report's files.
#[derive(Debug)]
pub enum ReportFile {}
/// The id of a file that belongs to a report.
pub type ReportFileId = Id<ReportFile>;

text_enum! {
    /// Which report on the plan.
    pub enum ReportKind {
        /// The yearly one (the plan, III.1).
        Annual = "annual",
        /// The one over all years (the plan, II.8).
        Summary = "summary",
    }
}

text_enum! {
    /// Where an agency's part stands.
    pub enum ContributionStatus {
        /// Nothing has come.
        Wanted = "wanted",
        /// It was handed in.
        Submitted = "submitted",
        /// It was sent back, with a reason.
        Returned = "returned",
        /// It is part of the report.
        Accepted = "accepted",
    }
}

text_enum! {
    /// What a file of a report is.
    pub enum ReportFileKind {
        /// The report as it was signed.
        Signed = "signed",
        /// What proves that it was filed.
        Proof = "proof",
    }
}

text_enum! {
    /// How a report went to whoever it is owed to.
    pub enum FiledWay {
        /// By the state's exchange of documents (trục liên thông văn bản).
        EDocument = "e_document",
        /// By post.
        Post = "post",
        /// Handed over.
        InPerson = "in_person",
        /// By e-mail.
        Email = "email",
    }
}

/// What people write into a report: the parts of its outline that no count can fill
/// (`domain.md` §7).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Texts {
    /// I. How the work was led.
    pub situation: Option<String>,
    /// II. What was done for the tasks, beside what is counted.
    pub results: Option<String>,
    /// III. On counselling, beside what is counted.
    pub counselling: Option<String>,
    /// IV. On legal aid, beside what is counted.
    pub legal_aid: Option<String>,
    /// V. What is hard.
    pub difficulties: Option<String>,
    /// VI. What is asked for.
    pub proposals: Option<String>,
    /// VII. What comes next.
    pub next_period: Option<String>,
}

/// What an agency writes for a report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AgencyTexts {
    /// What it did for the plan's tasks.
    pub results: Option<String>,
    /// What it finds hard.
    pub difficulties: Option<String>,
    /// What it asks for.
    pub proposals: Option<String>,
    /// What it will do next.
    pub next_period: Option<String>,
}

impl AgencyTexts {
    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Who did a step, and when.
pub type Step = Option<(Timestamp, Option<UserId>)>;

/// One edition of a report.
#[derive(Debug, Clone)]
pub struct Report {
    /// Its id.
    pub id: ReportId,
    /// Which report.
    pub kind: ReportKind,
    /// Of which year.
    pub year: i32,
    /// The first is 1.
    pub edition: i32,
    /// Why there is another.
    pub edition_reason: Option<String>,
    /// The days it counts.
    pub period: Period,
    /// Where it stands.
    pub status: ReportStatus,
    /// What was written.
    pub texts: Texts,
    /// Until when agencies send their part.
    pub contributions_due_on: Option<NaiveDate>,
    /// Why it was sent back the last time.
    pub returned_reason: Option<String>,
    /// Put together.
    pub consolidated: Step,
    /// Approved.
    pub approved: Step,
    /// `15/BC-UBND`.
    pub number: Option<String>,
    /// The day on it.
    pub dated_on: Option<NaiveDate>,
    /// Who signed it.
    pub signer: Option<String>,
    /// Whom it goes to.
    pub recipients: Vec<String>,
    /// Issued: its figures are frozen.
    pub issued: Step,
    /// Filed.
    pub filed: Step,
    /// How.
    pub filed_way: Option<FiledWay>,
    /// What its files are sealed by.
    pub data_key_id: Option<DataKeyId>,
    /// Moves with every change of its own.
    pub version: i32,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// An agency's part of a report.
#[derive(Debug, Clone)]
pub struct Contribution {
    /// Its id.
    pub id: ContributionId,
    /// The edition it belongs to.
    pub report_id: ReportId,
    /// Whose it is.
    pub agency_id: AgencyId,
    /// Where it stands.
    pub status: ContributionStatus,
    /// What was written.
    pub texts: AgencyTexts,
    /// Why it was sent back the last time.
    pub returned_reason: Option<String>,
    /// Handed in.
    pub submitted: Step,
    /// Taken.
    pub accepted: Step,
    /// Moves with every change.
    pub version: i32,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A file of a report.
#[derive(Debug, Clone)]
pub struct KeptFile {
    /// Its id, which the stored file has, too.
    pub id: ReportFileId,
    /// What it is of the report.
    pub kind: ReportFileKind,
    /// What it is by its content.
    pub media: FileKind,
    /// Its name.
    pub name: String,
    /// In bytes.
    pub size: i32,
    /// Its SHA-256, in hex.
    pub sha256: String,
    /// When it came.
    pub created_at: Timestamp,
}
