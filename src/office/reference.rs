//! References staff reads: `LC-TH-2026-0007`, numbered by office, series and year.

use diesel::prelude::*;

use super::store;
use crate::db::schema::reference_counters as counters;
use crate::db::{self, Conn};
use crate::kernel::OfficeId;

/// The next reference of a series; the counter's row stays locked to the end of the transaction,
/// so no two things ever get one number.
///
/// # Errors
/// When storage fails.
pub fn next(
    conn: &mut Conn,
    office: OfficeId,
    prefix: &str,
    series: &str,
    year: i32,
) -> db::Result<String> {
    if !advance(conn, office, series, year)? {
        // The first of a year: whoever holds the office's row makes the counter, the others
        // then find it.
        store::office::touch(conn, office)?;
        if !advance(conn, office, series, year)? {
            diesel::insert_into(counters::table)
                .values((
                    counters::office_id.eq(office),
                    counters::series.eq(series),
                    counters::year.eq(year),
                    counters::last.eq(1),
                ))
                .execute(conn)?;
        }
    }
    let number: i32 = counters::table
        .filter(counters::office_id.eq(office))
        .filter(counters::series.eq(series))
        .filter(counters::year.eq(year))
        .select(counters::last)
        .first(conn)?;
    Ok(format!("{prefix}-{series}-{year}-{number:04}"))
}

fn advance(conn: &mut Conn, office: OfficeId, series: &str, year: i32) -> db::Result<bool> {
    let mine = counters::table
        .filter(counters::office_id.eq(office))
        .filter(counters::series.eq(series))
        .filter(counters::year.eq(year));
    let changed = diesel::update(mine)
        .set(counters::last.eq(counters::last + 1))
        .execute(conn)?;
    Ok(changed == 1)
}
