//! The office's calendar.

use chrono::NaiveDate;
use serde_json::json;

use super::is_taken;
use crate::http::request::Expected;
use crate::identity::Cx;
use crate::kernel::Fault;
use crate::office::calendar::{CalendarDay, DayFields};
use crate::office::error::Error;
use crate::office::store;

/// Says what a day is; `true` when it was not there before.
///
/// # Errors
/// `if-match-required`, `stale-version`, storage failures.
pub fn put(
    cx: &mut Cx<'_>,
    day: NaiveDate,
    fields: &DayFields,
) -> Result<(CalendarDay, bool), Error> {
    let office = cx.office();
    let known = store::calendar::find(cx.conn, office, day)?;
    let is_new = known.is_none();
    match (known, cx.expected) {
        (None, Expected::Absent) => {
            let added = store::calendar::insert(cx.conn, cx.now, office, day, fields);
            // Another call was faster: it exists by now.
            added.map_err(|error| match error {
                error if is_taken(&error) => Error::from(Fault::Stale),
                error => error.into(),
            })?;
        }
        (None, Expected::Unsaid) => return Err(Fault::Unguarded.into()),
        (None, _) => return Err(Fault::Stale.into()),
        (Some(known), expected) => {
            expected.require(known.version)?;
            let seen = (day, known.version);
            if !store::calendar::update(cx.conn, cx.now, office, seen, fields)? {
                return Err(Fault::Stale.into());
            }
        }
    }
    let facts = json!({"day": day, "kind": fields.kind, "confirmed": fields.confirmed});
    cx.audit("calendar.put", "office", office.uuid(), facts)?;
    let after = store::calendar::find(cx.conn, office, day)?;
    Ok((after.ok_or(Fault::NotFound)?, is_new))
}

/// Takes back a day that was entered wrongly: it is what its weekday says.
///
/// # Errors
/// `not-found`, `if-match-required`, `stale-version`, storage failures.
pub fn remove(cx: &mut Cx<'_>, day: NaiveDate) -> Result<(), Error> {
    let office = cx.office();
    let known = store::calendar::find(cx.conn, office, day)?.ok_or(Fault::NotFound)?;
    cx.expected.require(known.version)?;
    if !store::calendar::remove(cx.conn, cx.now, office, (day, known.version))? {
        return Err(Fault::Stale.into());
    }
    let facts = json!({"day": day, "kind": known.kind, "confirmed": known.confirmed});
    cx.audit("calendar.delete", "office", office.uuid(), facts)?;
    Ok(())
}
