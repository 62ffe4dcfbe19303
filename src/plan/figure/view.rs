//! Indicators and figures on the wire.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::service::{FigureSum, Shown, sound};
use super::status::FigureStatus;
use super::{FigureFields, FigureId, Indicator, IndicatorFields, IndicatorId, IndicatorKind};
use crate::identity::UserId;
use crate::kernel::civil::Shown as Time;
use crate::kernel::error::Check;
use crate::kernel::{AgencyId, Fault, Patch, Zone};
use crate::plan::policy::Hand;

/// The most characters of a title.
const TITLE_MAX: usize = 200;
/// The most characters of a unit.
const UNIT_MAX: usize = 50;
/// The most characters of what names a document.
const DOCUMENT_MAX: usize = 200;
/// The most characters of a note.
const NOTE_MAX: usize = 1_000;
/// The most characters of a reason.
const REASON_MAX: usize = 500;
/// The most a figure counts.
const AMOUNT_MAX: i64 = 1_000_000_000;

/// `POST /plan/tasks/{code}/indicators`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct IndicatorBody {
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
    pub(super) fn check(self) -> Result<IndicatorFields, Fault> {
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
pub(super) struct IndicatorPatch {
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

fn replace<T>(slot: &mut T, new: Option<T>) {
    if let Some(new) = new {
        *slot = new;
    }
}

fn line(check: &mut Check, pointer: &str, patch: Patch<String>, max: usize) -> Option<String> {
    let raw = check.kept(pointer, patch)?;
    Some(check.line(pointer, &raw, max))
}

impl IndicatorPatch {
    pub(super) fn check(self) -> Result<impl FnOnce(&mut IndicatorFields), Fault> {
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
pub(super) struct IndicatorView {
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
    created_at: Time,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Time,
    /// What this caller can do with it now; `record` enters a figure.
    allowed_actions: Vec<&'static str>,
}

impl IndicatorView {
    pub(super) fn of(zone: Zone, hand: Hand, one: Indicator) -> Self {
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

/// `POST /plan/tasks/{code}/figures`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FigureBody {
    /// What is counted.
    indicator_id: IndicatorId,
    /// The first office day it counts.
    from: NaiveDate,
    /// The last one, which is over, or today; a year at most.
    to: NaiveDate,
    /// How many.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    amount: i64,
    /// The document it is read from.
    #[schema(max_length = 200, example = "12/BC-TYT")]
    source_document: String,
    /// What else is to be known.
    #[schema(max_length = 1000)]
    note: Option<String>,
}

fn amount_fits(amount: i64) -> bool {
    (0..=AMOUNT_MAX).contains(&amount)
}

impl FigureBody {
    pub(super) fn check(self, today: NaiveDate) -> Result<(IndicatorId, FigureFields), Fault> {
        let mut check = Check::new();
        let fields = FigureFields {
            from: self.from,
            to: self.to,
            amount: self.amount,
            source_document: check.line("/source_document", &self.source_document, DOCUMENT_MAX),
            note: check.block_opt("/note", self.note.as_deref(), NOTE_MAX),
        };
        sound(&mut check, &fields, today);
        check.rule(amount_fits(self.amount), "/amount", "out-of-range");
        check.done().map(|()| (self.indicator_id, fields))
    }
}

/// `PATCH /plan/tasks/{code}/figures/{id}`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FigurePatch {
    /// The first office day it counts.
    #[schema(value_type = Option<NaiveDate>)]
    #[serde(default)]
    from: Patch<NaiveDate>,
    /// The last one, which is over, or today; a year at most.
    #[schema(value_type = Option<NaiveDate>)]
    #[serde(default)]
    to: Patch<NaiveDate>,
    /// How many.
    #[schema(value_type = Option<i64>, minimum = 0, maximum = 1_000_000_000)]
    #[serde(default)]
    amount: Patch<i64>,
    /// The document it is read from.
    #[schema(value_type = Option<String>, max_length = 200)]
    #[serde(default)]
    source_document: Patch<String>,
    /// What else is to be known.
    #[schema(value_type = Option<String>, max_length = 1000)]
    #[serde(default)]
    note: Patch<String>,
}

impl FigurePatch {
    pub(super) fn check(self) -> Result<impl FnOnce(&mut FigureFields), Fault> {
        let mut check = Check::new();
        let (from, to) = (check.kept("/from", self.from), check.kept("/to", self.to));
        let amount = check.kept("/amount", self.amount);
        check.rule(amount.is_none_or(amount_fits), "/amount", "out-of-range");
        let document = self.source_document;
        let document = line(&mut check, "/source_document", document, DOCUMENT_MAX);
        let note = self.note.changed();
        let note = note.map(|raw| check.block_opt("/note", raw.as_deref(), NOTE_MAX));
        check.done().map(|()| {
            move |fields: &mut FigureFields| {
                replace(&mut fields.from, from);
                replace(&mut fields.to, to);
                replace(&mut fields.amount, amount);
                replace(&mut fields.source_document, document);
                replace(&mut fields.note, note);
            }
        })
    }
}

/// `POST /plan/tasks/{code}/figures/{id}/withdraw`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WithdrawFigureBody {
    /// Why it counts no more.
    #[schema(max_length = 500)]
    reason: String,
}

impl WithdrawFigureBody {
    pub(super) fn check(&self) -> Result<String, Fault> {
        let mut check = Check::new();
        let reason = check.line("/reason", &self.reason, REASON_MAX);
        check.done().map(|()| reason)
    }
}

/// That a figure was taken back.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FigureWithdrawnView {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Time,
    /// By whom.
    by: Option<UserId>,
    /// Why.
    reason: Option<String>,
}

/// How many there were in some days.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FigureView {
    /// Its id.
    id: FigureId,
    /// The task it is counted for.
    plan_task: String,
    /// What is counted.
    indicator_id: IndicatorId,
    /// Whose people enter it.
    agency_id: AgencyId,
    /// The first office day it counts.
    from: NaiveDate,
    /// The last one.
    to: NaiveDate,
    /// The year whose report counts it: that of its last day; `null` before the first report.
    report_year: Option<i32>,
    /// How many.
    amount: i64,
    /// The document it is read from.
    source_document: String,
    /// What else is to be known.
    note: Option<String>,
    /// Whether it counts.
    status: FigureStatus,
    /// That it was taken back, where it was.
    withdrawn: Option<FigureWithdrawnView>,
    /// Who entered it.
    entered_by: UserId,
    /// Moves with every change.
    version: i32,
    /// When it was entered.
    #[schema(value_type = String, format = DateTime)]
    created_at: Time,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Time,
    /// What this caller can do with it now.
    allowed_actions: Vec<&'static str>,
}

impl FigureView {
    pub(super) fn of(zone: Zone, hand: Hand, shown: Shown) -> Self {
        let (figure, indicator) = (shown.figure, shown.indicator);
        let status = FigureStatus::of(&figure);
        let (by, reason) = (figure.withdrawn_by_id, figure.withdrawn_reason);
        let withdrawn = figure.withdrawn_at.map(|at| FigureWithdrawnView {
            at: zone.show(at),
            by,
            reason,
        });
        Self {
            id: figure.id,
            plan_task: indicator.plan_task,
            indicator_id: indicator.id,
            agency_id: indicator.agency_id,
            from: figure.from_on,
            to: figure.to_on,
            report_year: shown.report_year,
            amount: figure.amount,
            source_document: figure.source_document,
            note: figure.note,
            status,
            withdrawn,
            entered_by: figure.entered_by_id,
            version: figure.version,
            created_at: zone.show(figure.created_at),
            updated_at: zone.show(figure.updated_at),
            allowed_actions: if hand.reaches(indicator.agency_id) {
                status.allowed()
            } else {
                Vec::new()
            },
        }
    }
}

/// What a period came to for one indicator.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FigureSumView {
    /// What is counted.
    indicator_id: IndicatorId,
    /// Its kind.
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
    /// The sum of what was entered.
    amount: i64,
    /// How many figures it is the sum of; none where nothing was entered.
    entries: usize,
}

impl FigureSumView {
    fn of(sum: FigureSum) -> Self {
        Self {
            indicator_id: sum.indicator_id,
            kind: sum.kind,
            title_vi: sum.title_vi,
            title_en: sum.title_en,
            unit_vi: sum.unit_vi,
            unit_en: sum.unit_en,
            agency_id: sum.agency_id,
            amount: sum.amount,
            entries: sum.entries,
        }
    }
}

/// One page of figures.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FiguresView {
    /// The rows.
    pub(super) items: Vec<FigureView>,
    /// Where the next page starts; `null` on the last.
    pub(super) next_cursor: Option<String>,
    /// How many rows there are in all, where `include=total` asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) total: Option<i64>,
    /// What the whole period came to by indicator, whatever the page; `null` where none is asked for.
    pub(super) sums: Option<Vec<FigureSumView>>,
}

impl FiguresView {
    pub(super) fn sums(sums: Option<Vec<FigureSum>>) -> Option<Vec<FigureSumView>> {
        let sums = sums?.into_iter();
        Some(sums.map(FigureSumView::of).collect())
    }
}
