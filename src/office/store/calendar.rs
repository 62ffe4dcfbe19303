//! Rows of the calendar: days that are not what their weekday says.

use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;

use crate::db::schema::calendar_days as days;
use crate::db::{self, Conn};
use crate::kernel::{OfficeId, Timestamp};
use crate::office::calendar::{CalendarDay, DayFields};

type Columns = (
    days::day,
    days::name_vi,
    days::kind,
    days::confirmed,
    days::version,
    days::updated_at,
);
const COLUMNS: Columns = (
    days::day,
    days::name_vi,
    days::kind,
    days::confirmed,
    days::version,
    days::updated_at,
);

pub(in crate::office) fn find(
    conn: &mut Conn,
    office: OfficeId,
    day: NaiveDate,
) -> db::Result<Option<CalendarDay>> {
    Ok(days::table
        .filter(days::office_id.eq(office))
        .filter(days::day.eq(day))
        .filter(days::removed_at.is_null())
        .select(COLUMNS)
        .first(conn)
        .optional()?)
}

/// Whether a day was ever entered: one that was taken back stays so.
pub(in crate::office) fn was_entered(
    conn: &mut Conn,
    office: OfficeId,
    day: NaiveDate,
) -> db::Result<bool> {
    let entered = days::table.find((office, day));
    Ok(diesel::select(exists(entered)).get_result(conn)?)
}

/// The days from `from` to `to`, both included, in order.
pub(in crate::office) fn between(
    conn: &mut Conn,
    office: OfficeId,
    from: NaiveDate,
    to: NaiveDate,
) -> db::Result<Vec<CalendarDay>> {
    Ok(days::table
        .filter(days::office_id.eq(office))
        .filter(days::day.between(from, to))
        .filter(days::removed_at.is_null())
        .select(COLUMNS)
        .order(days::day)
        .load(conn)?)
}

pub(in crate::office) fn insert(
    conn: &mut Conn,
    now: Timestamp,
    office: OfficeId,
    day: NaiveDate,
    fields: &DayFields,
) -> db::Result<()> {
    if enter_again(conn, now, office, (day, fields))? {
        return Ok(());
    }
    diesel::insert_into(days::table)
        .values((
            days::office_id.eq(office),
            days::day.eq(day),
            days::name_vi.eq(&fields.name),
            days::kind.eq(fields.kind),
            days::confirmed.eq(fields.confirmed),
            days::version.eq(1),
            days::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// Enters a day anew that was taken back; whether one was.
fn enter_again(
    conn: &mut Conn,
    now: Timestamp,
    office: OfficeId,
    (day, fields): (NaiveDate, &DayFields),
) -> db::Result<bool> {
    let removed = days::table
        .find((office, day))
        .filter(days::removed_at.is_not_null());
    let changed = diesel::update(removed)
        .set((
            days::name_vi.eq(&fields.name),
            days::kind.eq(fields.kind),
            days::confirmed.eq(fields.confirmed),
            days::removed_at.eq(None::<Timestamp>),
            days::version.eq(days::version + 1),
            days::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Takes a day back; `false` when another version is current by now. The row stays: what was counted
/// before it went is counted anew, and no import brings it again.
pub(in crate::office) fn remove(
    conn: &mut Conn,
    now: Timestamp,
    office: OfficeId,
    (day, version): (NaiveDate, i32),
) -> db::Result<bool> {
    let same = days::table
        .find((office, day))
        .filter(days::version.eq(version))
        .filter(days::removed_at.is_null());
    let changed = diesel::update(same)
        .set((
            days::removed_at.eq(now),
            days::version.eq(version + 1),
            days::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Writes the next version; `false` when another is current by now.
pub(in crate::office) fn update(
    conn: &mut Conn,
    now: Timestamp,
    office: OfficeId,
    (day, version): (NaiveDate, i32),
    fields: &DayFields,
) -> db::Result<bool> {
    let same = days::table
        .filter(days::office_id.eq(office))
        .filter(days::day.eq(day))
        .filter(days::version.eq(version))
        .filter(days::removed_at.is_null());
    let changed = diesel::update(same)
        .set((
            days::name_vi.eq(&fields.name),
            days::kind.eq(fields.kind),
            days::confirmed.eq(fields.confirmed),
            days::version.eq(version + 1),
            days::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}
