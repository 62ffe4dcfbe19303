//! Making, showing and ending delegations.

use chrono::TimeDelta;
use serde_json::json;

use super::mail;
use super::store::{self, NewDelegation, Row, Wanted};
use super::view::{DelegationBody, DelegationState};
use super::{DelegationId, STAND_INS};
use crate::identity::{Cx, Role, colleague};
use crate::kernel::error::Check;
use crate::kernel::{Fault, civil};
use crate::office::duty;
use crate::office::error::Error;
use crate::office::store::office as office_row;
use crate::office::work::Work;

/// The most days from the first to the last of a delegation, which counts too; a longer absence is a change of roles.
const DAYS_MAX: TimeDelta = TimeDelta::days(365);
/// Those who see every delegation of the office.
const WATCHERS: &[Role] = &[Role::Supervisor, Role::Administrator];

/// Whether the caller delegates now: a supervisor, or an administrator where none is active.
pub(super) fn may_delegate(cx: &mut Cx<'_>) -> Result<bool, Error> {
    if cx.actor.is(Role::Supervisor) {
        return Ok(true);
    }
    let office = cx.office();
    Ok(cx.actor.is(Role::Administrator) && duty::supervisors(cx.conn, office)?.is_empty())
}

fn work<'a>(cx: &'a mut Cx<'_>) -> Work<'a> {
    let actor = Some(cx.actor.id);
    Work::new(cx.conn, cx.platform, cx.now, &cx.actor.office, actor)
}

fn require(cx: &mut Cx<'_>) -> Result<(), Error> {
    cx.actor.require(WATCHERS)?;
    if may_delegate(cx)? {
        Ok(())
    } else {
        Err(Error::SupervisorActive)
    }
}

fn check(cx: &mut Cx<'_>, body: &DelegationBody) -> Result<NewDelegation, Error> {
    let (office, today) = (cx.office(), cx.zone().day(cx.now));
    let mut check = Check::new();
    let role = body.duty.role();
    if let Some(from) = body.from_user {
        // Also of someone who has left: their cases are there still.
        let found = colleague::find(cx.conn, office, from)?;
        let is_theirs = found.is_some_and(|one| one.roles.has(role));
        check.rule(is_theirs, "/from_user", "unknown-reference");
        check.rule(from != body.to_user, "/to_user", "own-stand-in");
    } else {
        let is_vacant = colleague::holders(cx.conn, office, role)?.is_empty();
        check.rule(is_vacant, "/from_user", "required");
    }
    let found = colleague::find(cx.conn, office, body.to_user)?;
    let is_fit = found.is_some_and(|one| one.is_active && one.roles.has_any(STAND_INS));
    check.rule(is_fit, "/to_user", "unknown-reference");
    check.rule(body.starts_on >= today, "/starts_on", "out-of-range");
    check.rule(body.ends_on >= body.starts_on, "/ends_on", "order-invalid");
    let days = body.ends_on.signed_duration_since(body.starts_on);
    let is_fit = days <= DAYS_MAX && civil::is_kept(body.ends_on);
    check.rule(is_fit, "/ends_on", "out-of-range");
    check.done()?;
    Ok(NewDelegation {
        from: body.from_user,
        to: body.to_user,
        duty: body.duty,
        starts_on: body.starts_on,
        ends_on: body.ends_on,
    })
}

/// A second delegation of the same would let whoever was to be stopped go on by the twin.
fn require_new(cx: &mut Cx<'_>, new: &NewDelegation) -> Result<(), Error> {
    let office = cx.office();
    office_row::touch(cx.conn, office)?;
    let mut check = Check::new();
    let is_new = !store::overlaps(cx.conn, office, new)?;
    check.rule(is_new, "/starts_on", "repeated");
    Ok(check.done()?)
}

/// Lets someone stand in.
pub(super) fn create(
    cx: &mut Cx<'_>,
    body: impl FnOnce() -> Result<DelegationBody, crate::http::Problem>,
) -> Result<Row, crate::http::Problem> {
    cx.actor.require(WATCHERS)?;
    let body = body()?;
    require(cx)?;
    let new = check(cx, &body)?;
    require_new(cx, &new)?;
    let by = (cx.office(), cx.actor.id);
    let id = store::insert(cx.conn, cx.now, by, &new)?;
    let facts = json!({
        "from": new.from, "to": new.to, "duty": new.duty,
        "starts_on": new.starts_on, "ends_on": new.ends_on,
    });
    cx.audit("delegation.create", "delegation", id.uuid(), facts)?;
    let row = load(cx, id)?;
    mail::tell(&mut work(cx), &row).map_err(Error::from)?;
    Ok(row)
}

/// What the caller may see: all for those who watch, their own for those who stand in.
fn seen(cx: &Cx<'_>, wanted: Wanted) -> Wanted {
    let is_watching = cx.actor.roles.has_any(WATCHERS);
    Wanted {
        of: (!is_watching).then_some(cx.actor.id),
        ..wanted
    }
}

/// One page, one row too many, and how many there are where asked.
pub(super) fn list(
    cx: &mut Cx<'_>,
    wanted: Wanted,
    before: Option<DelegationId>,
    limit: i64,
    wants_total: bool,
) -> Result<(Vec<Row>, Option<i64>), Error> {
    let (office, wanted) = (cx.office(), seen(cx, wanted));
    let rows = store::page(cx.conn, office, &wanted, before, limit + 1)?;
    let total = if wants_total {
        Some(store::count(cx.conn, office, &wanted)?)
    } else {
        None
    };
    Ok((rows, total))
}

/// A delegation the caller sees.
pub(super) fn load(cx: &mut Cx<'_>, id: DelegationId) -> Result<Row, Error> {
    let (office, wanted) = (cx.office(), seen(cx, Wanted::default()));
    Ok(store::find(cx.conn, office, &wanted, id)?.ok_or(Fault::NotFound)?)
}

/// Ends a delegation before its time.
pub(super) fn revoke(cx: &mut Cx<'_>, id: DelegationId) -> Result<Row, Error> {
    cx.actor.require(WATCHERS)?;
    let row = load(cx, id)?;
    require(cx)?;
    let refused = |state: DelegationState| Fault::Transition {
        current: state.as_str(),
        action: "revoke",
        allowed: Vec::new(),
    };
    let state = DelegationState::of(&row, cx.zone().day(cx.now));
    if !state.is_living() {
        return Err(refused(state).into());
    }
    if !store::revoke(cx.conn, cx.now, id, cx.actor.id)? {
        return Err(refused(DelegationState::Revoked).into());
    }
    let facts = json!({"to": row.to_id, "duty": row.duty});
    cx.audit("delegation.revoke", "delegation", id.uuid(), facts)?;
    let row = load(cx, id)?;
    mail::take_back(&mut work(cx), &row)?;
    Ok(row)
}
