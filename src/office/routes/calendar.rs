//! Routes of the calendar.

use actix_web::HttpRequest;
use chrono::{Datelike, NaiveDate};

use super::Answer;
use crate::http::body::ApiJson;
use crate::http::{Api, Reply};
use crate::identity::{Call, Role};
use crate::kernel::Fault;
use crate::office::body::DayBody;
use crate::office::view::{CalendarView, DayView};
use crate::office::{STAFF, calendar, service};

/// The years a calendar has.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2199;

fn year_of(request: &HttpRequest) -> Result<i32, Fault> {
    let text = request.match_info().get("when").unwrap_or_default();
    let year = text.parse().ok().filter(|year| YEARS.contains(year));
    year.ok_or(Fault::NotFound)
}

fn date_of(request: &HttpRequest) -> Result<NaiveDate, Fault> {
    let text = request.match_info().get("when").unwrap_or_default();
    let date = text.parse::<NaiveDate>().ok();
    date.filter(|date| text.len() == 10 && YEARS.contains(&date.year()))
        .ok_or(Fault::NotFound)
}

async fn show(call: Call) -> Answer {
    let year = year_of(call.request());
    call.read(move |cx| {
        cx.actor.require(STAFF)?;
        let year = year?;
        let office = cx.office();
        let days = calendar::year(cx.conn, office, year)?;
        let view = CalendarView {
            year,
            has_unconfirmed: days.is_empty() || days.iter().any(|day| !day.confirmed),
            days: days
                .into_iter()
                .map(|day| DayView::of(day, cx.actor))
                .collect(),
        };
        Ok(Reply::ok(&view)?)
    })
    .await
}

async fn put(call: Call, body: ApiJson<DayBody>) -> Answer {
    let date = date_of(call.request());
    call.write(move |cx| {
        cx.actor.require(&[Role::Administrator])?;
        let fields = body.parse()?.check()?;
        let (day, is_new) = service::calendar::put(cx, date.clone()?, &fields)?;
        let version = day.version;
        let reply = Reply::ok(&DayView::of(day, cx.actor))?.versioned(version);
        Ok(if is_new {
            reply.with_status(201)
        } else {
            reply
        })
    })
    .await
}

async fn delete(call: Call) -> Answer {
    let date = date_of(call.request());
    call.write(move |cx| {
        cx.actor.require(&[Role::Administrator])?;
        service::calendar::remove(cx, date.clone()?)?;
        Ok(Reply::no_content())
    })
    .await
}

/// Mounts the routes.
pub(super) fn mount(api: &mut Api) {
    api.get("/calendar/{when}", "show_calendar", show)
        .summary("A year's holidays, compensatory and make-up days; `when` is the year.")
        .answers::<CalendarView>(200);
    api.put("/calendar/{when}", "put_calendar_day", put)
        .summary("Says what a day is: If-None-Match: * adds it, If-Match changes it; `when` is the date.")
        .body::<DayBody>()
        .answers::<DayView>(200)
        .answers::<DayView>(201)
        .guarded_or_new();
    api.delete("/calendar/{when}", "delete_calendar_day", delete)
        .summary(
            "Takes back a day that was entered wrongly: what was counted with it is counted anew.",
        )
        .guarded()
        .answers_empty(204);
}
