//! Bodies of routes without a login.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{NAME_MAX, password};
use crate::identity::service::register::Register;
use crate::kernel::error::Check;
use crate::kernel::secret::Secret;
use crate::kernel::{Fault, Language, text};

/// The most characters of what a device is called.
const LABEL_MAX: usize = 100;

/// `POST /auth/register`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewAccountBody)]
pub(in crate::identity) struct RegisterBody {
    /// The address.
    #[schema(format = Email)]
    email: String,
    /// 12 to 256 characters.
    #[schema(value_type = String, format = Password)]
    password: Secret<String>,
    /// The name.
    #[schema(max_length = 200)]
    full_name: String,
    /// The language mails are in; default Vietnamese.
    language: Option<Language>,
    /// The phone.
    phone: Option<String>,
    /// The office's code; needed where there are several.
    #[schema(max_length = 64)]
    office: Option<String>,
}

impl RegisterBody {
    pub(in crate::identity) fn check(self) -> Result<(Register, Secret<String>), Fault> {
        let mut check = Check::new();
        let register = Register {
            email: check.take("/email", text::email(&self.email)),
            full_name: check.line("/full_name", &self.full_name, NAME_MAX),
            phone: check.phone_opt("/phone", self.phone.as_deref()),
            language: self.language.unwrap_or_default(),
            office: check.line_opt("/office", self.office.as_deref(), 64),
        };
        password(&mut check, "/password", &self.password);
        check.done()?;
        Ok((register, self.password))
    }
}

/// A body with the token of a link.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::identity) struct TokenBody {
    /// The token behind the verb in the link's fragment.
    #[schema(value_type = String)]
    pub(in crate::identity) token: Secret<String>,
}

/// A body with a refresh token.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::identity) struct RefreshBody {
    /// The refresh token.
    #[schema(value_type = String)]
    pub(in crate::identity) refresh_token: Secret<String>,
}

/// `POST /auth/login`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::identity) struct LoginBody {
    /// The address.
    #[schema(format = Email)]
    email: String,
    /// The password.
    #[schema(value_type = String, format = Password)]
    password: Secret<String>,
    /// What the device is called; default what the browser says of itself.
    #[schema(max_length = 100)]
    device: Option<String>,
}

/// A login as the use case takes it.
#[derive(Debug)]
pub(in crate::identity) struct Login {
    pub(in crate::identity) email: String,
    pub(in crate::identity) password: Secret<String>,
    pub(in crate::identity) label: String,
}

impl LoginBody {
    pub(in crate::identity) fn check(self, agent: &str) -> Result<Login, Fault> {
        let mut check = Check::new();
        let email = check.take("/email", text::email(&self.email));
        let device = check.line_opt("/device", self.device.as_deref(), LABEL_MAX);
        check.done()?;
        let agent: String = agent.chars().take(LABEL_MAX).collect();
        let agent = text::line(&agent, LABEL_MAX).unwrap_or_default();
        Ok(Login {
            email,
            password: self.password,
            label: device.unwrap_or(agent),
        })
    }
}

/// `POST /auth/password-resets`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::identity) struct ResetBody {
    /// The address.
    #[schema(format = Email)]
    email: String,
}

impl ResetBody {
    pub(in crate::identity) fn check(&self) -> Result<String, Fault> {
        let mut check = Check::new();
        let email = check.take("/email", text::email(&self.email));
        check.done().map(|()| email)
    }
}

/// `POST /auth/password-resets/confirm`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::identity) struct ConfirmBody {
    /// The token behind the verb in the link's fragment.
    #[schema(value_type = String)]
    pub(in crate::identity) token: Secret<String>,
    /// 12 to 256 characters.
    #[schema(value_type = String, format = Password)]
    pub(in crate::identity) password: Secret<String>,
}

impl ConfirmBody {
    pub(in crate::identity) fn check(self) -> Result<Self, Fault> {
        let mut check = Check::new();
        password(&mut check, "/password", &self.password);
        check.done().map(|()| self)
    }
}
