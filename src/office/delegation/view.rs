//! Delegations on the wire.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::store::Row;
use super::{DelegationId, Duty};
use crate::identity::UserId;
use crate::kernel::civil::Shown;
use crate::kernel::text_enum::text_enum;
use crate::kernel::{Timestamp, Zone};
use crate::office::work_item;

text_enum! {
    /// Where a delegation stands.
    pub(super) enum DelegationState {
        /// Begins later.
        Planned = "planned",
        /// Counts today.
        Current = "current",
        /// Was ended before its time.
        Revoked = "revoked",
        /// Its days are over.
        Over = "over",
    }
}

impl DelegationState {
    pub(super) fn of(row: &Row, today: NaiveDate) -> Self {
        if row.revoked_at.is_some() {
            Self::Revoked
        } else if today > row.ends_on {
            Self::Over
        } else if today < row.starts_on {
            Self::Planned
        } else {
            Self::Current
        }
    }

    /// Whether it can be ended.
    pub(super) fn is_living(self) -> bool {
        match self {
            Self::Planned | Self::Current => true,
            Self::Revoked | Self::Over => false,
        }
    }
}

/// `POST /delegations`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DelegationBody {
    /// Whose duty. It may be missing only while no active account has the duty's role.
    pub(super) from_user: Option<UserId>,
    /// Who stands in: a counsellor or an intake officer.
    pub(super) to_user: UserId,
    /// What is done in somebody's place.
    pub(super) duty: Duty,
    /// From this office day.
    pub(super) starts_on: NaiveDate,
    /// To this office day, included.
    pub(super) ends_on: NaiveDate,
}

/// Who stands in for whom.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DelegationView {
    /// Its id.
    id: DelegationId,
    /// What the mail to who stands in calls it.
    #[schema(example = "K7M2-94")]
    code: String,
    /// Whose duty; nobody's where it was vacant.
    from_user: Option<UserId>,
    /// Who stands in.
    to_user: UserId,
    /// What is done in somebody's place.
    duty: Duty,
    /// From this office day.
    starts_on: NaiveDate,
    /// To this office day, included.
    ends_on: NaiveDate,
    /// Where it stands today.
    state: DelegationState,
    /// Who made it.
    created_by: UserId,
    /// When it was ended before its time.
    #[schema(value_type = Option<String>, format = DateTime)]
    revoked_at: Option<Shown>,
    /// By whom.
    revoked_by: Option<UserId>,
    /// Moves with every change.
    version: i32,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Shown,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Shown,
    /// What this caller can do with it now.
    allowed_actions: Vec<&'static str>,
}

impl DelegationView {
    pub(super) fn of(row: Row, (zone, now): (Zone, Timestamp), may_revoke: bool) -> Self {
        let state = DelegationState::of(&row, zone.day(now));
        let is_revocable = may_revoke && state.is_living();
        Self {
            id: row.id,
            code: work_item::code(row.id),
            from_user: row.from_id,
            to_user: row.to_id,
            duty: row.duty,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            state,
            created_by: row.created_by_id,
            revoked_at: row.revoked_at.map(|at| zone.show(at)),
            revoked_by: row.revoked_by_id,
            version: row.version,
            created_at: zone.show(row.created_at),
            updated_at: zone.show(row.updated_at),
            allowed_actions: if is_revocable { vec!["revoke"] } else { vec![] },
        }
    }
}
