//! Rows of delegations.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{DelegationId, Duty, STAND_INS};
use crate::db::schema::delegations;
use crate::db::{self, Backend, Conn};
use crate::identity::{UserId, colleague};
use crate::kernel::{OfficeId, Timestamp};

/// A delegation as it stands.
#[derive(Debug, Clone, Copy, Queryable, Selectable)]
#[diesel(table_name = delegations)]
pub(super) struct Row {
    pub(super) id: DelegationId,
    pub(super) from_id: Option<UserId>,
    pub(super) to_id: UserId,
    pub(super) duty: Duty,
    pub(super) starts_on: NaiveDate,
    pub(super) ends_on: NaiveDate,
    pub(super) revoked_at: Option<Timestamp>,
    pub(super) revoked_by_id: Option<UserId>,
    pub(super) created_by_id: UserId,
    pub(super) version: i32,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
}

/// A delegation to be made.
#[derive(Debug, Clone)]
pub(super) struct NewDelegation {
    /// Whose duty; a vacant one is nobody's.
    pub(super) from: Option<UserId>,
    pub(super) to: UserId,
    pub(super) duty: Duty,
    pub(super) starts_on: NaiveDate,
    pub(super) ends_on: NaiveDate,
}

/// Which delegations are wanted.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Wanted {
    /// Only those from or to this user: what the caller may see.
    pub(super) of: Option<UserId>,
    pub(super) duty: Option<Duty>,
    /// Those that count on this day.
    pub(super) on: Option<NaiveDate>,
    pub(super) updated_since: Option<Timestamp>,
}

type Query<'a> = delegations::BoxedQuery<'a, Backend>;

fn counting(query: Query<'_>, on: NaiveDate) -> Query<'_> {
    query
        .filter(delegations::revoked_at.is_null())
        .filter(delegations::starts_on.le(on))
        .filter(delegations::ends_on.ge(on))
}

fn query<'a>(office: OfficeId, wanted: &Wanted) -> Query<'a> {
    let mut query = delegations::table
        .filter(delegations::office_id.eq(office))
        .into_boxed::<Backend>();
    if let Some(user) = wanted.of {
        let own = delegations::to_id
            .eq(user)
            .or(delegations::from_id.eq(user).assume_not_null());
        query = query.filter(own);
    }
    if let Some(duty) = wanted.duty {
        query = query.filter(delegations::duty.eq(duty));
    }
    if let Some(on) = wanted.on {
        query = counting(query, on);
    }
    if let Some(since) = wanted.updated_since {
        query = query.filter(delegations::updated_at.ge(since));
    }
    query
}

/// One page, newest first.
pub(super) fn page(
    conn: &mut Conn,
    office: OfficeId,
    wanted: &Wanted,
    before: Option<DelegationId>,
    limit: i64,
) -> db::Result<Vec<Row>> {
    let mut query = query(office, wanted);
    if let Some(before) = before {
        query = query.filter(delegations::id.lt(before));
    }
    Ok(query
        .select(Row::as_select())
        .order(delegations::id.desc())
        .limit(limit)
        .load(conn)?)
}

/// How many there are in all.
pub(super) fn count(conn: &mut Conn, office: OfficeId, wanted: &Wanted) -> db::Result<i64> {
    Ok(query(office, wanted).count().get_result(conn)?)
}

/// A delegation, as far as it is wanted.
pub(super) fn find(
    conn: &mut Conn,
    office: OfficeId,
    wanted: &Wanted,
    id: DelegationId,
) -> db::Result<Option<Row>> {
    Ok(query(office, wanted)
        .filter(delegations::id.eq(id))
        .select(Row::as_select())
        .first(conn)
        .optional()?)
}

pub(super) fn insert(
    conn: &mut Conn,
    now: Timestamp,
    (office, by): (OfficeId, UserId),
    new: &NewDelegation,
) -> db::Result<DelegationId> {
    let id = DelegationId::new(now);
    diesel::insert_into(delegations::table)
        .values((
            delegations::id.eq(id),
            delegations::office_id.eq(office),
            delegations::from_id.eq(new.from),
            delegations::to_id.eq(new.to),
            delegations::duty.eq(new.duty),
            delegations::starts_on.eq(new.starts_on),
            delegations::ends_on.eq(new.ends_on),
            delegations::created_by_id.eq(by),
            delegations::version.eq(1),
            delegations::created_at.eq(now),
            delegations::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(id)
}

/// Whether somebody stands in for the same person in the same duty on one of its days already.
pub(super) fn overlaps(conn: &mut Conn, office: OfficeId, new: &NewDelegation) -> db::Result<bool> {
    let of_duty = Wanted {
        duty: Some(new.duty),
        ..Wanted::default()
    };
    let standing = query(office, &of_duty)
        .filter(delegations::to_id.eq(new.to))
        .filter(delegations::revoked_at.is_null())
        .filter(delegations::starts_on.le(new.ends_on))
        .filter(delegations::ends_on.ge(new.starts_on));
    let same = match new.from {
        Some(from) => standing.filter(delegations::from_id.assume_not_null().eq(from)),
        None => standing.filter(delegations::from_id.is_null()),
    };
    Ok(same.count().get_result::<i64>(conn)? > 0)
}

/// Ends a delegation; `false` when it was ended meanwhile.
pub(super) fn revoke(
    conn: &mut Conn,
    now: Timestamp,
    id: DelegationId,
    by: UserId,
) -> db::Result<bool> {
    let living = delegations::table
        .filter(delegations::id.eq(id))
        .filter(delegations::revoked_at.is_null());
    let ended = diesel::update(living)
        .set((
            delegations::revoked_at.eq(now),
            delegations::revoked_by_id.eq(by),
            delegations::version.eq(delegations::version + 1),
            delegations::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(ended == 1)
}

/// Who stands in for one person, or for anybody, among those who still may.
pub(super) fn holders(
    conn: &mut Conn,
    office: OfficeId,
    from: Option<UserId>,
    (duty, on): (Duty, NaiveDate),
) -> db::Result<Vec<UserId>> {
    let wanted = Wanted {
        duty: Some(duty),
        on: Some(on),
        ..Wanted::default()
    };
    let mut query = query(office, &wanted);
    if let Some(from) = from {
        query = query.filter(delegations::from_id.eq(from));
    }
    let mut named: Vec<UserId> = query.select(delegations::to_id).load(conn)?;
    named.sort_unstable();
    named.dedup();
    if named.is_empty() {
        return Ok(named);
    }
    let known = colleague::among(conn, office, &named)?;
    named.retain(|id| {
        let is_fit = |c: &colleague::Colleague| c.is_active && c.roles.has_any(STAND_INS);
        known.iter().any(|c| c.id == *id && is_fit(c))
    });
    Ok(named)
}

/// For whom one user stands in.
pub(super) fn acts_for(
    conn: &mut Conn,
    user: UserId,
    (duty, on): (Duty, NaiveDate),
) -> db::Result<Vec<UserId>> {
    let own = delegations::table
        .filter(delegations::to_id.eq(user))
        .filter(delegations::duty.eq(duty))
        .into_boxed::<Backend>();
    let rows: Vec<(OfficeId, Option<UserId>)> = counting(own, on)
        .select((delegations::office_id, delegations::from_id))
        .load(conn)?;
    let Some((office, _)) = rows.first().copied() else {
        return Ok(Vec::new());
    };
    let found = colleague::find(conn, office, user)?;
    if !found.is_some_and(|one| one.is_active && one.roles.has_any(STAND_INS)) {
        return Ok(Vec::new());
    }
    let mut named: Vec<UserId> = rows.into_iter().filter_map(|(_, from)| from).collect();
    named.sort_unstable();
    named.dedup();
    Ok(named)
}
