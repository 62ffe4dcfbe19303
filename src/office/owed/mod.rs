//! The products of the plan, and those that a held session owes: its report, where the plan wants one
//! of its task, until it is there or somebody says why there is none.
//!
//! Sessions and products are slices of their own that know nothing of each other: what ties them
//! stands here.

mod store;

use uuid::Uuid;

use super::calendar;
use super::error::Error;
use super::plan;
use super::work::Work;
use super::work_item::{self, NewWorkItem, WorkItemKind};
use crate::db::{self, Conn};
use crate::identity::Role;
use crate::kernel::text_enum::text_enum;
use crate::kernel::{Id, OfficeId, Timestamp};

/// Marks ids of products of the plan.
#[derive(Debug)]
pub enum PlanProduct {}
/// The id of a product.
pub type ProductId = Id<PlanProduct>;

/// Marks ids of sessions, as products name them.
#[derive(Debug)]
pub enum HeldSession {}
/// The id of a session that a product is of.
pub type HeldSessionId = Id<HeldSession>;

text_enum! {
    /// What a product of the plan is.
    pub enum ProductKind {
        /// The report of a conference.
        ConferenceReport = "conference_report",
        /// The report of a training.
        TrainingReport = "training_report",
        /// The report of a survey.
        SurveyReport = "survey_report",
        /// The report of outreach.
        OutreachReport = "outreach_report",
        /// The report of a review.
        ReviewReport = "review_report",
        /// The report of an inspection.
        InspectionReport = "inspection_report",
        /// Material for outreach.
        OutreachMaterial = "outreach_material",
        /// A document that guides others.
        GuidanceDocument = "guidance_document",
        /// A plan of how something is carried out.
        ImplementationPlan = "implementation_plan",
        /// The rules by which agencies work together.
        CoordinationRegulation = "coordination_regulation",
        /// The yearly report on the plan.
        AnnualReport = "annual_report",
        /// The report on the plan as a whole.
        SummaryReport = "summary_report",
        /// Anything else.
        Other = "other",
    }
}

impl ProductKind {
    /// Whether the reports on the plan make it, and nobody enters it.
    pub const fn is_made_by_reports(self) -> bool {
        matches!(self, Self::AnnualReport | Self::SummaryReport)
    }
}

text_enum! {
    /// Whether what a session owes is there.
    pub enum OwedStatus {
        /// Not yet.
        Owed = "owed",
        /// It was issued.
        Delivered = "delivered",
        /// Somebody said why there is none.
        Waived = "waived",
    }
}

/// A product that a session owes, or owed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    /// Which session.
    pub session_id: HeldSessionId,
    /// What it owes.
    pub kind: ProductKind,
    /// Whether it is there.
    pub status: OwedStatus,
    /// The product, where it is.
    pub product_id: Option<ProductId>,
    /// Why there is none, where somebody said so.
    pub waived_reason: Option<String>,
}

/// A session is held: it owes a product of this kind where the plan wants one of any of its tasks. One
/// that was issued before counts, and what was delivered or waived is owed no second time.
///
/// # Errors
/// When storage fails.
pub fn owe(
    work: &mut Work<'_>,
    (session, kind): (HeldSessionId, ProductKind),
    tasks: &[&str],
) -> db::Result<()> {
    let office = work.office_id();
    if !is_wanted(work.conn, (office, kind), tasks)? {
        return Ok(());
    }
    if store::find(work.conn, (office, session, kind))?.is_some() {
        return Ok(());
    }
    let issued = store::issued(work.conn, (office, session, kind))?;
    store::insert(work.conn, work.now, (office, session, kind), issued)?;
    if issued.is_some() {
        return Ok(());
    }
    let due_at = due_at(work)?;
    let item = NewWorkItem {
        office,
        kind: WorkItemKind::ProductOwed,
        subject_kind: "training-session",
        subject: session.uuid(),
        owner: None,
        role: Some(Role::Organiser),
        due_at: Some(due_at),
        // Held again after it was reopened, it is another occasion.
        once: &work.now.micros().to_string(),
    };
    work_item::hand_out(work, &item, false)?;
    Ok(())
}

fn is_wanted(
    conn: &mut Conn,
    (office, kind): (OfficeId, ProductKind),
    tasks: &[&str],
) -> db::Result<bool> {
    for code in tasks {
        let task = plan::find(conn, office, code)?;
        let lists = |task: plan::Task| task.products.iter().any(|one| one == kind.as_str());
        if task.is_some_and(lists) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The end of the last working day a product is waited for.
fn due_at(work: &mut Work<'_>) -> db::Result<Timestamp> {
    let days = work.settings()?.policies.product_days.value.unsigned_abs();
    let calendar = calendar::load(work.conn, work.office_id())?;
    let today = work.zone().day(work.now);
    let last = calendar::add_working_days(&calendar, today, days).day;
    Ok(work.zone().day_range(last, last).1)
}

/// A session is reopened: what it still owes is owed no longer, what is there or was waived stays.
///
/// # Errors
/// When storage fails.
pub fn release(work: &mut Work<'_>, session: HeldSessionId) -> db::Result<()> {
    let office = work.office_id();
    if store::drop_owed(work.conn, (office, session))? > 0 {
        let kinds = [WorkItemKind::ProductOwed];
        work_item::close_for(work.conn, work.now, session.uuid(), &kinds)?;
    }
    Ok(())
}

/// A product of a session was issued: what is owed of its kind is there, waived or not.
///
/// # Errors
/// When storage fails.
pub fn deliver(
    work: &mut Work<'_>,
    (session, kind): (HeldSessionId, ProductKind),
    product: ProductId,
) -> db::Result<()> {
    let what = (work.office_id(), session, kind);
    // A session that is completed meanwhile either sees the product or is seen here.
    store::lock_session(work.conn, what.0, session)?;
    if store::deliver(work.conn, work.now, what, product)? {
        let facts = serde_json::json!({"kind": kind, "product": product});
        let action = "training-session.product-delivered";
        work.audit(action, "training-session", session.uuid(), facts)?;
        settle(work, session)?;
    }
    Ok(())
}

/// Another product took one's place: what the one delivered, the other delivers now.
///
/// # Errors
/// When storage fails.
pub fn pass_on(work: &mut Work<'_>, old: ProductId, new: ProductId) -> db::Result<()> {
    let office = work.office_id();
    store::pass_on(work.conn, work.now, office, (old, new))
}

/// Says why there is no product of a kind that a session owes.
///
/// # Errors
/// `product-not-owed`.
pub fn waive(
    work: &mut Work<'_>,
    (session, kind): (HeldSessionId, ProductKind),
    reason: &str,
) -> Result<(), Error> {
    let what = (work.office_id(), session, kind);
    if !store::waive(work.conn, work.now, what, (reason, work.actor))? {
        return Err(Error::ProductNotOwed);
    }
    let facts = serde_json::json!({"kind": kind});
    let action = "training-session.waive-product";
    work.audit(action, "training-session", session.uuid(), facts)?;
    Ok(settle(work, session)?)
}

/// Ends what waits about a session once it owes nothing more.
fn settle(work: &mut Work<'_>, session: HeldSessionId) -> db::Result<()> {
    let owed = of(work.conn, work.office_id(), &[session])?;
    if owed.iter().any(|one| one.status == OwedStatus::Owed) {
        return Ok(());
    }
    let (id, kinds): (Uuid, _) = (session.uuid(), [WorkItemKind::ProductOwed]);
    match work.actor {
        Some(user) => work_item::close_by(work.conn, work.now, id, &kinds, user)?,
        None => work_item::close_for(work.conn, work.now, id, &kinds)?,
    };
    Ok(())
}

/// What some sessions owe or owed, in the order of their kinds.
///
/// # Errors
/// When storage fails.
pub fn of(conn: &mut Conn, office: OfficeId, sessions: &[HeldSessionId]) -> db::Result<Vec<Owed>> {
    if sessions.is_empty() {
        return Ok(Vec::new());
    }
    store::of(conn, office, sessions)
}

/// What is still owed in an office.
///
/// # Errors
/// When storage fails.
pub fn open_of(conn: &mut Conn, office: OfficeId) -> db::Result<Vec<Owed>> {
    store::open_of(conn, office)
}

/// When a session of the office begins that products can be of; none where it is not the office's, or
/// still a draft.
///
/// # Errors
/// When storage fails.
pub fn held_at(
    conn: &mut Conn,
    office: OfficeId,
    session: HeldSessionId,
) -> db::Result<Option<Timestamp>> {
    store::held_at(conn, office, session)
}
