//! The mails that tell what is owed, by when and to whom.

use chrono::NaiveDate;
use uuid::Uuid;

use super::status::late_from;
use super::{Owed, Party, id_of};
use crate::db::{self, Conn};
use crate::identity::{UserId, contact};
use crate::kernel::civil::write_date;
use crate::kernel::{Language, Timestamp};
use crate::mail::message::{Content, MessageClass, NewMessage};
use crate::mail::outbox::{self, Withdrawn};
use crate::office::work::Work;

const KIND: &str = "obligation_due";

/// Which of its mails tells of an obligation; each tells it once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Occasion {
    /// So many days before the day to file by.
    Before(i64),
    /// Its last day has passed.
    Overdue,
}

impl Occasion {
    fn word(self) -> String {
        match self {
            Self::Before(days) => days.to_string(),
            Self::Overdue => "overdue".to_owned(),
        }
    }
}

fn names(language: Language, parties: &[Party]) -> Option<String> {
    let names: Vec<&str> = parties
        .iter()
        .map(|party| party.name.pick(language))
        .collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// Tells somebody at their work address. `round` tells apart what was filed, taken back and is owed
/// again.
pub(super) fn tell(
    work: &mut Work<'_>,
    owed: &Owed,
    (occasion, round): (Occasion, i64),
    user: UserId,
) -> db::Result<()> {
    let Some(contact) = contact::find(work.conn, user)? else {
        return Ok(());
    };
    let (office, language) = (work.office_id(), contact.language);
    let date = |day: NaiveDate| write_date(language, day);
    let is_overdue = occasion == Occasion::Overdue;
    let content = Content::default()
        .value("what", owed.title.pick(language))
        .value("year", owed.year)
        .value("by", names(language, &owed.owners))
        .value("to", names(language, &owed.recipients))
        .value("file_by", date(owed.file_by.day))
        .value("last_day", date(owed.last_day))
        .value("is_overdue", is_overdue)
        .link("link", 'o', None);
    let which = occasion.word();
    let message = NewMessage {
        kind: KIND,
        class: MessageClass::Plan,
        office,
        user: Some(user.uuid()),
        address: Some(&contact.email),
        language,
        object_kind: "obligation",
        object: id_of(office, &owed.key),
        object_version: 1,
        content,
        dedupe_key: format!("{KIND}:{office}:{}:{round}:{which}:{user}", owed.key),
        not_before: work.send_time(true)?,
        // What says that there is time must not come when there is none.
        expires_at: (!is_overdue).then(|| late_from(work.zone(), owed.last_day)),
    };
    outbox::enqueue(work.conn, &work.platform.keys, work.now, &message, &[])?;
    Ok(())
}

/// Takes back what was not sent yet about an obligation.
pub(super) fn withdraw(conn: &mut Conn, now: Timestamp, id: Uuid) -> db::Result<()> {
    outbox::withdraw(conn, now, id, &[KIND], Withdrawn::Cancelled)?;
    Ok(())
}
