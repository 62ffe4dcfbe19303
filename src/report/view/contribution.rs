//! An agency's part of a report on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::report::{ReportStepView, text};
use crate::kernel::civil::Shown;
use crate::kernel::error::Check;
use crate::kernel::{AgencyId, Fault, Patch, Zone};
use crate::report::model::{AgencyTexts, Contribution, ContributionId, ContributionStatus};
use crate::report::status::ContributionAction;

/// Where an agency's part stands.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ContributionState {
    agency_id: AgencyId,
    status: ContributionStatus,
}

impl ContributionState {
    pub(super) fn of(part: &Contribution) -> Self {
        Self {
            agency_id: part.agency_id,
            status: part.status,
        }
    }
}

/// An agency's part of a report.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::report) struct ContributionView {
    id: ContributionId,
    agency_id: AgencyId,
    status: ContributionStatus,
    texts: AgencyTexts,
    /// Why it was sent back the last time.
    returned_reason: Option<String>,
    submitted: Option<ReportStepView>,
    accepted: Option<ReportStepView>,
    version: i32,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Shown,
    /// What this caller can do with it now.
    allowed_actions: Vec<ContributionAction>,
}

impl ContributionView {
    pub(in crate::report) fn of(
        zone: Zone,
        part: Contribution,
        allowed: Vec<ContributionAction>,
    ) -> Self {
        Self {
            id: part.id,
            agency_id: part.agency_id,
            status: part.status,
            texts: part.texts,
            returned_reason: part.returned_reason,
            submitted: ReportStepView::of(zone, part.submitted),
            accepted: ReportStepView::of(zone, part.accepted),
            version: part.version,
            updated_at: zone.show(part.updated_at),
            allowed_actions: allowed,
        }
    }
}

/// The parts of a report that the caller sees, all of them: an agency has one.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::report) struct ContributionsView {
    /// In the order agencies were asked.
    pub(in crate::report) items: Vec<ContributionView>,
}

/// Changes what an agency writes.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::report) struct ContributionPatch {
    /// What it did for the plan's tasks.
    #[schema(value_type = Option<String>, max_length = 20000)]
    results: Patch<String>,
    /// What it finds hard.
    #[schema(value_type = Option<String>, max_length = 20000)]
    difficulties: Patch<String>,
    /// What it asks for.
    #[schema(value_type = Option<String>, max_length = 20000)]
    proposals: Patch<String>,
    /// What it will do next.
    #[schema(value_type = Option<String>, max_length = 20000)]
    next_period: Patch<String>,
}

/// A change of an agency's part that breaks no rule.
#[derive(Debug, Clone)]
pub(in crate::report) struct PartChange([Patch<String>; 4]);

impl ContributionPatch {
    pub(in crate::report) fn check(self) -> Result<PartChange, Fault> {
        let mut check = Check::new();
        let texts = [
            text(&mut check, "/results", self.results),
            text(&mut check, "/difficulties", self.difficulties),
            text(&mut check, "/proposals", self.proposals),
            text(&mut check, "/next_period", self.next_period),
        ];
        check.done().map(|()| PartChange(texts))
    }
}

impl PartChange {
    /// What the part says after it.
    pub(in crate::report) fn over(self, old: AgencyTexts) -> AgencyTexts {
        let [results, difficulties, proposals, next_period] = self.0;
        AgencyTexts {
            results: results.over(old.results),
            difficulties: difficulties.over(old.difficulties),
            proposals: proposals.over(old.proposals),
            next_period: next_period.over(old.next_period),
        }
    }
}
