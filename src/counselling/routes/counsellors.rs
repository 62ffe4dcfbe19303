//! Routes of counsellors' hours and free times.

use actix_web::HttpResponse;

use crate::counselling::policy;
use crate::counselling::service::{availability as service, booking, own_appointment};
use crate::counselling::view::availability::{
    AvailabilityBody, AvailabilityView, FreeTimeView, FreeTimesView, SlotsQuery,
};
use crate::http::request::IdPath;
use crate::http::{Api, ApiJson, ApiQuery, Problem, Reply};
use crate::identity::{Call, Role, User};

type Path = IdPath<User>;
type Answer = Result<HttpResponse, Problem>;

async fn show(call: Call, path: Path) -> Answer {
    call.read(move |cx| {
        let (mut work, eyes) = policy::casework(cx)?;
        let timetable = service::load(&mut work, &eyes, path.0)?;
        let view = AvailabilityView::of(work.zone(), &timetable, None);
        Ok(Reply::ok(&view)?.versioned(timetable.version))
    })
    .await
}

async fn replace(call: Call, path: Path, body: ApiJson<AvailabilityBody>) -> Answer {
    call.write(move |cx| {
        let expected = cx.expected;
        let (mut work, eyes) = policy::casework(cx)?;
        let body = body.parse()?;
        let (timetable, touched) =
            service::replace(&mut work, &eyes, path.0, expected, || body.read())?;
        let view = AvailabilityView::of(work.zone(), &timetable, Some(touched));
        Ok(Reply::ok(&view)?.versioned(timetable.version))
    })
    .await
}

async fn slots(call: Call, path: Path, mut query: ApiQuery<SlotsQuery>) -> Answer {
    call.read(move |cx| {
        let now = cx.now;
        let (mut work, guests) = if cx.actor.is(Role::Family) {
            let (mut work, user) = policy::family(cx)?;
            let guests = own_appointment::guests(&mut work, user, path.0)?;
            (work, guests)
        } else {
            (policy::casework(cx)?.0, Vec::new())
        };
        service::require_counsellor(&mut work, path.0)?;
        let search = query.parse()?.read(now)?;
        let free = booking::free(&mut work, path.0, &guests, search)?;
        let zone = work.zone();
        let items = free.into_iter().map(|one| FreeTimeView::of(zone, one));
        let items = items.collect();
        Ok(Reply::ok(&FreeTimesView { items })?)
    })
    .await
}

/// Mounts the routes of counsellors.
pub(super) fn mount(api: &mut Api) {
    let hours = "/counsellors/{id}/availability";
    api.get(hours, "show_availability", show)
        .summary("A counsellor's hours, exceptions and time off: their own, or a supervisor's look")
        .answers::<AvailabilityView>(200);
    api.put(hours, "put_availability", replace)
        .summary("Set them; lists the appointments that no longer lie in them, and moves none")
        .guarded()
        .body::<AvailabilityBody>()
        .answers::<AvailabilityView>(200);
    api.get("/counsellors/{id}/slots", "list_free_times", slots)
        .summary("Free times; a family looks at those of who counsels it")
        .query::<SlotsQuery>()
        .answers::<FreeTimesView>(200);
}
