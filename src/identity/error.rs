//! Every way accounts and logins may refuse.

use crate::db;
use crate::kernel::{Class, Coded, Fault};

/// Why a use case about people refuses.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No such account, a wrong password, or an account that may not log in: one answer for all.
    #[error("the credentials are wrong")]
    CredentialsWrong,
    /// The caller tried to change its own roles.
    #[error("nobody edits their own roles")]
    OwnRoles,
    /// The caller tried to change its own address without its password.
    #[error("one's own address is changed with one's password")]
    OwnEmail,
    /// The office would be left without an active administrator.
    #[error("the office's last active administrator")]
    LastAdministrator,
    /// An account of this address exists.
    #[error("the address is taken")]
    EmailTaken,
    /// What every slice refuses alike.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// Storage failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for Error {
    fn class(&self) -> Class {
        match self {
            Self::CredentialsWrong => Class::Unauthenticated,
            Self::OwnRoles | Self::OwnEmail => Class::Forbidden,
            Self::LastAdministrator | Self::EmailTaken => Class::Conflict,
            Self::Fault(fault) => fault.class(),
            Self::Db(error) => error.class(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::CredentialsWrong => "credentials-wrong",
            Self::OwnRoles => "own-roles",
            Self::OwnEmail => "own-email",
            Self::LastAdministrator => "last-administrator",
            Self::EmailTaken => "email-taken",
            Self::Fault(fault) => fault.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Fault(fault) => Some(fault),
            _ => None,
        }
    }
}
