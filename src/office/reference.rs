//! References staff read: `LC-TH-2026-0007`, drawn without gaps or repeats.

use diesel::prelude::*;

use crate::db::schema::{offices, reference_counters as counters};
use crate::db::{Conn, Result};
use crate::kernel::OfficeId;

/// The next reference of a series in a year. The counter's row is locked by its update; before
/// there is one, the office's row is.
///
/// # Errors
/// When storage fails.
pub fn next(
    conn: &mut Conn,
    office: OfficeId,
    prefix: &str,
    series: &str,
    year: i32,
) -> Result<String> {
    let row = counters::table
        .filter(counters::office_id.eq(office))
        .filter(counters::series.eq(series))
        .filter(counters::year.eq(year));
    let mut moved = diesel::update(row)
        .set(counters::last.eq(counters::last + 1))
        .execute(conn)?;
    if moved == 0 {
        diesel::update(offices::table.find(office))
            .set(offices::version.eq(offices::version))
            .execute(conn)?;
        moved = diesel::update(row)
            .set(counters::last.eq(counters::last + 1))
            .execute(conn)?;
    }
    if moved == 0 {
        diesel::insert_into(counters::table)
            .values((
                counters::office_id.eq(office),
                counters::series.eq(series),
                counters::year.eq(year),
                counters::last.eq(1),
            ))
            .execute(conn)?;
    }
    let number: i32 = row.select(counters::last).first(conn)?;
    Ok(format!("{prefix}-{series}-{year}-{number:04}"))
}
