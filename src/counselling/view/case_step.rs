//! What a step of a case says, on the wire.

use serde::Deserialize;

use super::words::reason;
use crate::counselling::model::{Outcome, Phase};
use crate::identity::UserId;
use crate::kernel::error::{Check, Fault};

/// A step to the next phase.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::counselling) struct AdvancePhaseBody {
    /// Why a supervisor lets it go on with an open checklist, or should: whoever may not override is
    /// refused, with `override_asked`, and a supervisor is asked.
    #[schema(max_length = 1000)]
    override_reason: Option<String>,
}

impl AdvancePhaseBody {
    /// The reason, where one is given.
    pub(in crate::counselling) fn read(&self) -> Result<Option<String>, Fault> {
        let mut check = Check::new();
        let given = self.override_reason.as_deref();
        let reason = check.block_opt("/override_reason", given, 1000);
        check.done()?;
        Ok(reason)
    }
}

/// The phase a case really is in.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::counselling) struct CorrectPhaseBody {
    /// The phase.
    phase: Phase,
    /// Why.
    #[schema(max_length = 1000)]
    reason: String,
}

impl CorrectPhaseBody {
    /// The phase, and why.
    pub(in crate::counselling) fn read(&self) -> Result<(Phase, String), Fault> {
        let mut check = Check::new();
        let reason = reason(&mut check, &self.reason);
        check.done()?;
        Ok((self.phase, reason))
    }
}

/// To whom a case is offered.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::counselling) struct TransferBody {
    /// A counsellor of the office.
    to: UserId,
    /// Why.
    #[schema(max_length = 1000)]
    reason: String,
}

impl TransferBody {
    /// To whom, and why.
    pub(in crate::counselling) fn read(&self) -> Result<(UserId, String), Fault> {
        let mut check = Check::new();
        let reason = reason(&mut check, &self.reason);
        check.done()?;
        Ok((self.to, reason))
    }
}

/// Who supervises a case from now on.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::counselling) struct AssignSupervisorBody {
    /// A supervisor of the office who does not counsel the case.
    supervisor: UserId,
    /// Why.
    #[schema(max_length = 1000)]
    reason: String,
}

impl AssignSupervisorBody {
    /// Who, and why.
    pub(in crate::counselling) fn read(&self) -> Result<(UserId, String), Fault> {
        let mut check = Check::new();
        let reason = reason(&mut check, &self.reason);
        check.done()?;
        Ok((self.supervisor, reason))
    }
}

/// What became of a case.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::counselling) struct AskClosingBody {
    /// What became of it.
    outcome: Outcome,
    /// Why it can end.
    #[schema(max_length = 1000)]
    reason: String,
}

impl AskClosingBody {
    /// The outcome, and why.
    pub(in crate::counselling) fn read(&self) -> Result<(Outcome, String), Fault> {
        let mut check = Check::new();
        let reason = reason(&mut check, &self.reason);
        check.done()?;
        Ok((self.outcome, reason))
    }
}
