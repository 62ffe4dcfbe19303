//! Follow-ups on the wire.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::words::reason;
use crate::counselling::follow_up::FollowUpState;
use crate::counselling::model::CaseId;
use crate::counselling::record::{FollowUpId, FollowUpKind, FollowUpSecret};
use crate::counselling::service::follow_up::{FollowUpDraft, Standing};
use crate::kernel::civil::Shown;
use crate::kernel::error::{Check, Fault};
use crate::kernel::{Patch, Zone};

/// The most letters of what is written.
const TEXT_MAX: usize = 5_000;

/// Something that is to follow.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::counselling) struct FollowUpBody {
    /// The day it is due.
    due_on: NaiveDate,
    /// What is to be done; kept sealed with the case.
    #[schema(example = "Gọi lại để hỏi việc học.", max_length = 5000)]
    what: String,
}

impl FollowUpBody {
    /// The follow-up.
    pub(in crate::counselling) fn read(&self) -> Result<FollowUpDraft, Fault> {
        let mut check = Check::new();
        let what = check.block("/what", &self.what, TEXT_MAX);
        check.done()?;
        Ok(FollowUpDraft {
            due_on: self.due_on,
            what,
        })
    }
}

/// Changes of what is written: absent keeps, `null` clears what may be empty.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::counselling) struct FollowUpPatch {
    #[schema(value_type = Option<String>, max_length = 5000)]
    what: Patch<String>,
    #[schema(value_type = Option<String>, max_length = 5000)]
    note: Patch<String>,
}

impl FollowUpPatch {
    /// What is written, with the changes laid over it.
    pub(in crate::counselling) fn over(
        self,
        old: &FollowUpSecret,
    ) -> Result<FollowUpSecret, Fault> {
        let mut check = Check::new();
        let what = self.what.over(old.what.clone());
        let note = self.note.over(old.note.clone());
        let changed = FollowUpSecret {
            what: check.block_opt("/what", what.as_deref(), TEXT_MAX),
            note: check.block_opt("/note", note.as_deref(), TEXT_MAX),
            reason: old.reason.clone(),
        };
        // What a report is for is known; what was agreed stays said.
        let is_said = changed.what.is_some() || old.what.is_none();
        check.rule(is_said, "/what", "required");
        check.done()?;
        Ok(changed)
    }
}

/// That it was done.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::counselling) struct CompleteFollowUpBody {
    /// The day; without one, today.
    on: Option<NaiveDate>,
    /// What came of it; kept sealed with the case.
    #[schema(max_length = 5000)]
    note: Option<String>,
}

impl CompleteFollowUpBody {
    /// The day, and what came of it.
    pub(in crate::counselling) fn read(
        &self,
    ) -> Result<(Option<NaiveDate>, Option<String>), Fault> {
        let mut check = Check::new();
        let note = check.block_opt("/note", self.note.as_deref(), TEXT_MAX);
        check.done()?;
        Ok((self.on, note))
    }
}

/// Another day.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::counselling) struct MoveFollowUpBody {
    /// The day; none that is over.
    to: NaiveDate,
    /// Why; kept sealed with the case.
    #[schema(max_length = 1000)]
    reason: String,
}

impl MoveFollowUpBody {
    /// The day, and why.
    pub(in crate::counselling) fn read(&self) -> Result<(NaiveDate, String), Fault> {
        let mut check = Check::new();
        let why = reason(&mut check, &self.reason);
        check.done()?;
        Ok((self.to, why))
    }
}

/// A follow-up.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::counselling) struct FollowUpView {
    id: FollowUpId,
    case_id: CaseId,
    kind: FollowUpKind,
    /// Which report it is, from 1.
    number: Option<i32>,
    /// How it stands today.
    state: FollowUpState,
    planned_on: NaiveDate,
    due_on: NaiveDate,
    done_on: Option<NaiveDate>,
    what: Option<String>,
    note: Option<String>,
    /// Why it was moved or is not needed.
    reason: Option<String>,
    version: i32,
    created_at: Shown,
    updated_at: Shown,
    allowed_actions: Vec<&'static str>,
}

impl FollowUpView {
    /// A follow-up in the office's zone; what may be done to it only for who writes in its case.
    pub(in crate::counselling) fn of(zone: Zone, standing: Standing, records: bool) -> Self {
        let (one, state) = (standing.one, standing.state);
        let secret = one.secret.unwrap_or_default();
        Self {
            id: one.id,
            case_id: one.case_id,
            kind: one.kind,
            number: one.number,
            state,
            planned_on: one.planned_on,
            due_on: one.due_on,
            done_on: one.done_on,
            what: secret.what,
            note: secret.note,
            reason: secret.reason,
            version: one.version,
            created_at: zone.show(one.created_at),
            updated_at: zone.show(one.updated_at),
            allowed_actions: if records {
                one.status.allowed()
            } else {
                Vec::new()
            },
        }
    }
}

/// The follow-ups of a case, the next due first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::counselling) struct FollowUpsView {
    pub(in crate::counselling) items: Vec<FollowUpView>,
}
