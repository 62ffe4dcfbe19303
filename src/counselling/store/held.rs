//! Who came to which talk of a case.

use diesel::prelude::*;

use crate::counselling::appointment::AppointmentStatus;
use crate::counselling::model::{AppointmentId, CaseId, PartyId};
use crate::db::schema::{
    counselling_appointment_parties as seats, counselling_appointments as appointments,
};
use crate::db::{self, Conn};
use crate::kernel::Timestamp;

/// A talk, when it began, and somebody who came to it.
pub(in crate::counselling) type Held = (AppointmentId, Timestamp, Option<PartyId>);

/// The talks of a case that were held, with each of those who came.
pub(in crate::counselling) fn of_case(conn: &mut Conn, case: CaseId) -> db::Result<Vec<Held>> {
    Ok(seats::table
        .inner_join(appointments::table.on(appointments::id.eq(seats::appointment_id)))
        .filter(appointments::case_id.eq(case))
        .filter(appointments::status.eq(AppointmentStatus::Completed))
        .filter(seats::has_attended.eq(true))
        .select((appointments::id, appointments::starts_at, seats::party_id))
        .load(conn)?)
}
