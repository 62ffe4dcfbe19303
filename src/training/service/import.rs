//! Imports: a sheet as the office saved it becomes attendees and registrations, row by row, each
//! row once however often the file is sent.

use std::collections::BTreeMap;

use super::import_row::{Prepared, is_same, is_twin, prepare};
use super::{people, registration as registrations, seat};
use crate::kernel::text;
use crate::kernel::text_enum::text_enum;
use crate::office::agency::Matcher;
use crate::office::work::Work;
use crate::training::command::{AttendeeDraft, Register, Who};
use crate::training::error::Error;
use crate::training::messages;
use crate::training::model::{RegistrationId, Session, SessionId, Source};
use crate::training::sheet::SheetRow;
use crate::training::status::SessionAction;
use crate::training::store::attendance::{self as store, ImportedRow};
use crate::training::store::ledger::Locked;
use crate::training::store::session::Eyes;
use crate::training::store::{attendee, session as sessions};

/// Rows that share a transaction: few enough that nobody waits long behind them.
pub(in crate::training) const PART: usize = 100;

text_enum! {
    /// How a row ended.
    pub(in crate::training) enum RowOutcome {
        /// A new attendee, registered.
        Created = "created",
        /// Someone known, registered.
        Matched = "matched",
        /// On the list already, or the second time in this file.
        Duplicate = "duplicate",
        /// A new attendee, registered without what could not be read.
        CreatedWithWarning = "created-with-warning",
        /// Not taken.
        Refused = "refused",
    }
}

/// What a row came to, and why.
#[derive(Debug, Clone)]
pub(in crate::training) struct Imported {
    pub(in crate::training) number: u32,
    pub(in crate::training) outcome: RowOutcome,
    pub(in crate::training) registration: Option<RegistrationId>,
    /// Codes, each after the column it is about: `birth_year:date-invalid`.
    pub(in crate::training) notes: Vec<String>,
    /// Whether an earlier call with the same file did it.
    pub(in crate::training) is_repeat: bool,
}

/// Imports some rows in one transaction; rows recorded before are only told again.
pub(in crate::training) fn part(
    work: &mut Work<'_>,
    id: SessionId,
    file: &[u8],
    rows: &[SheetRow],
) -> Result<Vec<Imported>, Error> {
    let mut locked = seat::lock_for(work, Eyes::Staff, id, SessionAction::Register)?;
    let office = work.office_id();
    let agencies = crate::office::agency::matcher(work.conn, office)?;
    let known = recorded(work, id, file, rows)?;
    let mut done = Vec::with_capacity(rows.len());
    for row in rows {
        if let Some(imported) = known.get(&row.number) {
            done.push(imported.clone());
            continue;
        }
        let ledger = locked.ledger.clone();
        let taken = registrations::alone(work, |work| take(work, &mut locked, &agencies, row));
        let imported = match taken {
            Ok(imported) => imported,
            Err(Error::Db(error)) => return Err(error.into()),
            Err(error) => {
                locked.ledger = ledger;
                refused(row, error.reason())
            }
        };
        keep(work, id, file, &imported)?;
        done.push(imported);
    }
    seat::close(work, &locked)?;
    Ok(done)
}

fn refused(row: &SheetRow, code: &str) -> Imported {
    Imported {
        number: row.number,
        outcome: RowOutcome::Refused,
        registration: None,
        notes: vec![code.to_owned()],
        is_repeat: false,
    }
}

/// What was recorded for these rows, which stand in the file's order.
fn recorded(
    work: &mut Work<'_>,
    id: SessionId,
    file: &[u8],
    rows: &[SheetRow],
) -> Result<BTreeMap<u32, Imported>, Error> {
    let number =
        |row: Option<&SheetRow>| row.map_or(0, |row| i32::try_from(row.number).unwrap_or(i32::MAX));
    let range = (number(rows.first()), number(rows.last()));
    let rows = store::imported(work.conn, (id, file), range)?;
    let read = |row: ImportedRow| {
        let number = u32::try_from(row.number).unwrap_or_default();
        let outcome = RowOutcome::parse(&row.result).unwrap_or(RowOutcome::Refused);
        let notes = serde_json::from_str(&row.warnings).unwrap_or_default();
        (
            number,
            Imported {
                number,
                outcome,
                registration: row.registration,
                notes,
                is_repeat: true,
            },
        )
    };
    Ok(rows.into_iter().map(read).collect())
}

fn keep(work: &mut Work<'_>, id: SessionId, file: &[u8], imported: &Imported) -> Result<(), Error> {
    let row = ImportedRow {
        number: i32::try_from(imported.number).unwrap_or(i32::MAX),
        result: imported.outcome.as_str().to_owned(),
        registration: imported.registration,
        warnings: serde_json::json!(imported.notes).to_string(),
    };
    Ok(store::keep_imported(work.conn, (id, file), &row)?)
}

fn take(
    work: &mut Work<'_>,
    locked: &mut Locked,
    agencies: &Matcher,
    row: &SheetRow,
) -> Result<Imported, Error> {
    let Some(prepared) = prepare(row, agencies) else {
        return Ok(refused(row, "name-missing"));
    };
    let office = work.office_id();
    let namesakes = attendee::named(work.conn, office, &text::fold(&prepared.draft.full_name))?;
    let known = namesakes
        .iter()
        .find(|known| is_same(known, &prepared.draft))
        .cloned();
    let has_warnings = !prepared.warnings.is_empty();
    let (attendee, outcome) = match known {
        Some(known) => (known, RowOutcome::Matched),
        None if has_warnings => (
            people::create(work, &prepared.draft)?,
            RowOutcome::CreatedWithWarning,
        ),
        None => (people::create(work, &prepared.draft)?, RowOutcome::Created),
    };
    if let Some(live) = people::live(work, locked.session.id, attendee.id)? {
        return Ok(Imported {
            number: row.number,
            outcome: RowOutcome::Duplicate,
            registration: Some(live.id),
            notes: prepared.warnings,
            is_repeat: false,
        });
    }
    let who = Who::Known(attendee.id);
    let command = Register {
        who,
        ask: false,
        note: prepared.note,
    };
    let registration = registrations::put(work, locked, &attendee, Source::Import, &command)?;
    Ok(Imported {
        number: row.number,
        outcome,
        registration: Some(registration.id),
        notes: prepared.warnings,
        is_repeat: false,
    })
}

/// What a dry run says: every row judged as the import would, nothing written.
pub(in crate::training) fn rehearse(
    work: &mut Work<'_>,
    id: SessionId,
    file: &[u8],
    rows: &[SheetRow],
) -> Result<(Session, Vec<Imported>), Error> {
    let office = work.office_id();
    let session = sessions::find(work.conn, (office, Eyes::Staff), id)?
        .ok_or(crate::kernel::Fault::NotFound)?;
    session.require(SessionAction::Register, work.now)?;
    let agencies = crate::office::agency::matcher(work.conn, office)?;
    let known = recorded(work, id, file, rows)?;
    let mut seen = BTreeMap::<String, Vec<AttendeeDraft>>::new();
    let mut done = Vec::with_capacity(rows.len());
    for row in rows {
        if let Some(imported) = known.get(&row.number) {
            done.push(imported.clone());
            continue;
        }
        let Some(prepared) = prepare(row, &agencies) else {
            done.push(refused(row, "name-missing"));
            continue;
        };
        let (outcome, registration) = judge(work, id, &prepared, &mut seen)?;
        let notes = prepared.warnings;
        done.push(Imported {
            number: prepared.number,
            outcome,
            registration,
            notes,
            is_repeat: false,
        });
    }
    Ok((session, done))
}

fn judge(
    work: &mut Work<'_>,
    session: SessionId,
    prepared: &Prepared,
    seen: &mut BTreeMap<String, Vec<AttendeeDraft>>,
) -> Result<(RowOutcome, Option<RegistrationId>), Error> {
    let office = work.office_id();
    let key = text::fold(&prepared.draft.full_name);
    let namesakes = attendee::named(work.conn, office, &key)?;
    if let Some(known) = namesakes
        .iter()
        .find(|known| is_same(known, &prepared.draft))
    {
        let live = people::live(work, session, known.id)?;
        return Ok(match live {
            Some(live) => (RowOutcome::Duplicate, Some(live.id)),
            None => (RowOutcome::Matched, None),
        });
    }
    let earlier = seen.entry(key).or_default();
    if earlier
        .iter()
        .any(|before| is_twin(before, &prepared.draft))
    {
        return Ok((RowOutcome::Duplicate, None));
    }
    earlier.push(prepared.draft.clone());
    let has_warnings = !prepared.warnings.is_empty();
    let outcome = if has_warnings {
        RowOutcome::CreatedWithWarning
    } else {
        RowOutcome::Created
    };
    Ok((outcome, None))
}

/// Tells the organiser how an import ended, once per file.
pub(in crate::training) fn tell_finished(
    work: &mut Work<'_>,
    session: &Session,
    file: &[u8],
    done: &[Imported],
) -> Result<(), Error> {
    let count = |outcomes: &[RowOutcome]| {
        done.iter()
            .filter(|row| outcomes.contains(&row.outcome))
            .count()
    };
    let created = count(&[RowOutcome::Created, RowOutcome::CreatedWithWarning]);
    let values = [
        ("created", serde_json::json!(created)),
        ("matched", serde_json::json!(count(&[RowOutcome::Matched]))),
        (
            "duplicate",
            serde_json::json!(count(&[RowOutcome::Duplicate])),
        ),
        ("refused", serde_json::json!(count(&[RowOutcome::Refused]))),
    ];
    let repeated = done.iter().filter(|row| row.is_repeat).count();
    let facts = serde_json::json!({"rows": done.len(), "created": created, "repeated": repeated});
    work.audit(
        "registration.import",
        "training-session",
        session.id.uuid(),
        facts,
    )?;
    let once = crate::kernel::token::hex(file);
    messages::tell_organiser(work, session, "import_finished", &values, &once)
}
