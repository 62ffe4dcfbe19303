//! Recording, reading, referring, keeping the answer, closing.

use chrono::NaiveDate;
use serde_json::json;
use uuid::Uuid;

use super::counts::{self, Counted};
use super::status::{ConcernAction, ConcernStatus};
use super::store::{self, NewRow, Referral, Row, Wanted};
use super::{ConcernId, ConcernSource, ConcernTopic};
use crate::db;
use crate::identity::{Cx, Role};
use crate::kernel::{Fault, code};
use crate::office::period::Period;
use crate::office::work::Work;
use crate::office::work_item::{self, NewWorkItem, WorkItemKind};
use crate::plan::error::Error;
use crate::plan::policy::{self, Watch};
use crate::sealed::{DataKey, Place, Subject, vault};

/// What a concern is called where it is a subject.
const KIND: &str = "concern";

fn place(column: &'static str, id: ConcernId) -> Place {
    Place {
        table: "concerns",
        column,
        row: id.uuid(),
    }
}

/// A concern to be recorded. It has no `Debug`: what it says belongs in no log.
pub(super) struct Record {
    pub(super) topic: ConcernTopic,
    pub(super) source: ConcernSource,
    pub(super) informed_on: NaiveDate,
    pub(super) text: String,
}

/// Records a concern: seals what it says, and has the supervisors refer it.
pub(super) fn record(work: &mut Work<'_>, watch: Watch, new: &Record) -> Result<Row, Error> {
    let (office, now, id) = (work.office_id(), work.now, ConcernId::new(work.now));
    let keys = &work.platform.keys;
    let key = DataKey::create(work.conn, keys, now, office, Subject::Concern)?;
    let row = NewRow {
        id,
        office_id: office,
        code: code::free(|code| store::is_code(work.conn, office, code))?,
        topic: new.topic,
        source: new.source,
        informed_on: new.informed_on,
        data_key_id: key.id(),
        text_sealed: key.seal(place("text_sealed", id), new.text.as_bytes())?,
        status: ConcernStatus::Recorded,
        recorded_by_id: watch.user,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    store::insert(work.conn, row)?;
    let item = NewWorkItem {
        office,
        kind: WorkItemKind::ConcernToRefer,
        subject_kind: KIND,
        subject: id.uuid(),
        owner: None,
        role: Some(Role::Supervisor),
        due_at: None,
        once: "",
    };
    work_item::hand_out(work, &item, false)?;
    log(work, "concern.record", id, ConcernStatus::Recorded)?;
    load(work, watch, id)
}

/// One page, and how many there are where asked.
pub(super) fn list(
    work: &mut Work<'_>,
    watch: Watch,
    wanted: Wanted,
    (before, limit): (Option<ConcernId>, i64),
    wants_total: bool,
) -> Result<(Vec<Row>, Option<i64>), Error> {
    let whose = (work.office_id(), watch);
    let rows = store::page(work.conn, whose, wanted, before, limit)?;
    let total = if wants_total {
        Some(store::count(work.conn, whose, wanted)?)
    } else {
        None
    };
    Ok((rows, total))
}

/// A concern the caller sees.
pub(super) fn load(work: &mut Work<'_>, watch: Watch, id: ConcernId) -> Result<Row, Error> {
    let whose = (work.office_id(), watch);
    Ok(store::find(work.conn, whose, id)?.ok_or(Fault::NotFound)?)
}

/// Whether a caller sees a concern.
///
/// # Errors
/// When storage fails.
pub fn sees(cx: &mut Cx<'_>, id: Uuid) -> Result<bool, Error> {
    match policy::concerns(cx) {
        Err(Error::Fault(Fault::Forbidden)) => Ok(false),
        Err(error) => Err(error),
        Ok((work, watch)) => {
            let whose = (work.office_id(), watch);
            Ok(store::find(work.conn, whose, ConcernId::from_uuid(id))?.is_some())
        }
    }
}

/// What a concern says.
#[derive(Default)]
pub(super) struct Said {
    pub(super) text: Option<String>,
    pub(super) answer: Option<String>,
    pub(super) reason: Option<String>,
}

/// Opens what a concern says: to whoever only recorded it what they wrote. Each reading is one row of
/// the log. Nothing is left of what was erased.
pub(super) fn read(work: &mut Work<'_>, watch: Watch, row: &Row) -> Result<Said, Error> {
    let key = match work.data_key(row.data_key_id) {
        Ok(key) => key,
        Err(vault::Error::Erased) => return Ok(Said::default()),
        Err(error) => return Err(error.into()),
    };
    let open = |column, sealed: &[u8]| -> Result<String, Error> {
        let plain = key.open(place(column, row.id), sealed)?;
        Ok(String::from_utf8_lossy(&plain).into_owned())
    };
    let later = |column, sealed: &Option<Vec<u8>>| -> Result<Option<String>, Error> {
        let sealed = sealed.as_deref().filter(|_| watch.sees_all);
        sealed.map(|sealed| open(column, sealed)).transpose()
    };
    let said = Said {
        text: Some(open("text_sealed", &row.text_sealed)?),
        answer: later("answer_sealed", &row.answer_sealed)?,
        reason: later("reason_sealed", &row.reason_sealed)?,
    };
    log(work, "concern.read", row.id, row.status)?;
    Ok(said)
}

fn log(work: &mut Work<'_>, action: &str, id: ConcernId, status: ConcernStatus) -> db::Result<()> {
    work.audit(action, KIND, id.uuid(), json!({"status": status}))
}

/// Takes the lock of a concern on which somebody acts, and finds out where that leads.
fn act(
    work: &mut Work<'_>,
    watch: Watch,
    id: ConcernId,
    action: ConcernAction,
) -> Result<(Row, ConcernStatus), Error> {
    let office = work.office_id();
    store::lock(work.conn, office, id)?;
    let row = load(work, watch, id)?;
    // Whoever recorded it knows that it is there, and leaves it to a supervisor.
    if !watch.decides(row.recorded_by_id) {
        return Err(Fault::Forbidden.into());
    }
    let after = row.status.apply(action)?;
    work.require_seen(row.version)?;
    Ok((row, after))
}

/// Nothing waits for a supervisor any more.
fn settle(work: &mut Work<'_>, watch: Watch, id: ConcernId) -> db::Result<()> {
    let kinds = [WorkItemKind::ConcernToRefer];
    work_item::close_by(work.conn, work.now, id.uuid(), &kinds, watch.user)?;
    Ok(())
}

/// To whom a concern is handed.
pub(super) struct Refer {
    pub(super) to: String,
    pub(super) on: NaiveDate,
    pub(super) document_number: String,
}

/// Notes to whom a concern was handed, and by which document.
pub(super) fn refer(
    work: &mut Work<'_>,
    watch: Watch,
    id: ConcernId,
    to: &Refer,
) -> Result<Row, Error> {
    let (row, after) = act(work, watch, id, ConcernAction::Refer)?;
    if to.on < row.informed_on {
        return Err(Fault::rule("/on", "order-invalid").into());
    }
    let referral = Referral {
        to: &to.to,
        on: to.on,
        number: &to.document_number,
        by: watch.user,
    };
    store::refer(work.conn, work.now, id, &referral)?;
    settle(work, watch, id)?;
    log(work, "concern.refer", id, after)?;
    load(work, watch, id)
}

/// What was answered. It has no `Debug`: what it says belongs in no log.
pub(super) struct Answer {
    pub(super) words: String,
    pub(super) on: NaiveDate,
    pub(super) number: Option<String>,
}

/// Keeps what whoever a concern was handed to answered.
pub(super) fn answer(
    work: &mut Work<'_>,
    watch: Watch,
    id: ConcernId,
    said: &Answer,
) -> Result<Row, Error> {
    let (row, after) = act(work, watch, id, ConcernAction::RecordAnswer)?;
    if row.referred_on.is_some_and(|sent| said.on < sent) {
        return Err(Fault::rule("/on", "order-invalid").into());
    }
    let key = work.data_key(row.data_key_id)?;
    let sealed = key.seal(place("answer_sealed", id), said.words.as_bytes())?;
    let kept = (sealed.as_slice(), said.on, said.number.as_deref());
    store::answer(work.conn, work.now, id, kept)?;
    log(work, "concern.answer", id, after)?;
    load(work, watch, id)
}

/// Says why nothing is left to do about a concern.
pub(super) fn close(
    work: &mut Work<'_>,
    watch: Watch,
    id: ConcernId,
    reason: &str,
) -> Result<Row, Error> {
    let (row, after) = act(work, watch, id, ConcernAction::Close)?;
    let key = work.data_key(row.data_key_id)?;
    let sealed = key.seal(place("reason_sealed", id), reason.as_bytes())?;
    store::close(work.conn, work.now, id, (&sealed, watch.user))?;
    settle(work, watch, id)?;
    log(work, "concern.close", id, after)?;
    load(work, watch, id)
}

/// The counts of the concerns that the office was informed of in a period.
pub(super) fn tally(work: &mut Work<'_>, period: Period) -> Result<Vec<Counted>, Error> {
    let office = work.office_id();
    Ok(store::tally(work.conn, office, period)?)
}

/// How many concerns of each topic and status the office was informed of in a period, by their words.
///
/// # Errors
/// When storage fails.
pub fn counts_of(
    work: &mut Work<'_>,
    period: Period,
) -> Result<Vec<(&'static str, &'static str, i64)>, Error> {
    Ok(counts::by_topic(&tally(work, period)?))
}
