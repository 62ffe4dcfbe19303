//! A report on the wire.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::contribution::ContributionState;
use super::step::lines;
use crate::identity::UserId;
use crate::kernel::civil::Shown;
use crate::kernel::error::Check;
use crate::kernel::{Fault, Patch, Timestamp, Zone};
use crate::paper::incoming::FileKind;
use crate::report::content::Content;
use crate::report::model::{
    Contribution, FiledWay, KeptFile, Report, ReportFileId, ReportFileKind, ReportId, ReportKind,
    Step, Texts,
};
use crate::report::status::{ReportAction, ReportStatus};

/// The most characters of a part of the text.
pub(super) const TEXT_MAX: usize = 20_000;

/// Who did a step of a report, and when.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReportStepView {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Shown,
    /// By whom.
    by: Option<UserId>,
}

impl ReportStepView {
    pub(super) fn of(zone: Zone, step: Step) -> Option<Self> {
        let (at, by) = step?;
        let at = zone.show(at);
        Some(Self { at, by })
    }
}

/// The seal of an issued report: what was entered after the cut-off is not in it.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::report) struct SealView {
    /// Until when entries count.
    #[schema(value_type = String, format = DateTime)]
    cut_off_at: Shown,
    /// By which rules it was counted.
    query_version: i32,
    /// The SHA-256 of the frozen content, in hex.
    sha256: String,
}

impl SealView {
    pub(in crate::report) fn of(
        zone: Zone,
        (cut_off_at, query_version, sha256): (Timestamp, i32, String),
    ) -> Self {
        Self {
            cut_off_at: zone.show(cut_off_at),
            query_version,
            sha256,
        }
    }
}

/// A file of a report.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::report) struct ReportFileView {
    id: ReportFileId,
    kind: ReportFileKind,
    /// What the file is, by its content.
    media: FileKind,
    name: String,
    /// In bytes.
    size: i32,
    /// Of the file as it is given back.
    sha256: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Shown,
}

impl ReportFileView {
    pub(in crate::report) fn of(zone: Zone, file: KeptFile) -> Self {
        Self {
            id: file.id,
            kind: file.kind,
            media: file.media,
            name: file.name,
            size: file.size,
            sha256: file.sha256,
            created_at: zone.show(file.created_at),
        }
    }
}

/// One edition of a report on the plan, without its figures.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::report) struct PlanReportView {
    id: ReportId,
    kind: ReportKind,
    #[schema(example = 2026)]
    year: i32,
    /// The first is 1; a later change is another.
    edition: i32,
    /// Why there is another; `null` for the first.
    edition_reason: Option<String>,
    /// The first office day it counts.
    from: NaiveDate,
    /// The last one.
    to: NaiveDate,
    status: ReportStatus,
    texts: Texts,
    /// Until when agencies send their part.
    contributions_due_on: Option<NaiveDate>,
    /// Where the parts stand that the caller sees.
    contributions: Vec<ContributionState>,
    /// Why it was sent back the last time.
    returned_reason: Option<String>,
    consolidated: Option<ReportStepView>,
    approved: Option<ReportStepView>,
    /// Its number; `null` until it is issued.
    number: Option<String>,
    dated_on: Option<NaiveDate>,
    signer: Option<String>,
    recipients: Vec<String>,
    issued: Option<ReportStepView>,
    /// What it was frozen as; `null` until it is issued.
    seal: Option<SealView>,
    filed: Option<ReportStepView>,
    filed_way: Option<FiledWay>,
    files: Vec<ReportFileView>,
    version: i32,
    #[schema(value_type = String, format = DateTime)]
    created_at: Shown,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Shown,
    /// What this caller can do with it now.
    allowed_actions: Vec<ReportAction>,
}

/// What belongs to a report beside its own row.
pub(in crate::report) struct Around {
    pub(in crate::report) parts: Vec<Contribution>,
    pub(in crate::report) files: Vec<KeptFile>,
    pub(in crate::report) seal: Option<(Timestamp, i32, String)>,
    pub(in crate::report) allowed: Vec<ReportAction>,
}

impl PlanReportView {
    pub(in crate::report) fn of(zone: Zone, report: Report, around: Around) -> Self {
        let step = |step| ReportStepView::of(zone, step);
        let files = around.files.into_iter();
        Self {
            id: report.id,
            kind: report.kind,
            year: report.year,
            edition: report.edition,
            edition_reason: report.edition_reason,
            from: report.period.0,
            to: report.period.1,
            status: report.status,
            texts: report.texts,
            contributions_due_on: report.contributions_due_on,
            contributions: around.parts.iter().map(ContributionState::of).collect(),
            returned_reason: report.returned_reason,
            consolidated: step(report.consolidated),
            approved: step(report.approved),
            number: report.number,
            dated_on: report.dated_on,
            signer: report.signer,
            recipients: report.recipients,
            issued: step(report.issued),
            seal: around.seal.map(|seal| SealView::of(zone, seal)),
            filed: step(report.filed),
            filed_way: report.filed_way,
            files: files.map(|file| ReportFileView::of(zone, file)).collect(),
            version: report.version,
            created_at: zone.show(report.created_at),
            updated_at: zone.show(report.updated_at),
            allowed_actions: around.allowed,
        }
    }
}

/// What a report says: its figures, its texts, the agencies' parts.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::report) struct ReportContentView {
    /// Whether it is frozen; otherwise it was counted just now.
    pub(in crate::report) is_frozen: bool,
    /// Whether a frozen one would say something else today: another edition tells it.
    pub(in crate::report) has_moved: bool,
    /// Its seal, where it is frozen.
    pub(in crate::report) seal: Option<SealView>,
    /// What it says.
    #[serde(flatten)]
    pub(in crate::report) content: Content,
}

/// Changes what is written into a report.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::report) struct PlanReportPatch {
    /// I. How the work was led.
    #[schema(value_type = Option<String>, max_length = 20000)]
    situation: Patch<String>,
    /// II. What was done for the tasks, beside what is counted.
    #[schema(value_type = Option<String>, max_length = 20000)]
    results: Patch<String>,
    /// III. On counselling, beside what is counted.
    #[schema(value_type = Option<String>, max_length = 20000)]
    counselling: Patch<String>,
    /// IV. On legal aid, beside what is counted.
    #[schema(value_type = Option<String>, max_length = 20000)]
    legal_aid: Patch<String>,
    /// V. What is hard.
    #[schema(value_type = Option<String>, max_length = 20000)]
    difficulties: Patch<String>,
    /// VI. What is asked for.
    #[schema(value_type = Option<String>, max_length = 20000)]
    proposals: Patch<String>,
    /// VII. What comes next.
    #[schema(value_type = Option<String>, max_length = 20000)]
    next_period: Patch<String>,
    /// Whom it goes to, up to fifty.
    #[schema(max_length = 200)]
    recipients: Option<Vec<String>>,
}

/// A text as it is changed: blank ones are none.
pub(super) fn text(check: &mut Check, at: &str, patch: Patch<String>) -> Patch<String> {
    match patch {
        Patch::Set(raw) => match check.block_opt(at, Some(&raw), TEXT_MAX) {
            Some(text) => Patch::Set(text),
            None => Patch::Clear,
        },
        other => other,
    }
}

/// A change of a report that breaks no rule.
#[derive(Debug, Clone)]
pub(in crate::report) struct Change {
    texts: [Patch<String>; 7],
    recipients: Option<Vec<String>>,
}

impl PlanReportPatch {
    pub(in crate::report) fn check(self) -> Result<Change, Fault> {
        let mut check = Check::new();
        let texts = [
            text(&mut check, "/situation", self.situation),
            text(&mut check, "/results", self.results),
            text(&mut check, "/counselling", self.counselling),
            text(&mut check, "/legal_aid", self.legal_aid),
            text(&mut check, "/difficulties", self.difficulties),
            text(&mut check, "/proposals", self.proposals),
            text(&mut check, "/next_period", self.next_period),
        ];
        let raw = self.recipients.as_deref();
        let recipients = raw.map(|raw| lines(&mut check, "/recipients", raw));
        check.done().map(|()| Change { texts, recipients })
    }
}

impl Change {
    /// What a report says after it.
    pub(in crate::report) fn over(self, report: &Report) -> (Texts, Vec<String>) {
        let old = report.texts.clone();
        let [
            situation,
            results,
            counselling,
            legal_aid,
            difficulties,
            proposals,
            next_period,
        ] = self.texts;
        let texts = Texts {
            situation: situation.over(old.situation),
            results: results.over(old.results),
            counselling: counselling.over(old.counselling),
            legal_aid: legal_aid.over(old.legal_aid),
            difficulties: difficulties.over(old.difficulties),
            proposals: proposals.over(old.proposals),
            next_period: next_period.over(old.next_period),
        };
        let recipients = self.recipients.unwrap_or_else(|| report.recipients.clone());
        (texts, recipients)
    }
}
