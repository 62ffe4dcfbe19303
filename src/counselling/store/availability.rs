//! Counsellors' calendars: their hours, and the rows that whoever books locks.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::counselling::slot::{Availability, Exception, ExceptionKind, Hours, Minutes, Span};
use crate::db::schema::{
    counselled_people as people, counsellor_calendars as calendars,
    counsellor_exceptions as exceptions, counsellor_hours as hours,
    counsellor_time_off as time_off,
};
use crate::db::{self, Conn, dialect};
use crate::identity::UserId;
use crate::kernel::{Id, OfficeId, Timestamp};

/// Marks ids of rows of a calendar.
#[derive(Debug)]
enum CalendarRow {}
type RowId = Id<CalendarRow>;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = hours, treat_none_as_default_value = false)]
struct HoursRow {
    id: RowId,
    counsellor_id: UserId,
    weekday: i32,
    starts_minute: i32,
    ends_minute: i32,
    valid_from_on: NaiveDate,
    valid_to_on: Option<NaiveDate>,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = exceptions)]
struct ExceptionRow {
    id: RowId,
    counsellor_id: UserId,
    day_on: NaiveDate,
    kind: ExceptionKind,
    starts_minute: i32,
    ends_minute: i32,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = time_off)]
struct TimeOffRow {
    id: RowId,
    counsellor_id: UserId,
    starts_at: Timestamp,
    ends_at: Timestamp,
}

/// Makes a row unless another transaction just made it; a savepoint lets this one live on.
fn make(conn: &mut Conn, insert: impl FnOnce(&mut Conn) -> QueryResult<usize>) -> db::Result<()> {
    let made: db::Result<usize> = conn.transaction(|conn| Ok(insert(conn)?));
    match made {
        Ok(_) => Ok(()),
        Err(db::Error::Statement(error)) if dialect::violated_unique(&error).is_some() => Ok(()),
        Err(error) => Err(error),
    }
}

/// Locks a counsellor's calendar to the end of the transaction: whatever takes time in it does so
/// one after another.
pub(in crate::counselling) fn lock(
    conn: &mut Conn,
    office: OfficeId,
    counsellor: UserId,
    now: Timestamp,
) -> db::Result<()> {
    let step = |conn: &mut Conn| {
        diesel::update(calendars::table.find(counsellor))
            .set(calendars::lock_seq.eq(calendars::lock_seq + 1))
            .execute(conn)
    };
    if step(conn)? == 1 {
        return Ok(());
    }
    make(conn, |conn| {
        diesel::insert_into(calendars::table)
            .values((
                calendars::counsellor_id.eq(counsellor),
                calendars::office_id.eq(office),
                calendars::lock_seq.eq(0),
                calendars::version.eq(0),
                calendars::updated_at.eq(now),
            ))
            .execute(conn)
    })?;
    step(conn)?;
    Ok(())
}

/// Locks people to the end of the transaction, in the order of their keys, so that two
/// transactions never wait for one another.
pub(in crate::counselling) fn lock_people(
    conn: &mut Conn,
    office: OfficeId,
    keys: &[Vec<u8>],
) -> db::Result<()> {
    let ordered: std::collections::BTreeSet<&Vec<u8>> = keys.iter().collect();
    for key in ordered {
        let step = |conn: &mut Conn| {
            diesel::update(people::table.find((office, key)))
                .set(people::lock_seq.eq(people::lock_seq + 1))
                .execute(conn)
        };
        if step(conn)? == 1 {
            continue;
        }
        make(conn, |conn| {
            diesel::insert_into(people::table)
                .values((
                    people::office_id.eq(office),
                    people::person_key.eq(key),
                    people::lock_seq.eq(0),
                ))
                .execute(conn)
        })?;
        step(conn)?;
    }
    Ok(())
}

/// The version of a counsellor's hours and when they were set; 0 before they ever were.
pub(in crate::counselling) fn version(
    conn: &mut Conn,
    counsellor: UserId,
) -> db::Result<(i32, Option<Timestamp>)> {
    let found: Option<(i32, Timestamp)> = calendars::table
        .find(counsellor)
        .select((calendars::version, calendars::updated_at))
        .first(conn)
        .optional()?;
    Ok(found.map_or((0, None), |(version, at)| {
        (version, Some(at).filter(|_| version > 0))
    }))
}

/// A counsellor's hours, exceptions and time off.
pub(in crate::counselling) fn load(
    conn: &mut Conn,
    counsellor: UserId,
) -> db::Result<Availability> {
    let weekly: Vec<HoursRow> = hours::table
        .filter(hours::counsellor_id.eq(counsellor))
        .order((hours::weekday, hours::starts_minute, hours::id))
        .select(HoursRow::as_select())
        .load(conn)?;
    let single: Vec<ExceptionRow> = exceptions::table
        .filter(exceptions::counsellor_id.eq(counsellor))
        .order((
            exceptions::day_on,
            exceptions::starts_minute,
            exceptions::id,
        ))
        .select(ExceptionRow::as_select())
        .load(conn)?;
    let away: Vec<TimeOffRow> = time_off::table
        .filter(time_off::counsellor_id.eq(counsellor))
        .order((time_off::starts_at, time_off::id))
        .select(TimeOffRow::as_select())
        .load(conn)?;
    let minutes = |from, to| Minutes { from, to };
    let weekly = weekly.into_iter().map(|row| Hours {
        weekday: row.weekday,
        minutes: minutes(row.starts_minute, row.ends_minute),
        valid_from: row.valid_from_on,
        valid_to: row.valid_to_on,
    });
    let single = single.into_iter().map(|row| Exception {
        day: row.day_on,
        kind: row.kind,
        minutes: minutes(row.starts_minute, row.ends_minute),
    });
    let away = away.into_iter().map(|row| Span {
        starts_at: row.starts_at,
        ends_at: row.ends_at,
    });
    Ok(Availability {
        hours: weekly.collect(),
        exceptions: single.collect(),
        time_off: away.collect(),
    })
}

/// Sets all of a counsellor's hours anew; the calendar is locked.
pub(in crate::counselling) fn replace(
    conn: &mut Conn,
    counsellor: UserId,
    new: &Availability,
    now: Timestamp,
) -> db::Result<()> {
    diesel::delete(hours::table.filter(hours::counsellor_id.eq(counsellor))).execute(conn)?;
    diesel::delete(exceptions::table.filter(exceptions::counsellor_id.eq(counsellor)))
        .execute(conn)?;
    diesel::delete(time_off::table.filter(time_off::counsellor_id.eq(counsellor))).execute(conn)?;
    for one in &new.hours {
        let row = HoursRow {
            id: Id::new(now),
            counsellor_id: counsellor,
            weekday: one.weekday,
            starts_minute: one.minutes.from,
            ends_minute: one.minutes.to,
            valid_from_on: one.valid_from,
            valid_to_on: one.valid_to,
        };
        diesel::insert_into(hours::table)
            .values(row)
            .execute(conn)?;
    }
    for one in &new.exceptions {
        let row = ExceptionRow {
            id: Id::new(now),
            counsellor_id: counsellor,
            day_on: one.day,
            kind: one.kind,
            starts_minute: one.minutes.from,
            ends_minute: one.minutes.to,
        };
        diesel::insert_into(exceptions::table)
            .values(row)
            .execute(conn)?;
    }
    for one in &new.time_off {
        let row = TimeOffRow {
            id: Id::new(now),
            counsellor_id: counsellor,
            starts_at: one.starts_at,
            ends_at: one.ends_at,
        };
        diesel::insert_into(time_off::table)
            .values(row)
            .execute(conn)?;
    }
    diesel::update(calendars::table.find(counsellor))
        .set((
            calendars::version.eq(calendars::version + 1),
            calendars::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}
