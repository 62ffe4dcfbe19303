//! What comes in with an action on a session.

use serde::Deserialize;

use super::session_body::{SlotBody, read_slots};
use crate::kernel::Timestamp;
use crate::kernel::error::{Check, Fault};
use crate::office::owed::ProductKind;
use crate::training::command::SlotDraft;

/// Announce a session.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::training) struct PublishBody {
    /// Why it shares a room that is taken.
    #[schema(max_length = 500)]
    room_override_reason: Option<String>,
}

impl PublishBody {
    pub(in crate::training) fn read(&self) -> Result<Option<String>, Fault> {
        let mut check = Check::new();
        let reason = self.room_override_reason.as_deref();
        let reason = check.line_opt("/room_override_reason", reason, 500);
        check.done()?;
        Ok(reason)
    }
}

/// Move a session: the whole list of slots.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::training) struct RescheduleBody {
    /// Every slot it shall have, with the ids of those that stay.
    slots: Vec<SlotBody>,
    /// Why it shares a room that is taken.
    #[schema(max_length = 500)]
    room_override_reason: Option<String>,
}

impl RescheduleBody {
    pub(in crate::training) fn read(&self) -> Result<(Vec<SlotDraft>, Option<String>), Fault> {
        let mut check = Check::new();
        let slots = read_slots(&mut check, &self.slots);
        let reason = self.room_override_reason.as_deref();
        let reason = check.line_opt("/room_override_reason", reason, 500);
        check.done()?;
        Ok((slots, reason))
    }
}

/// Why something is done.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::training) struct ReasonBody {
    /// The reason, kept with the record.
    #[schema(max_length = 500)]
    reason: String,
}

impl ReasonBody {
    pub(in crate::training) fn read(&self) -> Result<String, Fault> {
        let mut check = Check::new();
        let reason = check.line("/reason", &self.reason, 500);
        check.done()?;
        Ok(reason)
    }
}

/// Say why there is no product that a session owes.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::training) struct WaiveProductBody {
    /// What it owes.
    kind: ProductKind,
    /// Why there is none, kept with the record.
    #[schema(max_length = 500)]
    reason: String,
}

impl WaiveProductBody {
    pub(in crate::training) fn read(&self) -> Result<(ProductKind, String), Fault> {
        let mut check = Check::new();
        let reason = check.line("/reason", &self.reason, 500);
        check.done()?;
        Ok((self.kind, reason))
    }
}

/// Settle the attendance.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::training) struct CompleteBody {
    /// Go on though attendance looks forgotten.
    pub(in crate::training) acknowledge_missing: bool,
}

/// Make another session like this one.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::training) struct DuplicateBody {
    /// When its first slot starts; the others keep their distance.
    pub(in crate::training) starts_at: Timestamp,
}
