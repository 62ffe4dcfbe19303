//! What a step of an appointment says, on the wire.

use serde::Deserialize;

use super::appointment::{span, topics};
use crate::counselling::appointment::{CancelledBy, NoShowBy};
use crate::counselling::model::{PartyId, Phase, Topic};
use crate::counselling::service::appointment::Held;
use crate::counselling::slot::Span;
use crate::kernel::Timestamp;
use crate::kernel::error::{Check, Fault};

/// The most letters of a reason.
const REASON_MAX: usize = 1000;

/// Where an appointment moves to.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::counselling) struct MoveAppointmentBody {
    /// When it begins.
    starts_at: Timestamp,
    /// When it ends.
    ends_at: Timestamp,
    /// Why; kept sealed.
    #[schema(max_length = 1000)]
    reason: Option<String>,
}

impl MoveAppointmentBody {
    /// The time, and why.
    pub(in crate::counselling) fn read(&self) -> Result<(Span, Option<String>), Fault> {
        let mut check = Check::new();
        let span = span(&mut check, self.starts_at, self.ends_at);
        let reason = check.block_opt("/reason", self.reason.as_deref(), REASON_MAX);
        check.done()?;
        Ok((span, reason))
    }
}

/// Why a request is not taken.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::counselling) struct DeclineAppointmentBody {
    /// Why; kept sealed.
    #[schema(max_length = 1000)]
    reason: Option<String>,
}

impl DeclineAppointmentBody {
    /// Why.
    pub(in crate::counselling) fn read(&self) -> Result<Option<String>, Fault> {
        let mut check = Check::new();
        let reason = check.block_opt("/reason", self.reason.as_deref(), REASON_MAX);
        check.done()?;
        Ok(reason)
    }
}

/// Who calls an appointment off, and why.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::counselling) struct CancelAppointmentBody {
    /// Who.
    pub(in crate::counselling) by: CancelledBy,
    /// Why; kept sealed.
    #[schema(max_length = 1000)]
    reason: String,
}

impl CancelAppointmentBody {
    /// Why.
    pub(in crate::counselling) fn read(&self) -> Result<String, Fault> {
        let mut check = Check::new();
        let reason = super::words::reason(&mut check, &self.reason);
        check.done()?;
        Ok(reason)
    }
}

/// Who came to an appointment.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::counselling) struct CompleteAppointmentBody {
    /// The parties who came; none where there is no case yet.
    #[serde(default)]
    attended: Vec<PartyId>,
    /// What it was about; without them, what was planned.
    topics: Option<Vec<Topic>>,
    /// The phase it was held in, where its case has gone on since.
    phase: Option<Phase>,
}

impl CompleteAppointmentBody {
    /// How it was held.
    pub(in crate::counselling) fn read(&self) -> Result<Held, Fault> {
        let mut check = Check::new();
        let given = self.topics.as_deref();
        let topics = given.map(|given| topics(&mut check, given));
        check.done()?;
        Ok(Held {
            attended: self.attended.clone(),
            topics,
            phase: self.phase,
        })
    }
}

/// Who did not come.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::counselling) struct NoShowBody {
    /// Who.
    pub(in crate::counselling) by: NoShowBy,
}
