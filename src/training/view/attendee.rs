//! Attendees on the wire.

use serde::{Deserialize, Serialize};

use crate::http::list_query;
use crate::kernel::civil::Shown;
use crate::kernel::error::{Check, Fault};
use crate::kernel::{AgencyId, Language, Patch, Timestamp, Zone};
use crate::training::command::{AttendeeDraft, Who};
use crate::training::model::{
    Attendee, AttendeeId, Audience, Mark, Registration, RegistrationId, Session, SessionId, Sex,
};
use crate::training::policy::{self, Reach};
use crate::training::service::attendee::Likeness;
use crate::training::status::RegistrationStatus;

/// Years of birth that can be.
const BIRTH_YEARS: std::ops::RangeInclusive<i32> = 1900..=2100;

/// A person.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::training) struct AttendeeBody {
    /// The name, as one text.
    #[schema(example = "Nguyễn Thị Đào", max_length = 200)]
    full_name: String,
    /// An address.
    #[schema(example = "dao.nguyen@example.vn", max_length = 254)]
    email: Option<String>,
    /// A phone number.
    #[schema(example = "0912 345 678")]
    phone: Option<String>,
    /// The sex.
    #[serde(default)]
    sex: Sex,
    /// The year of birth.
    #[schema(minimum = 1900, maximum = 2100, example = 1985)]
    birth_year: Option<i32>,
    /// An agency of the plan.
    agency: Option<AgencyId>,
    /// Any other body.
    #[schema(max_length = 200)]
    organisation: Option<String>,
    /// The post there.
    #[schema(max_length = 200)]
    position: Option<String>,
    /// Whom the person comes as.
    #[serde(default)]
    audience: Audience,
    /// The language of mails.
    #[serde(default)]
    language: Language,
}

impl AttendeeBody {
    /// The draft, with every broken rule under `at`.
    pub(in crate::training) fn read(&self, check: &mut Check, at: &str) -> AttendeeDraft {
        let draft = AttendeeDraft {
            full_name: self.full_name.clone(),
            email: self.email.clone(),
            phone: self.phone.clone(),
            sex: self.sex,
            birth_year: self.birth_year,
            agency: self.agency,
            organisation: self.organisation.clone(),
            position: self.position.clone(),
            audience: self.audience,
            language: self.language,
        };
        checked(check, at, &draft)
    }

    /// The draft of a body that is the person alone.
    pub(in crate::training) fn draft(&self) -> Result<AttendeeDraft, Fault> {
        let mut check = Check::new();
        let draft = self.read(&mut check, "");
        check.done()?;
        Ok(draft)
    }
}

fn checked(check: &mut Check, at: &str, draft: &AttendeeDraft) -> AttendeeDraft {
    let is_fit = draft
        .birth_year
        .is_none_or(|year| BIRTH_YEARS.contains(&year));
    check.rule(is_fit, format!("{at}/birth_year"), "out-of-range");
    AttendeeDraft {
        full_name: check.line(&format!("{at}/full_name"), &draft.full_name, 200),
        email: check.email_opt(&format!("{at}/email"), draft.email.as_deref()),
        phone: check.phone_opt(&format!("{at}/phone"), draft.phone.as_deref()),
        organisation: check.line_opt(
            &format!("{at}/organisation"),
            draft.organisation.as_deref(),
            200,
        ),
        position: check.line_opt(&format!("{at}/position"), draft.position.as_deref(), 200),
        ..draft.clone()
    }
}

/// Changes of a person: absent keeps, `null` clears what may be empty.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::training) struct AttendeePatch {
    #[schema(value_type = String, max_length = 200)]
    full_name: Patch<String>,
    #[schema(value_type = Option<String>, max_length = 254)]
    email: Patch<String>,
    #[schema(value_type = Option<String>)]
    phone: Patch<String>,
    #[schema(value_type = Sex)]
    sex: Patch<Sex>,
    #[schema(value_type = Option<i32>)]
    birth_year: Patch<i32>,
    #[schema(value_type = Option<AgencyId>)]
    agency: Patch<AgencyId>,
    #[schema(value_type = Option<String>, max_length = 200)]
    organisation: Patch<String>,
    #[schema(value_type = Option<String>, max_length = 200)]
    position: Patch<String>,
    #[schema(value_type = Audience)]
    audience: Patch<Audience>,
    #[schema(value_type = Language)]
    language: Patch<Language>,
}

impl AttendeePatch {
    /// The attendee's draft with the changes laid over it.
    pub(in crate::training) fn over(self, old: &Attendee) -> Result<AttendeeDraft, Fault> {
        let mut check = Check::new();
        let old = old.clone();
        let draft = AttendeeDraft {
            full_name: check
                .kept("/full_name", self.full_name)
                .unwrap_or(old.full_name),
            email: self.email.over(old.email),
            phone: self.phone.over(old.phone),
            sex: check.kept("/sex", self.sex).unwrap_or(old.sex),
            birth_year: self.birth_year.over(old.birth_year),
            agency: self.agency.over(old.agency_id),
            organisation: self.organisation.over(old.organisation),
            position: self.position.over(old.position),
            audience: check
                .kept("/audience", self.audience)
                .unwrap_or(old.audience),
            language: check
                .kept("/language", self.language)
                .unwrap_or(old.language),
        };
        let draft = checked(&mut check, "", &draft);
        check.done()?;
        Ok(draft)
    }
}

/// Who is meant, in a body that may name someone known or someone new.
pub(in crate::training) fn who(
    check: &mut Check,
    id: Option<AttendeeId>,
    new: Option<&AttendeeBody>,
    at: &str,
) -> Option<Who> {
    match (id, new) {
        (Some(id), None) => Some(Who::Known(id)),
        (None, Some(body)) => Some(Who::New(Box::new(
            body.read(check, &format!("{at}/attendee")),
        ))),
        _ => {
            check.refuse(format!("{at}/attendee_id"), "one-of");
            None
        }
    }
}

/// Merge a person into another.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::training) struct MergeBody {
    /// The attendee that stays.
    pub(in crate::training) into: AttendeeId,
    /// The registration to keep in each session both are registered in.
    #[serde(default)]
    pub(in crate::training) keep: Vec<RegistrationId>,
}

list_query! {
    /// Which attendees.
    pub(in crate::training) struct AttendeesQuery {
        /// Words of the name or organisation, where marks and case do not matter, or of the address, or four
        /// digits or more of the phone.
        q: String,
        /// Coming as.
        audience: Audience,
        /// Of this agency.
        agency: AgencyId,
        /// Changed at this time or later.
        updated_since: Timestamp,
    }
}

/// A person.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(in crate::training) struct AttendeeView {
    id: AttendeeId,
    full_name: String,
    email: Option<String>,
    phone: Option<String>,
    sex: Sex,
    birth_year: Option<i32>,
    agency: Option<AgencyId>,
    organisation: Option<String>,
    position: Option<String>,
    audience: Audience,
    language: Language,
    merged_into: Option<AttendeeId>,
    created_at: Shown,
    updated_at: Shown,
    version: i32,
    allowed_actions: Vec<&'static str>,
}

impl AttendeeView {
    pub(in crate::training) fn of(zone: Zone, reach: Reach, attendee: Attendee) -> Self {
        let allowed_actions = policy::attendee_actions(&attendee, reach);
        Self {
            id: attendee.id,
            full_name: attendee.full_name,
            email: attendee.email,
            phone: attendee.phone,
            sex: attendee.sex,
            birth_year: attendee.birth_year,
            agency: attendee.agency_id,
            organisation: attendee.organisation,
            position: attendee.position,
            audience: attendee.audience,
            language: attendee.language,
            merged_into: attendee.merged_into,
            created_at: zone.show(attendee.created_at),
            updated_at: zone.show(attendee.updated_at),
            version: attendee.version,
            allowed_actions,
        }
    }
}

/// One session of a person's history.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(in crate::training) struct HistoryEntry {
    registration_id: RegistrationId,
    session_id: SessionId,
    reference: String,
    title: String,
    starts_at: Shown,
    status: RegistrationStatus,
    result: Option<Mark>,
}

impl HistoryEntry {
    pub(in crate::training) fn of(
        zone: Zone,
        (registration, session): &(Registration, Session),
    ) -> Self {
        Self {
            registration_id: registration.id,
            session_id: session.id,
            reference: session.reference.clone(),
            title: session.title.clone(),
            starts_at: zone.show(session.first_starts_at()),
            status: registration.status,
            result: registration.result,
        }
    }
}

/// Everything a person was registered for.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(in crate::training) struct HistoryView {
    pub(in crate::training) items: Vec<HistoryEntry>,
}

/// Two that are likely one person.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(in crate::training) struct DuplicateView {
    /// `contact` or `organisation`: what they share beside the name.
    reason: &'static str,
    attendees: [AttendeeView; 2],
}

impl DuplicateView {
    pub(in crate::training) fn of(
        zone: Zone,
        (left, right, likeness): (Attendee, Attendee, Likeness),
    ) -> Self {
        let reason = match likeness {
            Likeness::Contact => "contact",
            Likeness::Organisation => "organisation",
        };
        Self {
            reason,
            attendees: [left, right].map(|one| AttendeeView::of(zone, Reach::Everybody, one)),
        }
    }
}

/// Pairs that are likely one person.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(in crate::training) struct DuplicatesView {
    pub(in crate::training) items: Vec<DuplicateView>,
}
