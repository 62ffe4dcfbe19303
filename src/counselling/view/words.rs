//! Bodies that several operations share.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::counselling::model::LegalHold;
use crate::kernel::Fault;
use crate::kernel::error::Check;
use crate::office::safe_contact::Channels;

/// The most letters of a reason.
const REASON_MAX: usize = 1000;

/// An action that wants a reason.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::counselling) struct CaseReasonBody {
    /// Why; kept sealed with the case.
    #[schema(example = "Gia đình cần thêm thời gian.", max_length = 1000)]
    reason: String,
}

impl CaseReasonBody {
    /// The reason.
    pub(in crate::counselling) fn read(&self) -> Result<String, Fault> {
        let mut check = Check::new();
        let reason = reason(&mut check, &self.reason);
        check.done()?;
        Ok(reason)
    }
}

/// A reason that must be given.
pub(in crate::counselling) fn reason(check: &mut Check, raw: &str) -> String {
    check.block("/reason", raw, REASON_MAX)
}

/// Channels as they were stated.
pub(in crate::counselling) fn channels(check: &mut Check, at: &str, raw: &Channels) -> Channels {
    Channels {
        hours: check.line_opt(&format!("{at}/hours"), raw.hours.as_deref(), 200),
        ..raw.clone()
    }
}

/// For what proceeding a case's data are kept.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::counselling) struct LegalHoldView {
    reason: String,
    /// The supervisor who set it: an account.
    set_by: uuid::Uuid,
    set_on: NaiveDate,
}

impl From<LegalHold> for LegalHoldView {
    fn from(hold: LegalHold) -> Self {
        Self {
            reason: hold.reason,
            set_by: hold.set_by,
            set_on: hold.set_on,
        }
    }
}
