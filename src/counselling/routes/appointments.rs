//! Routes of appointments, for staff.

use actix_web::HttpResponse;

use crate::counselling::appointment::Appointment;
use crate::counselling::error::Error;
use crate::counselling::model::{AppointmentId, CounsellingAppointment};
use crate::counselling::policy::{self, Eyes};
use crate::counselling::service::{appointment as service, break_glass, moving, warning};
use crate::counselling::store::appointment::{self as store, Filter, Scope};
use crate::counselling::store::{appointment_event as event, case as cases};
use crate::counselling::view::appointment::{
    AppointmentBody, AppointmentPatch, CounsellingAppointmentView, CounsellingAppointmentsQuery,
};
use crate::counselling::view::appointment_step::{
    CancelAppointmentBody, CompleteAppointmentBody, DeclineAppointmentBody, MoveAppointmentBody,
    NoShowBody,
};
use crate::counselling::view::words::CaseReasonBody;
use crate::http::reply::if_none_match;
use crate::http::request::IdPath;
use crate::http::{Api, ApiJson, ApiQuery, Asked, Paging, Problem, Reply};
use crate::identity::{Call, Cx};
use crate::kernel::error::Check;
use crate::kernel::{Fault, Zone};
use crate::office::work::Work;

type Path = IdPath<CounsellingAppointment>;
type Answer = Result<HttpResponse, Problem>;

fn filter(query: &CounsellingAppointmentsQuery, zone: Zone) -> Result<Filter, Fault> {
    let mut check = Check::new();
    check.window(query.from, query.to);
    check.done()?;
    Ok(Filter {
        status: query.status,
        counsellor: query.counsellor,
        case: query.case_id,
        from: query.from.map(|day| zone.day_range(day, day).0),
        to: query.to.map(|day| zone.day_range(day, day).1),
        updated_since: query.updated_since,
    })
}

fn page(
    work: &mut Work<'_>,
    scope: &Scope,
    query: &Asked<'_, CounsellingAppointmentsQuery>,
) -> Result<Reply, Problem> {
    let when = (work.zone(), work.now);
    let filter = filter(query, when.0)?;
    let after = query.after_time::<AppointmentId>()?;
    let found = store::page(work, scope, &filter, after, query.limit())?;
    let total = if query.wants_total() {
        Some(store::count(work, scope, &filter)?)
    } else {
        None
    };
    let page = query.cut(found, total, CounsellingAppointmentView::key);
    let page = page.map(|one| {
        let view = CounsellingAppointmentView::of(when, &one);
        match scope {
            Scope::Case(_) => view.for_reading(),
            Scope::Staff(_) | Scope::Own(_) => view,
        }
    });
    Ok(Reply::ok(&page)?)
}

/// Those of a case that is not one's own are listed while a window in it is open; that is logged.
async fn list(call: Call, mut query: ApiQuery<CounsellingAppointmentsQuery>) -> Answer {
    let (mut query, reply) = call
        .look(move |cx| {
            let (mut work, eyes) = policy::casework(cx)?;
            let case = query.parse()?.case_id;
            let is_foreign = match case {
                Some(id) => cases::find(&mut work, &eyes, id)?.is_none(),
                None => false,
            };
            if is_foreign {
                return Ok((query, None));
            }
            let reply = page(&mut work, &Scope::Staff(eyes), &query.parse()?)?;
            Ok((query, Some(reply)))
        })
        .await?;
    if let Some(reply) = reply {
        return Ok(reply.answer(if_none_match(call.request())));
    }
    call.write_secret(move |cx| {
        let (mut work, eyes) = policy::casework(cx)?;
        let query = query.parse()?;
        let case = query.case_id.ok_or(Fault::NotFound)?;
        let seen = break_glass::enter(&mut work, &eyes, case, "appointments")?;
        let scope = seen.map_or(Scope::Staff(eyes), |case| Scope::Case(case.id));
        page(&mut work, &scope, &query)
    })
    .await
}

async fn create(call: Call, body: ApiJson<AppointmentBody>) -> Answer {
    call.write(move |cx| {
        let (mut work, eyes) = policy::casework(cx)?;
        let new = body.parse()?.read()?;
        let one = service::create(&mut work, &eyes, new)?;
        created(&mut work, &one)
    })
    .await
}

/// One appointment, with what should be looked at again.
fn view(work: &mut Work<'_>, one: &Appointment) -> Result<CounsellingAppointmentView, Error> {
    let warnings = warning::of(work, one)?;
    let when = (work.zone(), work.now);
    Ok(CounsellingAppointmentView::of(when, one).with_warnings(warnings))
}

fn created(work: &mut Work<'_>, one: &Appointment) -> Result<Reply, Problem> {
    let view = view(work, one)?;
    let location = format!("/counselling-appointments/{}", one.id);
    Ok(Reply::created(&location, &view)?.versioned(one.version))
}

fn answer(work: &mut Work<'_>, one: &Appointment) -> Result<Reply, Problem> {
    let view = view(work, one)?;
    Ok(Reply::ok(&view)?.versioned(one.version))
}

fn detail(work: &mut Work<'_>, one: &Appointment, is_theirs: bool) -> Result<Reply, Problem> {
    let history = event::of(work, one)?;
    let zone = work.zone();
    let view = view(work, one)?.with_history(zone, history);
    let view = if is_theirs { view } else { view.for_reading() };
    Ok(Reply::ok(&view)?.versioned(one.version))
}

/// One that only an open window in its case shows leaves a row in the log.
async fn show(call: Call, path: Path) -> Answer {
    let own = call.look(move |cx| {
        let (mut work, eyes) = policy::casework(cx)?;
        match store::load(&mut work, &Scope::Staff(eyes), path.0) {
            Ok(one) => Ok(Some(detail(&mut work, &one, true)?)),
            Err(Error::Fault(Fault::NotFound)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    });
    if let Some(reply) = own.await? {
        return Ok(reply.answer(if_none_match(call.request())));
    }
    let seen = call.part(move |cx| {
        let (mut work, eyes) = policy::casework(cx)?;
        let one = store::load_any(&mut work, path.0)?;
        let case = one.case_id.ok_or(Fault::NotFound)?;
        match break_glass::enter(&mut work, &eyes, case, "appointment")? {
            Some(_) => Ok(Some(detail(&mut work, &one, false)?)),
            None => Ok(None),
        }
    });
    match seen.await? {
        Some(reply) => Ok(reply.answer(None)),
        None => Err(Fault::NotFound.into()),
    }
}

/// Runs an action on an appointment and answers with it.
async fn act<F>(call: Call, mut action: F) -> Answer
where
    F: FnMut(&mut Work<'_>, &Eyes) -> Result<Appointment, Problem> + Send + 'static,
{
    call.write(move |cx: &mut Cx<'_>| {
        let expected = cx.expected;
        let (work, eyes) = policy::casework(cx)?;
        let mut work = work.expecting(expected);
        let one = action(&mut work, &eyes)?;
        answer(&mut work, &one)
    })
    .await
}

async fn confirm(call: Call, path: Path) -> Answer {
    act(call, move |work, eyes| {
        Ok(service::confirm(work, eyes, path.0)?)
    })
    .await
}

async fn decline(call: Call, path: Path, body: ApiJson<DeclineAppointmentBody>) -> Answer {
    call.write(move |cx| {
        let (mut work, eyes) = policy::casework(cx)?;
        let reason = body.parse()?.read()?;
        let (one, free) = service::decline(&mut work, &eyes, path.0, reason.as_deref())?;
        let zone = work.zone();
        let view = CounsellingAppointmentView::of((zone, work.now), &one).with_free(zone, free);
        Ok(Reply::ok(&view)?.versioned(one.version))
    })
    .await
}

async fn edit(call: Call, path: Path, body: ApiJson<AppointmentPatch>) -> Answer {
    call.write(move |cx| {
        let expected = cx.expected;
        let (mut work, eyes) = policy::casework(cx)?;
        let changes = body.parse()?;
        let one = moving::edit(&mut work, &eyes, path.0, expected, |old| changes.over(old))?;
        answer(&mut work, &one)
    })
    .await
}

/// Whoever was missed gets another appointment, which is then answered.
async fn reschedule(call: Call, path: Path, body: ApiJson<MoveAppointmentBody>) -> Answer {
    call.write(move |cx| {
        let (mut work, eyes) = policy::casework(cx)?;
        let (span, reason) = body.parse()?.read()?;
        let to = (span, reason.as_deref());
        let one = moving::reschedule(&mut work, &eyes, path.0, to)?;
        if one.id == path.0 {
            answer(&mut work, &one)
        } else {
            created(&mut work, &one)
        }
    })
    .await
}

async fn cancel(call: Call, path: Path, body: ApiJson<CancelAppointmentBody>) -> Answer {
    act(call, move |work, eyes| {
        let body = body.parse()?;
        let reason = body.read()?;
        let scope = Scope::Staff(eyes.clone());
        let who = (body.by, Some(reason.as_str()));
        Ok(service::cancel(work, &scope, path.0, who)?)
    })
    .await
}

async fn complete(call: Call, path: Path, body: ApiJson<CompleteAppointmentBody>) -> Answer {
    act(call, move |work, eyes| {
        let held = body.parse()?.read()?;
        Ok(service::complete(work, eyes, path.0, &held)?)
    })
    .await
}

async fn miss(call: Call, path: Path, body: ApiJson<NoShowBody>) -> Answer {
    act(call, move |work, eyes| {
        Ok(service::miss(work, eyes, path.0, body.parse()?.by)?)
    })
    .await
}

async fn reopen(call: Call, path: Path, body: ApiJson<CaseReasonBody>) -> Answer {
    act(call, move |work, eyes| {
        let reason = body.parse()?.read()?;
        Ok(service::reopen(work, eyes, path.0, &reason)?)
    })
    .await
}

const ALL: &str = "/counselling-appointments";
const ONE: &str = "/counselling-appointments/{id}";
/// What refuses a time.
const TAKEN: &[&str] = &[
    "action-not-allowed",
    "appointment-slot-taken",
    "sides-apart",
];

/// Mounts the routes of appointments.
pub(super) fn mount(api: &mut Api) {
    api.get(ALL, "list_appointments", list)
        .summary("Appointments by time: a supervisor's office, a counsellor's own")
        .query::<CounsellingAppointmentsQuery>()
        .pages::<CounsellingAppointmentView>();
    api.post(ALL, "create_appointment", create)
        .summary("Make an appointment, at once or for the family to agree to, or enter one that was held")
        .body::<AppointmentBody>()
        .answers::<CounsellingAppointmentView>(201)
        .errors(TAKEN)
        .errors(&["not-found", "too-early"]);
    api.get(ONE, "show_appointment", show)
        .summary("One appointment, with what happened to it")
        .answers::<CounsellingAppointmentView>(200);
    api.patch(ONE, "edit_appointment", edit)
        .summary("Change how and where it is held; a family's wish is then the office's offer")
        .body::<AppointmentPatch>()
        .answers::<CounsellingAppointmentView>(200)
        .errors(TAKEN);
    mount_actions(api);
}

fn mount_actions(api: &mut Api) {
    let action = |verb: &str| format!("{ONE}/{verb}");
    api.post(&action("confirm"), "confirm_appointment", confirm)
        .summary("Take a request")
        .answers::<CounsellingAppointmentView>(200)
        .errors(&["action-not-allowed"]);
    api.post(&action("decline"), "decline_appointment", decline)
        .summary("Not take a request; answers with other times that are free")
        .body::<DeclineAppointmentBody>()
        .answers::<CounsellingAppointmentView>(200)
        .errors(&["action-not-allowed"]);
    api.post(&action("reschedule"), "reschedule_appointment", reschedule)
        .summary("Move it; a missed one stays, and another, linked to it, is made")
        .body::<MoveAppointmentBody>()
        .answers::<CounsellingAppointmentView>(200)
        .answers::<CounsellingAppointmentView>(201)
        .errors(TAKEN);
    api.post(&action("cancel"), "cancel_appointment", cancel)
        .summary("Call it off")
        .body::<CancelAppointmentBody>()
        .answers::<CounsellingAppointmentView>(200)
        .errors(&["action-not-allowed"]);
    api.post(&action("complete"), "complete_appointment", complete)
        .summary("Say that it was held, and who came; it keeps the phase it was held in")
        .body::<CompleteAppointmentBody>()
        .answers::<CounsellingAppointmentView>(200)
        .errors(&["action-not-allowed", "too-early"]);
    api.post(&action("no-show"), "miss_appointment", miss)
        .summary("Say who did not come")
        .body::<NoShowBody>()
        .answers::<CounsellingAppointmentView>(200)
        .errors(&["action-not-allowed", "too-early"]);
    api.post(&action("reopen"), "reopen_appointment", reopen)
        .summary("Take back what was told of how it went by mistake; it is then told anew")
        .body::<CaseReasonBody>()
        .answers::<CounsellingAppointmentView>(200)
        .errors(&["action-not-allowed", "appointment-slot-taken"]);
}
