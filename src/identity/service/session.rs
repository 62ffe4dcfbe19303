//! Tokens of a device: given at login, rotated, ended.

use chrono::TimeDelta;
use serde_json::json;

use super::{audit_open, end_sessions};
use crate::db::{self, Conn};
use crate::identity::actor::DeviceId;
use crate::identity::call::{Cx, Open};
use crate::identity::claims::{self, ACCESS_TTL_SECONDS, AccessClaims};
use crate::identity::error::Error;
use crate::identity::messages::{self, Letter};
use crate::identity::store::device::{self, NewToken, TokenRow};
use crate::identity::store::user::{self, UserRow};
use crate::identity::view::SessionView;
use crate::kernel::{Fault, Timestamp, token};
use crate::sealed::{Keys, Purpose};

/// How long a refresh token works.
const REFRESH_TTL: TimeDelta = TimeDelta::days(30);
/// How long a client that lost an answer may ask for it again.
const GRACE: TimeDelta = TimeDelta::seconds(10);

/// Gives the first pair of tokens of a device.
pub(super) fn begin(
    conn: &mut Conn,
    keys: &Keys,
    now: Timestamp,
    user: &UserRow,
    device: DeviceId,
) -> Result<SessionView, Error> {
    let refresh = token::fresh();
    let new = NewToken {
        device,
        user: user.id,
        parent: None,
        digest: &token::sha256(refresh.as_bytes()),
        expires_at: now.plus(REFRESH_TTL),
    };
    device::insert_token(conn, now, &new)?;
    pair(keys, user, device, now, refresh)
}

fn pair(
    keys: &Keys,
    user: &UserRow,
    device: DeviceId,
    issued_at: Timestamp,
    refresh_token: String,
) -> Result<SessionView, Error> {
    let claims = AccessClaims {
        user: user.id,
        device,
        generation: user.generation,
    };
    let access = claims::sign(keys, claims, issued_at)
        .ok_or_else(|| Fault::Internal("no access key".into()))?;
    Ok(SessionView {
        access_token: access,
        token_type: "Bearer",
        expires_in: ACCESS_TTL_SECONDS,
        refresh_token,
    })
}

/// The successor of a refresh token: derived, so that a repeat gets the very same one.
fn derive(keys: &Keys, parent: &TokenRow) -> String {
    token::encode(&keys.mac(Purpose::Refresh, parent.id.uuid().as_bytes()))
}

/// Gives the next pair for a refresh token; `None` when it no longer counts. A replay ends the
/// device, which must be committed: hence no error.
///
/// # Errors
/// When storage fails.
pub fn refresh(open: &mut Open<'_>, text: &str) -> Result<Option<SessionView>, Error> {
    let digest = token::sha256(text.as_bytes());
    let Some(seen) = device::find_token(open.conn, &digest)? else {
        return Ok(None);
    };
    // The device's row first: of many calls with one token, one at a time reads its state.
    if !device::touch(open.conn, open.now, seen.device_id)? {
        return Ok(None);
    }
    let Some(row) = device::find_token(open.conn, &digest)? else {
        return Ok(None);
    };
    let Some(user) = user::find(open.conn, row.user_id)?.filter(UserRow::may_log_in) else {
        return Ok(None);
    };
    match row.used_at {
        Some(used_at) => repeat(open, &user, &row, used_at),
        None if row.expires_at <= open.now => Ok(None),
        None => rotate(open, &user, &row).map(Some),
    }
}

fn rotate(open: &mut Open<'_>, user: &UserRow, row: &TokenRow) -> Result<SessionView, Error> {
    let refresh = derive(&open.platform.keys, row);
    device::consume(open.conn, open.now, row.id)?;
    let new = NewToken {
        device: row.device_id,
        user: user.id,
        parent: Some(row.id),
        digest: &token::sha256(refresh.as_bytes()),
        expires_at: open.now.plus(REFRESH_TTL),
    };
    device::insert_token(open.conn, open.now, &new)?;
    pair(&open.platform.keys, user, row.device_id, open.now, refresh)
}

/// A token that was used comes again: a lost answer, or a thief.
fn repeat(
    open: &mut Open<'_>,
    user: &UserRow,
    row: &TokenRow,
    used_at: Timestamp,
) -> Result<Option<SessionView>, Error> {
    let refresh = derive(&open.platform.keys, row);
    let successor = device::successor(open.conn, row.id)?
        .filter(|next| next.used_at.is_none() && open.now.since(used_at) <= GRACE)
        .filter(|next| token::same(&next.digest, &token::sha256(refresh.as_bytes())));
    if let Some(next) = successor {
        let keys = &open.platform.keys;
        return pair(keys, user, row.device_id, next.issued_at, refresh).map(Some);
    }
    device::revoke(open.conn, open.now, user.id, row.device_id)?;
    let facts = json!({"device": row.device_id});
    audit_open(open, Some(user), None, "user.refresh-replay", facts)?;
    let letter = Letter::devices_signed_out();
    messages::send(open.conn, &open.platform.keys, open.now, user, letter)?;
    Ok(None)
}

/// Signs out the device a refresh token belongs to; any other text changes nothing.
///
/// # Errors
/// When storage fails.
pub fn logout(open: &mut Open<'_>, text: &str) -> Result<(), Error> {
    let digest = token::sha256(text.as_bytes());
    let Some(row) = device::find_token(open.conn, &digest)? else {
        return Ok(());
    };
    if device::revoke(open.conn, open.now, row.user_id, row.device_id)? {
        let about = user::find(open.conn, row.user_id)?;
        let facts = json!({"device": row.device_id});
        audit_open(
            open,
            about.as_ref(),
            Some(row.user_id),
            "user.logout",
            facts,
        )?;
    }
    Ok(())
}

/// Signs the caller out everywhere.
///
/// # Errors
/// When storage fails.
pub fn logout_all(cx: &mut Cx<'_>) -> Result<(), Error> {
    let id = cx.actor.id;
    end_sessions(cx.conn, cx.now, id)?;
    Ok(cx.audit("user.logout-all", "user", id.uuid(), json!({}))?)
}

/// One page of the caller's devices and how many there are.
///
/// # Errors
/// When storage fails.
pub(in crate::identity) fn devices(
    cx: &mut Cx<'_>,
    after: Option<DeviceId>,
    limit: i64,
) -> db::Result<(Vec<device::DeviceRow>, i64)> {
    let id = cx.actor.id;
    let rows = device::page(cx.conn, id, after, limit + 1)?;
    Ok((rows, device::count(cx.conn, id)?))
}

/// Signs out one of the caller's devices.
///
/// # Errors
/// `not-found`, storage failures.
pub fn sign_out(cx: &mut Cx<'_>, id: DeviceId) -> Result<(), Error> {
    let me = cx.actor.id;
    if !device::revoke(cx.conn, cx.now, me, id)? {
        return Err(Fault::NotFound.into());
    }
    let facts = json!({"device": id});
    Ok(cx.audit("user.device-sign-out", "user", me.uuid(), facts)?)
}
