//! Days to be kept: the last day on which a consent can be taken back, a report that falls due.

use chrono::{Days, TimeDelta};

use super::consent;
use crate::counselling::error::Error;
use crate::counselling::follow_up::FollowUpState;
use crate::counselling::model::{Case, CaseId, Party, PartyRole};
use crate::counselling::record::FollowUpKind;
use crate::counselling::service::follow_up;
use crate::counselling::store::{case as cases, note, party as parties};
use crate::counselling::{errand, messages};
use crate::kernel::Fault;
use crate::office::work::Work;

/// Days before the end of a window on which the consenter is reminded.
const WINDOW_LEAD: u64 = 3;
/// Days before a report on which its family is reminded.
const REPORT_LEAD: u64 = 14;

/// Reminds of the days of one case. Each is told once, whoever looks how often.
pub(in crate::counselling) fn remind(work: &mut Work<'_>, id: CaseId) -> Result<(), Error> {
    let case = cases::load(work, id)?;
    let all = parties::of_case(work, &case)?;
    notes(work, &case)?;
    windows(work, &case, &all)?;
    reports(work, &case, &all)
}

/// Drafts that nobody signed in time. Their authors are told, or who counsels now where they left the
/// case, to take them over.
fn notes(work: &mut Work<'_>, case: &Case) -> Result<(), Error> {
    let days = work.settings()?.policies.note_unsigned_days.value;
    let before = work.now.minus(TimeDelta::days(i64::from(days)));
    let late = note::unsigned(work.conn, case.id, before)?;
    if late.is_empty() {
        return Ok(());
    }
    let writers = super::note::writers(work, case)?;
    for (note, author) in late {
        let is_here = writers.contains(&author);
        let owner = if is_here { author } else { case.counsellor_id };
        errand::note_unsigned(work, note.uuid(), owner)?;
    }
    Ok(())
}

/// Whoever consented, and nobody of the other side. Where no safe way was confirmed for this very
/// purpose, someone has to tell it by phone (`mail-models.md` §3).
fn windows(work: &mut Work<'_>, case: &Case, all: &[Party]) -> Result<(), Error> {
    let today = work.zone().day(work.now);
    for shown in consent::list(work, case)? {
        let (true, Some(window)) = (shown.is_open, shown.window) else {
            continue;
        };
        let from = window.ends_on.checked_sub_days(Days::new(WINDOW_LEAD));
        if today > window.ends_on || from.is_none_or(|from| today < from) {
            continue;
        }
        let one = &shown.consent;
        let Some(party) = all.iter().find(|party| party.id == one.party_id) else {
            continue;
        };
        let days = (one.taken_on, window.ends_on);
        let is_safe = messages::remind_of_window(work, party, one.id.uuid(), days)?;
        if !is_safe {
            errand::window_by_phone(work, case, one.id.uuid(), window.ends_on)?;
        }
    }
    Ok(())
}

fn reports(work: &mut Work<'_>, case: &Case, all: &[Party]) -> Result<(), Error> {
    let today = work.zone().day(work.now);
    let soon = today
        .checked_add_days(Days::new(REPORT_LEAD))
        .ok_or_else(|| Fault::Internal("the end of time".into()))?;
    for standing in follow_up::list(work, case)? {
        let one = &standing.one;
        if one.kind != FollowUpKind::PostAdoptionReport || one.due_on > soon {
            continue;
        }
        match standing.state {
            FollowUpState::Planned | FollowUpState::Moved => {
                let adopters = all
                    .iter()
                    .filter(|party| party.role == PartyRole::AdoptiveParent);
                for party in adopters {
                    messages::remind_of_report(work, party, one.id.uuid(), one.due_on)?;
                }
            }
            FollowUpState::Late | FollowUpState::Missed => {
                errand::report_late(work, case, one.id.uuid())?;
            }
            FollowUpState::Done | FollowUpState::Waived => {}
        }
    }
    Ok(())
}
