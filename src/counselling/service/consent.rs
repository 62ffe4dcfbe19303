//! Consents: taken, taken back; and the gate nobody overrides.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::case::{self, note};
use crate::counselling::consent::{self as rules, ChildFacts, Doubt, Limits, Window};
use crate::counselling::days;
use crate::counselling::error::Error;
use crate::counselling::gate::Facts;
use crate::counselling::model::{
    AdoptionKind, AppointmentId, Case, CaseId, Party, PartyId, PartyRole,
};
use crate::counselling::policy::Eyes;
use crate::counselling::record::{Consent, ConsentId, ConsentSecret, Terms};
use crate::counselling::record_status::ConsentDecision;
use crate::counselling::status::CaseAction;
use crate::counselling::store::{
    appointment as appointments, consent as store, held, party as parties,
};
use crate::counselling::waiver;
use crate::kernel::error::Check;
use crate::kernel::{Coded, Fault, Id};
use crate::office::calendar::{self, Calendar};
use crate::office::work::Work;

/// A decision as it is entered.
#[derive(Debug, Clone)]
pub(in crate::counselling) struct ConsentDraft {
    pub(in crate::counselling) party: PartyId,
    pub(in crate::counselling) decision: ConsentDecision,
    pub(in crate::counselling) taken_on: NaiveDate,
    pub(in crate::counselling) is_in_person: bool,
    pub(in crate::counselling) secret: ConsentSecret,
}

/// A consent, and the time in which it can be taken back as things stand.
#[derive(Debug, Clone)]
pub(in crate::counselling) struct Shown {
    pub(in crate::counselling) consent: Consent,
    pub(in crate::counselling) window: Option<Window>,
    pub(in crate::counselling) is_open: bool,
    /// Why it does not count as things stand, where it does not.
    pub(in crate::counselling) doubt: Option<Doubt>,
    /// Whether who decided came, on that day or before, to a talk it names (`domain.md` §3.5).
    pub(in crate::counselling) is_counselled: bool,
}

/// What the time of a consent is seen by: the office's days, who the parties are, the day.
struct Sight {
    calendar: Calendar,
    roles: Vec<(PartyId, PartyRole)>,
    child: ChildFacts,
    limits: Limits,
    today: NaiveDate,
    held: Vec<(AppointmentId, NaiveDate, Option<PartyId>)>,
}

impl Sight {
    fn of(work: &mut Work<'_>, case: &Case) -> Result<Self, Error> {
        let all = parties::of_case(work, case)?;
        let (zone, held) = (work.zone(), held::of_case(work.conn, case.id)?);
        let held = held.into_iter();
        Ok(Self {
            held: held.map(|(id, at, who)| (id, zone.day(at), who)).collect(),
            calendar: calendar::load(work.conn, work.office.id)?,
            roles: all.iter().map(|one| (one.id, one.role)).collect(),
            child: child(case, &all),
            limits: limits(work)?,
            today: work.zone().day(work.now),
        })
    }

    fn is_counselled(&self, consent: &Consent) -> bool {
        let named = &consent.secret.counselled_appointment_ids;
        self.held.iter().any(|(id, day, who)| {
            named.contains(id) && *day <= consent.taken_on && *who == Some(consent.party_id)
        })
    }

    /// A consent with its time, on the day. That of an adopter has none: it asks for the adoption.
    fn show(&self, case: &Case, consent: Consent) -> Shown {
        let mut roles = self.roles.iter();
        let role = roles.find(|(id, _)| *id == consent.party_id);
        let is_parent = role.is_some_and(|(_, role)| *role == PartyRole::BirthParent);
        let counts = consent.struck_at.is_none();
        let is_asked = counts && is_parent && consent.decision == ConsentDecision::Given;
        let doubt = is_asked
            .then(|| rules::doubt(self.child, consent.taken_on, self.limits))
            .flatten();
        let is_given = matches!(
            consent.decision,
            ConsentDecision::Given | ConsentDecision::Withdrawn
        );
        let has_window =
            counts && is_given && role.is_none_or(|(_, role)| rules::has_window(*role));
        let window = has_window
            .then(|| rules::standing(&self.calendar, &consent, case.adoption_kind))
            .flatten();
        let is_open = has_window
            && consent.decision == ConsentDecision::Given
            && window.is_none_or(|window| self.today <= window.open_until);
        Shown {
            is_counselled: self.is_counselled(&consent),
            consent,
            window,
            is_open,
            doubt,
        }
    }
}

/// The consents of a case.
pub(in crate::counselling) fn list(work: &mut Work<'_>, case: &Case) -> Result<Vec<Shown>, Error> {
    let sight = Sight::of(work, case)?;
    let consents = store::all_of_case(work, case)?;
    let shown = consents.into_iter();
    Ok(shown.map(|one| sight.show(case, one)).collect())
}

/// One consent of a case.
pub(in crate::counselling) fn load(
    work: &mut Work<'_>,
    case: &Case,
    id: ConsentId,
) -> Result<Shown, Error> {
    let consent = store::load(work, case, id)?;
    Ok(Sight::of(work, case)?.show(case, consent))
}

fn limits(work: &mut Work<'_>) -> Result<Limits, Error> {
    let policies = &work.settings()?.policies;
    Ok(Limits {
        birth_parent_days: policies.birth_parent_consent_days.value,
        child_age: policies.child_consent_age.value,
    })
}

/// The child as the case knows it, else as the party that it is.
fn child(case: &Case, parties: &[Party]) -> ChildFacts {
    let of_case = case.secret.child.clone().unwrap_or_default();
    let party = parties.iter().find(|one| one.role == PartyRole::Child);
    let born_on = of_case
        .born_on
        .or_else(|| party.and_then(|party| party.secret.born_on));
    ChildFacts {
        born_on,
        is_expected: born_on.is_none() && of_case.expected_on.is_some(),
    }
}

/// Enters what someone decided.
pub(in crate::counselling) fn record(
    work: &mut Work<'_>,
    eyes: &Eyes,
    case: CaseId,
    draft: ConsentDraft,
) -> Result<(Case, Shown), Error> {
    let case = case::lock_for(work, eyes, case, CaseAction::Record)?;
    require_rules(work, &case, &draft)?;
    let given = store::of_case(work, &case)?;
    if draft.decision == ConsentDecision::NotRequired {
        waiver::require_waiver(&case, eyes)?;
        require_unasked(&given, &draft)?;
    }
    if draft.decision == ConsentDecision::Given {
        require_first(&Sight::of(work, &case)?, &case, &given, draft.party)?;
    }
    let policies = &work.settings()?.policies;
    let terms = Terms {
        domestic: policies.withdrawal_days_domestic.value,
        intercountry: policies.withdrawal_days_intercountry.value,
    };
    let consent = Consent {
        id: Id::new(work.now),
        case_id: case.id,
        party_id: draft.party,
        decision: draft.decision,
        taken_on: draft.taken_on,
        is_in_person: draft.is_in_person,
        terms,
        told: None,
        withdrawn_on: None,
        is_late: false,
        is_flagged: false,
        entered_by_id: Some(eyes.user),
        struck_at: None,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
        secret: draft.secret,
    };
    store::insert(work, &case, &consent)?;
    keep_told(work, &case)?;
    tell(work, &case, &consent, "consent-record")?;
    let shown = load(work, &case, consent.id)?;
    Ok((case, shown))
}

/// A second consent would outlive the withdrawal of the first; one that came too early after the
/// birth does not count, and is given anew.
fn require_first(sight: &Sight, case: &Case, all: &[Consent], party: PartyId) -> Result<(), Fault> {
    let theirs = all.iter().filter(|one| one.party_id == party);
    let mut given = theirs.filter(|one| one.decision == ConsentDecision::Given);
    let counts = |one: &Consent| sight.show(case, one.clone()).doubt != Some(Doubt::TooEarly);
    if given.any(counts) {
        return Err(Fault::rule("/party_id", "repeated"));
    }
    Ok(())
}

/// That nobody needs someone's consent is said before they are asked, and why: what they then said,
/// and the time to take it back, are not passed over.
fn require_unasked(given: &[Consent], draft: &ConsentDraft) -> Result<(), Fault> {
    let has_said =
        |one: &Consent| one.party_id == draft.party && one.decision != ConsentDecision::NotRequired;
    let mut check = Check::new();
    let is_asked = given.iter().any(has_said);
    check.rule(!is_asked, "/decision", "not-with-this");
    check.rule(draft.secret.note.is_some(), "/note", "required");
    check.done()
}

fn require_rules(work: &mut Work<'_>, case: &Case, draft: &ConsentDraft) -> Result<(), Error> {
    let today = work.zone().day(work.now);
    let limits = limits(work)?;
    let all = parties::of_case(work, case)?;
    let facts = child(case, &all);
    let mut check = Check::new();
    let party = all.iter().find(|party| party.id == draft.party);
    check.rule(party.is_some(), "/party_id", "unknown-reference");
    days::happened(&mut check, "/taken_on", Some(draft.taken_on), today);
    let counselled = &draft.secret.counselled_appointment_ids;
    let known = appointments::those_of(work.conn, case.id, counselled)?;
    for (index, id) in counselled.iter().enumerate() {
        let at = format!("/counselled_appointment_ids/{index}");
        check.rule(known.contains(id), at, "unknown-reference");
    }
    let role = party.map(|party| party.role);
    if role == Some(PartyRole::BirthParent) && draft.decision == ConsentDecision::Given {
        let is_early = rules::is_too_early(facts, draft.taken_on, limits);
        check.rule(!is_early, "/taken_on", "too-early-after-birth");
    }
    let decides = matches!(
        draft.decision,
        ConsentDecision::Given | ConsentDecision::Refused
    );
    if role == Some(PartyRole::Child) && decides {
        // Whoever decides is as old as the party says, where the case tells of another child.
        let born_on = party.and_then(|party| party.secret.born_on);
        let own = ChildFacts {
            born_on: born_on.or(facts.born_on),
            ..facts
        };
        let is_asked = rules::is_of_age(own, draft.taken_on, limits);
        let is_met = draft.is_in_person || !is_asked;
        check.rule(is_met, "/in_person", "in-person-required");
    }
    Ok(check.done()?)
}

pub(super) fn tell(
    work: &mut Work<'_>,
    case: &Case,
    consent: &Consent,
    kind: &str,
) -> Result<(), Error> {
    let facts = json!({
        "consent": consent.id,
        "party": consent.party_id,
        "decision": consent.decision,
        "flagged": consent.is_flagged,
    });
    note(work, case, kind, &facts, None)
}

/// Keeps what is told of every consent as things stand, where that is longer than what was told
/// before: a time once told never ends earlier, wherever the child is adopted to later.
pub(super) fn keep_told(work: &mut Work<'_>, case: &Case) -> Result<(), Error> {
    let roles = parties::roles_of(work.conn, case.id)?;
    let has_window = |id: PartyId| {
        let mut known = roles.iter();
        known.any(|(party, role)| *party == id && rules::has_window(*role))
    };
    for one in store::of_case(work, case)? {
        let told = rules::told(one.taken_on, case.adoption_kind, one.terms);
        let is_given = one.decision == ConsentDecision::Given && has_window(one.party_id);
        let (Some(told), true) = (told, is_given) else {
            continue;
        };
        if one.told.is_none_or(|before| before.ends_on < told.ends_on) {
            store::tell(work.conn, one.id, told, work.now)?;
        }
    }
    Ok(())
}

/// Whether the time of a consent would be a shorter one for another kind of adoption.
fn is_shortened(shown: &Shown, kind: AdoptionKind) -> bool {
    let after = rules::told(shown.consent.taken_on, kind, shown.consent.terms);
    let ends = after.zip(shown.window);
    ends.is_none_or(|(after, now)| after.ends_on < now.ends_on)
}

/// Refuses a kind of adoption with a shorter time to take a consent back while one is open: none ends
/// sooner than it was told.
pub(super) fn require_kind_kept(
    work: &mut Work<'_>,
    case: &Case,
    kind: AdoptionKind,
) -> Result<(), Error> {
    let is_unsaid = [kind, case.adoption_kind].contains(&AdoptionKind::Undetermined);
    if kind == case.adoption_kind || is_unsaid {
        return Ok(());
    }
    let open: Vec<Shown> = list(work, case)?
        .into_iter()
        .filter(|shown| shown.is_open && is_shortened(shown, kind))
        .collect();
    if open.is_empty() {
        return Ok(());
    }
    let until = open.iter().filter_map(|shown| shown.window);
    Err(Error::ConsentWindowOpen {
        parties: open.iter().map(|shown| shown.consent.party_id).collect(),
        open_until: until.map(|window| window.open_until).max(),
    })
}

/// Refuses what may not be done before every required consent is there and can no longer be taken
/// back. No reason of anybody lets it pass.
pub(super) fn require_gate(work: &mut Work<'_>, case: &Case) -> Result<(), Error> {
    let limits = limits(work)?;
    let all = parties::of_case(work, case)?;
    let consents = store::of_case(work, case)?;
    let calendar = calendar::load(work.conn, work.office.id)?;
    let roles: Vec<(PartyId, PartyRole)> = all.iter().map(|one| (one.id, one.role)).collect();
    let facts = Facts {
        parties: &roles,
        consents: &consents,
        child: child(case, &all),
        kind: case.adoption_kind,
        limits,
        calendar: &calendar,
        today: work.zone().day(work.now),
    };
    Ok(facts.gate()?)
}

/// A decision or a hand-over waits for the consents. One that already happened is recorded all
/// the same: what it is and what was lacking then is given back, to be flagged.
pub(super) fn require_gate_of(
    work: &mut Work<'_>,
    (old, new): (&Case, &Case),
    already_happened: bool,
) -> Result<Option<Value>, Error> {
    let set = is_set(old, new);
    if set.is_empty() {
        return Ok(None);
    }
    match require_gate(work, new) {
        Ok(()) => Ok(None),
        Err(closed @ (Error::ConsentWindowOpen { .. } | Error::ConsentLacking { .. }))
            if already_happened =>
        {
            require_past(work, new)?;
            let mut facts = closed.facts();
            facts.insert("set".to_owned(), json!(set));
            facts.insert("why".to_owned(), json!(closed.code()));
            Ok(Some(Value::Object(facts)))
        }
        Err(closed) => Err(closed),
    }
}

/// Whether a decision or a hand-over is set that was not so before.
fn is_set(old: &Case, new: &Case) -> Vec<&'static str> {
    let decision = new.secret.decision.is_some() && new.secret.decision != old.secret.decision;
    let hand_over = new.hand_over_on.is_some() && new.hand_over_on != old.hand_over_on;
    let set = [("decision", decision), ("hand_over_on", hand_over)];
    let set = set.into_iter().filter(|(_, is_set)| *is_set);
    set.map(|(name, _)| name).collect()
}

/// The days of what is set; of what already happened, none lies ahead.
fn require_past(work: &Work<'_>, case: &Case) -> Result<(), Fault> {
    let today = work.zone().day(work.now);
    let mut check = Check::new();
    let decided = case.secret.decision.as_ref().map(|decision| decision.date);
    for (at, day) in [
        ("/decision/date", decided),
        ("/hand_over_on", case.hand_over_on),
    ] {
        check.rule(day.is_none_or(|day| day <= today), at, "in-the-future");
    }
    check.done()
}
