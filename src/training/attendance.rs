//! How scans, sheets and words become marks, and marks a result. Pure.

use chrono::TimeDelta;

use serde::Serialize;

use super::model::{Basis, Direction, Mark, Session, Slot, SlotId};
use crate::kernel::Timestamp;

/// Someone came or left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Which way.
    pub direction: Direction,
    /// When.
    pub at: Timestamp,
}

/// How someone stands at one slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlotMark {
    /// How.
    pub mark: Mark,
    /// What it rests on.
    pub basis: Basis,
    /// Whether they came late.
    pub late: bool,
    /// Whether they left early.
    pub left_early: bool,
    /// Minutes they were there.
    pub minutes: i64,
}

impl SlotMark {
    /// A mark without times: whoever was present was there for the whole slot.
    pub fn plain(mark: Mark, basis: Basis, slot: &Slot) -> Self {
        let minutes = if mark == Mark::Present {
            slot.minutes()
        } else {
            0
        };
        Self {
            mark,
            basis,
            late: false,
            left_early: false,
            minutes,
        }
    }
}

/// The mark scans make at a slot; none where nobody was seen. Whoever has no `out` stayed to the
/// end; an `out` without an `in` means someone was there from the start, unseen.
pub fn from_events(slot: &Slot, late_after_minutes: i32, events: &[Seen]) -> Option<SlotMark> {
    let mut events = events.to_vec();
    events.sort_by_key(|seen| (seen.at, seen.direction == Direction::Out));
    let first = events.first()?;
    let tolerance = TimeDelta::minutes(i64::from(late_after_minutes));
    let mut here_since = (first.direction == Direction::Out).then_some(slot.starts_at);
    let late = first.direction == Direction::In && first.at > slot.starts_at.plus(tolerance);
    let mut spent = TimeDelta::zero();
    let mut last_out = None;
    for seen in &events {
        match (seen.direction, here_since) {
            (Direction::In, None) => {
                here_since = Some(seen.at);
                last_out = None;
            }
            (Direction::Out, Some(since)) => {
                spent += overlap(slot, since, seen.at);
                here_since = None;
                last_out = Some(seen.at);
            }
            (Direction::In, Some(_)) | (Direction::Out, None) => {}
        }
    }
    if let Some(since) = here_since {
        spent += overlap(slot, since, slot.ends_at);
    }
    let left_early = last_out.is_some_and(|at| at < slot.ends_at.minus(tolerance));
    let minutes = spent.num_minutes();
    Some(SlotMark {
        mark: Mark::Present,
        basis: Basis::Events,
        late,
        left_early,
        minutes,
    })
}

fn overlap(slot: &Slot, from: Timestamp, to: Timestamp) -> TimeDelta {
    let (from, to) = (from.max(slot.starts_at), to.min(slot.ends_at));
    to.since(from).max(TimeDelta::zero())
}

/// Whether someone is expected at a slot: by the time of their registration, or because
/// something other than a derived absence says they were to be there.
pub fn is_expected(slot: &Slot, expected_from: Option<Timestamp>, mark: Option<&SlotMark>) -> bool {
    expected_from.is_none_or(|from| slot.starts_at >= from)
        || mark.is_some_and(|mark| mark.basis != Basis::Completion)
}

/// The share of the expected who may lack a mark before attendance looks forgotten: a fifth.
const FORGOTTEN_ONE_IN: usize = 5;

/// Whether so many of the expected lack a mark that attendance looks forgotten.
pub fn is_forgotten(unmarked: usize, expected: usize) -> bool {
    unmarked > 0 && unmarked * FORGOTTEN_ONE_IN >= expected
}

/// A slot whose attendance looks forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// Which.
    pub slot: SlotId,
    /// People expected at it who have no mark there.
    pub unmarked: usize,
    /// People expected at it.
    pub expected: usize,
}

/// How someone stands at a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// The one result, for whoever was expected at a slot.
    pub result: Option<Mark>,
    /// Late at a slot.
    pub late: bool,
    /// Left a slot early.
    pub left_early: bool,
    /// Slots present at.
    pub slots_present: i32,
}

/// The outcome of one confirmed registration: over the mandatory slots it is expected at, or
/// over all it is expected at where none of those is mandatory. `None` results while the session
/// is not completed.
pub fn outcome(
    session: &Session,
    expected_from: Option<Timestamp>,
    mark_at: impl Fn(&Slot) -> Option<SlotMark>,
    is_completed: bool,
) -> Outcome {
    let marked: Vec<(&Slot, Option<SlotMark>)> = session
        .slots
        .iter()
        .map(|slot| (slot, mark_at(slot)))
        .collect();
    let is_present = |mark: &Option<SlotMark>| mark.is_some_and(|mark| mark.mark == Mark::Present);
    let present: Vec<SlotMark> = marked
        .iter()
        .filter_map(|(_, mark)| mark.filter(|m| m.mark == Mark::Present))
        .collect();
    let expected: Vec<&(&Slot, Option<SlotMark>)> = marked
        .iter()
        .filter(|(slot, mark)| is_expected(slot, expected_from, mark.as_ref()))
        .collect();
    let has_mandatory = expected.iter().any(|(slot, _)| slot.mandatory);
    let weighed: Vec<_> = expected
        .into_iter()
        .filter(|(slot, _)| slot.mandatory || !has_mandatory)
        .collect();
    let result = (is_completed && !weighed.is_empty()).then(|| {
        let planned: i64 = weighed.iter().map(|(slot, _)| slot.minutes()).sum();
        let spent: i64 = weighed
            .iter()
            .filter_map(|(_, mark)| mark.map(|mark| mark.minutes))
            .sum();
        let is_enough = weighed.iter().any(|(_, mark)| is_present(mark))
            && spent * 100 >= i64::from(session.details.minimum_presence_percent) * planned;
        let mut missed = weighed
            .iter()
            .filter(|(_, mark)| !is_present(mark))
            .peekable();
        let is_excused = missed.peek().is_some()
            && missed.all(|(_, mark)| mark.is_some_and(|mark| mark.mark == Mark::Excused));
        match (is_enough, is_excused) {
            (true, _) => Mark::Present,
            (false, true) => Mark::Excused,
            (false, false) => Mark::Absent,
        }
    });
    Outcome {
        result,
        late: present.iter().any(|mark| mark.late),
        left_early: present.iter().any(|mark| mark.left_early),
        slots_present: i32::try_from(present.len()).unwrap_or(i32::MAX),
    }
}

/// Whether a ticket is taken at a slot at a moment, or why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// It is.
    Open,
    /// Not yet.
    Early,
    /// No more.
    Late,
}

/// Where a moment lies for a slot's scans.
pub fn window(slot: &Slot, opens_minutes: i32, at: Timestamp, direction: Direction) -> Window {
    let opens = slot
        .starts_at
        .minus(TimeDelta::minutes(i64::from(opens_minutes)));
    // Whoever leaves may be scanned for as long after the end as tickets are taken before it.
    let closes = match direction {
        Direction::In => slot.ends_at,
        Direction::Out => slot
            .ends_at
            .plus(TimeDelta::minutes(i64::from(opens_minutes))),
    };
    if at < opens {
        Window::Early
    } else if at > closes {
        Window::Late
    } else {
        Window::Open
    }
}

/// The slot a scan without one means: the one that is open, else the nearest.
pub fn slot_at(session: &Session, at: Timestamp, direction: Direction) -> Option<&Slot> {
    let opens = session.details.check_in_opens_minutes;
    let is_open = |slot: &&Slot| window(slot, opens, at, direction) == Window::Open;
    // Of two open slots the running one is meant, not the one whose doors open early.
    let mut open: Vec<&Slot> = session.slots.iter().filter(is_open).collect();
    open.sort_by_key(|slot| slot.starts_at);
    let running = open
        .iter()
        .rev()
        .find(|slot| slot.starts_at <= at && at <= slot.ends_at);
    running.or(open.first()).copied().or_else(|| {
        session.slots.iter().min_by_key(|slot| {
            let before = slot.starts_at.since(at).num_seconds();
            let after = at.since(slot.ends_at).num_seconds();
            before.max(after)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{Clock, Id};
    use proptest::prelude::*;

    fn slot() -> Slot {
        let start = Timestamp::from_micros(1_750_000_000_000_000).unwrap();
        Slot {
            id: Id::new(Clock::System.now()),
            starts_at: start,
            ends_at: start.plus(TimeDelta::minutes(120)),
            title: None,
            mandatory: true,
        }
    }

    fn seen(direction: Direction, minute: i64) -> Seen {
        Seen {
            direction,
            at: slot().starts_at.plus(TimeDelta::minutes(minute)),
        }
    }

    #[test]
    fn a_fifth_without_a_mark_looks_forgotten() {
        for (unmarked, expected, is) in [
            (0, 0, false),
            (0, 10, false),
            (1, 10, false),
            (2, 10, true),
            (1, 5, true),
            (3, 3, true),
        ] {
            assert_eq!(
                is_forgotten(unmarked, expected),
                is,
                "{unmarked}/{expected}"
            );
        }
    }

    #[test]
    fn whoever_has_no_out_stayed_to_the_end() {
        let mark = from_events(&slot(), 15, &[seen(Direction::In, -10)]).unwrap();
        assert_eq!(
            (mark.minutes, mark.late, mark.left_early),
            (120, false, false)
        );
    }

    #[test]
    fn late_and_early_go_by_the_tolerance() {
        let events = [seen(Direction::In, 16), seen(Direction::Out, 60)];
        let mark = from_events(&slot(), 15, &events).unwrap();
        assert_eq!((mark.minutes, mark.late, mark.left_early), (44, true, true));
        let events = [seen(Direction::In, 15), seen(Direction::Out, 105)];
        let mark = from_events(&slot(), 15, &events).unwrap();
        assert_eq!((mark.late, mark.left_early), (false, false));
    }

    #[test]
    fn a_break_is_not_time_spent() {
        let events = [
            seen(Direction::In, 0),
            seen(Direction::Out, 30),
            seen(Direction::In, 90),
        ];
        let mark = from_events(&slot(), 15, &events).unwrap();
        assert_eq!((mark.minutes, mark.left_early), (60, false));
    }

    proptest! {
        #[test]
        fn minutes_never_pass_the_slot_and_order_does_not_matter(
            mut events in proptest::collection::vec((any::<bool>(), -60_i64..200), 1..10),
        ) {
            let make = |events: &[(bool, i64)]| {
                let events: Vec<Seen> = events
                    .iter()
                    .map(|(is_in, minute)| {
                        seen(if *is_in { Direction::In } else { Direction::Out }, *minute)
                    })
                    .collect();
                from_events(&slot(), 15, &events).unwrap()
            };
            let mark = make(&events);
            prop_assert!((0..=120).contains(&mark.minutes));
            events.reverse();
            prop_assert_eq!(make(&events), mark);
        }
    }
}
