//! An appointment as an entry in the calendar of who comes.

use super::error::Error;
use super::messages::{Telling, Told};
use super::model::Mode;
use crate::kernel::Language;
use crate::mail::message::{Calendar, CalendarEntry};
use crate::office::work::Work;

/// The appointment for a calendar: the office and the desk, nothing else.
pub(super) fn calendar(
    work: &mut Work<'_>,
    told: &Told,
    (language, telling): (Language, Telling),
) -> Result<Calendar, Error> {
    let office = work.office.name.clone();
    let desk = work.settings()?.desk.address.clone();
    let is_here = told.mode == Mode::AtOffice;
    let what = language.pick("Lịch hẹn", "Appointment");
    Ok(Calendar {
        is_cancelled: telling == Telling::Cancelled,
        sequence: told.calendar_sequence,
        location: desk.filter(|_| is_here).unwrap_or_default(),
        url: None,
        gone: Vec::new(),
        entries: vec![CalendarEntry {
            uid: format!("{}@calendar", told.id),
            starts_at: told.starts_at.micros(),
            ends_at: told.ends_at.micros(),
            summary: format!("{what} – {office}"),
        }],
        is_private: true,
    })
}
