//! Requests on the wire.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::case::staff;
use super::words::channels;
use crate::counselling::model::{
    AdoptionKind, CaseId, CaseSecret, Channel, Means, PartyRole, Request, RequestId,
};
use crate::counselling::policy::{self, Eyes};
use crate::counselling::service::case::NewCase;
use crate::counselling::service::request::Asked;
use crate::counselling::status::RequestStatus;
use crate::counselling::store::contact_try::{self, ContactTry};
use crate::http::list_query;
use crate::identity::UserId;
use crate::kernel::civil::Shown;
use crate::kernel::error::{Check, Fault};
use crate::kernel::{Language, Patch, Timestamp, Zone};
use crate::office::safe_contact::{Channels, SafeContactView};

/// What a family asks: how it is reached without harm, not its story.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "party_role": "birth_parent",
    "phone": "0912 345 678",
    "language": "vi",
    "safe_contact": {"may_call": true, "hours": "sau 17:00"},
}))]
pub(in crate::counselling) struct CounsellingRequestBody {
    /// Whom the person is.
    party_role: PartyRole,
    /// The name; a family's own request takes the account's.
    #[schema(example = "Nguyễn Thị Đào", max_length = 200)]
    name: Option<String>,
    /// A phone; a family's own request takes the account's.
    #[schema(example = "0912 345 678")]
    phone: Option<String>,
    /// An address; a family's own request takes the account's.
    #[schema(example = "dao.nguyen@example.vn", max_length = 254)]
    email: Option<String>,
    /// The language; a family's own request takes the account's, another is in Vietnamese.
    language: Option<Language>,
    /// How it came; staff say it, a family's own is `online`.
    channel: Option<Channel>,
    /// The channels that are safe.
    #[serde(default)]
    safe_contact: Channels,
}

impl CounsellingRequestBody {
    /// The language that was asked for.
    pub(in crate::counselling) const fn language(&self) -> Option<Language> {
        self.language
    }

    /// What is asked, and how it came.
    pub(in crate::counselling) fn read(self, is_own: bool) -> Result<(Asked, Channel), Fault> {
        let mut check = Check::new();
        match (self.channel, is_own) {
            (None | Some(Channel::Online), true) => {}
            (None, false) => check.refuse("/channel", "required"),
            // How a family asks is known, and staff do not ask for themselves.
            (Some(_), true) | (Some(Channel::Online), false) => {
                check.refuse("/channel", "not-yours-to-set");
            }
            (Some(_), false) => {}
        }
        let asked = Asked {
            party_role: self.party_role,
            name: check.line_opt("/name", self.name.as_deref(), 200),
            phone: check.phone_opt("/phone", self.phone.as_deref()),
            email: check.email_opt("/email", self.email.as_deref()),
            language: self.language.unwrap_or_default(),
            channels: channels(&mut check, "/safe_contact", &self.safe_contact),
        };
        let is_reachable = is_own || asked.phone.is_some() || asked.email.is_some();
        let is_named = asked.name.is_some();
        check.rule(is_own || is_named, "/name", "required");
        // A letter or a visit may come from someone with neither; a call does not.
        let is_far = self.channel == Some(Channel::Phone);
        check.rule(is_reachable || !is_far, "/phone", "required");
        check.done()?;
        Ok((asked, self.channel.unwrap_or(Channel::Online)))
    }
}

/// Changes of a request: absent keeps, `null` clears what may be empty. A way to reach the family
/// that staff change is one nobody has confirmed; a family's own word confirms it.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::counselling) struct CounsellingRequestPatch {
    #[schema(value_type = PartyRole)]
    party_role: Patch<PartyRole>,
    #[schema(value_type = String, max_length = 200)]
    name: Patch<String>,
    #[schema(value_type = Option<String>, example = "0912 345 678")]
    phone: Patch<String>,
    #[schema(value_type = Option<String>, example = "dao.nguyen@example.vn", max_length = 254)]
    email: Patch<String>,
    #[schema(value_type = Language)]
    language: Patch<Language>,
    #[schema(value_type = Channels)]
    safe_contact: Patch<Channels>,
}

impl CounsellingRequestPatch {
    /// What is asked, with the changes laid over it.
    pub(in crate::counselling) fn over(self, old: &Asked) -> Result<Asked, Fault> {
        let mut check = Check::new();
        let old = old.clone();
        let name = match check.kept("/name", self.name) {
            Some(name) => Some(check.line("/name", &name, 200)),
            None => old.name,
        };
        let phone = self.phone.over(old.phone);
        let email = self.email.over(old.email);
        let stated = check.kept("/safe_contact", self.safe_contact);
        let language = check.kept("/language", self.language);
        let asked = Asked {
            party_role: check
                .kept("/party_role", self.party_role)
                .unwrap_or(old.party_role),
            name,
            phone: check.phone_opt("/phone", phone.as_deref()),
            email: check.email_opt("/email", email.as_deref()),
            language: language.unwrap_or(old.language),
            channels: channels(&mut check, "/safe_contact", &stated.unwrap_or(old.channels)),
        };
        check.done()?;
        Ok(asked)
    }
}

/// Whom a request is given to.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::counselling) struct AssignBody {
    /// A counsellor or supervisor of the office.
    pub(in crate::counselling) assignee: UserId,
}

/// A try to reach a family.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::counselling) struct TryBody {
    /// How.
    pub(in crate::counselling) means: Means,
    /// Whether the family was reached.
    pub(in crate::counselling) is_reached: bool,
}

/// Which way a family is shown.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::counselling) struct RedirectBody {
    /// Where to, and why, in words for the family: it reads them behind its login. Kept sealed.
    #[schema(max_length = 500)]
    to: String,
}

impl RedirectBody {
    /// The way.
    pub(in crate::counselling) fn read(&self) -> Result<String, Fault> {
        let mut check = Check::new();
        let to = check.line("/to", &self.to, 500);
        check.done()?;
        Ok(to)
    }
}

/// The case a request becomes.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::counselling) struct OpenCaseBody {
    /// Where the child is adopted to.
    #[serde(default)]
    adoption_kind: AdoptionKind,
    /// Who counsels; without one, whoever opens it. Who is no counsellor names one.
    counsellor: Option<UserId>,
    /// Who supervises; without one, the only supervisor who does not counsel it. Where there are
    /// several one is named.
    supervisor: Option<UserId>,
}

impl OpenCaseBody {
    /// The case, opened by whoever has these eyes.
    pub(in crate::counselling) fn read(&self, eyes: &Eyes) -> Result<NewCase, Fault> {
        let mut check = Check::new();
        let (counsellor, supervisor) = staff(&mut check, (self.counsellor, self.supervisor), eyes);
        check.done()?;
        Ok(NewCase {
            adoption_kind: self.adoption_kind,
            counsellor,
            supervisor,
            secret: CaseSecret::default(),
        })
    }
}

list_query! {
    /// Which requests.
    pub(in crate::counselling) struct CounsellingRequestsQuery {
        /// Of this status.
        status: RequestStatus,
        /// Given to this person.
        assignee: UserId,
        /// The one of this code.
        code: String,
        /// Changed since.
        updated_since: Timestamp,
    }
}

/// A try, as it is told.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::counselling) struct TryView {
    at: Shown,
    means: Means,
    is_reached: bool,
    by: UserId,
}

/// A request, as staff see it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::counselling) struct CounsellingRequestView {
    id: RequestId,
    /// What mails and the desk call the request, and whoever made it in the case that comes of it.
    #[schema(example = "K7M2-94")]
    code: String,
    status: RequestStatus,
    channel: Channel,
    party_role: PartyRole,
    name: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    language: Language,
    safe_contact: SafeContactView,
    assignee_id: Option<UserId>,
    /// The last day on which the family is to be reached.
    contact_due_on: NaiveDate,
    first_contacted_at: Option<Shown>,
    redirected_to: Option<String>,
    case_id: Option<CaseId>,
    tries: Vec<TryView>,
    version: i32,
    created_at: Shown,
    updated_at: Shown,
    allowed_actions: Vec<&'static str>,
}

impl CounsellingRequestView {
    /// A request in the office's zone, with the tries to reach its family.
    pub(in crate::counselling) fn of(
        zone: Zone,
        request: &Request,
        tries: &[ContactTry],
        eyes: &Eyes,
    ) -> Self {
        let secret = request.secret.clone();
        Self {
            id: request.id,
            code: request.code.clone(),
            status: request.status,
            channel: request.channel,
            party_role: request.party_role,
            name: secret.name,
            phone: secret.phone,
            email: secret.email,
            language: request.language,
            safe_contact: secret.safe_contact.into(),
            assignee_id: request.assignee_id,
            contact_due_on: request.contact_due_on,
            first_contacted_at: request.first_contacted_at.map(|at| zone.show(at)),
            redirected_to: secret.redirected_to,
            case_id: request.case_id,
            tries: tries
                .iter()
                .map(|one| TryView {
                    at: zone.show(one.tried_at),
                    means: one.means,
                    is_reached: one.is_reached,
                    by: one.tried_by,
                })
                .collect(),
            version: request.version,
            created_at: zone.show(request.created_at),
            updated_at: zone.show(request.updated_at),
            allowed_actions: policy::request_actions(
                request,
                Some(eyes),
                contact_try::missed_days(tries),
            ),
        }
    }

    /// Where a row stands in the list.
    pub(in crate::counselling) fn key(request: &Request) -> (i64, RequestId) {
        (request.created_at.micros(), request.id)
    }
}

/// A request, as the family that made it sees it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::counselling) struct OwnCounsellingRequestView {
    id: RequestId,
    /// What mails and the desk call this matter, from the request on.
    #[schema(example = "K7M2-94")]
    code: String,
    status: RequestStatus,
    /// Whom the person is.
    party_role: PartyRole,
    name: Option<String>,
    phone: Option<String>,
    /// The address that was given; mails go to the account's.
    email: Option<String>,
    language: Language,
    safe_contact: SafeContactView,
    /// Which other way it was shown, and why.
    redirected_to: Option<String>,
    version: i32,
    created_at: Shown,
    updated_at: Shown,
    allowed_actions: Vec<&'static str>,
}

impl OwnCounsellingRequestView {
    /// A family's own request; who works on it, and how, stays with the office.
    pub(in crate::counselling) fn of(zone: Zone, request: &Request) -> Self {
        let secret = request.secret.clone();
        Self {
            id: request.id,
            code: request.code.clone(),
            status: request.status,
            party_role: request.party_role,
            name: secret.name,
            phone: secret.phone,
            email: secret.email,
            language: request.language,
            safe_contact: secret.safe_contact.for_family().into(),
            redirected_to: secret.redirected_to,
            version: request.version,
            created_at: zone.show(request.created_at),
            updated_at: zone.show(request.updated_at),
            allowed_actions: policy::request_actions(request, None, 0),
        }
    }
}
