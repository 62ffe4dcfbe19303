//! What people do with items: see those that are theirs, take one, say that it is done.

use serde_json::json;

use super::WorkItemId;
use super::mail;
use super::store::{self, After, Eyes, Item, Wanted};
use super::view::{Action, State};
use crate::identity::{Cx, Role};
use crate::kernel::Fault;
use crate::office::delegation::{self, Duty};
use crate::office::error::Error;

/// Which items the caller sees: a supervisor all; others their own and those of a role they have,
/// counsellors and intake only while nobody has them; whoever stands in sees what the other does.
fn eyes(cx: &mut Cx<'_>) -> Result<Eyes, Error> {
    if cx.actor.is(Role::Supervisor) {
        return Ok(Eyes::Everything);
    }
    let (me, office, today) = (cx.actor.id, cx.office(), cx.zone().day(cx.now));
    let (mut owners, mut unowned, mut named) = (vec![me], Vec::new(), Vec::new());
    for role in cx.actor.roles.iter() {
        match role {
            Role::Counsellor | Role::LegalAidIntake => unowned.push(role),
            Role::Family => {}
            _ => named.push(role),
        }
    }
    for duty in Duty::ALL {
        owners.extend(delegation::acts_for(cx.conn, me, *duty, today)?);
        if delegation::stands_in(cx.conn, office, me, (*duty, today))? {
            match duty {
                Duty::SuperviseCounselling => named.push(duty.role()),
                Duty::Counsel | Duty::Intake => unowned.push(duty.role()),
            }
        }
    }
    Ok(Eyes::Own {
        owners,
        unowned,
        named,
    })
}

/// One page, one row too many, and how many there are where asked.
pub(super) fn list(
    cx: &mut Cx<'_>,
    wanted: &Wanted,
    after: Option<After>,
    limit: i64,
    wants_total: bool,
) -> Result<(Vec<Item>, Option<i64>), Error> {
    let (office, eyes) = (cx.office(), eyes(cx)?);
    let rows = store::page(
        cx.conn,
        (office, (cx.actor.id, &eyes)),
        wanted,
        after,
        limit + 1,
    )?;
    let total = if wants_total {
        Some(store::count(
            cx.conn,
            (office, (cx.actor.id, &eyes)),
            wanted,
        )?)
    } else {
        None
    };
    Ok((rows, total))
}

/// An item the caller sees.
pub(super) fn load(cx: &mut Cx<'_>, id: WorkItemId) -> Result<Item, Error> {
    let (office, eyes) = (cx.office(), eyes(cx)?);
    Ok(store::find(cx.conn, (office, (cx.actor.id, &eyes)), id)?.ok_or(Fault::NotFound)?)
}

/// Makes an item the caller's.
pub(super) fn take(cx: &mut Cx<'_>, id: WorkItemId) -> Result<Item, Error> {
    require(cx, id, Action::Take)?;
    store::own(cx.conn, cx.now, id, cx.actor.id)?;
    cx.audit("work-item.take", "work-item", id.uuid(), json!({}))?;
    load(cx, id)
}

/// Says that an item is done.
pub(super) fn finish(cx: &mut Cx<'_>, id: WorkItemId) -> Result<Item, Error> {
    require(cx, id, Action::Done)?;
    store::finish(cx.conn, cx.now, id, cx.actor.id)?;
    mail::take_back(cx.conn, cx.now, &[id])?;
    cx.audit("work-item.done", "work-item", id.uuid(), json!({}))?;
    load(cx, id)
}

fn require(cx: &mut Cx<'_>, id: WorkItemId, action: Action) -> Result<(), Error> {
    let office = cx.office();
    store::lock(cx.conn, office, id)?;
    let item = load(cx, id)?;
    let allowed = item.allowed(cx.actor.id);
    if allowed.contains(&action) {
        return Ok(());
    }
    let is_open = State::of(&item) == State::Open;
    if is_open && action == Action::Done && item.ends_with_its_cause() {
        return Err(Error::AlertOpen);
    }
    Err(Error::from(Fault::Transition {
        current: State::of(&item).as_str(),
        action: action.as_str(),
        allowed: allowed.into_iter().map(Action::as_str).collect(),
    }))
}
