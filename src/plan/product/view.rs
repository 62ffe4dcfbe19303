//! Products on the wire.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::service::{Draft, Standing};
use super::status::ProductStatus;
use super::step::Issue;
use super::{Content, Done, Product, ProductFile, ProductFileId};
use crate::identity::UserId;
use crate::kernel::civil::Shown;
use crate::kernel::error::Check;
use crate::kernel::{AgencyId, Fault, Patch, Timestamp, Zone};
use crate::office::owed::{HeldSessionId, ProductId, ProductKind};
use crate::paper::incoming::FileKind;

/// The most letters of a title.
const TITLE_MAX: usize = 300;
/// The most letters of a task's code.
const CODE_MAX: usize = 20;
/// The most letters of a number.
const NUMBER_MAX: usize = 60;
/// The most letters of a signer's or a recipient's name.
const NAME_MAX: usize = 200;
/// The most recipients.
const RECIPIENTS_MAX: usize = 50;
/// The most letters of a note.
const NOTE_MAX: usize = 2_000;
/// The first year a product can be of.
const YEARS_FROM: i32 = 2000;
/// The most letters of a reason.
const REASON_MAX: usize = 500;

fn kind(check: &mut Check, kind: ProductKind) -> ProductKind {
    check.rule(!kind.is_made_by_reports(), "/kind", "made-by-reports");
    kind
}

fn year(check: &mut Check, year: i32) -> i32 {
    check.rule(
        (YEARS_FROM..=2199).contains(&year),
        "/report_year",
        "out-of-range",
    );
    year
}

fn recipients(check: &mut Check, raw: &[String]) -> Vec<String> {
    check.rule(raw.len() <= RECIPIENTS_MAX, "/recipients", "too-long");
    let each = raw.iter().take(RECIPIENTS_MAX).enumerate();
    each.map(|(index, one)| check.line(&format!("/recipients/{index}"), one, NAME_MAX))
        .collect()
}

/// `POST /products`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProductBody {
    /// What it is; the annual and the summary report are made by the reports.
    kind: ProductKind,
    /// What it is called.
    #[schema(
        max_length = 300,
        example = "Báo cáo kết quả tập huấn Luật Nuôi con nuôi, đợt 1"
    )]
    title: String,
    /// The code of the task it is a product of.
    #[schema(max_length = 20, example = "2b")]
    plan_task: String,
    /// The year whose report counts it; without it, the one whose reporting window holds the first day of
    /// the session, or today.
    report_year: Option<i32>,
    /// The session it is of, once that is announced.
    session_id: Option<HeldSessionId>,
    /// Whose it is; a contributor's own agency where it is missing.
    agency_id: Option<AgencyId>,
    /// Whom it goes to, up to fifty.
    #[serde(default)]
    #[schema(max_length = 200)]
    recipients: Vec<String>,
    /// A remark.
    #[schema(max_length = 2000)]
    note: Option<String>,
}

impl ProductBody {
    pub(super) fn read(&self) -> Result<Draft, Fault> {
        let mut check = Check::new();
        let report_year = self.report_year.map(|one| year(&mut check, one));
        let nobody = AgencyId::from_uuid(uuid::Uuid::nil());
        let content = Content {
            kind: kind(&mut check, self.kind),
            title: check.line("/title", &self.title, TITLE_MAX),
            plan_task: check.line("/plan_task", &self.plan_task, CODE_MAX),
            report_year: report_year.unwrap_or_default(),
            session_id: self.session_id,
            agency_id: self.agency_id.unwrap_or(nobody),
            recipients: recipients(&mut check, &self.recipients),
            note: check.block_opt("/note", self.note.as_deref(), NOTE_MAX),
        };
        check.done()?;
        Ok(Draft {
            agency_id: self.agency_id,
            report_year,
            content,
        })
    }
}

/// `PATCH /products/{id}`: absent keeps, `null` clears. Once it is approved, the note alone changes.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProductPatch {
    /// What it is.
    #[serde(default)]
    #[schema(value_type = Option<ProductKind>)]
    kind: Patch<ProductKind>,
    /// What it is called.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 300)]
    title: Patch<String>,
    /// The code of the task it is a product of.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 20)]
    plan_task: Patch<String>,
    /// The year whose report counts it.
    #[serde(default)]
    #[schema(value_type = Option<i32>)]
    report_year: Patch<i32>,
    /// The session it is of, once that is announced.
    #[serde(default)]
    #[schema(value_type = Option<uuid::Uuid>)]
    session_id: Patch<HeldSessionId>,
    /// Whose it is.
    #[serde(default)]
    #[schema(value_type = Option<uuid::Uuid>)]
    agency_id: Patch<AgencyId>,
    /// Whom it goes to, all of them.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>, max_length = 200)]
    recipients: Patch<Vec<String>>,
    /// A remark.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 2000)]
    note: Patch<String>,
}

impl ProductPatch {
    /// The content with these laid over it; every broken rule at once.
    pub(super) fn over(self, old: &Content) -> Result<Content, Fault> {
        let mut check = Check::new();
        let mut new = old.clone();
        if let Some(one) = check.kept("/kind", self.kind) {
            new.kind = kind(&mut check, one);
        }
        if let Some(raw) = check.kept("/title", self.title) {
            new.title = check.line("/title", &raw, TITLE_MAX);
        }
        if let Some(raw) = check.kept("/plan_task", self.plan_task) {
            new.plan_task = check.line("/plan_task", &raw, CODE_MAX);
        }
        if let Some(one) = check.kept("/report_year", self.report_year) {
            new.report_year = year(&mut check, one);
        }
        new.session_id = self.session_id.over(old.session_id);
        if let Some(agency) = check.kept("/agency_id", self.agency_id) {
            new.agency_id = agency;
        }
        if let Some(raw) = self.recipients.changed() {
            new.recipients = recipients(&mut check, &raw.unwrap_or_default());
        }
        if let Some(raw) = self.note.changed() {
            new.note = check.block_opt("/note", raw.as_deref(), NOTE_MAX);
        }
        check.done().map(|()| new)
    }
}

/// `POST /products/{id}/return-for-changes`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReturnProductBody {
    /// What is to be changed, kept until it is approved.
    #[schema(max_length = 500)]
    reason: String,
}

impl ReturnProductBody {
    pub(super) fn read(&self) -> Result<String, Fault> {
        let mut check = Check::new();
        let reason = check.line("/reason", &self.reason, REASON_MAX);
        check.done().map(|()| reason)
    }
}

/// `POST /products/{id}/issue`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct IssueProductBody {
    /// Its number, where it has one.
    #[schema(max_length = 60, example = "15/BC-UBND")]
    number: Option<String>,
    /// The day it bears: today or earlier.
    dated_on: NaiveDate,
    /// Who signed it.
    #[schema(max_length = 200)]
    signer: String,
    /// Whom it goes to, up to fifty; without it, those named before.
    #[schema(max_length = 200)]
    recipients: Option<Vec<String>>,
}

impl IssueProductBody {
    pub(super) fn read(&self, today: NaiveDate) -> Result<Issue, Fault> {
        let mut check = Check::new();
        check.day("/dated_on", self.dated_on);
        check.rule(self.dated_on <= today, "/dated_on", "in-the-future");
        let is_likely = self.dated_on.year() >= YEARS_FROM;
        check.rule(is_likely, "/dated_on", "out-of-range");
        let given = self.recipients.as_deref();
        let issue = Issue {
            number: check.line_opt("/number", self.number.as_deref(), NUMBER_MAX),
            dated_on: self.dated_on,
            signer: check.line("/signer", &self.signer, NAME_MAX),
            recipients: given.map(|raw| recipients(&mut check, raw)),
        };
        check.done().map(|()| issue)
    }
}

/// `POST /products/{id}/supersede`.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SupersedeProductBody {
    /// The product that takes its place: issued, of the same kind, not superseded itself.
    pub(super) by: ProductId,
}

/// Nothing but the file.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProductFileForm {}

/// Who took a step with a product, and when.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProductStepView {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Shown,
    /// By whom.
    by: Option<UserId>,
}

fn step(zone: Zone, done: Option<Done>) -> Option<ProductStepView> {
    let (at, by) = done?;
    let at = zone.show(at);
    Some(ProductStepView { at, by })
}

/// What took a product's place, and when.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProductSuccessionView {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Shown,
    /// The product in its place.
    by: Option<ProductId>,
}

/// The file of a product.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProductFileView {
    /// Its id; another file has another.
    id: ProductFileId,
    /// What the file is, by its content.
    media: FileKind,
    /// What it is called.
    name: String,
    /// In bytes.
    size: i32,
    /// Of the file as it is given back: positions and the like were taken out of photographs.
    sha256: String,
    /// Who sent it.
    uploaded_by: UserId,
    /// When it was sent.
    #[schema(value_type = String, format = DateTime)]
    uploaded_at: Shown,
}

impl ProductFileView {
    fn of(zone: Zone, file: ProductFile) -> Self {
        Self {
            id: file.id,
            media: file.media,
            name: file.name,
            size: file.size,
            sha256: file.sha256,
            uploaded_by: file.uploaded_by,
            uploaded_at: zone.show(file.created_at),
        }
    }
}

/// A product of the plan.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProductView {
    /// Its id.
    id: ProductId,
    /// What it is.
    kind: ProductKind,
    /// What it is called.
    title: String,
    /// The code of the task it is a product of.
    #[schema(example = "2b")]
    plan_task: String,
    /// The year whose report counts it.
    report_year: i32,
    /// The session it is of.
    session_id: Option<HeldSessionId>,
    /// Whose it is.
    agency_id: AgencyId,
    /// Its number, once it is issued with one.
    #[schema(example = "15/BC-UBND")]
    number: Option<String>,
    /// The day it bears, once it is issued.
    dated_on: Option<NaiveDate>,
    /// Who signed it, once it is issued.
    signer: Option<String>,
    /// Whom it goes to.
    recipients: Vec<String>,
    /// A remark.
    note: Option<String>,
    /// Where it stands.
    status: ProductStatus,
    /// Who handed it in.
    submitted: Option<ProductStepView>,
    /// Why it was given back, until it is approved.
    returned_reason: Option<String>,
    /// Who said that it may be issued.
    approved: Option<ProductStepView>,
    /// Who said that it was issued.
    issued: Option<ProductStepView>,
    /// What took its place.
    superseded: Option<ProductSuccessionView>,
    /// Its file.
    file: Option<ProductFileView>,
    /// Who entered it.
    created_by: UserId,
    /// Moves with every change.
    version: i32,
    /// When it was entered.
    #[schema(value_type = String, format = DateTime)]
    created_at: Shown,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Shown,
    /// What this caller can do with it now.
    allowed_actions: Vec<&'static str>,
}

impl ProductView {
    pub(super) fn of(zone: Zone, product: Product, standing: Standing) -> Self {
        let allowed_actions = standing.allowed(&product);
        let content = product.content;
        let succession = |(at, by): (Timestamp, Option<ProductId>)| ProductSuccessionView {
            at: zone.show(at),
            by,
        };
        Self {
            id: product.id,
            kind: content.kind,
            title: content.title,
            plan_task: content.plan_task,
            report_year: content.report_year,
            session_id: content.session_id,
            agency_id: content.agency_id,
            number: product.number,
            dated_on: product.dated_on,
            signer: product.signer,
            recipients: content.recipients,
            note: content.note,
            status: product.status,
            submitted: step(zone, product.submitted),
            returned_reason: product.returned_reason,
            approved: step(zone, product.approved),
            issued: step(zone, product.issued),
            superseded: product.superseded.map(succession),
            file: product.file.map(|file| ProductFileView::of(zone, file)),
            created_by: product.created_by,
            version: product.version,
            created_at: zone.show(product.created_at),
            updated_at: zone.show(product.updated_at),
            allowed_actions,
        }
    }
}
