//! Appointments and who comes to them.

use diesel::prelude::*;

use super::appointment_row::{Row, SeatRow, open_all};
use crate::counselling::appointment::{Appointment, AppointmentStatus};
use crate::counselling::error::Error;
use crate::counselling::model::{AppointmentId, CaseId, Party, PartyId, RequestId};
use crate::counselling::policy::Eyes;
use crate::db::schema::{
    counselling_appointment_parties as seats, counselling_appointments as appointments,
    counselling_cases as cases, counselling_parties as parties, counselling_requests as requests,
};
use crate::db::{self, Backend, Conn};
use crate::identity::UserId;
use crate::kernel::{Fault, OfficeId, Timestamp};
use crate::office::work::Work;

/// The states that hold their time.
pub(in crate::counselling) const LIVE: [AppointmentStatus; 2] =
    [AppointmentStatus::Requested, AppointmentStatus::Confirmed];

/// Whose appointments are looked at.
#[derive(Debug, Clone)]
pub(in crate::counselling) enum Scope {
    /// Those a member of staff sees.
    Staff(Eyes),
    /// Those of the person behind an account.
    Own(UserId),
    /// Those of one case, for whoever reads it by a window that was logged.
    Case(CaseId),
}

/// What a list may be narrowed to.
#[derive(Debug, Clone, Default)]
pub(in crate::counselling) struct Filter {
    pub(in crate::counselling) status: Option<AppointmentStatus>,
    pub(in crate::counselling) counsellor: Option<UserId>,
    pub(in crate::counselling) case: Option<CaseId>,
    pub(in crate::counselling) from: Option<Timestamp>,
    pub(in crate::counselling) to: Option<Timestamp>,
    pub(in crate::counselling) updated_since: Option<Timestamp>,
}

fn visible<'a>(office: OfficeId, scope: &Scope) -> appointments::BoxedQuery<'a, Backend> {
    let query = appointments::table
        .filter(appointments::office_id.eq(office))
        .into_boxed();
    match scope {
        Scope::Case(case) => query.filter(appointments::case_id.eq(*case)),
        Scope::Own(user) => {
            let mine = parties::table
                .filter(parties::user_id.eq(*user))
                .filter(parties::removed_at.is_null())
                .select(parties::id);
            let seated = seats::table
                .filter(seats::party_id.assume_not_null().eq_any(mine))
                .select(seats::appointment_id);
            let asked = requests::table
                .filter(requests::user_id.eq(*user))
                .select(requests::id);
            query.filter(
                appointments::id
                    .eq_any(seated)
                    .or(appointments::request_id.assume_not_null().eq_any(asked)),
            )
        }
        Scope::Staff(eyes) => match eyes.only_of() {
            None => query,
            Some(users) => {
                // Who works on the matter now, not whoever once gave the time.
                let counselled = cases::table
                    .filter(cases::counsellor_id.eq_any(users.clone()))
                    .filter(cases::is_restricted.eq(false))
                    .select(cases::id);
                let given = requests::table
                    .filter(requests::assignee_id.assume_not_null().eq_any(users))
                    .select(requests::id);
                let of_request = appointments::case_id
                    .is_null()
                    .and(appointments::request_id.assume_not_null().eq_any(given));
                query.filter(
                    appointments::case_id
                        .assume_not_null()
                        .eq_any(counselled)
                        .or(of_request),
                )
            }
        },
    }
}

fn filtered<'a>(
    office: OfficeId,
    scope: &Scope,
    filter: &Filter,
) -> appointments::BoxedQuery<'a, Backend> {
    let mut query = visible(office, scope);
    if let Some(status) = filter.status {
        query = query.filter(appointments::status.eq(status));
    }
    if let Some(counsellor) = filter.counsellor {
        query = query.filter(appointments::counsellor_id.eq(counsellor));
    }
    if let Some(case) = filter.case {
        query = query.filter(appointments::case_id.eq(case));
    }
    if let Some(from) = filter.from {
        query = query.filter(appointments::ends_at.gt(from));
    }
    if let Some(to) = filter.to {
        query = query.filter(appointments::starts_at.lt(to));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(appointments::updated_at.ge(since));
    }
    query
}

/// One page, earliest first, and one row more.
pub(in crate::counselling) fn page(
    work: &mut Work<'_>,
    scope: &Scope,
    filter: &Filter,
    after: Option<(Timestamp, AppointmentId)>,
    limit: i64,
) -> Result<Vec<Appointment>, Error> {
    let mut query = filtered(work.office_id(), scope, filter);
    if let Some((at, id)) = after {
        query = query.filter(
            appointments::starts_at
                .gt(at)
                .or(appointments::starts_at.eq(at).and(appointments::id.gt(id))),
        );
    }
    let rows: Vec<Row> = query
        .order((appointments::starts_at, appointments::id))
        .limit(limit + 1)
        .select(Row::as_select())
        .load(work.conn)?;
    open_all(work, rows)
}

/// How many there are in all.
pub(in crate::counselling) fn count(
    work: &mut Work<'_>,
    scope: &Scope,
    filter: &Filter,
) -> Result<i64, Error> {
    let query = filtered(work.office_id(), scope, filter);
    Ok(query.count().get_result(work.conn)?)
}

/// One appointment, where the scope reaches it.
pub(in crate::counselling) fn load(
    work: &mut Work<'_>,
    scope: &Scope,
    id: AppointmentId,
) -> Result<Appointment, Error> {
    let rows: Vec<Row> = visible(work.office_id(), scope)
        .filter(appointments::id.eq(id))
        .select(Row::as_select())
        .load(work.conn)?;
    open_all(work, rows)?
        .pop()
        .ok_or_else(|| Fault::NotFound.into())
}

/// One appointment of the office, for what the service does by itself.
pub(in crate::counselling) fn load_any(
    work: &mut Work<'_>,
    id: AppointmentId,
) -> Result<Appointment, Error> {
    let rows: Vec<Row> = appointments::table
        .filter(appointments::office_id.eq(work.office_id()))
        .filter(appointments::id.eq(id))
        .select(Row::as_select())
        .load(work.conn)?;
    open_all(work, rows)?
        .pop()
        .ok_or_else(|| Fault::NotFound.into())
}

/// What an appointment is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::counselling) enum About {
    /// A case.
    Case(CaseId),
    /// A request that is no case yet.
    Request(RequestId),
}

/// The appointments of a case or request that hold their time.
pub(in crate::counselling) fn live_of(
    work: &mut Work<'_>,
    subject: About,
) -> Result<Vec<Appointment>, Error> {
    let live = appointments::table
        .filter(appointments::office_id.eq(work.office_id()))
        .filter(appointments::status.eq_any(LIVE))
        .into_boxed();
    let live = match subject {
        About::Case(id) => live.filter(appointments::case_id.eq(id)),
        About::Request(id) => live.filter(appointments::request_id.eq(id)),
    };
    let rows: Vec<Row> = live
        .order((appointments::starts_at, appointments::id))
        .select(Row::as_select())
        .load(work.conn)?;
    open_all(work, rows)
}

/// Which of these appointments are of a case.
pub(in crate::counselling) fn those_of(
    conn: &mut Conn,
    case: CaseId,
    ids: &[AppointmentId],
) -> db::Result<Vec<AppointmentId>> {
    Ok(appointments::table
        .filter(appointments::case_id.eq(case))
        .filter(appointments::id.eq_any(ids))
        .select(appointments::id)
        .load(conn)?)
}

/// The ids of all appointments of a case or a request.
pub(in crate::counselling) fn ids_of(
    conn: &mut Conn,
    subject: About,
) -> db::Result<Vec<AppointmentId>> {
    let all = appointments::table
        .select(appointments::id)
        .order(appointments::id)
        .into_boxed();
    let all = match subject {
        About::Case(id) => all.filter(appointments::case_id.eq(id)),
        About::Request(id) => all.filter(appointments::request_id.eq(id)),
    };
    Ok(all.load(conn)?)
}

/// Writes a new appointment with who comes. In a savepoint, so that a fence that holds it back
/// leaves the transaction alive.
pub(in crate::counselling) fn insert(
    work: &mut Work<'_>,
    appointment: &Appointment,
) -> Result<(), Error> {
    let key = work.data_key(appointment.data_key_id)?;
    let row = Row::of(&key, appointment)?;
    work.conn.transaction(|conn| {
        diesel::insert_into(appointments::table)
            .values(row)
            .execute(conn)?;
        for seat in SeatRow::all_of(appointment) {
            diesel::insert_into(seats::table)
                .values(seat)
                .execute(conn)?;
        }
        Ok(())
    })
}

/// Writes a change, also of who comes; the version guards it.
pub(in crate::counselling) fn update(
    work: &mut Work<'_>,
    appointment: &Appointment,
    seen: i32,
) -> Result<(), Error> {
    let key = work.data_key(appointment.data_key_id)?;
    let row = Row::of(&key, appointment)?;
    work.conn.transaction(|conn| {
        let mine = appointments::table
            .filter(appointments::id.eq(appointment.id))
            .filter(appointments::version.eq(seen));
        if diesel::update(mine).set(row).execute(conn)? != 1 {
            return Err(Fault::Stale.into());
        }
        for seat in SeatRow::all_of(appointment) {
            diesel::update(seats::table.find(seat.id()))
                .set(seat)
                .execute(conn)?;
        }
        Ok(())
    })
}

/// Whether a party has, or had, an appointment.
pub(in crate::counselling) fn has_party(conn: &mut Conn, party: PartyId) -> db::Result<bool> {
    let count: i64 = seats::table
        .filter(seats::party_id.eq(party))
        .count()
        .get_result(conn)?;
    Ok(count > 0)
}

/// Whether a party has an appointment to come.
pub(in crate::counselling) fn has_live(conn: &mut Conn, party: PartyId) -> db::Result<bool> {
    let count: i64 = seats::table
        .filter(seats::party_id.eq(party))
        .filter(seats::is_live.eq(true))
        .count()
        .get_result(conn)?;
    Ok(count > 0)
}

/// Whether whoever made a request has an appointment that holds its time.
pub(in crate::counselling) fn has_live_of(conn: &mut Conn, request: RequestId) -> db::Result<bool> {
    let of_request = appointments::table
        .filter(appointments::request_id.eq(request))
        .select(appointments::id);
    let live = seats::table
        .filter(seats::appointment_id.eq_any(of_request))
        .filter(seats::is_live.eq(true));
    Ok(diesel::select(diesel::dsl::exists(live)).get_result(conn)?)
}

/// How many requests of a person wait for an answer.
pub(in crate::counselling) fn pending_of(
    conn: &mut Conn,
    office: OfficeId,
    person_key: &[u8],
) -> db::Result<i64> {
    Ok(seats::table
        .inner_join(appointments::table.on(appointments::id.eq(seats::appointment_id)))
        .filter(seats::office_id.eq(office))
        .filter(seats::person_key.eq(person_key))
        .filter(appointments::status.eq(AppointmentStatus::Requested))
        .count()
        .get_result(conn)?)
}

/// A party is another person than was thought: its appointments go with it.
pub(in crate::counselling) fn rekey(conn: &mut Conn, party: &Party) -> db::Result<()> {
    conn.transaction(|conn| {
        diesel::update(seats::table.filter(seats::party_id.eq(party.id)))
            .set(seats::person_key.eq(&party.person_key))
            .execute(conn)?;
        Ok(())
    })
}

/// Whoever made a request is another person than was thought: the appointments go along.
pub(in crate::counselling) fn rekey_asker(
    conn: &mut Conn,
    request: RequestId,
    person_key: &[u8],
) -> db::Result<()> {
    let mine = appointments::table
        .filter(appointments::request_id.eq(request))
        .select(appointments::id);
    let ids: Vec<AppointmentId> = mine.load(conn)?;
    conn.transaction(|conn| {
        diesel::update(seats::table.filter(seats::appointment_id.eq_any(ids)))
            .set(seats::person_key.eq(person_key))
            .execute(conn)?;
        Ok(())
    })
}

/// The appointments of a request become those of the case it became.
pub(in crate::counselling) fn follow_case(
    conn: &mut Conn,
    request: RequestId,
    party: &Party,
) -> db::Result<()> {
    let mine = appointments::table.filter(appointments::request_id.eq(request));
    let ids: Vec<AppointmentId> = mine.select(appointments::id).load(conn)?;
    diesel::update(mine)
        .set((
            appointments::case_id.eq(party.case_id),
            appointments::version.eq(appointments::version + 1),
            appointments::updated_at.eq(party.updated_at),
        ))
        .execute(conn)?;
    diesel::update(seats::table.filter(seats::appointment_id.eq_any(ids)))
        .set((
            seats::party_id.eq(party.id),
            seats::person_key.eq(&party.person_key),
        ))
        .execute(conn)?;
    Ok(())
}
