//! Notes on the wire.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::words::reason;
use crate::counselling::model::{AppointmentId, Case, CaseId, PartyId, Phase, Topic};
use crate::counselling::policy::{self, Eyes};
use crate::counselling::record::{Addendum, AddendumId, BreakGlassId, Note, NoteContent, NoteId};
use crate::counselling::record_status::NoteStatus;
use crate::counselling::service::note::{NoteDraft, Opened};
use crate::counselling::store::break_glass::Window;
use crate::counselling::store::note::{Said, Summary};
use crate::http::list_query;
use crate::identity::UserId;
use crate::kernel::civil::Shown;
use crate::kernel::error::{Check, Fault};
use crate::kernel::{Patch, Zone};

/// The most letters of what was said.
const BODY_MAX: usize = 20_000;
/// The most letters of a shorter part.
const PART_MAX: usize = 5_000;
/// The least letters of a reason to read what is another's.
const REASON_MIN: usize = 20;
/// The most topics or parties of a note.
const LIST_MAX: usize = 50;

/// A new note.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::counselling) struct CounsellingNoteBody {
    /// The appointment it tells of: the day, who came and the topics are taken from it where they are
    /// not given.
    appointment_id: Option<AppointmentId>,
    /// The day of the talk.
    held_on: Option<NaiveDate>,
    /// The parties who were there.
    present: Vec<PartyId>,
    /// What was talked about.
    topics: Vec<Topic>,
    /// What was said.
    #[schema(example = "Đã giải thích các lựa chọn chăm sóc.", max_length = 20000)]
    body: Option<String>,
    /// The child's own view.
    #[schema(max_length = 5000)]
    child_view: Option<String>,
    /// What was agreed.
    #[schema(max_length = 5000)]
    agreed: Option<String>,
    /// What is to follow.
    #[schema(max_length = 5000)]
    follow_ups: Option<String>,
    /// A summary for the family; it is seen once it is shared.
    #[schema(max_length = 5000)]
    shared_summary: Option<String>,
}

impl CounsellingNoteBody {
    /// The note, with every broken rule.
    pub(in crate::counselling) fn read(self) -> Result<NoteDraft, Fault> {
        let content = NoteContent {
            held_on: self.held_on,
            present: self.present,
            topics: self.topics,
            body: self.body,
            child_view: self.child_view,
            agreed: self.agreed,
            follow_ups: self.follow_ups,
            begun_by: None,
        };
        checked(self.appointment_id, content, self.shared_summary)
    }
}

fn checked(
    appointment_id: Option<AppointmentId>,
    mut content: NoteContent,
    summary: Option<String>,
) -> Result<NoteDraft, Fault> {
    let mut check = Check::new();
    let mut text = |at: &str, raw: Option<String>, max| check.block_opt(at, raw.as_deref(), max);
    content.body = text("/body", content.body, BODY_MAX);
    content.child_view = text("/child_view", content.child_view, PART_MAX);
    content.agreed = text("/agreed", content.agreed, PART_MAX);
    content.follow_ups = text("/follow_ups", content.follow_ups, PART_MAX);
    let summary = text("/shared_summary", summary, PART_MAX);
    content.topics.sort_unstable();
    content.topics.dedup();
    let is_short = content.present.len() <= LIST_MAX;
    check.rule(is_short, "/present", "out-of-range");
    check.done()?;
    Ok(NoteDraft {
        appointment_id,
        content,
        summary,
    })
}

/// Changes of a draft: absent keeps, `null` clears what may be empty.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::counselling) struct CounsellingNotePatch {
    #[schema(value_type = Option<AppointmentId>)]
    appointment_id: Patch<AppointmentId>,
    #[schema(value_type = Option<NaiveDate>)]
    held_on: Patch<NaiveDate>,
    #[schema(value_type = Vec<PartyId>)]
    present: Patch<Vec<PartyId>>,
    #[schema(value_type = Vec<Topic>)]
    topics: Patch<Vec<Topic>>,
    #[schema(value_type = Option<String>, max_length = 20000)]
    body: Patch<String>,
    #[schema(value_type = Option<String>, max_length = 5000)]
    child_view: Patch<String>,
    #[schema(value_type = Option<String>, max_length = 5000)]
    agreed: Patch<String>,
    #[schema(value_type = Option<String>, max_length = 5000)]
    follow_ups: Patch<String>,
    #[schema(value_type = Option<String>, max_length = 5000)]
    shared_summary: Patch<String>,
}

impl CounsellingNotePatch {
    /// The note with the changes laid over it.
    pub(in crate::counselling) fn over(self, note: &Note, old: Said) -> Result<NoteDraft, Fault> {
        let content = NoteContent {
            held_on: self.held_on.over(old.content.held_on),
            present: self
                .present
                .over(Some(old.content.present))
                .unwrap_or_default(),
            topics: self
                .topics
                .over(Some(old.content.topics))
                .unwrap_or_default(),
            body: self.body.over(old.content.body),
            child_view: self.child_view.over(old.content.child_view),
            agreed: self.agreed.over(old.content.agreed),
            follow_ups: self.follow_ups.over(old.content.follow_ups),
            begun_by: old.content.begun_by,
        };
        let appointment = self.appointment_id.over(note.appointment_id);
        checked(appointment, content, self.shared_summary.over(old.summary))
    }
}

/// Something added below a signed note.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::counselling) struct AddendumBody {
    /// What is added.
    #[schema(max_length = 5000)]
    text: String,
}

impl AddendumBody {
    /// The text.
    pub(in crate::counselling) fn read(&self) -> Result<String, Fault> {
        let mut check = Check::new();
        let text = check.block("/text", &self.text, PART_MAX);
        check.done()?;
        Ok(text)
    }
}

/// Whose families see a summary.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::counselling) struct ShareBody {
    /// Parties of the case.
    parties: Vec<PartyId>,
}

impl ShareBody {
    /// The parties.
    pub(in crate::counselling) fn read(&self) -> Result<&[PartyId], Fault> {
        let mut check = Check::new();
        check.rule(!self.parties.is_empty(), "/parties", "required");
        check.rule(self.parties.len() <= LIST_MAX, "/parties", "out-of-range");
        check.done()?;
        Ok(&self.parties)
    }
}

/// Why someone must read what is another's.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::counselling) struct BreakGlassBody {
    /// Why, in twenty letters or more; kept sealed with the case.
    #[schema(
        example = "Người phụ trách vắng, trẻ có dấu hiệu bị hại.",
        max_length = 1000
    )]
    reason: String,
}

impl BreakGlassBody {
    /// The reason.
    pub(in crate::counselling) fn read(&self) -> Result<String, Fault> {
        let mut check = Check::new();
        let given = reason(&mut check, &self.reason);
        let letters = given.chars().filter(|c| !c.is_whitespace()).count();
        let is_long = given.chars().count() >= REASON_MIN && letters * 2 >= REASON_MIN;
        check.rule(given.is_empty() || is_long, "/reason", "too-short");
        check.done()?;
        Ok(given)
    }
}

/// A window in which someone reads a case that is not theirs.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::counselling) struct BreakGlassView {
    id: BreakGlassId,
    case_id: CaseId,
    starts_at: Shown,
    ends_at: Shown,
}

impl BreakGlassView {
    /// A window in the office's zone.
    pub(in crate::counselling) fn of(zone: Zone, case_id: CaseId, window: &Window) -> Self {
        Self {
            id: window.id,
            case_id,
            starts_at: zone.show(window.starts_at),
            ends_at: zone.show(window.ends_at),
        }
    }
}

list_query! {
    /// Which notes.
    pub(in crate::counselling) struct NotesQuery {
    }
}

/// A note without what it says.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::counselling) struct CounsellingNoteView {
    id: NoteId,
    case_id: CaseId,
    appointment_id: Option<AppointmentId>,
    author_id: UserId,
    status: NoteStatus,
    /// The phase it was begun in.
    phase: Phase,
    signed_at: Option<Shown>,
    shared_at: Option<Shown>,
    /// The parties its summary is shown to.
    shared_with: Vec<PartyId>,
    version: i32,
    created_at: Shown,
    updated_at: Shown,
    allowed_actions: Vec<&'static str>,
}

impl CounsellingNoteView {
    /// A note of a case with these writers in the office's zone, for these eyes.
    pub(in crate::counselling) fn of(
        zone: Zone,
        (case, writers, eyes): (&Case, &[UserId], &Eyes),
        (note, shared_with): (&Note, Vec<PartyId>),
    ) -> Self {
        Self {
            id: note.id,
            case_id: note.case_id,
            appointment_id: note.appointment_id,
            author_id: note.author_id,
            status: note.status,
            phase: note.phase,
            signed_at: note.signed_at.map(|at| zone.show(at)),
            shared_at: note.shared_at.map(|at| zone.show(at)),
            shared_with,
            version: note.version,
            created_at: zone.show(note.created_at),
            updated_at: zone.show(note.updated_at),
            allowed_actions: policy::note_actions((case, writers), eyes, note),
        }
    }

    /// Where a row stands in the list.
    pub(in crate::counselling) fn key(note: &Note) -> (i64, NoteId) {
        (note.created_at.micros(), note.id)
    }
}

/// A note with what it says.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::counselling) struct CounsellingNoteContentView {
    #[serde(flatten)]
    note: CounsellingNoteView,
    #[serde(flatten)]
    content: NoteContent,
    shared_summary: Option<String>,
    addenda: Vec<AddendumView>,
}

/// Something added below a signed note.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::counselling) struct AddendumView {
    id: AddendumId,
    author_id: UserId,
    at: Shown,
    text: String,
}

impl AddendumView {
    fn of(zone: Zone, addendum: Addendum) -> Self {
        Self {
            id: addendum.id,
            author_id: addendum.author_id,
            at: zone.show(addendum.created_at),
            text: addendum.text,
        }
    }
}

impl CounsellingNoteContentView {
    /// An opened note in the office's zone, for these eyes.
    pub(in crate::counselling) fn of(zone: Zone, opened: Opened, eyes: &Eyes) -> Self {
        let addenda = opened.addenda.into_iter();
        let note = (&opened.note, opened.shared_with);
        Self {
            note: CounsellingNoteView::of(zone, (&opened.case, &opened.writers, eyes), note),
            content: opened.said.content,
            shared_summary: opened.said.summary,
            addenda: addenda.map(|one| AddendumView::of(zone, one)).collect(),
        }
    }
}

list_query! {
    /// Which summaries.
    pub(in crate::counselling) struct SummariesQuery {
    }
}

/// A summary as the family of a party sees it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::counselling) struct OwnSummaryView {
    id: NoteId,
    /// The matter, as the family calls it.
    code: String,
    party_id: PartyId,
    shared_at: Shown,
    text: String,
}

impl OwnSummaryView {
    /// A summary in the office's zone.
    pub(in crate::counselling) fn of(zone: Zone, summary: Summary) -> Self {
        Self {
            id: summary.id,
            code: summary.code,
            party_id: summary.party,
            shared_at: zone.show(summary.shared_at),
            text: summary.text,
        }
    }

    /// Where a row stands in the list.
    pub(in crate::counselling) fn key(summary: &Summary) -> (i64, NoteId) {
        (summary.shared_at.micros(), summary.id)
    }
}
