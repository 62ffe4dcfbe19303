//! Receipts: which number of PIN is current, and how often a wrong one was tried.

use diesel::prelude::*;

use crate::db::schema::{legal_aid_receipts as receipts, legal_aid_requests as requests};
use crate::db::{self, Conn};
use crate::kernel::{OfficeId, Timestamp};
use crate::legal_aid::model::RequestId;
use crate::legal_aid::status::Status;

/// Wrong tries after which a receipt is locked until staff make a new PIN.
const TRIES_MAX: i32 = 5;

/// A receipt.
#[derive(Debug, Clone, Copy, Queryable)]
pub(in crate::legal_aid) struct Receipt {
    /// Its request.
    pub(in crate::legal_aid) request_id: RequestId,
    /// Where the request stands.
    pub(in crate::legal_aid) status: Status,
    /// The number of its PIN.
    pub(in crate::legal_aid) number: i32,
}

/// Makes the next number; the PIN of the one before is dead.
pub(in crate::legal_aid) fn renew(
    conn: &mut Conn,
    now: Timestamp,
    id: RequestId,
) -> db::Result<i32> {
    let known: Option<i32> = receipts::table
        .find(id)
        .select(receipts::number)
        .first(conn)
        .optional()?;
    let Some(known) = known else {
        diesel::insert_into(receipts::table)
            .values((
                receipts::request_id.eq(id),
                receipts::number.eq(1),
                receipts::tries.eq(0),
                receipts::printed_at.eq(now),
                receipts::locked_at.eq(None::<Timestamp>),
            ))
            .execute(conn)?;
        return Ok(1);
    };
    diesel::update(receipts::table.find(id))
        .set((
            receipts::number.eq(known + 1),
            receipts::tries.eq(0),
            receipts::printed_at.eq(now),
            receipts::locked_at.eq(None::<Timestamp>),
        ))
        .execute(conn)?;
    Ok(known + 1)
}

/// The number of the receipt that can be asked by, if there is one.
pub(in crate::legal_aid) fn current(conn: &mut Conn, id: RequestId) -> db::Result<Option<i32>> {
    Ok(receipts::table
        .find(id)
        .filter(receipts::tries.lt(TRIES_MAX))
        .select(receipts::number)
        .first(conn)
        .optional()?)
}

/// Counts a try before it is looked at, so that of many at once no more pass than may. None where
/// there is no receipt of this code, or it is locked.
pub(in crate::legal_aid) fn take_try(
    conn: &mut Conn,
    office: OfficeId,
    code: &str,
) -> db::Result<Option<Receipt>> {
    let of_code = requests::table
        .filter(requests::office_id.eq(office))
        .filter(requests::code.eq(code))
        .filter(requests::status.ne(Status::Draft))
        .select(requests::id);
    let open = receipts::table
        .filter(receipts::request_id.eq_any(of_code))
        .filter(receipts::tries.lt(TRIES_MAX));
    let counted = diesel::update(open)
        .set(receipts::tries.eq(receipts::tries + 1))
        .execute(conn)?;
    if counted == 0 {
        return Ok(None);
    }
    Ok(receipts::table
        .inner_join(requests::table.on(requests::id.eq(receipts::request_id)))
        .filter(requests::office_id.eq(office))
        .filter(requests::code.eq(code))
        .select((receipts::request_id, requests::status, receipts::number))
        .first(conn)
        .optional()?)
}

/// The PIN was right: what was tried before is forgotten.
pub(in crate::legal_aid) fn right(conn: &mut Conn, id: RequestId) -> db::Result<()> {
    diesel::update(receipts::table.find(id))
        .set(receipts::tries.eq(0))
        .execute(conn)?;
    Ok(())
}

/// Notes that a receipt is locked, once; whether it is by this try.
pub(in crate::legal_aid) fn lock(
    conn: &mut Conn,
    now: Timestamp,
    id: RequestId,
) -> db::Result<bool> {
    let full = receipts::table
        .filter(receipts::request_id.eq(id))
        .filter(receipts::tries.ge(TRIES_MAX))
        .filter(receipts::locked_at.is_null());
    let locked = diesel::update(full)
        .set(receipts::locked_at.eq(Some(now)))
        .execute(conn)?;
    Ok(locked == 1)
}
