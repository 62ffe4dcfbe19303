//! Quiet hours, in which mail that can wait does.

use chrono::NaiveTime;

use crate::kernel::{Timestamp, Zone};

/// The first moment from `now` on that is not quiet.
pub(super) fn after_quiet(
    zone: Zone,
    now: Timestamp,
    (from, to): (NaiveTime, NaiveTime),
) -> Timestamp {
    let local = zone.show(now);
    let (day, time) = (local.date(), local.time());
    let (in_evening, in_morning) = if from <= to {
        (false, from <= time && time < to)
    } else {
        (time >= from, time < to)
    };
    if in_evening {
        zone.at(day.succ_opt().unwrap_or(day), to)
    } else if in_morning {
        zone.at(day, to)
    } else {
        now
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    #[test]
    fn quiet_hours_end_in_the_morning() {
        let zone = Zone::default();
        let day = |d| NaiveDate::from_ymd_opt(2026, 3, d).unwrap();
        let time = |h, m| NaiveTime::from_hms_opt(h, m, 0).unwrap();
        let quiet = (time(21, 0), time(7, 0));
        let at = |d, h, m| zone.at(day(d), time(h, m));
        assert_eq!(after_quiet(zone, at(1, 0, 30), quiet), at(1, 7, 0));
        assert_eq!(after_quiet(zone, at(1, 21, 0), quiet), at(2, 7, 0));
        assert_eq!(after_quiet(zone, at(1, 7, 0), quiet), at(1, 7, 0));
        assert_eq!(after_quiet(zone, at(1, 20, 59), quiet), at(1, 20, 59));
    }
}
