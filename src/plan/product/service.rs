//! Entering a product, finding it, changing it, removing it; and who may do what with it now.

use serde_json::json;

use super::status::{ProductAction, ProductStatus};
use super::store::{self, Wanted};
use super::{Content, Product};
use crate::http::request::Expected;
use crate::identity::UserId;
use crate::kernel::error::Check;
use crate::kernel::{AgencyId, Fault};
use crate::office::approval::Approver;
use crate::office::owed::{self, HeldSessionId, ProductId};
use crate::office::work::Work;
use crate::office::{agency, plan};
use crate::plan::error::Error;
use crate::plan::policy::Hand;

/// What decides, beside its state, what a caller may do with a product.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    hand: Hand,
    /// A reporter, who says yes or no.
    approver: Option<Approver>,
}

impl Standing {
    /// How a caller stands to the products of the office.
    pub(super) fn of(
        work: &mut Work<'_>,
        (hand, is_reporter): (Hand, bool),
    ) -> Result<Self, Error> {
        let approver = if is_reporter {
            Some(Approver::of(work)?)
        } else {
            None
        };
        Ok(Self { hand, approver })
    }

    /// The actions on a product that would succeed.
    pub(super) fn allowed(self, product: &Product) -> Vec<&'static str> {
        let possible = ProductAction::ALL
            .iter()
            .filter(|action| self.allows(product, **action));
        possible.map(|action| action.as_str()).collect()
    }

    fn allows(self, product: &Product, action: ProductAction) -> bool {
        let is_theirs = if action.is_decision() {
            self.approver.is_some()
        } else {
            self.hand.reaches(product.content.agency_id)
        };
        let is_ready = match action {
            ProductAction::Approve => self.may_approve(product),
            ProductAction::Issue => product.file.is_some(),
            _ => true,
        };
        is_theirs && is_ready && product.status.after(action).is_some()
    }

    /// Whether the caller is a reporter who may approve what was handed in.
    pub(super) fn may_approve(self, product: &Product) -> bool {
        let by = product.submitted.and_then(|(_, by)| by);
        self.approver.is_some_and(|one| one.may_approve(by))
    }
}

/// One page, one row too many, and how many there are where asked.
pub(super) fn list(
    work: &mut Work<'_>,
    wanted: &Wanted<'_>,
    before: Option<ProductId>,
    (limit, wants_total): (i64, bool),
) -> Result<(Vec<Product>, Option<i64>), Error> {
    if let Some(task) = wanted.plan_task
        && !plan::task_exists(work.conn, work.office.id, task)?
    {
        return Err(Fault::rule("plan_task", "unknown-reference").into());
    }
    let office = work.office_id();
    let rows = store::page(work.conn, office, wanted, before, limit + 1)?;
    let total = if wants_total {
        Some(store::count(work.conn, office, wanted)?)
    } else {
        None
    };
    Ok((rows, total))
}

/// A product of the office.
pub(super) fn load(work: &mut Work<'_>, id: ProductId) -> Result<Product, Error> {
    let office = work.office_id();
    Ok(store::find(work.conn, office, id)?.ok_or(Fault::NotFound)?)
}

/// A product, locked, whose state allows an action of this caller.
pub(super) fn lock_for(
    work: &mut Work<'_>,
    standing: Standing,
    (id, action): (ProductId, ProductAction),
) -> Result<(Product, ProductStatus), Error> {
    let office = work.office_id();
    store::lock(work.conn, office, id)?;
    let product = load(work, id)?;
    if !action.is_decision() {
        standing.hand.require(product.content.agency_id)?;
    }
    let after = product.status.after(action);
    let after = after.ok_or_else(|| Fault::Transition {
        current: product.status.as_str(),
        action: action.as_str(),
        allowed: standing.allowed(&product),
    })?;
    work.require_seen(product.version)?;
    Ok((product, after))
}

/// Writes a product's next version.
pub(super) fn save(work: &mut Work<'_>, product: &mut Product, action: &str) -> Result<(), Error> {
    let office = work.office_id();
    product.version += 1;
    product.updated_at = work.now;
    store::update(work.conn, office, product)?;
    note(work, product, action)
}

fn note(work: &mut Work<'_>, product: &Product, action: &str) -> Result<(), Error> {
    let facts = json!({"status": product.status, "version": product.version});
    Ok(work.audit(action, "product", product.id.uuid(), facts)?)
}

/// A product as it is entered first.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    /// Whose it is; a contributor's own where it says nothing.
    pub(super) agency_id: Option<AgencyId>,
    /// The year whose report counts it; the current one where it says nothing.
    pub(super) report_year: Option<i32>,
    /// The rest; its agency and year are those above.
    pub(super) content: Content,
}

/// Enters a product.
pub(super) fn create(
    work: &mut Work<'_>,
    standing: Standing,
    (author, draft): (UserId, Draft),
) -> Result<Product, Error> {
    let agency = draft.agency_id.or(match standing.hand {
        Hand::Own(own) => own,
        Hand::Everybody => None,
    });
    let mut content = draft.content;
    content.agency_id = match (agency, standing.hand) {
        (Some(agency), _) => agency,
        (None, Hand::Own(_)) => return Err(Fault::Forbidden.into()),
        (None, Hand::Everybody) => return Err(Fault::rule("/agency_id", "required").into()),
    };
    standing.hand.require(content.agency_id)?;
    content.report_year = match draft.report_year {
        Some(year) => year,
        None => year_of(work, content.session_id)?,
    };
    check_references(work, (&content, None))?;
    let product = Product {
        id: ProductId::new(work.now),
        content,
        number: None,
        dated_on: None,
        signer: None,
        status: ProductStatus::Draft,
        submitted: None,
        returned_reason: None,
        approved: None,
        issued: None,
        superseded: None,
        data_key_id: None,
        created_by: author,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
        file: None,
    };
    let office = work.office_id();
    store::insert(work.conn, office, &product)?;
    note(work, &product, "product.create")?;
    Ok(product)
}

/// The year whose reporting window holds the day of the session, or else today; before the first
/// one, the calendar's.
fn year_of(work: &mut Work<'_>, session: Option<HeldSessionId>) -> Result<i32, Error> {
    let held_at = match session {
        Some(session) => owed::held_at(work.conn, work.office.id, session)?,
        None => None,
    };
    let day = work.zone().day(held_at.unwrap_or(work.now));
    let window = &work.settings()?.policies.reporting_window.value;
    Ok(window
        .year_of(day)
        .unwrap_or_else(|| chrono::Datelike::year(&day)))
}

/// Refuses a task, an agency and a session that are none of the office's, all at once. What is named
/// already stays.
fn check_references(
    work: &mut Work<'_>,
    (new, old): (&Content, Option<&Content>),
) -> Result<(), Error> {
    let office = work.office_id();
    let mut check = Check::new();
    if old.is_none_or(|old| old.plan_task != new.plan_task) {
        let is_known = plan::task_exists(work.conn, office, &new.plan_task)?;
        check.rule(is_known, "/plan_task", "unknown-reference");
    }
    if old.is_none_or(|old| old.agency_id != new.agency_id) {
        let is_known = agency::is_active(work.conn, office, new.agency_id)?;
        check.rule(is_known, "/agency_id", "unknown-reference");
    }
    if let Some(session) = new.session_id
        && old.is_none_or(|old| old.session_id != new.session_id)
    {
        let is_known = owed::held_at(work.conn, office, session)?.is_some();
        check.rule(is_known, "/session_id", "unknown-reference");
    }
    Ok(check.done()?)
}

/// Changes what was entered; once it is approved, the note alone.
pub(super) fn edit(
    work: &mut Work<'_>,
    standing: Standing,
    (id, expected): (ProductId, Expected),
    change: impl FnOnce(&Content) -> Result<Content, Fault>,
) -> Result<Product, Error> {
    let (mut product, _) = lock_for(work, standing, (id, ProductAction::Edit))?;
    expected.require(product.version)?;
    let content = change(&product.content)?;
    if content == product.content {
        return Ok(product);
    }
    let is_note_alone = Content {
        note: product.content.note.clone(),
        ..content.clone()
    } == product.content;
    if product.status.is_settled() && !is_note_alone {
        return Err(Error::ProductSettled);
    }
    standing.hand.require(content.agency_id)?;
    check_references(work, (&content, Some(&product.content)))?;
    product.content = content;
    save(work, &mut product, "product.edit")?;
    Ok(product)
}

/// Removes a draft, its file and the key of it.
pub(super) fn delete(
    work: &mut Work<'_>,
    standing: Standing,
    (id, expected): (ProductId, Expected),
) -> Result<(), Error> {
    let (product, _) = lock_for(work, standing, (id, ProductAction::Delete))?;
    expected.require(product.version)?;
    store::delete(work.conn, id)?;
    note(work, &product, "product.delete")?;
    if let Some(key) = product.data_key_id {
        work.forget(key, None)?;
    }
    Ok(())
}
