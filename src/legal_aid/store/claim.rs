//! One-time codes that tie a family's account to a request.

use diesel::prelude::*;

use crate::db::schema::legal_aid_requests as requests;
use crate::db::{self, Conn};
use crate::kernel::{OfficeId, Timestamp};
use crate::legal_aid::model::RequestId;
use crate::sealed::vault::is_live;

/// Sets, or with nothing ends, the code of a request.
pub(in crate::legal_aid) fn set(
    conn: &mut Conn,
    id: RequestId,
    claim: Option<(&[u8], Timestamp)>,
) -> db::Result<()> {
    diesel::update(requests::table.find(id))
        .set((
            requests::claim_digest.eq(claim.map(|(digest, _)| digest)),
            requests::claim_expires_at.eq(claim.map(|(_, expires_at)| expires_at)),
        ))
        .execute(conn)?;
    Ok(())
}

/// The request a code that still works is for: one that no account has.
pub(in crate::legal_aid) fn find(
    conn: &mut Conn,
    office: OfficeId,
    digest: &[u8],
    now: Timestamp,
) -> db::Result<Option<RequestId>> {
    Ok(requests::table
        .filter(requests::office_id.eq(office))
        .filter(requests::claim_digest.eq(digest))
        .filter(requests::claim_expires_at.gt(now))
        .filter(requests::user_id.is_null())
        .filter(is_live!(requests::data_key_id))
        .select(requests::id)
        .first(conn)
        .optional()?)
}
