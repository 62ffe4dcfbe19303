//! Bodies of routes of the office's accounts.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{NAME_MAX, phone};
use crate::identity::role::{Role, Roles};
use crate::identity::service::account::{self, Invite};
use crate::kernel::error::Check;
use crate::kernel::{AgencyId, Fault, Language, Patch, text};

/// `POST /users`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::identity) struct UserBody {
    /// The address.
    #[schema(format = Email)]
    email: String,
    /// The name.
    #[schema(max_length = 200)]
    full_name: String,
    /// The phone.
    phone: Option<String>,
    /// The language mails are in; default Vietnamese.
    language: Option<Language>,
    /// What the person may be.
    roles: Vec<Role>,
    /// The agency the person is of.
    agency_id: Option<AgencyId>,
}

impl UserBody {
    pub(in crate::identity) fn check(self) -> Result<Invite, Fault> {
        let mut check = Check::new();
        check.rule(!self.roles.is_empty(), "/roles", "required");
        let invite = Invite {
            email: check.take("/email", text::email(&self.email)),
            full_name: check.line("/full_name", &self.full_name, NAME_MAX),
            phone: check.phone_opt("/phone", self.phone.as_deref()),
            language: self.language.unwrap_or_default(),
            roles: Roles::new(self.roles),
            agency_id: self.agency_id,
        };
        check.done().map(|()| invite)
    }
}

/// `PATCH /users/{id}`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::identity) struct UserPatch {
    /// The address.
    #[schema(value_type = Option<String>, format = Email)]
    #[serde(default)]
    email: Patch<String>,
    /// The name.
    #[schema(value_type = Option<String>, max_length = 200)]
    #[serde(default)]
    full_name: Patch<String>,
    /// The phone.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    phone: Patch<String>,
    /// The language mails are in.
    #[schema(value_type = Option<Language>)]
    #[serde(default)]
    language: Patch<Language>,
    /// What the person may be.
    #[schema(value_type = Option<Vec<Role>>)]
    #[serde(default)]
    roles: Patch<Vec<Role>>,
    /// The agency the person is of.
    #[schema(value_type = Option<AgencyId>)]
    #[serde(default)]
    agency_id: Patch<AgencyId>,
}

impl UserPatch {
    pub(in crate::identity) fn check(self) -> Result<account::Change, Fault> {
        let mut check = Check::new();
        let email = check.kept("/email", self.email);
        let name = check.kept("/full_name", self.full_name);
        let roles = check.kept("/roles", self.roles);
        let change = account::Change {
            email: email.map(|raw| check.take("/email", text::email(&raw))),
            full_name: name.map(|raw| check.line("/full_name", &raw, NAME_MAX)),
            phone: phone(&mut check, &self.phone),
            language: check.kept("/language", self.language),
            roles: roles.map(Roles::new),
            agency_id: self.agency_id,
        };
        check.done().map(|()| change)
    }
}
