//! What is recorded in a case: notes, consents, follow-ups. Types alone.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{AdoptionKind, AppointmentId, CaseId, PartyId, Phase, Topic};
use super::record_status::{ConsentDecision, FollowUpStatus, NoteStatus};
use crate::identity::UserId;
use crate::kernel::text_enum::text_enum;
use crate::kernel::{Id, Timestamp};
use crate::paper::incoming::FileKind;

/// Marks ids of notes.
#[derive(Debug)]
pub enum CounsellingNote {}
/// The id of a note.
pub type NoteId = Id<CounsellingNote>;

/// Marks ids of scans of signed records.
#[derive(Debug)]
pub enum NoteScan {}
/// The id of a scan.
pub type ScanId = Id<NoteScan>;

/// Marks ids of what was added to a note.
#[derive(Debug)]
pub enum NoteAddendum {}
/// The id of what was added to a note.
pub type AddendumId = Id<NoteAddendum>;

/// Marks ids of windows in which someone reads beyond their own.
#[derive(Debug)]
pub enum BreakGlass {}
/// The id of such a window.
pub type BreakGlassId = Id<BreakGlass>;

/// Marks ids of consents.
#[derive(Debug)]
pub enum AdoptionConsent {}
/// The id of a consent.
pub type ConsentId = Id<AdoptionConsent>;

/// Marks ids of follow-ups.
#[derive(Debug)]
pub enum CounsellingFollowUp {}
/// The id of a follow-up.
pub type FollowUpId = Id<CounsellingFollowUp>;

/// A note without what it says: what a list shows.
#[derive(Debug, Clone)]
pub struct Note {
    /// Its id.
    pub id: NoteId,
    /// Its case.
    pub case_id: CaseId,
    /// The appointment it tells of.
    pub appointment_id: Option<AppointmentId>,
    /// Who writes it.
    pub author_id: UserId,
    /// Where it stands.
    pub status: NoteStatus,
    /// The phase it was begun in.
    pub phase: Phase,
    /// When it became the record.
    pub signed_at: Option<Timestamp>,
    /// When its summary was first shown to a family.
    pub shared_at: Option<Timestamp>,
    /// Moves with every change.
    pub version: i32,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// What a note says; sealed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NoteContent {
    /// The day of the talk.
    pub held_on: Option<NaiveDate>,
    /// The parties who were there.
    pub present: Vec<PartyId>,
    /// What was talked about (`domain.md` §2.3).
    pub topics: Vec<Topic>,
    /// What was said.
    pub body: Option<String>,
    /// The child's own view.
    pub child_view: Option<String>,
    /// What was agreed.
    pub agreed: Option<String>,
    /// What is to follow.
    pub follow_ups: Option<String>,
    /// Who began it, where its author took it over from them.
    pub begun_by: Option<UserId>,
}

/// Something added below a signed note; its text is sealed.
#[derive(Debug, Clone)]
pub struct Addendum {
    /// Its id.
    pub id: AddendumId,
    /// Who added it.
    pub author_id: UserId,
    /// When.
    pub created_at: Timestamp,
    /// What it says.
    pub text: String,
}

/// What of a scan is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanSecret {
    /// What its file is called.
    pub name: String,
    /// The SHA-256 of its file, in hex.
    pub sha256: String,
}

/// A page of the record as it was signed on paper.
#[derive(Debug, Clone)]
pub struct Scan {
    /// Its id, and its file's.
    pub id: ScanId,
    /// The note it is of.
    pub note_id: NoteId,
    /// What the file is.
    pub media: FileKind,
    /// In bytes.
    pub size: i32,
    /// Who handed it in.
    pub uploaded_by: UserId,
    /// When.
    pub created_at: Timestamp,
    /// What is sealed.
    pub secret: ScanSecret,
}

/// What was said about a consent; sealed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConsentSecret {
    /// Who took it.
    pub taken_by: Option<String>,
    /// Who was there.
    pub present: Vec<String>,
    /// Who interpreted.
    pub interpreter: Option<String>,
    /// What was explained.
    pub explained: Vec<Topic>,
    /// The appointments in which they were counselled.
    pub counselled_appointment_ids: Vec<AppointmentId>,
    /// Anything else.
    pub note: Option<String>,
    /// What was said when it was taken back.
    pub withdrawal_note: Option<String>,
    /// Why it was entered by mistake.
    pub struck_reason: Option<String>,
    /// Who struck it.
    pub struck_by: Option<UserId>,
}

/// A decision on an adoption.
#[derive(Debug, Clone)]
pub struct Consent {
    /// Its id.
    pub id: ConsentId,
    /// Its case.
    pub case_id: CaseId,
    /// Who decided.
    pub party_id: PartyId,
    /// What.
    pub decision: ConsentDecision,
    /// The day it was taken.
    pub taken_on: NaiveDate,
    /// Whether they said it in person.
    pub is_in_person: bool,
    /// Days to take it back, as they were told, by where the child is adopted to.
    pub terms: Terms,
    /// The longest time to take it back that anybody was told.
    pub told: Option<ToldWindow>,
    /// The day it was taken back.
    pub withdrawn_on: Option<NaiveDate>,
    /// Whether that was after the time for it.
    pub is_late: bool,
    /// Whether a lawyer should look: taken back after the day that was told.
    pub is_flagged: bool,
    /// Who entered it.
    pub entered_by_id: Option<UserId>,
    /// When it was struck: it was entered by mistake, and counts for nothing.
    pub struck_at: Option<Timestamp>,
    /// Moves with every change.
    pub version: i32,
    /// When it was entered.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// What is sealed.
    pub secret: ConsentSecret,
}

/// Days in which a consent can be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// For an adoption within the country.
    pub domestic: i32,
    /// For one abroad.
    pub intercountry: i32,
}

/// A time to take a consent back, as it was told: it never ends earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct ToldWindow {
    /// Where the child was to be adopted to then.
    pub kind: AdoptionKind,
    /// How many days it was.
    pub days: i32,
    /// The last day, as it was told.
    pub ends_on: NaiveDate,
}

text_enum! {
    /// What is to follow.
    pub enum FollowUpKind {
        /// What was agreed in a talk.
        FollowUp = "follow_up",
        /// A report of the adoptive parents (Law on Adoption, Article 23).
        PostAdoptionReport = "post_adoption_report",
    }
}

/// What was said about a follow-up; sealed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FollowUpSecret {
    /// What is to be done.
    pub what: Option<String>,
    /// What came of it.
    pub note: Option<String>,
    /// Why it was moved or is not needed.
    pub reason: Option<String>,
}

/// Something that is to follow.
#[derive(Debug, Clone)]
pub struct FollowUp {
    /// Its id.
    pub id: FollowUpId,
    /// Its case.
    pub case_id: CaseId,
    /// What it is.
    pub kind: FollowUpKind,
    /// Which report it is, from 1.
    pub number: Option<i32>,
    /// What was done about it.
    pub status: FollowUpStatus,
    /// The day it was planned for.
    pub planned_on: NaiveDate,
    /// The day it is due.
    pub due_on: NaiveDate,
    /// The day it was done.
    pub done_on: Option<NaiveDate>,
    /// Moves with every change.
    pub version: i32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// What is sealed; nothing where nobody has written anything.
    pub secret: Option<FollowUpSecret>,
}

impl FollowUp {
    /// Whether nobody has done or written anything about it.
    pub fn is_untouched(&self) -> bool {
        self.version == 1 && self.status == FollowUpStatus::Open
    }
}
