//! What is due by itself, over every office: ids alone.

use chrono::{NaiveDate, TimeDelta};
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::db::schema::{
    calendar_days, legal_aid_clocks as clocks, legal_aid_requests as requests, work_items,
};
use crate::db::{self, Conn};
use crate::kernel::{Id, OfficeId, Timestamp};
use crate::legal_aid::clock::NO_QUEUE;
use crate::legal_aid::model::{NextActor, Request, RequestId};
use crate::legal_aid::status::Status;
use crate::office::work_item::WorkItemKind;
use crate::sealed::vault::is_live;

/// The most that is done in one go.
const MOST: i64 = 200;
/// No office is reminded of a day that is further away: twenty working days and the longest feast.
const SOON: TimeDelta = TimeDelta::days(45);
/// No office sees a hearing as near that is further away.
const NEAR: TimeDelta = TimeDelta::days(100);

/// Clocks that run: the condition of the index of the queue.
fn queued() -> SqlLiteral<Bool> {
    const { assert!(NO_QUEUE == 9, "the index says so, too") };
    db::written("legal_aid_clocks.queue_rank < 9")
}

/// Clocks that were set before their office's calendar changed, or whose hearing or limitation
/// period comes near, once a day.
pub(in crate::legal_aid) fn untimed(
    conn: &mut Conn,
    today: NaiveDate,
) -> db::Result<Vec<(OfficeId, RequestId)>> {
    let changes: Vec<(OfficeId, Option<Timestamp>)> = calendar_days::table
        .group_by(calendar_days::office_id)
        .select((
            calendar_days::office_id,
            diesel::dsl::max(calendar_days::updated_at),
        ))
        .load(conn)?;
    let mut found = Vec::new();
    for (office, changed_at) in changes {
        let Some(changed_at) = changed_at else {
            continue;
        };
        let rows: Vec<(OfficeId, RequestId)> = clocks::table
            .filter(clocks::office_id.eq(office))
            .filter(queued())
            .filter(clocks::timed_at.lt(changed_at))
            .select((clocks::office_id, clocks::request_id))
            .limit(MOST)
            .load(conn)?;
        found.extend(rows);
    }
    let start = crate::kernel::Zone::default().start_of(today);
    let near = today + NEAR;
    let comes = clocks::hearing_on
        .le(near)
        .or(clocks::limitation_on.le(near));
    let rows: Vec<(OfficeId, RequestId)> = clocks::table
        .filter(queued())
        .filter(clocks::queue_rank.eq(1))
        .filter(clocks::timed_at.lt(start))
        .filter(comes)
        .select((clocks::office_id, clocks::request_id))
        .limit(MOST)
        .load(conn)?;
    found.extend(rows);
    Ok(found)
}

/// What is late, and for which nothing of that day waits for anybody yet.
pub(in crate::legal_aid) fn late(
    conn: &mut Conn,
    today: NaiveDate,
) -> db::Result<Vec<(OfficeId, RequestId)>> {
    let rows: Vec<(OfficeId, RequestId)> = clocks::table
        .filter(queued())
        .filter(clocks::due_on.lt(today))
        .order((clocks::due_on, clocks::request_id))
        .select((clocks::office_id, clocks::request_id))
        .limit(MOST)
        .load(conn)?;
    let kinds = [WorkItemKind::CentreSilent, WorkItemKind::DeadlinePassed];
    without_item(conn, rows, &kinds)
}

/// Clocks of the ward that run out soon, and at which nobody has looked today.
pub(in crate::legal_aid) fn unwatched(
    conn: &mut Conn,
    today: NaiveDate,
) -> db::Result<Vec<(OfficeId, RequestId)>> {
    Ok(clocks::table
        .filter(queued())
        .filter(clocks::due_on.between(today, today + SOON))
        .filter(
            clocks::next_actor
                .eq(NextActor::Ward)
                .or(clocks::next_actor.eq(NextActor::Family)),
        )
        .filter(
            clocks::watched_on
                .is_null()
                .or(clocks::watched_on.lt(today)),
        )
        .order((clocks::due_on, clocks::request_id))
        .select((clocks::office_id, clocks::request_id))
        .limit(MOST)
        .load(conn)?)
}

/// Drafts that were not touched today, and at which nobody has looked today.
pub(in crate::legal_aid) fn idle_drafts(
    conn: &mut Conn,
    (now, today): (Timestamp, NaiveDate),
) -> db::Result<Vec<(OfficeId, RequestId)>> {
    Ok(requests::table
        .inner_join(clocks::table.on(clocks::request_id.eq(requests::id)))
        .filter(requests::status.eq(Status::Draft))
        .filter(requests::updated_at.lt(now.plus(-TimeDelta::days(1))))
        .filter(is_live!(requests::data_key_id))
        .filter(
            clocks::watched_on
                .is_null()
                .or(clocks::watched_on.lt(today)),
        )
        .select((requests::office_id, requests::id))
        .limit(MOST)
        .load(conn)?)
}

/// Notes that somebody looked at a clock today.
pub(in crate::legal_aid) fn watched(
    conn: &mut Conn,
    today: NaiveDate,
    id: RequestId,
) -> db::Result<()> {
    diesel::update(clocks::table.find(id))
        .set(clocks::watched_on.eq(today))
        .execute(conn)?;
    Ok(())
}

/// Refusals their family has not opened, and about which nobody is to call yet.
pub(in crate::legal_aid) fn unopened(
    conn: &mut Conn,
    today: NaiveDate,
) -> db::Result<Vec<(OfficeId, RequestId)>> {
    let rows: Vec<(OfficeId, RequestId)> = requests::table
        .filter(requests::status.eq(Status::Refused))
        .filter(requests::refusal_opened_at.is_null())
        .filter(requests::user_id.is_not_null())
        .filter(requests::ended_on.lt(today))
        .select((requests::office_id, requests::id))
        .limit(MOST)
        .load(conn)?;
    without_item(conn, rows, &[WorkItemKind::RefusalNotOpened])
}

/// Those of them about which no such item is open.
fn without_item(
    conn: &mut Conn,
    mut rows: Vec<(OfficeId, RequestId)>,
    kinds: &[WorkItemKind],
) -> db::Result<Vec<(OfficeId, RequestId)>> {
    let subjects: Vec<RequestId> = rows.iter().map(|(_, id)| *id).collect();
    let open: Vec<RequestId> = work_items::table
        .filter(work_items::subject_id.eq_any(subjects))
        .filter(work_items::kind.eq_any(kinds.to_vec()))
        .filter(work_items::done_at.is_null())
        .select(work_items::subject_id)
        .load(conn)?;
    rows.retain(|(_, id)| !open.contains(id));
    Ok(rows)
}

/// Requests that were handed in and whose like nobody has looked for.
pub(in crate::legal_aid) fn unsought(conn: &mut Conn) -> db::Result<Vec<(OfficeId, RequestId)>> {
    Ok(requests::table
        .filter(requests::duplicates_sought_at.is_null())
        .filter(requests::submitted_on.is_not_null())
        .filter(is_live!(requests::data_key_id))
        .select((requests::office_id, requests::id))
        .limit(MOST)
        .load(conn)?)
}

/// Whether there is another of the same child and field of law.
pub(in crate::legal_aid) fn has_twin(conn: &mut Conn, request: &Request) -> db::Result<bool> {
    let (Some(key), Some(field)) = (request.child_key.clone(), request.field.clone()) else {
        return Ok(false);
    };
    let count: i64 = requests::table
        .filter(requests::office_id.eq(request.office_id))
        .filter(requests::child_key.eq(key))
        .filter(requests::field.eq(field))
        .filter(requests::id.ne(request.id))
        .filter(requests::status.ne_all([Status::Draft, Status::Void]))
        .count()
        .get_result(conn)?;
    Ok(count > 0)
}

/// Notes that they were looked for.
pub(in crate::legal_aid) fn sought(
    conn: &mut Conn,
    now: Timestamp,
    id: Id<crate::legal_aid::model::LegalAidRequest>,
) -> db::Result<()> {
    diesel::update(requests::table.filter(requests::id.eq(id)))
        .set(requests::duplicates_sought_at.eq(now))
        .execute(conn)?;
    Ok(())
}
