//! Parties on the wire.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::words::channels;
use crate::counselling::model::{CaseId, Party, PartyId, PartyRole};
use crate::counselling::service::claim::OwnContact;
use crate::counselling::service::party::PartyDraft;
use crate::kernel::civil::Shown;
use crate::kernel::error::{Check, Fault};
use crate::kernel::{Language, Patch, Zone};
use crate::office::safe_contact::{Channels, ConfirmedHow, SafeContactView, SpokenHow};

/// A new party.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::counselling) struct PartyBody {
    /// Whom it is.
    role: PartyRole,
    /// The name.
    #[schema(example = "Nguyễn Thị Đào", max_length = 200)]
    name: String,
    /// A phone.
    #[schema(example = "0912 345 678")]
    phone: Option<String>,
    /// An address for mail.
    #[schema(example = "dao.nguyen@example.vn", max_length = 254)]
    email: Option<String>,
    /// Where they live.
    #[schema(max_length = 300)]
    address: Option<String>,
    /// The day of birth.
    born_on: Option<NaiveDate>,
    /// The language.
    #[serde(default)]
    language: Language,
    /// The channels they stated; nobody has confirmed them.
    #[serde(default)]
    safe_contact: Channels,
}

impl PartyBody {
    /// The party, with every broken rule.
    pub(in crate::counselling) fn read(self) -> Result<PartyDraft, Fault> {
        let mut check = Check::new();
        let draft = PartyDraft {
            role: self.role,
            name: self.name,
            phone: self.phone,
            email: self.email,
            address: self.address,
            born_on: self.born_on,
            language: self.language,
            channels: self.safe_contact,
        };
        let draft = checked(&mut check, &draft);
        check.done()?;
        Ok(draft)
    }
}

fn checked(check: &mut Check, draft: &PartyDraft) -> PartyDraft {
    PartyDraft {
        name: check.line("/name", &draft.name, 200),
        phone: check.phone_opt("/phone", draft.phone.as_deref()),
        email: check.email_opt("/email", draft.email.as_deref()),
        address: check.line_opt("/address", draft.address.as_deref(), 300),
        channels: channels(check, "/safe_contact", &draft.channels),
        ..draft.clone()
    }
}

/// Changes of a party: absent keeps, `null` clears what may be empty.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::counselling) struct PartyPatch {
    #[schema(value_type = PartyRole)]
    role: Patch<PartyRole>,
    #[schema(value_type = String, max_length = 200)]
    name: Patch<String>,
    #[schema(value_type = Option<String>, example = "0912 345 678")]
    phone: Patch<String>,
    #[schema(value_type = Option<String>, example = "dao.nguyen@example.vn", max_length = 254)]
    email: Patch<String>,
    #[schema(value_type = Option<String>, max_length = 300)]
    address: Patch<String>,
    #[schema(value_type = Option<NaiveDate>)]
    born_on: Patch<NaiveDate>,
    #[schema(value_type = Language)]
    language: Patch<Language>,
    #[schema(value_type = Channels)]
    safe_contact: Patch<Channels>,
}

impl PartyPatch {
    /// The party with the changes laid over it.
    pub(in crate::counselling) fn over(self, old: &Party) -> Result<PartyDraft, Fault> {
        let mut check = Check::new();
        let secret = old.secret.clone();
        let draft = PartyDraft {
            role: check.kept("/role", self.role).unwrap_or(old.role),
            name: check.kept("/name", self.name).unwrap_or(secret.name),
            phone: self.phone.over(secret.phone),
            email: self.email.over(secret.email),
            address: self.address.over(secret.address),
            born_on: self.born_on.over(secret.born_on),
            language: check
                .kept("/language", self.language)
                .unwrap_or(old.language),
            channels: check
                .kept("/safe_contact", self.safe_contact)
                .unwrap_or(secret.safe_contact.channels),
        };
        let draft = checked(&mut check, &draft);
        check.done()?;
        Ok(draft)
    }
}

/// Channels that were confirmed by speaking with the person.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::counselling) struct SafeContactBody {
    /// The channels that are safe; those not named are not.
    channels: Channels,
    /// How it was learnt.
    how: SpokenHow,
}

impl SafeContactBody {
    /// The channels, and how they were confirmed.
    pub(in crate::counselling) fn read(&self) -> Result<(Channels, ConfirmedHow), Fault> {
        let mut check = Check::new();
        let channels = channels(&mut check, "/channels", &self.channels);
        check.done()?;
        Ok((channels, self.how.into()))
    }
}

/// Channels a family states for itself.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::counselling) struct OwnContactBody {
    /// The channels that are safe; those not named are not.
    channels: Channels,
    /// Another phone; without one it stays.
    #[schema(example = "0912 345 678")]
    phone: Option<String>,
    /// Another language; without one it stays.
    language: Option<Language>,
}

impl OwnContactBody {
    /// What is stated.
    pub(in crate::counselling) fn read(&self) -> Result<OwnContact, Fault> {
        let mut check = Check::new();
        let stated = OwnContact {
            channels: channels(&mut check, "/channels", &self.channels),
            phone: check.phone_opt("/phone", self.phone.as_deref()),
            language: self.language,
        };
        check.done()?;
        Ok(stated)
    }
}

/// A party, as staff of the case see it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::counselling) struct PartyView {
    id: PartyId,
    case_id: CaseId,
    /// What mails and the desk call this person in this matter: the code of the request it came by, else
    /// one of its own. No other party has it.
    #[schema(example = "K7M2-94")]
    code: String,
    role: PartyRole,
    name: String,
    phone: Option<String>,
    /// Where mails go: the account's, where one is tied.
    email: Option<String>,
    address: Option<String>,
    born_on: Option<NaiveDate>,
    language: Language,
    safe_contact: SafeContactView,
    /// Whether a family's account is tied to it.
    has_account: bool,
    version: i32,
    updated_at: Shown,
    allowed_actions: Vec<&'static str>,
}

impl PartyView {
    /// A party in the office's zone, with what may be done to it.
    pub(in crate::counselling) fn of(
        zone: Zone,
        party: &Party,
        allowed_actions: Vec<&'static str>,
    ) -> Self {
        let secret = party.secret.clone();
        Self {
            id: party.id,
            case_id: party.case_id,
            code: party.code.clone(),
            role: party.role,
            name: secret.name,
            phone: secret.phone,
            email: secret.email,
            address: secret.address,
            born_on: secret.born_on,
            language: party.language,
            safe_contact: secret.safe_contact.into(),
            has_account: party.user_id.is_some(),
            version: party.version,
            updated_at: zone.show(party.updated_at),
            allowed_actions,
        }
    }
}

/// The parties of a case.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::counselling) struct PartiesView {
    pub(in crate::counselling) items: Vec<PartyView>,
}

/// A one-time code that ties a family's account to a party; it is shown once.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::counselling) struct ClaimCodeView {
    /// What the family types: `K7M2-94QX`.
    pub(in crate::counselling) claim_code: String,
    /// Until when it works.
    pub(in crate::counselling) expires_at: Shown,
}

/// The code a family was handed.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::counselling) struct ClaimBody {
    /// The code.
    #[schema(example = "K7M2-94QX")]
    pub(in crate::counselling) claim_code: String,
}

/// What a family sees of itself in a matter.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::counselling) struct OwnPartyView {
    id: PartyId,
    /// What mails and the desk call this matter: the code of the request that came before it, where
    /// one did.
    #[schema(example = "K7M2-94")]
    code: String,
    /// The phone the office has.
    phone: Option<String>,
    /// Where mails go: the account's address.
    email: Option<String>,
    language: Language,
    safe_contact: SafeContactView,
    version: i32,
    /// What the family may do to it now.
    allowed_actions: Vec<&'static str>,
}

impl OwnPartyView {
    /// A family's own matter.
    pub(in crate::counselling) fn of(party: &Party) -> Self {
        Self {
            id: party.id,
            code: party.code.clone(),
            phone: party.secret.phone.clone(),
            email: party.secret.email.clone(),
            language: party.language,
            safe_contact: party.secret.safe_contact.clone().for_family().into(),
            version: party.version,
            // How one may be reached is one's own to say, whatever becomes of the case.
            allowed_actions: vec!["safe-contact"],
        }
    }
}
