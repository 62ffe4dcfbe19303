//! Raising, changing, forwarding, answering, closing.

use chrono::NaiveDate;
use serde_json::json;
use uuid::Uuid;

use super::status::{Can, DifficultyAction, DifficultyStatus};
use super::store::{self, Paper, Row, Wanted, Words};
use super::{DifficultyId, DifficultyLine};
use crate::db;
use crate::http::request::Expected;
use crate::identity::{Cx, Role, UserId, colleague};
use crate::kernel::error::Check;
use crate::kernel::{AgencyId, Fault};
use crate::office::period::Period;
use crate::office::work::Work;
use crate::office::work_item::{self, NewWorkItem, Tone, WorkItemKind, WorkMail};
use crate::office::{agency, plan};
use crate::plan::error::Error;
use crate::plan::policy::{self, Standing};

/// What a difficulty is called where it is a subject.
const KIND: &str = "difficulty";

/// What somebody may do with a difficulty at all.
pub(super) fn can(standing: Standing, row: &Row) -> Can {
    Can {
        edit: standing.hand.reaches(row.agency_id),
        decide: standing.decides,
    }
}

fn actor(work: &Work<'_>) -> Result<UserId, Fault> {
    let nobody = || Fault::Internal("a difficulty that nobody raises or decides about".into());
    work.actor.ok_or_else(nobody)
}

fn log(
    work: &mut Work<'_>,
    action: &str,
    id: DifficultyId,
    status: DifficultyStatus,
) -> db::Result<()> {
    work.audit(action, KIND, id.uuid(), json!({"status": status}))
}

/// Refuses a task or an agency that is none of the office's.
fn check_references(
    work: &mut Work<'_>,
    agency: Option<AgencyId>,
    task: Option<&str>,
) -> Result<(), Error> {
    let office = work.office_id();
    let mut check = Check::new();
    if let Some(agency) = agency {
        let is_known = agency::is_active(work.conn, office, agency)?;
        check.rule(is_known, "/agency", "unknown-reference");
    }
    if let Some(task) = task {
        let is_known = plan::task_exists(work.conn, office, task)?;
        check.rule(is_known, "/plan_task", "unknown-reference");
    }
    Ok(check.done()?)
}

/// Raises a difficulty of an agency, for the reporters to answer or to forward.
pub(super) fn raise(
    work: &mut Work<'_>,
    standing: Standing,
    (agency, words): (AgencyId, &Words),
) -> Result<Row, Error> {
    standing.hand.require(agency)?;
    check_references(work, Some(agency), words.plan_task.as_deref())?;
    let (office, now, by) = (work.office_id(), work.now, actor(work)?);
    let id = DifficultyId::new(now);
    store::insert(work.conn, now, (id, office, by), (agency, words))?;
    let item = NewWorkItem {
        office,
        kind: WorkItemKind::DifficultyRaised,
        subject_kind: KIND,
        subject: id.uuid(),
        owner: None,
        role: Some(Role::Reporter),
        due_at: None,
        once: "",
    };
    work_item::hand_out(work, &item, false)?;
    log(work, "difficulty.raise", id, DifficultyStatus::Raised)?;
    load(work, standing, id)
}

/// One page, and how many there are where asked.
pub(super) fn list(
    work: &mut Work<'_>,
    standing: Standing,
    wanted: &Wanted,
    (before, limit): (Option<DifficultyId>, i64),
    wants_total: bool,
) -> Result<(Vec<Row>, Option<i64>), Error> {
    let whose = (work.office_id(), standing.seen);
    let rows = store::page(work.conn, whose, wanted, before, limit)?;
    let total = if wants_total {
        Some(store::count(work.conn, whose, wanted)?)
    } else {
        None
    };
    Ok((rows, total))
}

/// A difficulty the caller sees.
pub(super) fn load(
    work: &mut Work<'_>,
    standing: Standing,
    id: DifficultyId,
) -> Result<Row, Error> {
    let whose = (work.office_id(), standing.seen);
    Ok(store::find(work.conn, whose, id)?.ok_or(Fault::NotFound)?)
}

/// Whether a caller sees a difficulty.
///
/// # Errors
/// When storage fails.
pub fn sees(cx: &mut Cx<'_>, id: Uuid) -> Result<bool, Error> {
    match policy::difficulties(cx) {
        Err(Error::Fault(Fault::Forbidden)) => Ok(false),
        Err(error) => Err(error),
        Ok((work, standing)) => {
            let whose = (work.office_id(), standing.seen);
            Ok(store::find(work.conn, whose, DifficultyId::from_uuid(id))?.is_some())
        }
    }
}

fn lock(work: &mut Work<'_>, standing: Standing, id: DifficultyId) -> Result<Row, Error> {
    let office = work.office_id();
    store::lock(work.conn, office, id)?;
    load(work, standing, id)
}

/// Changes what a difficulty says, while nobody has forwarded or answered it.
pub(super) fn edit(
    work: &mut Work<'_>,
    standing: Standing,
    (id, expected): (DifficultyId, Expected),
    change: impl FnOnce(Words) -> Result<Words, Fault>,
) -> Result<Row, Error> {
    let row = lock(work, standing, id)?;
    standing.hand.require(row.agency_id)?;
    let after = row
        .status
        .apply(DifficultyAction::Edit, can(standing, &row))?;
    expected.require(row.version)?;
    let before = row.words();
    let words = change(before.clone())?;
    if words == before {
        return Ok(row);
    }
    check_references(work, None, words.plan_task.as_deref())?;
    store::edit(work.conn, work.now, id, &words)?;
    log(work, "difficulty.edit", id, after)?;
    load(work, standing, id)
}

/// Takes the lock of a difficulty on which a reporter acts, and finds out where that leads.
fn act(
    work: &mut Work<'_>,
    standing: Standing,
    id: DifficultyId,
    action: DifficultyAction,
) -> Result<(Row, DifficultyStatus), Error> {
    let row = lock(work, standing, id)?;
    let after = row.status.apply(action, can(standing, &row))?;
    work.require_seen(row.version)?;
    Ok((row, after))
}

/// Nothing waits for the reporters any more.
fn settle(work: &mut Work<'_>, id: DifficultyId, by: UserId) -> db::Result<()> {
    let kinds = [WorkItemKind::DifficultyRaised];
    work_item::close_by(work.conn, work.now, id.uuid(), &kinds, by)?;
    Ok(())
}

/// Words that go with a document of a day, which may have a number.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) words: String,
    pub(super) on: NaiveDate,
    pub(super) number: Option<String>,
}

impl Written {
    fn paper(&self, by: UserId) -> Paper<'_> {
        Paper {
            on: self.on,
            number: self.number.as_deref(),
            by,
        }
    }

    /// Refuses a day before the one on which it all began.
    fn require_after(&self, day: NaiveDate) -> Result<(), Fault> {
        if self.on < day {
            return Err(Fault::rule("/on", "order-invalid"));
        }
        Ok(())
    }
}

/// Notes to whom a difficulty was forwarded.
pub(super) fn forward(
    work: &mut Work<'_>,
    standing: Standing,
    id: DifficultyId,
    to: &Written,
) -> Result<Row, Error> {
    let (row, after) = act(work, standing, id, DifficultyAction::Forward)?;
    to.require_after(row.raised_on)?;
    let paper = to.paper(actor(work)?);
    store::forward(work.conn, work.now, id, (&to.words, &paper))?;
    log(work, "difficulty.forward", id, after)?;
    load(work, standing, id)
}

/// Keeps the answer to a difficulty, and tells whoever raised it that there is one.
pub(super) fn answer(
    work: &mut Work<'_>,
    standing: Standing,
    id: DifficultyId,
    said: &Written,
) -> Result<Row, Error> {
    let (row, after) = act(work, standing, id, DifficultyAction::Answer)?;
    said.require_after(row.forwarded_on.unwrap_or(row.raised_on))?;
    let by = actor(work)?;
    store::answer(work.conn, work.now, id, (&said.words, &said.paper(by)))?;
    settle(work, id, by)?;
    log(work, "difficulty.answer", id, after)?;
    tell(work, &row)?;
    load(work, standing, id)
}

/// Tells whoever raised a difficulty, if they still work here, that there is something to look at.
fn tell(work: &mut Work<'_>, row: &Row) -> db::Result<()> {
    let office = work.office_id();
    let raiser = colleague::find(work.conn, office, row.raised_by_id)?;
    if raiser.is_none_or(|one| !one.is_active) {
        return Ok(());
    }
    let mail = WorkMail {
        tone: Tone::New,
        object_kind: KIND,
        object: row.id.uuid(),
        code: &work_item::code(row.id),
        due_at: None,
        once: "answered",
    };
    let raiser = (Some(row.raised_by_id), Role::Reporter);
    work_item::tell(work, row.id.uuid(), raiser, &mail)
}

/// Says why nothing is left to do about a difficulty.
pub(super) fn close(
    work: &mut Work<'_>,
    standing: Standing,
    id: DifficultyId,
    reason: &str,
) -> Result<Row, Error> {
    let (_, after) = act(work, standing, id, DifficultyAction::Close)?;
    let by = actor(work)?;
    store::close(work.conn, work.now, id, (reason, by))?;
    settle(work, id, by)?;
    log(work, "difficulty.close", id, after)?;
    load(work, standing, id)
}

/// The difficulties that were raised in a period, every agency's, oldest first.
///
/// # Errors
/// When storage fails.
pub fn of_period(work: &mut Work<'_>, period: Period) -> Result<Vec<DifficultyLine>, Error> {
    let office = work.office_id();
    Ok(store::of_period(work.conn, office, period)?)
}
