//! What goes out: the office, its agencies, rooms, days and tasks, and the log.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::KEEPERS;
use super::agency::{Agency, AgencyKind};
use super::calendar::{CalendarDay, DayKind};
use super::duty::OfficeDuty;
use super::plan::Task;
use super::policy::Policies;
use super::room::{RoomDetails, RoomId};
use super::settings::{BothLanguages, Centre, Desk, DocumentHeader, OfficeSettings};
use crate::audit::log::LoggedEvent;
use crate::identity::{Actor, Role, UserId};
use crate::kernel::civil::Shown;
use crate::kernel::{AgencyId, OfficeId, Zone};

/// What a caller can do with a thing it may edit, or only read.
fn actions(may_edit: bool) -> Vec<&'static str> {
    if may_edit { vec!["update"] } else { Vec::new() }
}

/// The office, as its staff sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfficeView {
    /// Its id.
    pub id: OfficeId,
    /// The word public routes name it by.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The zone its days are counted in.
    pub zone: &'static str,
    /// The prefix of its references.
    pub prefix: String,
    /// The head of its documents.
    pub document: DocumentHeader,
    /// Its desk.
    pub desk: Desk,
    /// The State Legal Aid Centre requests go to.
    pub centre: Centre,
    /// What families' mails call a session without a neutral title.
    pub mail_title: BothLanguages,
    /// Its policy values, each with its source.
    pub policies: Policies,
    /// Who is called in turn where no supervisor answers.
    pub duty_list: Vec<UserId>,
    /// The duties no active account holds.
    pub unheld_duties: Vec<OfficeDuty>,
    /// Moves with every change.
    pub version: i32,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Shown,
    /// What this caller can do with it now.
    pub allowed_actions: Vec<&'static str>,
}

impl OfficeView {
    /// The view of an office, with the duties nobody holds, for a caller.
    pub fn of(office: OfficeSettings, unheld_duties: Vec<OfficeDuty>, actor: &Actor) -> Self {
        Self {
            id: office.id,
            code: office.code,
            name: office.name,
            zone: office.zone.name(),
            prefix: office.prefix,
            document: office.document,
            desk: office.desk,
            centre: office.centre,
            mail_title: office.mail_title,
            policies: office.policies,
            duty_list: office.duty_list,
            unheld_duties,
            version: office.version,
            updated_at: office.zone.show(office.updated_at),
            allowed_actions: actions(actor.is(Role::Administrator)),
        }
    }
}

/// The office, as anybody sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicOfficeView {
    /// The word public routes name it by.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The zone its days are counted in.
    pub zone: &'static str,
    /// Where people find it.
    pub desk: Desk,
}

impl PublicOfficeView {
    /// The view of an office.
    pub fn of(office: OfficeSettings) -> Self {
        Self {
            code: office.code,
            name: office.name,
            zone: office.zone.name(),
            desk: office.desk,
        }
    }
}

/// An agency.
#[derive(Debug, Serialize, ToSchema)]
pub struct AgencyView {
    /// Its id.
    pub id: AgencyId,
    /// The word the plan names it by.
    pub code: String,
    /// Its name in Vietnamese.
    pub name_vi: String,
    /// Its name in English.
    pub name_en: String,
    /// What it is to the ward.
    pub kind: AgencyKind,
    /// Whether new things can name it.
    pub active: bool,
    /// Moves with every change.
    pub version: i32,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Shown,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Shown,
    /// What this caller can do with it now.
    pub allowed_actions: Vec<&'static str>,
}

impl AgencyView {
    /// The view of an agency for a caller.
    pub fn of(agency: Agency, actor: &Actor) -> Self {
        let zone = actor.office.zone;
        Self {
            id: agency.id,
            code: agency.code,
            name_vi: agency.name_vi,
            name_en: agency.name_en,
            kind: agency.kind,
            active: agency.active,
            version: agency.version,
            created_at: zone.show(agency.created_at),
            updated_at: zone.show(agency.updated_at),
            allowed_actions: actions(actor.roles.has_any(KEEPERS)),
        }
    }
}

/// A room.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoomView {
    /// Its id.
    pub id: RoomId,
    /// Its name.
    pub name: String,
    /// Where it is, where it is not at the office.
    pub address: Option<String>,
    /// How many people it holds.
    pub places: Option<i32>,
    /// Whether new sessions can use it.
    pub active: bool,
    /// Moves with every change.
    pub version: i32,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Shown,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Shown,
    /// What this caller can do with it now.
    pub allowed_actions: Vec<&'static str>,
}

impl RoomView {
    /// The view of a room for a caller.
    pub fn of(room: RoomDetails, actor: &Actor) -> Self {
        let zone = actor.office.zone;
        Self {
            id: room.id,
            name: room.name,
            address: room.address,
            places: room.places,
            active: room.active,
            version: room.version,
            created_at: zone.show(room.created_at),
            updated_at: zone.show(room.updated_at),
            allowed_actions: actions(actor.roles.has_any(KEEPERS)),
        }
    }
}

/// A day that is not what its weekday says.
#[derive(Debug, Serialize, ToSchema)]
pub struct DayView {
    /// The day.
    pub date: NaiveDate,
    /// What it is called.
    pub name: String,
    /// Why it is off, or worked.
    pub kind: DayKind,
    /// Whether it was announced.
    pub confirmed: bool,
    /// Moves with every change; `If-Match: "<version>"` changes the day.
    pub version: i32,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Shown,
    /// What this caller can do with it now.
    pub allowed_actions: Vec<&'static str>,
}

impl DayView {
    /// The view of a day for a caller.
    pub fn of(day: CalendarDay, actor: &Actor) -> Self {
        Self {
            date: day.day,
            name: day.name,
            kind: day.kind,
            confirmed: day.confirmed,
            version: day.version,
            updated_at: actor.office.zone.show(day.updated_at),
            allowed_actions: actions(actor.is(Role::Administrator)),
        }
    }
}

/// One year's days that are not what their weekday says.
#[derive(Debug, Serialize, ToSchema)]
pub struct CalendarView {
    /// The year.
    pub year: i32,
    /// Whether a day of it was not announced yet, or none is known at all.
    pub has_unconfirmed: bool,
    /// The days, in order.
    pub days: Vec<DayView>,
}

/// A task of the plan.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaskView {
    /// `2a`.
    pub code: String,
    /// The task it is a part of.
    pub parent: Option<String>,
    /// What it is, in Vietnamese.
    pub title_vi: String,
    /// What it is, in English.
    pub title_en: String,
    /// The code of the agency that leads it.
    pub lead: Option<String>,
    /// The codes of those that take part.
    pub coordinating: Vec<String>,
    /// The first year.
    pub start_year: i32,
    /// The last year; without one it goes on.
    pub end_year: Option<i32>,
    /// How often.
    pub cadence: Option<String>,
    /// The products it owes.
    pub products: Vec<String>,
}

impl TaskView {
    /// The view of a task.
    pub fn of(task: Task) -> Self {
        Self {
            code: task.code,
            parent: task.parent,
            title_vi: task.title_vi,
            title_en: task.title_en,
            lead: task.lead,
            coordinating: task.coordinating,
            start_year: task.start_year,
            end_year: task.end_year,
            cadence: task.cadence,
            products: task.products,
        }
    }
}

/// One event of the log.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditEventView {
    /// Its id.
    pub id: uuid::Uuid,
    /// When it was.
    #[schema(value_type = String, format = DateTime)]
    pub at: Shown,
    /// Who did it; `null` for the service itself and for strangers.
    pub actor_id: Option<uuid::Uuid>,
    /// What was done.
    pub action: String,
    /// The kind of thing it was done to.
    pub object_kind: String,
    /// The thing.
    pub object_id: Option<uuid::Uuid>,
    /// The request it came with.
    pub request_id: Option<String>,
    /// The caller's network.
    pub client: Option<String>,
    /// Ids, field names and states; never a name, an address or a text.
    #[schema(value_type = Object)]
    pub facts: serde_json::Value,
    /// Its number in the chain, once it is sealed.
    pub seal_number: Option<i64>,
}

impl AuditEventView {
    /// The view of an event.
    pub fn of(event: LoggedEvent, zone: Zone) -> Self {
        Self {
            id: event.id.uuid(),
            at: zone.show(event.at),
            actor_id: event.actor_id.map(crate::kernel::Id::uuid),
            action: event.action,
            object_kind: event.object_kind,
            object_id: event.object_id.map(crate::kernel::Id::uuid),
            request_id: event.request_id,
            client: event.client,
            facts: serde_json::from_str(&event.facts).unwrap_or_default(),
            seal_number: event.seal_number,
        }
    }
}
