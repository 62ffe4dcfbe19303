//! Rows of what was filed.

use diesel::prelude::*;

use super::{Filing, FilingId};
use crate::db::schema::obligation_filings as filings;
use crate::db::{self, Conn};
use crate::identity::UserId;
use crate::kernel::{OfficeId, Timestamp};

/// That something was filed, to be kept.
#[derive(Debug, Clone)]
pub(super) struct NewFiling {
    pub(super) filed_at: Timestamp,
    pub(super) number: Option<String>,
    pub(super) note: Option<String>,
}

/// The filings of some obligations that were not taken back.
pub(super) fn living(conn: &mut Conn, office: OfficeId, keys: &[&str]) -> db::Result<Vec<Filing>> {
    Ok(filings::table
        .filter(filings::office_id.eq(office))
        .filter(filings::obligation.eq_any(keys))
        .filter(db::written("obligation_filings.withdrawn_at IS NULL"))
        .order(filings::obligation)
        .select(Filing::as_select())
        .load(conn)?)
}

/// How often an obligation was filed and that taken back.
pub(super) fn withdrawn(conn: &mut Conn, office: OfficeId, key: &str) -> db::Result<i64> {
    Ok(filings::table
        .filter(filings::office_id.eq(office))
        .filter(filings::obligation.eq(key))
        .filter(filings::withdrawn_at.is_not_null())
        .count()
        .get_result(conn)?)
}

/// Keeps a filing; `false` where there is one.
pub(super) fn insert(
    conn: &mut Conn,
    now: Timestamp,
    (office, key): (OfficeId, &str),
    by: Option<UserId>,
    new: &NewFiling,
) -> db::Result<bool> {
    let inserted = diesel::insert_into(filings::table)
        .values((
            filings::id.eq(FilingId::new(now)),
            filings::office_id.eq(office),
            filings::obligation.eq(key),
            filings::filed_at.eq(new.filed_at),
            filings::number.eq(&new.number),
            filings::note.eq(&new.note),
            filings::filed_by_id.eq(by),
            filings::created_at.eq(now),
        ))
        .execute(conn);
    match inserted {
        Ok(_) => Ok(true),
        Err(error) if db::dialect::violated_unique(&error).is_some() => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Takes a filing back; `false` where somebody has.
pub(super) fn withdraw(
    conn: &mut Conn,
    now: Timestamp,
    id: FilingId,
    (by, reason): (Option<UserId>, &str),
) -> db::Result<bool> {
    let still = filings::table
        .filter(filings::id.eq(id))
        .filter(filings::withdrawn_at.is_null());
    let changed = diesel::update(still)
        .set((
            filings::withdrawn_at.eq(now),
            filings::withdrawn_by_id.eq(by),
            filings::withdrawn_reason.eq(reason),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}
