//! The office's own row.

use diesel::prelude::*;

use crate::db::schema::offices;
use crate::db::{self, Conn};
use crate::kernel::{OfficeId, Timestamp};

#[derive(Debug, PartialEq, Queryable, Selectable)]
#[diesel(table_name = offices)]
pub(in crate::office) struct OfficeRow {
    pub(in crate::office) id: OfficeId,
    pub(in crate::office) code: String,
    pub(in crate::office) name: String,
    pub(in crate::office) zone: String,
    pub(in crate::office) prefix: String,
    pub(in crate::office) settings: String,
    pub(in crate::office) version: i32,
    pub(in crate::office) updated_at: Timestamp,
}

#[derive(Debug)]
pub(in crate::office) struct NewOffice<'a> {
    pub(in crate::office) code: &'a str,
    pub(in crate::office) name: &'a str,
    pub(in crate::office) zone: &'a str,
    pub(in crate::office) prefix: &'a str,
    pub(in crate::office) settings: &'a str,
}

pub(in crate::office) fn find(conn: &mut Conn, id: OfficeId) -> db::Result<Option<OfficeRow>> {
    Ok(offices::table
        .filter(offices::id.eq(id))
        .select(OfficeRow::as_select())
        .first(conn)
        .optional()?)
}

/// The ids of all of them.
pub(in crate::office) fn ids(conn: &mut Conn) -> db::Result<Vec<OfficeId>> {
    Ok(offices::table
        .select(offices::id)
        .order(offices::id)
        .load(conn)?)
}

/// The offices of a code, or the first two of all.
pub(in crate::office) fn named(conn: &mut Conn, code: Option<&str>) -> db::Result<Vec<OfficeRow>> {
    let mut query = offices::table
        .select(OfficeRow::as_select())
        .order(offices::id)
        .limit(2)
        .into_boxed();
    if let Some(code) = code {
        query = query.filter(offices::code.eq(code.to_owned()));
    }
    Ok(query.load(conn)?)
}

pub(in crate::office) fn insert(
    conn: &mut Conn,
    now: Timestamp,
    new: &NewOffice<'_>,
) -> db::Result<OfficeId> {
    let id = OfficeId::new(now);
    diesel::insert_into(offices::table)
        .values((
            offices::id.eq(id),
            offices::code.eq(new.code),
            offices::name.eq(new.name),
            offices::zone.eq(new.zone),
            offices::prefix.eq(new.prefix),
            offices::settings.eq(new.settings),
            offices::version.eq(1),
            offices::created_at.eq(now),
            offices::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(id)
}

/// Takes the row lock of an office.
pub(in crate::office) fn touch(conn: &mut Conn, id: OfficeId) -> db::Result<()> {
    diesel::update(offices::table.filter(offices::id.eq(id)))
        .set(offices::version.eq(offices::version))
        .execute(conn)?;
    Ok(())
}

/// Writes the next version; `false` when another is current by now.
pub(in crate::office) fn update(
    conn: &mut Conn,
    now: Timestamp,
    (id, version): (OfficeId, i32),
    new: &NewOffice<'_>,
) -> db::Result<bool> {
    let same = offices::table
        .filter(offices::id.eq(id))
        .filter(offices::version.eq(version));
    let changed = diesel::update(same)
        .set((
            offices::name.eq(new.name),
            offices::zone.eq(new.zone),
            offices::prefix.eq(new.prefix),
            offices::settings.eq(new.settings),
            offices::version.eq(version + 1),
            offices::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}
