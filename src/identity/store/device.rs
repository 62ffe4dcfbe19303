//! The rows of devices and of their refresh tokens.

use diesel::prelude::*;

use crate::db::schema::{devices, refresh_tokens};
use crate::db::{self, Conn};
use crate::identity::actor::{DeviceId, UserId};
use crate::kernel::{Id, Timestamp};

/// Marks ids of refresh tokens.
#[derive(Debug)]
pub(crate) enum RefreshToken {}
/// The id of a refresh token.
pub(crate) type RefreshTokenId = Id<RefreshToken>;

/// A device as stored.
#[derive(Debug, Clone, Queryable)]
pub(crate) struct DeviceRow {
    pub(crate) id: DeviceId,
    pub(crate) label: String,
    pub(crate) created_at: Timestamp,
    pub(crate) last_used_at: Timestamp,
}

/// A refresh token as stored: never the token itself.
#[derive(Debug, Clone, Queryable)]
pub(crate) struct TokenRow {
    pub(crate) id: RefreshTokenId,
    pub(crate) device_id: DeviceId,
    pub(crate) user_id: UserId,
    pub(crate) digest: Vec<u8>,
    pub(crate) issued_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) used_at: Option<Timestamp>,
}

const TOKEN: (
    refresh_tokens::id,
    refresh_tokens::device_id,
    refresh_tokens::user_id,
    refresh_tokens::digest,
    refresh_tokens::issued_at,
    refresh_tokens::expires_at,
    refresh_tokens::used_at,
) = (
    refresh_tokens::id,
    refresh_tokens::device_id,
    refresh_tokens::user_id,
    refresh_tokens::digest,
    refresh_tokens::issued_at,
    refresh_tokens::expires_at,
    refresh_tokens::used_at,
);

/// Stores a device.
pub(crate) fn insert(
    conn: &mut Conn,
    now: Timestamp,
    user: UserId,
    label: &str,
) -> db::Result<DeviceId> {
    let id = DeviceId::new(now);
    diesel::insert_into(devices::table)
        .values((
            devices::id.eq(id),
            devices::user_id.eq(user),
            devices::label.eq(label),
            devices::created_at.eq(now),
            devices::last_used_at.eq(now),
        ))
        .execute(conn)?;
    Ok(id)
}

/// Whether the user ever logged in on a device of this label.
pub(crate) fn is_known(conn: &mut Conn, user: UserId, label: &str) -> db::Result<bool> {
    let such = devices::table
        .filter(devices::user_id.eq(user))
        .filter(devices::label.eq(label));
    Ok(diesel::select(diesel::dsl::exists(such)).get_result(conn)?)
}

/// Notes that a device is used and takes its row lock; `false` when it was signed out.
pub(crate) fn touch(conn: &mut Conn, now: Timestamp, id: DeviceId) -> db::Result<bool> {
    let live = devices::table
        .filter(devices::id.eq(id))
        .filter(devices::revoked_at.is_null());
    let touched = diesel::update(live)
        .set(devices::last_used_at.eq(now))
        .execute(conn)?;
    Ok(touched == 1)
}

/// Signs a user's device out; `false` when there is none to sign out.
pub(crate) fn revoke(
    conn: &mut Conn,
    now: Timestamp,
    user: UserId,
    id: DeviceId,
) -> db::Result<bool> {
    let live = devices::table
        .filter(devices::id.eq(id))
        .filter(devices::user_id.eq(user))
        .filter(devices::revoked_at.is_null());
    let revoked = diesel::update(live)
        .set(devices::revoked_at.eq(now))
        .execute(conn)?;
    Ok(revoked == 1)
}

/// Signs all of a user's devices out.
pub(crate) fn revoke_all(conn: &mut Conn, now: Timestamp, user: UserId) -> db::Result<usize> {
    let live = devices::table
        .filter(devices::user_id.eq(user))
        .filter(devices::revoked_at.is_null());
    Ok(diesel::update(live)
        .set(devices::revoked_at.eq(now))
        .execute(conn)?)
}

/// Signs everybody's devices out.
pub(crate) fn revoke_everybodys(conn: &mut Conn, now: Timestamp) -> db::Result<usize> {
    let live = devices::table.filter(devices::revoked_at.is_null());
    Ok(diesel::update(live)
        .set(devices::revoked_at.eq(now))
        .execute(conn)?)
}

/// The user's live devices behind an id, oldest first.
pub(crate) fn page(
    conn: &mut Conn,
    user: UserId,
    after: Option<DeviceId>,
    limit: i64,
) -> db::Result<Vec<DeviceRow>> {
    let mut query = devices::table
        .filter(devices::user_id.eq(user))
        .filter(devices::revoked_at.is_null())
        .select((
            devices::id,
            devices::label,
            devices::created_at,
            devices::last_used_at,
        ))
        .order(devices::id)
        .limit(limit)
        .into_boxed::<db::Backend>();
    if let Some(after) = after {
        query = query.filter(devices::id.gt(after));
    }
    Ok(query.load(conn)?)
}

/// How many live devices the user has.
pub(crate) fn count(conn: &mut Conn, user: UserId) -> db::Result<i64> {
    let live = devices::table
        .filter(devices::user_id.eq(user))
        .filter(devices::revoked_at.is_null());
    Ok(live.count().get_result(conn)?)
}

/// A refresh token to be stored.
#[derive(Debug)]
pub(crate) struct NewToken<'a> {
    pub(crate) device: DeviceId,
    pub(crate) user: UserId,
    pub(crate) parent: Option<RefreshTokenId>,
    pub(crate) digest: &'a [u8],
    pub(crate) expires_at: Timestamp,
}

/// Stores a refresh token; one parent has at most one successor.
pub(crate) fn insert_token(conn: &mut Conn, now: Timestamp, new: &NewToken<'_>) -> db::Result<()> {
    diesel::insert_into(refresh_tokens::table)
        .values((
            refresh_tokens::id.eq(RefreshTokenId::new(now)),
            refresh_tokens::device_id.eq(new.device),
            refresh_tokens::user_id.eq(new.user),
            refresh_tokens::parent_id.eq(new.parent),
            refresh_tokens::digest.eq(new.digest),
            refresh_tokens::issued_at.eq(now),
            refresh_tokens::expires_at.eq(new.expires_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// The refresh token of a digest.
pub(crate) fn find_token(conn: &mut Conn, digest: &[u8]) -> db::Result<Option<TokenRow>> {
    let such = refresh_tokens::table.filter(refresh_tokens::digest.eq(digest));
    Ok(such.select(TOKEN).first(conn).optional()?)
}

/// The successor of a refresh token.
pub(crate) fn successor(conn: &mut Conn, parent: RefreshTokenId) -> db::Result<Option<TokenRow>> {
    let such = refresh_tokens::table.filter(refresh_tokens::parent_id.eq(parent));
    Ok(such.select(TOKEN).first(conn).optional()?)
}

/// Marks a refresh token as used; `false` when it was used before.
pub(crate) fn consume(conn: &mut Conn, now: Timestamp, id: RefreshTokenId) -> db::Result<bool> {
    let unused = refresh_tokens::table
        .filter(refresh_tokens::id.eq(id))
        .filter(refresh_tokens::used_at.is_null());
    let used = diesel::update(unused)
        .set(refresh_tokens::used_at.eq(now))
        .execute(conn)?;
    Ok(used == 1)
}

/// Forgets refresh tokens that ended before `before`: none of them is anybody's any more, so
/// none can be replayed.
pub(crate) fn sweep_tokens(conn: &mut Conn, before: Timestamp) -> db::Result<usize> {
    let ended = refresh_tokens::table.filter(refresh_tokens::expires_at.lt(before));
    Ok(diesel::delete(ended).execute(conn)?)
}
