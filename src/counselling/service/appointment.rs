//! Appointments: made, taken, moved, called off, held, missed.

use serde_json::{Value, json};

use super::booking::{self, Terms};
use super::history::{self, note_on};
use super::matter::{self, Matter};
use super::notice;
use crate::counselling::appointment::{
    Appointment, AppointmentAction, AppointmentSecret, AppointmentStatus, CancelledBy, Leave,
    NoShowBy,
};
use crate::counselling::error::Error;
use crate::counselling::model::{AppointmentId, Mode, PartyId, Phase, Topic};
use crate::counselling::policy::Eyes;
use crate::counselling::slot::Span;
use crate::counselling::store::appointment::{self as store, About, Scope};
use crate::counselling::store::request as requests;
use crate::kernel::error::Check;
use crate::kernel::{Fault, Id, Timestamp};
use crate::office::work::Work;

/// A new appointment, validated.
#[derive(Debug, Clone)]
pub(in crate::counselling) struct NewAppointment {
    pub(in crate::counselling) subject: About,
    pub(in crate::counselling) parties: Vec<PartyId>,
    pub(in crate::counselling) mode: Mode,
    pub(in crate::counselling) span: Span,
    pub(in crate::counselling) topics: Vec<Topic>,
    pub(in crate::counselling) secret: AppointmentSecret,
    /// Whether the family is asked first; else it counts at once.
    pub(in crate::counselling) is_asked: bool,
    /// How it went, where it was held already.
    pub(in crate::counselling) held: Option<Held>,
}

/// What is told of an appointment that was held.
#[derive(Debug, Clone, Default)]
pub(in crate::counselling) struct Held {
    /// Who came; nobody is named before there is a case.
    pub(in crate::counselling) attended: Vec<PartyId>,
    /// What it was about, where that was another than planned.
    pub(in crate::counselling) topics: Option<Vec<Topic>>,
    /// The phase it was held in, where its case has gone on since.
    pub(in crate::counselling) phase: Option<Phase>,
}

impl Held {
    /// Who came, and nothing that was not planned.
    pub(in crate::counselling) fn by(attended: Vec<PartyId>) -> Self {
        Self {
            attended,
            ..Self::default()
        }
    }

    fn facts(&self) -> Value {
        match self.phase {
            Some(phase) => json!({"attended": self.attended, "phase": phase}),
            None => json!({"attended": self.attended}),
        }
    }
}

pub(super) fn note(
    work: &mut Work<'_>,
    one: &Appointment,
    (kind, facts): (&str, &Value),
    reason: Option<&str>,
) -> Result<(), Error> {
    note_on(work, (one.id, one.data_key_id), kind, facts, reason)
}

/// Staff make an appointment.
pub(in crate::counselling) fn create(
    work: &mut Work<'_>,
    eyes: &Eyes,
    new: NewAppointment,
) -> Result<Appointment, Error> {
    let matter = match new.subject {
        About::Case(id) => matter::lock_case(work, eyes, id)?,
        About::Request(id) => {
            let scope = requests::Scope::Staff(eyes.clone());
            matter::lock_request(work, &scope, id)?
        }
    };
    book(work, &matter, new, false)
}

/// Books in a matter that is locked; a family asks for what the hours leave open.
pub(super) fn book(
    work: &mut Work<'_>,
    matter: &Matter,
    new: NewAppointment,
    must_be_open: bool,
) -> Result<Appointment, Error> {
    let held = new.held.clone();
    let mut appointment = draft(work, matter, new)?;
    if let Some(held) = &held {
        hold(&mut appointment, work.now, held)?;
        appointment.status = AppointmentStatus::Completed;
    }
    let terms = matter.terms(must_be_open);
    booking::lock(work, &appointment)?;
    booking::require_free(work, &appointment, terms)?;
    booking::write(work, &appointment, terms, None)?;
    let mut facts = json!({
        "status": appointment.status,
        "starts_at": appointment.span.starts_at,
        "ends_at": appointment.span.ends_at,
        "follows": appointment.follows_id,
    });
    if let (Some(Value::Object(held)), Some(facts)) =
        (held.as_ref().map(Held::facts), facts.as_object_mut())
    {
        facts.extend(held);
    }
    note(work, &appointment, ("create", &facts), None)?;
    notice::booked(work, matter, &appointment, must_be_open)?;
    Ok(appointment)
}

fn draft(work: &mut Work<'_>, matter: &Matter, new: NewAppointment) -> Result<Appointment, Error> {
    match new.held {
        Some(_) => booking::require_near(new.span, work.now)?,
        None => booking::require_ahead(new.span, work.now)?,
    }
    let seats = matter.seats(work, &new.parties)?;
    let now = work.now;
    let expires_at = if new.is_asked {
        Some(booking::expiry(work, new.span)?)
    } else {
        None
    };
    let (case_id, request_id) = match matter.subject() {
        About::Case(id) => (Some(id), None),
        About::Request(id) => (None, Some(id)),
    };
    let status = if new.is_asked {
        AppointmentStatus::Requested
    } else {
        AppointmentStatus::Confirmed
    };
    Ok(Appointment {
        id: Id::new(now),
        office_id: work.office_id(),
        case_id,
        request_id,
        data_key_id: matter.data_key_id(),
        counsellor_id: matter.counsellor()?,
        phase: matter.phase(),
        topics: new.topics,
        mode: new.mode,
        span: new.span,
        status,
        expires_at,
        cancelled_by: None,
        no_show_by: None,
        follows_id: None,
        confirmed_at: (!new.is_asked).then_some(now),
        completed_at: None,
        calendar_sequence: 0,
        version: 1,
        asked_by: work.actor,
        created_at: now,
        updated_at: now,
        secret: new.secret,
        seats,
        leave: Leave::All,
    })
}

/// Locks what an appointment belongs to and whose time it takes, then reads it anew: what is
/// decided next is decided by what is there now.
pub(super) fn lock(
    work: &mut Work<'_>,
    scope: &Scope,
    id: AppointmentId,
    action: AppointmentAction,
) -> Result<(Appointment, Matter), Error> {
    let seen = store::load(work, scope, id)?;
    let matter = matter::lock_of(work, matter::subject_of(&seen)?)?;
    booking::lock(work, &seen)?;
    let one = store::load(work, scope, id)?;
    let usable = match action {
        AppointmentAction::Complete | AppointmentAction::NoShow | AppointmentAction::Reopen => {
            matter::require_usable(&matter)
        }
        _ => matter::require_open(&matter),
    };
    let taken = usable.and_then(|()| one.apply(action));
    taken.map_err(|refused| match refused {
        Fault::Transition { current, .. } => Fault::Transition {
            current,
            action: action.as_str(),
            allowed: match scope {
                Scope::Own(user) => one.family_actions(*user, work.now),
                Scope::Staff(_) | Scope::Case(_) => one.staff_actions(work.now),
            },
        },
        other => other,
    })?;
    work.require_seen(one.version)?;
    Ok((one, matter))
}

pub(super) fn save(
    work: &mut Work<'_>,
    one: &mut Appointment,
    terms: Terms,
    (kind, facts): (&str, &Value),
    reason: Option<&str>,
) -> Result<(), Error> {
    let seen = one.version;
    one.version += 1;
    one.updated_at = work.now;
    booking::write(work, one, terms, Some(seen))?;
    note(work, one, (kind, facts), reason)
}

/// Takes an action that moves the status and nothing of the time.
pub(super) fn settle(
    work: &mut Work<'_>,
    scope: &Scope,
    id: AppointmentId,
    action: AppointmentAction,
    (change, reason): (
        impl FnOnce(&mut Appointment) -> Result<Value, Error>,
        Option<&str>,
    ),
) -> Result<(Appointment, Terms), Error> {
    let (mut one, matter) = lock(work, scope, id, action)?;
    one.status = one.status.apply(action)?;
    one.expires_at = None;
    let is_told = matches!(
        action,
        AppointmentAction::Complete | AppointmentAction::NoShow
    );
    // Told anew, it was when it was first told of: the case may have gone on since.
    if is_told && !history::was_reopened(work, one.id)? {
        one.phase = matter.phase();
    }
    let facts = change(&mut one)?;
    let terms = matter.terms(false);
    save(work, &mut one, terms, (action.as_str(), &facts), reason)?;
    notice::settled(work, &matter, &one, action)?;
    Ok((one, terms))
}

/// Takes a request.
pub(in crate::counselling) fn confirm(
    work: &mut Work<'_>,
    eyes: &Eyes,
    id: AppointmentId,
) -> Result<Appointment, Error> {
    let (scope, now) = (Scope::Staff(eyes.clone()), work.now);
    let change = |one: &mut Appointment| {
        one.confirmed_at = Some(now);
        Ok(json!({}))
    };
    let action = AppointmentAction::Confirm;
    Ok(settle(work, &scope, id, action, (change, None))?.0)
}

/// Does not take a request; other times that are free come with the answer.
pub(in crate::counselling) fn decline(
    work: &mut Work<'_>,
    eyes: &Eyes,
    id: AppointmentId,
    reason: Option<&str>,
) -> Result<(Appointment, Vec<Span>), Error> {
    let scope = Scope::Staff(eyes.clone());
    let change = |_: &mut Appointment| Ok(json!({}));
    let action = AppointmentAction::Decline;
    let (one, terms) = settle(work, &scope, id, action, (change, reason))?;
    let free = booking::others(work, &one, terms)?;
    Ok((one, free))
}

/// Calls an appointment off.
pub(in crate::counselling) fn cancel(
    work: &mut Work<'_>,
    scope: &Scope,
    id: AppointmentId,
    (by, reason): (CancelledBy, Option<&str>),
) -> Result<Appointment, Error> {
    let change = |one: &mut Appointment| {
        one.cancelled_by = Some(by);
        Ok(json!({"by": by}))
    };
    let action = AppointmentAction::Cancel;
    Ok(settle(work, scope, id, action, (change, reason))?.0)
}

/// Says that an appointment was held, and who came. It keeps the phase it was held in.
pub(in crate::counselling) fn complete(
    work: &mut Work<'_>,
    eyes: &Eyes,
    id: AppointmentId,
    held: &Held,
) -> Result<Appointment, Error> {
    let (scope, now) = (Scope::Staff(eyes.clone()), work.now);
    let change = |one: &mut Appointment| {
        hold(one, now, held)?;
        Ok(held.facts())
    };
    let action = AppointmentAction::Complete;
    Ok(settle(work, &scope, id, action, (change, None))?.0)
}

/// Notes how an appointment was held.
fn hold(one: &mut Appointment, now: Timestamp, held: &Held) -> Result<(), Error> {
    require_begun(one, now)?;
    mark(one, &held.attended)?;
    let mut check = Check::new();
    // What comes before a case is before.
    let is_bare = one.case_id.is_none();
    let is_before = held.phase.is_none_or(|phase| phase == Phase::Before);
    check.rule(!is_bare || is_before, "/phase", "out-of-range");
    check.done()?;
    one.completed_at = Some(now);
    one.phase = held.phase.unwrap_or(one.phase);
    one.topics = held.topics.clone().unwrap_or_else(|| one.topics.clone());
    Ok(())
}

fn require_begun(one: &Appointment, now: Timestamp) -> Result<(), Error> {
    if booking::is_ahead(one.span, now) {
        return Err(Error::TooEarly);
    }
    Ok(())
}

/// Marks who came. Before there is a case, whoever asked is no party and is not named.
fn mark(one: &mut Appointment, attended: &[PartyId]) -> Result<(), Fault> {
    let mut check = Check::new();
    for (index, id) in attended.iter().enumerate() {
        let is_known = one.seats.iter().any(|seat| seat.party_id == Some(*id));
        check.rule(is_known, format!("/attended/{index}"), "unknown-reference");
        let is_again = attended.iter().take(index).any(|earlier| earlier == id);
        check.rule(!is_again, format!("/attended/{index}"), "repeated");
    }
    let is_bare = one.case_id.is_none();
    check.rule(is_bare || !attended.is_empty(), "/attended", "required");
    check.done()?;
    for seat in &mut one.seats {
        let is_named = seat.party_id.is_some_and(|id| attended.contains(&id));
        seat.has_attended = Some(is_bare || is_named);
    }
    Ok(())
}

/// Says who did not come.
pub(in crate::counselling) fn miss(
    work: &mut Work<'_>,
    eyes: &Eyes,
    id: AppointmentId,
    by: NoShowBy,
) -> Result<Appointment, Error> {
    let (scope, now) = (Scope::Staff(eyes.clone()), work.now);
    let change = |one: &mut Appointment| {
        require_begun(one, now)?;
        one.no_show_by = Some(by);
        for seat in &mut one.seats {
            seat.has_attended = (by == NoShowBy::Party).then_some(false);
        }
        Ok(json!({"by": by}))
    };
    let action = AppointmentAction::NoShow;
    Ok(settle(work, &scope, id, action, (change, None))?.0)
}

/// Takes back what was told of how an appointment went: it was told by mistake, and is told anew.
pub(in crate::counselling) fn reopen(
    work: &mut Work<'_>,
    eyes: &Eyes,
    id: AppointmentId,
    reason: &str,
) -> Result<Appointment, Error> {
    let scope = Scope::Staff(eyes.clone());
    let action = AppointmentAction::Reopen;
    let change = |one: &mut Appointment| {
        let was = json!({"no_show_by": one.no_show_by, "completed_at": one.completed_at});
        one.no_show_by = None;
        one.completed_at = None;
        for seat in &mut one.seats {
            seat.has_attended = None;
        }
        Ok(was)
    };
    Ok(settle(work, &scope, id, action, (change, Some(reason)))?.0)
}
