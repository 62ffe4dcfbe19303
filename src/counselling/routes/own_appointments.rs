//! Routes of a family's own appointments.

use actix_web::HttpResponse;

use crate::counselling::appointment::Appointment;
use crate::counselling::model::CounsellingAppointment;
use crate::counselling::policy;
use crate::counselling::service::own_appointment as service;
use crate::counselling::store::appointment::{self as store, Filter, Scope};
use crate::counselling::store::code::OwnCodes;
use crate::counselling::view::own_appointment::{
    OwnAppointmentBody, OwnAppointmentView, OwnAppointmentsView, OwnCancelBody,
};
use crate::http::request::IdPath;
use crate::http::{Api, ApiJson, Problem, Reply};
use crate::identity::{Call, UserId};
use crate::office::work::Work;

type Path = IdPath<CounsellingAppointment>;
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
        let mine = OwnCodes::of(work.conn, work.office.id, user)?;
        let (zone, now) = (work.zone(), work.now);
        let items = found
            .iter()
            .map(|one| OwnAppointmentView::of((zone, now), (one, (user, &mine)), desk.as_deref()));
        let view = OwnAppointmentsView {
            items: items.collect(),
            bookable: bookable.into_iter().map(Into::into).collect(),
        };
        Ok(Reply::ok(&view)?)
    })
    .await
}

/// An appointment as its family sees it, with its version.
fn answer(
    work: &mut Work<'_>,
    user: UserId,
    one: &Appointment,
) -> Result<OwnAppointmentView, Problem> {
    let desk = work.settings()?.desk.address.clone();
    let mine = OwnCodes::of(work.conn, work.office.id, user)?;
    let when = (work.zone(), work.now);
    let whose = (one, (user, &mine));
    Ok(OwnAppointmentView::of(when, whose, desk.as_deref()))
}

async fn show(call: Call, path: Path) -> Answer {
    call.read(move |cx| {
        let (mut work, user) = policy::family(cx)?;
        let one = store::load(&mut work, &Scope::Own(user), path.0)?;
        let view = answer(&mut work, user, &one)?;
        Ok(Reply::ok(&view)?.versioned(one.version))
    })
    .await
}

async fn ask(call: Call, body: ApiJson<OwnAppointmentBody>) -> Answer {
    call.write(move |cx| {
        let (mut work, user) = policy::family(cx)?;
        let wish = body.parse()?.read()?;
        let one = service::ask(&mut work, user, wish)?;
        let view = answer(&mut work, user, &one)?;
        let location = format!("{ALL}/{}", one.id);
        Ok(Reply::created(&location, &view)?.versioned(one.version))
    })
    .await
}

/// Runs an action on one's own appointment and answers with it.
async fn act<F>(call: Call, mut action: F) -> Answer
where
    F: FnMut(&mut Work<'_>, UserId) -> Result<Appointment, Problem> + Send + 'static,
{
    call.write(move |cx| {
        let (mut work, user) = policy::family(cx)?;
        let one = action(&mut work, user)?;
        let view = answer(&mut work, user, &one)?;
        Ok(Reply::ok(&view)?.versioned(one.version))
    })
    .await
}

async fn cancel(call: Call, path: Path, body: ApiJson<OwnCancelBody>) -> Answer {
    act(call, move |work, user| {
        let reason = body.parse()?.read()?;
        Ok(service::cancel(work, user, path.0, reason.as_deref())?)
    })
    .await
}

async fn confirm(call: Call, path: Path) -> Answer {
    act(call, move |work, user| {
        Ok(service::confirm(work, user, path.0)?)
    })
    .await
}

async fn decline(call: Call, path: Path, body: ApiJson<OwnCancelBody>) -> Answer {
    act(call, move |work, user| {
        let reason = body.parse()?.read()?;
        Ok(service::decline(work, user, path.0, reason.as_deref())?)
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
            "not-found",
        ]);
    let one = format!("{ALL}/{{id}}");
    api.get(&one, "show_own_appointment", show)
        .summary("One of one's appointments")
        .answers::<OwnAppointmentView>(200);
    let path = format!("{one}/confirm");
    api.post(&path, "confirm_own_appointment", confirm)
        .summary(
            "Agree to a time the office offers and asks about; one's own wish it answers itself",
        )
        .answers::<OwnAppointmentView>(200)
        .errors(&["action-not-allowed"]);
    let path = format!("{one}/decline");
    api.post(&path, "decline_own_appointment", decline)
        .summary("Not agree to it; the counsellor looks for another time")
        .body::<OwnCancelBody>()
        .answers::<OwnAppointmentView>(200)
        .errors(&["action-not-allowed"]);
    api.post(&format!("{one}/cancel"), "cancel_own_appointment", cancel)
        .summary("Call one's appointment off")
        .body::<OwnCancelBody>()
        .answers::<OwnAppointmentView>(200)
        .errors(&["action-not-allowed"]);
}
