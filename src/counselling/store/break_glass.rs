//! Windows in which someone reads notes that are not theirs.

use diesel::prelude::*;

use crate::counselling::error::Error;
use crate::counselling::model::{Case, CaseId};
use crate::counselling::record::BreakGlassId;
use crate::db::schema::counselling_break_glass as windows;
use crate::db::{self, Conn};
use crate::identity::UserId;
use crate::kernel::Timestamp;
use crate::office::work::Work;
use crate::sealed::Place;

/// A window that is opened.
#[derive(Debug, Clone)]
pub(in crate::counselling) struct Window {
    pub(in crate::counselling) id: BreakGlassId,
    pub(in crate::counselling) user: UserId,
    pub(in crate::counselling) starts_at: Timestamp,
    pub(in crate::counselling) ends_at: Timestamp,
}

/// Opens a window; why is sealed with the case.
pub(in crate::counselling) fn insert(
    work: &mut Work<'_>,
    case: &Case,
    (window, reason): (&Window, &str),
) -> Result<(), Error> {
    let key = work.data_key(case.data_key_id)?;
    let place = Place {
        table: "counselling_break_glass",
        column: "reason_sealed",
        row: window.id.uuid(),
    };
    diesel::insert_into(windows::table)
        .values((
            windows::id.eq(window.id),
            windows::case_id.eq(case.id),
            windows::user_id.eq(window.user),
            windows::reason_sealed.eq(key.seal(place, reason.as_bytes())?),
            windows::starts_at.eq(window.starts_at),
            windows::ends_at.eq(window.ends_at),
        ))
        .execute(work.conn)?;
    Ok(())
}

/// Whether a user ever had a window in a case.
pub(in crate::counselling) fn had(
    conn: &mut Conn,
    (case, user): (CaseId, UserId),
) -> db::Result<bool> {
    let theirs = windows::table
        .filter(windows::case_id.eq(case))
        .filter(windows::user_id.eq(user));
    Ok(diesel::select(diesel::dsl::exists(theirs)).get_result(conn)?)
}

/// The window a user has open in a case now.
pub(in crate::counselling) fn open(
    conn: &mut Conn,
    (case, user): (CaseId, UserId),
    now: Timestamp,
) -> db::Result<Option<BreakGlassId>> {
    Ok(windows::table
        .filter(windows::case_id.eq(case))
        .filter(windows::user_id.eq(user))
        .filter(windows::starts_at.le(now))
        .filter(windows::ends_at.gt(now))
        .order(windows::ends_at.desc())
        .select(windows::id)
        .first(conn)
        .optional()?)
}
