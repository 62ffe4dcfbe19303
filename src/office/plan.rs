//! Tasks of the plan, as reference data.

use std::collections::BTreeSet;

use diesel::prelude::*;

use crate::db::schema::plan_tasks as tasks;
use crate::db::{Conn, Result};
use crate::kernel::OfficeId;

/// The codes of the office's tasks.
///
/// # Errors
/// When storage fails.
pub fn codes(conn: &mut Conn, office: OfficeId) -> Result<BTreeSet<String>> {
    let codes: Vec<String> = tasks::table
        .filter(tasks::office_id.eq(office))
        .select(tasks::code)
        .load(conn)?;
    Ok(codes.into_iter().collect())
}
