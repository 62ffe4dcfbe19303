//! What was planned and held for a task of the plan, for whoever follows the plan's tasks. A session
//! belongs to its first task (`api.md` §3).

use std::collections::{BTreeMap, BTreeSet};

use super::counts::{Measure, Tally};
use super::error::Error;
use super::model::{AttendeeId, SessionId};
use super::service::report::root;
use super::status::SessionStatus;
use super::store::session::Filter;
use super::store::{attendee, ledger, registration, session as sessions};
use crate::kernel::AgencyId;
use crate::office::owed::HeldSessionId;
use crate::office::period::Period;
use crate::office::work::Work;

/// A session of a task.
#[derive(Debug, Clone)]
pub struct TaskSession {
    /// Its id.
    pub id: HeldSessionId,
    /// The first task it is of.
    pub plan_task: String,
    /// Who leads it.
    pub lead_agency_id: AgencyId,
}

/// What was planned and held.
#[derive(Debug, Clone, Default)]
pub struct TaskSessions {
    /// Drafts and those announced, whether or not their day has come.
    pub planned: usize,
    /// Held and settled.
    pub held: usize,
    /// Called off.
    pub cancelled: usize,
    /// Lượt người.
    pub slot_attendances: i64,
    /// Số người, each once.
    pub distinct_people: usize,
    /// Those that were held.
    pub sessions: Vec<TaskSession>,
}

/// The sessions of some tasks whose first slot falls on the days of a period.
///
/// # Errors
/// When storage fails.
pub fn task_sessions(
    work: &mut Work<'_>,
    (from, to): Period,
    tasks: &[&str],
) -> Result<TaskSessions, Error> {
    let (start, end) = work.zone().day_range(from, to);
    let filter = Filter {
        from: Some(start),
        to: Some(end),
        ..Filter::default()
    };
    let mut all = sessions::all(work.conn, work.office.id, &filter)?;
    all.retain(|one| tasks.contains(&one.plan_task.as_str()));
    let mut found = TaskSessions::default();
    let mut counted: Vec<SessionId> = Vec::new();
    for session in all {
        match session.status {
            SessionStatus::Draft => found.planned += 1,
            SessionStatus::Cancelled => found.cancelled += 1,
            SessionStatus::Published => {
                found.planned += 1;
                counted.push(session.id);
            }
            SessionStatus::Completed => {
                found.held += 1;
                counted.push(session.id);
                found.sessions.push(TaskSession {
                    id: session.id.cast(),
                    plan_task: session.plan_task,
                    lead_agency_id: session.lead_agency_id,
                });
            }
        }
    }
    let ledgers = ledger::counts_of(work.conn, &counted)?;
    let mut tally = Tally::default();
    for one in ledgers.values() {
        tally.plus(&one.counts.total);
    }
    found.slot_attendances = tally.measure(Measure::SlotAttendances);
    found.distinct_people = heads(work, &counted)?;
    Ok(found)
}

/// Who was present at some sessions, each once; a merged attendee is its survivor.
fn heads(work: &mut Work<'_>, ids: &[SessionId]) -> Result<usize, Error> {
    let pointers: BTreeMap<AttendeeId, AttendeeId> = attendee::pointers(work.conn, work.office.id)?;
    let present = registration::present(work.conn, ids)?.into_iter();
    let people: BTreeSet<AttendeeId> = present
        .map(|one| root(&pointers, one.attendee_id))
        .collect();
    Ok(people.len())
}
