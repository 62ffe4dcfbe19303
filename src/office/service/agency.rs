//! The office's agencies.

use serde_json::json;

use super::is_taken;
use crate::identity::Cx;
use crate::kernel::{AgencyId, Fault};
use crate::office::agency::{Agency, AgencyFields, Wanted};
use crate::office::error::Error;
use crate::office::store;
use crate::office::store::office as office_row;

/// One page of agencies, one row too many, and how many there are where asked.
///
/// # Errors
/// When storage fails.
pub fn list(
    cx: &mut Cx<'_>,
    wanted: &Wanted<'_>,
    after: Option<(String, AgencyId)>,
    limit: i64,
    wants_total: bool,
) -> Result<(Vec<Agency>, Option<i64>), Error> {
    let office = cx.office();
    let rows = store::agency::page(cx.conn, office, wanted, after, limit + 1)?;
    let total = if wants_total {
        Some(store::agency::count(cx.conn, office, wanted)?)
    } else {
        None
    };
    Ok((rows, total))
}

/// An agency of the office.
///
/// # Errors
/// `not-found`, storage failures.
pub fn load(cx: &mut Cx<'_>, id: AgencyId) -> Result<Agency, Error> {
    let office = cx.office();
    Ok(store::agency::find(cx.conn, office, id)?.ok_or(Fault::NotFound)?)
}

/// Adds an agency.
///
/// # Errors
/// `agency-code-taken`, storage failures.
pub fn create(cx: &mut Cx<'_>, fields: &AgencyFields) -> Result<Agency, Error> {
    let office = cx.office();
    require_own_code(cx, None, &fields.code)?;
    let id = store::agency::insert(cx.conn, cx.now, office, fields).map_err(taken)?;
    cx.audit(
        "agency.create",
        "agency",
        id.uuid(),
        json!({"code": fields.code}),
    )?;
    load(cx, id)
}

/// Changes an agency.
///
/// # Errors
/// `not-found`, `stale-version`, `if-match-required`, `agency-code-taken`, storage failures.
pub fn update(
    cx: &mut Cx<'_>,
    id: AgencyId,
    change: impl FnOnce(&mut AgencyFields),
) -> Result<Agency, Error> {
    let agency = load(cx, id)?;
    cx.expected.require(agency.version)?;
    let mut fields = agency.fields();
    change(&mut fields);
    if fields == agency.fields() {
        return Ok(agency);
    }
    require_own_code(cx, Some(id), &fields.code)?;
    let version = (id, agency.version);
    if !store::agency::update(cx.conn, cx.now, version, &fields).map_err(taken)? {
        return Err(Fault::Stale.into());
    }
    cx.audit(
        "agency.update",
        "agency",
        id.uuid(),
        json!({"code": fields.code}),
    )?;
    load(cx, id)
}

/// Refuses a code that another agency has in other letters.
fn require_own_code(cx: &mut Cx<'_>, but: Option<AgencyId>, code: &str) -> Result<(), Error> {
    let office = cx.office();
    office_row::touch(cx.conn, office)?;
    let is_taken = store::agency::all(cx.conn, office)?
        .iter()
        .any(|agency| Some(agency.id) != but && agency.code.eq_ignore_ascii_case(code));
    if is_taken {
        return Err(Error::AgencyCodeTaken);
    }
    Ok(())
}

fn taken(error: crate::db::Error) -> Error {
    if is_taken(&error) {
        Error::AgencyCodeTaken
    } else {
        error.into()
    }
}
