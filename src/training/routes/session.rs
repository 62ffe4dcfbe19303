//! Routes of sessions.

use std::collections::{HashMap, HashSet};

use actix_web::HttpResponse;

use crate::http::request::IdPath;
use crate::http::{Api, ApiJson, ApiQuery, Paging, Problem, Reply};
use crate::identity::{Call, Cx, Role};
use crate::kernel::Fault;
use crate::kernel::error::Check;
use crate::kernel::page::Page;
use crate::office::plan;
use crate::office::room::{self, RoomId};
use crate::office::work::Work;
use crate::training::model::{Session, SessionId, TrainingSession};
use crate::training::service::{attendee, completion, owing, own, schedule, session, warning};
use crate::training::store::ledger;
use crate::training::store::session::{self as store, Eyes, Filter};
use crate::training::view::session::{PublicSessionView, SessionView, SessionsQuery, Standing};
use crate::training::view::session_action::{
    CompleteBody, DuplicateBody, PublishBody, ReasonBody, RescheduleBody, WaiveProductBody,
};
use crate::training::view::session_body::{SessionBody, SessionPatch};
use crate::training::{Error, policy};

type Path = IdPath<TrainingSession>;
type Answer = Result<HttpResponse, Problem>;

async fn list(call: Call, mut query: ApiQuery<SessionsQuery>) -> Answer {
    call.read(move |cx| {
        let (mut work, eyes) = policy::look(cx);
        let query = query.parse()?;
        if eyes == Eyes::Public && query.owes.is_some() {
            return Err(Fault::Forbidden.into());
        }
        let filter = filter(&mut work, &query)?;
        let after = query.after_time::<SessionId>()?;
        let scope = (work.office_id(), eyes);
        let found = store::page(work.conn, scope, &filter, after, query.limit())?;
        let total = if query.wants_total() {
            Some(store::count(work.conn, scope, &filter)?)
        } else {
            None
        };
        let page = query.cut(found, total, SessionView::key);
        if eyes == Eyes::Public {
            let views = public_page(&mut work, page)?;
            return Ok(Reply::ok(&views)?);
        }
        let seats = attendee::seats_taken(&mut work, &page.items)?;
        let attended = store::attended(work.conn, &page.items)?;
        let mut owed = owing::of(&mut work, &page.items)?;
        let (zone, now) = (work.zone(), work.now);
        let is_organiser = cx.actor.is(Role::Organiser);
        let view = |one: Session| {
            let standing = Standing {
                seats_taken: seats.get(&one.id).copied().unwrap_or_default(),
                is_attended: attended.contains(&one.id),
                owed: owed.remove(&one.id).unwrap_or_default(),
            };
            SessionView::of((zone, now), &one, standing, is_organiser)
        };
        Ok(Reply::ok(&page.map(view))?)
    })
    .await
}

fn filter(work: &mut Work<'_>, query: &SessionsQuery) -> Result<Filter, Error> {
    let mut check = Check::new();
    check.window(query.from, query.to);
    if let Some(task) = &query.plan_task {
        let is_task = plan::codes(work.conn, work.office_id())?.contains(task);
        check.rule(is_task, "plan_task", "unknown-reference");
    }
    check.done()?;
    let zone = work.zone();
    Ok(Filter {
        kind: query.kind,
        status: query.status,
        plan_task: query.plan_task.clone(),
        agency: query.agency,
        from: query.from.map(|day| zone.start_of(day)),
        to: query.to.map(|day| zone.day_range(day, day).1),
        ends_after: None,
        updated_since: query.updated_since,
        owes: query.owes,
        q: query.q.clone(),
    })
}

/// A page as families see it.
pub(super) fn public_page(
    work: &mut Work<'_>,
    page: Page<Session>,
) -> Result<Page<PublicSessionView>, Error> {
    let seats = attendee::seats_taken(work, &page.items)?;
    let rooms = room_names(work, &page.items)?;
    let (zone, now) = (work.zone(), work.now);
    let own = closed_sessions(work)?;
    let view = |one: &Session| {
        let seats = seats.get(&one.id).copied().unwrap_or_default();
        let may_register = own.as_ref().is_some_and(|own| !own.contains(&one.id));
        let caller = (now, may_register);
        PublicSessionView::of(zone, one, seats, room_name(&rooms, one), caller)
    };
    Ok(Page {
        items: page.items.iter().map(view).collect(),
        next_cursor: page.next_cursor,
        total: page.total,
    })
}

/// The sessions the caller cannot register for itself; unknown where nobody is logged in.
fn closed_sessions(work: &mut Work<'_>) -> Result<Option<HashSet<SessionId>>, Error> {
    let user = work.actor;
    user.map(|user| own::closed(work, user)).transpose()
}

type RoomNames = HashMap<RoomId, String>;

fn room_names(work: &mut Work<'_>, sessions: &[Session]) -> Result<RoomNames, Error> {
    let ids: Vec<RoomId> = sessions.iter().filter_map(|one| one.room_id).collect();
    let office = work.office_id();
    Ok(room::names(work.conn, office, &ids)?)
}

fn room_name(names: &RoomNames, session: &Session) -> Option<String> {
    names.get(&session.room_id?).cloned()
}

async fn show(call: Call, path: Path) -> Answer {
    call.glance(move |cx| {
        let is_organiser = cx.actor.is(Role::Organiser);
        let (mut work, eyes) = policy::look(cx);
        let found = policy::find(&mut work, eyes, path.0)?.ok_or(Fault::NotFound)?;
        let seats = ledger::seats_taken(work.conn, found.id)?;
        let (zone, version) = (work.zone(), found.version);
        if eyes == Eyes::Public {
            let names = room_names(&mut work, std::slice::from_ref(&found))?;
            let room = room_name(&names, &found);
            let own = closed_sessions(&mut work)?;
            let may_register = own.is_some_and(|own| !own.contains(&found.id));
            let caller = (work.now, may_register);
            let view = PublicSessionView::of(zone, &found, seats, room, caller);
            return Ok(Reply::ok(&view)?.versioned(version));
        }
        let standing = standing(&mut work, &found, seats)?;
        let view = SessionView::of((zone, work.now), &found, standing, is_organiser);
        Ok(Reply::ok(&view)?.versioned(version))
    })
    .await
}

/// What is known of a session beside its own fields.
fn standing(work: &mut Work<'_>, session: &Session, seats_taken: i32) -> Result<Standing, Error> {
    Ok(Standing {
        seats_taken,
        is_attended: store::is_attended(work.conn, session)?,
        owed: owing::of_one(work, session)?,
    })
}

/// A session as an organiser wrote it, with what to look at again.
fn written(work: &mut Work<'_>, session: &Session) -> Result<SessionView, Problem> {
    let seats = ledger::seats_taken(work.conn, session.id)?;
    let warnings = warning::of(work, session)?;
    let standing = standing(work, session, seats)?;
    let view = SessionView::of((work.zone(), work.now), session, standing, true);
    Ok(view.warned(warnings))
}

/// The answer of an organiser's use case: the session as it now is.
pub(super) fn answer(work: &mut Work<'_>, session: &Session) -> Result<Reply, Problem> {
    let view = written(work, session)?;
    Ok(Reply::ok(&view)?.versioned(session.version))
}

fn created(work: &mut Work<'_>, session: &Session) -> Result<Reply, Problem> {
    let view = written(work, session)?;
    let location = format!("/training-sessions/{}", session.id);
    Ok(Reply::created(&location, &view)?.versioned(session.version))
}

async fn create(call: Call, body: ApiJson<SessionBody>) -> Answer {
    call.write(move |cx| {
        let author = cx.actor.id;
        let mut work = policy::organise(cx)?;
        let (draft, slots) = body.parse()?.read()?;
        let session = session::create(&mut work, author, draft, &slots)?;
        created(&mut work, &session)
    })
    .await
}

async fn edit(call: Call, path: Path, body: ApiJson<SessionPatch>) -> Answer {
    call.write(move |cx| {
        let expected = cx.expected;
        let mut work = policy::organise(cx)?;
        let changes = body.parse()?;
        let session = session::edit(&mut work, path.0, expected, |old| changes.over(old))?;
        answer(&mut work, &session)
    })
    .await
}

async fn delete(call: Call, path: Path) -> Answer {
    call.write(move |cx| {
        let expected = cx.expected;
        let mut work = policy::organise(cx)?;
        session::delete(&mut work, path.0, expected)?;
        Ok(Reply::no_content())
    })
    .await
}

/// Runs an organiser's action on a session and answers with it.
async fn act<F>(call: Call, mut action: F) -> Answer
where
    F: FnMut(&mut Work<'_>) -> Result<Session, Problem> + Send + 'static,
{
    call.write(move |cx: &mut Cx<'_>| {
        let expected = cx.expected;
        let mut work = policy::organise(cx)?.expecting(expected);
        let session = action(&mut work)?;
        answer(&mut work, &session)
    })
    .await
}

async fn publish(call: Call, path: Path, body: ApiJson<PublishBody>) -> Answer {
    act(call, move |work| {
        Ok(session::publish(work, path.0, body.parse()?.read()?)?)
    })
    .await
}

async fn reschedule(call: Call, path: Path, body: ApiJson<RescheduleBody>) -> Answer {
    act(call, move |work| {
        let (slots, reason) = body.parse()?.read()?;
        Ok(schedule::reschedule(work, path.0, &slots, reason)?)
    })
    .await
}

async fn cancel(call: Call, path: Path, body: ApiJson<ReasonBody>) -> Answer {
    act(call, move |work| {
        Ok(session::cancel(work, path.0, body.parse()?.read()?)?)
    })
    .await
}

async fn complete(call: Call, path: Path, body: ApiJson<CompleteBody>) -> Answer {
    act(call, move |work| {
        Ok(completion::complete(
            work,
            path.0,
            body.parse()?.acknowledge_missing,
        )?)
    })
    .await
}

async fn reopen(call: Call, path: Path, body: ApiJson<ReasonBody>) -> Answer {
    act(call, move |work| {
        Ok(completion::reopen(work, path.0, &body.parse()?.read()?)?)
    })
    .await
}

async fn waive_product(call: Call, path: Path, body: ApiJson<WaiveProductBody>) -> Answer {
    act(call, move |work| {
        let (kind, reason) = body.parse()?.read()?;
        Ok(owing::waive(work, path.0, (kind, &reason))?)
    })
    .await
}

async fn duplicate(call: Call, path: Path, body: ApiJson<DuplicateBody>) -> Answer {
    call.write(move |cx| {
        let author = cx.actor.id;
        let mut work = policy::organise(cx)?;
        let starts_at = body.parse()?.starts_at;
        let session = session::duplicate(&mut work, author, path.0, starts_at)?;
        created(&mut work, &session)
    })
    .await
}

const ALL: &str = "/training-sessions";
const ONE: &str = "/training-sessions/{id}";

/// Mounts the routes of sessions.
pub(super) fn mount(api: &mut Api) {
    api.get(ALL, "list_training_sessions", list)
        .summary("Training sessions by start; families see public ones")
        .query::<SessionsQuery>()
        .pages::<SessionView>()
        .pages::<PublicSessionView>();
    api.post(ALL, "create_training_session", create)
        .summary("Draft a training session")
        .body::<SessionBody>()
        .answers::<SessionView>(201);
    api.get(ONE, "show_training_session", show)
        .summary("One training session; families see a public one")
        .answers::<SessionView>(200)
        .answers::<PublicSessionView>(200);
    api.patch(ONE, "edit_training_session", edit)
        .summary("Change a draft or published session; what a calendar must learn is told")
        .body::<SessionPatch>()
        .answers::<SessionView>(200)
        .errors(&[
            "action-not-allowed",
            "capacity-below-confirmed",
            "room-taken",
        ]);
    api.delete(ONE, "delete_training_session", delete)
        .summary("Remove a draft")
        .guarded()
        .answers_empty(204)
        .errors(&["action-not-allowed"]);
    mount_actions(api);
}

fn mount_actions(api: &mut Api) {
    let action = |verb: &str| format!("{ONE}/{verb}");
    api.post(&action("publish"), "publish_training_session", publish)
        .summary("Announce a session; one held already may be announced late")
        .body::<PublishBody>()
        .answers::<SessionView>(200)
        .errors(&["action-not-allowed", "room-taken"]);
    api.post(
        &action("reschedule"),
        "reschedule_training_session",
        reschedule,
    )
    .summary("Move a session: the whole list of slots, with the ids of those that stay")
    .body::<RescheduleBody>()
    .answers::<SessionView>(200)
    .errors(&["action-not-allowed", "slot-has-attendance", "room-taken"]);
    api.post(&action("cancel"), "cancel_training_session", cancel)
        .summary("Call a session off, and with it its live registrations")
        .body::<ReasonBody>()
        .answers::<SessionView>(200)
        .errors(&["action-not-allowed", "has-attendance"]);
    api.post(&action("complete"), "complete_training_session", complete)
        .summary("Settle the attendance: whoever was expected and has no mark is absent")
        .body::<CompleteBody>()
        .answers::<SessionView>(200)
        .errors(&["action-not-allowed", "attendance-not-entered", "too-early"]);
    api.post(&action("reopen"), "reopen_training_session", reopen)
        .summary("Unsettle the attendance: derived absences go, words and scans stay")
        .body::<ReasonBody>()
        .answers::<SessionView>(200)
        .errors(&["action-not-allowed", "room-taken"]);
    api.post(
        &action("waive-product"),
        "waive_session_product",
        waive_product,
    )
    .summary("Say why there is no product of the plan that a completed session owes")
    .body::<WaiveProductBody>()
    .answers::<SessionView>(200)
    .errors(&["action-not-allowed", "product-not-owed"]);
    api.post(
        &action("duplicate"),
        "duplicate_training_session",
        duplicate,
    )
    .summary("Draft another session like this one")
    .body::<DuplicateBody>()
    .answers::<SessionView>(201);
}
