//! Figures on the wire.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{line, replace};
use crate::identity::UserId;
use crate::kernel::civil::Shown as Time;
use crate::kernel::error::Check;
use crate::kernel::{AgencyId, Fault, Patch, Zone};
use crate::plan::figure::service::{FigureSum, Shown, sound};
use crate::plan::figure::status::FigureStatus;
use crate::plan::figure::{FigureFields, FigureId, IndicatorId, IndicatorKind};
use crate::plan::policy::Hand;

/// The most characters of what names a document.
const DOCUMENT_MAX: usize = 200;
/// The most characters of a note.
const NOTE_MAX: usize = 1_000;
/// The most characters of a reason.
const REASON_MAX: usize = 500;
/// The most a figure counts.
const AMOUNT_MAX: i64 = 1_000_000_000;

/// `POST /plan/tasks/{code}/figures`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::plan::figure) struct FigureBody {
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
    pub(in crate::plan::figure) fn check(
        self,
        today: NaiveDate,
    ) -> Result<(IndicatorId, FigureFields), Fault> {
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
pub(in crate::plan::figure) struct FigurePatch {
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
    pub(in crate::plan::figure) fn check(self) -> Result<impl FnOnce(&mut FigureFields), Fault> {
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
pub(in crate::plan::figure) struct WithdrawFigureBody {
    /// Why it counts no more.
    #[schema(max_length = 500)]
    reason: String,
}

impl WithdrawFigureBody {
    pub(in crate::plan::figure) fn check(&self) -> Result<String, Fault> {
        let mut check = Check::new();
        let reason = check.line("/reason", &self.reason, REASON_MAX);
        check.done().map(|()| reason)
    }
}

/// That a figure was taken back.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::plan::figure) struct FigureWithdrawnView {
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
pub(in crate::plan::figure) struct FigureView {
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
    pub(in crate::plan::figure) fn of(zone: Zone, hand: Hand, shown: Shown) -> Self {
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
pub(in crate::plan::figure) struct FigureSumView {
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
pub(in crate::plan::figure) struct FiguresView {
    /// The rows.
    pub(in crate::plan::figure) items: Vec<FigureView>,
    /// Where the next page starts; `null` on the last.
    pub(in crate::plan::figure) next_cursor: Option<String>,
    /// How many rows there are in all, where `include=total` asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::plan::figure) total: Option<i64>,
    /// What the whole period came to by indicator, whatever the page; `null` where none is asked for.
    pub(in crate::plan::figure) sums: Option<Vec<FigureSumView>>,
}

impl FiguresView {
    pub(in crate::plan::figure) fn sums(
        sums: Option<Vec<FigureSum>>,
    ) -> Option<Vec<FigureSumView>> {
        let sums = sums?.into_iter();
        Some(sums.map(FigureSumView::of).collect())
    }
}
