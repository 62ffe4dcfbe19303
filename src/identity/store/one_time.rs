//! The rows of one-time tokens; the outbox writes them with the mail that carries them.

use diesel::prelude::*;

use crate::db::schema::one_time_tokens as tokens;
use crate::db::{self, Conn};
use crate::identity::actor::UserId;
use crate::kernel::{Timestamp, token};
use crate::mail::message::TokenPurpose;

/// A live one-time token.
#[derive(Debug, Clone, Queryable)]
pub(crate) struct OneTime {
    digest: Vec<u8>,
    pub(crate) purpose: TokenPurpose,
    pub(crate) user: UserId,
    pub(crate) binding: String,
}

/// The live token behind a text, if it is for one of `purposes`.
pub(crate) fn find(
    conn: &mut Conn,
    now: Timestamp,
    text: &str,
    purposes: &[TokenPurpose],
) -> db::Result<Option<OneTime>> {
    let live = tokens::table
        .filter(tokens::digest.eq(token::sha256(text.as_bytes())))
        .filter(tokens::purpose.eq_any(purposes.iter().map(|purpose| purpose.as_str())))
        .filter(tokens::used_at.is_null())
        .filter(tokens::expires_at.gt(now));
    let columns = (
        tokens::digest,
        tokens::purpose,
        tokens::subject_id,
        tokens::binding,
    );
    Ok(live.select(columns).first(conn).optional()?)
}

/// Uses a token up; `false` when another call did so first.
pub(crate) fn consume(conn: &mut Conn, now: Timestamp, one_time: &OneTime) -> db::Result<bool> {
    let unused = tokens::table
        .filter(tokens::digest.eq(&one_time.digest))
        .filter(tokens::used_at.is_null());
    let used = diesel::update(unused)
        .set(tokens::used_at.eq(now))
        .execute(conn)?;
    Ok(used == 1)
}

/// Ends the unused tokens of an account for a purpose.
pub(crate) fn revoke(
    conn: &mut Conn,
    now: Timestamp,
    (user, purpose): (UserId, TokenPurpose),
) -> db::Result<()> {
    let unused = tokens::table
        .filter(tokens::subject_id.eq(user))
        .filter(tokens::purpose.eq(purpose))
        .filter(tokens::used_at.is_null());
    diesel::update(unused)
        .set(tokens::used_at.eq(now))
        .execute(conn)?;
    Ok(())
}

/// Forgets tokens that ended before `before`.
pub(crate) fn sweep(conn: &mut Conn, before: Timestamp) -> db::Result<usize> {
    Ok(diesel::delete(tokens::table.filter(tokens::expires_at.lt(before))).execute(conn)?)
}
