//! What happened to an appointment, in order; nothing is ever changed or taken out.

use diesel::prelude::*;
use serde_json::Value;

use crate::counselling::appointment::Appointment;
use crate::counselling::error::Error;
use crate::counselling::model::AppointmentId;
use crate::db::schema::counselling_appointment_events as events;
use crate::db::{self, Conn};
use crate::identity::UserId;
use crate::kernel::{Id, Timestamp};
use crate::office::work::Work;
use crate::sealed::{DataKeyId, Place};

/// Marks ids of events.
#[derive(Debug)]
enum AppointmentEvent {}
type EventId = Id<AppointmentEvent>;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = events, treat_none_as_default_value = false)]
struct Row {
    id: EventId,
    appointment_id: AppointmentId,
    at: Timestamp,
    by_id: Option<UserId>,
    kind: String,
    facts: String,
    sealed: Option<Vec<u8>>,
}

/// An entry of an appointment's history.
#[derive(Debug, Clone)]
pub(in crate::counselling) struct Happened {
    pub(in crate::counselling) at: Timestamp,
    pub(in crate::counselling) by: Option<UserId>,
    pub(in crate::counselling) kind: String,
    pub(in crate::counselling) facts: Value,
    pub(in crate::counselling) reason: Option<String>,
}

fn place(id: EventId) -> Place {
    Place {
        table: "counselling_appointment_events",
        column: "sealed",
        row: id.uuid(),
    }
}

/// Whether something of a kind has happened to an appointment.
pub(in crate::counselling) fn has(
    conn: &mut Conn,
    id: AppointmentId,
    kind: &str,
) -> db::Result<bool> {
    let those = events::table
        .filter(events::appointment_id.eq(id))
        .filter(events::kind.eq(kind));
    Ok(diesel::select(diesel::dsl::exists(those)).get_result(conn)?)
}

/// Writes what happened: states, times and ids open, a reason sealed.
pub(in crate::counselling) fn add(
    work: &mut Work<'_>,
    (appointment, data_key): (AppointmentId, DataKeyId),
    kind: &str,
    facts: &Value,
    reason: Option<&str>,
) -> Result<(), Error> {
    let id = EventId::new(work.now);
    let sealed = match reason {
        None => None,
        Some(reason) => {
            let key = work.data_key(data_key)?;
            Some(key.seal(place(id), reason.as_bytes())?)
        }
    };
    let row = Row {
        id,
        appointment_id: appointment,
        at: work.now,
        by_id: work.actor,
        kind: kind.to_owned(),
        facts: facts.to_string(),
        sealed,
    };
    diesel::insert_into(events::table)
        .values(row)
        .execute(work.conn)?;
    Ok(())
}

/// The history of an appointment.
pub(in crate::counselling) fn of(
    work: &mut Work<'_>,
    appointment: &Appointment,
) -> Result<Vec<Happened>, Error> {
    let rows: Vec<Row> = events::table
        .filter(events::appointment_id.eq(appointment.id))
        .order((events::at, events::id))
        .select(Row::as_select())
        .load(work.conn)?;
    let key = work.data_key(appointment.data_key_id)?;
    rows.into_iter()
        .map(|row| {
            let reason = match row.sealed {
                None => None,
                Some(sealed) => Some(key.open(place(row.id), &sealed)?),
            };
            Ok(Happened {
                at: row.at,
                by: row.by_id,
                kind: row.kind,
                facts: serde_json::from_str(&row.facts).unwrap_or(Value::Null),
                reason: reason.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
            })
        })
        .collect()
}
