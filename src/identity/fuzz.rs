//! What accounts read of a stranger, for the fuzz targets alone: no build has it that is not made
//! with `--cfg fuzzing`.

use super::body::{
    ConfirmBody, EmailBody, LoginBody, MePatch, PasswordBody, RefreshBody, RegisterBody, ResetBody,
    TokenBody, UserBody, UserPatch,
};
use crate::http::fuzz::{Read, body};

/// The bodies.
pub const BODIES: &[Read] = &[
    |bytes| body::<ConfirmBody>(bytes).is_some_and(|body| body.check().is_ok()),
    |bytes| body::<EmailBody>(bytes).is_some_and(|body| body.check().is_ok()),
    |bytes| {
        let agent = String::from_utf8_lossy(bytes);
        body::<LoginBody>(bytes).is_some_and(|body| body.check(&agent).is_ok())
    },
    |bytes| body::<MePatch>(bytes).is_some_and(|body| body.check().is_ok()),
    |bytes| body::<PasswordBody>(bytes).is_some_and(|body| body.check().is_ok()),
    |bytes| body::<RefreshBody>(bytes).is_some(),
    |bytes| body::<RegisterBody>(bytes).is_some_and(|body| body.check().is_ok()),
    |bytes| body::<ResetBody>(bytes).is_some_and(|body| body.check().is_ok()),
    |bytes| body::<TokenBody>(bytes).is_some(),
    |bytes| body::<UserBody>(bytes).is_some_and(|body| body.check().is_ok()),
    |bytes| body::<UserPatch>(bytes).is_some_and(|body| body.check().is_ok()),
];
