//! Reading a case that is not one's own, in need: with a reason, for an hour, that case alone, and
//! its supervisor and the auditors are told at once.

use chrono::TimeDelta;
use serde_json::json;

use super::case::note;
use crate::counselling::alarm::{self, Alert};
use crate::counselling::error::Error;
use crate::counselling::model::{Case, CaseId};
use crate::counselling::policy::{self, Eyes};
use crate::counselling::record::BreakGlassId;
use crate::counselling::store::break_glass::{self as store, Window};
use crate::counselling::store::case as cases;
use crate::identity::{Role, colleague};
use crate::kernel::{Fault, Id, code};
use crate::office::work::Work;

/// How long a window is open.
const OPEN_FOR: TimeDelta = TimeDelta::minutes(60);

/// Opens a window for whoever does not read the case's notes.
pub(in crate::counselling) fn open(
    work: &mut Work<'_>,
    eyes: &Eyes,
    id: CaseId,
    reason: &str,
) -> Result<Window, Error> {
    let case = cases::load(work, id)?;
    if case.is_restricted {
        // What is kept from use is there for supervisors alone.
        return Err(Fault::NotFound.into());
    }
    let has_window = store::open(work.conn, (id, eyes.user), work.now)?.is_some();
    if has_window || policy::reads_notes(&case, eyes) {
        return Err(Error::AlreadyVisible);
    }
    let window = Window {
        id: Id::new(work.now),
        user: eyes.user,
        starts_at: work.now,
        ends_at: work.now.plus(OPEN_FOR),
    };
    store::insert(work, &case, (&window, reason))?;
    let code = code::matter();
    let facts = json!({
        "break_glass": window.id,
        "until": window.ends_at,
        "alert_code": code,
    });
    note(work, &case, "break-glass", &facts, Some(reason))?;
    let mut told = alarm::supervisors(work, &case)?;
    told.retain(|id| *id != eyes.user);
    for auditor in colleague::holders(work.conn, work.office.id, Role::Auditor)? {
        if !told.contains(&auditor) {
            told.push(auditor);
        }
    }
    let once = window.id.uuid();
    alarm::alert(work, &case, Alert::BreakGlassUsed, (&told, &code, once))?;
    Ok(window)
}

/// A case these eyes see by themselves or by an open window, and which. What is kept from use is seen
/// by no window, also one that was open before.
pub(in crate::counselling) fn look(
    work: &mut Work<'_>,
    eyes: &Eyes,
    id: CaseId,
) -> Result<(Case, Option<BreakGlassId>), Error> {
    let window = store::open(work.conn, (id, eyes.user), work.now)?;
    let found = cases::find(work, eyes, id)?;
    let is_seen = found.is_some();
    let case = match found {
        Some(case) => case,
        None if window.is_some() => cases::load(work, id)?,
        None => return Err(Fault::NotFound.into()),
    };
    let window = window.filter(|_| !case.is_restricted);
    if !is_seen && window.is_none() {
        return Err(Fault::NotFound.into());
    }
    Ok((case, window))
}

/// A case that is seen by a window alone; the log says which part of it was read. Nothing where no
/// window is open, and the log says who had one and tried again.
pub(in crate::counselling) fn enter(
    work: &mut Work<'_>,
    eyes: &Eyes,
    id: CaseId,
    part: &str,
) -> Result<Option<Case>, Error> {
    let Some(window) = store::open(work.conn, (id, eyes.user), work.now)? else {
        note_late(work, eyes, id)?;
        return Ok(None);
    };
    let case = cases::load(work, id)?;
    if case.is_restricted {
        return Ok(None);
    }
    let facts = json!({"purpose": "break-glass", "break_glass": window, "part": part});
    work.audit(
        "counselling-case.read",
        "counselling-case",
        id.uuid(),
        facts,
    )?;
    Ok(Some(case))
}

/// Writes that someone tried to read a case by a window that is over.
pub(in crate::counselling) fn note_late(
    work: &mut Work<'_>,
    eyes: &Eyes,
    id: CaseId,
) -> Result<(), Error> {
    if store::had(work.conn, (id, eyes.user))? && cases::exists(work.conn, work.office.id, id)? {
        refused(work, id, "window-over")?;
    }
    Ok(())
}

/// Writes that a window was asked for, or used, in vain, where the office has such a case.
pub(in crate::counselling) fn note_refused(
    work: &mut Work<'_>,
    id: CaseId,
    because: &str,
) -> Result<(), Error> {
    if cases::exists(work.conn, work.office.id, id)? {
        refused(work, id, because)?;
    }
    Ok(())
}

fn refused(work: &mut Work<'_>, id: CaseId, because: &str) -> Result<(), Error> {
    let facts = json!({"because": because});
    let action = "counselling-case.break-glass-refused";
    work.audit(action, "counselling-case", id.uuid(), facts)?;
    Ok(())
}
