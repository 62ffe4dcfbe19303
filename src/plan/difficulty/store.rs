//! Rows of difficulties.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::status::DifficultyStatus;
use super::{DifficultyId, DifficultyLine};
use crate::db::schema::difficulties;
use crate::db::{self, Backend, Conn};
use crate::identity::UserId;
use crate::kernel::{AgencyId, OfficeId, Timestamp, text};
use crate::plan::policy::Hand;

/// A difficulty as it stands.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = difficulties)]
pub(super) struct Row {
    pub(super) id: DifficultyId,
    pub(super) agency_id: AgencyId,
    pub(super) plan_task: Option<String>,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) proposal: Option<String>,
    pub(super) raised_on: NaiveDate,
    pub(super) status: DifficultyStatus,
    pub(super) forwarded_to: Option<String>,
    pub(super) forwarded_on: Option<NaiveDate>,
    pub(super) forward_number: Option<String>,
    pub(super) forwarded_by_id: Option<UserId>,
    pub(super) answer: Option<String>,
    pub(super) answered_on: Option<NaiveDate>,
    pub(super) answer_number: Option<String>,
    pub(super) answered_by_id: Option<UserId>,
    pub(super) closed_at: Option<Timestamp>,
    pub(super) closed_by_id: Option<UserId>,
    pub(super) closed_reason: Option<String>,
    pub(super) raised_by_id: UserId,
    pub(super) version: i32,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
}

/// What a difficulty says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) plan_task: Option<String>,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) proposal: Option<String>,
    pub(super) raised_on: NaiveDate,
}

impl Row {
    /// What it says.
    pub(super) fn words(&self) -> Words {
        Words {
            plan_task: self.plan_task.clone(),
            title: self.title.clone(),
            text: self.text.clone(),
            proposal: self.proposal.clone(),
            raised_on: self.raised_on,
        }
    }
}

/// Which difficulties are wanted.
#[derive(Debug, Clone, Default)]
pub(super) struct Wanted {
    pub(super) agency: Option<AgencyId>,
    pub(super) plan_task: Option<String>,
    pub(super) status: Option<DifficultyStatus>,
    pub(super) from: Option<NaiveDate>,
    pub(super) to: Option<NaiveDate>,
    pub(super) q: Option<String>,
    pub(super) updated_since: Option<Timestamp>,
}

/// What a caller sees, in the query itself; nobody sees another's without an agency.
fn seen<'a>(office: OfficeId, seen: Hand) -> difficulties::BoxedQuery<'a, Backend> {
    let query = difficulties::table
        .filter(difficulties::office_id.eq(office))
        .into_boxed::<Backend>();
    match seen {
        Hand::Everybody => query,
        Hand::Own(agency) => query.filter(difficulties::agency_id.eq_any(agency)),
    }
}

fn query<'a>(
    office: OfficeId,
    hand: Hand,
    wanted: &Wanted,
) -> difficulties::BoxedQuery<'a, Backend> {
    let mut query = seen(office, hand);
    if let Some(agency) = wanted.agency {
        query = query.filter(difficulties::agency_id.eq(agency));
    }
    if let Some(task) = wanted.plan_task.clone() {
        query = query.filter(difficulties::plan_task.eq(task));
    }
    if let Some(status) = wanted.status {
        query = query.filter(difficulties::status.eq(status));
    }
    if let Some(from) = wanted.from {
        query = query.filter(difficulties::raised_on.ge(from));
    }
    if let Some(to) = wanted.to {
        query = query.filter(difficulties::raised_on.le(to));
    }
    if let Some(q) = &wanted.q {
        let pattern = text::like_pattern(q);
        query = query.filter(difficulties::search_key.like(pattern).escape('\\'));
    }
    if let Some(since) = wanted.updated_since {
        query = query.filter(difficulties::updated_at.ge(since));
    }
    query
}

/// One page, newest first, and one row more.
pub(super) fn page(
    conn: &mut Conn,
    (office, hand): (OfficeId, Hand),
    wanted: &Wanted,
    before: Option<DifficultyId>,
    limit: i64,
) -> db::Result<Vec<Row>> {
    let mut query = query(office, hand, wanted);
    if let Some(before) = before {
        query = query.filter(difficulties::id.lt(before));
    }
    Ok(query
        .select(Row::as_select())
        .order(difficulties::id.desc())
        .limit(limit + 1)
        .load(conn)?)
}

/// How many there are in all.
pub(super) fn count(
    conn: &mut Conn,
    (office, hand): (OfficeId, Hand),
    wanted: &Wanted,
) -> db::Result<i64> {
    Ok(query(office, hand, wanted).count().get_result(conn)?)
}

/// A difficulty the caller sees.
pub(super) fn find(
    conn: &mut Conn,
    (office, hand): (OfficeId, Hand),
    id: DifficultyId,
) -> db::Result<Option<Row>> {
    Ok(seen(office, hand)
        .filter(difficulties::id.eq(id))
        .select(Row::as_select())
        .first(conn)
        .optional()?)
}

/// Takes the row lock of a difficulty.
pub(super) fn lock(conn: &mut Conn, office: OfficeId, id: DifficultyId) -> db::Result<()> {
    let row = difficulties::table
        .filter(difficulties::office_id.eq(office))
        .filter(difficulties::id.eq(id));
    diesel::update(row)
        .set(difficulties::version.eq(difficulties::version))
        .execute(conn)?;
    Ok(())
}

pub(super) fn insert(
    conn: &mut Conn,
    now: Timestamp,
    (id, office, by): (DifficultyId, OfficeId, UserId),
    (agency, words): (AgencyId, &Words),
) -> db::Result<()> {
    diesel::insert_into(difficulties::table)
        .values((
            difficulties::id.eq(id),
            difficulties::office_id.eq(office),
            difficulties::agency_id.eq(agency),
            difficulties::plan_task.eq(&words.plan_task),
            difficulties::title.eq(&words.title),
            difficulties::search_key.eq(text::fold(&words.title)),
            difficulties::text.eq(&words.text),
            difficulties::proposal.eq(&words.proposal),
            difficulties::raised_on.eq(words.raised_on),
            difficulties::status.eq(DifficultyStatus::Raised),
            difficulties::raised_by_id.eq(by),
            difficulties::version.eq(1),
            difficulties::created_at.eq(now),
            difficulties::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// Sets columns of a difficulty, which moves its version.
macro_rules! change {
    ($conn:expr, $now:expr, $id:expr, ($($set:expr),+ $(,)?)) => {{
        diesel::update(difficulties::table.find($id))
            .set((
                $($set,)+
                difficulties::version.eq(difficulties::version + 1),
                difficulties::updated_at.eq($now),
            ))
            .execute($conn)?;
        Ok(())
    }};
}

pub(super) fn edit(
    conn: &mut Conn,
    now: Timestamp,
    id: DifficultyId,
    words: &Words,
) -> db::Result<()> {
    change!(
        conn,
        now,
        id,
        (
            difficulties::plan_task.eq(&words.plan_task),
            difficulties::title.eq(&words.title),
            difficulties::search_key.eq(text::fold(&words.title)),
            difficulties::text.eq(&words.text),
            difficulties::proposal.eq(&words.proposal),
            difficulties::raised_on.eq(words.raised_on),
        )
    )
}

/// A document of a day, where it has a number, and whose act it is.
pub(super) struct Paper<'a> {
    pub(super) on: NaiveDate,
    pub(super) number: Option<&'a str>,
    pub(super) by: UserId,
}

pub(super) fn forward(
    conn: &mut Conn,
    now: Timestamp,
    id: DifficultyId,
    (to, paper): (&str, &Paper<'_>),
) -> db::Result<()> {
    change!(
        conn,
        now,
        id,
        (
            difficulties::status.eq(DifficultyStatus::Forwarded),
            difficulties::forwarded_to.eq(to),
            difficulties::forwarded_on.eq(paper.on),
            difficulties::forward_number.eq(paper.number),
            difficulties::forwarded_by_id.eq(paper.by),
        )
    )
}

pub(super) fn answer(
    conn: &mut Conn,
    now: Timestamp,
    id: DifficultyId,
    (answer, paper): (&str, &Paper<'_>),
) -> db::Result<()> {
    change!(
        conn,
        now,
        id,
        (
            difficulties::status.eq(DifficultyStatus::Answered),
            difficulties::answer.eq(answer),
            difficulties::answered_on.eq(paper.on),
            difficulties::answer_number.eq(paper.number),
            difficulties::answered_by_id.eq(paper.by),
        )
    )
}

pub(super) fn close(
    conn: &mut Conn,
    now: Timestamp,
    id: DifficultyId,
    (reason, by): (&str, UserId),
) -> db::Result<()> {
    change!(
        conn,
        now,
        id,
        (
            difficulties::status.eq(DifficultyStatus::Closed),
            difficulties::closed_reason.eq(reason),
            difficulties::closed_at.eq(now),
            difficulties::closed_by_id.eq(by),
        )
    )
}

/// Those raised in a period, oldest first.
pub(super) fn of_period(
    conn: &mut Conn,
    office: OfficeId,
    (from, to): (NaiveDate, NaiveDate),
) -> db::Result<Vec<DifficultyLine>> {
    let rows: Vec<Row> = difficulties::table
        .filter(difficulties::office_id.eq(office))
        .filter(difficulties::raised_on.between(from, to))
        .order((difficulties::raised_on, difficulties::id))
        .select(Row::as_select())
        .load(conn)?;
    let line = |row: Row| DifficultyLine {
        agency_id: row.agency_id,
        plan_task: row.plan_task,
        title: row.title,
        text: row.text,
        proposal: row.proposal,
        raised_on: row.raised_on,
        status: row.status,
        forwarded_to: row.forwarded_to,
        answered_on: row.answered_on,
    };
    Ok(rows.into_iter().map(line).collect())
}
