//! How a person may be reached without harm: what they said, and whether it counts yet.
//!
//! Every channel is off until it is confirmed, for counselling and legal aid alike. What adults
//! state about themselves, logged in and on their verified address, is confirmed by that act; what
//! another wrote is confirmed by staff speaking with the person. Kept sealed by the slices.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::identity::UserId;
use crate::kernel::text_enum::text_enum;

text_enum! {
    /// How it became certain that the person wants to be reached so.
    pub enum ConfirmedHow {
        /// The person said so, logged in and on a verified address.
        OwnAccount = "own_account",
        /// Staff spoke with the person face to face.
        InPerson = "in_person",
        /// Staff spoke with the person by phone.
        ByPhone = "by_phone",
    }
}

text_enum! {
    /// Why nothing may go out.
    pub enum Unsafe {
        /// Nobody has confirmed it.
        Unconfirmed = "unconfirmed",
        /// The person does not want to be reached so.
        NotWanted = "not_wanted",
        /// Not at this hour.
        OutsideHours = "outside_hours",
    }
}

/// Whether a person may be reached in a way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Verdict {
    /// It harms nobody.
    Safe,
    /// It may; a person has to find another way.
    Unsafe(Unsafe),
}

impl Verdict {
    /// Whether it harms nobody.
    pub fn is_safe(self) -> bool {
        self == Self::Safe
    }

    fn of(is_wanted: bool) -> Self {
        if is_wanted {
            Self::Safe
        } else {
            Self::Unsafe(Unsafe::NotWanted)
        }
    }

    /// This, unless something later forbids it.
    fn and(self, then: Self) -> Self {
        if self.is_safe() { then } else { self }
    }
}

/// The hours of the day in which a call harms nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SafeHours {
    /// From.
    #[schema(value_type = String, example = "09:00:00")]
    pub from: NaiveTime,
    /// Until; on the next day where that is earlier.
    #[schema(value_type = String, example = "11:00:00")]
    pub to: NaiveTime,
}

impl SafeHours {
    /// Whether a time of the office's day lies within.
    pub fn hold(self, time: NaiveTime) -> bool {
        if self.from <= self.to {
            self.from <= time && time < self.to
        } else {
            self.from <= time || time < self.to
        }
    }
}

/// How a person may be reached.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a channel of its own"
)]
#[serde(default, deny_unknown_fields)]
pub struct SafeContact {
    /// By e-mail.
    pub may_email: bool,
    /// By phone.
    pub may_call: bool,
    /// With a message left, or to whoever answers.
    pub may_leave_message: bool,
    /// With the reminder of the last day on which a consent can be withdrawn.
    pub may_remind_consent: bool,
    /// With a calendar entry attached, which households share.
    pub calendar: bool,
    /// Only within these hours of the office's day; none, at any.
    pub hours: Option<SafeHours>,
    /// When it was confirmed; not yet where there is none.
    pub confirmed_on: Option<NaiveDate>,
    /// By whom.
    pub confirmed_by: Option<UserId>,
    /// How.
    pub confirmed_how: Option<ConfirmedHow>,
}

impl SafeContact {
    /// Whether it counts.
    pub fn is_confirmed(&self) -> bool {
        self.confirmed_on.is_some() && self.confirmed_by.is_some() && self.confirmed_how.is_some()
    }

    /// The same, certain by what someone did on a day.
    #[must_use]
    pub fn confirmed(self, by: UserId, on: NaiveDate, how: ConfirmedHow) -> Self {
        Self {
            confirmed_on: Some(on),
            confirmed_by: Some(by),
            confirmed_how: Some(how),
            ..self
        }
    }

    /// The same as another wrote it, or as it comes in: nobody has confirmed it.
    #[must_use]
    pub fn stated(self) -> Self {
        Self {
            confirmed_on: None,
            confirmed_by: None,
            confirmed_how: None,
            ..self
        }
    }

    fn counts(&self) -> Verdict {
        if self.is_confirmed() {
            Verdict::Safe
        } else {
            Verdict::Unsafe(Unsafe::Unconfirmed)
        }
    }

    /// Whether a mail may go to the person.
    pub fn may_mail(&self) -> Verdict {
        self.counts().and(Verdict::of(self.may_email))
    }

    /// Whether the first answer to a request may go by mail: what the request states is enough.
    pub fn may_mail_first(&self) -> Verdict {
        Verdict::of(self.may_email)
    }

    /// Whether a mail may have a calendar entry with it.
    pub fn may_attach_calendar(&self) -> Verdict {
        self.may_mail().and(Verdict::of(self.calendar))
    }

    /// Whether the reminder of the withdrawal window may go by mail.
    pub fn may_mail_reminder_of_consent(&self) -> Verdict {
        self.may_mail().and(Verdict::of(self.may_remind_consent))
    }

    /// Whether the person may be called at a time of the office's day.
    pub fn may_call_at(&self, time: NaiveTime) -> Verdict {
        self.counts().and(self.may_call_first_at(time))
    }

    /// Whether the first answer to a request may be a call at a time of the office's day.
    pub fn may_call_first_at(&self, time: NaiveTime) -> Verdict {
        Verdict::of(self.may_call).and(match self.hours {
            Some(hours) if !hours.hold(time) => Verdict::Unsafe(Unsafe::OutsideHours),
            _ => Verdict::Safe,
        })
    }

    /// Whether a call that somebody else answers may leave a word. The first one never does.
    pub fn may_leave_message_at(&self, time: NaiveTime) -> Verdict {
        self.may_call_at(time)
            .and(Verdict::of(self.may_leave_message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Timestamp;

    fn at(hour: u32) -> NaiveTime {
        NaiveTime::from_hms_opt(hour, 0, 0).unwrap()
    }

    fn everything() -> SafeContact {
        SafeContact {
            may_email: true,
            may_call: true,
            may_leave_message: true,
            may_remind_consent: true,
            calendar: true,
            ..SafeContact::default()
        }
    }

    fn sure(contact: SafeContact) -> SafeContact {
        let by = UserId::new(Timestamp::from_micros(1).unwrap());
        let on = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
        contact.confirmed(by, on, ConfirmedHow::InPerson)
    }

    fn verdicts(contact: &SafeContact) -> [Verdict; 5] {
        [
            contact.may_mail(),
            contact.may_attach_calendar(),
            contact.may_mail_reminder_of_consent(),
            contact.may_call_at(at(9)),
            contact.may_leave_message_at(at(9)),
        ]
    }

    #[test]
    fn nothing_is_safe_until_it_is_confirmed() {
        let unconfirmed = Verdict::Unsafe(Unsafe::Unconfirmed);
        assert_eq!(verdicts(&SafeContact::default()), [unconfirmed; 5]);
        assert_eq!(verdicts(&everything()), [unconfirmed; 5]);
        assert_eq!(verdicts(&sure(everything())), [Verdict::Safe; 5]);
        assert_eq!(verdicts(&sure(everything()).stated()), [unconfirmed; 5]);
        let half = SafeContact {
            confirmed_by: None,
            ..sure(everything())
        };
        assert_eq!(verdicts(&half), [unconfirmed; 5]);
    }

    type Channel = fn(&mut SafeContact) -> &mut bool;

    #[test]
    fn each_channel_is_off_by_itself() {
        let unwanted = Verdict::Unsafe(Unsafe::NotWanted);
        assert_eq!(verdicts(&sure(SafeContact::default())), [unwanted; 5]);
        let channels: [(Channel, [bool; 5]); 5] = [
            (|c| &mut c.may_email, [false, false, false, true, true]),
            (|c| &mut c.calendar, [true, false, true, true, true]),
            (
                |c| &mut c.may_remind_consent,
                [true, true, false, true, true],
            ),
            (|c| &mut c.may_call, [true, true, true, false, false]),
            (
                |c| &mut c.may_leave_message,
                [true, true, true, true, false],
            ),
        ];
        for (channel, safe) in channels {
            let mut contact = sure(everything());
            *channel(&mut contact) = false;
            assert_eq!(verdicts(&contact).map(Verdict::is_safe), safe);
        }
    }

    #[test]
    fn what_a_request_states_is_enough_for_the_first_contact_alone() {
        let stated = everything();
        assert!(stated.may_mail_first().is_safe() && !stated.may_mail().is_safe());
        assert!(stated.may_call_first_at(at(9)).is_safe());
        assert!(!stated.may_leave_message_at(at(9)).is_safe());
        assert!(!SafeContact::default().may_mail_first().is_safe());
        assert!(!SafeContact::default().may_call_first_at(at(9)).is_safe());
    }

    #[test]
    fn calls_keep_to_the_hours_over_midnight_too() {
        let within = |from, to| {
            let hours = Some(SafeHours {
                from: at(from),
                to: at(to),
            });
            sure(SafeContact {
                hours,
                ..everything()
            })
        };
        let late = Verdict::Unsafe(Unsafe::OutsideHours);
        assert_eq!(within(9, 11).may_call_at(at(9)), Verdict::Safe);
        assert_eq!(within(9, 11).may_call_at(at(11)), late);
        assert_eq!(within(9, 11).may_leave_message_at(at(8)), late);
        assert_eq!(within(22, 6).may_call_at(at(23)), Verdict::Safe);
        assert_eq!(within(22, 6).may_call_at(at(5)), Verdict::Safe);
        assert_eq!(within(22, 6).may_call_at(at(12)), late);
    }

    #[test]
    fn what_is_not_said_is_off_and_what_is_unknown_refused() {
        let read: SafeContact = serde_json::from_str("{}").unwrap();
        assert_eq!(read, SafeContact::default());
        assert!(serde_json::from_str::<SafeContact>(r#"{"may_shout":true}"#).is_err());
        let contact = sure(everything());
        let kept = serde_json::to_string(&contact).unwrap();
        let again: SafeContact = serde_json::from_str(&kept).unwrap();
        assert_eq!(again, contact);
    }
}
