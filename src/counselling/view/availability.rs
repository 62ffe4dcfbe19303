//! Counsellors' hours and free times on the wire.

use chrono::{NaiveDate, NaiveTime, Timelike};
use serde::{Deserialize, Serialize};

use crate::counselling::model::AppointmentId;
use crate::counselling::service::availability::Timetable;
use crate::counselling::slot::{
    Availability, Exception, ExceptionKind, Hours, MINUTES, Minutes, Search, Span,
};
use crate::identity::UserId;
use crate::kernel::civil::Shown;
use crate::kernel::error::{Check, Fault};
use crate::kernel::{Timestamp, Zone};

/// The most hours, exceptions and times off of a counsellor.
const ROWS_MAX: usize = 400;
/// The most days free times are looked for at once.
const DAYS_MAX: i64 = 31;
/// How long an appointment lasts where nobody says.
const MINUTES_DEFAULT: i64 = 60;

/// Hours of a weekday.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::counselling) struct WeeklyHours {
    /// 1 is Monday, 7 is Sunday.
    #[schema(minimum = 1, maximum = 7)]
    weekday: i32,
    /// When they begin.
    #[schema(value_type = String, example = "08:00:00")]
    starts: NaiveTime,
    /// When they end; midnight is the end of the day.
    #[schema(value_type = String, example = "11:30:00")]
    ends: NaiveTime,
    /// The first day they hold.
    valid_from: NaiveDate,
    /// The last day they hold; without one they hold on.
    valid_to: Option<NaiveDate>,
}

/// What is different on one day.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::counselling) struct HoursException {
    /// The day.
    day: NaiveDate,
    /// Whether it opens or closes these hours; a closed hour is closed whatever opens it.
    kind: ExceptionKind,
    /// When they begin.
    #[schema(value_type = String, example = "08:00:00")]
    starts: NaiveTime,
    /// When they end; midnight is the end of the day.
    #[schema(value_type = String, example = "11:30:00")]
    ends: NaiveTime,
}

/// Time away.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::counselling) struct TimeOffBody {
    /// The first instant.
    starts_at: Timestamp,
    /// The first instant after it.
    ends_at: Timestamp,
}

/// A counsellor's hours, set as a whole.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::counselling) struct AvailabilityBody {
    /// Week by week; on days the office does not work they do not count.
    hours: Vec<WeeklyHours>,
    /// On single days.
    exceptions: Vec<HoursException>,
    /// Away.
    time_off: Vec<TimeOffBody>,
}

fn minute(time: NaiveTime) -> i32 {
    i32::try_from(time.num_seconds_from_midnight() / 60).unwrap_or(0)
}

fn minutes(check: &mut Check, at: &str, starts: NaiveTime, ends: NaiveTime) -> Minutes {
    let to = match minute(ends) {
        0 => 24 * 60,
        to => to,
    };
    let from = minute(starts);
    let is_whole = starts.second() == 0 && ends.second() == 0;
    check.rule(is_whole && from < to, format!("{at}/ends"), "before-start");
    Minutes { from, to }
}

impl AvailabilityBody {
    /// The hours, with every broken rule.
    pub(in crate::counselling) fn read(&self) -> Result<Availability, Fault> {
        let mut check = Check::new();
        for (at, rows) in [
            ("/hours", self.hours.len()),
            ("/exceptions", self.exceptions.len()),
            ("/time_off", self.time_off.len()),
        ] {
            check.rule(rows <= ROWS_MAX, at, "out-of-range");
        }
        let hours = self.hours.iter().take(ROWS_MAX).enumerate();
        let hours = hours.map(|(index, one)| {
            let at = format!("/hours/{index}");
            let is_weekday = (1..=7).contains(&one.weekday);
            check.rule(is_weekday, format!("{at}/weekday"), "out-of-range");
            let is_ordered = one.valid_to.is_none_or(|last| one.valid_from <= last);
            check.rule(is_ordered, format!("{at}/valid_to"), "before-start");
            check.day(format!("{at}/valid_from"), one.valid_from);
            check.day(format!("{at}/valid_to"), one.valid_to);
            Hours {
                weekday: one.weekday,
                minutes: minutes(&mut check, &at, one.starts, one.ends),
                valid_from: one.valid_from,
                valid_to: one.valid_to,
            }
        });
        let hours = hours.collect();
        let exceptions = self.exceptions.iter().take(ROWS_MAX).enumerate();
        let exceptions = exceptions.map(|(index, one)| {
            let at = format!("/exceptions/{index}");
            check.day(format!("{at}/day"), one.day);
            Exception {
                day: one.day,
                kind: one.kind,
                minutes: minutes(&mut check, &at, one.starts, one.ends),
            }
        });
        let exceptions = exceptions.collect();
        for (index, one) in self.time_off.iter().take(ROWS_MAX).enumerate() {
            let is_ordered = one.starts_at < one.ends_at;
            let at = format!("/time_off/{index}/ends_at");
            check.rule(is_ordered, at, "before-start");
        }
        check.done()?;
        let time_off = self.time_off.iter().map(|one| Span {
            starts_at: one.starts_at,
            ends_at: one.ends_at,
        });
        Ok(Availability {
            hours,
            exceptions,
            time_off: time_off.collect(),
        })
    }
}

/// A time from which to which something goes.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(in crate::counselling) struct FreeTimeView {
    starts_at: Shown,
    ends_at: Shown,
}

impl FreeTimeView {
    /// A time in the office's zone.
    pub(in crate::counselling) fn of(zone: Zone, span: Span) -> Self {
        Self {
            starts_at: zone.show(span.starts_at),
            ends_at: zone.show(span.ends_at),
        }
    }
}

/// A counsellor's hours.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::counselling) struct AvailabilityView {
    counsellor_id: UserId,
    hours: Vec<WeeklyHours>,
    exceptions: Vec<HoursException>,
    time_off: Vec<FreeTimeView>,
    /// Appointments to come that do not lie in the hours that were just set; none is moved.
    #[serde(skip_serializing_if = "Option::is_none")]
    touched_appointments: Option<Vec<AppointmentId>>,
    version: i32,
    updated_at: Option<Shown>,
    allowed_actions: [&'static str; 1],
}

fn time(minute: i32) -> NaiveTime {
    let seconds = u32::try_from(minute).unwrap_or(0) * 60;
    NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0).unwrap_or(NaiveTime::MIN)
}

impl AvailabilityView {
    /// A counsellor's hours in the office's zone.
    pub(in crate::counselling) fn of(
        zone: Zone,
        timetable: &Timetable,
        touched_appointments: Option<Vec<AppointmentId>>,
    ) -> Self {
        let availability = &timetable.availability;
        let weekly = availability.hours.iter().map(|one| WeeklyHours {
            weekday: one.weekday,
            starts: time(one.minutes.from),
            ends: time(one.minutes.to),
            valid_from: one.valid_from,
            valid_to: one.valid_to,
        });
        let exceptions = availability.exceptions.iter().map(|one| HoursException {
            day: one.day,
            kind: one.kind,
            starts: time(one.minutes.from),
            ends: time(one.minutes.to),
        });
        let time_off = availability.time_off.iter();
        Self {
            counsellor_id: timetable.counsellor,
            hours: weekly.collect(),
            exceptions: exceptions.collect(),
            time_off: time_off.map(|one| FreeTimeView::of(zone, *one)).collect(),
            touched_appointments,
            version: timetable.version,
            updated_at: timetable.updated_at.map(|at| zone.show(at)),
            // Whoever sees them may set them.
            allowed_actions: ["replace"],
        }
    }
}

/// Which free times are looked for.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::counselling) struct SlotsQuery {
    /// The first office day.
    from: NaiveDate,
    /// The last office day, at most 31 days on.
    to: NaiveDate,
    /// How long each lasts: 15 to 240, in quarters of an hour.
    #[param(minimum = 15, maximum = 240, default = 60)]
    minutes: Option<i64>,
}

impl SlotsQuery {
    /// What is looked for, from now on.
    pub(in crate::counselling) fn read(&self, now: Timestamp) -> Result<Search, Fault> {
        let minutes = self.minutes.unwrap_or(MINUTES_DEFAULT);
        let mut check = Check::new();
        check.period((self.from, self.to), DAYS_MAX);
        if MINUTES.contains(&minutes) {
            check.rule(minutes % 15 == 0, "minutes", "quarter-hours");
        } else {
            check.refuse("minutes", "appointment-length");
        }
        check.done()?;
        Ok(Search {
            from: self.from,
            to: self.to,
            minutes,
            earliest: now,
            limit: usize::MAX,
        })
    }
}

/// Free times, in order.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::counselling) struct FreeTimesView {
    pub(in crate::counselling) items: Vec<FreeTimeView>,
}
