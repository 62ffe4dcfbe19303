//! Requests, with their clocks.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::row::{ClockRow, Row};
use crate::db::schema::{
    legal_aid_clocks as clocks, legal_aid_conflicts as conflicts, legal_aid_requests as requests,
};
use crate::db::{self, Backend, Conn};
use crate::identity::UserId;
use crate::kernel::{Fault, OfficeId, Timestamp};
use crate::legal_aid::clock::NO_QUEUE;
use crate::legal_aid::error::Error;
use crate::legal_aid::model::{NextActor, Request, RequestId, UrgencyLevel};
use crate::legal_aid::policy::Scope;
use crate::legal_aid::status::Status;
use crate::office::work::Work;
use crate::sealed::vault::is_live;
use crate::sealed::{DataKey, DataKeyId};

/// What a list may be narrowed to.
#[derive(Debug, Clone, Default)]
pub(in crate::legal_aid) struct Filter {
    pub(in crate::legal_aid) status: Option<Status>,
    pub(in crate::legal_aid) assignee: Option<UserId>,
    pub(in crate::legal_aid) next_actor: Option<NextActor>,
    pub(in crate::legal_aid) urgency: Option<UrgencyLevel>,
    pub(in crate::legal_aid) field: Option<String>,
    pub(in crate::legal_aid) reference: Option<String>,
    pub(in crate::legal_aid) code: Option<String>,
    pub(in crate::legal_aid) due_by: Option<NaiveDate>,
    pub(in crate::legal_aid) updated_since: Option<Timestamp>,
}

type Joined<'a> = diesel::dsl::IntoBoxed<
    'a,
    diesel::dsl::InnerJoinOn<
        clocks::table,
        requests::table,
        diesel::dsl::Eq<requests::id, clocks::request_id>,
    >,
    Backend,
>;

/// What a scope reaches, in the query itself: a foreign request is a missing one.
fn visible<'a>(office: OfficeId, scope: &Scope) -> Joined<'a> {
    let query = clocks::table
        .inner_join(requests::table.on(requests::id.eq(clocks::request_id)))
        .into_boxed()
        // Of both: each has the index of an order of its own, which begins with the office.
        .filter(clocks::office_id.eq(office))
        .filter(requests::office_id.eq(office))
        .filter(is_live!(requests::data_key_id));
    match scope {
        Scope::Own(user) => query.filter(requests::user_id.eq(*user)),
        Scope::Staff(eyes) => {
            let conflicted = conflicts::table
                .filter(conflicts::user_id.eq(eyes.user))
                .select(conflicts::request_id);
            query
                .filter(requests::id.ne_all(conflicted))
                // A family's draft is its own.
                .filter(
                    requests::status
                        .ne(Status::Draft)
                        .or(requests::user_id.is_null()),
                )
        }
    }
}

fn filtered<'a>(office: OfficeId, scope: &Scope, filter: &Filter) -> Joined<'a> {
    let mut query = visible(office, scope);
    if let Some(status) = filter.status {
        query = query.filter(requests::status.eq(status));
    }
    if let Some(assignee) = filter.assignee {
        query = query.filter(requests::assignee_id.eq(assignee));
    }
    if let Some(actor) = filter.next_actor {
        query = query.filter(clocks::next_actor.eq(actor));
    }
    if let Some(urgency) = filter.urgency {
        query = query.filter(clocks::urgency.eq(urgency));
    }
    if let Some(field) = filter.field.clone() {
        query = query.filter(requests::field.eq(field));
    }
    if let Some(reference) = filter.reference.clone() {
        query = query.filter(requests::reference.eq(reference));
    }
    if let Some(code) = filter.code.clone() {
        query = query.filter(requests::code.eq(code));
    }
    if let Some(day) = filter.due_by {
        query = query.filter(clocks::due_on.le(day));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(requests::updated_at.ge(since));
    }
    query
}

fn open_all(work: &mut Work<'_>, rows: Vec<(Row, ClockRow)>) -> Result<Vec<Request>, Error> {
    let ids: Vec<DataKeyId> = rows.iter().map(|(row, _)| row.data_key_id).collect();
    let keys = work.data_keys(&ids)?;
    rows.into_iter()
        .filter_map(|(row, clock)| {
            let key = keys.get(&row.data_key_id)?;
            Some(row.open(key, clock))
        })
        .collect()
}

/// One page, oldest first, and one row more.
pub(in crate::legal_aid) fn page(
    work: &mut Work<'_>,
    scope: &Scope,
    filter: &Filter,
    after: Option<(Timestamp, RequestId)>,
    limit: i64,
) -> Result<Vec<Request>, Error> {
    let mut query = filtered(work.office_id(), scope, filter);
    if let Some((at, id)) = after {
        query = query.filter(
            requests::created_at
                .gt(at)
                .or(requests::created_at.eq(at).and(requests::id.gt(id))),
        );
    }
    let rows = query
        .order((requests::created_at, requests::id))
        .limit(limit + 1)
        .select((Row::as_select(), ClockRow::as_select()))
        .load(work.conn)?;
    open_all(work, rows)
}

/// How many requests of an account wait at the ward, drafts among them.
pub(in crate::legal_aid) fn at_ward(conn: &mut Conn, user: UserId) -> db::Result<i64> {
    let waiting = [Status::Draft, Status::Submitted, Status::NeedsSupplement];
    Ok(requests::table
        .filter(requests::user_id.eq(user))
        .filter(is_live!(requests::data_key_id))
        .filter(requests::status.eq_any(waiting))
        .count()
        .get_result(conn)?)
}

/// Where a row stands in the queue.
pub(in crate::legal_aid) type Place = (i32, NaiveDate, RequestId);

/// One page of what is to be done, what presses first and then by its day, and one row more.
pub(in crate::legal_aid) fn queue(
    work: &mut Work<'_>,
    scope: &Scope,
    filter: &Filter,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<Request>, Error> {
    let mut query =
        filtered(work.office_id(), scope, filter).filter(clocks::queue_rank.lt(NO_QUEUE));
    if let Some((rank, day, id)) = after {
        let same_rank = clocks::due_on
            .gt(day)
            .or(clocks::due_on.eq(day).and(clocks::request_id.gt(id)));
        query = query.filter(clocks::queue_rank.ge(rank)).filter(
            clocks::queue_rank
                .gt(rank)
                .or(clocks::queue_rank.eq(rank).and(same_rank.assume_not_null())),
        );
    }
    let rows = query
        .order((clocks::queue_rank, clocks::due_on, clocks::request_id))
        .limit(limit + 1)
        .select((Row::as_select(), ClockRow::as_select()))
        .load(work.conn)?;
    open_all(work, rows)
}

/// How many there are in all.
pub(in crate::legal_aid) fn count(
    work: &mut Work<'_>,
    scope: &Scope,
    filter: &Filter,
    is_queue: bool,
) -> Result<i64, Error> {
    let mut query = filtered(work.office_id(), scope, filter);
    if is_queue {
        query = query.filter(clocks::queue_rank.lt(NO_QUEUE));
    }
    Ok(query.count().get_result(work.conn)?)
}

/// One request, where the scope reaches it.
pub(in crate::legal_aid) fn find(
    work: &mut Work<'_>,
    scope: &Scope,
    id: RequestId,
) -> Result<Option<Request>, Error> {
    let rows = visible(work.office_id(), scope)
        .filter(requests::id.eq(id))
        .select((Row::as_select(), ClockRow::as_select()))
        .load(work.conn)?;
    Ok(open_all(work, rows)?.pop())
}

/// One request, where the scope reaches it.
///
/// # Errors
/// `not-found`.
pub(in crate::legal_aid) fn load(
    work: &mut Work<'_>,
    scope: &Scope,
    id: RequestId,
) -> Result<Request, Error> {
    find(work, scope, id)?.ok_or_else(|| Fault::NotFound.into())
}

/// One request of the office, for what the service does by itself.
pub(in crate::legal_aid) fn of_office(
    work: &mut Work<'_>,
    id: RequestId,
) -> Result<Request, Error> {
    let rows = clocks::table
        .inner_join(requests::table.on(requests::id.eq(clocks::request_id)))
        .filter(clocks::office_id.eq(work.office_id()))
        .filter(requests::id.eq(id))
        .select((Row::as_select(), ClockRow::as_select()))
        .load(work.conn)?;
    open_all(work, rows)?
        .pop()
        .ok_or_else(|| Fault::NotFound.into())
}

/// Locks the row of a request, so that what is done to it is done one after another.
pub(in crate::legal_aid) fn touch(
    conn: &mut Conn,
    office: OfficeId,
    id: RequestId,
) -> db::Result<()> {
    let mine = requests::table
        .filter(requests::id.eq(id))
        .filter(requests::office_id.eq(office));
    diesel::update(mine)
        .set(requests::version.eq(requests::version))
        .execute(conn)?;
    Ok(())
}

/// Writes a new request.
pub(in crate::legal_aid) fn insert(
    conn: &mut Conn,
    now: Timestamp,
    key: &DataKey,
    request: &Request,
) -> Result<(), Error> {
    diesel::insert_into(requests::table)
        .values(Row::of(key, request)?)
        .execute(conn)?;
    diesel::insert_into(clocks::table)
        .values(ClockRow::of(request, now))
        .execute(conn)?;
    Ok(())
}

/// Writes a change; the version guards it.
pub(in crate::legal_aid) fn update(
    work: &mut Work<'_>,
    request: &Request,
    seen: i32,
) -> Result<(), Error> {
    let key = work.data_key(request.data_key_id)?;
    let mine = requests::table
        .filter(requests::id.eq(request.id))
        .filter(requests::version.eq(seen));
    let changed = diesel::update(mine)
        .set(Row::of(&key, request)?)
        .execute(work.conn)?;
    if changed != 1 {
        return Err(Fault::Stale.into());
    }
    set_clock(work.conn, work.now, request)
}

/// Writes a clock that was set anew; the request itself did not change.
pub(in crate::legal_aid) fn set_clock(
    conn: &mut Conn,
    now: Timestamp,
    request: &Request,
) -> Result<(), Error> {
    diesel::update(clocks::table.filter(clocks::request_id.eq(request.id)))
        .set(ClockRow::of(request, now))
        .execute(conn)?;
    Ok(())
}

/// Others of the same child and field of law that were handed in: officers alone are told.
pub(in crate::legal_aid) fn duplicates(
    work: &mut Work<'_>,
    scope: &Scope,
    request: &Request,
) -> Result<Vec<Request>, Error> {
    let (Some(key), Some(field)) = (request.child_key.clone(), request.field.clone()) else {
        return Ok(Vec::new());
    };
    let rows = visible(work.office_id(), scope)
        .filter(requests::child_key.eq(key))
        .filter(requests::field.eq(field))
        .filter(requests::id.ne(request.id))
        .filter(requests::status.ne_all([Status::Draft, Status::Void]))
        .order((requests::created_at, requests::id))
        .limit(20)
        .select((Row::as_select(), ClockRow::as_select()))
        .load(work.conn)?;
    open_all(work, rows)
}

/// Notes that the family opened a refusal; the request itself did not change.
pub(in crate::legal_aid) fn open_refusal(
    conn: &mut Conn,
    now: Timestamp,
    id: RequestId,
) -> db::Result<()> {
    let unopened = requests::table
        .filter(requests::id.eq(id))
        .filter(requests::refusal_opened_at.is_null());
    diesel::update(unopened)
        .set(requests::refusal_opened_at.eq(now))
        .execute(conn)?;
    Ok(())
}

/// Whether something of the office has a code already.
pub(in crate::legal_aid) fn is_code(
    conn: &mut Conn,
    office: OfficeId,
    code: &str,
) -> db::Result<bool> {
    let same = requests::table
        .filter(requests::office_id.eq(office))
        .filter(requests::code.eq(code));
    Ok(diesel::select(diesel::dsl::exists(same)).get_result(conn)?)
}
