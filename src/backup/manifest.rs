//! What a backup says of itself; the first thing in it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Error, told};
use crate::audit::verify;
use crate::db::snapshot::{self, RowCounts};
use crate::db::{Conn, Engine};
use crate::kernel::Timestamp;
use crate::sealed::Keys;

/// The form backups have. One of the form before names no keys, one of the first has no stored
/// documents; a later one is refused.
const FORM: u32 = 3;
/// The first form.
const FIRST: u32 = 1;

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The form of the file.
    form: u32,
    /// `sqlite` or `postgres`: the engine it can be put back into.
    engine: String,
    /// The program that made it.
    program: String,
    /// When it was made, UTC.
    pub made_at: chrono::DateTime<chrono::Utc>,
    /// Rows by table.
    pub rows: RowCounts,
    /// The head of the log's chain: its number and its value.
    pub head: (i64, String),
    /// The ids of the keys the database needs, by purpose.
    #[serde(default)]
    pub(super) keys: BTreeMap<String, Vec<String>>,
}

impl Manifest {
    /// What a database says now, and the first fault of its log's chain, if it has one.
    pub(super) fn of(
        conn: &mut Conn,
        engine: Engine,
        now: Timestamp,
    ) -> Result<(Self, Option<String>), crate::db::Error> {
        let log = verify::verify(conn, now, None)?;
        let fault = log.bad.map(|(number, why)| format!("{number}: {why}"));
        let manifest = Self {
            form: FORM,
            engine: engine.as_str().to_owned(),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            made_at: now.utc(),
            rows: snapshot::row_counts(conn)?,
            head: log.head,
            keys: Keys::named_ids(conn)?,
        };
        Ok((manifest, fault))
    }

    /// Whether anything in it is sealed.
    pub fn has_data_keys(&self) -> bool {
        self.rows.get("data_keys").is_some_and(|rows| *rows > 0)
    }

    /// Refuses a backup this program cannot put back here.
    pub(super) fn require(&self, engine: Engine) -> Result<(), Error> {
        if !(FIRST..=FORM).contains(&self.form) {
            return Err(told(format!(
                "the backup has form {}, made by {}; this program knows up to form {FORM}",
                self.form, self.program
            )));
        }
        if self.engine != engine.as_str() {
            return Err(told(format!(
                "the backup is of {}, the database is {}: they are not exchanged",
                self.engine,
                engine.as_str()
            )));
        }
        Ok(())
    }

    /// Refuses a database that is not what was saved: every table's rows, and the log's chain up
    /// to the head.
    pub(super) fn compare(&self, conn: &mut Conn, now: Timestamp) -> Result<(), Error> {
        let rows = snapshot::row_counts(conn)?;
        if rows != self.rows {
            let table = self
                .rows
                .keys()
                .find(|table| rows.get(*table) != self.rows.get(*table));
            let table = table.map_or("tables", String::as_str);
            return Err(told(format!("the rows of {table} are not those saved")));
        }
        let log = verify::verify(conn, now, Some(&self.head))?;
        match log.bad {
            Some((number, why)) => Err(told(format!("the log: {number}: {why}"))),
            None => Ok(()),
        }
    }
}
