//! Registrations.

use std::collections::HashMap;

use diesel::prelude::*;

use super::rows::{AttendeeRow, RegistrationRow};
use crate::db::Backend;
use crate::db::schema::{attendees, registrations};
use crate::db::{Conn, Result};
use crate::identity::UserId;
use crate::kernel::{OfficeId, Timestamp, text, title};
use crate::training::model::{Attendee, AttendeeId, Mark, Registration, RegistrationId, SessionId};
use crate::training::status::RegistrationStatus;
use crate::training::ticket::read_short_code;

/// The statuses of a live registration.
pub(in crate::training) const LIVE: [RegistrationStatus; 3] = [
    RegistrationStatus::Invited,
    RegistrationStatus::Confirmed,
    RegistrationStatus::Waitlisted,
];

/// A registration and who comes by it.
pub(in crate::training) type WithAttendee = (Registration, Attendee);

/// What a list may be narrowed to.
#[derive(Debug, Clone, Default)]
pub(in crate::training) struct Filter {
    pub(in crate::training) status: Option<RegistrationStatus>,
    pub(in crate::training) q: Option<String>,
    pub(in crate::training) updated_since: Option<Timestamp>,
}

type Joined<'a> = diesel::dsl::IntoBoxed<
    'a,
    diesel::dsl::InnerJoinOn<
        registrations::table,
        attendees::table,
        diesel::dsl::Eq<attendees::id, registrations::attendee_id>,
    >,
    Backend,
>;

fn joined<'a>(session: SessionId, filter: &Filter) -> Joined<'a> {
    let mut query = registrations::table
        .inner_join(attendees::table.on(attendees::id.eq(registrations::attendee_id)))
        .into_boxed()
        .filter(registrations::session_id.eq(session));
    query = match filter.status {
        Some(status) => query.filter(registrations::status.eq(status)),
        None => query.filter(registrations::status.ne(RegistrationStatus::Merged)),
    };
    if let Some(q) = &filter.q {
        query = query.filter(
            attendees::name_key
                .like(title::name_pattern(q))
                .escape('\\')
                .or(attendees::phone
                    .like(text::phone_pattern(q))
                    .escape('\\')
                    .assume_not_null())
                .or(attendees::email
                    .like(text::address_pattern(q))
                    .escape('\\')
                    .assume_not_null())
                .or(registrations::short_code.eq(read_short_code(q).unwrap_or_default())),
        );
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(registrations::updated_at.ge(since));
    }
    query
}

fn parts((registration, attendee): (RegistrationRow, AttendeeRow)) -> WithAttendee {
    (registration.into(), attendee.into())
}

/// A registration with who its person turned out to be: lists, papers and mails speak of them. One that a
/// merge took out stays as it was.
fn followed(conn: &mut Conn, one: WithAttendee) -> Result<WithAttendee> {
    let (registration, person) = one;
    if registration.status == RegistrationStatus::Merged {
        return Ok((registration, person));
    }
    Ok((registration, super::attendee::survivor(conn, person)?))
}

pub(super) fn all_followed(
    conn: &mut Conn,
    rows: Vec<(RegistrationRow, AttendeeRow)>,
) -> Result<Vec<WithAttendee>> {
    let rows = rows.into_iter().map(parts);
    rows.map(|one| followed(conn, one)).collect()
}

/// One page by place in line, and one row more. Merged ones only where asked for.
pub(in crate::training) fn page(
    conn: &mut Conn,
    session: SessionId,
    filter: &Filter,
    after: Option<(i64, RegistrationId)>,
    limit: i64,
) -> Result<Vec<WithAttendee>> {
    let mut query = joined(session, filter);
    if let Some((place, id)) = after {
        query = query.filter(
            registrations::place
                .gt(place)
                .or(registrations::place.eq(place).and(registrations::id.gt(id))),
        );
    }
    let rows: Vec<(RegistrationRow, AttendeeRow)> = query
        .order((registrations::place, registrations::id))
        .limit(limit + 1)
        .select((RegistrationRow::as_select(), AttendeeRow::as_select()))
        .load(conn)?;
    all_followed(conn, rows)
}

/// How many there are in all.
pub(in crate::training) fn count(
    conn: &mut Conn,
    session: SessionId,
    filter: &Filter,
) -> Result<i64> {
    Ok(joined(session, filter).count().get_result(conn)?)
}

/// Everybody of a session with these statuses, by place in line.
pub(in crate::training) fn all(
    conn: &mut Conn,
    session: SessionId,
    statuses: &[RegistrationStatus],
) -> Result<Vec<WithAttendee>> {
    let rows: Vec<(RegistrationRow, AttendeeRow)> = registrations::table
        .inner_join(attendees::table.on(attendees::id.eq(registrations::attendee_id)))
        .filter(registrations::session_id.eq(session))
        .filter(registrations::status.eq_any(statuses))
        .order((registrations::place, registrations::id))
        .select((RegistrationRow::as_select(), AttendeeRow::as_select()))
        .load(conn)?;
    all_followed(conn, rows)
}

/// One registration of a session, where `only_of` limits it to what an account reaches.
pub(in crate::training) fn find(
    conn: &mut Conn,
    session: SessionId,
    id: RegistrationId,
    only_of: Option<UserId>,
) -> Result<Option<WithAttendee>> {
    let one = registrations::table
        .inner_join(attendees::table.on(attendees::id.eq(registrations::attendee_id)))
        .filter(registrations::id.eq(id))
        .filter(registrations::session_id.eq(session))
        .select((RegistrationRow::as_select(), AttendeeRow::as_select()));
    let row: Option<(RegistrationRow, AttendeeRow)> = one.first(conn).optional()?;
    let Some(one) = row.map(parts) else {
        return Ok(None);
    };
    match only_of {
        None => Ok(Some(followed(conn, one)?)),
        Some(user) => super::reach::reached(conn, user, one),
    }
}

/// A live registration of any of these attendees in a session.
pub(in crate::training) fn live(
    conn: &mut Conn,
    session: SessionId,
    attendees: &[AttendeeId],
) -> Result<Option<Registration>> {
    let mut all = of_any_in(conn, session, attendees)?;
    all.retain(|one| one.status.is_live());
    Ok(all.into_iter().min_by_key(|one| one.place))
}

/// Everything any of these attendees was registered for in a session.
pub(in crate::training) fn of_any_in(
    conn: &mut Conn,
    session: SessionId,
    attendees: &[AttendeeId],
) -> Result<Vec<Registration>> {
    let mut all = Vec::new();
    for attendee in attendees {
        all.extend(of_attendee_in(conn, session, *attendee)?);
    }
    Ok(all)
}

/// An attendee's registrations in a session. They are few, and are chosen from and put in order by
/// whoever asks: asked for in order, SQLite walks the session's whole list by place; asked for by
/// a list of states, it prepares the statement anew each time.
fn of_attendee_in(
    conn: &mut Conn,
    session: SessionId,
    attendee: AttendeeId,
) -> Result<Vec<Registration>> {
    let rows: Vec<RegistrationRow> = registrations::table
        .filter(registrations::session_id.eq(session))
        .filter(registrations::attendee_id.eq(attendee))
        .select(RegistrationRow::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(Registration::from).collect())
}

/// A registration and those merged into it, whose events are read with its own.
pub(in crate::training) fn with_merged(
    conn: &mut Conn,
    id: RegistrationId,
) -> Result<Vec<RegistrationId>> {
    let mut ids: Vec<RegistrationId> = registrations::table
        .filter(registrations::kept_id.eq(id))
        .filter(registrations::status.eq(RegistrationStatus::Merged))
        .select(registrations::id)
        .load(conn)?;
    ids.push(id);
    Ok(ids)
}

/// The newest registration of an attendee in a session with one of these statuses.
pub(in crate::training) fn latest(
    conn: &mut Conn,
    session: SessionId,
    attendee: AttendeeId,
    statuses: &[RegistrationStatus],
) -> Result<Option<Registration>> {
    let mut all = of_attendee_in(conn, session, attendee)?;
    all.retain(|one| statuses.contains(&one.status));
    Ok(all.into_iter().max_by_key(|one| one.place))
}

/// Every registration of an attendee, newest first.
pub(in crate::training) fn of_attendee(
    conn: &mut Conn,
    attendees: &[AttendeeId],
) -> Result<Vec<Registration>> {
    let rows: Vec<RegistrationRow> = registrations::table
        .filter(registrations::attendee_id.eq_any(attendees))
        .order((registrations::created_at.desc(), registrations::id.desc()))
        .select(RegistrationRow::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(Registration::from).collect())
}

/// Where registrations of a session stand, and whose they are.
pub(in crate::training) fn whose(
    conn: &mut Conn,
    session: SessionId,
    ids: &[RegistrationId],
) -> Result<HashMap<RegistrationId, (RegistrationStatus, AttendeeId)>> {
    let rows: Vec<(RegistrationId, RegistrationStatus, AttendeeId)> = registrations::table
        .filter(registrations::session_id.eq(session))
        .filter(registrations::id.eq_any(ids))
        .select((
            registrations::id,
            registrations::status,
            registrations::attendee_id,
        ))
        .load(conn)?;
    let by_id = |(id, status, attendee)| (id, (status, attendee));
    Ok(rows.into_iter().map(by_id).collect())
}

/// The first in line.
pub(in crate::training) fn first_in_line(
    conn: &mut Conn,
    session: SessionId,
) -> Result<Option<WithAttendee>> {
    let row: Option<(RegistrationRow, AttendeeRow)> = registrations::table
        .inner_join(attendees::table.on(attendees::id.eq(registrations::attendee_id)))
        .filter(registrations::session_id.eq(session))
        .filter(registrations::status.eq(RegistrationStatus::Waitlisted))
        .order((registrations::place, registrations::id))
        .select((RegistrationRow::as_select(), AttendeeRow::as_select()))
        .first(conn)
        .optional()?;
    Ok(row.map(parts))
}

/// The registration a ticket opens.
pub(in crate::training) fn by_ticket(
    conn: &mut Conn,
    office: OfficeId,
    digest: &[u8],
) -> Result<Option<(RegistrationId, SessionId)>> {
    Ok(registrations::table
        .filter(registrations::ticket_digest.eq(digest))
        .filter(registrations::office_id.eq(office))
        .select((registrations::id, registrations::session_id))
        .first(conn)
        .optional()?)
}

/// The registration a short code names within a session.
pub(in crate::training) fn by_short_code(
    conn: &mut Conn,
    session: SessionId,
    code: &str,
) -> Result<Option<RegistrationId>> {
    Ok(registrations::table
        .filter(registrations::session_id.eq(session))
        .filter(registrations::short_code.eq(code))
        .select(registrations::id)
        .first(conn)
        .optional()?)
}

/// Who was present, for distinct heads: the session, the attendee and its frozen dimensions.
pub(in crate::training) fn present(
    conn: &mut Conn,
    sessions: &[SessionId],
) -> Result<Vec<Registration>> {
    let mut found = Vec::new();
    for chunk in sessions.chunks(500) {
        let rows: Vec<RegistrationRow> = registrations::table
            .filter(registrations::session_id.eq_any(chunk))
            .filter(registrations::status.eq(RegistrationStatus::Confirmed))
            .filter(registrations::result.eq(Mark::Present))
            .select(RegistrationRow::as_select())
            .load(conn)?;
        found.extend(rows.into_iter().map(Registration::from));
    }
    Ok(found)
}

/// Writes a new registration.
pub(in crate::training) fn insert(
    conn: &mut Conn,
    office: OfficeId,
    registration: &Registration,
    created_by: Option<UserId>,
) -> Result<()> {
    diesel::insert_into(registrations::table)
        .values((
            RegistrationRow::from(registration.clone()),
            registrations::office_id.eq(office),
            registrations::created_by.eq(created_by),
        ))
        .execute(conn)?;
    Ok(())
}

/// Writes a changed registration.
pub(in crate::training) fn update(conn: &mut Conn, registration: &Registration) -> Result<()> {
    diesel::update(registrations::table.find(registration.id))
        .set(RegistrationRow::from(registration.clone()))
        .execute(conn)?;
    Ok(())
}
