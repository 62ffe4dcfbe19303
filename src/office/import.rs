//! The ward's plan and the announced holidays, as they come with the program.

use chrono::NaiveDate;
use serde::Deserialize;

use super::agency::{AgencyFields, AgencyKind};
use super::calendar::DayFields;
use super::store::{self, plan::TaskRow};
use crate::db::{self, Conn};
use crate::kernel::{OfficeId, Timestamp};

const PLAN: &str = include_str!("data/plan.json");
const HOLIDAYS: &str = include_str!("data/holidays.csv");

#[derive(Deserialize)]
struct Plan {
    year: i32,
    agencies: Vec<PlanAgency>,
    tasks: Vec<PlanTask>,
    obligations: Vec<PlanObligation>,
}

#[derive(Deserialize)]
struct PlanAgency {
    code: String,
    name_vi: String,
    name_en: String,
    kind: AgencyKind,
}

#[derive(Deserialize)]
struct PlanTask {
    code: String,
    parent: Option<String>,
    title_vi: String,
    title_en: String,
    lead: Option<String>,
    coordinating: Vec<String>,
    start_year: i32,
    end_year: Option<i32>,
    cadence: Option<String>,
    products: Vec<String>,
}

/// Something the plan says is owed, with the codes of the agencies that owe it and that get it.
#[derive(Debug, Clone, Deserialize)]
pub struct PlanObligation {
    /// `annual_report`.
    pub code: String,
    /// What it is, in Vietnamese.
    pub title_vi: String,
    /// What it is, in English.
    pub title_en: String,
    /// Who owes it.
    pub owners: Vec<String>,
    /// Who gets it.
    pub recipients: Vec<String>,
    /// The years it is owed for; none named, every year from the plan's first.
    pub years: Option<Vec<i32>>,
    /// What says so.
    pub source: String,
}

/// The plan's first year, and what it says is owed.
///
/// # Errors
/// When what comes with the program cannot be read.
pub fn obligations() -> db::Result<(i32, Vec<PlanObligation>)> {
    let plan: Plan = serde_json::from_str(PLAN).map_err(|e| bundled(&e))?;
    Ok((plan.year, plan.obligations))
}

/// What an import added; tasks are written over those of their code.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    /// Agencies that were not there.
    pub agencies: usize,
    /// Tasks of the plan.
    pub tasks: usize,
    /// Days that were not there.
    pub days: usize,
}

/// Brings the plan's agencies and tasks and the holidays into an office. Run again, it changes
/// nothing: agencies and days that are there may have been edited, and stay.
///
/// # Errors
/// When storage fails.
pub fn import_plan(conn: &mut Conn, office: OfficeId, now: Timestamp) -> db::Result<Imported> {
    let plan: Plan = serde_json::from_str(PLAN).map_err(|e| bundled(&e))?;
    let known = store::agency::all(conn, office)?;
    let mut imported = Imported::default();
    for agency in plan.agencies {
        if known.iter().any(|known| known.code == agency.code) {
            continue;
        }
        let fields = AgencyFields {
            code: agency.code,
            name_vi: agency.name_vi,
            name_en: agency.name_en,
            kind: agency.kind,
            active: true,
        };
        store::agency::insert(conn, now, office, &fields)?;
        imported.agencies += 1;
    }
    for (task, position) in plan.tasks.into_iter().zip(1..) {
        store::plan::put(conn, office, &row(task, position))?;
        imported.tasks += 1;
    }
    for (day, fields) in holidays()? {
        if !store::calendar::was_entered(conn, office, day)? {
            store::calendar::insert(conn, now, office, day, &fields)?;
            imported.days += 1;
        }
    }
    Ok(imported)
}

fn row(task: PlanTask, position: i32) -> TaskRow {
    TaskRow {
        coordinating: serde_json::Value::from(task.coordinating).to_string(),
        products: serde_json::Value::from(task.products).to_string(),
        code: task.code,
        parent: task.parent,
        title_vi: task.title_vi,
        title_en: task.title_en,
        lead: task.lead,
        start_year: task.start_year,
        end_year: task.end_year,
        cadence: task.cadence,
        position,
    }
}

#[derive(Deserialize)]
struct HolidayRow {
    date: NaiveDate,
    name_vi: String,
    kind: super::calendar::DayKind,
    confirmed: bool,
}

/// The days that come with the program.
pub(crate) fn holidays() -> db::Result<Vec<(NaiveDate, DayFields)>> {
    csv::Reader::from_reader(HOLIDAYS.as_bytes())
        .deserialize()
        .map(|row: Result<HolidayRow, csv::Error>| {
            let row = row.map_err(|e| bundled(&e))?;
            let fields = DayFields {
                name: row.name_vi,
                kind: row.kind,
                confirmed: row.confirmed,
            };
            Ok((row.date, fields))
        })
        .collect()
}

fn bundled(error: &dyn std::fmt::Display) -> db::Error {
    db::Error::Corrupt(format!("the bundled plan: {error}"))
}
