//! What an organiser looks at again in a session that is to come: nothing waits for it.

use chrono::Datelike as _;

use crate::office::work::Work;
use crate::office::{calendar, plan, room};
use crate::training::error::Error;
use crate::training::model::Session;
use crate::training::status::SessionStatus;

/// More people may come than the room holds.
const OVER_ROOM: &str = "over-room-places";
/// A slot is on a holiday or a weekend.
const ON_DAY_OFF: &str = "on-day-off";
/// The plan does not have its task in that year.
const OUTSIDE_TASK: &str = "outside-task-years";

/// The codes of what should be looked at; none once a session was held or is off.
pub(in crate::training) fn of(
    work: &mut Work<'_>,
    session: &Session,
) -> Result<Vec<&'static str>, Error> {
    let is_to_come = matches!(
        session.status,
        SessionStatus::Draft | SessionStatus::Published
    );
    if !is_to_come {
        return Ok(Vec::new());
    }
    let found = [
        (OVER_ROOM, is_over_room(work, session)?),
        (ON_DAY_OFF, is_on_day_off(work, session)?),
        (OUTSIDE_TASK, is_outside_task(work, session)?),
    ];
    let found = found.into_iter().filter(|(_, is_so)| *is_so);
    Ok(found.map(|(code, _)| code).collect())
}

fn is_over_room(work: &mut Work<'_>, session: &Session) -> Result<bool, Error> {
    let (Some(room), Some(capacity)) = (session.room_id, session.capacity) else {
        return Ok(false);
    };
    let office = work.office_id();
    let room = room::find(work.conn, office, room)?;
    Ok(room.places.is_some_and(|places| capacity > places))
}

fn is_on_day_off(work: &mut Work<'_>, session: &Session) -> Result<bool, Error> {
    let office = work.office_id();
    let calendar = calendar::load(work.conn, office)?;
    let zone = work.zone();
    let mut days = session.slots.iter().map(|slot| zone.day(slot.starts_at));
    Ok(days.any(|day| !calendar::is_working_day(&calendar, day)))
}

fn is_outside_task(work: &mut Work<'_>, session: &Session) -> Result<bool, Error> {
    let office = work.office_id();
    let task = plan::find(work.conn, office, &session.plan_task)?;
    let year = work.zone().day(session.first_starts_at()).year();
    let is_within =
        |task: plan::Task| task.start_year <= year && task.end_year.is_none_or(|last| year <= last);
    Ok(task.is_some_and(|task| !is_within(task)))
}
