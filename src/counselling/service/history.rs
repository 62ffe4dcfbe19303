//! What happened to an appointment: all of it in its history, states and ids in the audit log.

use serde_json::Value;

use crate::counselling::appointment::AppointmentAction;
use crate::counselling::error::Error;
use crate::counselling::model::AppointmentId;
use crate::counselling::store::appointment_event as event;
use crate::office::work::Work;
use crate::sealed::DataKeyId;

/// What of an event the audit log tells: states and ids, never when somebody is where.
const AUDITED: [&str; 7] = [
    "status",
    "by",
    "because",
    "follows",
    "next",
    "attended",
    "counsellor",
];

/// Writes what happened to the history and to the audit log.
pub(super) fn note_on(
    work: &mut Work<'_>,
    which: (AppointmentId, DataKeyId),
    kind: &str,
    facts: &Value,
    reason: Option<&str>,
) -> Result<(), Error> {
    event::add(work, which, kind, facts, reason)?;
    let action = format!("counselling-appointment.{kind}");
    let id = which.0.uuid();
    let mut told = facts.clone();
    if let Some(told) = told.as_object_mut() {
        told.retain(|name, _| AUDITED.contains(&name.as_str()));
    }
    work.audit(&action, "counselling-appointment", id, told)?;
    Ok(())
}

/// Whether what was told of how an appointment went was taken back once.
pub(super) fn was_reopened(work: &mut Work<'_>, id: AppointmentId) -> Result<bool, Error> {
    let kind = AppointmentAction::Reopen.as_str();
    Ok(event::has(work.conn, id, kind)?)
}
