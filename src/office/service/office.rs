//! The office itself.

use serde_json::json;

use super::is_taken;
use crate::audit;
use crate::db::Conn;
use crate::identity::Cx;
use crate::kernel::{Fault, OfficeId, Timestamp};
use crate::office::error::Error;
use crate::office::settings::{self, OfficeSettings, Stored};
use crate::office::store::office::{self, NewOffice};

fn column(stored: &Stored) -> Result<String, Fault> {
    serde_json::to_string(stored).map_err(|e| Fault::Internal(e.to_string()))
}

/// Writes what has changed of the office.
///
/// # Errors
/// `if-match-required`, `stale-version`, storage failures.
pub(in crate::office) fn update(
    cx: &mut Cx<'_>,
    new: &OfficeSettings,
    fields: &[&'static str],
) -> Result<OfficeSettings, Error> {
    let id = cx.office();
    let settings = column(&new.stored())?;
    let old = settings::load(cx.conn, id)?;
    let named = |one: &OfficeSettings| (one.code.clone(), one.name.clone(), one.prefix.clone());
    let is_same = named(&old) == named(new) && old.zone.name() == new.zone.name();
    if is_same && old.version == new.version && column(&old.stored())? == settings {
        return Ok(old);
    }
    let row = NewOffice {
        code: &new.code,
        name: &new.name,
        zone: new.zone.name(),
        prefix: &new.prefix,
        settings: &settings,
    };
    if !office::update(cx.conn, cx.now, (id, new.version), &row)? {
        return Err(Fault::Stale.into());
    }
    cx.audit(
        "office.update",
        "office",
        id.uuid(),
        json!({"fields": fields}),
    )?;
    Ok(settings::load(cx.conn, id)?)
}

/// What names a new office.
#[derive(Debug, Clone, Copy)]
pub struct OfficeNames<'a> {
    /// The word public routes name it by.
    pub code: &'a str,
    /// Its name, as people read it.
    pub name: &'a str,
    /// The IANA name of its zone.
    pub zone: &'a str,
    /// The prefix of its references.
    pub prefix: &'a str,
}

/// Makes an office, from the command line.
///
/// # Errors
/// `office-code-taken`, storage failures.
pub fn create(conn: &mut Conn, now: Timestamp, names: OfficeNames<'_>) -> Result<OfficeId, Error> {
    let settings = column(&Stored::default())?;
    let new = NewOffice {
        code: names.code,
        name: names.name,
        zone: names.zone,
        prefix: names.prefix,
        settings: &settings,
    };
    let id = office::insert(conn, now, &new).map_err(|error| {
        if is_taken(&error) {
            Error::OfficeCodeTaken
        } else {
            error.into()
        }
    })?;
    let event = audit::Event {
        office: Some(id),
        actor: None,
        action: "office.create",
        object_kind: "office",
        object: Some(id.uuid()),
        request_id: None,
        client: None,
        facts: json!({"by": "command-line"}),
    };
    audit::record(conn, now, &event)?;
    Ok(id)
}
