//! The steps of a product: handed in, answered, issued, another put in its place.

use super::service::{Standing, lock_for, save};
use super::status::{ProductAction, ProductStatus};
use super::{Done, Product, store};
use crate::identity::Role;
use crate::kernel::Fault;
use crate::office::owed::{self, ProductId};
use crate::office::work::Work;
use crate::office::work_item::{self, NewWorkItem, WorkItemKind};
use crate::plan::error::Error;

fn done(work: &Work<'_>) -> Done {
    (work.now, work.actor)
}

/// Hands a product in: a reporter is asked for a yes.
pub(super) fn submit(
    work: &mut Work<'_>,
    standing: Standing,
    id: ProductId,
) -> Result<Product, Error> {
    let (mut product, after) = lock_for(work, standing, (id, ProductAction::Submit))?;
    product.status = after;
    product.submitted = Some(done(work));
    save(work, &mut product, "product.submit")?;
    let item = NewWorkItem {
        office: work.office_id(),
        kind: WorkItemKind::ProductToApprove,
        subject_kind: "product",
        subject: id.uuid(),
        owner: None,
        role: Some(Role::Reporter),
        due_at: None,
        // Handed in again after it was returned, it is another occasion.
        once: &product.version.to_string(),
    };
    work_item::hand_out(work, &item, false)?;
    Ok(product)
}

/// Ends what waits for a yes or a no.
fn answered(work: &mut Work<'_>, id: ProductId) -> Result<(), Error> {
    let kinds = [WorkItemKind::ProductToApprove];
    match work.actor {
        Some(user) => work_item::close_by(work.conn, work.now, id.uuid(), &kinds, user)?,
        None => work_item::close_for(work.conn, work.now, id.uuid(), &kinds)?,
    };
    Ok(())
}

/// Gives a product back to be changed.
pub(super) fn return_for_changes(
    work: &mut Work<'_>,
    standing: Standing,
    (id, reason): (ProductId, String),
) -> Result<Product, Error> {
    let action = ProductAction::ReturnForChanges;
    let (mut product, after) = lock_for(work, standing, (id, action))?;
    product.status = after;
    product.returned_reason = Some(reason);
    (product.submitted, product.approved) = (None, None);
    save(work, &mut product, "product.return")?;
    answered(work, id)?;
    Ok(product)
}

/// Says that a product may be issued: somebody else than who handed it in, where there is one.
pub(super) fn approve(
    work: &mut Work<'_>,
    standing: Standing,
    id: ProductId,
) -> Result<Product, Error> {
    let (mut product, after) = lock_for(work, standing, (id, ProductAction::Approve))?;
    if !standing.may_approve(&product) {
        return Err(Error::OwnApproval);
    }
    product.status = after;
    product.approved = Some(done(work));
    product.returned_reason = None;
    save(work, &mut product, "product.approve")?;
    answered(work, id)?;
    Ok(product)
}

/// What a product is issued with.
#[derive(Debug, Clone)]
pub(super) struct Issue {
    pub(super) number: Option<String>,
    pub(super) dated_on: chrono::NaiveDate,
    pub(super) signer: String,
    /// Whom it goes to; those named before where it says nothing.
    pub(super) recipients: Option<Vec<String>>,
}

/// Says that a product was signed and sent. What its session owes is there.
pub(super) fn issue(
    work: &mut Work<'_>,
    standing: Standing,
    (id, issue): (ProductId, Issue),
) -> Result<Product, Error> {
    let (mut product, after) = lock_for(work, standing, (id, ProductAction::Issue))?;
    if product.file.is_none() {
        return Err(Error::ProductFileMissing);
    }
    product.status = after;
    product.issued = Some(done(work));
    product.number = issue.number;
    product.dated_on = Some(issue.dated_on);
    product.signer = Some(issue.signer);
    if let Some(recipients) = issue.recipients {
        product.content.recipients = recipients;
    }
    save(work, &mut product, "product.issue")?;
    if let Some(session) = product.content.session_id {
        owed::deliver(work, (session, product.content.kind), id)?;
    }
    Ok(product)
}

/// Puts another issued product of the same kind and task in a product's place; what it delivered, the other
/// does.
pub(super) fn supersede(
    work: &mut Work<'_>,
    standing: Standing,
    (id, by): (ProductId, ProductId),
) -> Result<Product, Error> {
    let office = work.office_id();
    // In one order, so that two never take each other's place.
    store::lock(work.conn, office, id.min(by))?;
    let (mut product, after) = lock_for(work, standing, (id, ProductAction::Supersede))?;
    store::lock(work.conn, office, by)?;
    let successor = store::find(work.conn, office, by)?;
    let successor = successor.ok_or_else(|| Fault::rule("/by", "unknown-reference"))?;
    let is_fit = by != id
        && successor.status == ProductStatus::Issued
        && successor.content.kind == product.content.kind
        && successor.content.plan_task == product.content.plan_task;
    if !is_fit {
        return Err(Fault::rule("/by", "not-a-successor").into());
    }
    product.status = after;
    product.superseded = Some((work.now, Some(by)));
    save(work, &mut product, "product.supersede")?;
    owed::pass_on(work, id, by)?;
    Ok(product)
}
