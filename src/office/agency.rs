//! Agencies that take part in the plan.

use diesel::prelude::*;

use crate::db::schema::agencies;
use crate::db::{Conn, Result};
use crate::kernel::{AgencyId, OfficeId, text};

/// Whether an agency is the office's.
///
/// # Errors
/// When storage fails.
pub fn exists(conn: &mut Conn, office: OfficeId, id: AgencyId) -> Result<bool> {
    let count: i64 = agencies::table
        .filter(agencies::office_id.eq(office))
        .filter(agencies::id.eq(id))
        .count()
        .get_result(conn)?;
    Ok(count > 0)
}

/// Every agency with its Vietnamese and English name.
///
/// # Errors
/// When storage fails.
pub fn names(conn: &mut Conn, office: OfficeId) -> Result<Vec<(AgencyId, (String, String))>> {
    Ok(agencies::table
        .filter(agencies::office_id.eq(office))
        .select((agencies::id, (agencies::name_vi, agencies::name_en)))
        .load(conn)?)
}

/// Finds agencies in the free text of a sheet.
#[derive(Debug, Clone)]
pub struct Matcher {
    keys: Vec<(String, AgencyId)>,
}

/// The matcher over an office's agencies.
///
/// # Errors
/// When storage fails.
pub fn matcher(conn: &mut Conn, office: OfficeId) -> Result<Matcher> {
    let rows: Vec<(AgencyId, String)> = agencies::table
        .filter(agencies::office_id.eq(office))
        .filter(agencies::active.eq(true))
        .filter(agencies::kind.eq("unit"))
        .select((agencies::id, agencies::name_vi))
        .load(conn)?;
    Ok(Matcher {
        keys: rows
            .into_iter()
            .map(|(id, name)| (key(&name), id))
            .collect(),
    })
}

/// What two spellings of one body share: no marks, no dashes, no "phường" at the end.
fn key(name: &str) -> String {
    let folded = text::fold(name).replace(['-', '–', ','], " ");
    let words: Vec<&str> = folded.split_whitespace().collect();
    let text = words.join(" ");
    text.strip_suffix(" phuong")
        .map_or(text.clone(), str::to_owned)
}

impl Matcher {
    /// The agency a text names.
    pub fn find(&self, text: &str) -> Option<AgencyId> {
        let sought = key(text);
        self.keys
            .iter()
            .find(|(key, _)| *key == sought)
            .map(|(_, id)| *id)
    }
}
