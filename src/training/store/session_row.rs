//! Rows of sessions and slots, and how they become values.

use diesel::prelude::*;

use crate::db::schema::{training_sessions as sessions, training_slots as slots};
use crate::db::{Error, Result};
use crate::kernel::{AgencyId, Language, OfficeId, Timestamp};
use crate::training::model::{
    Details, RoomId, Session, SessionId, SessionKind, Slot, SlotId, Visibility,
};
use crate::training::status::SessionStatus;

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = sessions, treat_none_as_null = true)]
#[diesel(treat_none_as_default_value = false)]
pub(super) struct SessionRow {
    pub(super) id: SessionId,
    office_id: OfficeId,
    reference: String,
    kind: SessionKind,
    title: String,
    title_key: String,
    mail_title: Option<String>,
    plan_task: String,
    lead_agency_id: AgencyId,
    language: Language,
    room_id: Option<RoomId>,
    online_url: Option<String>,
    capacity: Option<i32>,
    waitlist: bool,
    registration_opens_at: Option<Timestamp>,
    registration_closes_at: Option<Timestamp>,
    visibility: Visibility,
    status: SessionStatus,
    first_starts_at: Timestamp,
    last_ends_at: Timestamp,
    details: String,
    tags: String,
    calendar_sequence: i32,
    published_at: Option<Timestamp>,
    completed_at: Option<Timestamp>,
    cancelled_at: Option<Timestamp>,
    version: i32,
    created_at: Timestamp,
    updated_at: Timestamp,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = slots, treat_none_as_default_value = false)]
pub(super) struct SlotRow {
    pub(super) id: SlotId,
    pub(super) session_id: SessionId,
    pub(super) position: i32,
    pub(super) starts_at: Timestamp,
    pub(super) ends_at: Timestamp,
    pub(super) title: Option<String>,
    pub(super) mandatory: bool,
}

impl SessionRow {
    pub(super) fn of(session: &Session) -> Result<Self> {
        let session = session.clone();
        let details =
            serde_json::to_string(&session.details).map_err(|e| Error::Corrupt(e.to_string()))?;
        Ok(Self {
            first_starts_at: session.first_starts_at(),
            last_ends_at: session.last_ends_at(),
            title_key: crate::kernel::text::fold(&session.title),
            tags: tags(&session),
            details,
            id: session.id,
            office_id: session.office_id,
            reference: session.reference,
            kind: session.kind,
            title: session.title,
            mail_title: session.mail_title,
            plan_task: session.plan_task,
            lead_agency_id: session.lead_agency_id,
            language: session.language,
            room_id: session.room_id,
            online_url: session.online_url,
            capacity: session.capacity,
            waitlist: session.waitlist,
            registration_opens_at: session.registration_opens_at,
            registration_closes_at: session.registration_closes_at,
            visibility: session.visibility,
            status: session.status,
            calendar_sequence: session.calendar_sequence,
            published_at: session.published_at,
            completed_at: session.completed_at,
            cancelled_at: session.cancelled_at,
            version: session.version,
            created_at: session.created_at,
            updated_at: session.updated_at,
        })
    }

    pub(super) fn into_session(self, slots: Vec<Slot>) -> Result<Session> {
        let details: Details = serde_json::from_str(&self.details)
            .map_err(|e| Error::Corrupt(format!("session {}: {e}", self.id)))?;
        Ok(Session {
            id: self.id,
            office_id: self.office_id,
            reference: self.reference,
            kind: self.kind,
            title: self.title,
            mail_title: self.mail_title,
            plan_task: self.plan_task,
            lead_agency_id: self.lead_agency_id,
            language: self.language,
            room_id: self.room_id,
            online_url: self.online_url,
            capacity: self.capacity,
            waitlist: self.waitlist,
            registration_opens_at: self.registration_opens_at,
            registration_closes_at: self.registration_closes_at,
            visibility: self.visibility,
            status: self.status,
            details,
            calendar_sequence: self.calendar_sequence,
            published_at: self.published_at,
            completed_at: self.completed_at,
            cancelled_at: self.cancelled_at,
            version: self.version,
            created_at: self.created_at,
            updated_at: self.updated_at,
            slots,
        })
    }
}

/// What a filter by task or agency looks for, as words between commas.
fn tags(session: &Session) -> String {
    let tasks = std::iter::once(&session.plan_task).chain(&session.details.also_plan_tasks);
    let agencies =
        std::iter::once(&session.lead_agency_id).chain(&session.details.coordinating_agencies);
    let words: Vec<String> = tasks
        .map(|task| format!("task:{task}"))
        .chain(agencies.map(|agency| format!("agency:{agency}")))
        .collect();
    format!(",{},", words.join(","))
}

pub(super) fn into_slot(row: SlotRow) -> Slot {
    Slot {
        id: row.id,
        starts_at: row.starts_at,
        ends_at: row.ends_at,
        title: row.title,
        mandatory: row.mandatory,
    }
}
