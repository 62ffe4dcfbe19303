//! What a family does with its own appointments.

use serde_json::json;

use super::appointment::{self as service, NewAppointment};
use super::booking::{self, Guest};
use super::{matter, notice};
use crate::counselling::appointment::{
    Appointment, AppointmentAction, AppointmentSecret, CancelledBy,
};
use crate::counselling::error::Error;
use crate::counselling::model::{
    AppointmentId, Case, CaseId, Mode, PartyId, Request, RequestId, Topic,
};
use crate::counselling::slot::{Sides, Span};
use crate::counselling::store::appointment::{self as store, Scope};
use crate::counselling::store::{case as cases, party as parties, request as requests};
use crate::identity::UserId;
use crate::kernel::Fault;
use crate::office::work::Work;

/// The most requests of one person that wait for an answer.
const PENDING_MAX: i64 = 3;

/// What a family may ask a time for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::counselling) enum Own {
    /// Itself, in a case.
    Party(PartyId),
    /// Itself, by its request.
    Request(RequestId),
}

/// What a family asks, validated.
#[derive(Debug, Clone)]
pub(in crate::counselling) struct OwnWish {
    pub(in crate::counselling) own: Own,
    pub(in crate::counselling) mode: Mode,
    pub(in crate::counselling) span: Span,
    pub(in crate::counselling) topics: Vec<Topic>,
}

/// A matter in which a family can ask for a time, and whose time that is.
#[derive(Debug, Clone, Copy)]
pub(in crate::counselling) struct Bookable {
    pub(in crate::counselling) own: Own,
    pub(in crate::counselling) counsellor: UserId,
}

fn case_of(work: &mut Work<'_>, user: UserId, party: PartyId) -> Result<CaseId, Error> {
    let office = work.office_id();
    let mine = parties::of_user(work.conn, office, user)?;
    let found = mine.into_iter().find(|(id, _)| *id == party);
    found
        .map(|(_, case)| case)
        .ok_or_else(|| Fault::NotFound.into())
}

/// A family asks for a time for itself; it is held until it is answered or expires.
pub(in crate::counselling) fn ask(
    work: &mut Work<'_>,
    user: UserId,
    wish: OwnWish,
) -> Result<Appointment, Error> {
    let (matter, named) = match wish.own {
        Own::Party(party) => {
            let case = case_of(work, user, party)?;
            (matter::lock_own_case(work, case)?, vec![party])
        }
        Own::Request(id) => {
            let scope = requests::Scope::Own(user);
            (matter::lock_request(work, &scope, id)?, Vec::new())
        }
    };
    for seat in matter.seats(work, &named)? {
        let pending = store::pending_of(work.conn, work.office.id, &seat.person_key)?;
        if pending >= PENDING_MAX {
            return Err(Error::AppointmentsPending);
        }
    }
    let new = NewAppointment {
        subject: matter.subject(),
        parties: named,
        mode: wish.mode,
        span: wish.span,
        topics: wish.topics,
        secret: AppointmentSecret::default(),
        is_asked: true,
        held: None,
    };
    service::book(work, &matter, new, true)
}

/// A family calls its appointment off before it begins; whoever is missed then is staff's to say.
pub(in crate::counselling) fn cancel(
    work: &mut Work<'_>,
    user: UserId,
    id: AppointmentId,
    reason: Option<&str>,
) -> Result<Appointment, Error> {
    let scope = Scope::Own(user);
    let one = store::load(work, &scope, id)?;
    if one.status.is_live() && !booking::is_ahead(one.span, work.now) {
        return Err(Fault::Transition {
            current: one.status.as_str(),
            action: AppointmentAction::Cancel.as_str(),
            allowed: Vec::new(),
        }
        .into());
    }
    let one = service::cancel(work, &scope, id, (CancelledBy::Party, reason))?;
    notice::family_left(work, &one, user)?;
    Ok(one)
}

/// A family agrees to a time the office offered and asked it about.
pub(in crate::counselling) fn confirm(
    work: &mut Work<'_>,
    user: UserId,
    id: AppointmentId,
) -> Result<Appointment, Error> {
    let now = work.now;
    let change = |one: &mut Appointment| {
        require_offered(one, user)?;
        one.confirmed_at = Some(now);
        Ok(json!({"by": CancelledBy::Party}))
    };
    let (scope, action) = (Scope::Own(user), AppointmentAction::Confirm);
    Ok(service::settle(work, &scope, id, action, (change, None))?.0)
}

/// A family does not agree to such a time; its counsellor looks for another with it.
pub(in crate::counselling) fn decline(
    work: &mut Work<'_>,
    user: UserId,
    id: AppointmentId,
    reason: Option<&str>,
) -> Result<Appointment, Error> {
    let change = |one: &mut Appointment| {
        require_offered(one, user)?;
        Ok(json!({"by": CancelledBy::Party}))
    };
    let (scope, action) = (Scope::Own(user), AppointmentAction::Decline);
    Ok(service::settle(work, &scope, id, action, (change, reason))?.0)
}

/// What a family asked for itself is the office's to answer.
fn require_offered(one: &Appointment, user: UserId) -> Result<(), Fault> {
    if one.asked_by == Some(user) {
        return Err(Fault::Forbidden);
    }
    Ok(())
}

/// The matters in which a family can ask for a time.
pub(in crate::counselling) fn bookable(
    work: &mut Work<'_>,
    user: UserId,
) -> Result<Vec<Bookable>, Error> {
    let mut found = Vec::new();
    for (party, case) in matters(work, user)? {
        if matter::can_book(&case) {
            found.push(Bookable {
                own: Own::Party(party),
                counsellor: case.counsellor_id,
            });
        }
    }
    let asked = |request: Request| {
        let counsellor = request.assignee_id?;
        let own = Own::Request(request.id);
        (!request.status.is_over()).then_some(Bookable { own, counsellor })
    };
    let requests = requests::of_user(work, user)?;
    found.extend(requests.into_iter().filter_map(asked));
    Ok(found)
}

/// The parties an account stands for, with their cases, but those that were erased.
fn matters(work: &mut Work<'_>, user: UserId) -> Result<Vec<(PartyId, Case)>, Error> {
    let office = work.office_id();
    let mut found = Vec::new();
    for (party, case) in parties::of_user(work.conn, office, user)? {
        match cases::load(work, case) {
            Ok(case) => found.push((party, case)),
            Err(Error::Fault(Fault::NotFound)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

/// As whom a family comes to a counsellor, by each case; refuses one that looks at the times of
/// someone who does not counsel it.
pub(in crate::counselling) fn guests(
    work: &mut Work<'_>,
    user: UserId,
    counsellor: UserId,
) -> Result<Vec<Guest>, Error> {
    let mine = bookable(work, user)?;
    if mine.iter().all(|one| one.counsellor != counsellor) {
        return Err(Fault::NotFound.into());
    }
    let mut guests = Vec::new();
    for (id, case) in matters(work, user)? {
        let roles = parties::roles_of(work.conn, case.id)?;
        let own = roles.into_iter().filter(|(party, _)| *party == id);
        guests.push(Guest {
            case: case.id,
            sides: Sides::of(own.map(|(_, role)| role.side())),
            may_meet: case.sides_may_meet(),
        });
    }
    Ok(guests)
}
