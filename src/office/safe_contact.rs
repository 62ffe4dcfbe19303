//! How a person may be reached without harm: every channel is closed until it was confirmed.
//!
//! Counselling and legal aid share it. It is kept sealed with what it belongs to.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::error::Error;
use crate::db::Conn;
use crate::identity::{UserId, contact};
use crate::kernel::error::Check;
use crate::kernel::text_enum::text_enum;

text_enum! {
    /// How the safety of a channel was learnt.
    pub enum ConfirmedHow {
        /// The person said so, logged in, by a verified address.
        Own = "own",
        /// Staff spoke with the person at the desk.
        InPerson = "in_person",
        /// Staff spoke with the person by phone.
        ByPhone = "by_phone",
    }
}

text_enum! {
    /// How staff learnt from a person which channels are safe.
    pub enum SpokenHow {
        /// At the desk.
        InPerson = "in_person",
        /// By phone.
        ByPhone = "by_phone",
    }
}

impl From<SpokenHow> for ConfirmedHow {
    fn from(how: SpokenHow) -> Self {
        match how {
            SpokenHow::InPerson => Self::InPerson,
            SpokenHow::ByPhone => Self::ByPhone,
        }
    }
}

/// What a person lets the office do.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each channel is a question of its own"
)]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Channels {
    /// Letters to the address.
    pub may_email: bool,
    /// Calls.
    pub may_call: bool,
    /// A word left where someone else answers.
    pub may_leave_message: bool,
    /// A reminder of the end of the time in which a consent can be withdrawn.
    pub may_remind_consent: bool,
    /// An appointment in the calendar: calendars are shared within a household.
    pub calendar: bool,
    /// When, in the person's own words.
    #[schema(example = "sau 17:00", max_length = 200)]
    pub hours: Option<String>,
}

impl Channels {
    /// The names of those that are safe and lead nowhere, for want of an address or a number.
    pub fn leading_nowhere(&self, (has_mail, has_phone): (bool, bool)) -> Vec<&'static str> {
        let all = [
            ("may_email", self.may_email && !has_mail),
            ("may_call", self.may_call && !has_phone),
            ("may_leave_message", self.may_leave_message && !has_phone),
        ];
        let all = all.into_iter().filter(|(_, is_so)| *is_so);
        all.map(|(name, _)| name).collect()
    }
}

/// Channels, and since when they count.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SafeContact {
    /// What was stated.
    #[serde(flatten)]
    pub channels: Channels,
    /// The day it was confirmed.
    pub confirmed_on: Option<NaiveDate>,
    /// Who confirmed it: an account.
    pub confirmed_by: Option<uuid::Uuid>,
    /// How.
    pub confirmed_how: Option<ConfirmedHow>,
}

impl SafeContact {
    /// What was stated, confirmed by nobody yet.
    pub fn stated(channels: Channels) -> Self {
        Self {
            channels,
            ..Self::default()
        }
    }

    /// Whether it was confirmed.
    pub fn is_confirmed(&self) -> bool {
        self.confirmed_on.is_some()
    }

    /// The channels that may be used.
    pub fn open(&self) -> Channels {
        if self.is_confirmed() {
            self.channels.clone()
        } else {
            Channels::default()
        }
    }

    /// The same, as the family sees it: who of the staff spoke with it is not told.
    #[must_use]
    pub fn for_family(mut self) -> Self {
        if self.confirmed_how != Some(ConfirmedHow::Own) {
            self.confirmed_by = None;
        }
        self
    }

    /// The channels of a first contact: those stated in the request itself count.
    pub fn first_contact(&self) -> &Channels {
        &self.channels
    }
}

/// Refuses another address than the account's for what belongs to one: mails go where the family showed
/// that it reads them, and nowhere it only said so.
///
/// # Errors
/// `invalid` with `account-address`; storage failures.
pub fn require_own_address(
    conn: &mut Conn,
    user: Option<UserId>,
    (pointer, email): (&str, Option<&str>),
) -> Result<(), Error> {
    let account = match user {
        Some(user) => contact::find(conn, user)?,
        None => None,
    };
    let is_other = |account: contact::Contact| email.is_some_and(|email| email != account.email);
    let mut check = Check::new();
    check.rule(!account.is_some_and(is_other), pointer, "account-address");
    Ok(check.done()?)
}

/// Channels, and since when they count, on the wire: one level of fields.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each channel is a question of its own"
)]
pub struct SafeContactView {
    may_email: bool,
    may_call: bool,
    may_leave_message: bool,
    may_remind_consent: bool,
    calendar: bool,
    hours: Option<String>,
    /// The day it was confirmed; before that nothing is open.
    confirmed_on: Option<NaiveDate>,
    /// Who confirmed it: an account.
    confirmed_by: Option<uuid::Uuid>,
    confirmed_how: Option<ConfirmedHow>,
}

impl From<SafeContact> for SafeContactView {
    fn from(contact: SafeContact) -> Self {
        let channels = contact.channels;
        Self {
            may_email: channels.may_email,
            may_call: channels.may_call,
            may_leave_message: channels.may_leave_message,
            may_remind_consent: channels.may_remind_consent,
            calendar: channels.calendar,
            hours: channels.hours,
            confirmed_on: contact.confirmed_on,
            confirmed_by: contact.confirmed_by,
            confirmed_how: contact.confirmed_how,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_open_until_confirmed() {
        let mut contact = SafeContact::stated(Channels {
            may_email: true,
            calendar: true,
            ..Channels::default()
        });
        assert_eq!(contact.open(), Channels::default());
        assert!(contact.first_contact().may_email);
        contact.confirmed_on = NaiveDate::from_ymd_opt(2026, 3, 1);
        assert!(contact.open().may_email && contact.open().calendar);
        assert!(!contact.open().may_call);
    }
}
