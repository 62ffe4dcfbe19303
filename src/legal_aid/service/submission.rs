//! What a request must say before it is handed in: the fields of form 02-TP-TGPL, every broken
//! rule at once (`domain.md` §4.3). Papers may follow: the ward helps to complete them.

use chrono::NaiveDate;

use crate::kernel::Fault;
use crate::kernel::error::Check;
use crate::legal_aid::model::{
    CATEGORY_CHILD, CHILD_UNTIL, IntakeChannel, Request, UrgencyLevel, UrgencyReason,
};
use crate::office::circumstance::Circumstance;

/// Refuses what is not complete yet, with everything that is missing.
pub(super) fn check(request: &Request, today: NaiveDate) -> Result<(), Fault> {
    let mut check = Check::new();
    let secret = &request.secret;
    let requester = &secret.requester;
    // An account has an address of its own.
    let has_mail = requester.email.is_some() || request.user_id.is_some();
    let ways = (has_mail, requester.phone.is_some());
    let nowhere = requester.safe_contact.channels.leading_nowhere(ways);
    let mails_lead_nowhere = nowhere.contains(&"may_email");
    let calls_lead_nowhere = nowhere.iter().any(|channel| *channel != "may_email");
    let is_there = [
        (requester.name.is_some(), "/requester/name"),
        (requester.relation.is_some(), "/requester/relation"),
        // Without any, nobody could be told what becomes of it.
        (
            request.is_reachable() && !calls_lead_nowhere,
            "/requester/phone",
        ),
        (!mails_lead_nowhere, "/requester/email"),
        (secret.child.name.is_some(), "/child/name"),
        (is_age_known(request), "/child/birth_date"),
        (request.category.is_some(), "/category"),
        (request.field.is_some(), "/field"),
        (secret.summary.is_some(), "/summary"),
    ];
    for (holds, pointer) in is_there {
        check.rule(holds, pointer, "required");
    }
    age(&mut check, request, today);
    urgency(&mut check, request);
    entry(&mut check, request);
    check.done()
}

/// A child that was found, or came alone over a border, may have no known day of birth.
fn is_age_known(request: &Request) -> bool {
    let unknown = [Circumstance::Abandoned, Circumstance::MigrantOrRefugee];
    let child = &request.secret.child;
    let mut circumstances = child.special_circumstances.iter();
    child.birth_date.is_some() || circumstances.any(|one| unknown.contains(one))
}

/// Whether somebody of an age in years can be of a category (`domain.md` §4.1): whoever is under 16 is a
/// child. Until when one is a minor counts on the day of the matter, which nobody says here.
fn is_of(category: &str, age: u32) -> bool {
    match category {
        CATEGORY_CHILD => age < CHILD_UNTIL,
        "minor_accused" | "minor_victim_or_witness" => age >= CHILD_UNTIL,
        _ => true,
    }
}

fn age(check: &mut Check, request: &Request, today: NaiveDate) {
    let Some(born_on) = request.secret.child.birth_date else {
        return;
    };
    let age = today.years_since(born_on);
    check.rule(age.is_some(), "/child/birth_date", "in-the-future");
    let category = request.category.as_deref().unwrap_or_default();
    let is_fit = age.is_none_or(|age| is_of(category, age));
    // Whoever is older is of another category; the ward refuses nobody.
    check.rule(is_fit, "/category", "age-does-not-fit");
}

fn urgency(check: &mut Check, request: &Request) {
    let urgency = &request.clock.urgency;
    let is_explained = urgency.level == UrgencyLevel::Normal || urgency.reason.is_some();
    check.rule(is_explained, "/urgency/reason", "required");
    let is_dated = match urgency.reason {
        Some(UrgencyReason::Limitation) => urgency.limitation_on.is_some(),
        _ => true,
    };
    check.rule(is_dated, "/urgency/limitation_date", "required");
    let is_dated = match urgency.reason {
        Some(UrgencyReason::Hearing) => urgency.hearing_on.is_some(),
        _ => true,
    };
    check.rule(is_dated, "/urgency/hearing_date", "required");
}

/// What is written down for someone is read back to them.
fn entry(check: &mut Check, request: &Request) {
    let entry = request.secret.assisted_entry.as_ref();
    let is_spoken = request.channel == IntakeChannel::Phone;
    let is_read_back = entry.is_some_and(|entry| entry.read_back);
    let is_fit = is_read_back || (entry.is_none() && !is_spoken);
    check.rule(is_fit, "/assisted_entry/read_back", "read-back-required");
}
