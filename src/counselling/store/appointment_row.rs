//! Rows of appointments, and how they become values.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use crate::counselling::appointment::{
    Appointment, AppointmentSecret, AppointmentStatus, CancelledBy, Leave, NoShowBy, Seat, SeatId,
};
use crate::counselling::error::Error;
use crate::counselling::model::{
    AppointmentId, CaseId, Mode, PartyId, PartyRole, Phase, RequestId, Side, Topic,
};
use crate::counselling::slot::Span;
use crate::counselling::status::{CaseStatus, RequestStatus};
use crate::db::schema::{
    counselling_appointment_parties as seats, counselling_appointments as appointments,
    counselling_cases as cases, counselling_requests as requests,
};
use crate::identity::UserId;
use crate::kernel::{OfficeId, Timestamp};
use crate::office::work::Work;
use crate::sealed::{DataKey, DataKeyId, Place};

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = appointments, treat_none_as_null = true)]
#[diesel(treat_none_as_default_value = false)]
pub(super) struct Row {
    id: AppointmentId,
    office_id: OfficeId,
    case_id: Option<CaseId>,
    request_id: Option<RequestId>,
    data_key_id: DataKeyId,
    counsellor_id: UserId,
    phase: Phase,
    topics: String,
    mode: Mode,
    sealed: Vec<u8>,
    starts_at: Timestamp,
    ends_at: Timestamp,
    status: AppointmentStatus,
    expires_at: Option<Timestamp>,
    cancelled_by: Option<CancelledBy>,
    no_show_by: Option<NoShowBy>,
    follows_id: Option<AppointmentId>,
    confirmed_at: Option<Timestamp>,
    completed_at: Option<Timestamp>,
    calendar_sequence: i32,
    version: i32,
    /// Who asks for it as it stands; once, this was always who made it.
    #[diesel(column_name = created_by)]
    asked_by: Option<UserId>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

fn place(id: AppointmentId) -> Place {
    Place {
        table: "counselling_appointments",
        column: "sealed",
        row: id.uuid(),
    }
}

impl Row {
    /// The row of an appointment.
    pub(super) fn of(key: &DataKey, one: &Appointment) -> Result<Self, Error> {
        let topics: Vec<&str> = one.topics.iter().map(|topic| topic.as_str()).collect();
        Ok(Self {
            sealed: key.seal_json(place(one.id), &one.secret)?,
            topics: topics.join(","),
            id: one.id,
            office_id: one.office_id,
            case_id: one.case_id,
            request_id: one.request_id,
            data_key_id: one.data_key_id,
            counsellor_id: one.counsellor_id,
            phase: one.phase,
            mode: one.mode,
            starts_at: one.span.starts_at,
            ends_at: one.span.ends_at,
            status: one.status,
            expires_at: one.expires_at,
            cancelled_by: one.cancelled_by,
            no_show_by: one.no_show_by,
            follows_id: one.follows_id,
            confirmed_at: one.confirmed_at,
            completed_at: one.completed_at,
            calendar_sequence: one.calendar_sequence,
            version: one.version,
            asked_by: one.asked_by,
            created_at: one.created_at,
            updated_at: one.updated_at,
        })
    }

    fn open(self, key: &DataKey, (seats, leave): (Vec<Seat>, Leave)) -> Result<Appointment, Error> {
        let secret: AppointmentSecret = key.open_json(place(self.id), &self.sealed)?;
        Ok(Appointment {
            topics: self.topics.split(',').filter_map(Topic::parse).collect(),
            id: self.id,
            office_id: self.office_id,
            case_id: self.case_id,
            request_id: self.request_id,
            data_key_id: self.data_key_id,
            counsellor_id: self.counsellor_id,
            phase: self.phase,
            mode: self.mode,
            span: Span {
                starts_at: self.starts_at,
                ends_at: self.ends_at,
            },
            status: self.status,
            expires_at: self.expires_at,
            cancelled_by: self.cancelled_by,
            no_show_by: self.no_show_by,
            follows_id: self.follows_id,
            confirmed_at: self.confirmed_at,
            completed_at: self.completed_at,
            calendar_sequence: self.calendar_sequence,
            version: self.version,
            asked_by: self.asked_by,
            created_at: self.created_at,
            updated_at: self.updated_at,
            secret,
            seats,
            leave,
        })
    }
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = seats, treat_none_as_null = true)]
#[diesel(treat_none_as_default_value = false)]
pub(super) struct SeatRow {
    id: SeatId,
    office_id: OfficeId,
    appointment_id: AppointmentId,
    party_id: Option<PartyId>,
    person_key: Vec<u8>,
    role: PartyRole,
    side: Side,
    starts_at: Timestamp,
    ends_at: Timestamp,
    is_live: bool,
    has_attended: Option<bool>,
}

impl SeatRow {
    /// The rows of everybody who comes.
    pub(super) fn all_of(appointment: &Appointment) -> impl Iterator<Item = Self> {
        let one = appointment;
        one.seats.iter().map(|seat| Self {
            id: seat.id,
            office_id: one.office_id,
            appointment_id: one.id,
            party_id: seat.party_id,
            person_key: seat.person_key.clone(),
            role: seat.role,
            side: seat.role.side(),
            starts_at: one.span.starts_at,
            ends_at: one.span.ends_at,
            is_live: one.status.is_live(),
            has_attended: seat.has_attended,
        })
    }

    /// Its id.
    pub(super) fn id(&self) -> SeatId {
        self.id
    }
}

/// Opens rows, with everybody who comes. What was erased is left out.
pub(super) fn open_all(work: &mut Work<'_>, rows: Vec<Row>) -> Result<Vec<Appointment>, Error> {
    let ids: Vec<AppointmentId> = rows.iter().map(|row| row.id).collect();
    let coming: Vec<SeatRow> = seats::table
        .filter(seats::appointment_id.eq_any(ids))
        .order(seats::id)
        .select(SeatRow::as_select())
        .load(work.conn)?;
    let keys: Vec<DataKeyId> = rows.iter().map(|row| row.data_key_id).collect();
    let keys = work.data_keys(&keys)?;
    let seats_of = |id| {
        let of_one = coming.iter().filter(move |seat| seat.appointment_id == id);
        let seat = |seat: &SeatRow| Seat {
            id: seat.id,
            party_id: seat.party_id,
            person_key: seat.person_key.clone(),
            role: seat.role,
            has_attended: seat.has_attended,
        };
        of_one.map(seat).collect()
    };
    let left = left(work, &rows)?;
    rows.into_iter()
        .filter_map(|row| {
            let leave = left.get(&row.id).copied().unwrap_or(Leave::All);
            let more = (seats_of(row.id), leave);
            keys.get(&row.data_key_id).map(|key| row.open(key, more))
        })
        .collect()
}

/// What the matters of some appointments leave to be done, where that is not all: an ended case or a
/// request that is over, and missed ones that have their next.
fn left(work: &mut Work<'_>, rows: &[Row]) -> Result<BTreeMap<AppointmentId, Leave>, Error> {
    let cases_of = rows.iter().filter_map(|row| row.case_id);
    let cases_of: BTreeSet<CaseId> = cases_of.collect();
    let ended: Vec<(CaseId, bool)> = cases::table
        .filter(cases::id.eq_any(cases_of))
        .filter(cases::status.eq(CaseStatus::Closed))
        .select((cases::id, cases::is_restricted))
        .load(work.conn)?;
    let ended: BTreeMap<CaseId, bool> = ended.into_iter().collect();
    let bare = rows.iter().filter(|row| row.case_id.is_none());
    let bare: Vec<RequestId> = bare.filter_map(|row| row.request_id).collect();
    let over: Vec<RequestId> = if bare.is_empty() {
        Vec::new()
    } else {
        let done = RequestStatus::ALL.iter().filter(|status| status.is_over());
        requests::table
            .filter(requests::id.eq_any(bare))
            .filter(requests::status.eq_any(done.copied().collect::<Vec<_>>()))
            .select(requests::id)
            .load(work.conn)?
    };
    let missed = rows
        .iter()
        .filter(|row| row.status == AppointmentStatus::NoShow);
    let missed: Vec<AppointmentId> = missed.map(|row| row.id).collect();
    let followed: Vec<Option<AppointmentId>> = if missed.is_empty() {
        Vec::new()
    } else {
        appointments::table
            .filter(appointments::follows_id.eq_any(missed))
            .select(appointments::follows_id)
            .load(work.conn)?
    };
    let leave = |row: &Row| match (row.case_id, row.request_id) {
        _ if followed.contains(&Some(row.id)) => Leave::Nothing,
        (Some(case), _) => match ended.get(&case) {
            None => Leave::All,
            Some(false) => Leave::Telling,
            Some(true) => Leave::Nothing,
        },
        (None, Some(request)) if over.contains(&request) => Leave::Telling,
        (None, _) => Leave::All,
    };
    Ok(rows.iter().map(|row| (row.id, leave(row))).collect())
}
