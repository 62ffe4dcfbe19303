//! What takes time: the bookings that stand in the way of another, and requests whose time is up.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::appointment::LIVE;
use crate::counselling::appointment::AppointmentStatus;
use crate::counselling::error::Error;
use crate::counselling::model::{AppointmentId, CaseId, Mode, Side};
use crate::counselling::slot::{Booking, Sides, Span};
use crate::db::schema::{
    counselling_appointment_parties as seats, counselling_appointments as appointments,
};
use crate::db::{self, Conn};
use crate::identity::UserId;
use crate::kernel::{OfficeId, Timestamp};
use crate::sealed::DataKeyId;

/// Whose time is looked at.
#[derive(Debug, Clone)]
pub(in crate::counselling) struct Whose {
    pub(in crate::counselling) office: OfficeId,
    pub(in crate::counselling) counsellor: UserId,
    pub(in crate::counselling) people: Vec<Vec<u8>>,
    pub(in crate::counselling) case: Option<CaseId>,
    /// The appointment that moves, which is in nobody's way.
    pub(in crate::counselling) except: Option<AppointmentId>,
    /// Whether those that were held count, too: for one that is entered after it was held.
    pub(in crate::counselling) was_held: bool,
}

/// A booking that may be in the way.
#[derive(Debug, Clone)]
pub(in crate::counselling) struct Standing {
    pub(in crate::counselling) id: AppointmentId,
    pub(in crate::counselling) booking: Booking,
    /// Whether the counsellor or one of the people is in it; else it is only of the same case.
    pub(in crate::counselling) is_theirs: bool,
}

/// The appointments of the people that touch a span.
fn of_people(conn: &mut Conn, whose: &Whose, within: Span) -> db::Result<Vec<AppointmentId>> {
    let theirs = seats::table
        .filter(seats::office_id.eq(whose.office))
        .filter(seats::person_key.eq_any(&whose.people))
        .filter(seats::ends_at.gt(within.starts_at))
        .filter(seats::starts_at.lt(within.ends_at))
        .select(seats::appointment_id)
        .into_boxed();
    let is_live = seats::is_live.eq(true);
    let standing = if whose.was_held {
        theirs.filter(is_live.or(seats::has_attended.assume_not_null().eq(true)))
    } else {
        theirs.filter(is_live)
    };
    Ok(standing.load(conn)?)
}

/// The live bookings of the counsellor, of the people and of the case that touch a span.
pub(in crate::counselling) fn standing(
    conn: &mut Conn,
    whose: &Whose,
    within: Span,
) -> db::Result<Vec<Standing>> {
    type Found = (
        AppointmentId,
        UserId,
        Option<CaseId>,
        Mode,
        Timestamp,
        Timestamp,
    );
    let held: &[AppointmentStatus] = if whose.was_held {
        &[AppointmentStatus::Completed]
    } else {
        &[]
    };
    let statuses = [LIVE.as_slice(), held].concat();
    let of_people = of_people(conn, whose, within)?;
    let mut query = appointments::table
        .filter(appointments::status.eq_any(statuses))
        .filter(appointments::ends_at.gt(within.starts_at))
        .filter(appointments::starts_at.lt(within.ends_at))
        .into_boxed();
    let theirs = appointments::counsellor_id.eq(whose.counsellor);
    query = match whose.case {
        None => query.filter(theirs.or(appointments::id.eq_any(of_people.clone()))),
        Some(case) => query.filter(
            theirs
                .or(appointments::id.eq_any(of_people.clone()))
                .or(appointments::case_id.assume_not_null().eq(case)),
        ),
    };
    let found: Vec<Found> = query
        .order((appointments::starts_at, appointments::id))
        .select((
            appointments::id,
            appointments::counsellor_id,
            appointments::case_id,
            appointments::mode,
            appointments::starts_at,
            appointments::ends_at,
        ))
        .load(conn)?;
    let ids: Vec<AppointmentId> = found.iter().map(|one| one.0).collect();
    let sides = sides_of(conn, &ids)?;
    let found = found.into_iter().filter(|one| Some(one.0) != whose.except);
    Ok(found
        .map(
            |(id, counsellor, case, mode, starts_at, ends_at)| Standing {
                id,
                booking: Booking {
                    span: Span { starts_at, ends_at },
                    sides: sides.get(&id).copied().unwrap_or_default(),
                    is_at_office: mode == Mode::AtOffice,
                    case,
                },
                is_theirs: counsellor == whose.counsellor || of_people.contains(&id),
            },
        )
        .collect())
}

fn sides_of(conn: &mut Conn, ids: &[AppointmentId]) -> db::Result<BTreeMap<AppointmentId, Sides>> {
    let rows: Vec<(AppointmentId, Side)> = seats::table
        .filter(seats::appointment_id.eq_any(ids))
        .select((seats::appointment_id, seats::side))
        .load(conn)?;
    let mut all: BTreeMap<AppointmentId, Vec<Side>> = BTreeMap::new();
    for (id, side) in rows {
        all.entry(id).or_default().push(side);
    }
    Ok(all
        .into_iter()
        .map(|(id, sides)| (id, Sides::of(sides)))
        .collect())
}

/// The live appointments of a counsellor that are not over, with their times.
pub(in crate::counselling) fn to_come(
    conn: &mut Conn,
    counsellor: UserId,
    now: Timestamp,
) -> db::Result<Vec<(AppointmentId, Span)>> {
    let found: Vec<(AppointmentId, Timestamp, Timestamp)> = appointments::table
        .filter(appointments::counsellor_id.eq(counsellor))
        .filter(appointments::status.eq_any(LIVE))
        .filter(appointments::ends_at.gt(now))
        .order((appointments::starts_at, appointments::id))
        .select((
            appointments::id,
            appointments::starts_at,
            appointments::ends_at,
        ))
        .load(conn)?;
    let span = |(id, starts_at, ends_at)| (id, Span { starts_at, ends_at });
    Ok(found.into_iter().map(span).collect())
}

/// A request whose time is up.
pub(in crate::counselling) type Overdue = (OfficeId, AppointmentId, DataKeyId);

/// Requests whose time is up: all, or those of a counsellor and of people.
pub(in crate::counselling) fn overdue(
    conn: &mut Conn,
    whose: Option<&Whose>,
    now: Timestamp,
) -> db::Result<Vec<Overdue>> {
    let mut query = appointments::table
        .filter(db::written("counselling_appointments.status = 'requested'"))
        .filter(appointments::expires_at.le(now))
        .into_boxed();
    if let Some(whose) = whose {
        let of_people = seats::table
            .filter(seats::office_id.eq(whose.office))
            .filter(seats::person_key.eq_any(whose.people.clone()))
            .filter(seats::is_live.eq(true))
            .select(seats::appointment_id);
        query = query.filter(
            appointments::counsellor_id
                .eq(whose.counsellor)
                .or(appointments::id.eq_any(of_people)),
        );
    }
    Ok(query
        .order((appointments::expires_at, appointments::id))
        .limit(200)
        .select((
            appointments::office_id,
            appointments::id,
            appointments::data_key_id,
        ))
        .load(conn)?)
}

/// Ends a request whose time is up, unless somebody was faster; whether it did.
pub(in crate::counselling) fn expire(
    conn: &mut Conn,
    id: AppointmentId,
    now: Timestamp,
) -> Result<bool, Error> {
    let due = appointments::table
        .filter(appointments::id.eq(id))
        .filter(appointments::status.eq(AppointmentStatus::Requested))
        .filter(appointments::expires_at.le(now));
    let changed = diesel::update(due)
        .set((
            appointments::status.eq(AppointmentStatus::Expired),
            appointments::version.eq(appointments::version + 1),
            appointments::updated_at.eq(now),
        ))
        .execute(conn)?;
    if changed == 1 {
        diesel::update(seats::table.filter(seats::appointment_id.eq(id)))
            .set(seats::is_live.eq(false))
            .execute(conn)?;
    }
    Ok(changed == 1)
}
