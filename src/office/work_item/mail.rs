//! The mails that tell staff that something waits: a code and a link, never what or whose. They go
//! to whoever would do it, not to who stands aside, and not to who made it so.

use chrono::{NaiveDate, TimeDelta};
use uuid::Uuid;

use super::WorkItemId;
use super::{aside, store};
use crate::db::{self, Conn};
use crate::identity::{Role, UserId, colleague, contact};
use crate::kernel::civil::write_date;
use crate::kernel::{Id, Timestamp, Zone, code};
use crate::mail::message::{Content, MessageClass, NewMessage};
use crate::mail::outbox::{self, Withdrawn};
use crate::office::delegation::{self, Duty};
use crate::office::duty;
use crate::office::work::Work;

/// How it is told that something waits: one subject for each, so that none tells what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Something is to be done.
    New,
    /// It is to be done now: the mail goes in quiet hours, too.
    Urgent,
    /// Its day is near.
    Near,
    /// Its day has passed, or somebody has not answered.
    Late,
}

impl Tone {
    const fn kind(self) -> &'static str {
        match self {
            Self::New => "work_new",
            Self::Urgent => "work_urgent",
            Self::Near => "work_near",
            Self::Late => "work_late",
        }
    }
}

/// The kinds that tell of an item, and are taken back with it.
const OF_ITEMS: [&str; 3] = ["work_new", "work_urgent", "work_late"];

/// What staff are told.
#[derive(Debug, Clone)]
pub struct WorkMail<'a> {
    /// How.
    pub tone: Tone,
    /// The kind of thing the link opens.
    pub object_kind: &'static str,
    /// The thing.
    pub object: Uuid,
    /// What the mail calls it.
    pub code: &'a str,
    /// By when.
    pub due_at: Option<Timestamp>,
    /// Tells apart two mails of one tone about one thing.
    pub once: &'a str,
}

/// What mails call an item, or whatever else staff are to look at: it tells nothing, unlike a reference.
pub fn code<T>(id: Id<T>) -> String {
    let bytes = id.uuid().into_bytes();
    code::spell(bytes.last_chunk::<6>().unwrap_or(&[0; 6]))
}

/// Tells whoever is to do an item: its owner, or else those of a role.
pub(super) fn of_item(
    work: &mut Work<'_>,
    item: &store::Waiting,
    whose: (Option<UserId>, Role),
    tone: Tone,
) -> db::Result<()> {
    let told = WorkMail {
        tone,
        object_kind: "work-item",
        object: item.id.uuid(),
        code: &code(item.id),
        due_at: item.due_at,
        once: "",
    };
    tell(work, item.subject.uuid(), whose, &told)
}

/// Whoever is to do something: its owner, else those of its role and whoever stands in for them.
fn doers(work: &mut Work<'_>, (owner, role): (Option<UserId>, Role)) -> db::Result<Vec<UserId>> {
    if let Some(owner) = owner {
        return Ok(vec![owner]);
    }
    let office = work.office_id();
    let mut doers = colleague::holders(work.conn, office, role)?;
    let today = work.zone().day(work.now);
    for duty in Duty::ALL.iter().filter(|duty| duty.role() == role) {
        for stand_in in delegation::stand_ins(work.conn, office, (*duty, today))? {
            if !doers.contains(&stand_in) {
                doers.push(stand_in);
            }
        }
    }
    Ok(doers)
}

/// Tells whoever is to do it, an owner or else those of a role, that something about a subject
/// waits. Where everybody it would go to stands aside, the duty list is told, so that it does not
/// wait unseen.
///
/// # Errors
/// When storage fails.
pub fn tell(
    work: &mut Work<'_>,
    subject: Uuid,
    whose: (Option<UserId>, Role),
    mail: &WorkMail<'_>,
) -> db::Result<()> {
    let aside = aside::of(work.conn, subject)?;
    let mut to = doers(work, whose)?;
    to.retain(|user| !aside.contains(user));
    if to.is_empty() {
        to = duty::list(work.conn, work.office_id())?;
        to.retain(|user| !aside.contains(user));
        to.truncate(1);
    }
    for user in to {
        if work.actor != Some(user) {
            tell_one(work, user, mail)?;
        }
    }
    Ok(())
}

/// The last day on which an item can be done: one that is due at midnight is due at the end of the
/// day before.
pub(super) fn last_day(zone: Zone, due_at: Timestamp) -> NaiveDate {
    zone.day(due_at.plus(-TimeDelta::seconds(1)))
}

fn tell_one(work: &mut Work<'_>, user: UserId, mail: &WorkMail<'_>) -> db::Result<()> {
    let Some(contact) = contact::find(work.conn, user)? else {
        return Ok(());
    };
    let zone = work.zone();
    let kind = mail.tone.kind();
    let last_day = mail.due_at.map(|at| last_day(zone, at));
    let content = Content::default()
        .value("code", mail.code)
        .value(
            "due_date",
            last_day.map(|day| write_date(contact.language, day)),
        )
        .link("link", 'o', None);
    let message = NewMessage {
        kind,
        class: MessageClass::Case,
        office: work.office_id(),
        user: Some(user.uuid()),
        address: Some(&contact.email),
        language: contact.language,
        object_kind: mail.object_kind,
        object: mail.object,
        object_version: 1,
        content,
        dedupe_key: format!("{kind}:{}:{}:{user}", mail.object, mail.once),
        not_before: work.send_time(mail.tone != Tone::Urgent)?,
        expires_at: None,
    };
    outbox::enqueue(work.conn, &work.platform.keys, work.now, &message, &[])?;
    Ok(())
}

/// Takes back what has not been sent about items that are done.
pub(super) fn take_back(conn: &mut Conn, now: Timestamp, items: &[WorkItemId]) -> db::Result<()> {
    for item in items {
        outbox::withdraw(conn, now, item.uuid(), &OF_ITEMS, Withdrawn::Cancelled)?;
    }
    Ok(())
}
