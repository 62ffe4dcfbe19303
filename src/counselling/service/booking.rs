//! Who gets a time. The calendar of the counsellor and the people who come are locked first, in
//! one order, so that both engines decide one booking after another; fences in the database stand
//! behind it.

use chrono::{Days, TimeDelta};
use serde_json::json;

use super::{matter, notice};
use crate::counselling::appointment::{Appointment, AppointmentStatus};
use crate::counselling::errand;
use crate::counselling::error::Error;
use crate::counselling::model::{AppointmentId, CaseId};
use crate::counselling::slot::{self, Booking, Search, Sides, Span};
use crate::counselling::store::appointment as store;
use crate::counselling::store::availability;
use crate::counselling::store::booking::{self, Overdue, Standing, Whose};
use crate::db::dialect;
use crate::identity::UserId;
use crate::kernel::error::Check;
use crate::kernel::{Fault, Timestamp};
use crate::office::calendar::{self, Calendar};
use crate::office::work::Work;

/// How far other free times are looked for.
const DAYS: u64 = 31;
/// How many other free times a refusal tells.
const OTHERS: usize = 5;

/// How far ahead an appointment is made, and how far back one is entered.
const FARTHEST: TimeDelta = TimeDelta::days(2 * 366);

/// How a time is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::counselling) struct Terms {
    /// Whether both sides of an adoption may meet in this matter.
    pub(in crate::counselling) may_meet: bool,
    /// Whether the time must be one the counsellor's hours leave open; staff may go beyond them.
    pub(in crate::counselling) must_be_open: bool,
}

fn whose(appointment: &Appointment) -> Whose {
    let seats = appointment.seats.iter();
    Whose {
        office: appointment.office_id,
        counsellor: appointment.counsellor_id,
        people: seats.map(|seat| seat.person_key.clone()).collect(),
        case: appointment.case_id,
        except: Some(appointment.id),
        was_held: appointment.status == AppointmentStatus::Completed,
    }
}

/// Locks everybody whose time an appointment takes, and lets go of requests whose time is up.
pub(super) fn lock(work: &mut Work<'_>, appointment: &Appointment) -> Result<(), Error> {
    let (office, now) = (work.office_id(), work.now);
    let whose = whose(appointment);
    availability::lock(work.conn, office, whose.counsellor, now)?;
    availability::lock_people(work.conn, office, &whose.people)?;
    for due in booking::overdue(work.conn, Some(&whose), now)? {
        expire(work, due)?;
    }
    Ok(())
}

/// Ends a request whose time is up, unless somebody was faster.
pub(in crate::counselling) fn expire(work: &mut Work<'_>, due: Overdue) -> Result<bool, Error> {
    let (_office, id, data_key) = due;
    let is_ended = booking::expire(work.conn, id, work.now)?;
    if is_ended {
        super::history::note_on(work, (id, data_key), "expire", &json!({}), None)?;
        errand::appointment_answered(work, id)?;
        tell_lapsed(work, id)?;
    }
    Ok(is_ended)
}

/// Tells the family of a request that nobody answered. What it is for is read and not locked: the
/// calendars are locked by now, and rows of matters come before them.
fn tell_lapsed(work: &mut Work<'_>, id: AppointmentId) -> Result<(), Error> {
    let told = store::load_any(work, id).and_then(|one| {
        let matter = matter::read_of(work, matter::subject_of(&one)?)?;
        notice::lapsed(work, &matter, &one)
    });
    match told {
        // What was erased meanwhile is told to nobody.
        Err(Error::Fault(Fault::NotFound)) => Ok(()),
        other => other,
    }
}

/// Refuses a time that is not free; everybody concerned is locked.
pub(super) fn require_free(
    work: &mut Work<'_>,
    appointment: &Appointment,
    terms: Terms,
) -> Result<(), Error> {
    if appointment.sides().meet() && !terms.may_meet {
        return Err(Error::SidesApart);
    }
    let span = appointment.span;
    let is_taken = is_taken(work, appointment, terms)?;
    let is_closed = terms.must_be_open && !is_open(work, appointment.counsellor_id, span)?;
    if is_taken || is_closed {
        return Err(taken(work, appointment, terms)?);
    }
    Ok(())
}

/// Whether something stands in an appointment's way; everybody concerned is locked.
pub(super) fn is_taken(
    work: &mut Work<'_>,
    appointment: &Appointment,
    terms: Terms,
) -> Result<bool, Error> {
    let span = appointment.span;
    let busy = busy(work, appointment, terms, span)?;
    Ok(busy.iter().any(|taken| taken.overlaps(span)))
}

/// Whether the counsellor's hours leave a time open.
pub(super) fn is_open(work: &mut Work<'_>, counsellor: UserId, span: Span) -> Result<bool, Error> {
    let hours = availability::load(work.conn, counsellor)?;
    let calendar = calendar::load(work.conn, work.office.id)?;
    Ok(hours.is_open((&calendar, work.zone()), span))
}

/// Writes an appointment; where a fence of the database holds it back, it lost like any other.
pub(super) fn write(
    work: &mut Work<'_>,
    appointment: &Appointment,
    terms: Terms,
    seen: Option<i32>,
) -> Result<(), Error> {
    let written = match seen {
        None => store::insert(work, appointment),
        Some(seen) => store::update(work, appointment, seen),
    };
    match written {
        Err(error) if is_fenced(&error) => Err(taken(work, appointment, terms)?),
        other => other,
    }
}

/// Whether a fence of the database held a row back.
pub(super) fn is_fenced(error: &Error) -> bool {
    matches!(error, Error::Db(crate::db::Error::Statement(error))
        if dialect::violated_exclusion(error))
}

/// The refusal of a time, with the next that are free.
fn taken(work: &mut Work<'_>, appointment: &Appointment, terms: Terms) -> Result<Error, Error> {
    let was_held = appointment.status == AppointmentStatus::Completed;
    // What was held was held when it was: other times are of no use.
    let free = if was_held {
        Vec::new()
    } else {
        others(work, appointment, terms)?
    };
    let zone = work.zone();
    let shown = |span: Span| (zone.show(span.starts_at), zone.show(span.ends_at));
    Ok(Error::SlotTaken {
        free: free.into_iter().map(shown).collect(),
    })
}

/// Other free times for an appointment, from its day on.
pub(super) fn others(
    work: &mut Work<'_>,
    appointment: &Appointment,
    terms: Terms,
) -> Result<Vec<Span>, Error> {
    let zone = work.zone();
    let day = zone.day(appointment.span.starts_at.max(work.now));
    let last = day.checked_add_days(Days::new(DAYS)).unwrap_or(day);
    let (starts_at, ends_at) = zone.day_range(day, last);
    let mut busy = busy(work, appointment, terms, Span { starts_at, ends_at })?;
    if !appointment.status.is_live() {
        // What was declined is not offered again.
        busy.push(appointment.span);
    }
    let minutes = appointment.span.minutes();
    let search = Search {
        from: day,
        to: last,
        minutes: minutes.clamp(*slot::MINUTES.start(), *slot::MINUTES.end()),
        earliest: work.now,
        limit: OTHERS,
    };
    search_in(work, appointment.counsellor_id, &busy, search)
}

/// Who would come in a case, and whether its sides may meet.
#[derive(Debug, Clone, Copy)]
pub(in crate::counselling) struct Guest {
    pub(in crate::counselling) case: CaseId,
    pub(in crate::counselling) sides: Sides,
    pub(in crate::counselling) may_meet: bool,
}

/// The free times of a counsellor: whoever comes, or for these guests, as a booking of theirs finds
/// them.
pub(in crate::counselling) fn free(
    work: &mut Work<'_>,
    counsellor: UserId,
    guests: &[Guest],
    search: Search,
) -> Result<Vec<Span>, Error> {
    let (starts_at, ends_at) = work.zone().day_range(search.from, search.to);
    let within = Span { starts_at, ends_at };
    let mut busy = Vec::new();
    if guests.is_empty() {
        busy.extend(
            held(work, counsellor, None, within)?
                .iter()
                .map(|one| one.booking.span),
        );
    }
    let gap = work.settings()?.appointment_gap();
    for guest in guests {
        let wanted = Booking {
            span: within,
            sides: guest.sides,
            is_at_office: true,
            case: Some(guest.case),
        };
        let held = held(work, counsellor, Some(guest.case), within.widened(gap))?;
        busy.extend(in_the_way(held, &wanted, guest.may_meet, gap));
    }
    search_in(work, counsellor, &busy, search)
}

/// What a counsellor, and a case, have within a span, but for requests whose time is up.
fn held(
    work: &mut Work<'_>,
    counsellor: UserId,
    case: Option<CaseId>,
    within: Span,
) -> Result<Vec<Standing>, Error> {
    let whose = Whose {
        office: work.office_id(),
        counsellor,
        people: Vec::new(),
        case,
        except: None,
        was_held: false,
    };
    let mut standing = booking::standing(work.conn, &whose, within)?;
    let overdue = overdue_of(work, &whose)?;
    standing.retain(|one| !overdue.contains(&one.id));
    Ok(standing)
}

/// What of that is in the way of a booking, with the time around it where the sides would meet.
fn in_the_way(
    standing: Vec<Standing>,
    wanted: &Booking,
    may_meet: bool,
    gap: TimeDelta,
) -> impl Iterator<Item = Span> {
    standing.into_iter().filter_map(move |one| {
        let is_in_the_way = one.is_theirs || slot::would_meet(&one.booking, wanted, may_meet);
        is_in_the_way.then(|| slot::blocked(&one.booking, (wanted, may_meet), gap))
    })
}

fn overdue_of(work: &mut Work<'_>, whose: &Whose) -> Result<Vec<AppointmentId>, Error> {
    let due = booking::overdue(work.conn, Some(whose), work.now)?;
    Ok(due.into_iter().map(|(_, id, _)| id).collect())
}

fn search_in(
    work: &mut Work<'_>,
    counsellor: UserId,
    busy: &[Span],
    search: Search,
) -> Result<Vec<Span>, Error> {
    let hours = availability::load(work.conn, counsellor)?;
    let calendar = calendar::load(work.conn, work.office.id)?;
    let office: (&Calendar, _) = (&calendar, work.zone());
    Ok(slot::free(&hours, office, busy, search))
}

/// What is taken near a span, with the time around it where the sides would meet at the door.
fn busy(
    work: &mut Work<'_>,
    appointment: &Appointment,
    terms: Terms,
    within: Span,
) -> Result<Vec<Span>, Error> {
    let gap = match appointment.status {
        // What was held is told as it was.
        AppointmentStatus::Completed => TimeDelta::zero(),
        _ => work.settings()?.appointment_gap(),
    };
    let wanted = Booking {
        span: appointment.span,
        sides: appointment.sides(),
        // A family that could ask by phone where it may not come would know who is at the door.
        is_at_office: terms.must_be_open || appointment.is_at_office(),
        case: appointment.case_id,
    };
    let within = within.widened(gap);
    let standing = booking::standing(work.conn, &whose(appointment), within)?;
    Ok(in_the_way(standing, &wanted, terms.may_meet, gap).collect())
}

/// Whether a time lies ahead.
pub(super) fn is_ahead(span: Span, now: Timestamp) -> bool {
    now < span.starts_at
}

/// Refuses a time that is over, or too far off.
pub(super) fn require_ahead(span: Span, now: Timestamp) -> Result<(), Fault> {
    let mut check = Check::new();
    let is_ahead = is_ahead(span, now);
    check.rule(is_ahead, "/starts_at", "in-the-past");
    check.done()?;
    require_near(span, now)
}

/// Refuses a time that is too far off, ahead or behind.
pub(super) fn require_near(span: Span, now: Timestamp) -> Result<(), Fault> {
    let mut check = Check::new();
    let is_near = span.starts_at.since(now).abs() <= FARTHEST;
    check.rule(is_near, "/starts_at", "out-of-range");
    check.done()
}

/// Until when a request holds its time: never beyond its own beginning.
pub(super) fn expiry(work: &mut Work<'_>, span: Span) -> Result<Timestamp, Error> {
    let held = work.settings()?.appointment_request_time();
    Ok(work.now.plus(held).min(span.starts_at))
}
