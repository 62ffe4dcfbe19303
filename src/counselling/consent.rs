//! When a consent to an adoption can be taken, and until when it can be taken back
//! (`domain.md` §3.2, §3.5). Pure rules.

use chrono::{Days, NaiveDate};

use super::model::{AdoptionKind, PartyRole, Side};
use super::record::{Consent, Terms, ToldWindow};
use crate::kernel::text_enum::text_enum;
use crate::office::calendar::{self, Calendar};

/// The time in which a consent can be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The last day, as it is told.
    pub ends_on: NaiveDate,
    /// The last day on which it is still taken: the office works on it.
    pub open_until: NaiveDate,
}

/// The time in which a consent of a day can be taken back; none while nobody can say where the
/// child is adopted to: it has not ended then.
pub fn window(
    calendar: &Calendar,
    taken_on: NaiveDate,
    kind: AdoptionKind,
    terms: Terms,
) -> Option<Window> {
    let told = told(taken_on, kind, terms)?;
    Some(until(calendar, told.ends_on))
}

fn until(calendar: &Calendar, ends_on: NaiveDate) -> Window {
    Window {
        ends_on,
        open_until: calendar::this_or_next_working_day(calendar, ends_on).day,
    }
}

/// What is told of a consent of a day: its last day; nothing while nobody can say.
pub fn told(taken_on: NaiveDate, kind: AdoptionKind, terms: Terms) -> Option<ToldWindow> {
    let days = match kind {
        AdoptionKind::Domestic => terms.domestic,
        AdoptionKind::Intercountry => terms.intercountry,
        AdoptionKind::Undetermined => return None,
    };
    let ends_on = after(taken_on, days);
    Some(ToldWindow {
        kind,
        days,
        ends_on,
    })
}

/// The time in which a consent can be taken back as things stand: what was told holds, whatever
/// became of the kind of adoption since, and a longer time prolongs it.
pub fn standing(calendar: &Calendar, consent: &Consent, kind: AdoptionKind) -> Option<Window> {
    let now = window(calendar, consent.taken_on, kind, consent.terms)?;
    let ends_on = consent.told.map_or(now.ends_on, |told| told.ends_on);
    Some(until(calendar, now.ends_on.max(ends_on)))
}

/// Whether what a party says is a consent that it can take back: adopters ask for the adoption.
pub const fn has_window(role: PartyRole) -> bool {
    !matches!(role.side(), Side::Adoptive)
}

fn after(day: NaiveDate, days: i32) -> NaiveDate {
    let days = Days::new(u64::try_from(days).unwrap_or_default());
    day.checked_add_days(days).unwrap_or(NaiveDate::MAX)
}

/// How a withdrawal lies to the time for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// After the last day on which it is taken.
    pub is_late: bool,
    /// After the day that was told.
    pub is_flagged: bool,
}

/// How a withdrawal of a day lies to the time for it.
pub fn timing(window: Option<Window>, on: NaiveDate) -> Timing {
    Timing {
        is_late: window.is_some_and(|window| on > window.open_until),
        is_flagged: window.is_some_and(|window| on > window.ends_on),
    }
}

/// The child, as far as the rules ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ChildFacts {
    /// The day of birth.
    pub born_on: Option<NaiveDate>,
    /// Whether it is known to be not born yet.
    pub is_expected: bool,
}

/// What the office's policy says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Days after birth before which a birth parent cannot consent.
    pub birth_parent_days: i32,
    /// The age from which the child's own consent is needed.
    pub child_age: i32,
}

/// Whether a birth parent's consent of a day is too early: before the birth, or too soon after.
pub fn is_too_early(child: ChildFacts, taken_on: NaiveDate, limits: Limits) -> bool {
    match child.born_on {
        Some(born_on) => taken_on < after(born_on, limits.birth_parent_days),
        None => child.is_expected,
    }
}

text_enum! {
    /// Why a birth parent's consent does not count as things stand.
    pub enum Doubt {
        /// It was given before the child was so many days old, as its day of birth says now.
        TooEarly = "too-early-after-birth",
        /// Nobody has entered when the child was born.
        BirthUnknown = "birth-unknown",
    }
}

/// Why a birth parent's consent of a day does not count, where it does not. A day of birth that is
/// entered or put right later can make an old consent one that came too early.
pub fn doubt(child: ChildFacts, taken_on: NaiveDate, limits: Limits) -> Option<Doubt> {
    if is_too_early(child, taken_on, limits) {
        return Some(Doubt::TooEarly);
    }
    child.born_on.is_none().then_some(Doubt::BirthUnknown)
}

/// Whether the child is of the age to consent on a day.
pub fn is_of_age(child: ChildFacts, day: NaiveDate, limits: Limits) -> bool {
    let age = child.born_on.and_then(|born_on| day.years_since(born_on));
    age.is_some_and(|age| i64::from(age) >= i64::from(limits.child_age))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TERMS: Terms = Terms {
        domestic: 15,
        intercountry: 30,
    };
    const LIMITS: Limits = Limits {
        birth_parent_days: 15,
        child_age: 9,
    };

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_consent_counts_once_the_birth_is_known_and_long_enough_ago() {
        let of = |born_on: Option<&str>, is_expected| ChildFacts {
            born_on: born_on.map(date),
            is_expected,
        };
        let on = |child, day| doubt(child, date(day), LIMITS);
        let born = of(Some("2026-06-01"), false);
        assert_eq!(on(born, "2026-06-15"), Some(Doubt::TooEarly));
        assert_eq!(on(born, "2026-06-16"), None);
        assert_eq!(on(of(None, true), "2026-06-16"), Some(Doubt::TooEarly));
        assert_eq!(on(of(None, false), "2026-06-16"), Some(Doubt::BirthUnknown));
    }

    #[test]
    fn the_window_is_that_of_the_law_and_open_to_a_working_day() {
        let calendar = Calendar::default();
        let taken = date("2026-06-20");
        let domestic = window(&calendar, taken, AdoptionKind::Domestic, TERMS).unwrap();
        assert_eq!(domestic.ends_on, date("2026-07-05"));
        // A Sunday: told as it is, taken to the end of Monday.
        assert_eq!(domestic.open_until, date("2026-07-06"));
        let abroad = window(&calendar, taken, AdoptionKind::Intercountry, TERMS).unwrap();
        assert_eq!(abroad.ends_on, date("2026-07-20"));
        assert_eq!(abroad.open_until, date("2026-07-20"));
        assert_eq!(
            window(&calendar, taken, AdoptionKind::Undetermined, TERMS),
            None
        );
        let told = timing(Some(domestic), date("2026-07-05"));
        assert!(!told.is_late && !told.is_flagged);
        let rolled = timing(Some(domestic), date("2026-07-06"));
        assert!(!rolled.is_late && rolled.is_flagged);
        assert!(timing(Some(domestic), date("2026-07-07")).is_late);
        assert!(!timing(None, date("2030-01-01")).is_flagged);
    }

    #[test]
    fn a_birth_parent_waits_and_a_child_of_nine_is_asked() {
        let child = ChildFacts {
            born_on: Some(date("2026-06-01")),
            is_expected: false,
        };
        assert!(is_too_early(child, date("2026-06-15"), LIMITS));
        assert!(!is_too_early(child, date("2026-06-16"), LIMITS));
        let unborn = ChildFacts {
            born_on: None,
            is_expected: true,
        };
        assert!(is_too_early(unborn, date("2030-01-01"), LIMITS));
        let grown = ChildFacts {
            born_on: Some(date("2016-02-29")),
            is_expected: false,
        };
        assert!(!is_of_age(grown, date("2025-02-28"), LIMITS));
        assert!(is_of_age(grown, date("2025-03-01"), LIMITS));
        assert!(!is_of_age(unborn, date("2025-03-01"), LIMITS));
    }

    proptest! {
        #[test]
        fn a_window_ends_that_many_days_on_and_opens_to_a_working_day(
            start in 0_i64..2000, days in 1_i32..90,
        ) {
            let calendar = Calendar::new(
                crate::office::import::holidays().unwrap().into_iter()
                    .map(|(day, fields)| (day, fields.kind, fields.confirmed)),
            );
            let taken_on = date("2026-01-01") + chrono::TimeDelta::days(start);
            let terms = Terms { domestic: days, intercountry: days + 1 };
            let window = window(&calendar, taken_on, AdoptionKind::Domestic, terms).unwrap();
            prop_assert_eq!((window.ends_on - taken_on).num_days(), i64::from(days));
            prop_assert!(window.open_until >= window.ends_on);
            prop_assert!(calendar::is_working_day(&calendar, window.open_until));
            let between = window.ends_on.iter_days().take_while(|day| *day < window.open_until);
            prop_assert_eq!(
                between.filter(|day| calendar::is_working_day(&calendar, *day)).count(), 0
            );
        }

        #[test]
        fn too_early_is_every_day_before_the_fifteenth_and_none_after(
            born in 0_i64..4000, offset in -400_i64..400,
        ) {
            let born_on = date("2020-01-01") + chrono::TimeDelta::days(born);
            let child = ChildFacts { born_on: Some(born_on), is_expected: false };
            let taken_on = born_on + chrono::TimeDelta::days(offset);
            prop_assert_eq!(is_too_early(child, taken_on, LIMITS), offset < 15);
        }
    }
}
