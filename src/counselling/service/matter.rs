//! What an appointment is for: a case, or a request that is no case yet. Its row is locked before
//! anybody's calendar is.

use crate::counselling::appointment::{Appointment, Seat};
use crate::counselling::error::Error;
use crate::counselling::model::{Case, CaseId, Party, PartyId, Phase, Request, RequestId};
use crate::counselling::policy::{self, Eyes};
use crate::counselling::service::booking::Terms;
use crate::counselling::service::party;
use crate::counselling::status::CaseAction;
use crate::counselling::store::appointment::About;
use crate::counselling::store::request::Scope;
use crate::counselling::store::{case as cases, party as parties, request as requests};
use crate::identity::UserId;
use crate::kernel::error::Check;
use crate::kernel::{Fault, Id, Timestamp};
use crate::office::work::Work;
use crate::sealed::DataKeyId;

/// The most people of an appointment.
const PEOPLE_MAX: usize = 20;

/// What an appointment is for, its row locked.
#[derive(Debug)]
pub(super) enum Matter {
    /// A case.
    Case(Box<Case>),
    /// A request.
    Request(Box<Request>),
}

impl Matter {
    /// Its id.
    pub(super) fn subject(&self) -> About {
        match self {
            Self::Case(case) => About::Case(case.id),
            Self::Request(request) => About::Request(request.id),
        }
    }

    /// What seals it.
    pub(super) fn data_key_id(&self) -> DataKeyId {
        match self {
            Self::Case(case) => case.data_key_id,
            Self::Request(request) => request.data_key_id,
        }
    }

    /// The phase it is in; what comes before a case is before.
    pub(super) fn phase(&self) -> Phase {
        match self {
            Self::Case(case) => case.phase,
            Self::Request(_) => Phase::Before,
        }
    }

    /// How a time is asked for in it.
    pub(super) fn terms(&self, must_be_open: bool) -> Terms {
        let may_meet = match self {
            Self::Case(case) => case.sides_may_meet(),
            Self::Request(_) => false,
        };
        Terms {
            may_meet,
            must_be_open,
        }
    }

    /// Who counsels in it.
    pub(super) fn counsellor(&self) -> Result<UserId, Error> {
        match self {
            Self::Case(case) => Ok(case.counsellor_id),
            Self::Request(request) => request.assignee_id.ok_or_else(|| not_now(request).into()),
        }
    }

    /// Those of these parties who are in it, as people who come.
    pub(super) fn seats(&self, work: &mut Work<'_>, named: &[PartyId]) -> Result<Vec<Seat>, Error> {
        match self {
            Self::Request(request) => {
                let mut check = Check::new();
                check.rule(named.is_empty(), "/parties", "unknown-reference");
                check.done()?;
                Ok(vec![asker(work, request)])
            }
            Self::Case(case) => {
                let all = parties::of_case(work, case)?;
                seated(work.now, &all, named)
            }
        }
    }
}

fn not_now(request: &Request) -> Fault {
    Fault::Transition {
        current: request.status.as_str(),
        action: CaseAction::Book.as_str(),
        allowed: request.status.allowed(),
    }
}

fn seat(now: Timestamp, party: &Party) -> Seat {
    Seat {
        id: Id::new(now),
        party_id: Some(party.id),
        person_key: party.person_key.clone(),
        role: party.role,
        has_attended: None,
    }
}

fn seated(now: Timestamp, all: &[Party], named: &[PartyId]) -> Result<Vec<Seat>, Error> {
    let mut check = Check::new();
    let is_fit = (1..=PEOPLE_MAX).contains(&named.len());
    check.rule(is_fit, "/parties", "out-of-range");
    let mut seats: Vec<Seat> = Vec::new();
    for (index, id) in named.iter().enumerate().take(PEOPLE_MAX) {
        match all.iter().find(|party| party.id == *id) {
            None => check.refuse(format!("/parties/{index}"), "unknown-reference"),
            Some(party) => {
                let mut known = seats.iter();
                let is_new = !known.any(|seat| seat.person_key == party.person_key);
                check.rule(is_new, format!("/parties/{index}"), "repeated");
                seats.push(seat(now, party));
            }
        }
    }
    check.done()?;
    Ok(seats)
}

/// Whoever made a request, before there is a party.
fn asker(work: &Work<'_>, request: &Request) -> Seat {
    Seat {
        id: Id::new(work.now),
        party_id: None,
        person_key: asker_key(work, request),
        role: request.party_role,
        has_attended: None,
    }
}

/// The digest of whoever made a request, the same wherever this person is a party.
pub(super) fn asker_key(work: &Work<'_>, request: &Request) -> Vec<u8> {
    let secret = &request.secret;
    let name = secret.name.as_deref().unwrap_or(&request.code);
    let own = ("request", request.id.uuid());
    party::key_of(work, (secret.phone.as_deref(), name), own)
}

/// Locks a case these eyes may book in.
pub(super) fn lock_case(work: &mut Work<'_>, eyes: &Eyes, id: CaseId) -> Result<Matter, Error> {
    let case = cases::lock(work, eyes, id)?;
    policy::require_case(&case, eyes, CaseAction::Book)?;
    Ok(Matter::Case(Box::new(case)))
}

/// Locks a request the scope reaches and that is not over.
pub(super) fn lock_request(
    work: &mut Work<'_>,
    scope: &Scope,
    id: RequestId,
) -> Result<Matter, Error> {
    requests::touch(work.conn, work.office.id, id)?;
    let request = super::request::load(work, scope, id)?;
    if request.status.is_over() {
        return Err(not_now(&request).into());
    }
    Ok(Matter::Request(Box::new(request)))
}

/// Locks a case for a family that belongs to it.
pub(super) fn lock_own_case(work: &mut Work<'_>, id: CaseId) -> Result<Matter, Error> {
    let matter = lock_of(work, About::Case(id))?;
    require_open(&matter)?;
    Ok(matter)
}

/// Locks what an appointment is for, whoever asks: the appointment itself was reached.
pub(super) fn lock_of(work: &mut Work<'_>, subject: About) -> Result<Matter, Error> {
    match subject {
        About::Case(id) => {
            cases::touch(work.conn, work.office.id, id)?;
            Ok(Matter::Case(Box::new(cases::load(work, id)?)))
        }
        About::Request(id) => {
            requests::touch(work.conn, work.office.id, id)?;
            Ok(Matter::Request(Box::new(requests::of_office(work, id)?)))
        }
    }
}

/// Reads what an appointment is for, for what only tells of it.
pub(super) fn read_of(work: &mut Work<'_>, subject: About) -> Result<Matter, Error> {
    Ok(match subject {
        About::Case(id) => Matter::Case(Box::new(cases::load(work, id)?)),
        About::Request(id) => Matter::Request(Box::new(requests::of_office(work, id)?)),
    })
}

/// Refuses what ended: nothing is done to appointments of a closed case.
pub(super) fn require_open(matter: &Matter) -> Result<(), Fault> {
    match matter {
        Matter::Case(case) if !can_book(case) => Err(Fault::Transition {
            current: case.status.as_str(),
            action: CaseAction::Book.as_str(),
            // What may be done to the case is not everybody's to know.
            allowed: Vec::new(),
        }),
        Matter::Request(request) if request.status.is_over() => Err(not_now(request)),
        Matter::Case(_) | Matter::Request(_) => Ok(()),
    }
}

/// The same, for what tells how an appointment went: it had begun when what it was for ended.
pub(super) fn require_usable(matter: &Matter) -> Result<(), Fault> {
    match matter {
        Matter::Case(case) if case.is_restricted => require_open(matter),
        _ => Ok(()),
    }
}

/// Whether times are still given in a case.
pub(super) fn can_book(case: &Case) -> bool {
    case.status.apply(CaseAction::Book).is_ok()
}

/// What an appointment is for: its case where there is one.
pub(super) fn subject_of(appointment: &Appointment) -> Result<About, Error> {
    match (appointment.case_id, appointment.request_id) {
        (Some(id), _) => Ok(About::Case(id)),
        (None, Some(id)) => Ok(About::Request(id)),
        (None, None) => Err(Fault::Internal("an appointment for nothing".into()).into()),
    }
}
