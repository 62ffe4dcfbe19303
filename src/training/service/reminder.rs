//! Reminders: found when they are due, from the session as it stands then, so that moving or
//! cancelling it leaves none behind.

use chrono::TimeDelta;
use diesel::prelude::*;

use super::seat;
use crate::db::schema::{training_reminders as told, training_sessions as sessions};
use crate::identity::UserId;
use crate::kernel::{OfficeId, Timestamp};
use crate::office::work::Work;
use crate::training::error::Error;
use crate::training::messages::{self, Telling};
use crate::training::model::{Registration, Session, SessionId};
use crate::training::organiser_mail;
use crate::training::status::{RegistrationStatus, SessionStatus};
use crate::training::store::session::Eyes;
use crate::training::store::{attendance, registration};

/// How far ahead sessions are looked at; no lead is longer.
const HORIZON: TimeDelta = TimeDelta::days(60);

/// Published sessions that start within the horizon, in any office.
pub(in crate::training) fn coming(
    conn: &mut crate::db::Conn,
    now: Timestamp,
) -> Result<Vec<(OfficeId, SessionId)>, Error> {
    Ok(sessions::table
        .filter(sessions::status.eq(SessionStatus::Published))
        .filter(sessions::first_starts_at.gt(now))
        .filter(sessions::first_starts_at.le(now.plus(HORIZON)))
        .order(sessions::first_starts_at)
        .select((sessions::office_id, sessions::id))
        .load(conn)?)
}

/// Tells everybody confirmed of the nearest lead that is due and was not told for these times.
pub(in crate::training) fn remind(work: &mut Work<'_>, id: SessionId) -> Result<usize, Error> {
    let leads = work.settings()?.reminder_lead_hours();
    let locked = seat::lock(work, Eyes::Staff, id)?;
    let session = locked.session;
    let Some(lead) = due(&session, &leads, work.now) else {
        return Ok(0);
    };
    if is_told(work, &session, lead)? {
        return Ok(0);
    }
    diesel::insert_into(told::table)
        .values((
            told::session_id.eq(id),
            told::lead_hours.eq(lead),
            told::calendar_sequence.eq(session.calendar_sequence),
            told::told_at.eq(work.now),
        ))
        .execute(work.conn)?;
    let confirmed = registration::all(work.conn, id, &[RegistrationStatus::Confirmed])?;
    let count = confirmed.len();
    for (registration, attendee) in confirmed {
        // Whoever registered within this lead has just been told everything.
        let lead_began = session
            .first_starts_at()
            .minus(TimeDelta::hours(i64::from(lead)));
        if registration.created_at > lead_began {
            continue;
        }
        let who = (&registration, &attendee);
        messages::tell(work, &session, who, Telling::Reminder(lead))?;
    }
    Ok(count)
}

/// The shortest lead that has begun: of several missed ones only the last is told.
fn due(session: &Session, leads: &[i32], now: Timestamp) -> Option<i32> {
    if session.status != SessionStatus::Published || session.has_started(now) {
        return None;
    }
    let start = session.first_starts_at();
    let has_begun = |lead: &&i32| start.minus(TimeDelta::hours(i64::from(**lead))) <= now;
    leads.iter().filter(has_begun).min().copied()
}

fn is_told(work: &mut Work<'_>, session: &Session, lead: i32) -> Result<bool, Error> {
    let key = (session.id, lead, session.calendar_sequence);
    let found: i64 = told::table.find(key).count().get_result(work.conn)?;
    Ok(found > 0)
}

/// How long after its end a session without its attendance is mentioned to whoever made it.
const PATIENCE: TimeDelta = TimeDelta::hours(1);
/// How long it is worth mentioning.
const WORTH: TimeDelta = TimeDelta::days(14);

/// Published sessions that ended a while ago, with who made them.
pub(in crate::training) fn ended(
    conn: &mut crate::db::Conn,
    now: Timestamp,
) -> Result<Vec<(OfficeId, SessionId, Option<UserId>)>, Error> {
    Ok(sessions::table
        .filter(sessions::status.eq(SessionStatus::Published))
        .filter(sessions::last_ends_at.le(now.minus(PATIENCE)))
        .filter(sessions::last_ends_at.gt(now.minus(WORTH)))
        .order(sessions::last_ends_at)
        .select((sessions::office_id, sessions::id, sessions::created_by))
        .load(conn)?)
}

/// Tells whoever made a session that people have no mark, once for these times.
pub(in crate::training) fn mention_missing(
    work: &mut Work<'_>,
    id: SessionId,
) -> Result<(), Error> {
    let office = work.office_id();
    let found = crate::training::store::session::find(work.conn, (office, Eyes::Staff), id)?;
    let Some(session) = found.filter(|session| !session.was_entered_late()) else {
        return Ok(());
    };
    let marks = attendance::marks_of_session(work.conn, id)?;
    let confirmed = registration::all(work.conn, id, &[RegistrationStatus::Confirmed])?;
    let is_marked = |one: &Registration| marks.keys().any(|(marked, _)| *marked == one.id);
    let unmarked = confirmed.iter().filter(|(one, _)| !is_marked(one)).count();
    if unmarked == 0 {
        return Ok(());
    }
    let values = [("unmarked", serde_json::json!(unmarked))];
    let once = session.calendar_sequence.to_string();
    organiser_mail::tell_organiser(work, &session, "attendance_missing", &values, &once)
}
