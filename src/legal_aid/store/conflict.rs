//! Who stands back from a request for a conflict of interest.

use diesel::prelude::*;

use crate::db::schema::legal_aid_conflicts as conflicts;
use crate::db::{self, Conn};
use crate::identity::UserId;
use crate::kernel::Timestamp;
use crate::legal_aid::model::RequestId;

/// Notes that someone stands back; said twice, it is said once.
pub(in crate::legal_aid) fn insert(
    conn: &mut Conn,
    now: Timestamp,
    (id, user): (RequestId, UserId),
    by: UserId,
) -> db::Result<()> {
    if stands_back(conn, (id, user))? {
        return Ok(());
    }
    diesel::insert_into(conflicts::table)
        .values((
            conflicts::request_id.eq(id),
            conflicts::user_id.eq(user),
            conflicts::declared_by_id.eq(by),
            conflicts::declared_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// Whether someone stands back from a request.
pub(in crate::legal_aid) fn stands_back(
    conn: &mut Conn,
    (id, user): (RequestId, UserId),
) -> db::Result<bool> {
    let one = conflicts::table.find((id, user));
    let count: i64 = one.count().get_result(conn)?;
    Ok(count > 0)
}

/// Everybody who stands back from a request.
pub(in crate::legal_aid) fn of_request(conn: &mut Conn, id: RequestId) -> db::Result<Vec<UserId>> {
    Ok(conflicts::table
        .filter(conflicts::request_id.eq(id))
        .order(conflicts::declared_at)
        .select(conflicts::user_id)
        .load(conn)?)
}
