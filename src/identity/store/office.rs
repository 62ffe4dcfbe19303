//! What accounts need of offices and agencies, whose rows are another slice's.

use diesel::prelude::*;

use crate::db::schema::{agencies, offices};
use crate::db::{self, Conn};
use crate::kernel::{AgencyId, OfficeId, Zone};

/// Takes the row lock of an office, so that its administrators are counted one at a time.
pub(crate) fn touch(conn: &mut Conn, office: OfficeId) -> db::Result<()> {
    diesel::update(offices::table.filter(offices::id.eq(office)))
        .set(offices::version.eq(offices::version))
        .execute(conn)?;
    Ok(())
}

/// The zone of an office.
pub(crate) fn zone(conn: &mut Conn, office: OfficeId) -> db::Result<Zone> {
    let name: Option<String> = offices::table
        .filter(offices::id.eq(office))
        .select(offices::zone)
        .first(conn)
        .optional()?;
    Ok(name.and_then(|name| Zone::parse(&name)).unwrap_or_default())
}

/// The offices of a code, or the first two of all, to tell whether there is one.
pub(crate) fn named(conn: &mut Conn, code: Option<&str>) -> db::Result<Vec<OfficeId>> {
    let mut query = offices::table
        .select(offices::id)
        .order(offices::id)
        .limit(2)
        .into_boxed::<db::Backend>();
    if let Some(code) = code {
        query = query.filter(offices::code.eq(code.to_owned()));
    }
    Ok(query.load(conn)?)
}

/// Whether an agency is of an office.
pub(crate) fn has_agency(conn: &mut Conn, office: OfficeId, id: AgencyId) -> db::Result<bool> {
    let mine = agencies::table
        .filter(agencies::id.eq(id))
        .filter(agencies::office_id.eq(office));
    Ok(diesel::select(diesel::dsl::exists(mine)).get_result(conn)?)
}
