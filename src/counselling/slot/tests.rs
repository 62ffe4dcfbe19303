//! Free times against a walk minute by minute.

use proptest::prelude::*;

use super::*;
use crate::office::calendar::DayKind;

/// A Monday.
fn monday() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 2).unwrap()
}

fn day(offset: i64) -> NaiveDate {
    monday() + TimeDelta::days(offset)
}

fn span(offset: i64, from: i32, length: i32) -> Span {
    let starts_at = instant(Zone::default(), day(offset), from);
    Span {
        starts_at,
        ends_at: starts_at.plus(TimeDelta::minutes(length.into())),
    }
}

fn minutes() -> impl Strategy<Value = Minutes> {
    (0..DAY, 1..600_i32).prop_map(|(from, length)| Minutes {
        from,
        to: (from + length).min(DAY),
    })
}

fn hours() -> impl Strategy<Value = Hours> {
    (1..=7_i32, minutes(), -3..5_i64, prop::option::of(0..14_i64)).prop_map(
        |(weekday, minutes, from, to)| Hours {
            weekday,
            minutes,
            valid_from: day(from),
            valid_to: to.map(day),
        },
    )
}

fn exception() -> impl Strategy<Value = Exception> {
    (0..14_i64, any::<bool>(), minutes()).prop_map(|(offset, is_open, minutes)| Exception {
        day: day(offset),
        kind: if is_open {
            ExceptionKind::Open
        } else {
            ExceptionKind::Closed
        },
        minutes,
    })
}

fn spans(most: usize) -> impl Strategy<Value = Vec<Span>> {
    let one = (0..14_i64, 0..DAY, 1..900_i32);
    prop::collection::vec(
        one.prop_map(|(offset, from, length)| span(offset, from, length)),
        0..most,
    )
}

fn availability() -> impl Strategy<Value = Availability> {
    (
        prop::collection::vec(hours(), 0..12),
        prop::collection::vec(exception(), 0..8),
        spans(4),
    )
        .prop_map(|(hours, exceptions, time_off)| Availability {
            hours,
            exceptions,
            time_off,
        })
}

fn calendar() -> impl Strategy<Value = Calendar> {
    let one = (0..14_i64, any::<bool>());
    prop::collection::vec(one, 0..4).prop_map(|days| {
        Calendar::new(days.into_iter().map(|(offset, is_worked)| {
            let kind = if is_worked {
                DayKind::MakeUpWorkday
            } else {
                DayKind::Holiday
            };
            (day(offset), kind, true)
        }))
    })
}

/// Whether one minute of a day is open and free, by the words of the contract alone.
fn is_free(
    availability: &Availability,
    calendar: &Calendar,
    busy: &[Span],
    (on, minute): (NaiveDate, i32),
) -> bool {
    let holds = |minutes: Minutes| minutes.from <= minute && minute < minutes.to;
    let of_day = |kind| {
        let mut all = availability.exceptions.iter();
        all.any(|one| one.day == on && one.kind == kind && holds(one.minutes))
    };
    let weekly = availability.hours.iter().any(|hours| {
        hours.weekday == i32::try_from(on.weekday().number_from_monday()).unwrap()
            && hours.valid_from <= on
            && hours.valid_to.is_none_or(|last| on <= last)
            && holds(hours.minutes)
    });
    let is_open = (weekly && is_working_day(calendar, on)) || of_day(ExceptionKind::Open);
    let now = instant(Zone::default(), on, minute);
    let is_taken = availability.time_off.iter().chain(busy);
    let mut is_taken = is_taken.filter(|one| one.starts_at <= now && now < one.ends_at);
    is_open && !of_day(ExceptionKind::Closed) && is_taken.next().is_none()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn no_slot_overlaps_a_booking_and_no_free_one_is_missing(
        availability in availability(),
        calendar in calendar(),
        busy in spans(12),
        quarters in 1..=16_i64,
        (first, days) in (0..7_i64, 0..7_i64),
        earliest in (0..14_i64, 0..DAY),
    ) {
        let zone = Zone::default();
        let earliest = instant(zone, day(earliest.0), earliest.1);
        let length = quarters * 15;
        let search = Search {
            from: day(first),
            to: day(first + days),
            minutes: length,
            earliest,
            limit: usize::MAX,
        };
        let found = free(&availability, (&calendar, zone), &busy, search);
        for slot in &found {
            prop_assert!(!busy.iter().any(|one| one.overlaps(*slot)));
            prop_assert!(availability.is_open((&calendar, zone), *slot));
        }
        let step = if length % 30 == 0 { 30 } else { 15 };
        let length = i32::try_from(length).unwrap();
        let mut wanted = Vec::new();
        for on in (first..=first + days).map(day) {
            let open: Vec<bool> = (0..DAY)
                .map(|minute| is_free(&availability, &calendar, &busy, (on, minute)))
                .collect();
            for from in (0..DAY).step_by(step).filter(|from| from + length <= DAY) {
                let (start, end) = (usize::try_from(from).unwrap(), usize::try_from(from + length).unwrap());
                let starts_at = instant(zone, on, from);
                if starts_at >= earliest && open[start..end].iter().all(|is| *is) {
                    wanted.push(starts_at);
                }
            }
        }
        let starts: Vec<Timestamp> = found.iter().map(|slot| slot.starts_at).collect();
        prop_assert_eq!(&starts, &wanted);
        let few = free(&availability, (&calendar, zone), &busy, Search { limit: 3, ..search });
        prop_assert_eq!(&few, &found[..found.len().min(3)]);
    }

    #[test]
    fn opposite_sides_never_follow_each_other_at_the_office(
        (taken, from, length) in (0..600_i32, 0..900_i32, 15..240_i32),
        (one, other) in ((any::<bool>(), any::<bool>()), (any::<bool>(), any::<bool>())),
        (here, there) in (any::<bool>(), any::<bool>()),
    ) {
        let gap = TimeDelta::minutes(30);
        let sides = |(birth, adoptive)| Sides { birth, adoptive };
        let book = |span, who, is_at_office| Booking { span, sides: sides(who), is_at_office, case: None };
        let taken = book(span(0, taken, 60), one, here);
        let wanted = book(span(0, from, length), other, there);
        let is_refused = blocked(&taken, (&wanted, false), gap).overlaps(wanted.span);
        let apart = (taken.span.starts_at.since(wanted.span.ends_at))
            .max(wanted.span.starts_at.since(taken.span.ends_at));
        let meet = (one.0 && other.1) || (one.1 && other.0);
        let least = if meet && here && there { gap } else { TimeDelta::zero() };
        prop_assert_eq!(is_refused, apart < least);
    }
}

#[test]
fn within_a_case_of_one_family_the_sides_may_follow_each_other() {
    let case = Some(CaseId::from_uuid(uuid::Uuid::nil()));
    let book = |from, birth| Booking {
        span: span(0, from, 60),
        sides: Sides {
            birth,
            adoptive: !birth,
        },
        is_at_office: true,
        case,
    };
    let (taken, wanted) = (book(540, true), book(600, false));
    let gap = TimeDelta::minutes(30);
    assert!(blocked(&taken, (&wanted, false), gap).overlaps(wanted.span));
    assert!(!blocked(&taken, (&wanted, true), gap).overlaps(wanted.span));
    let other = Booking {
        case: None,
        ..wanted
    };
    assert!(blocked(&taken, (&other, true), gap).overlaps(other.span));
}

#[test]
fn closed_beats_open_and_a_holiday_is_closed_unless_opened() {
    let nine_to_five = Minutes {
        from: 540,
        to: 1020,
    };
    let lunch = Minutes { from: 690, to: 780 };
    let hours = Hours {
        weekday: 1,
        minutes: nine_to_five,
        valid_from: monday(),
        valid_to: None,
    };
    let exception = |kind, minutes| Exception {
        day: monday(),
        kind,
        minutes,
    };
    let mut availability = Availability {
        hours: vec![hours],
        exceptions: vec![exception(ExceptionKind::Closed, lunch)],
        time_off: Vec::new(),
    };
    let plain = Calendar::default();
    let morning = Minutes { from: 540, to: 690 };
    let afternoon = Minutes {
        from: 780,
        to: 1020,
    };
    assert_eq!(availability.open_on(&plain, monday()), [morning, afternoon]);
    let holiday = Calendar::new([(monday(), DayKind::Holiday, true)]);
    assert_eq!(availability.open_on(&holiday, monday()), []);
    let opened = exception(ExceptionKind::Open, nine_to_five);
    availability.exceptions.push(opened);
    assert_eq!(
        availability.open_on(&holiday, monday()),
        [morning, afternoon]
    );
}
