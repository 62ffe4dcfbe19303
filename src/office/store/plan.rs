//! Rows of the plan's tasks: reference data nobody edits.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use crate::db::schema::plan_tasks as tasks;
use crate::db::{self, Conn};
use crate::kernel::OfficeId;

#[derive(Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = tasks, treat_none_as_null = true)]
pub(in crate::office) struct TaskRow {
    pub(in crate::office) code: String,
    pub(in crate::office) parent: Option<String>,
    pub(in crate::office) title_vi: String,
    pub(in crate::office) title_en: String,
    pub(in crate::office) lead: Option<String>,
    pub(in crate::office) coordinating: String,
    pub(in crate::office) start_year: i32,
    pub(in crate::office) end_year: Option<i32>,
    pub(in crate::office) cadence: Option<String>,
    pub(in crate::office) products: String,
    pub(in crate::office) position: i32,
}

pub(in crate::office) fn find(
    conn: &mut Conn,
    office: OfficeId,
    code: &str,
) -> db::Result<Option<TaskRow>> {
    Ok(tasks::table
        .filter(tasks::office_id.eq(office))
        .filter(tasks::code.eq(code))
        .select(TaskRow::as_select())
        .first(conn)
        .optional()?)
}

/// Every code.
pub(in crate::office) fn codes(conn: &mut Conn, office: OfficeId) -> db::Result<BTreeSet<String>> {
    let codes: Vec<String> = tasks::table
        .filter(tasks::office_id.eq(office))
        .select(tasks::code)
        .load(conn)?;
    Ok(codes.into_iter().collect())
}

/// What every task is called, by code.
pub(in crate::office) fn titles(
    conn: &mut Conn,
    office: OfficeId,
) -> db::Result<BTreeMap<String, (String, String)>> {
    let rows: Vec<(String, String, String)> = tasks::table
        .filter(tasks::office_id.eq(office))
        .select((tasks::code, tasks::title_vi, tasks::title_en))
        .load(conn)?;
    let rows = rows.into_iter();
    Ok(rows.map(|(code, vi, en)| (code, (vi, en))).collect())
}

pub(in crate::office) fn page(
    conn: &mut Conn,
    office: OfficeId,
    after: i32,
    limit: i64,
) -> db::Result<Vec<TaskRow>> {
    Ok(tasks::table
        .filter(tasks::office_id.eq(office))
        .filter(tasks::position.gt(after))
        .select(TaskRow::as_select())
        .order(tasks::position)
        .limit(limit)
        .load(conn)?)
}

pub(in crate::office) fn count(conn: &mut Conn, office: OfficeId) -> db::Result<i64> {
    Ok(tasks::table
        .filter(tasks::office_id.eq(office))
        .count()
        .get_result(conn)?)
}

/// Writes a task over the one of its code, or adds it.
pub(in crate::office) fn put(conn: &mut Conn, office: OfficeId, row: &TaskRow) -> db::Result<()> {
    let known = tasks::table
        .filter(tasks::office_id.eq(office))
        .filter(tasks::code.eq(&row.code));
    let changed = diesel::update(known).set(row).execute(conn)?;
    if changed == 0 {
        diesel::insert_into(tasks::table)
            .values((tasks::office_id.eq(office), row))
            .execute(conn)?;
    }
    Ok(())
}
