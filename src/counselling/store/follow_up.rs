//! Follow-ups and the reports after an adoption.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::counselling::error::Error;
use crate::counselling::model::{Case, CaseId};
use crate::counselling::record::{FollowUp, FollowUpId, FollowUpKind, FollowUpSecret};
use crate::counselling::record_status::FollowUpStatus;
use crate::db::schema::counselling_follow_ups as follow_ups;
use crate::db::{self, Conn};
use crate::kernel::{Fault, Timestamp};
use crate::office::work::Work;
use crate::sealed::{DataKey, Place};

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = follow_ups, treat_none_as_null = true)]
#[diesel(treat_none_as_default_value = false)]
struct Row {
    id: FollowUpId,
    case_id: CaseId,
    kind: FollowUpKind,
    number: Option<i32>,
    status: FollowUpStatus,
    planned_on: NaiveDate,
    due_on: NaiveDate,
    done_on: Option<NaiveDate>,
    sealed: Option<Vec<u8>>,
    version: i32,
    created_at: Timestamp,
    updated_at: Timestamp,
}

fn place(id: FollowUpId) -> Place {
    Place {
        table: "counselling_follow_ups",
        column: "sealed",
        row: id.uuid(),
    }
}

impl Row {
    fn of(key: &DataKey, one: &FollowUp) -> Result<Self, Error> {
        let sealed = match &one.secret {
            None => None,
            Some(secret) => Some(key.seal_json(place(one.id), secret)?),
        };
        Ok(Self {
            id: one.id,
            case_id: one.case_id,
            kind: one.kind,
            number: one.number,
            status: one.status,
            planned_on: one.planned_on,
            due_on: one.due_on,
            done_on: one.done_on,
            sealed,
            version: one.version,
            created_at: one.created_at,
            updated_at: one.updated_at,
        })
    }

    fn open(self, key: &DataKey) -> Result<FollowUp, Error> {
        let secret: Option<FollowUpSecret> = match &self.sealed {
            None => None,
            Some(sealed) => Some(key.open_json(place(self.id), sealed)?),
        };
        Ok(FollowUp {
            id: self.id,
            case_id: self.case_id,
            kind: self.kind,
            number: self.number,
            status: self.status,
            planned_on: self.planned_on,
            due_on: self.due_on,
            done_on: self.done_on,
            version: self.version,
            created_at: self.created_at,
            updated_at: self.updated_at,
            secret,
        })
    }
}

/// The follow-ups of a case, the next due first.
pub(in crate::counselling) fn of_case(
    work: &mut Work<'_>,
    case: &Case,
) -> Result<Vec<FollowUp>, Error> {
    let rows: Vec<Row> = follow_ups::table
        .filter(follow_ups::case_id.eq(case.id))
        .order((follow_ups::due_on, follow_ups::id))
        .select(Row::as_select())
        .load(work.conn)?;
    let key = work.data_key(case.data_key_id)?;
    rows.into_iter().map(|row| row.open(&key)).collect()
}

/// One follow-up of a case.
pub(in crate::counselling) fn load(
    work: &mut Work<'_>,
    case: &Case,
    id: FollowUpId,
) -> Result<FollowUp, Error> {
    let row: Option<Row> = follow_ups::table
        .filter(follow_ups::case_id.eq(case.id))
        .filter(follow_ups::id.eq(id))
        .select(Row::as_select())
        .first(work.conn)
        .optional()?;
    let row = row.ok_or(Fault::NotFound)?;
    row.open(&work.data_key(case.data_key_id)?)
}

/// Writes a new follow-up.
pub(in crate::counselling) fn insert(
    work: &mut Work<'_>,
    case: &Case,
    one: &FollowUp,
) -> Result<(), Error> {
    let key = work.data_key(case.data_key_id)?;
    diesel::insert_into(follow_ups::table)
        .values(Row::of(&key, one)?)
        .execute(work.conn)?;
    Ok(())
}

/// Writes a change; the version guards it.
pub(in crate::counselling) fn update(
    work: &mut Work<'_>,
    case: &Case,
    one: &FollowUp,
    seen: i32,
) -> Result<(), Error> {
    let key = work.data_key(case.data_key_id)?;
    let mine = follow_ups::table
        .filter(follow_ups::id.eq(one.id))
        .filter(follow_ups::version.eq(seen));
    let changed = diesel::update(mine)
        .set(Row::of(&key, one)?)
        .execute(work.conn)?;
    if changed == 1 {
        Ok(())
    } else {
        Err(Fault::Stale.into())
    }
}

/// Takes a planned report out of which nothing is written yet.
pub(in crate::counselling) fn delete(conn: &mut Conn, id: FollowUpId) -> db::Result<()> {
    diesel::delete(follow_ups::table.find(id)).execute(conn)?;
    Ok(())
}
