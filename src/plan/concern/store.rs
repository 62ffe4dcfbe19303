//! Rows of concerns.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::counts::Counted;
use super::status::ConcernStatus;
use super::{ConcernId, ConcernSource, ConcernTopic};
use crate::db::schema::concerns;
use crate::db::{self, Backend, Conn};
use crate::identity::UserId;
use crate::kernel::{OfficeId, Timestamp};
use crate::plan::policy::Watch;
use crate::sealed::DataKeyId;

/// A concern as it stands.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = concerns)]
pub(super) struct Row {
    pub(super) id: ConcernId,
    pub(super) code: String,
    pub(super) topic: ConcernTopic,
    pub(super) source: ConcernSource,
    pub(super) informed_on: NaiveDate,
    pub(super) data_key_id: DataKeyId,
    pub(super) text_sealed: Vec<u8>,
    pub(super) answer_sealed: Option<Vec<u8>>,
    pub(super) reason_sealed: Option<Vec<u8>>,
    pub(super) status: ConcernStatus,
    pub(super) referred_to: Option<String>,
    pub(super) referred_on: Option<NaiveDate>,
    pub(super) referral_number: Option<String>,
    pub(super) referred_by_id: Option<UserId>,
    pub(super) answered_on: Option<NaiveDate>,
    pub(super) answer_number: Option<String>,
    pub(super) closed_at: Option<Timestamp>,
    pub(super) closed_by_id: Option<UserId>,
    pub(super) recorded_by_id: UserId,
    pub(super) version: i32,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
}

/// Which concerns are wanted.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Wanted {
    pub(super) topic: Option<ConcernTopic>,
    pub(super) status: Option<ConcernStatus>,
    pub(super) source: Option<ConcernSource>,
    pub(super) from: Option<NaiveDate>,
    pub(super) to: Option<NaiveDate>,
    pub(super) updated_since: Option<Timestamp>,
}

/// What a caller sees, in the query itself.
fn seen<'a>(office: OfficeId, watch: Watch) -> concerns::BoxedQuery<'a, Backend> {
    let query = concerns::table
        .filter(concerns::office_id.eq(office))
        .into_boxed::<Backend>();
    if watch.sees_all {
        query
    } else {
        query.filter(concerns::recorded_by_id.eq(watch.user))
    }
}

fn query<'a>(office: OfficeId, watch: Watch, wanted: Wanted) -> concerns::BoxedQuery<'a, Backend> {
    let mut query = seen(office, watch);
    if let Some(topic) = wanted.topic {
        query = query.filter(concerns::topic.eq(topic));
    }
    if let Some(status) = wanted.status {
        query = query.filter(concerns::status.eq(status));
    }
    if let Some(source) = wanted.source {
        query = query.filter(concerns::source.eq(source));
    }
    if let Some(from) = wanted.from {
        query = query.filter(concerns::informed_on.ge(from));
    }
    if let Some(to) = wanted.to {
        query = query.filter(concerns::informed_on.le(to));
    }
    if let Some(since) = wanted.updated_since {
        query = query.filter(concerns::updated_at.ge(since));
    }
    query
}

/// One page, newest first, and one row more.
pub(super) fn page(
    conn: &mut Conn,
    (office, watch): (OfficeId, Watch),
    wanted: Wanted,
    before: Option<ConcernId>,
    limit: i64,
) -> db::Result<Vec<Row>> {
    let mut query = query(office, watch, wanted);
    if let Some(before) = before {
        query = query.filter(concerns::id.lt(before));
    }
    Ok(query
        .select(Row::as_select())
        .order(concerns::id.desc())
        .limit(limit + 1)
        .load(conn)?)
}

/// How many there are in all.
pub(super) fn count(
    conn: &mut Conn,
    (office, watch): (OfficeId, Watch),
    wanted: Wanted,
) -> db::Result<i64> {
    Ok(query(office, watch, wanted).count().get_result(conn)?)
}

/// A concern the caller sees.
pub(super) fn find(
    conn: &mut Conn,
    (office, watch): (OfficeId, Watch),
    id: ConcernId,
) -> db::Result<Option<Row>> {
    Ok(seen(office, watch)
        .filter(concerns::id.eq(id))
        .select(Row::as_select())
        .first(conn)
        .optional()?)
}

/// Takes the row lock of a concern.
pub(super) fn lock(conn: &mut Conn, office: OfficeId, id: ConcernId) -> db::Result<()> {
    let row = concerns::table
        .filter(concerns::office_id.eq(office))
        .filter(concerns::id.eq(id));
    diesel::update(row)
        .set(concerns::version.eq(concerns::version))
        .execute(conn)?;
    Ok(())
}

/// Whether a code is a concern's of the office already.
pub(super) fn is_code(conn: &mut Conn, office: OfficeId, code: &str) -> db::Result<bool> {
    let same = concerns::table
        .filter(concerns::office_id.eq(office))
        .filter(concerns::code.eq(code));
    Ok(diesel::select(diesel::dsl::exists(same)).get_result(conn)?)
}

/// A new concern.
#[derive(Insertable)]
#[diesel(table_name = concerns)]
pub(super) struct NewRow {
    pub(super) id: ConcernId,
    pub(super) office_id: OfficeId,
    pub(super) code: String,
    pub(super) topic: ConcernTopic,
    pub(super) source: ConcernSource,
    pub(super) informed_on: NaiveDate,
    pub(super) data_key_id: DataKeyId,
    pub(super) text_sealed: Vec<u8>,
    pub(super) status: ConcernStatus,
    pub(super) recorded_by_id: UserId,
    pub(super) version: i32,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
}

pub(super) fn insert(conn: &mut Conn, new: NewRow) -> db::Result<()> {
    diesel::insert_into(concerns::table)
        .values(new)
        .execute(conn)?;
    Ok(())
}

/// Sets columns of a concern, which moves its version.
macro_rules! change {
    ($conn:expr, $now:expr, $id:expr, ($($set:expr),+ $(,)?)) => {{
        diesel::update(concerns::table.find($id))
            .set((
                $($set,)+
                concerns::version.eq(concerns::version + 1),
                concerns::updated_at.eq($now),
            ))
            .execute($conn)?;
        Ok(())
    }};
}

/// To whom a concern goes, by which document of which day.
pub(super) struct Referral<'a> {
    pub(super) to: &'a str,
    pub(super) on: NaiveDate,
    pub(super) number: &'a str,
    pub(super) by: UserId,
}

pub(super) fn refer(
    conn: &mut Conn,
    now: Timestamp,
    id: ConcernId,
    referral: &Referral<'_>,
) -> db::Result<()> {
    change!(
        conn,
        now,
        id,
        (
            concerns::status.eq(ConcernStatus::Referred),
            concerns::referred_to.eq(referral.to),
            concerns::referred_on.eq(referral.on),
            concerns::referral_number.eq(referral.number),
            concerns::referred_by_id.eq(referral.by),
        )
    )
}

pub(super) fn answer(
    conn: &mut Conn,
    now: Timestamp,
    id: ConcernId,
    (answer, on, number): (&[u8], NaiveDate, Option<&str>),
) -> db::Result<()> {
    change!(
        conn,
        now,
        id,
        (
            concerns::status.eq(ConcernStatus::Answered),
            concerns::answer_sealed.eq(answer),
            concerns::answered_on.eq(on),
            concerns::answer_number.eq(number),
        )
    )
}

pub(super) fn close(
    conn: &mut Conn,
    now: Timestamp,
    id: ConcernId,
    (reason, by): (&[u8], UserId),
) -> db::Result<()> {
    change!(
        conn,
        now,
        id,
        (
            concerns::status.eq(ConcernStatus::Closed),
            concerns::reason_sealed.eq(reason),
            concerns::closed_at.eq(now),
            concerns::closed_by_id.eq(by),
        )
    )
}

/// How many the office was informed of in a period, by topic, source and status.
pub(super) fn tally(
    conn: &mut Conn,
    office: OfficeId,
    (from, to): (NaiveDate, NaiveDate),
) -> db::Result<Vec<Counted>> {
    let by = (concerns::topic, concerns::source, concerns::status);
    Ok(concerns::table
        .filter(concerns::office_id.eq(office))
        .filter(concerns::informed_on.between(from, to))
        .group_by(by)
        .select((
            concerns::topic,
            concerns::source,
            concerns::status,
            diesel::dsl::count_star(),
        ))
        .load(conn)?)
}
