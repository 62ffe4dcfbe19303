//! Replacing the key that seals data keys, while others serve.
//!
//! Only data keys are sealed anew, not what they sealed. Each step leaves a state to go on from:
//! the new key stands in the key file before the database names it, it is named before a data key
//! is sealed by it, and an old one is forgotten only when none is left that it sealed. Whoever
//! kills it runs it again.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use diesel::prelude::*;

use super::key_file::{self, Change};
use super::keyring;
use super::keys::{Error, Key, Keys, Purpose};
use super::vault::{self, DataKeyId, SEALING};
use crate::db::error::Failure;
use crate::db::schema::data_keys;
use crate::db::{self, Conn, Db, Engine, dialect};
use crate::kernel::{Class, Coded, Timestamp};

/// Data keys sealed anew in one transaction; others write between two.
const BATCH: i64 = 500;
/// How often a transaction that storage refused is tried again.
const ATTEMPTS: u32 = 20;
/// The least rest between two transactions.
const REST: Duration = Duration::from_millis(5);
/// How often an old key is looked through: whoever began before the new one was named may have
/// sealed by it after the first look.
const ROUNDS: u32 = 5;

/// What a rotation did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The key that seals data keys now.
    pub key: String,
    /// How many data keys were sealed anew.
    pub rewrapped: u64,
    /// Data keys that did not open; they stay as they were, and what sealed them stays needed.
    pub broken: Vec<DataKeyId>,
    /// Keys of the file that the database no longer needs.
    pub removable: Vec<String>,
}

/// Seals every data key by a new key, or goes on where one before was stopped.
///
/// # Errors
/// When another process changes the key file, a named key is not in it, or storage fails.
pub fn rotate(db: &Db, path: &Path, now: Timestamp) -> Result<Report, Error> {
    let change = Change::begin(path)?;
    let key = target(db, &change, path)?;
    let id = key.id.clone();
    retry(db, move |conn| {
        if keyring::ids(conn, Purpose::Data)?.contains(&id) {
            return Ok(());
        }
        Ok(keyring::name(conn, Purpose::Data, &id, now)?)
    })?;
    let keys = Keys::read(path)?;
    let mut report = Report {
        key: key.id.clone(),
        ..Report::default()
    };
    for _ in 0..ROUNDS {
        let old = old_ids(db, &key.id)?;
        if old.is_empty() {
            break;
        }
        report.broken.clear();
        for id in old {
            let from = keys.named(Purpose::Data, &id);
            let from = from.ok_or_else(|| Error::Missing(Purpose::Data, id.clone()))?;
            rewrap_all(db, (&from, &key), &mut report)?;
            retry(db, move |conn| Ok(forget_unneeded(conn, &id)?))?;
        }
        if !report.broken.is_empty() {
            break;
        }
    }
    let needed = db.read_now(needed)?;
    let given = keys.all(Purpose::Data).into_iter();
    let given = given.map(|key| key.id.clone());
    report.removable = given.filter(|id| !needed.contains(id)).collect();
    Ok(report)
}

/// The key to seal by: the last one where a rotation is not at its end, else a new one, which is
/// put into the key file first.
fn target(db: &Db, change: &Change, path: &Path) -> Result<Arc<Key>, Error> {
    let keys = Keys::read(path)?;
    let named = db.read_now(|conn| keyring::ids(conn, Purpose::Data))?;
    for id in &named {
        if keys.named(Purpose::Data, id).is_none() {
            return Err(Error::Missing(Purpose::Data, id.clone()));
        }
    }
    let current = keys.current(Purpose::Data)?;
    let last = named.first().map(String::as_str);
    let Some(last) = last.filter(|_| named.contains(&current.id)) else {
        // It was put into the file, and not named yet.
        return Ok(current);
    };
    if old_ids(db, last)?.is_empty() {
        return add(change, path);
    }
    let last = keys.named(Purpose::Data, last);
    last.ok_or(Error::None(Purpose::Data))
}

/// Puts a new key into the key file.
fn add(change: &Change, path: &Path) -> Result<Arc<Key>, Error> {
    let mut ring = key_file::read(path)?;
    let key = key_file::add(&mut ring, Purpose::Data);
    change.replace(&ring)?;
    Ok(key)
}

/// The keys other than the new one that the database names or that sealed something.
fn old_ids(db: &Db, new: &str) -> Result<Vec<String>, Error> {
    let mut needed = db.read_now(needed)?;
    needed.retain(|id| id != new);
    Ok(needed)
}

fn needed(conn: &mut Conn) -> Result<Vec<String>, db::Error> {
    let mut ids = keyring::ids(conn, Purpose::Data)?;
    for id in keyring::sealing_ids(conn)? {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

/// Seals by `to` what `from` sealed, a transaction for each batch.
fn rewrap_all(db: &Db, (from, to): (&Key, &Key), report: &mut Report) -> Result<(), Error> {
    let mut after = DataKeyId::from_uuid(uuid::Uuid::nil());
    loop {
        let rows = db.read_now(|conn| sealed_by(conn, from, after))?;
        let Some((last, _)) = rows.last() else {
            return Ok(());
        };
        after = *last;
        let mut sealed = Vec::new();
        for (id, wrapped) in rows {
            let opened = vault::unwrap(from, id, wrapped.as_deref().unwrap_or_default());
            match opened.and_then(|secret| vault::wrap(to, id, secret.expose())) {
                Ok(wrapped) => sealed.push((id, wrapped)),
                Err(_) => report.broken.push(id),
            }
        }
        let begun = Instant::now();
        let (from, to) = (from.id.clone(), to.id.clone());
        let count = retry(db, move |conn| Ok(keep(conn, (&from, &to), &sealed)?))?;
        report.rewrapped += count;
        match db.engine() {
            // As long as it took: half of the time is for those who serve.
            Engine::Sqlite => rest(begun.elapsed().max(REST)),
            // It keeps nobody but who writes the same rows.
            Engine::Postgres => rest(REST),
        }
    }
}

/// A data key as it lies in the database.
type Row = (DataKeyId, Option<Vec<u8>>);

/// The next data keys a key sealed.
fn sealed_by(conn: &mut Conn, key: &Key, after: DataKeyId) -> Result<Vec<Row>, db::Error> {
    Ok(data_keys::table
        .filter(data_keys::kek_id.eq(&key.id))
        .filter(data_keys::id.gt(after))
        .filter(data_keys::wrapped.is_not_null())
        .select((data_keys::id, data_keys::wrapped))
        .order(data_keys::id)
        .limit(BATCH)
        .load(conn)?)
}

/// Keeps what is sealed anew; one that is erased meanwhile stays erased.
fn keep(
    conn: &mut Conn,
    (from, to): (&str, &str),
    sealed: &[(DataKeyId, Vec<u8>)],
) -> Result<u64, db::Error> {
    let mut count = 0;
    for (id, wrapped) in sealed {
        let still = data_keys::table
            .find(id)
            .filter(data_keys::kek_id.eq(from))
            .filter(data_keys::wrapped.is_not_null());
        let changed = diesel::update(still)
            .set((
                data_keys::kek_id.eq(to),
                data_keys::wrapped.eq(Some(wrapped)),
            ))
            .execute(conn)?;
        count += u64::from(changed > 0);
    }
    Ok(count)
}

/// Forgets a key once it seals nothing. Alone: whoever seals a new data key has ended, or begins
/// after this and finds the new key named last.
fn forget_unneeded(conn: &mut Conn, id: &str) -> Result<(), db::Error> {
    dialect::lock_named(conn, SEALING)?;
    let left: i64 = data_keys::table
        .filter(data_keys::kek_id.eq(id))
        .filter(data_keys::wrapped.is_not_null())
        .count()
        .get_result(conn)?;
    if left == 0 {
        keyring::forget(conn, Purpose::Data, id)?;
    }
    Ok(())
}

/// A write that is tried again while storage is busy: the service's own writes come first.
fn retry<T: Send + 'static>(
    db: &Db,
    f: impl Fn(&mut Conn) -> Result<T, Error> + Clone + Send + 'static,
) -> Result<T, Error> {
    let mut attempt = 1;
    loop {
        match db.write_now(f.clone()) {
            Err(Error::Db(error)) if is_passing(&error) && attempt < ATTEMPTS => {
                attempt += 1;
                rest(Duration::from_millis(100));
            }
            answer => return answer,
        }
    }
}

fn is_passing(error: &db::Error) -> bool {
    error.is_retryable() || error.class() == Class::Unavailable
}

#[expect(
    clippy::disallowed_methods,
    reason = "a command's own thread, which nobody waits for"
)]
fn rest(time: Duration) {
    std::thread::sleep(time);
}
