//! Registrations and imports on the wire.

use serde::{Deserialize, Serialize};

use super::attendee::{AttendeeBody, AttendeeView, who};
use crate::http::list_query;
use crate::kernel::civil::Shown;
use crate::kernel::error::{Check, Fault};
use crate::kernel::{AgencyId, Patch, Timestamp, Zone};
use crate::training::command::{Register, Who};
use crate::training::model::{
    AttendeeId, Audience, EndedBy, Mark, Registration, RegistrationId, Session, SessionId, Source,
};
use crate::training::policy::{self, Circumstances, Reach};
use crate::training::service::import::{Imported, RowOutcome};
use crate::training::service::outlook::Outlook;
use crate::training::status::RegistrationStatus;
use crate::training::store::registration::WithAttendee;
use crate::training::store::undelivered::Unreached;

/// Put someone on the list. A family sends `{}`: it registers itself.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::training) struct RegisterBody {
    /// Someone known.
    attendee_id: Option<AttendeeId>,
    /// Someone new.
    attendee: Option<AttendeeBody>,
    /// Ask the person instead of registering at once.
    ask: bool,
    /// A remark.
    #[schema(max_length = 500)]
    note: Option<String>,
}

impl RegisterBody {
    /// The command of an organiser.
    pub(in crate::training) fn read(&self) -> Result<Register, Fault> {
        let mut check = Check::new();
        let who = who(&mut check, self.attendee_id, self.attendee.as_ref(), "");
        let note = check.line_opt("/note", self.note.as_deref(), 500);
        check.done()?;
        let who = who.ok_or_else(|| Fault::Internal("nobody was named".into()))?;
        Ok(Register {
            who,
            ask: self.ask,
            note,
        })
    }

    /// Refuses what a family may not say.
    pub(in crate::training) fn require_self(&self) -> Result<(), Fault> {
        let mut check = Check::new();
        check.rule(
            self.attendee_id.is_none(),
            "/attendee_id",
            "not-yours-to-set",
        );
        check.rule(self.attendee.is_none(), "/attendee", "not-yours-to-set");
        check.rule(!self.ask, "/ask", "not-yours-to-set");
        check.rule(self.note.is_none(), "/note", "not-yours-to-set");
        check.done()
    }
}

/// Send someone else.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::training) struct SubstituteBody {
    /// Someone known.
    attendee_id: Option<AttendeeId>,
    /// Someone new.
    attendee: Option<AttendeeBody>,
}

impl SubstituteBody {
    pub(in crate::training) fn read(&self) -> Result<Who, Fault> {
        let mut check = Check::new();
        let who = who(&mut check, self.attendee_id, self.attendee.as_ref(), "");
        check.done()?;
        who.ok_or_else(|| Fault::Internal("nobody was named".into()))
    }
}

/// Changes of a registration.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::training) struct RegistrationPatch {
    /// A remark; `null` clears it.
    #[schema(value_type = Option<String>, max_length = 500)]
    note: Patch<String>,
}

impl RegistrationPatch {
    pub(in crate::training) fn read(self) -> Result<Patch<String>, Fault> {
        let mut check = Check::new();
        let note = self.note.map(|note| check.line("/note", &note, 500));
        check.done()?;
        Ok(note)
    }
}

list_query! {
    /// Which registrations.
    pub(in crate::training) struct RegistrationsQuery {
        /// In this status.
        status: RegistrationStatus,
        /// Words of the name, where marks and case do not matter, or of the address, or four digits or more of
        /// the phone, or the code of the ticket.
        q: String,
        /// Changed at this time or later.
        updated_since: Timestamp,
    }
}

impl RegistrationsQuery {
    /// Whether it asks for a page of all, and for nothing that is found by looking through them.
    pub(in crate::training) fn is_plain(&self) -> bool {
        let is_narrowed = self.status.is_some() || self.q.is_some() || self.updated_since.is_some();
        !is_narrowed && self.include.is_none()
    }
}

/// A registration, the attendee embedded.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(in crate::training) struct RegistrationView {
    id: RegistrationId,
    session_id: SessionId,
    attendee: AttendeeView,
    invited_attendee_id: Option<AttendeeId>,
    status: RegistrationStatus,
    place: i64,
    extra_seat: bool,
    walk_in: bool,
    source: Source,
    result: Option<Mark>,
    late: bool,
    left_early: bool,
    slots_present: i32,
    short_code: String,
    note: Option<String>,
    ended_by: Option<EndedBy>,
    created_at: Shown,
    updated_at: Shown,
    version: i32,
    allowed_actions: Vec<&'static str>,
}

impl RegistrationView {
    pub(in crate::training) fn of(
        (zone, now): (Zone, Timestamp),
        reach: Reach,
        session: &Session,
        (who, outlook): (WithAttendee, &Outlook),
    ) -> Self {
        let circumstances = outlook.circumstances(&who);
        let (registration, attendee) = who;
        let when = (session, now);
        let actions = policy::offered(&registration, when, reach, circumstances);
        Self {
            id: registration.id,
            session_id: registration.session_id,
            attendee: AttendeeView::of(zone, reach, attendee),
            invited_attendee_id: registration.invited_attendee_id,
            status: registration.status,
            place: registration.place,
            extra_seat: registration.extra_seat,
            walk_in: registration.walk_in,
            source: registration.source,
            result: registration.result,
            late: registration.late,
            left_early: registration.left_early,
            slots_present: registration.slots_present,
            short_code: registration.short_code,
            note: registration.note.filter(|_| reach == Reach::Everybody),
            ended_by: registration.ended_by,
            created_at: zone.show(registration.created_at),
            updated_at: zone.show(registration.updated_at),
            version: registration.version,
            allowed_actions: actions,
        }
    }
}

/// One of the caller's own registrations.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(in crate::training) struct OwnRegistrationView {
    id: RegistrationId,
    session_id: SessionId,
    title: String,
    starts_at: Shown,
    ends_at: Shown,
    /// Where to join on the net, for who has a seat.
    online_url: Option<String>,
    status: RegistrationStatus,
    result: Option<Mark>,
    allowed_actions: Vec<&'static str>,
}

impl OwnRegistrationView {
    pub(in crate::training) fn of(
        (zone, now): (Zone, Timestamp),
        reach: Reach,
        (registration, session): &(Registration, Session),
        circumstances: Circumstances,
    ) -> Self {
        let when = (session, now);
        let has_seat = registration.status == RegistrationStatus::Confirmed;
        Self {
            id: registration.id,
            session_id: session.id,
            title: session.title.clone(),
            starts_at: zone.show(session.first_starts_at()),
            ends_at: zone.show(session.last_ends_at()),
            online_url: session.online_url.clone().filter(|_| has_seat),
            status: registration.status,
            result: registration.result,
            allowed_actions: policy::offered(registration, when, reach, circumstances),
        }
    }
}

/// The caller's own registrations, newest first.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(in crate::training) struct OwnRegistrationsView {
    pub(in crate::training) items: Vec<OwnRegistrationView>,
}

/// Somebody on the list whom no mail reaches.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(in crate::training) struct UndeliveredView {
    registration_id: RegistrationId,
    attendee_id: AttendeeId,
    full_name: String,
    phone: Option<String>,
    status: RegistrationStatus,
    /// Why.
    reason: Unreached,
}

/// Those whom no mail reaches, in line; the first 500.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(in crate::training) struct UndeliveredListView {
    items: Vec<UndeliveredView>,
}

impl UndeliveredListView {
    pub(in crate::training) fn of(found: Vec<(WithAttendee, Unreached)>) -> Self {
        let view =
            |((registration, attendee), reason): (WithAttendee, Unreached)| UndeliveredView {
                registration_id: registration.id,
                attendee_id: attendee.id,
                full_name: attendee.full_name,
                phone: attendee.phone,
                status: registration.status,
                reason,
            };
        Self {
            items: found.into_iter().map(view).collect(),
        }
    }
}

/// How a sheet is imported.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::training) struct ImportQuery {
    /// Say what would happen, and do nothing.
    #[serde(default)]
    pub(in crate::training) dry_run: bool,
    /// Ask everybody on it first, instead of confirming them at once.
    #[serde(default)]
    pub(in crate::training) ask: bool,
}

/// What a row of the sheet came to.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(in crate::training) struct ImportRowView {
    /// The row in the file, as a spreadsheet counts it.
    row: u32,
    result: RowOutcome,
    registration_id: Option<RegistrationId>,
    /// Where the registration stands, or would stand.
    status: Option<RegistrationStatus>,
    /// The name that was read.
    full_name: Option<String>,
    /// The audience that was read out of the body and the post.
    audience: Option<Audience>,
    /// The agency of the plan that the body was found to be.
    agency: Option<AgencyId>,
    /// Whom the row was found to be about; in a dry run nobody yet, where the person is new.
    attendee_id: Option<AttendeeId>,
    /// Why: a code, after the column it is about.
    reasons: Vec<String>,
    /// Who else of this name it may be: to be looked at and, if they are one, merged.
    possibly_same_as: Vec<AttendeeId>,
    /// Whether an earlier call with the same file did it: then nothing was done now.
    repeated: bool,
}

impl ImportRowView {
    fn of(row: Imported) -> Self {
        let (audience, agency) = match &row.person {
            Some(person) => (Some(person.audience), person.agency),
            None => (None, None),
        };
        Self {
            row: row.number,
            result: row.outcome,
            registration_id: row.registration,
            status: row.status,
            full_name: row.person.map(|person| person.full_name),
            audience,
            agency,
            attendee_id: row.attendee,
            reasons: row.notes,
            possibly_same_as: row.alike,
            repeated: row.is_repeat,
        }
    }
}

/// What a sheet came to.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(in crate::training) struct ImportView {
    dry_run: bool,
    created: usize,
    created_with_warning: usize,
    matched: usize,
    duplicate: usize,
    refused: usize,
    /// Rows an earlier call with the same file did; they are counted above as they ended then.
    repeated: usize,
    /// The names of other sheets of the workbook that look like lists, too; they were not read, and are
    /// sent as files of their own.
    unread_sheets: Vec<String>,
    rows: Vec<ImportRowView>,
}

impl ImportView {
    pub(in crate::training) fn of(
        dry_run: bool,
        done: Vec<Imported>,
        unread_sheets: Vec<String>,
    ) -> Self {
        let count = |outcome| done.iter().filter(|row| row.outcome == outcome).count();
        Self {
            dry_run,
            created: count(RowOutcome::Created),
            created_with_warning: count(RowOutcome::CreatedWithWarning),
            matched: count(RowOutcome::Matched),
            duplicate: count(RowOutcome::Duplicate),
            refused: count(RowOutcome::Refused),
            repeated: done.iter().filter(|row| row.is_repeat).count(),
            unread_sheets,
            rows: done.into_iter().map(ImportRowView::of).collect(),
        }
    }
}

/// How a ticket is drawn.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::training) struct TicketQuery {
    /// `svg` (the default), `png`, or `json` for the ticket's text and its short code.
    #[serde(default)]
    #[param(inline)]
    pub(in crate::training) format: TicketFormat,
}

crate::kernel::text_enum::text_enum! {
    /// How a ticket is drawn.
    #[derive(Default)]
    pub(in crate::training) enum TicketFormat {
        /// A drawing.
        #[default]
        Svg = "svg",
        /// A picture.
        Png = "png",
        /// Its text.
        Json = "json",
    }
}

/// A ticket's text.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(in crate::training) struct TicketView {
    /// What the code holds.
    pub(in crate::training) ticket: String,
    /// What is read aloud at the desk.
    pub(in crate::training) short_code: String,
}
