//! Indicators on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{line, replace};
use crate::kernel::civil::Shown;
use crate::kernel::error::Check;
use crate::kernel::{AgencyId, Fault, Patch, Zone};
use crate::plan::figure::{Indicator, IndicatorFields, IndicatorId, IndicatorKind};
use crate::plan::policy::Hand;

/// The most characters of a title.
const TITLE_MAX: usize = 200;
/// The most characters of a unit.
const UNIT_MAX: usize = 50;

/// `POST /plan/tasks/{code}/indicators`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::plan::figure) struct IndicatorBody {
    /// What it counts.
    kind: IndicatorKind,
    /// What it is called, in Vietnamese.
    #[schema(max_length = 200)]
    title_vi: String,
    /// What it is called, in English; default the Vietnamese one.
    #[schema(max_length = 200)]
    title_en: Option<String>,
    /// What it is counted in, in Vietnamese.
    #[schema(max_length = 50, example = "tờ")]
    unit_vi: String,
    /// What it is counted in, in English; default the Vietnamese one.
    #[schema(max_length = 50, example = "copies")]
    unit_en: Option<String>,
    /// Whose people enter it.
    agency_id: AgencyId,
}

impl IndicatorBody {
    pub(in crate::plan::figure) fn check(self) -> Result<IndicatorFields, Fault> {
        let mut check = Check::new();
        let title_vi = check.line("/title_vi", &self.title_vi, TITLE_MAX);
        let title_en = check.line_opt("/title_en", self.title_en.as_deref(), TITLE_MAX);
        let unit_vi = check.line("/unit_vi", &self.unit_vi, UNIT_MAX);
        let unit_en = check.line_opt("/unit_en", self.unit_en.as_deref(), UNIT_MAX);
        let fields = IndicatorFields {
            kind: self.kind,
            title_en: title_en.unwrap_or_else(|| title_vi.clone()),
            title_vi,
            unit_en: unit_en.unwrap_or_else(|| unit_vi.clone()),
            unit_vi,
            agency_id: self.agency_id,
            is_active: true,
        };
        check.done().map(|()| fields)
    }
}

/// `PATCH /plan/tasks/{code}/indicators/{id}`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::plan::figure) struct IndicatorPatch {
    /// What it counts.
    #[schema(value_type = Option<IndicatorKind>)]
    #[serde(default)]
    kind: Patch<IndicatorKind>,
    /// What it is called, in Vietnamese.
    #[schema(value_type = Option<String>, max_length = 200)]
    #[serde(default)]
    title_vi: Patch<String>,
    /// What it is called, in English.
    #[schema(value_type = Option<String>, max_length = 200)]
    #[serde(default)]
    title_en: Patch<String>,
    /// What it is counted in, in Vietnamese.
    #[schema(value_type = Option<String>, max_length = 50)]
    #[serde(default)]
    unit_vi: Patch<String>,
    /// What it is counted in, in English.
    #[schema(value_type = Option<String>, max_length = 50)]
    #[serde(default)]
    unit_en: Patch<String>,
    /// Whose people enter it.
    #[schema(value_type = Option<AgencyId>)]
    #[serde(default)]
    agency_id: Patch<AgencyId>,
    /// Whether it takes further figures.
    #[schema(value_type = Option<bool>)]
    #[serde(default)]
    is_active: Patch<bool>,
}

impl IndicatorPatch {
    pub(in crate::plan::figure) fn check(self) -> Result<impl FnOnce(&mut IndicatorFields), Fault> {
        let mut check = Check::new();
        let kind = check.kept("/kind", self.kind);
        let title_vi = line(&mut check, "/title_vi", self.title_vi, TITLE_MAX);
        let title_en = line(&mut check, "/title_en", self.title_en, TITLE_MAX);
        let unit_vi = line(&mut check, "/unit_vi", self.unit_vi, UNIT_MAX);
        let unit_en = line(&mut check, "/unit_en", self.unit_en, UNIT_MAX);
        let agency_id = check.kept("/agency_id", self.agency_id);
        let is_active = check.kept("/is_active", self.is_active);
        check.done().map(|()| {
            move |fields: &mut IndicatorFields| {
                replace(&mut fields.kind, kind);
                replace(&mut fields.title_vi, title_vi);
                replace(&mut fields.title_en, title_en);
                replace(&mut fields.unit_vi, unit_vi);
                replace(&mut fields.unit_en, unit_en);
                replace(&mut fields.agency_id, agency_id);
                replace(&mut fields.is_active, is_active);
            }
        })
    }
}

/// Something that is counted for a task of the plan.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::plan::figure) struct IndicatorView {
    /// Its id.
    id: IndicatorId,
    /// The task it is counted for.
    plan_task: String,
    /// What it counts.
    kind: IndicatorKind,
    /// What it is called, in Vietnamese.
    title_vi: String,
    /// What it is called, in English.
    title_en: String,
    /// What it is counted in, in Vietnamese.
    unit_vi: String,
    /// What it is counted in, in English.
    unit_en: String,
    /// Whose people enter it.
    agency_id: AgencyId,
    /// Whether it takes further figures.
    is_active: bool,
    /// Moves with every change.
    version: i32,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Shown,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Shown,
    /// What this caller can do with it now; `record` enters a figure.
    allowed_actions: Vec<&'static str>,
}

impl IndicatorView {
    pub(in crate::plan::figure) fn of(zone: Zone, hand: Hand, one: Indicator) -> Self {
        let mut allowed_actions = Vec::new();
        if hand == Hand::Everybody {
            allowed_actions.push("edit");
        }
        if one.is_active && hand.reaches(one.agency_id) {
            allowed_actions.push("record");
        }
        Self {
            id: one.id,
            plan_task: one.plan_task,
            kind: one.kind,
            title_vi: one.title_vi,
            title_en: one.title_en,
            unit_vi: one.unit_vi,
            unit_en: one.unit_en,
            agency_id: one.agency_id,
            is_active: one.is_active,
            version: one.version,
            created_at: zone.show(one.created_at),
            updated_at: zone.show(one.updated_at),
            allowed_actions,
        }
    }
}
