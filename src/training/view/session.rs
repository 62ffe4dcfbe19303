//! What goes out about sessions, and what their lists are asked.

use serde::{Deserialize, Serialize};

use crate::http::list_query;
use crate::kernel::civil::Shown;
use crate::kernel::{AgencyId, Language, Timestamp, Zone, text};
use crate::office::owed::{Owed, OwedStatus, ProductId, ProductKind};
use crate::training::model::{
    RegistrationId, RoomId, Session, SessionId, SessionKind, SlotId, Venue, Visibility,
};
use crate::training::policy::{self, SessionCaller};
use crate::training::service::owing;
use crate::training::status::SessionStatus;

list_query! {
    /// Which sessions.
    pub(in crate::training) struct SessionsQuery {
        /// Of this kind.
        kind: SessionKind,
        /// In this status.
        status: SessionStatus,
        /// Serving this task, first or also.
        plan_task: String,
        /// Led or helped by this agency.
        agency: AgencyId,
        /// Starting on this office day or later.
        from: chrono::NaiveDate,
        /// Starting on this office day or earlier.
        to: chrono::NaiveDate,
        /// Words of the title, where marks and case do not matter, or a part of the reference with a dash.
        q: String,
        /// Owing a product of the plan, or not; for staff.
        owes: bool,
        /// Changed at this time or later.
        updated_since: Timestamp,
    }
}

list_query! {
    /// Which public sessions.
    pub(in crate::training) struct PublicSessionsQuery {
        /// Of this office; optional while there is one.
        office: String,
    }
}

/// A slot.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(in crate::training) struct SlotView {
    id: SlotId,
    starts_at: Shown,
    ends_at: Shown,
    title: Option<String>,
    mandatory: bool,
}

fn slot_views(zone: Zone, session: &Session) -> Vec<SlotView> {
    let view = |slot: &crate::training::model::Slot| SlotView {
        id: slot.id,
        starts_at: zone.show(slot.starts_at),
        ends_at: zone.show(slot.ends_at),
        title: slot.title.clone(),
        mandatory: slot.mandatory,
    };
    session.slots.iter().map(view).collect()
}

/// A product of the plan that a completed session owes, or owed.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(in crate::training) struct OwedProductView {
    /// What it is.
    kind: ProductKind,
    /// Whether it is there.
    status: OwedStatus,
    /// The product, once it is issued.
    product_id: Option<ProductId>,
    /// Why there is none.
    waived_reason: Option<String>,
}

impl From<Owed> for OwedProductView {
    fn from(owed: Owed) -> Self {
        Self {
            kind: owed.kind,
            status: owed.status,
            product_id: owed.product_id,
            waived_reason: owed.waived_reason,
        }
    }
}

/// What is known of a session beside its own fields.
#[derive(Debug, Clone, Default)]
pub(in crate::training) struct Standing {
    /// Seats taken.
    pub(in crate::training) seats_taken: i32,
    /// Whether somebody is marked present there.
    pub(in crate::training) is_attended: bool,
    /// What it owes or owed.
    pub(in crate::training) owed: Vec<Owed>,
}

/// A session, for staff.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(in crate::training) struct SessionView {
    id: SessionId,
    reference: String,
    kind: SessionKind,
    title: String,
    mail_title: Option<String>,
    description: Option<String>,
    plan_task: String,
    also_plan_tasks: Vec<String>,
    toolkit_topics: Vec<String>,
    lead_agency: AgencyId,
    coordinating_agencies: Vec<AgencyId>,
    chair: Option<String>,
    speakers: Vec<String>,
    language: Language,
    room: Option<RoomId>,
    venue: Option<Venue>,
    online_url: Option<String>,
    slots: Vec<SlotView>,
    capacity: Option<i32>,
    seats_taken: i32,
    waitlist: bool,
    registration_opens_at: Option<Shown>,
    registration_closes_at: Option<Shown>,
    visibility: Visibility,
    late_after_minutes: i32,
    minimum_presence_percent: i32,
    check_in_opens_minutes: i32,
    status: SessionStatus,
    cancel_reason: Option<String>,
    room_override_reason: Option<String>,
    published_at: Option<Shown>,
    completed_at: Option<Shown>,
    cancelled_at: Option<Shown>,
    created_at: Shown,
    updated_at: Shown,
    version: i32,
    /// The products of the plan that it owes or owed; none before it is completed.
    owed_products: Vec<OwedProductView>,
    /// What to look at again, in the answer to whoever wrote it; nothing waits for it:
    /// `over-room-places`, `on-day-off`, `outside-task-years`.
    #[serde(skip_serializing_if = "Option::is_none")]
    warnings: Option<Vec<&'static str>>,
    allowed_actions: Vec<&'static str>,
}

impl SessionView {
    /// The view of a session, for a caller who is an organiser or another member of staff.
    pub(in crate::training) fn of(
        (zone, now): (Zone, Timestamp),
        session: &Session,
        standing: Standing,
        is_organiser: bool,
    ) -> Self {
        let show = |at: Option<Timestamp>| at.map(|at| zone.show(at));
        let details = session.details.clone();
        let caller = SessionCaller {
            is_organiser,
            is_attended: standing.is_attended,
            owes: owing::owes(&standing.owed),
        };
        Self {
            id: session.id,
            reference: session.reference.clone(),
            kind: session.kind,
            title: session.title.clone(),
            mail_title: session.mail_title.clone(),
            description: details.description,
            plan_task: session.plan_task.clone(),
            also_plan_tasks: details.also_plan_tasks,
            toolkit_topics: details.toolkit_topics,
            lead_agency: session.lead_agency_id,
            coordinating_agencies: details.coordinating_agencies,
            chair: details.chair,
            speakers: details.speakers,
            language: session.language,
            room: session.room_id,
            venue: details.venue,
            online_url: session.online_url.clone(),
            slots: slot_views(zone, session),
            capacity: session.capacity,
            seats_taken: standing.seats_taken,
            waitlist: session.waitlist,
            registration_opens_at: show(session.registration_opens_at),
            registration_closes_at: show(session.registration_closes_at),
            visibility: session.visibility,
            late_after_minutes: details.late_after_minutes,
            minimum_presence_percent: details.minimum_presence_percent,
            check_in_opens_minutes: details.check_in_opens_minutes,
            status: session.status,
            cancel_reason: details.cancel_reason,
            room_override_reason: details.room_override_reason,
            published_at: show(session.published_at),
            completed_at: show(session.completed_at),
            cancelled_at: show(session.cancelled_at),
            created_at: zone.show(session.created_at),
            updated_at: zone.show(session.updated_at),
            version: session.version,
            owed_products: standing.owed.into_iter().map(Into::into).collect(),
            warnings: None,
            allowed_actions: policy::session_actions(session, now, caller),
        }
    }

    /// The same with what to look at again.
    #[must_use]
    pub(in crate::training) fn warned(mut self, warnings: Vec<&'static str>) -> Self {
        self.warnings = Some(warnings);
        self
    }

    /// The key a page goes on behind.
    pub(in crate::training) fn key(session: &Session) -> (i64, SessionId) {
        (session.first_starts_at().micros(), session.id)
    }
}

/// A session, for the public and for families: no names, no staff's remarks.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own that a page shows"
)]
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(in crate::training) struct PublicSessionView {
    id: SessionId,
    kind: SessionKind,
    title: String,
    description: Option<String>,
    language: Language,
    venue: Option<Venue>,
    room_name: Option<String>,
    /// Whether it can be joined on the net; where to, whoever has a seat reads in their mail and in
    /// `GET /me/registrations`.
    online: bool,
    slots: Vec<SlotView>,
    status: SessionStatus,
    registration_opens_at: Option<Shown>,
    registration_closes_at: Option<Shown>,
    is_registration_open: bool,
    is_full: bool,
    waitlist: bool,
    allowed_actions: Vec<&'static str>,
}

impl PublicSessionView {
    pub(in crate::training) fn of(
        zone: Zone,
        session: &Session,
        seats_taken: i32,
        room_name: Option<String>,
        (now, may_register): (Timestamp, bool),
    ) -> Self {
        Self {
            id: session.id,
            kind: session.kind,
            title: session.title.clone(),
            description: session.details.description.clone(),
            language: session.language,
            venue: session.details.venue.clone(),
            room_name,
            online: session.online_url.is_some(),
            slots: slot_views(zone, session),
            status: session.status,
            registration_opens_at: session.registration_opens_at.map(|at| zone.show(at)),
            registration_closes_at: session.registration_closes_at.map(|at| zone.show(at)),
            is_registration_open: session.is_open(now),
            is_full: !session.has_seat(seats_taken),
            waitlist: session.waitlist,
            allowed_actions: policy::public_actions(session, now, seats_taken, may_register),
        }
    }
}

/// Whom a letter of invitation is to: one of the two, or nobody yet.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::training) struct InvitationQuery {
    /// The registration of the person; without it there is a line to write the name on.
    pub(in crate::training) registration_id: Option<RegistrationId>,
    /// A letter to each who is invited or confirmed, one behind the other in one file.
    #[serde(default)]
    pub(in crate::training) everybody: bool,
}

/// A file name that tells the session: `LC-TH-2026-0007-diem-danh.csv`.
pub(in crate::training) fn file_name(session: &Session, what: &str, extension: &str) -> String {
    format!(
        "{}-{}.{extension}",
        session.reference,
        text::fold(what).replace(' ', "-")
    )
}
