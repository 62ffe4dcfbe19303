//! The sealer: one process at a time numbers the committed rows and chains their digests.
//!
//! A row is sealed after its transaction, so that writers never wait for one another at the head
//! of a chain.

use chrono::TimeDelta;
use diesel::prelude::*;

use super::event::AuditEventId;
use crate::db::schema::{audit_events as events, audit_seals as seals, leases};
use crate::db::{self, Conn, Db, Result, dialect};
use crate::kernel::{Clock, Id, OfficeId, Timestamp, token};

/// Rows sealed in one transaction.
pub const BATCH: i64 = 200;
/// How long a sealer holds its lease without renewing it.
const LEASE: TimeDelta = TimeDelta::seconds(30);
/// A transaction that commits later than this after its request began is sealed by a full pass.
const LATE: TimeDelta = TimeDelta::minutes(10);
/// How often the whole log is looked through.
const FULL_EVERY: TimeDelta = TimeDelta::hours(1);
/// The name of the lease.
const NAME: &str = "audit-sealer";
/// What the first seal is chained to.
pub(super) const GENESIS: [u8; 32] = [0; 32];

/// Marks who holds a lease.
#[derive(Debug)]
pub enum Holder {}

/// A row of the log as it is sealed.
#[derive(Debug, Queryable)]
pub(super) struct SealedRow {
    id: AuditEventId,
    office_id: Option<OfficeId>,
    at: Timestamp,
    actor_id: Option<AuditEventId>,
    action: String,
    object_kind: String,
    object_id: Option<AuditEventId>,
    request_id: Option<String>,
    client: Option<String>,
    facts: String,
}

type Columns = (
    events::id,
    events::office_id,
    events::at,
    events::actor_id,
    events::action,
    events::object_kind,
    events::object_id,
    events::request_id,
    events::client,
    events::facts,
);
/// The columns of [`SealedRow`].
pub(super) const COLUMNS: Columns = (
    events::id,
    events::office_id,
    events::at,
    events::actor_id,
    events::action,
    events::object_kind,
    events::object_id,
    events::request_id,
    events::client,
    events::facts,
);

impl SealedRow {
    /// The digest of the row: every field with its length before it, so that no text can move
    /// from one field into the next.
    pub(super) fn digest(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(256);
        let mut field = |value: Option<&[u8]>| {
            bytes.push(u8::from(value.is_some()));
            let value = value.unwrap_or_default();
            let length = u64::try_from(value.len()).unwrap_or(u64::MAX);
            bytes.extend_from_slice(&length.to_be_bytes());
            bytes.extend_from_slice(value);
        };
        field(Some(self.id.uuid().as_bytes()));
        field(
            self.office_id
                .map(Id::uuid)
                .as_ref()
                .map(|id| id.as_bytes().as_slice()),
        );
        field(Some(&self.at.micros().to_be_bytes()));
        field(
            self.actor_id
                .map(Id::uuid)
                .as_ref()
                .map(|id| id.as_bytes().as_slice()),
        );
        field(Some(self.action.as_bytes()));
        field(Some(self.object_kind.as_bytes()));
        field(
            self.object_id
                .map(Id::uuid)
                .as_ref()
                .map(|id| id.as_bytes().as_slice()),
        );
        field(self.request_id.as_deref().map(str::as_bytes));
        field(self.client.as_deref().map(str::as_bytes));
        field(Some(self.facts.as_bytes()));
        token::sha256(&bytes)
    }
}

/// The next link of the chain.
pub(super) fn link(previous: &[u8], digest: &[u8]) -> Vec<u8> {
    token::sha256(&[previous, digest].concat())
}

/// Seals what other transactions have committed.
#[derive(Debug)]
pub struct Sealer {
    holder: Id<Holder>,
    full_at: Option<Timestamp>,
}

impl Sealer {
    /// A sealer of this process.
    pub fn new(now: Timestamp) -> Self {
        Self {
            holder: Id::new(now),
            full_at: None,
        }
    }

    /// Seals up to [`BATCH`] rows and says how many; none where another process holds the lease.
    ///
    /// # Errors
    /// When storage fails.
    pub fn step(&mut self, db: &Db, clock: &std::sync::Arc<Clock>) -> Result<usize> {
        let now = clock.now();
        let is_full = self.full_at.is_none_or(|at| at.plus(FULL_EVERY) <= now);
        let (holder, clock) = (self.holder, std::sync::Arc::clone(clock));
        let sealed = db.write_now(move |conn| {
            if hold(conn, holder, &clock)? {
                seal(conn, now, is_full)
            } else {
                Ok(0)
            }
        })?;
        // A full batch leaves a rest behind.
        if is_full && i64::try_from(sealed).is_ok_and(|count| count < BATCH) {
            self.full_at = Some(now);
        }
        Ok(sealed)
    }
}

/// Takes or renews the lease; its row stays locked to the end of the transaction, so that a
/// sealer whose lease has just run out and its successor never work at once.
fn hold(conn: &mut Conn, holder: Id<Holder>, clock: &Clock) -> Result<bool> {
    let now = dialect::lease_now(conn, clock)?;
    let free = leases::table
        .filter(leases::name.eq(NAME))
        .filter(leases::holder.eq(holder).or(leases::until.lt(now)));
    let taken = diesel::update(free)
        .set((leases::holder.eq(holder), leases::until.eq(now.plus(LEASE))))
        .execute(conn)?;
    if taken == 1 {
        return Ok(true);
    }
    let held = leases::table.filter(leases::name.eq(NAME));
    if diesel::select(diesel::dsl::exists(held)).get_result(conn)? {
        return Ok(false);
    }
    // In a savepoint: another process may make the row first, and this transaction lives on.
    let made = conn.transaction::<_, db::Error, _>(|conn| {
        let row = (
            leases::name.eq(NAME),
            leases::holder.eq(holder),
            leases::until.eq(now.plus(LEASE)),
        );
        Ok(diesel::insert_into(leases::table)
            .values(row)
            .execute(conn)?)
    });
    match made {
        Ok(_) => Ok(true),
        Err(db::Error::Statement(error)) if dialect::violated_unique(&error).is_some() => Ok(false),
        Err(error) => Err(error),
    }
}

/// The number and chain of the last seal.
///
/// # Errors
/// When storage fails.
pub fn head(conn: &mut Conn) -> Result<(i64, Vec<u8>)> {
    let last: Option<(i64, Vec<u8>)> = seals::table
        .select((seals::number, seals::chain))
        .order(seals::number.desc())
        .first(conn)
        .optional()?;
    Ok(last.unwrap_or_else(|| (0, GENESIS.to_vec())))
}

/// Seals one batch; without `is_full` only rows that may have come since the last seal.
fn seal(conn: &mut Conn, now: Timestamp, is_full: bool) -> Result<usize> {
    let (mut number, mut chain) = head(conn)?;
    let mut query = events::table
        .left_join(seals::table.on(seals::event_id.eq(events::id)))
        .filter(seals::number.is_null())
        .select(COLUMNS)
        .order(events::id)
        .limit(BATCH)
        .into_boxed::<db::Backend>();
    if !is_full {
        query = query.filter(events::id.ge(earliest(now.minus(LATE))));
    }
    let rows: Vec<SealedRow> = query.load(conn)?;
    for row in &rows {
        let digest = row.digest();
        number += 1;
        chain = link(&chain, &digest);
        diesel::insert_into(seals::table)
            .values((
                seals::number.eq(number),
                seals::event_id.eq(row.id),
                seals::digest.eq(&digest),
                seals::chain.eq(&chain),
                seals::sealed_at.eq(now),
            ))
            .execute(conn)?;
    }
    Ok(rows.len())
}

/// Seals whatever is unsealed, where nobody else works on the database: after a restore, which brings
/// back the rows of the last second without their seals.
///
/// # Errors
/// When storage fails.
pub fn seal_rest(conn: &mut Conn, now: Timestamp) -> Result<()> {
    while conn.transaction(|conn| seal(conn, now, true))? > 0 {}
    Ok(())
}

/// The least id made at an instant or later: ids begin with their milliseconds.
fn earliest(at: Timestamp) -> AuditEventId {
    let millis = u128::try_from(at.micros() / 1000).unwrap_or_default();
    AuditEventId::from_uuid(uuid::Uuid::from_u128(millis << 80))
}
