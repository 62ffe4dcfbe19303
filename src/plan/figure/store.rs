//! Rows of indicators and of their figures.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::status::FigureStatus;
use super::{
    Figure, FigureFields, FigureId, Indicator, IndicatorFields, IndicatorId, IndicatorKind,
};
use crate::db::schema::{figures, indicators};
use crate::db::{self, Backend, Conn};
use crate::identity::UserId;
use crate::kernel::{AgencyId, OfficeId, Timestamp};

/// Which indicators of a task are wanted.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct WantedIndicators {
    pub(super) agency: Option<AgencyId>,
    pub(super) kind: Option<IndicatorKind>,
    pub(super) is_active: Option<bool>,
    pub(super) updated_since: Option<Timestamp>,
}

/// Whose figures are meant: a task's, an indicator's, or all of the office.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Of<'a> {
    pub(super) task: Option<&'a str>,
    pub(super) indicator: Option<IndicatorId>,
}

/// Which of them are wanted.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct WantedFigures {
    /// Those whose last day is among these.
    pub(super) period: Option<(NaiveDate, NaiveDate)>,
    pub(super) status: Option<FigureStatus>,
    pub(super) updated_since: Option<Timestamp>,
}

/// What a list of figures goes on behind.
pub(super) type Place = (IndicatorId, NaiveDate, FigureId);

type Indicators<'a> = indicators::BoxedQuery<'a, Backend>;
type Joined<'a> = diesel::dsl::IntoBoxed<
    'a,
    diesel::dsl::InnerJoinOn<
        indicators::table,
        figures::table,
        diesel::dsl::Eq<figures::indicator_id, indicators::id>,
    >,
    Backend,
>;

fn of_task<'a>(office: OfficeId, task: &'a str, wanted: &WantedIndicators) -> Indicators<'a> {
    let mut query = indicators::table
        .filter(indicators::office_id.eq(office))
        .filter(indicators::plan_task.eq(task))
        .into_boxed::<Backend>();
    if let Some(agency) = wanted.agency {
        query = query.filter(indicators::agency_id.eq(agency));
    }
    if let Some(kind) = wanted.kind {
        query = query.filter(indicators::kind.eq(kind));
    }
    if let Some(is_active) = wanted.is_active {
        query = query.filter(indicators::is_active.eq(is_active));
    }
    if let Some(since) = wanted.updated_since {
        query = query.filter(indicators::updated_at.ge(since));
    }
    query
}

/// One page of a task's indicators, the oldest first.
pub(super) fn page_of_indicators(
    conn: &mut Conn,
    (office, task): (OfficeId, &str),
    wanted: &WantedIndicators,
    after: Option<IndicatorId>,
    limit: i64,
) -> db::Result<Vec<Indicator>> {
    let mut query = of_task(office, task, wanted);
    if let Some(after) = after {
        query = query.filter(indicators::id.gt(after));
    }
    Ok(query
        .select(Indicator::as_select())
        .order(indicators::id)
        .limit(limit)
        .load(conn)?)
}

/// How many there are in all.
pub(super) fn count_indicators(
    conn: &mut Conn,
    (office, task): (OfficeId, &str),
    wanted: &WantedIndicators,
) -> db::Result<i64> {
    Ok(of_task(office, task, wanted).count().get_result(conn)?)
}

/// Every indicator of a task, or of the office.
pub(super) fn all_indicators(
    conn: &mut Conn,
    office: OfficeId,
    task: Option<&str>,
) -> db::Result<Vec<Indicator>> {
    let mut query = indicators::table
        .filter(indicators::office_id.eq(office))
        .into_boxed::<Backend>();
    if let Some(task) = task {
        query = query.filter(indicators::plan_task.eq(task));
    }
    Ok(query
        .select(Indicator::as_select())
        .order((indicators::plan_task, indicators::id))
        .load(conn)?)
}

/// An indicator of a task.
pub(super) fn indicator(
    conn: &mut Conn,
    (office, task): (OfficeId, &str),
    id: IndicatorId,
) -> db::Result<Option<Indicator>> {
    Ok(indicators::table
        .filter(indicators::office_id.eq(office))
        .filter(indicators::plan_task.eq(task))
        .filter(indicators::id.eq(id))
        .select(Indicator::as_select())
        .first(conn)
        .optional()?)
}

/// Takes the row lock of an indicator: what is entered of it is entered one after the other.
pub(super) fn lock(conn: &mut Conn, office: OfficeId, id: IndicatorId) -> db::Result<()> {
    let row = indicators::table
        .filter(indicators::office_id.eq(office))
        .filter(indicators::id.eq(id));
    diesel::update(row)
        .set(indicators::version.eq(indicators::version))
        .execute(conn)?;
    Ok(())
}

pub(super) fn insert_indicator(
    conn: &mut Conn,
    now: Timestamp,
    (office, task): (OfficeId, &str),
    by: UserId,
    fields: &IndicatorFields,
) -> db::Result<IndicatorId> {
    let id = IndicatorId::new(now);
    diesel::insert_into(indicators::table)
        .values((
            indicators::id.eq(id),
            indicators::office_id.eq(office),
            indicators::plan_task.eq(task),
            indicators::kind.eq(fields.kind),
            indicators::title_vi.eq(&fields.title_vi),
            indicators::title_en.eq(&fields.title_en),
            indicators::unit_vi.eq(&fields.unit_vi),
            indicators::unit_en.eq(&fields.unit_en),
            indicators::agency_id.eq(fields.agency_id),
            indicators::is_active.eq(fields.is_active),
            indicators::created_by_id.eq(by),
            indicators::version.eq(1),
            indicators::created_at.eq(now),
            indicators::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(id)
}

pub(super) fn update_indicator(
    conn: &mut Conn,
    now: Timestamp,
    id: IndicatorId,
    fields: &IndicatorFields,
) -> db::Result<()> {
    diesel::update(indicators::table.filter(indicators::id.eq(id)))
        .set((
            indicators::kind.eq(fields.kind),
            indicators::title_vi.eq(&fields.title_vi),
            indicators::title_en.eq(&fields.title_en),
            indicators::unit_vi.eq(&fields.unit_vi),
            indicators::unit_en.eq(&fields.unit_en),
            indicators::agency_id.eq(fields.agency_id),
            indicators::is_active.eq(fields.is_active),
            indicators::version.eq(indicators::version + 1),
            indicators::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// The figures of a task's indicators, in the query itself: each indicator's lie together in the index
/// of their days.
fn counted<'a>(office: OfficeId, of: Of<'a>, wanted: &WantedFigures) -> Joined<'a> {
    let mut query = indicators::table
        .inner_join(figures::table.on(figures::indicator_id.eq(indicators::id)))
        .into_boxed()
        .filter(indicators::office_id.eq(office));
    if let Some(task) = of.task {
        query = query.filter(indicators::plan_task.eq(task));
    }
    if let Some(indicator) = of.indicator {
        query = query.filter(indicators::id.eq(indicator));
    }
    if let Some((from, to)) = wanted.period {
        query = query.filter(figures::to_on.between(from, to));
    }
    if let Some(since) = wanted.updated_since {
        query = query.filter(figures::updated_at.ge(since));
    }
    match wanted.status {
        Some(FigureStatus::Entered) => query.filter(figures::withdrawn_at.is_null()),
        Some(FigureStatus::Withdrawn) => query.filter(figures::withdrawn_at.is_not_null()),
        None => query,
    }
}

/// One page of figures: by indicator, the earliest days first.
pub(super) fn page(
    conn: &mut Conn,
    (office, of): (OfficeId, Of<'_>),
    wanted: &WantedFigures,
    after: Option<Place>,
    limit: i64,
) -> db::Result<Vec<Figure>> {
    let mut query = counted(office, of, wanted);
    if let Some((indicator, day, id)) = after {
        let same = indicators::id.eq(indicator);
        let later = figures::to_on
            .gt(day)
            .or(figures::to_on.eq(day).and(figures::id.gt(id)));
        query = query
            .filter(indicators::id.ge(indicator))
            .filter(indicators::id.gt(indicator).or(same.and(later)));
    }
    Ok(query
        .select(Figure::as_select())
        .order((indicators::id, figures::to_on, figures::id))
        .limit(limit)
        .load(conn)?)
}

/// How many there are in all.
pub(super) fn count(
    conn: &mut Conn,
    (office, of): (OfficeId, Of<'_>),
    wanted: &WantedFigures,
) -> db::Result<i64> {
    Ok(counted(office, of, wanted).count().get_result(conn)?)
}

/// What was entered and counts, with the last day among these.
pub(super) fn amounts(
    conn: &mut Conn,
    (office, of): (OfficeId, Of<'_>),
    period: (NaiveDate, NaiveDate),
) -> db::Result<Vec<(IndicatorId, i64)>> {
    let wanted = WantedFigures {
        period: Some(period),
        status: Some(FigureStatus::Entered),
        updated_since: None,
    };
    Ok(counted(office, of, &wanted)
        .select((indicators::id, figures::amount))
        .load(conn)?)
}

/// A figure of the office.
pub(super) fn figure(
    conn: &mut Conn,
    office: OfficeId,
    id: FigureId,
) -> db::Result<Option<Figure>> {
    Ok(figures::table
        .filter(figures::office_id.eq(office))
        .filter(figures::id.eq(id))
        .select(Figure::as_select())
        .first(conn)
        .optional()?)
}

/// Whether a figure of an indicator stands.
pub(super) fn is_counted(conn: &mut Conn, indicator: IndicatorId) -> db::Result<bool> {
    let figures = figures::table
        .filter(figures::indicator_id.eq(indicator))
        .filter(figures::withdrawn_at.is_null());
    Ok(diesel::select(diesel::dsl::exists(figures)).get_result(conn)?)
}

/// A figure of an indicator that counts and shares a day with these.
pub(super) fn overlapping(
    conn: &mut Conn,
    indicator: IndicatorId,
    (from, to): (NaiveDate, NaiveDate),
    but: Option<FigureId>,
) -> db::Result<Option<FigureId>> {
    let mut query = figures::table
        .filter(figures::indicator_id.eq(indicator))
        .filter(figures::withdrawn_at.is_null())
        .filter(figures::from_on.le(to))
        .filter(figures::to_on.ge(from))
        .select(figures::id)
        .order(figures::to_on)
        .into_boxed::<Backend>();
    if let Some(but) = but {
        query = query.filter(figures::id.ne(but));
    }
    Ok(query.first(conn).optional()?)
}

pub(super) fn insert(
    conn: &mut Conn,
    now: Timestamp,
    (office, indicator): (OfficeId, IndicatorId),
    by: UserId,
    fields: &FigureFields,
) -> db::Result<FigureId> {
    let id = FigureId::new(now);
    diesel::insert_into(figures::table)
        .values((
            figures::id.eq(id),
            figures::office_id.eq(office),
            figures::indicator_id.eq(indicator),
            figures::from_on.eq(fields.from),
            figures::to_on.eq(fields.to),
            figures::amount.eq(fields.amount),
            figures::source_document.eq(&fields.source_document),
            figures::note.eq(&fields.note),
            figures::entered_by_id.eq(by),
            figures::version.eq(1),
            figures::created_at.eq(now),
            figures::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(id)
}

pub(super) fn update(
    conn: &mut Conn,
    now: Timestamp,
    id: FigureId,
    fields: &FigureFields,
) -> db::Result<()> {
    diesel::update(figures::table.filter(figures::id.eq(id)))
        .set((
            figures::from_on.eq(fields.from),
            figures::to_on.eq(fields.to),
            figures::amount.eq(fields.amount),
            figures::source_document.eq(&fields.source_document),
            figures::note.eq(&fields.note),
            figures::version.eq(figures::version + 1),
            figures::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

pub(super) fn withdraw(
    conn: &mut Conn,
    now: Timestamp,
    id: FigureId,
    (by, reason): (UserId, &str),
) -> db::Result<()> {
    diesel::update(figures::table.filter(figures::id.eq(id)))
        .set((
            figures::withdrawn_at.eq(now),
            figures::withdrawn_by_id.eq(by),
            figures::withdrawn_reason.eq(reason),
            figures::version.eq(figures::version + 1),
            figures::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}
