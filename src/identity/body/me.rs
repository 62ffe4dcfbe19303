//! Bodies of routes of the caller's own account.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{NAME_MAX, password, phone};
use crate::identity::preferences::PreferencesPatch;
use crate::identity::service::me;
use crate::kernel::error::Check;
use crate::kernel::secret::Secret;
use crate::kernel::{Fault, Language, Patch, text};

/// `PUT /me/password`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::identity) struct PasswordBody {
    /// The password until now.
    #[schema(value_type = String, format = Password)]
    pub(in crate::identity) current_password: Secret<String>,
    /// 12 to 256 characters.
    #[schema(value_type = String, format = Password)]
    pub(in crate::identity) new_password: Secret<String>,
}

impl PasswordBody {
    pub(in crate::identity) fn check(self) -> Result<Self, Fault> {
        let mut check = Check::new();
        password(&mut check, "/new_password", &self.new_password);
        check.done().map(|()| self)
    }
}

/// `PUT /me/email`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::identity) struct EmailBody {
    /// The password.
    #[schema(value_type = String, format = Password)]
    current_password: Secret<String>,
    /// The new address.
    #[schema(format = Email)]
    new_email: String,
}

impl EmailBody {
    pub(in crate::identity) fn check(self) -> Result<(Secret<String>, String), Fault> {
        let mut check = Check::new();
        let email = check.take("/new_email", text::email(&self.new_email));
        check.done().map(|()| (self.current_password, email))
    }
}

/// `PATCH /me`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::identity) struct MePatch {
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
    /// Which mails are wanted.
    #[schema(value_type = Option<PreferencesPatch>)]
    #[serde(default)]
    preferences: Patch<PreferencesPatch>,
}

impl MePatch {
    pub(in crate::identity) fn check(self) -> Result<me::Change, Fault> {
        let mut check = Check::new();
        let name = check.kept("/full_name", self.full_name);
        let change = me::Change {
            full_name: name.map(|raw| check.line("/full_name", &raw, NAME_MAX)),
            phone: phone(&mut check, &self.phone),
            language: check.kept("/language", self.language),
            preferences: check.kept("/preferences", self.preferences),
        };
        check.done().map(|()| change)
    }
}
