//! What counts are made of: states, days and digests; nothing that is sealed.

use std::collections::BTreeMap;

use diesel::dsl::min;
use diesel::prelude::*;

use crate::counselling::appointment::AppointmentStatus;
use crate::counselling::counts::{Counted, Person};
use crate::counselling::model::{
    AppointmentId, CaseId, Mode, Outcome, PartyRole, Phase, RequestId, Topic,
};
use crate::counselling::status::RequestStatus;
use crate::db;
use crate::db::schema::{
    counselling_appointment_parties as seats, counselling_appointments as appointments,
    counselling_cases as cases, counselling_requests as requests,
};
use crate::kernel::Timestamp;
use crate::office::work::Work;

/// A half-open range of instants.
pub(in crate::counselling) type Range = (Timestamp, Timestamp);

/// The appointments that begin within a range.
pub(in crate::counselling) fn appointments(
    work: &mut Work<'_>,
    (from, to): Range,
) -> db::Result<Vec<Counted>> {
    type Row = (
        AppointmentId,
        Phase,
        AppointmentStatus,
        Mode,
        String,
        Timestamp,
    );
    type Seat = (AppointmentId, Vec<u8>, PartyRole, Option<bool>);
    let (office, zone) = (work.office_id(), work.zone());
    let rows: Vec<Row> = appointments::table
        .filter(appointments::office_id.eq(office))
        .filter(appointments::starts_at.ge(from))
        .filter(appointments::starts_at.lt(to))
        .order((appointments::starts_at, appointments::id))
        .select((
            appointments::id,
            appointments::phase,
            appointments::status,
            appointments::mode,
            appointments::topics,
            appointments::starts_at,
        ))
        .load(work.conn)?;
    let coming: Vec<Seat> = seats::table
        .filter(seats::office_id.eq(office))
        .filter(seats::starts_at.ge(from))
        .filter(seats::starts_at.lt(to))
        .order(seats::id)
        .select((
            seats::appointment_id,
            seats::person_key,
            seats::role,
            seats::has_attended,
        ))
        .load(work.conn)?;
    let mut people: BTreeMap<AppointmentId, Vec<Person>> = BTreeMap::new();
    for (id, key, role, has_attended) in coming {
        let has_attended = has_attended.unwrap_or(false);
        people.entry(id).or_default().push(Person {
            key,
            role,
            has_attended,
        });
    }
    let counted = |(id, phase, status, mode, topics, at): Row| Counted {
        day: zone.day(at),
        phase,
        status,
        mode,
        topics: topics.split(',').filter_map(Topic::parse).collect(),
        people: people.remove(&id).unwrap_or_default(),
    };
    Ok(rows.into_iter().map(counted).collect())
}

/// The states of an appointment that is to be held, or was to.
const STANDING: [AppointmentStatus; 3] = [
    AppointmentStatus::Confirmed,
    AppointmentStatus::Completed,
    AppointmentStatus::NoShow,
];

/// A request, as far as it tells how long its family waits.
#[derive(Debug, Clone, Copy)]
pub(in crate::counselling) struct Wait {
    /// When it came.
    pub(in crate::counselling) came_at: Timestamp,
    /// When its first appointment is: of those that are to be held, or were to.
    pub(in crate::counselling) first_at: Option<Timestamp>,
    /// Where it stands.
    pub(in crate::counselling) status: RequestStatus,
}

/// When the requests of a range came, and when the first appointment of each is. What was called off
/// ends nobody's waiting.
pub(in crate::counselling) fn waits(
    work: &mut Work<'_>,
    (from, to): Range,
) -> db::Result<Vec<Wait>> {
    type Row = (RequestId, Option<CaseId>, Timestamp, RequestStatus);
    let office = work.office_id();
    let came: Vec<Row> = requests::table
        .filter(requests::office_id.eq(office))
        .filter(requests::created_at.ge(from))
        .filter(requests::created_at.lt(to))
        .order((requests::created_at, requests::id))
        .select((
            requests::id,
            requests::case_id,
            requests::created_at,
            requests::status,
        ))
        .load(work.conn)?;
    let standing = appointments::table
        .filter(appointments::office_id.eq(office))
        .filter(appointments::starts_at.ge(from))
        .filter(appointments::status.eq_any(STANDING));
    let of_requests: Vec<(Option<RequestId>, Option<Timestamp>)> = standing
        .clone()
        .filter(appointments::request_id.is_not_null())
        .group_by(appointments::request_id)
        .select((appointments::request_id, min(appointments::starts_at)))
        .load(work.conn)?;
    let of_cases: Vec<(Option<CaseId>, Option<Timestamp>)> = standing
        .filter(appointments::case_id.is_not_null())
        .group_by(appointments::case_id)
        .select((appointments::case_id, min(appointments::starts_at)))
        .load(work.conn)?;
    let of_requests: BTreeMap<_, _> = of_requests.into_iter().collect();
    let of_cases: BTreeMap<_, _> = of_cases.into_iter().collect();
    let first = |(id, case, came_at, status): Row| {
        let own = of_requests.get(&Some(id)).copied().flatten();
        let later = case.and_then(|case| of_cases.get(&Some(case)).copied().flatten());
        Wait {
            came_at,
            first_at: own.into_iter().chain(later).min(),
            status,
        }
    };
    Ok(came.into_iter().map(first).collect())
}

/// What became of the cases that ended within a range.
pub(in crate::counselling) fn outcomes(
    work: &mut Work<'_>,
    (from, to): Range,
) -> db::Result<BTreeMap<Outcome, usize>> {
    let ended: Vec<Option<Outcome>> = cases::table
        .filter(cases::office_id.eq(work.office_id()))
        .filter(cases::closed_at.ge(from))
        .filter(cases::closed_at.lt(to))
        .select(cases::outcome)
        .load(work.conn)?;
    let mut counts = BTreeMap::new();
    for outcome in ended.into_iter().flatten() {
        *counts.entry(outcome).or_insert(0) += 1;
    }
    Ok(counts)
}
