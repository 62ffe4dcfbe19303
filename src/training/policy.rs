//! Who may do what in training.
//!
//! | who | what |
//! |---|---|
//! | organiser | everything |
//! | any other member of staff | reads sessions; reporters their counts, too |
//! | family | public sessions, and its own registrations |
//!
//! What the caller may not know of is missing; what it may know of but not do is forbidden.

use super::error::Error;
use super::model::{Attendee, Registration, Session, SessionId};
use super::status::{RegistrationAction, RegistrationStatus, SessionAction, SessionStatus};
use super::store::reach;
use super::store::session::{self, Eyes};
use crate::identity::{Cx, Role, UserId};
use crate::kernel::{Fault, Timestamp};
use crate::office::work::Work;

/// Roles that see what a session counted.
const COUNTERS: [Role; 2] = [Role::Organiser, Role::Reporter];

fn work<'a>(cx: &'a mut Cx<'_>) -> Work<'a> {
    Work::new(
        cx.conn,
        cx.platform,
        cx.now,
        &cx.actor.office,
        Some(cx.actor.id),
    )
    .asked_by(Some(cx.origin))
}

/// An organiser at work.
pub(super) fn organise<'a>(cx: &'a mut Cx<'_>) -> Result<Work<'a>, Error> {
    cx.actor.require(&[Role::Organiser])?;
    Ok(work(cx))
}

/// Whoever may read counts.
pub(super) fn count<'a>(cx: &'a mut Cx<'_>) -> Result<Work<'a>, Error> {
    cx.actor.require(&COUNTERS)?;
    Ok(work(cx))
}

/// Anybody logged in, with the eyes they see sessions with.
pub(super) fn look<'a>(cx: &'a mut Cx<'_>) -> (Work<'a>, Eyes) {
    let eyes = if cx.actor.is(Role::Family) {
        Eyes::Public
    } else {
        Eyes::Staff
    };
    (work(cx), eyes)
}

/// Whether a caller sees a session.
///
/// # Errors
/// When storage fails.
pub fn sees(cx: &mut Cx<'_>, id: uuid::Uuid) -> Result<bool, crate::db::Error> {
    let (mut work, eyes) = look(cx);
    Ok(find(&mut work, eyes, crate::kernel::Id::from_uuid(id))?.is_some())
}

/// A session these eyes see; whoever is on its list sees it, public or not.
pub(super) fn find(
    work: &mut Work<'_>,
    eyes: Eyes,
    id: SessionId,
) -> Result<Option<Session>, crate::db::Error> {
    let office = work.office_id();
    let found = session::find(work.conn, (office, eyes), id)?;
    let Some(user) = work
        .actor
        .filter(|_| found.is_none() && eyes == Eyes::Public)
    else {
        return Ok(found);
    };
    if !reach::is_listed(work.conn, id, user)? {
        return Ok(None);
    }
    session::find(work.conn, (office, Eyes::Staff), id)
}

/// Whose registrations the caller reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// Everybody's: an organiser.
    Everybody,
    /// Its own account's: a family.
    Own(UserId),
    /// The one a link in a mail is for; the link was checked before.
    Bearer,
}

impl Reach {
    /// The user registrations are limited to.
    pub(super) fn only_of(self) -> Option<UserId> {
        match self {
            Self::Everybody | Self::Bearer => None,
            Self::Own(user) => Some(user),
        }
    }

    /// The eyes sessions are seen with.
    pub(super) fn eyes(self) -> Eyes {
        match self {
            Self::Everybody | Self::Bearer => Eyes::Staff,
            Self::Own(_) => Eyes::Public,
        }
    }
}

/// An organiser or a family at work on registrations.
pub(super) fn registrations<'a>(cx: &'a mut Cx<'_>) -> Result<(Work<'a>, Reach), Error> {
    let reach = if cx.actor.is(Role::Organiser) {
        Reach::Everybody
    } else if cx.actor.is(Role::Family) {
        Reach::Own(cx.actor.id)
    } else {
        return Err(Fault::Forbidden.into());
    };
    Ok((work(cx), reach))
}

/// The caller's own things: anybody logged in.
pub(super) fn own<'a>(cx: &'a mut Cx<'_>) -> (Work<'a>, UserId) {
    let user = cx.actor.id;
    (work(cx), user)
}

/// What decides, beside its state and the clock, what a caller may do with a session.
#[derive(Debug, Clone, Copy)]
pub(super) struct SessionCaller {
    /// Whether the caller organises.
    pub(super) is_organiser: bool,
    /// Whether somebody is marked present there.
    pub(super) is_attended: bool,
    /// Whether it owes a product.
    pub(super) owes: bool,
}

/// The actions of a session this caller may take now; what somebody was at is not called off, and only
/// what is owed is waived.
pub(super) fn session_actions(
    session: &Session,
    now: Timestamp,
    caller: SessionCaller,
) -> Vec<&'static str> {
    if !caller.is_organiser {
        return Vec::new();
    }
    let mut actions = session.allowed(now);
    actions.retain(|action| match SessionAction::parse(action) {
        Some(SessionAction::Cancel) => !caller.is_attended,
        Some(SessionAction::WaiveProduct) => caller.owes,
        _ => true,
    });
    actions
}

/// What a family may do at a public session now; nobody without an account may do anything, and
/// whoever is on the list is so once.
pub(super) fn public_actions(
    session: &Session,
    now: Timestamp,
    seats_taken: i32,
    may_register: bool,
) -> Vec<&'static str> {
    let has_place = session.has_seat(seats_taken) || session.waitlist;
    if may_register && has_place && session.is_open(now) {
        vec![SessionAction::Register.as_str()]
    } else {
        Vec::new()
    }
}

/// The actions of a person's record this caller may take now.
pub(super) fn attendee_actions(attendee: &Attendee, reach: Reach) -> Vec<&'static str> {
    match (reach, attendee.merged_into) {
        (Reach::Own(_) | Reach::Bearer, _) => Vec::new(),
        (Reach::Everybody, Some(_)) => vec!["unmerge"],
        (Reach::Everybody, None) => vec!["edit", "merge"],
    }
}

/// Whether the states allow this caller an action on a registration.
pub(super) fn may_be(
    action: RegistrationAction,
    (registration, session): (RegistrationStatus, SessionStatus),
    reach: Reach,
) -> bool {
    registration_actions(registration, session, reach).contains(&action.as_str())
}

/// What decides, beside where a registration stands, what may be done with it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Circumstances {
    /// Whether the session has a seat or a line for one more.
    pub(super) has_room: bool,
    /// Whether its person is on the list by another one.
    pub(super) is_anew: bool,
    /// Whether the mail of where it stands would go out.
    pub(super) is_mailed: bool,
}

/// The actions of a registration this caller is offered: those that would succeed. Whoever was there was
/// there; nobody is mailed about the past.
pub(super) fn offered(
    registration: &Registration,
    (session, now): (&Session, Timestamp),
    reach: Reach,
    circumstances: Circumstances,
) -> Vec<&'static str> {
    let mut actions = registration_actions(registration.status, session.status, reach);
    let was_there = registration.slots_present > 0;
    let is_back = registration.status == RegistrationStatus::Declined;
    let is_late = is_back && reach != Reach::Everybody && !session.is_open(now);
    let comes = circumstances.has_room && !circumstances.is_anew && !is_late;
    let is_mailed = circumstances.is_mailed && !session.is_over(now);
    actions.retain(|action| match *action {
        "cancel" | "substitute" => !was_there,
        "confirm" => comes,
        "resend" => is_mailed,
        _ => true,
    });
    actions
}

/// The actions of a registration this caller may take now.
fn registration_actions(
    status: RegistrationStatus,
    session: SessionStatus,
    reach: Reach,
) -> Vec<&'static str> {
    let mut actions = status.allowed();
    if session.apply(SessionAction::Register).is_err() {
        actions.retain(|action| *action == "edit");
    }
    if reach != Reach::Everybody {
        actions.retain(|action| ["confirm", "decline", "cancel"].contains(action));
    }
    actions
}
