//! Whose consent an adoption needs, when it can be taken, until when it can be taken back, and
//! what may not go on before (`domain.md` §3.2, §3.5). Pure rules.

use chrono::{Days, NaiveDate};

use super::model::{AdoptionKind, PartyId, PartyRole};
use super::record::{Consent, Terms};
use super::record_status::ConsentDecision;
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
    let days = match kind {
        AdoptionKind::Domestic => terms.domestic,
        AdoptionKind::Intercountry => terms.intercountry,
        AdoptionKind::Undetermined => return None,
    };
    let ends_on = after(taken_on, days);
    Some(Window {
        ends_on,
        open_until: calendar::this_or_next_working_day(calendar, ends_on).day,
    })
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

/// Whether the child is of the age to consent on a day.
pub fn is_of_age(child: ChildFacts, day: NaiveDate, limits: Limits) -> bool {
    let age = child.born_on.and_then(|born_on| day.years_since(born_on));
    age.is_some_and(|age| i64::from(age) >= i64::from(limits.child_age))
}

/// Everything the gate looks at.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The parties of the case.
    pub parties: &'a [(PartyId, PartyRole)],
    /// Every consent of the case, oldest first.
    pub consents: &'a [Consent],
    /// The child.
    pub child: ChildFacts,
    /// Where the child is adopted to.
    pub kind: AdoptionKind,
    /// What the policy says.
    pub limits: Limits,
    /// The office's days.
    pub calendar: &'a Calendar,
    /// The day.
    pub today: NaiveDate,
}

/// Why a case may not go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Closed {
    /// A required consent is missing, refused or taken back.
    Lacking {
        /// Whose.
        parties: Vec<PartyId>,
        /// Whom the case has no party for, though their consent is needed.
        roles: Vec<PartyRole>,
    },
    /// A consent can still be taken back.
    WindowOpen {
        /// Whose.
        parties: Vec<PartyId>,
        /// Until when; none while nobody can say.
        open_until: Option<NaiveDate>,
    },
}

impl Facts<'_> {
    fn of(&self, role: PartyRole) -> Vec<PartyId> {
        let those = self.parties.iter().filter(|(_, theirs)| *theirs == role);
        those.map(|(id, _)| *id).collect()
    }

    /// Whose consent is needed, and whom of them the case has no party for: every birth parent,
    /// the guardian where there is none, and the child of age. Someone who was adopted as a child
    /// and now asks after their origin needs nobody's.
    pub fn required(&self) -> (Vec<PartyId>, Vec<PartyRole>) {
        if !self.of(PartyRole::AdultAdoptee).is_empty() && self.of(PartyRole::Child).is_empty() {
            return (Vec::new(), Vec::new());
        }
        let mut roles = Vec::new();
        let mut parties = self.of(PartyRole::BirthParent);
        if parties.is_empty() {
            parties = self.of(PartyRole::Guardian);
            if parties.is_empty() {
                roles.push(PartyRole::Guardian);
            }
        }
        if is_of_age(self.child, self.today, self.limits) {
            let children = self.of(PartyRole::Child);
            if children.is_empty() {
                roles.push(PartyRole::Child);
            }
            parties.extend(children);
        }
        (parties, roles)
    }

    /// What someone decided last.
    fn latest(&self, party: PartyId) -> Option<&Consent> {
        let theirs = self.consents.iter().filter(|one| one.party_id == party);
        theirs.max_by_key(|one| (one.taken_on, one.created_at, one.id.uuid()))
    }

    /// Whether a decision stands where a consent is needed. A date of birth that was put right
    /// later can make an old consent one that came too early.
    fn stands(&self, (party, consent): (PartyId, &Consent)) -> bool {
        let is_parent = self.of(PartyRole::BirthParent).contains(&party);
        match consent.decision {
            ConsentDecision::NotRequired => true,
            ConsentDecision::Given => {
                !is_parent || !is_too_early(self.child, consent.taken_on, self.limits)
            }
            ConsentDecision::Refused | ConsentDecision::Withdrawn => false,
        }
    }

    /// Whether the case may go on to the adoption, and if not, why.
    ///
    /// # Errors
    /// What holds it.
    pub fn gate(&self) -> Result<(), Closed> {
        let (required, roles) = self.required();
        let stands = |party: &PartyId| {
            let latest = self.latest(*party);
            latest.is_some_and(|consent| self.stands((*party, consent)))
        };
        let lacking: Vec<PartyId> = required.into_iter().filter(|one| !stands(one)).collect();
        if !lacking.is_empty() || !roles.is_empty() {
            return Err(Closed::Lacking {
                parties: lacking,
                roles,
            });
        }
        let latest = self.parties.iter().filter_map(|(id, _)| self.latest(*id));
        let given = latest.filter(|one| one.decision == ConsentDecision::Given);
        let windows = given.map(|one| {
            (
                one,
                window(self.calendar, one.taken_on, self.kind, one.terms),
            )
        });
        let open: Vec<_> = windows
            .filter(|(_, window)| window.is_none_or(|window| self.today <= window.open_until))
            .collect();
        if open.is_empty() {
            return Ok(());
        }
        let days: Option<Vec<NaiveDate>> = open
            .iter()
            .map(|(_, window)| window.map(|window| window.open_until))
            .collect();
        Err(Closed::WindowOpen {
            parties: open.iter().map(|(one, _)| one.party_id).collect(),
            open_until: days.and_then(|days| days.into_iter().max()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::counselling::record::ConsentSecret;
    use crate::kernel::{Id, Timestamp};
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

    fn now() -> Timestamp {
        Timestamp::from_micros(1_780_000_000_000_000).unwrap()
    }

    fn consent(party: PartyId, decision: ConsentDecision, taken_on: &str) -> Consent {
        Consent {
            id: Id::new(now()),
            case_id: Id::new(now()),
            party_id: party,
            decision,
            taken_on: date(taken_on),
            is_in_person: true,
            terms: TERMS,
            withdrawn_on: None,
            is_late: false,
            is_flagged: false,
            entered_by_id: None,
            version: 1,
            created_at: now(),
            updated_at: now(),
            secret: ConsentSecret::default(),
        }
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

    #[test]
    fn the_gate_wants_every_required_consent_and_every_window_over() {
        let calendar = Calendar::default();
        let [mother, father, child, adopter] = [(); 4].map(|()| Id::new(now()));
        let parties = [
            (mother, PartyRole::BirthParent),
            (father, PartyRole::BirthParent),
            (child, PartyRole::Child),
            (adopter, PartyRole::ProspectiveAdoptiveParent),
        ];
        let facts = |consents: &[Consent], kind, today: &str| {
            Facts {
                parties: &parties,
                consents,
                child: ChildFacts {
                    born_on: Some(date("2017-05-01")),
                    is_expected: false,
                },
                kind,
                limits: LIMITS,
                calendar: &calendar,
                today: date(today),
            }
            .gate()
        };
        let given = ConsentDecision::Given;
        let mut consents = vec![
            consent(mother, given, "2026-06-20"),
            consent(father, ConsentDecision::NotRequired, "2026-06-20"),
        ];
        let domestic = AdoptionKind::Domestic;
        assert_eq!(
            facts(&consents, domestic, "2026-07-20"),
            Err(Closed::Lacking {
                parties: vec![child],
                roles: Vec::new()
            })
        );
        consents.push(consent(child, given, "2026-06-22"));
        assert_eq!(
            facts(&consents, domestic, "2026-07-06"),
            Err(Closed::WindowOpen {
                parties: vec![mother, child],
                open_until: Some(date("2026-07-07"))
            })
        );
        assert_eq!(facts(&consents, domestic, "2026-07-08"), Ok(()));
        assert!(matches!(
            facts(&consents, AdoptionKind::Undetermined, "2027-07-08"),
            Err(Closed::WindowOpen {
                open_until: None,
                ..
            })
        ));
        for decision in [ConsentDecision::Refused, ConsentDecision::Withdrawn] {
            let mut consents = consents.clone();
            consents.push(consent(mother, decision, "2026-06-21"));
            assert!(matches!(
                facts(&consents, domestic, "2026-07-08"),
                Err(Closed::Lacking { .. })
            ));
        }
    }

    #[test]
    fn the_guardian_consents_where_no_birth_parent_is_and_an_adult_needs_nobody() {
        let calendar = Calendar::default();
        let (guardian, adoptee) = (Id::new(now()), Id::new(now()));
        let required = |parties: &[(PartyId, PartyRole)]| {
            Facts {
                parties,
                consents: &[],
                child: ChildFacts::default(),
                kind: AdoptionKind::Domestic,
                limits: LIMITS,
                calendar: &calendar,
                today: date("2026-07-08"),
            }
            .required()
        };
        assert_eq!(required(&[]).1, [PartyRole::Guardian]);
        assert_eq!(required(&[(guardian, PartyRole::Guardian)]).0, [guardian]);
        let none = required(&[(adoptee, PartyRole::AdultAdoptee)]);
        assert!(none.0.is_empty() && none.1.is_empty());
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
