//! What legal aid is made of: types and pure rules, no storage and no clock.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::clock::{Clock, Urgency};
use super::status::Status;
use crate::identity::UserId;
use crate::kernel::{Id, Language, OfficeId, Timestamp};
use crate::office::circumstance::Circumstance;
use crate::office::safe_contact::{ConfirmedHow, SafeContact};
use crate::sealed::DataKeyId;

pub use super::words::{
    DecisionResult, IntakeChannel, NextActor, PaperKind, RefusalReason, Relation, Sex, SignedBy,
    Stage, UrgencyLevel, UrgencyReason,
};

/// Marks ids of requests.
#[derive(Debug)]
pub enum LegalAidRequest {}
/// The id of a request.
pub type RequestId = Id<LegalAidRequest>;

/// Marks ids of documents.
#[derive(Debug)]
pub enum LegalAidDocument {}
/// The id of a document.
pub type DocumentId = Id<LegalAidDocument>;

/// Full years from which nobody is a child any more (Law on Children 102/2016/QH13, Article 1).
pub const CHILD_UNTIL: u32 = 16;
/// The category of children.
pub const CATEGORY_CHILD: &str = "child";
/// The fields of law in which whoever asks may be the one to fear.
const FIELDS_OF_HARM: [&str; 2] = ["child_abuse", "trafficking"];
/// The categories of which the same is true.
const CATEGORIES_OF_HARM: [&str; 2] = ["trafficking_victim", "with_trafficking_victim"];

/// Who asks and how to reach them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Requester {
    /// The name.
    pub name: Option<String>,
    /// Who that is, seen from the child.
    pub relation: Option<Relation>,
    /// A phone, E.164.
    pub phone: Option<String>,
    /// An address for mail.
    pub email: Option<String>,
    /// Where they live.
    pub address: Option<String>,
    /// How and when it is safe to reach them.
    pub safe_contact: SafeContact,
}

/// The child it is for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Child {
    /// The name.
    pub name: Option<String>,
    /// The day of birth.
    pub birth_date: Option<NaiveDate>,
    /// The special circumstances.
    pub special_circumstances: Vec<Circumstance>,
}

/// How it was written down for whoever could not write (`domain.md` §4.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssistedEntry {
    /// Who wrote: an account.
    pub written_by: uuid::Uuid,
    /// Whether it was read back.
    pub read_back: bool,
    /// How it was signed.
    pub signed_by: SignedBy,
}

/// A paper that is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// Which.
    pub kind: PaperKind,
    /// In the family's words, where the kind does not say it.
    pub words: Option<String>,
}

/// How it was sent to the Centre.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Referral {
    /// The Centre, or its branch.
    pub centre: String,
    /// The day it was sent.
    pub sent_on: NaiveDate,
    /// The number of the Phiếu chuyển.
    pub document_number: String,
    /// The number of the Centre's receipt.
    pub receipt_number: Option<String>,
    /// The day the Centre received it.
    pub received_on: Option<NaiveDate>,
    /// What the letter said; letters of before were not kept.
    #[serde(default)]
    pub letter: Option<Letter>,
}

/// What a letter to the Centre said when it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Who asked.
    pub requester: Requester,
    /// For which child.
    pub child: Child,
    /// The child's sex.
    pub child_sex: Sex,
    /// Of which category, a code.
    pub category: Option<String>,
    /// In which field of law, a code.
    pub field: Option<String>,
    /// The form of aid, a code.
    pub form_wanted: Option<String>,
    /// What it was about.
    pub summary: Option<String>,
    /// How much it pressed.
    pub urgency: Urgency,
    /// What went along, with its pages.
    pub papers: Vec<(PaperKind, usize)>,
    /// What was to follow.
    pub missing: Vec<PaperKind>,
}

/// What the Centre decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Whether it took the matter on.
    pub result: DecisionResult,
    /// On what ground it did not.
    pub reason: Option<RefusalReason>,
    /// What it wrote.
    pub words: Option<String>,
    /// The number of the document.
    pub number: Option<String>,
    /// Its date.
    pub date: NaiveDate,
}

/// Whom the Centre named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// The person (người thực hiện trợ giúp pháp lý).
    pub person: String,
    /// Their organisation.
    pub organisation: Option<String>,
    /// How to reach them.
    pub contact: Option<String>,
    /// Since when.
    pub on: NaiveDate,
}

/// Which way the family was shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redirection {
    /// Where to.
    pub to: String,
    /// What was advised.
    pub advice: Option<String>,
}

/// How a withdrawal was asked for and confirmed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Withdrawal {
    /// Why, in the family's words.
    pub reason: Option<String>,
    /// The officer who asked the family by a safe way.
    pub confirmed_by: Option<uuid::Uuid>,
    /// By which way.
    pub confirmed_how: Option<ConfirmedHow>,
    /// Whether that was a supervisor: then the other person may be an officer.
    pub is_by_supervisor: bool,
    /// How the Centre was told.
    pub centre_told: Option<String>,
}

/// What tells who someone is or what happened; sealed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RequestSecret {
    /// Who asks.
    pub requester: Requester,
    /// For which child.
    pub child: Child,
    /// What it is about.
    pub summary: Option<String>,
    /// How it was written down for whoever could not write.
    pub assisted_entry: Option<AssistedEntry>,
    /// Which papers are wanted.
    pub wanted: Vec<Wanted>,
    /// How it was sent to the Centre, the last time.
    pub referral: Option<Referral>,
    /// What the Centre decided, the last time.
    pub decision: Option<Decision>,
    /// Whom the Centre named.
    pub assignment: Option<Assignment>,
    /// What the Centre refused before it was sent there once more; the time to complain runs on.
    pub refused_before: Option<Decision>,
    /// Which way was shown.
    pub redirection: Option<Redirection>,
    /// Whether the family wanted it sent to the Centre all the same.
    pub has_insisted: bool,
    /// Whether it told of harm at any time since it was handed in: a later change does not make a
    /// withdrawal safe.
    pub told_of_harm: bool,
    /// How it ended.
    pub outcome: Option<String>,
    /// How it was to be taken back.
    pub withdrawal: Option<Withdrawal>,
}

/// A request for legal aid.
#[derive(Debug, Clone)]
pub struct Request {
    /// Its id.
    pub id: RequestId,
    /// Its office.
    pub office_id: OfficeId,
    /// What staff call it: `LC-TG-2026-0007`; a draft has none.
    pub reference: Option<String>,
    /// What the family calls it: `K7M2-94`.
    pub code: String,
    /// The account that asks; access follows it, never parenthood.
    pub user_id: Option<UserId>,
    /// What seals it.
    pub data_key_id: DataKeyId,
    /// Where it stands.
    pub status: Status,
    /// How it came.
    pub channel: IntakeChannel,
    /// The requester's language.
    pub language: Language,
    /// The beneficiary's category: a code of the list.
    pub category: Option<String>,
    /// The field of law: a code of the list.
    pub field: Option<String>,
    /// The form wanted: a code of the list.
    pub form_wanted: Option<String>,
    /// The child's sex.
    pub child_sex: Sex,
    /// The child's age on the day it was handed in.
    pub child_age: Option<i32>,
    /// A digest that is the same for the same child.
    pub child_key: Option<Vec<u8>>,
    /// Whether it goes on though papers are missing.
    pub has_papers_to_follow: bool,
    /// Who of the ward sees to it.
    pub assignee_id: Option<UserId>,
    /// The day it was handed in.
    pub submitted_on: Option<NaiveDate>,
    /// The day it was first sent to the Centre.
    pub first_referred_on: Option<NaiveDate>,
    /// The day it was last sent to the Centre.
    pub referred_on: Option<NaiveDate>,
    /// The day it ended.
    pub ended_on: Option<NaiveDate>,
    /// On what ground the Centre refused, the last time.
    pub refusal_reason: Option<RefusalReason>,
    /// When the family opened the refusal.
    pub refusal_opened_at: Option<Timestamp>,
    /// When it was asked to be taken back.
    pub withdrawal_requested_at: Option<Timestamp>,
    /// When others of the same child and matter were looked for.
    pub duplicates_sought_at: Option<Timestamp>,
    /// Who wrote it.
    pub created_by_id: Option<UserId>,
    /// Moves with every change.
    pub version: i32,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Whose turn it is, and by when.
    pub clock: Clock,
    /// What is sealed.
    pub secret: RequestSecret,
}

impl Request {
    /// Whether whoever asks, or whoever asks to take it back, may be the one to fear: abuse,
    /// violence, trafficking. A supervisor then confirms a withdrawal, too.
    pub fn tells_of_harm(&self) -> bool {
        let is_of_harm = |field: &str| FIELDS_OF_HARM.contains(&field);
        let is_victim = |category: &str| CATEGORIES_OF_HARM.contains(&category);
        let circumstances = &self.secret.child.special_circumstances;
        self.secret.told_of_harm
            || self.field.as_deref().is_some_and(is_of_harm)
            || self.category.as_deref().is_some_and(is_victim)
            || self.clock.urgency.reason == Some(UrgencyReason::AvoidHarm)
            || circumstances.iter().any(|one| one.tells_of_harm())
    }

    /// Whether the requester can be reached in any way.
    pub fn is_reachable(&self) -> bool {
        let requester = &self.secret.requester;
        self.user_id.is_some()
            || requester.phone.is_some()
            || requester.email.is_some()
            || requester.address.is_some()
    }
}
