//! What is counted for a task, and who enters it.

use serde_json::json;

use super::store::{self, WantedIndicators};
use super::{Indicator, IndicatorFields, IndicatorId};
use crate::http::request::Expected;
use crate::identity::UserId;
use crate::kernel::{AgencyId, Fault};
use crate::office::work::Work;
use crate::office::{agency, plan};
use crate::plan::error::Error;

/// Refuses a task the plan does not have.
pub(super) fn require_task(work: &mut Work<'_>, task: &str) -> Result<(), Error> {
    let office = work.office_id();
    if plan::task_exists(work.conn, office, task)? {
        Ok(())
    } else {
        Err(Fault::NotFound.into())
    }
}

/// Who acts. Whatever is entered is entered by somebody.
pub(super) fn author(work: &Work<'_>) -> Result<UserId, Fault> {
    work.actor
        .ok_or_else(|| Fault::Internal("a figure by nobody".into()))
}

/// One page, one row too many, and how many there are where asked.
pub(super) fn list(
    work: &mut Work<'_>,
    task: &str,
    wanted: &WantedIndicators,
    (after, limit): (Option<IndicatorId>, i64),
    wants_total: bool,
) -> Result<(Vec<Indicator>, Option<i64>), Error> {
    require_task(work, task)?;
    let of_task = (work.office_id(), task);
    let rows = store::page_of_indicators(work.conn, of_task, wanted, after, limit + 1)?;
    let total = if wants_total {
        Some(store::count_indicators(work.conn, of_task, wanted)?)
    } else {
        None
    };
    Ok((rows, total))
}

/// An indicator of a task.
pub(super) fn load(work: &mut Work<'_>, task: &str, id: IndicatorId) -> Result<Indicator, Error> {
    let of_task = (work.office_id(), task);
    Ok(store::indicator(work.conn, of_task, id)?.ok_or(Fault::NotFound)?)
}

fn require_agency(work: &mut Work<'_>, id: AgencyId) -> Result<(), Error> {
    let office = work.office_id();
    if agency::is_active(work.conn, office, id)? {
        Ok(())
    } else {
        Err(Fault::rule("/agency_id", "unknown-reference").into())
    }
}

/// Says that something is counted.
pub(super) fn define(
    work: &mut Work<'_>,
    task: &str,
    fields: &IndicatorFields,
) -> Result<Indicator, Error> {
    require_task(work, task)?;
    require_agency(work, fields.agency_id)?;
    let (of_task, by) = ((work.office_id(), task), author(work)?);
    let id = store::insert_indicator(work.conn, work.now, of_task, by, fields)?;
    log(work, "indicator.create", (id, task), fields)?;
    load(work, task, id)
}

/// Changes what is counted. One that is not active any more takes no further figures.
pub(super) fn edit(
    work: &mut Work<'_>,
    (task, id): (&str, IndicatorId),
    expected: Expected,
    change: impl FnOnce(&mut IndicatorFields),
) -> Result<Indicator, Error> {
    let office = work.office_id();
    store::lock(work.conn, office, id)?;
    let indicator = load(work, task, id)?;
    expected.require(indicator.version)?;
    let (old, mut fields) = (indicator.fields(), indicator.fields());
    change(&mut fields);
    if fields == old {
        return Ok(indicator);
    }
    if fields.agency_id != old.agency_id {
        require_agency(work, fields.agency_id)?;
    }
    let is_another = (fields.kind, fields.agency_id) != (old.kind, old.agency_id);
    if is_another && store::is_counted(work.conn, id)? {
        // What one agency entered would become another's, years back.
        return Err(Error::IndicatorCounted);
    }
    store::update_indicator(work.conn, work.now, id, &fields)?;
    log(work, "indicator.update", (id, task), &fields)?;
    load(work, task, id)
}

fn log(
    work: &mut Work<'_>,
    action: &str,
    (id, task): (IndicatorId, &str),
    fields: &IndicatorFields,
) -> Result<(), Error> {
    let facts = json!({
        "plan_task": task, "kind": fields.kind, "agency": fields.agency_id,
        "is_active": fields.is_active,
    });
    Ok(work.audit(action, "indicator", id.uuid(), facts)?)
}
