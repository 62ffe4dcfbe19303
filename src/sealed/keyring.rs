//! What the database says of the keys: which ids of each purpose it needs. The one named last
//! seals new data keys, whatever a process has read of the key file.

use chrono::TimeDelta;
use diesel::prelude::*;

use super::keys::{Error, Keys, Purpose};
use super::vault::{self, DataKeyId};
use crate::db::schema::{data_keys, keyring};
use crate::db::{self, Conn};
use crate::kernel::Timestamp;

/// Data keys that are tried with a key at the start.
const TRIED: i64 = 8;

/// The ids the database needs of a purpose, the one named last first.
pub(super) fn ids(conn: &mut Conn, purpose: Purpose) -> Result<Vec<String>, db::Error> {
    Ok(keyring::table
        .filter(keyring::purpose.eq(purpose.as_str()))
        .order((keyring::created_at.desc(), keyring::key_id.desc()))
        .select(keyring::key_id)
        .load(conn)?)
}

/// Names a key, after all others of its purpose even where a clock was set back.
pub(super) fn name(
    conn: &mut Conn,
    purpose: Purpose,
    id: &str,
    now: Timestamp,
) -> Result<(), db::Error> {
    let of_purpose = keyring::table.filter(keyring::purpose.eq(purpose.as_str()));
    let last: Option<Timestamp> = of_purpose
        .select(keyring::created_at)
        .order(keyring::created_at.desc())
        .first(conn)
        .optional()?;
    let after = last.map(|last| last.plus(TimeDelta::microseconds(1)));
    diesel::insert_into(keyring::table)
        .values((
            keyring::purpose.eq(purpose.as_str()),
            keyring::key_id.eq(id),
            keyring::created_at.eq(after.map_or(now, |after| after.max(now))),
        ))
        .execute(conn)?;
    Ok(())
}

/// No longer needs a key.
pub(super) fn forget(conn: &mut Conn, purpose: Purpose, id: &str) -> Result<(), db::Error> {
    diesel::delete(keyring::table.find((purpose.as_str(), id))).execute(conn)?;
    Ok(())
}

/// Checks the keys against those the database names, and names new ones in it.
pub(super) fn enrol(conn: &mut Conn, keys: &Keys, now: Timestamp) -> Result<(), Error> {
    for purpose in Purpose::ALL {
        let named = ids(conn, *purpose)?;
        for id in &named {
            if keys.named(*purpose, id).is_none() {
                return Err(Error::Missing(*purpose, id.clone()));
            }
        }
        let current = keys.current(*purpose)?;
        if !named.contains(&current.id) {
            name(conn, *purpose, &current.id, now)?;
        }
    }
    try_each(conn, keys)
}

/// Opens a data key of each key that sealed some: an id alone does not tell that the key is right.
fn try_each(conn: &mut Conn, keys: &Keys) -> Result<(), Error> {
    for id in sealing_ids(conn)? {
        let key = keys.named(Purpose::Data, &id);
        let key = key.ok_or_else(|| Error::Missing(Purpose::Data, id.clone()))?;
        let rows: Vec<(DataKeyId, Option<Vec<u8>>)> = data_keys::table
            .filter(data_keys::kek_id.eq(&id))
            .filter(data_keys::wrapped.is_not_null())
            .select((data_keys::id, data_keys::wrapped))
            .order(data_keys::id)
            .limit(TRIED)
            .load(conn)
            .map_err(db::Error::from)?;
        let opens = |(id, wrapped): &(DataKeyId, Option<Vec<u8>>)| {
            let wrapped = wrapped.as_deref().unwrap_or_default();
            vault::unwrap(&key, *id, wrapped).is_ok()
        };
        // One row may be damaged; the key is wrong where none opens.
        if !rows.is_empty() && !rows.iter().any(opens) {
            return Err(Error::Wrong(id));
        }
    }
    Ok(())
}

/// The ids of the keys that sealed what is not destroyed.
pub(super) fn sealing_ids(conn: &mut Conn) -> Result<Vec<String>, db::Error> {
    Ok(data_keys::table
        .filter(data_keys::wrapped.is_not_null())
        .select(data_keys::kek_id)
        .distinct()
        .load(conn)?)
}
