//! What the steps of a report are asked with.

use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::kernel::error::Check;
use crate::kernel::{AgencyId, Fault, Timestamp};
use crate::report::model::{FiledWay, ReportFileKind};
use crate::report::service::step::{Asked, Issued, Sent};

/// The most characters of a number, a name, a recipient.
const LINE_MAX: usize = 200;
/// The most characters of a reason.
const REASON_MAX: usize = 1_000;
/// The most recipients, and the most agencies that are asked.
const LIST_MAX: usize = 50;

/// `POST /reports/annual`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::report) struct ReportBody {
    /// The year it is of: its days are those of the office's `reporting_window`; the summary's all
    /// from the first.
    #[schema(example = 2026)]
    pub(in crate::report) year: i32,
}

/// `POST …/request-contributions`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::report) struct ContributionsBody {
    /// Who is asked; without a list every active agency of the ward's own but the one that writes
    /// the report. Those asked before stay asked.
    #[schema(max_items = 50)]
    agencies: Option<Vec<AgencyId>>,
    /// The last day for it.
    due_on: NaiveDate,
}

impl ContributionsBody {
    pub(in crate::report) fn check(self) -> Result<Asked, Fault> {
        let mut check = Check::new();
        check.day("/due_on", self.due_on);
        let is_short = self
            .agencies
            .as_ref()
            .is_none_or(|all| all.len() <= LIST_MAX);
        check.rule(is_short, "/agencies", "out-of-range");
        check.done()?;
        Ok(Asked {
            agencies: self.agencies,
            due_on: self.due_on,
        })
    }
}

/// `POST …/consolidate`.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::report) struct ConsolidateBody {
    /// That the caller knows which parts are missing.
    pub(in crate::report) acknowledge_missing: bool,
}

/// A step that says why.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::report) struct ReportReasonBody {
    /// Why.
    #[schema(max_length = 1000)]
    reason: String,
}

impl ReportReasonBody {
    pub(in crate::report) fn check(&self) -> Result<String, Fault> {
        let mut check = Check::new();
        let reason = check.block("/reason", &self.reason, REASON_MAX);
        check.done().map(|()| reason)
    }
}

/// `POST …/issue`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::report) struct IssueBody {
    /// Its number, as it is printed.
    #[schema(max_length = 200, example = "15/BC-UBND")]
    number: String,
    /// The day on it; not in the future.
    dated_on: NaiveDate,
    /// Who signs it.
    #[schema(max_length = 200, example = "Phạm Việt Anh")]
    signer: String,
    /// Whom it goes to, up to fifty; without a list those it has.
    #[schema(max_length = 200)]
    recipients: Option<Vec<String>>,
}

/// The lines of a list of recipients.
pub(super) fn lines(check: &mut Check, at: &str, raw: &[String]) -> Vec<String> {
    check.rule(!raw.is_empty(), at, "required");
    check.rule(raw.len() <= LIST_MAX, at, "out-of-range");
    let lines = raw.iter().take(LIST_MAX).enumerate();
    lines
        .map(|(index, line)| check.line(&format!("{at}/{index}"), line, LINE_MAX))
        .collect()
}

impl IssueBody {
    pub(in crate::report) fn check(&self) -> Result<Issued, Fault> {
        let mut check = Check::new();
        check.day("/dated_on", self.dated_on);
        let recipients = self.recipients.as_deref();
        let issued = Issued {
            number: check.line("/number", &self.number, LINE_MAX),
            dated_on: self.dated_on,
            signer: check.line("/signer", &self.signer, LINE_MAX),
            recipients: recipients.map(|raw| lines(&mut check, "/recipients", raw)),
        };
        check.done().map(|()| issued)
    }
}

/// `POST …/file`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::report) struct FileBody {
    /// When it went out; without it, now.
    filed_at: Option<Timestamp>,
    /// How.
    way: FiledWay,
}

impl FileBody {
    pub(in crate::report) fn check(&self, now: Timestamp) -> Result<Sent, Fault> {
        let at = self.filed_at.unwrap_or(now);
        let mut check = Check::new();
        check.rule(at <= now, "/filed_at", "in-the-future");
        check.done()?;
        Ok(Sent { at, way: self.way })
    }
}

/// What a file of a report is said to be.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::report) struct ReportFileForm {
    /// The signed report, or the proof that it was filed.
    pub(in crate::report) kind: ReportFileKind,
}
