//! The form of a message, and of the links in it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::kernel::text_enum::text_enum;
use crate::kernel::{Id, Language, OfficeId, Timestamp, token};
use crate::sealed::{Keys, Purpose};

text_enum! {
    /// What a message is about; preferences and quiet hours go by it.
    pub enum MessageClass {
        /// The recipient's account.
        Account = "account",
        /// A training session.
        Session = "session",
        /// A case: counselling or legal aid.
        Case = "case",
        /// The plan, its products and reports.
        Plan = "plan",
    }
}

text_enum! {
    /// What the token of a link is good for.
    pub enum TokenPurpose {
        /// Verifies the address of a new account.
        VerifyEmail = "verify_email",
        /// Verifies a new address of an account.
        ConfirmEmail = "confirm_email",
        /// Sets a new password.
        ResetPassword = "reset_password",
        /// Sets the first password of a member of staff.
        InviteStaff = "invite_staff",
        /// Answers for one registration.
        Registration = "registration",
        /// Ends outreach to an address.
        Unsubscribe = "unsubscribe",
    }
}

/// Marks ids of messages.
#[derive(Debug)]
pub enum Message {}
/// The id of a message; its Message-ID for life is made of it.
pub type MessageId = Id<Message>;

/// A link in a message: the variable it fills, and what its token is for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Link {
    /// The template's variable.
    pub name: String,
    /// What the page does with the token; a letter, so that the URL names no module.
    pub verb: char,
    /// What the token is for; without one it leads, after a login, to what the message is about.
    pub purpose: Option<TokenPurpose>,
}

/// A slot of a session in an attached calendar.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CalendarEntry {
    /// The same for the slot's life.
    pub uid: String,
    /// When it starts, in microseconds since 1970 UTC.
    pub starts_at: i64,
    /// When it ends.
    pub ends_at: i64,
    /// What it is called.
    pub summary: String,
}

/// An attached calendar.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Calendar {
    /// Whether it takes the entries back.
    pub is_cancelled: bool,
    /// Grows with every change.
    pub sequence: i32,
    /// Where.
    pub location: String,
    /// Where it is held on the net.
    #[serde(default)]
    pub url: Option<String>,
    /// The slots.
    pub entries: Vec<CalendarEntry>,
    /// What it takes out while the others stand.
    #[serde(default)]
    pub gone: Vec<CalendarEntry>,
    /// Whether it is an appointment nobody else is to see: `CLASS:PRIVATE`.
    #[serde(default)]
    pub is_private: bool,
}

/// Which ticket a message carries; the ticket itself is derived when it is sent.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TicketOf {
    /// The registration.
    pub registration: uuid::Uuid,
    /// Which of its tickets.
    pub generation: i32,
}

/// What a message says: values for its template, links, attachments. Stored as JSON; no secret
/// is in it, tokens and tickets are derived from keys when it is sent.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Content {
    /// The template's values.
    pub values: Map<String, Value>,
    /// Its links.
    #[serde(default)]
    pub links: Vec<Link>,
    /// Its calendar.
    #[serde(default)]
    pub calendar: Option<Calendar>,
    /// Its ticket.
    #[serde(default)]
    pub ticket: Option<TicketOf>,
    /// Whether its header says how to stop such mails.
    #[serde(default)]
    pub can_unsubscribe: bool,
}

impl Content {
    /// With a value for the template.
    #[must_use]
    pub fn value(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.values.insert(name.to_owned(), value.into());
        self
    }

    /// With a link.
    #[must_use]
    pub fn link(mut self, name: &str, verb: char, purpose: Option<TokenPurpose>) -> Self {
        self.links.push(Link {
            name: name.to_owned(),
            verb,
            purpose,
        });
        self
    }
}

/// A message to be told.
#[derive(Debug)]
pub struct NewMessage<'a> {
    /// Which template.
    pub kind: &'static str,
    /// What it is about.
    pub class: MessageClass,
    /// The office it comes from.
    pub office: OfficeId,
    /// The account it goes to, where it goes to one.
    pub user: Option<uuid::Uuid>,
    /// The address; without one the message is kept as suppressed.
    pub address: Option<&'a str>,
    /// The language it is in.
    pub language: Language,
    /// The kind of thing it is about.
    pub object_kind: &'static str,
    /// The thing.
    pub object: uuid::Uuid,
    /// Its version then.
    pub object_version: i32,
    /// What it says.
    pub content: Content,
    /// Two messages with one key are one.
    pub dedupe_key: String,
    /// Not sent before.
    pub not_before: Timestamp,
    /// Not sent after.
    pub expires_at: Option<Timestamp>,
}

/// Where links point.
#[derive(Debug, Clone)]
pub struct Links {
    /// The application's URL, or the service's own page.
    pub base: String,
    /// Where this service is reached from outside.
    pub service: String,
}

impl Links {
    /// A link with a token in its fragment, which no server ever sees.
    pub fn with_token(&self, verb: char, token: &str) -> String {
        format!("{}#{verb}.{token}", self.base)
    }

    /// Where one click stops outreach (RFC 8058); its token is good for nothing else.
    pub fn unsubscribe(&self, token: &str) -> String {
        format!(
            "{}/api/v1/unsubscribe/{token}",
            self.service.trim_end_matches('/')
        )
    }
}

/// The token of a message for a purpose: derived, so that a repeat carries the same one.
pub fn derive_token(keys: &Keys, message: MessageId, purpose: TokenPurpose) -> String {
    let input = format!("{}|{message}", purpose.as_str());
    token::encode(&keys.mac(Purpose::Link, input.as_bytes()))
}

/// What opens what a message is about: its id and a seal, so that it names nothing to whoever has no
/// key. It opens nothing without a login.
pub fn opening_token(keys: &Keys, message: MessageId) -> String {
    let id = message.uuid();
    let seal = keys.mac(Purpose::Link, &opening(message));
    let bytes: Vec<u8> = id.as_bytes().iter().chain(&seal).copied().collect();
    token::encode(&bytes)
}

/// The message an opening token is of.
pub fn opened(keys: &Keys, text: &str) -> Option<MessageId> {
    let bytes = token::decode(text)?;
    let (id, seal) = bytes.split_at_checked(16)?;
    let message = MessageId::from_uuid(uuid::Uuid::from_slice(id).ok()?);
    keys.is_mac(Purpose::Link, &opening(message), seal)
        .then_some(message)
}

fn opening(message: MessageId) -> Vec<u8> {
    format!("open|{message}").into_bytes()
}

/// The ticket of a registration: derived, random to whoever has no key.
pub fn derive_ticket(keys: &Keys, ticket: &TicketOf) -> String {
    let input = format!("ticket|{}|{}", ticket.registration, ticket.generation);
    token::encode(&keys.mac(Purpose::Ticket, input.as_bytes()))
}
