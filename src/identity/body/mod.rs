//! What comes in, and how it becomes what a use case accepts: every broken rule at once.

mod auth;
mod me;
mod users;

pub(super) use auth::{ConfirmBody, LoginBody, RefreshBody, RegisterBody, ResetBody, TokenBody};
pub(super) use me::{EmailBody, MePatch, PasswordBody};
pub(super) use users::{UserBody, UserPatch};

use super::password::broken_rule;
use crate::kernel::Patch;
use crate::kernel::error::Check;
use crate::kernel::secret::Secret;

/// The most characters of a name.
pub(super) const NAME_MAX: usize = 200;

fn password(check: &mut Check, pointer: &str, password: &Secret<String>) {
    if let Some(code) = broken_rule(password) {
        check.refuse(pointer, code);
    }
}

/// A phone that is kept, set or cleared; an empty one clears.
fn phone(check: &mut Check, patch: &Patch<String>) -> Patch<String> {
    match patch {
        Patch::Keep => Patch::Keep,
        Patch::Clear => Patch::Clear,
        Patch::Set(raw) => check
            .phone_opt("/phone", Some(raw))
            .map_or(Patch::Clear, Patch::Set),
    }
}
