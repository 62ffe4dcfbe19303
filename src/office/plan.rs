//! The tasks of the ward's plan: reference rows that sessions and reports name by code.

use std::collections::{BTreeMap, BTreeSet};

use super::store::{self, plan::TaskRow};
use crate::db::{self, Conn};
use crate::kernel::OfficeId;

/// A task of the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// `2a`.
    pub code: String,
    /// The task it is a part of.
    pub parent: Option<String>,
    /// What it is, in Vietnamese.
    pub title_vi: String,
    /// What it is, in English.
    pub title_en: String,
    /// The code of the agency that leads it.
    pub lead: Option<String>,
    /// The codes of those that take part.
    pub coordinating: Vec<String>,
    /// The first year.
    pub start_year: i32,
    /// The last year; without one it goes on.
    pub end_year: Option<i32>,
    /// How often.
    pub cadence: Option<String>,
    /// The products it owes.
    pub products: Vec<String>,
    /// Its place in the plan.
    pub position: i32,
}

fn list(column: &str) -> db::Result<Vec<String>> {
    serde_json::from_str(column).map_err(|e| db::Error::Corrupt(format!("a plan task: {e}")))
}

impl Task {
    fn of(row: TaskRow) -> db::Result<Self> {
        Ok(Self {
            coordinating: list(&row.coordinating)?,
            products: list(&row.products)?,
            code: row.code,
            parent: row.parent,
            title_vi: row.title_vi,
            title_en: row.title_en,
            lead: row.lead,
            start_year: row.start_year,
            end_year: row.end_year,
            cadence: row.cadence,
            position: row.position,
        })
    }
}

/// Whether the plan has a task of this code.
///
/// # Errors
/// When storage fails.
pub fn task_exists(conn: &mut Conn, office: OfficeId, code: &str) -> db::Result<bool> {
    Ok(store::plan::find(conn, office, code)?.is_some())
}

/// The codes of the office's tasks.
///
/// # Errors
/// When storage fails.
pub fn codes(conn: &mut Conn, office: OfficeId) -> db::Result<BTreeSet<String>> {
    store::plan::codes(conn, office)
}

/// What the office's tasks are called, in Vietnamese and English, by code.
///
/// # Errors
/// When storage fails.
pub fn titles(conn: &mut Conn, office: OfficeId) -> db::Result<BTreeMap<String, (String, String)>> {
    store::plan::titles(conn, office)
}

/// The task of a code.
///
/// # Errors
/// When storage fails.
pub fn find(conn: &mut Conn, office: OfficeId, code: &str) -> db::Result<Option<Task>> {
    store::plan::find(conn, office, code)?
        .map(Task::of)
        .transpose()
}

/// The tasks behind a place, in the plan's order.
///
/// # Errors
/// When storage fails.
pub fn page(conn: &mut Conn, office: OfficeId, after: i32, limit: i64) -> db::Result<Vec<Task>> {
    let rows = store::plan::page(conn, office, after, limit)?;
    rows.into_iter().map(Task::of).collect()
}

/// How many tasks the plan has.
///
/// # Errors
/// When storage fails.
pub fn count(conn: &mut Conn, office: OfficeId) -> db::Result<i64> {
    store::plan::count(conn, office)
}
