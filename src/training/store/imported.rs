//! What became of the rows of imported files.

use std::collections::BTreeSet;

use diesel::prelude::*;

use crate::db::schema::import_rows;
use crate::db::{Conn, Result};
use crate::training::model::{RegistrationId, SessionId};

/// What was recorded for a row of an imported file.
#[derive(Debug, Clone, Queryable)]
pub(in crate::training) struct ImportedRow {
    pub(in crate::training) number: i32,
    pub(in crate::training) result: String,
    pub(in crate::training) registration: Option<RegistrationId>,
    pub(in crate::training) warnings: String,
}

/// The recorded rows of a file within a range of row numbers.
pub(in crate::training) fn of(
    conn: &mut Conn,
    (session, file): (SessionId, &[u8]),
    (first, last): (i32, i32),
) -> Result<Vec<ImportedRow>> {
    Ok(import_rows::table
        .filter(import_rows::session_id.eq(session))
        .filter(import_rows::file_digest.eq(file))
        .filter(import_rows::row_number.between(first, last))
        .order(import_rows::row_number)
        .select((
            import_rows::row_number,
            import_rows::result,
            import_rows::registration_id,
            import_rows::warnings,
        ))
        .load(conn)?)
}

/// Records a row of an imported file.
pub(in crate::training) fn keep(
    conn: &mut Conn,
    (session, file): (SessionId, &[u8]),
    row: &ImportedRow,
) -> Result<()> {
    diesel::insert_into(import_rows::table)
        .values((
            import_rows::session_id.eq(session),
            import_rows::file_digest.eq(file),
            import_rows::row_number.eq(row.number),
            import_rows::result.eq(&row.result),
            import_rows::registration_id.eq(row.registration),
            import_rows::warnings.eq(&row.warnings),
        ))
        .execute(conn)?;
    Ok(())
}

/// The registrations that rows of a file were about.
pub(in crate::training) fn registrations(
    conn: &mut Conn,
    (session, file): (SessionId, &[u8]),
) -> Result<BTreeSet<RegistrationId>> {
    let found: Vec<Option<RegistrationId>> = import_rows::table
        .filter(import_rows::session_id.eq(session))
        .filter(import_rows::file_digest.eq(file))
        .select(import_rows::registration_id)
        .load(conn)?;
    Ok(found.into_iter().flatten().collect())
}
