//! What counselling is made of: types and pure rules, no storage and no clock.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::status::{CaseStatus, RequestStatus};
use crate::identity::UserId;
use crate::kernel::{Id, Language, OfficeId, Timestamp};
use crate::office::safe_contact::SafeContact;
use crate::sealed::DataKeyId;

pub use super::words::{
    AdoptionKind, Channel, HoldReason, InFamily, Means, Mode, Outcome, PartyRole, Phase, Side,
    Topic,
};

/// Marks ids of requests.
#[derive(Debug)]
pub enum CounsellingRequest {}
/// The id of a request.
pub type RequestId = Id<CounsellingRequest>;

/// Marks ids of cases.
#[derive(Debug)]
pub enum CounsellingCase {}
/// The id of a case.
pub type CaseId = Id<CounsellingCase>;

/// Marks ids of parties.
#[derive(Debug)]
pub enum CounsellingParty {}
/// The id of a party.
pub type PartyId = Id<CounsellingParty>;

/// Marks ids of appointments.
#[derive(Debug)]
pub enum CounsellingAppointment {}
/// The id of an appointment.
pub type AppointmentId = Id<CounsellingAppointment>;

/// The least days on which someone tried before a family counts as unreachable.
pub const TRIES: usize = 3;

/// Who asks and how to reach them; sealed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestSecret {
    /// The name, where one was given.
    pub name: Option<String>,
    /// A phone, E.164.
    pub phone: Option<String>,
    /// An address.
    pub email: Option<String>,
    /// How and when it is safe to reach them, as stated.
    pub safe_contact: SafeContact,
    /// Which way they were shown.
    pub redirected_to: Option<String>,
}

/// A family's request for counselling.
#[derive(Debug, Clone)]
pub struct Request {
    /// Its id.
    pub id: RequestId,
    /// Its office.
    pub office_id: OfficeId,
    /// What the family calls it: `K7M2-94`.
    pub code: String,
    /// The account that asked.
    pub user_id: Option<UserId>,
    /// What seals it.
    pub data_key_id: DataKeyId,
    /// Where it stands.
    pub status: RequestStatus,
    /// How it came.
    pub channel: Channel,
    /// Whom the family says it is.
    pub party_role: PartyRole,
    /// Its language.
    pub language: Language,
    /// Who reaches out.
    pub assignee_id: Option<UserId>,
    /// By when the family is to be reached.
    pub contact_due_on: NaiveDate,
    /// When it first was.
    pub first_contacted_at: Option<Timestamp>,
    /// The case that came of it.
    pub case_id: Option<CaseId>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Moves with every change.
    pub version: i32,
    /// When it came.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// What is sealed.
    pub secret: RequestSecret,
}

impl Request {
    /// Whether it is over and no case came of it: it can be forgotten.
    pub fn led_nowhere(&self) -> bool {
        matches!(
            self.status,
            RequestStatus::Withdrawn | RequestStatus::Redirected
        )
    }
}

/// The child of a case; it may not be born yet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Child {
    /// The name, where it has one.
    #[schema(max_length = 200)]
    pub name: Option<String>,
    /// The day of birth.
    pub born_on: Option<NaiveDate>,
    /// The day the birth is expected, of a child that is not born.
    #[schema(example = json!(null))]
    pub expected_on: Option<NaiveDate>,
}

impl Child {
    /// Full years of age on a day.
    pub fn age_on(&self, day: NaiveDate) -> Option<u32> {
        day.years_since(self.born_on?)
    }
}

/// What an authority decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// The number of the document.
    #[schema(example = "15/QĐ-UBND", max_length = 100)]
    pub number: String,
    /// Its date.
    pub date: NaiveDate,
    /// Who decided.
    #[schema(max_length = 200)]
    pub authority: String,
}

/// That a case's data are kept for a proceeding, whatever else lets them go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegalHold {
    /// For what.
    pub reason: String,
    /// The supervisor who set it: an account.
    pub set_by: uuid::Uuid,
    /// Since when.
    pub set_on: NaiveDate,
}

/// What a case is about; sealed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseSecret {
    /// The child.
    pub child: Option<Child>,
    /// Its special circumstances (Law on Children, Article 10; `domain.md` §5).
    pub special_circumstances: Vec<String>,
    /// On what legal basis its data are kept.
    pub legal_basis: Vec<String>,
    /// Why adopter and child are of one family.
    pub in_family_reason: Option<String>,
    /// What was decided.
    pub decision: Option<Decision>,
    /// For what proceeding its data are kept.
    #[serde(default)]
    pub legal_hold: Option<LegalHold>,
}

/// A case.
#[derive(Debug, Clone)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// Its office.
    pub office_id: OfficeId,
    /// What staff call it: `LC-TV-2026-0007`.
    pub reference: String,
    /// What seals it.
    pub data_key_id: DataKeyId,
    /// Where the child is adopted to.
    pub adoption_kind: AdoptionKind,
    /// Whether someone of the family adopts.
    pub in_family: InFamily,
    /// The supervisor who confirmed that.
    pub in_family_confirmed_by: Option<UserId>,
    /// Where it is.
    pub phase: Phase,
    /// What is done: `before:alternatives_explained`.
    pub checklist: Vec<String>,
    /// Where it stands.
    pub status: CaseStatus,
    /// Why it rests.
    pub hold_reason: Option<HoldReason>,
    /// Who counsels.
    pub counsellor_id: UserId,
    /// Who supervises.
    pub supervisor_id: Option<UserId>,
    /// Whom it is offered to.
    pub transfer_to_id: Option<UserId>,
    /// Who asked for its end.
    pub closing_asked_by: Option<UserId>,
    /// Who asked for its erasure.
    pub erasure_asked_by: Option<UserId>,
    /// What became of it.
    pub outcome: Option<Outcome>,
    /// The day the child was handed over.
    pub hand_over_on: Option<NaiveDate>,
    /// Whether it is kept from use instead of erased.
    pub is_restricted: bool,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// Moves with every change.
    pub version: i32,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// What is sealed.
    pub secret: CaseSecret,
}

impl Case {
    /// What of the phase's checklist is not done.
    pub fn open_items(&self) -> Vec<String> {
        let of_phase = self.phase.checklist().iter();
        of_phase
            .map(|item| format!("{}:{item}", self.phase))
            .filter(|item| !self.checklist.contains(item))
            .collect()
    }

    /// Whether the two sides may meet: someone of the family adopts, and the supervisor said so.
    pub fn sides_may_meet(&self) -> bool {
        self.in_family != InFamily::None && self.in_family_confirmed_by.is_some()
    }
}

/// Who a party is and how to reach them; sealed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartySecret {
    /// The name.
    pub name: String,
    /// A phone, E.164.
    pub phone: Option<String>,
    /// An address for mail.
    pub email: Option<String>,
    /// Where they live.
    pub address: Option<String>,
    /// The day of birth.
    pub born_on: Option<NaiveDate>,
    /// How to reach them without harm.
    pub safe_contact: SafeContact,
}

/// A party of a case.
#[derive(Debug, Clone)]
pub struct Party {
    /// Its id.
    pub id: PartyId,
    /// Its office.
    pub office_id: OfficeId,
    /// Its case.
    pub case_id: CaseId,
    /// What the family calls the matter: `K7M2-94`.
    pub code: String,
    /// Whom it is.
    pub role: PartyRole,
    /// Its language.
    pub language: Language,
    /// The family's account.
    pub user_id: Option<UserId>,
    /// A digest that is the same wherever this person is a party, so that nobody is in two places.
    pub person_key: Vec<u8>,
    /// When it was taken out of the case.
    pub removed_at: Option<Timestamp>,
    /// Moves with every change.
    pub version: i32,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// What is sealed.
    pub secret: PartySecret,
}
