//! Whose consent an adoption needs, and what may not go on before it is there and stays
//! (`domain.md` §3.2). Pure rules.

use chrono::NaiveDate;

use super::consent::{ChildFacts, Doubt, Limits, doubt, has_window, is_of_age, standing};
use super::model::{AdoptionKind, PartyId, PartyRole};
use super::record::Consent;
use super::record_status::ConsentDecision;
use crate::office::calendar::Calendar;

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
        /// Whose consent was given and does not count, and why.
        doubts: Vec<(PartyId, Doubt)>,
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

    /// Whether a decision stands where a consent is needed.
    fn stands(&self, consent: &Consent) -> bool {
        match consent.decision {
            ConsentDecision::NotRequired => true,
            ConsentDecision::Given => self.doubt(consent).is_none(),
            ConsentDecision::Refused | ConsentDecision::Withdrawn => false,
        }
    }

    /// Why a consent that was given does not count, where it does not.
    fn doubt(&self, consent: &Consent) -> Option<Doubt> {
        let is_parent = self.of(PartyRole::BirthParent).contains(&consent.party_id);
        let is_asked = is_parent && consent.decision == ConsentDecision::Given;
        is_asked
            .then(|| doubt(self.child, consent.taken_on, self.limits))
            .flatten()
    }

    /// Whether the case may go on to the adoption, and if not, why.
    ///
    /// # Errors
    /// What holds it.
    pub fn gate(&self) -> Result<(), Closed> {
        let (required, roles) = self.required();
        let stands = |party: &PartyId| {
            let latest = self.latest(*party);
            latest.is_some_and(|consent| self.stands(consent))
        };
        let lacking: Vec<PartyId> = required.into_iter().filter(|one| !stands(one)).collect();
        if !lacking.is_empty() || !roles.is_empty() {
            let given = lacking.iter().filter_map(|party| self.latest(*party));
            let doubts = given.filter_map(|one| Some((one.party_id, self.doubt(one)?)));
            return Err(Closed::Lacking {
                doubts: doubts.collect(),
                parties: lacking,
                roles,
            });
        }
        let asked = self.parties.iter().filter(|(_, role)| has_window(*role));
        let latest = asked.filter_map(|(id, _)| self.latest(*id));
        let given = latest.filter(|one| one.decision == ConsentDecision::Given);
        let windows = given.map(|one| (one, standing(self.calendar, one, self.kind)));
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
    use crate::counselling::record::{ConsentSecret, Terms};
    use crate::kernel::{Id, Timestamp};

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
            told: None,
            withdrawn_on: None,
            is_late: false,
            is_flagged: false,
            entered_by_id: None,
            struck_at: None,
            version: 1,
            created_at: now(),
            updated_at: now(),
            secret: ConsentSecret::default(),
        }
    }

    fn lacking(whose: PartyId) -> Closed {
        Closed::Lacking {
            parties: vec![whose],
            roles: Vec::new(),
            doubts: Vec::new(),
        }
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
            Err(lacking(child))
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
}
