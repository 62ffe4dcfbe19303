//! Who is not to learn of what waits about a subject.

use diesel::prelude::*;
use uuid::Uuid;

use super::WorkItemId;
use crate::db::schema::work_item_asides as asides;
use crate::db::{self, Conn};
use crate::identity::UserId;
use crate::kernel::Timestamp;

/// Notes that someone is not to learn of what waits about a subject; said twice, it is said once.
pub(super) fn stand(
    conn: &mut Conn,
    now: Timestamp,
    (subject, user): (Uuid, UserId),
) -> db::Result<()> {
    if of(conn, subject)?.contains(&user) {
        return Ok(());
    }
    diesel::insert_into(asides::table)
        .values((
            asides::subject_id.eq(WorkItemId::from_uuid(subject)),
            asides::user_id.eq(user),
            asides::since.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// Who stands aside from a subject.
pub(super) fn of(conn: &mut Conn, subject: Uuid) -> db::Result<Vec<UserId>> {
    Ok(asides::table
        .filter(asides::subject_id.eq(WorkItemId::from_uuid(subject)))
        .select(asides::user_id)
        .load(conn)?)
}
