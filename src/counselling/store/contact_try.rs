//! Tries to reach the family of a request.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::counselling::model::{Means, RequestId};
use crate::db::schema::counselling_contact_tries as tries;
use crate::db::{self, Conn};
use crate::identity::UserId;
use crate::kernel::{Id, Timestamp};

/// Marks ids of tries.
#[derive(Debug)]
pub(in crate::counselling) enum Try {}
/// The id of a try.
pub(in crate::counselling) type TryId = Id<Try>;

/// A try to reach a family.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = tries)]
pub(in crate::counselling) struct ContactTry {
    pub(in crate::counselling) id: TryId,
    pub(in crate::counselling) request_id: RequestId,
    pub(in crate::counselling) tried_on: NaiveDate,
    pub(in crate::counselling) tried_at: Timestamp,
    pub(in crate::counselling) tried_by: UserId,
    pub(in crate::counselling) means: Means,
    pub(in crate::counselling) is_reached: bool,
}

impl ContactTry {
    /// A try that was just made.
    pub(in crate::counselling) fn new(
        (now, today): (Timestamp, NaiveDate),
        request: RequestId,
        by: UserId,
        means: Means,
        is_reached: bool,
    ) -> Self {
        Self {
            id: Id::new(now),
            request_id: request,
            tried_on: today,
            tried_at: now,
            tried_by: by,
            means,
            is_reached,
        }
    }
}

/// On how many days tries reached nobody.
pub(in crate::counselling) fn missed_days(tries: &[ContactTry]) -> usize {
    let missed = tries.iter().filter(|one| !one.is_reached);
    let days: BTreeSet<NaiveDate> = missed.map(|one| one.tried_on).collect();
    days.len()
}

/// Writes a try.
pub(in crate::counselling) fn insert(conn: &mut Conn, one: &ContactTry) -> db::Result<()> {
    diesel::insert_into(tries::table)
        .values(one)
        .execute(conn)?;
    Ok(())
}

/// The tries to reach the families of some requests, each in order.
pub(in crate::counselling) fn of_all(
    conn: &mut Conn,
    ids: &[RequestId],
) -> db::Result<BTreeMap<RequestId, Vec<ContactTry>>> {
    let all: Vec<ContactTry> = tries::table
        .filter(tries::request_id.eq_any(ids))
        .order((tries::tried_at, tries::id))
        .select(ContactTry::as_select())
        .load(conn)?;
    let mut found: BTreeMap<RequestId, Vec<ContactTry>> = BTreeMap::new();
    for one in all {
        found.entry(one.request_id).or_default().push(one);
    }
    Ok(found)
}

/// The tries of a request, in order.
pub(in crate::counselling) fn of(conn: &mut Conn, id: RequestId) -> db::Result<Vec<ContactTry>> {
    Ok(tries::table
        .filter(tries::request_id.eq(id))
        .order((tries::tried_at, tries::id))
        .select(ContactTry::as_select())
        .load(conn)?)
}
