//! Appointments on the wire, as staff see them.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::availability::FreeTimeView;
use crate::counselling::appointment::{
    Appointment, AppointmentSecret, AppointmentStatus, CancelledBy, NoShowBy,
};
use crate::counselling::model::{
    AppointmentId, CaseId, Mode, PartyId, PartyRole, Phase, RequestId, Topic,
};
use crate::counselling::service::appointment::{Held, NewAppointment};
use crate::counselling::service::moving::Details;
use crate::counselling::slot::{MINUTES, Span};
use crate::counselling::store::appointment::About;
use crate::counselling::store::appointment_event::Happened;
use crate::http::list_query;
use crate::identity::UserId;
use crate::kernel::civil::Shown;
use crate::kernel::error::{Check, Fault};
use crate::kernel::{Patch, Timestamp, Zone};
use crate::office::work_item;

/// A time, where it can be one of an appointment.
pub(super) fn span(check: &mut Check, starts_at: Timestamp, ends_at: Timestamp) -> Span {
    let span = Span { starts_at, ends_at };
    let is_fit = starts_at < ends_at && MINUTES.contains(&span.minutes());
    check.rule(is_fit, "/ends_at", "appointment-length");
    span
}

/// Topics, each once.
pub(super) fn topics(check: &mut Check, given: &[Topic]) -> Vec<Topic> {
    let mut topics = given.to_vec();
    topics.sort_unstable();
    topics.dedup();
    check.rule(topics.len() == given.len(), "/topics", "repeated");
    topics
}

/// A new appointment: 15 minutes to 4 hours, at any minute. Free times are offered on whole quarters of
/// an hour, on half hours where they last a multiple of 30 minutes.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "case_id": "0190f5d2-7c1e-7b3a-9d42-3f1f6c8a2b10",
    "parties": ["0190f5d2-7c1e-7b3a-9d42-3f1f6c8a2b10"],
    "mode": "at_office",
    "starts_at": "2026-09-15T08:00:00+07:00",
    "ends_at": "2026-09-15T09:00:00+07:00",
    "topics": ["alternatives"],
}))]
pub(in crate::counselling) struct AppointmentBody {
    /// Its case; or else the request.
    case_id: Option<CaseId>,
    /// The request that is no case yet; whoever asked comes.
    request_id: Option<RequestId>,
    /// The parties of the case who come.
    #[serde(default)]
    parties: Vec<PartyId>,
    /// How it is held.
    mode: Mode,
    /// When it begins.
    starts_at: Timestamp,
    /// When it ends.
    ends_at: Timestamp,
    /// What it is about.
    #[serde(default)]
    topics: Vec<Topic>,
    /// Where, when it is not at the desk; kept sealed. The family that comes reads it after its login;
    /// mails tell nothing of it.
    #[schema(max_length = 300)]
    location: Option<String>,
    /// Who interprets; kept sealed.
    #[schema(max_length = 200)]
    interpreter: Option<String>,
    /// Whether it waits for the family's word; else it counts at once.
    #[serde(default)]
    ask: bool,
    /// Who came, where it was held already: it is then `completed` at once, whenever it was, and
    /// nobody is mailed. Empty where there is no case yet.
    attended: Option<Vec<PartyId>>,
    /// The phase it was held in, where its case has gone on since; only with `attended`.
    phase: Option<Phase>,
}

impl AppointmentBody {
    /// The appointment, with every broken rule.
    pub(in crate::counselling) fn read(self) -> Result<NewAppointment, Fault> {
        let mut check = Check::new();
        let subject = match (self.case_id, self.request_id) {
            (Some(id), None) => Some(About::Case(id)),
            (None, Some(id)) => Some(About::Request(id)),
            _ => None,
        };
        check.rule(subject.is_some(), "/case_id", "one-of");
        let span = span(&mut check, self.starts_at, self.ends_at);
        let topics = topics(&mut check, &self.topics);
        let secret = AppointmentSecret {
            location: check.line_opt("/location", self.location.as_deref(), 300),
            interpreter: check.line_opt("/interpreter", self.interpreter.as_deref(), 200),
        };
        check.rule(self.attended.is_none() || !self.ask, "/ask", "one-of");
        let is_held = self.attended.is_some();
        check.rule(is_held || self.phase.is_none(), "/attended", "required");
        check.done()?;
        let subject = subject.ok_or_else(|| Fault::rule("/case_id", "one-of"))?;
        Ok(NewAppointment {
            subject,
            parties: self.parties,
            mode: self.mode,
            span,
            topics,
            secret,
            is_asked: self.ask,
            held: self.attended.map(|attended| Held {
                attended,
                topics: None,
                phase: self.phase,
            }),
        })
    }
}

/// Changes of how an appointment is held: absent keeps, `null` clears what may be empty.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::counselling) struct AppointmentPatch {
    #[schema(value_type = Mode)]
    mode: Patch<Mode>,
    #[schema(value_type = Vec<Topic>)]
    topics: Patch<Vec<Topic>>,
    #[schema(value_type = Option<String>, max_length = 300)]
    location: Patch<String>,
    #[schema(value_type = Option<String>, max_length = 200)]
    interpreter: Patch<String>,
}

impl AppointmentPatch {
    /// How it is held, with the changes laid over it.
    pub(in crate::counselling) fn over(self, old: &Details) -> Result<Details, Fault> {
        let mut check = Check::new();
        let mode = check.kept("/mode", self.mode);
        let given = check.kept("/topics", self.topics);
        let topics = topics(&mut check, given.as_deref().unwrap_or(&old.topics));
        let location = self.location.over(old.secret.location.clone());
        let interpreter = self.interpreter.over(old.secret.interpreter.clone());
        let secret = AppointmentSecret {
            location: check.line_opt("/location", location.as_deref(), 300),
            interpreter: check.line_opt("/interpreter", interpreter.as_deref(), 200),
        };
        check.done()?;
        Ok(Details {
            mode: mode.unwrap_or(old.mode),
            topics,
            secret,
        })
    }
}

list_query! {
    /// Which appointments.
    pub(in crate::counselling) struct CounsellingAppointmentsQuery {
        /// Of this status.
        status: AppointmentStatus,
        /// Of this counsellor.
        counsellor: UserId,
        /// Of this case.
        case_id: CaseId,
        /// On this office day or later.
        from: chrono::NaiveDate,
        /// On this office day or earlier.
        to: chrono::NaiveDate,
        /// Changed since.
        updated_since: Timestamp,
    }
}

/// Someone who comes to an appointment.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::counselling) struct AppointmentPartyView {
    /// The party; whoever asked is none before there is a case.
    party_id: Option<PartyId>,
    role: PartyRole,
    /// Whether the person came; `null` until that is known.
    has_attended: Option<bool>,
}

/// What happened to an appointment.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::counselling) struct AppointmentEventView {
    at: Shown,
    by: Option<UserId>,
    kind: String,
    facts: Value,
    reason: Option<String>,
}

/// An appointment, as staff see it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::counselling) struct CounsellingAppointmentView {
    id: AppointmentId,
    /// What mails to staff call it.
    code: String,
    case_id: Option<CaseId>,
    request_id: Option<RequestId>,
    counsellor_id: UserId,
    parties: Vec<AppointmentPartyView>,
    /// The phase it was held or missed in; until then, the one it was booked in.
    phase: Phase,
    topics: Vec<Topic>,
    mode: Mode,
    location: Option<String>,
    interpreter: Option<String>,
    starts_at: Shown,
    ends_at: Shown,
    status: AppointmentStatus,
    /// Until when a request holds its time.
    expires_at: Option<Shown>,
    cancelled_by: Option<CancelledBy>,
    no_show_by: Option<NoShowBy>,
    /// The missed appointment it follows.
    follows_id: Option<AppointmentId>,
    completed_at: Option<Shown>,
    calendar_sequence: i32,
    /// What should be looked at again, where one that is to come is looked at or acted on: `no-number`
    /// or `call-not-safe` for one held by phone, `no-place` for one held at home or online,
    /// `outside-hours` beyond the counsellor's hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    warnings: Option<Vec<&'static str>>,
    /// What happened to it, where one is looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    history: Option<Vec<AppointmentEventView>>,
    /// Other times that are free, where it was declined just now.
    #[serde(skip_serializing_if = "Option::is_none")]
    free: Option<Vec<FreeTimeView>>,
    version: i32,
    created_at: Shown,
    updated_at: Shown,
    allowed_actions: Vec<&'static str>,
}

impl CounsellingAppointmentView {
    /// An appointment in the office's zone.
    pub(in crate::counselling) fn of((zone, now): (Zone, Timestamp), one: &Appointment) -> Self {
        let seats = one.seats.iter().map(|seat| AppointmentPartyView {
            party_id: seat.party_id,
            role: seat.role,
            has_attended: seat.has_attended,
        });
        Self {
            id: one.id,
            code: work_item::code(one.id),
            case_id: one.case_id,
            request_id: one.request_id,
            counsellor_id: one.counsellor_id,
            parties: seats.collect(),
            phase: one.phase,
            topics: one.topics.clone(),
            mode: one.mode,
            location: one.secret.location.clone(),
            interpreter: one.secret.interpreter.clone(),
            starts_at: zone.show(one.span.starts_at),
            ends_at: zone.show(one.span.ends_at),
            status: one.status,
            expires_at: one.expires_at.map(|at| zone.show(at)),
            cancelled_by: one.cancelled_by,
            no_show_by: one.no_show_by,
            follows_id: one.follows_id,
            completed_at: one.completed_at.map(|at| zone.show(at)),
            calendar_sequence: one.calendar_sequence,
            warnings: None,
            history: None,
            free: None,
            version: one.version,
            created_at: zone.show(one.created_at),
            updated_at: zone.show(one.updated_at),
            allowed_actions: one.staff_actions(now),
        }
    }

    /// The same with what should be looked at again.
    #[must_use]
    pub(in crate::counselling) fn with_warnings(mut self, codes: Vec<&'static str>) -> Self {
        self.warnings = Some(codes);
        self
    }

    /// The same for whoever only reads it, by a window.
    #[must_use]
    pub(in crate::counselling) fn for_reading(mut self) -> Self {
        self.allowed_actions.clear();
        self
    }

    /// The same with what happened to it.
    #[must_use]
    pub(in crate::counselling) fn with_history(mut self, zone: Zone, all: Vec<Happened>) -> Self {
        let view = |one: Happened| AppointmentEventView {
            at: zone.show(one.at),
            by: one.by,
            kind: one.kind,
            facts: super::timeline::in_zone(zone, one.facts),
            reason: one.reason,
        };
        self.history = Some(all.into_iter().map(view).collect());
        self
    }

    /// The same with other times that are free.
    #[must_use]
    pub(in crate::counselling) fn with_free(mut self, zone: Zone, free: Vec<Span>) -> Self {
        let view = |span| FreeTimeView::of(zone, span);
        self.free = Some(free.into_iter().map(view).collect());
        self
    }

    /// Where a row stands in the list.
    pub(in crate::counselling) fn key(one: &Appointment) -> (i64, AppointmentId) {
        (one.span.starts_at.micros(), one.id)
    }
}
