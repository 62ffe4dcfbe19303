//! Routes of indicators and figures.

use actix_web::HttpResponse;
use chrono::NaiveDate;

use super::service::{self, Shown, Wanted};
use super::status::FigureStatus;
use super::store::{Place, WantedFigures, WantedIndicators};
use super::view::figure::{FigureBody, FigurePatch, FigureView, FiguresView, WithdrawFigureBody};
use super::view::indicator::{IndicatorBody, IndicatorPatch, IndicatorView};
use super::{Figures, Indicator, IndicatorId, IndicatorKind, Indicators, indicator};
use crate::http::body::ApiJson;
use crate::http::request::{ApiQuery, Asked, IdPath, Paging};
use crate::http::{Api, Problem, Reply, list_query};
use crate::identity::Call;
use crate::kernel::{AgencyId, Fault, Timestamp, civil};
use crate::office::period;
use crate::office::work::Work;
use crate::plan::policy::{self, Hand};

type Answer = Result<HttpResponse, Problem>;

list_query! {
    /// `GET /plan/tasks/{code}/indicators`.
    pub(super) struct IndicatorsQuery {
        /// Entered by this agency's people.
        #[param(value_type = Option<String>, format = Uuid)]
        agency: AgencyId,
        /// Of a kind.
        kind: IndicatorKind,
        /// In use or not.
        is_active: bool,
        /// Those changed since.
        #[param(value_type = Option<String>, format = DateTime)]
        updated_since: Timestamp,
    }
}

list_query! {
    /// `GET /plan/tasks/{code}/figures`.
    pub(super) struct FiguresQuery {
        /// Of this indicator.
        #[param(value_type = Option<String>, format = Uuid)]
        indicator: IndicatorId,
        /// With the last day on this office day or later; `to` goes with it.
        from: NaiveDate,
        /// With the last day on this office day or earlier.
        to: NaiveDate,
        /// Of this year's report, in place of `from` and `to`.
        year: i32,
        /// That count, or that were taken back.
        status: FigureStatus,
        /// Those changed since.
        #[param(value_type = Option<String>, format = DateTime)]
        updated_since: Timestamp,
    }
}

fn task_of(call: &Call) -> String {
    let code = call.request().match_info().get("code");
    code.unwrap_or_default().to_owned()
}

async fn list_indicators(call: Call, mut query: ApiQuery<IndicatorsQuery>) -> Answer {
    let task = task_of(&call);
    call.read(move |cx| {
        let (mut work, hand) = policy::look(cx)?;
        let query = query.parse()?;
        let wanted = WantedIndicators {
            agency: query.agency,
            kind: query.kind,
            is_active: query.is_active,
            updated_since: query.updated_since,
        };
        let place = (query.after::<IndicatorId>()?, query.limit());
        let wants_total = query.wants_total();
        let (rows, total) = indicator::list(&mut work, &task, &wanted, place, wants_total)?;
        let page = query.cut(rows, total, |row| row.id);
        let zone = work.zone();
        Ok(Reply::ok(
            &page.map(|row| IndicatorView::of(zone, hand, row)),
        )?)
    })
    .await
}

fn indicator_answer(work: &Work<'_>, hand: Hand, one: Indicator) -> Result<Reply, Problem> {
    let version = one.version;
    Ok(Reply::ok(&IndicatorView::of(work.zone(), hand, one))?.versioned(version))
}

async fn define(call: Call, body: ApiJson<IndicatorBody>) -> Answer {
    let task = task_of(&call);
    call.write(move |cx| {
        let mut work = policy::define(cx)?;
        let fields = body.parse()?.check()?;
        let made = indicator::define(&mut work, &task, &fields)?;
        let location = format!("/plan/tasks/{task}/indicators/{}", made.id);
        let version = made.version;
        let view = IndicatorView::of(work.zone(), Hand::Everybody, made);
        Ok(Reply::created(&location, &view)?.versioned(version))
    })
    .await
}

async fn show_indicator(call: Call, path: IdPath<Indicators>) -> Answer {
    let task = task_of(&call);
    call.read(move |cx| {
        let (mut work, hand) = policy::look(cx)?;
        let found = indicator::load(&mut work, &task, path.0)?;
        indicator_answer(&work, hand, found)
    })
    .await
}

async fn edit_indicator(
    call: Call,
    path: IdPath<Indicators>,
    body: ApiJson<IndicatorPatch>,
) -> Answer {
    let task = task_of(&call);
    call.write(move |cx| {
        let expected = cx.expected;
        let mut work = policy::define(cx)?;
        let change = body.parse()?.check()?;
        let changed = indicator::edit(&mut work, (&task, path.0), expected, change)?;
        indicator_answer(&work, Hand::Everybody, changed)
    })
    .await
}

/// Which figures are wanted; a period stands for the days between, or for a year's report.
fn wanted(work: &mut Work<'_>, query: &FiguresQuery) -> Result<Wanted, Problem> {
    let has_period = query.from.is_some() || query.to.is_some() || query.year.is_some();
    let period = if has_period {
        Some(period::read(work, (query.from, query.to), query.year)?)
    } else {
        None
    };
    Ok(Wanted {
        indicator: query.indicator,
        figures: WantedFigures {
            period,
            status: query.status,
            updated_since: query.updated_since,
        },
    })
}

fn after(query: &Asked<'_, FiguresQuery>) -> Result<Option<Place>, Fault> {
    match query.after::<Place>()? {
        Some((_, day, _)) if !civil::is_kept(day) => Err(Fault::rule("cursor", "cursor-invalid")),
        after => Ok(after),
    }
}

async fn list(call: Call, mut query: ApiQuery<FiguresQuery>) -> Answer {
    let task = task_of(&call);
    call.read(move |cx| {
        let (mut work, hand) = policy::look(cx)?;
        let query = query.parse()?;
        let place = (after(&query)?, query.limit());
        let wanted = wanted(&mut work, &query)?;
        let found = service::list(&mut work, &task, &wanted, place, query.wants_total())?;
        let zone = work.zone();
        let key = |row: &Shown| {
            let figure = &row.figure;
            (figure.indicator_id, figure.to_on, figure.id)
        };
        let page = query.cut(found.rows, found.total, key);
        let page = page.map(|row| FigureView::of(zone, hand, row));
        Ok(Reply::ok(&FiguresView {
            items: page.items,
            next_cursor: page.next_cursor,
            total: page.total,
            sums: FiguresView::sums(found.sums),
        })?)
    })
    .await
}

async fn enter(call: Call, body: ApiJson<FigureBody>) -> Answer {
    let task = task_of(&call);
    call.write(move |cx| {
        let (mut work, hand) = policy::edit(cx)?;
        let today = work.zone().day(work.now);
        let (indicator, fields) = body.parse()?.check(today)?;
        let made = service::enter(&mut work, hand, (&task, indicator), &fields)?;
        let location = format!("/plan/tasks/{task}/figures/{}", made.figure.id);
        let version = made.figure.version;
        let view = FigureView::of(work.zone(), hand, made);
        Ok(Reply::created(&location, &view)?.versioned(version))
    })
    .await
}

fn answer(work: &Work<'_>, hand: Hand, shown: Shown) -> Result<Reply, Problem> {
    let version = shown.figure.version;
    Ok(Reply::ok(&FigureView::of(work.zone(), hand, shown))?.versioned(version))
}

async fn show(call: Call, path: IdPath<Figures>) -> Answer {
    let task = task_of(&call);
    call.read(move |cx| {
        let (mut work, hand) = policy::look(cx)?;
        let found = service::load(&mut work, &task, path.0)?;
        answer(&work, hand, found)
    })
    .await
}

async fn edit(call: Call, path: IdPath<Figures>, body: ApiJson<FigurePatch>) -> Answer {
    let task = task_of(&call);
    call.write(move |cx| {
        let expected = cx.expected;
        let (mut work, hand) = policy::edit(cx)?;
        let change = body.parse()?.check()?;
        let changed = service::edit(&mut work, hand, (&task, path.0), expected, change)?;
        answer(&work, hand, changed)
    })
    .await
}

async fn withdraw(call: Call, path: IdPath<Figures>, body: ApiJson<WithdrawFigureBody>) -> Answer {
    let task = task_of(&call);
    call.write(move |cx| {
        let (mut work, hand) = policy::edit(cx)?;
        let reason = body.parse()?.check()?;
        let ended = service::withdraw(&mut work, hand, (&task, path.0), &reason)?;
        answer(&work, hand, ended)
    })
    .await
}

/// Mounts the routes.
pub(in crate::plan) fn mount(api: &mut Api) {
    let (all, one) = (
        "/plan/tasks/{code}/indicators",
        "/plan/tasks/{code}/indicators/{id}",
    );
    api.get(all, "list_indicators", list_indicators)
        .summary("What is counted for a task of the plan, the oldest first.")
        .query::<IndicatorsQuery>()
        .pages::<IndicatorView>();
    api.post(all, "create_indicator", define)
        .summary("Says that something is counted, in which unit and by which agency.")
        .body::<IndicatorBody>()
        .answers::<IndicatorView>(201);
    api.get(one, "show_indicator", show_indicator)
        .summary("One indicator.")
        .answers::<IndicatorView>(200);
    api.patch(one, "edit_indicator", edit_indicator)
        .summary("Changes what is counted: not its kind and agency once figures were entered, and one that is not active takes no further ones.")
        .body::<IndicatorPatch>()
        .answers::<IndicatorView>(200)
        .errors(&["indicator-counted"]);
    let (all, one) = (
        "/plan/tasks/{code}/figures",
        "/plan/tasks/{code}/figures/{id}",
    );
    api.get(all, "list_figures", list)
        .summary("The figures of a task, by indicator and day; of a period with its sums.")
        .query::<FiguresQuery>()
        .answers::<FiguresView>(200);
    api.post(all, "enter_figure", enter)
        .summary("Enters a figure: organisers and reporters any, contributors their own agency's.")
        .body::<FigureBody>()
        .answers::<FigureView>(201)
        .errors(&["period-overlaps"]);
    api.get(one, "show_figure", show)
        .summary("One figure.")
        .answers::<FigureView>(200);
    api.patch(one, "edit_figure", edit)
        .summary("Corrects a figure that counts.")
        .body::<FigurePatch>()
        .answers::<FigureView>(200)
        .errors(&["period-overlaps", "action-not-allowed"]);
    api.post(
        "/plan/tasks/{code}/figures/{id}/withdraw",
        "withdraw_figure",
        withdraw,
    )
    .summary("Takes a figure back: it stays to be read, and counts no more.")
    .body::<WithdrawFigureBody>()
    .answers::<FigureView>(200)
    .errors(&["action-not-allowed"]);
}
