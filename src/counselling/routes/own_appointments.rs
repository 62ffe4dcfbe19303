//! Routes of a family's own appointments.

use actix_web::HttpResponse;

use crate::counselling::model::CounsellingAppointment;
use crate::counselling::policy;
use crate::counselling::service::own_appointment as service;
use crate::counselling::store::appointment::{self as store, Filter, Scope};
use crate::counselling::view::own_appointment::{
    OwnAppointmentBody, OwnAppointmentView, OwnAppointmentsView, OwnCancelBody,
};
use crate::http::request::IdPath;
use crate::http::{Api, ApiJson, Problem, Reply};
use crate::identity::Call;

type Answer = Result<HttpResponse, Problem>;

/// The most appointments that are shown.
const LIMIT: i64 = 500;

async fn list(call: Call) -> Answer {
    call.read(move |cx| {
        let (mut work, user) = policy::family(cx)?;
        let scope = Scope::Own(user);
        let found = store::page(&mut work, &scope, &Filter::default(), None, LIMIT)?;
        let bookable = service::bookable(&mut work, user)?;
        let desk = work.settings()?.desk.address.clone();
        let (zone, now) = (work.zone(), work.now);
        let items = found
            .iter()
            .map(|one| OwnAppointmentView::of((zone, now), one, desk.as_deref()));
        let view = OwnAppointmentsView {
            items: items.collect(),
            bookable: bookable.into_iter().map(Into::into).collect(),
        };
        Ok(Reply::ok(&view)?)
    })
    .await
}

async fn ask(call: Call, body: ApiJson<OwnAppointmentBody>) -> Answer {
    call.write(move |cx| {
        let (mut work, user) = policy::family(cx)?;
        let wish = body.parse()?.read()?;
        let one = service::ask(&mut work, user, wish)?;
        let desk = work.settings()?.desk.address.clone();
        let view = OwnAppointmentView::of((work.zone(), work.now), &one, desk.as_deref());
        Ok(Reply::json(201, &view)?.versioned(one.version))
    })
    .await
}

async fn cancel(
    call: Call,
    path: IdPath<CounsellingAppointment>,
    body: ApiJson<OwnCancelBody>,
) -> Answer {
    call.write(move |cx| {
        let (mut work, user) = policy::family(cx)?;
        let reason = body.parse()?.read()?;
        let one = service::cancel(&mut work, user, path.0, reason.as_deref())?;
        let desk = work.settings()?.desk.address.clone();
        let view = OwnAppointmentView::of((work.zone(), work.now), &one, desk.as_deref());
        Ok(Reply::ok(&view)?.versioned(one.version))
    })
    .await
}

const ALL: &str = "/me/counselling/appointments";

/// Mounts the routes of a family's own appointments.
pub(super) fn mount(api: &mut Api) {
    api.get(ALL, "list_own_appointments", list)
        .summary("One's appointments, and where one can ask for another")
        .answers::<OwnAppointmentsView>(200);
    api.post(ALL, "request_appointment", ask)
        .summary("Ask for a time; it is held until it is answered or expires")
        .body::<OwnAppointmentBody>()
        .answers::<OwnAppointmentView>(201)
        .errors(&[
            "action-not-allowed",
            "appointment-slot-taken",
            "appointments-pending",
        ]);
    api.post(
        &format!("{ALL}/{{id}}/cancel"),
        "cancel_own_appointment",
        cancel,
    )
    .summary("Call one's appointment off")
    .body::<OwnCancelBody>()
    .answers::<OwnAppointmentView>(200)
    .errors(&["action-not-allowed"]);
}
