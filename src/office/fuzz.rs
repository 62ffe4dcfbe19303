//! What the office reads of a stranger, for the fuzz targets alone: no build has it that is not made
//! with `--cfg fuzzing`.

use super::body::{AgencyBody, AgencyPatch, DayBody, OfficePatch, RoomBody, RoomPatch};
use crate::http::fuzz::{Read, body};

/// The bodies.
pub const BODIES: &[Read] = &[
    |bytes| body::<AgencyBody>(bytes).is_some_and(|body| body.check().is_ok()),
    |bytes| body::<AgencyPatch>(bytes).is_some_and(|body| body.check().is_ok()),
    |bytes| body::<DayBody>(bytes).is_some_and(|body| body.check().is_ok()),
    |bytes| body::<OfficePatch>(bytes).is_some_and(|body| !body.fields().is_empty()),
    |bytes| body::<RoomBody>(bytes).is_some_and(|body| body.check().is_ok()),
    |bytes| body::<RoomPatch>(bytes).is_some_and(|body| body.check().is_ok()),
];
