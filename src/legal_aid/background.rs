//! What legal aid does by itself: clocks are set anew when the calendar changes or a day comes near,
//! what is late is given to somebody, and others of one child and matter are looked for, so that a
//! family's own call takes no longer for them.

use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::json;

use super::errand;
use super::error::Error;
use super::messages::{self, Telling};
use super::model::{NextActor, Request, RequestId};
use super::service::draft::{self, note};
use super::service::schedule::Days;
use super::status::Status;
use super::store::due;
use super::store::event::{self, Told};
use super::store::request as store;
use crate::identity::Platform;
use crate::kernel::OfficeId;
use crate::office::settings;
use crate::office::work::Work;

/// On the timeline: whoever wrote a draft was told that it is erased.
const TOLD: &str = "draft-told";

/// Does what is due, a request a transaction. Several processes may do it: every piece finds what
/// another has done.
///
/// # Errors
/// When storage fails.
pub fn tick(platform: &Arc<Platform>) -> Result<(), Error> {
    let now = platform.clock.now();
    let today = crate::kernel::Zone::default().day(now);
    for found in platform.db.read_now(|conn| due::untimed(conn, today))? {
        each(platform, found, time)?;
    }
    for found in platform.db.read_now(|conn| due::late(conn, today))? {
        each(platform, found, hand_on)?;
    }
    for found in platform.db.read_now(|conn| due::unwatched(conn, today))? {
        each(platform, found, remind)?;
    }
    for found in platform.db.read_now(|conn| due::unopened(conn, today))? {
        each(platform, found, call_about_refusal)?;
    }
    for found in platform
        .db
        .read_now(|conn| due::idle_drafts(conn, (now, today)))?
    {
        each(platform, found, clear_away)?;
    }
    for found in platform.db.read_now(due::unsought)? {
        each(platform, found, seek)?;
    }
    Ok(())
}

/// Does a piece for one request, its row locked.
fn each(
    platform: &Arc<Platform>,
    (office, id): (OfficeId, RequestId),
    piece: fn(&mut Work<'_>, &mut Request) -> Result<(), Error>,
) -> Result<(), Error> {
    let now = platform.clock.now();
    let shared = Arc::clone(platform);
    platform.db.write_now(move |conn| {
        let office = settings::load(conn, office)?.brief();
        let mut work = Work::new(conn, &shared, now, &office, None);
        store::touch(work.conn, office.id, id)?;
        let mut request = store::of_office(&mut work, id)?;
        piece(&mut work, &mut request)
    })
}

/// Counts a clock anew; what moved is told on the timeline, and what presses by now is first.
fn time(work: &mut Work<'_>, request: &mut Request) -> Result<(), Error> {
    let before = request.clock.clone();
    let is_changed = Days::load(work)?.set_anew(request);
    store::set_clock(work.conn, work.now, request)?;
    if !is_changed {
        return Ok(());
    }
    let told = Told {
        facts: json!({
            "was_due_on": before.due_on, "due_on": request.clock.due_on,
            "urgency": request.clock.urgency.level,
        }),
        ..Told::default()
    };
    note(work, request, ("retimed", None), &told)?;
    if before.urgency.level == request.clock.urgency.level {
        Ok(())
    } else {
        errand::presses(work, request)
    }
}

/// What is late is somebody's: the Centre's silence is asked about, the rest is a supervisor's.
fn hand_on(work: &mut Work<'_>, request: &mut Request) -> Result<(), Error> {
    match request.clock.next_actor {
        NextActor::Centre => errand::centre_silent(work, request),
        NextActor::Ward | NextActor::Family => errand::deadline_passed(work, request),
        NextActor::Nobody => Ok(()),
    }
}

/// What the ward is to do soon is told to whoever sees to it, and what a family is to hand in to the
/// family, once for its day.
fn remind(work: &mut Work<'_>, request: &mut Request) -> Result<(), Error> {
    let (due_on, today) = (request.clock.due_on, work.zone().day(work.now));
    // Whoever was asked today need not be reminded today.
    let was_asked = request.clock.from_on.is_some_and(|from| from < today);
    let is_near = Days::load(work)?.is_near(due_on);
    match request.clock.next_actor {
        NextActor::Ward if is_near => errand::deadline_near(work, request)?,
        NextActor::Family if is_near && was_asked => {
            let once = format!(":near:{due_on:?}");
            messages::tell(work, request, Telling::PapersWanted, &once)?;
        }
        _ => {}
    }
    Ok(due::watched(work.conn, today, request.id)?)
}

/// A refusal nobody has opened for some working days is told by a call.
fn call_about_refusal(work: &mut Work<'_>, request: &mut Request) -> Result<(), Error> {
    let Some(ended_on) = request.ended_on else {
        return Ok(());
    };
    if Days::load(work)?.is_refusal_stale(ended_on) {
        errand::refusal_not_opened(work, request)?;
    }
    Ok(())
}

/// A draft nobody has touched for long is erased, some days after whoever wrote it was told.
fn clear_away(work: &mut Work<'_>, request: &mut Request) -> Result<(), Error> {
    if request.status != Status::Draft {
        return Ok(());
    }
    let policies = &work.settings()?.policies;
    let told_before = TimeDelta::days(policies.draft_told_days.value.into());
    let idle = TimeDelta::days(policies.draft_days.value.into()) - told_before;
    let told_at = event::last(work.conn, request.id, &[TOLD])?;
    match told_at.filter(|at| *at > request.updated_at) {
        Some(at) if at.plus(told_before) <= work.now => return draft::erase(work, request),
        None if request.updated_at.plus(idle) <= work.now => {
            let until = work.zone().day(work.now.plus(told_before));
            note(work, request, (TOLD, None), &Told::default())?;
            messages::tell(work, request, Telling::Draft(until), "")?;
        }
        _ => {}
    }
    let today = work.zone().day(work.now);
    Ok(due::watched(work.conn, today, request.id)?)
}

/// Looks for others of one child and field of law.
fn seek(work: &mut Work<'_>, request: &mut Request) -> Result<(), Error> {
    if request.status.is_open() && due::has_twin(work.conn, request)? {
        errand::possible_duplicate(work, request)?;
    }
    Ok(due::sought(work.conn, work.now, request.id)?)
}
