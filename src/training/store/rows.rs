//! Rows of attendees and registrations, and how they become values.

use diesel::prelude::*;

use crate::db::schema::{attendees, registrations};
use crate::identity::UserId;
use crate::kernel::{AgencyId, Language, OfficeId, Timestamp, text, title};
use crate::training::model::{
    Attendee, AttendeeId, Audience, EndedBy, Mark, Registration, RegistrationId, SessionId, Sex,
    Source,
};
use crate::training::status::RegistrationStatus;

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = attendees, treat_none_as_null = true)]
#[diesel(treat_none_as_default_value = false)]
pub(in crate::training) struct AttendeeRow {
    id: AttendeeId,
    office_id: OfficeId,
    user_id: Option<UserId>,
    full_name: String,
    email: Option<String>,
    phone: Option<String>,
    sex: Sex,
    birth_year: Option<i32>,
    agency_id: Option<AgencyId>,
    organisation: Option<String>,
    position: Option<String>,
    audience: Audience,
    language: Language,
    merged_into: Option<AttendeeId>,
    merge_undo: Option<String>,
    version: i32,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<&Attendee> for AttendeeRow {
    fn from(attendee: &Attendee) -> Self {
        let attendee = attendee.clone();
        Self {
            id: attendee.id,
            office_id: attendee.office_id,
            user_id: attendee.user_id,
            full_name: attendee.full_name,
            email: attendee.email,
            phone: attendee.phone,
            sex: attendee.sex,
            birth_year: attendee.birth_year,
            agency_id: attendee.agency_id,
            organisation: attendee.organisation,
            position: attendee.position,
            audience: attendee.audience,
            language: attendee.language,
            merged_into: attendee.merged_into,
            merge_undo: attendee.merge_undo,
            version: attendee.version,
            created_at: attendee.created_at,
            updated_at: attendee.updated_at,
        }
    }
}

/// What an attendee is found and put in order by: written beside the row and never read.
#[derive(Debug, Clone, Insertable, AsChangeset)]
#[diesel(table_name = attendees, treat_none_as_null = true)]
#[diesel(treat_none_as_default_value = false)]
#[expect(clippy::struct_field_names, reason = "columns, as they are called")]
pub(in crate::training) struct AttendeeKeys {
    name_key: String,
    sort_key: String,
    organisation_key: Option<String>,
}

impl From<&Attendee> for AttendeeKeys {
    fn from(attendee: &Attendee) -> Self {
        Self {
            name_key: title::name_key(&attendee.full_name),
            sort_key: text::sort_key(&attendee.full_name),
            organisation_key: attendee.organisation.as_deref().map(text::fold),
        }
    }
}

impl From<AttendeeRow> for Attendee {
    fn from(row: AttendeeRow) -> Self {
        Self {
            id: row.id,
            office_id: row.office_id,
            user_id: row.user_id,
            full_name: row.full_name,
            email: row.email,
            phone: row.phone,
            sex: row.sex,
            birth_year: row.birth_year,
            agency_id: row.agency_id,
            organisation: row.organisation,
            position: row.position,
            audience: row.audience,
            language: row.language,
            merged_into: row.merged_into,
            merge_undo: row.merge_undo,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = registrations, treat_none_as_null = true)]
#[diesel(treat_none_as_default_value = false)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "columns, each a fact of its own"
)]
pub(in crate::training) struct RegistrationRow {
    id: RegistrationId,
    session_id: SessionId,
    attendee_id: AttendeeId,
    invited_attendee_id: Option<AttendeeId>,
    status: RegistrationStatus,
    place: i64,
    extra_seat: bool,
    walk_in: bool,
    source: Source,
    sex: Sex,
    audience: Audience,
    agency_id: Option<AgencyId>,
    birth_year: Option<i32>,
    expected_from: Option<Timestamp>,
    result: Option<Mark>,
    late: bool,
    left_early: bool,
    slots_present: i32,
    ticket_generation: i32,
    ticket_digest: Vec<u8>,
    short_code: String,
    note: Option<String>,
    ended_by: Option<EndedBy>,
    kept_id: Option<RegistrationId>,
    version: i32,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// The fields of a registration's row and value are the same, but for what only SQL needs.
macro_rules! same_fields {
    ($from:ty => $to:ident: $($field:ident),+ $(,)?) => {
        impl From<$from> for $to {
            fn from(value: $from) -> Self {
                Self { $($field: value.$field),+ }
            }
        }
    };
}

same_fields!(Registration => RegistrationRow:
    id, session_id, attendee_id, invited_attendee_id, status, place, extra_seat, walk_in, source,
    sex, audience, agency_id, birth_year, expected_from, result, late, left_early, slots_present,
    ticket_generation, ticket_digest, short_code, note, ended_by, kept_id, version, created_at,
    updated_at);

same_fields!(RegistrationRow => Registration:
    id, session_id, attendee_id, invited_attendee_id, status, place, extra_seat, walk_in, source,
    sex, audience, agency_id, birth_year, expected_from, result, late, left_early, slots_present,
    ticket_generation, ticket_digest, short_code, note, ended_by, kept_id, version, created_at,
    updated_at);
