//! Paper sheets on the wire.

use serde::{Deserialize, Serialize};

use super::attendee::{AttendeeBody, who};
use crate::kernel::error::{Check, Fault};
use crate::kernel::{Timestamp, token};
use crate::training::command::{SheetEntry, SheetMark, SheetWho};
use crate::training::error::Error;
use crate::training::model::{AttendeeId, Mark, RegistrationId, SlotId};
use crate::training::service::sheet::{RowDone, RowResult};

/// The most rows of one sheet.
const ROWS_MAX: usize = 2_000;

/// What a paper row says of one slot.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::training) struct SheetMarkBody {
    slot: SlotId,
    mark: Mark,
    /// When the person came, where the paper says so.
    came_at: Option<Timestamp>,
    /// When the person left, where the paper says so.
    left_at: Option<Timestamp>,
}

/// One row of a paper sheet.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::training) struct SheetRowBody {
    /// The client's own key of the row.
    row: String,
    /// A registration on the list.
    registration_id: Option<RegistrationId>,
    /// Someone known who is not on the list.
    attendee_id: Option<AttendeeId>,
    /// Someone new.
    attendee: Option<AttendeeBody>,
    /// What the row says of the slots it names.
    marks: Vec<SheetMarkBody>,
    /// A remark.
    #[schema(max_length = 500)]
    note: Option<String>,
}

/// A whole paper sheet; rows not named stay untouched.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::training) struct SheetBody {
    rows: Vec<SheetRowBody>,
}

impl SheetBody {
    pub(in crate::training) fn read(&self) -> Result<Vec<SheetEntry>, Fault> {
        let mut check = Check::new();
        check.rule(
            (1..=ROWS_MAX).contains(&self.rows.len()),
            "/rows",
            "out-of-range",
        );
        let mut keys = std::collections::BTreeSet::new();
        let mut entries = Vec::with_capacity(self.rows.len());
        for (index, row) in self.rows.iter().enumerate() {
            let at = format!("/rows/{index}");
            check.rule(
                keys.insert(row.row.clone()),
                format!("{at}/row"),
                "repeated",
            );
            if let Some(entry) = row.read(&mut check, &at) {
                entries.push(entry);
            }
        }
        check.done()?;
        Ok(entries)
    }
}

impl SheetRowBody {
    fn read(&self, check: &mut Check, at: &str) -> Option<SheetEntry> {
        check.rule(
            (1..=64).contains(&self.row.len()),
            format!("{at}/row"),
            "out-of-range",
        );
        check.rule(
            (1..=60).contains(&self.marks.len()),
            format!("{at}/marks"),
            "out-of-range",
        );
        let mut slots = std::collections::BTreeSet::new();
        for (index, mark) in self.marks.iter().enumerate() {
            let is_new = slots.insert(mark.slot);
            check.rule(is_new, format!("{at}/marks/{index}/slot"), "repeated");
            let has_times = mark.came_at.is_some() || mark.left_at.is_some();
            let pointer = format!("{at}/marks/{index}/mark");
            check.rule(
                mark.mark == Mark::Present || !has_times,
                pointer,
                "times-without-presence",
            );
            let stay = mark.came_at.zip(mark.left_at);
            check.rule(
                stay.is_none_or(|(came, left)| came < left),
                format!("{at}/marks/{index}/left_at"),
                "before-start",
            );
        }
        let person = self.attendee_id.is_some() || self.attendee.is_some();
        let who = match (self.registration_id, person) {
            (Some(id), false) => SheetWho::Registration(id),
            (None, true) => {
                SheetWho::Person(who(check, self.attendee_id, self.attendee.as_ref(), at)?)
            }
            _ => {
                check.refuse(format!("{at}/registration_id"), "one-of");
                return None;
            }
        };
        let note = check.line_opt(&format!("{at}/note"), self.note.as_deref(), 500);
        let said = serde_json::json!({"marks": self.marks, "note": note});
        let mark = |mark: &SheetMarkBody| SheetMark {
            slot: mark.slot,
            mark: mark.mark,
            came_at: mark.came_at,
            left_at: mark.left_at,
        };
        Some(SheetEntry {
            row: self.row.clone(),
            who,
            marks: self.marks.iter().map(mark).collect(),
            note,
            digest: token::sha256(said.to_string().as_bytes()),
        })
    }
}

/// What a row of the sheet came to.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(in crate::training) struct SheetRowView {
    row: String,
    /// `created`, `updated`, `unchanged` or `refused`.
    result: &'static str,
    registration_id: Option<RegistrationId>,
    /// Why it was refused: a code of `docs/ERRORS.md`.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    /// Slots at which a scan showed the person present, whom the sheet calls absent or excused: its word
    /// counts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    against_scans: Vec<SlotId>,
    /// The earlier row of this call that says otherwise of the same person.
    #[serde(skip_serializing_if = "Option::is_none")]
    contradicts: Option<String>,
}

/// What the sheet came to, row by row.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(in crate::training) struct SheetView {
    rows: Vec<SheetRowView>,
}

impl SheetView {
    pub(in crate::training) fn of(done: Vec<RowDone>) -> Self {
        let view = |row: RowDone| match row.outcome {
            Ok(entered) => SheetRowView {
                row: row.row,
                result: match entered.result {
                    RowResult::Created => "created",
                    RowResult::Updated => "updated",
                    RowResult::Unchanged => "unchanged",
                },
                registration_id: Some(entered.registration),
                code: None,
                against_scans: entered.against_scans,
                contradicts: None,
            },
            Err(error) => SheetRowView {
                row: row.row,
                result: "refused",
                registration_id: None,
                code: Some(error.reason()),
                against_scans: Vec::new(),
                contradicts: match error {
                    Error::RowsContradict { row } => Some(row),
                    _ => None,
                },
            },
        };
        Self {
            rows: done.into_iter().map(view).collect(),
        }
    }
}
