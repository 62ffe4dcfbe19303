//! Imports: a sheet as the office saved it becomes attendees and registrations, row by row, each
//! row once however often the file is sent.

use std::collections::BTreeMap;

use chrono::Datelike as _;

use super::import_row::{Prepared, Traits, prepare};
use super::{people, registration as registrations, seat};
use crate::kernel::text_enum::text_enum;
use crate::kernel::{AgencyId, title};
use crate::office::agency::Matcher;
use crate::office::work::Work;
use crate::training::command::{Register, Who};
use crate::training::error::Error;
use crate::training::model::{
    Attendee, AttendeeId, Audience, EndedBy, Registration, RegistrationId, Session, SessionId,
    Source,
};
use crate::training::organiser_mail;
use crate::training::sheet::SheetRow;
use crate::training::status::{RegistrationStatus, SessionAction};
use crate::training::store::attendance::{self as store, ImportedRow};
use crate::training::store::ledger::Locked;
use crate::training::store::session::Eyes;
use crate::training::store::{attendee, registration};

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
    /// Where the registration stands, or would stand.
    pub(in crate::training) status: Option<RegistrationStatus>,
    /// Who was read out of the row.
    pub(in crate::training) person: Option<Read>,
    /// Whom it was found to be about; in a dry run nobody yet, where the person is new.
    pub(in crate::training) attendee: Option<AttendeeId>,
    /// Codes, each after the column it is about: `birth_year:date-invalid`.
    pub(in crate::training) notes: Vec<String>,
    /// Whether an earlier call with the same file did it.
    pub(in crate::training) is_repeat: bool,
}

/// Who was read out of a row, so that a person can look whether it was read right.
#[derive(Debug, Clone)]
pub(in crate::training) struct Read {
    pub(in crate::training) full_name: String,
    pub(in crate::training) audience: Audience,
    pub(in crate::training) agency: Option<AgencyId>,
}

impl Imported {
    /// A row, before anything became of it.
    pub(super) fn of(number: u32, outcome: RowOutcome) -> Self {
        Self {
            number,
            outcome,
            registration: None,
            status: None,
            person: None,
            attendee: None,
            notes: Vec::new(),
            is_repeat: false,
        }
    }

    pub(super) fn refused(number: u32, code: &str) -> Self {
        Self {
            notes: vec![code.to_owned()],
            ..Self::of(number, RowOutcome::Refused)
        }
    }
}

/// What all rows of a call are read by.
pub(super) struct Reader {
    agencies: Matcher,
    this_year: i32,
    /// Whether people are asked first; else they are on the list at once.
    is_asked: bool,
}

impl Reader {
    pub(super) fn new(work: &mut Work<'_>, is_asked: bool) -> Result<Self, Error> {
        let office = work.office_id();
        Ok(Self {
            agencies: crate::office::agency::matcher(work.conn, office)?,
            this_year: work.zone().day(work.now).year(),
            is_asked,
        })
    }

    pub(super) fn read(&self, row: &SheetRow) -> Option<Prepared> {
        prepare(row, (&self.agencies, self.this_year))
    }

    /// The result of a row with who was read out of it.
    pub(super) fn told(&self, row: &SheetRow, mut imported: Imported) -> Imported {
        imported.person = self.read(row).map(|prepared| Read {
            full_name: prepared.draft.full_name,
            audience: prepared.draft.audience,
            agency: prepared.draft.agency,
        });
        imported
    }
}

/// Imports some rows in one transaction; rows recorded before are only told again.
pub(in crate::training) fn part(
    work: &mut Work<'_>,
    id: SessionId,
    (file, is_asked): (&[u8], bool),
    rows: &[SheetRow],
) -> Result<Vec<Imported>, Error> {
    let mut locked = seat::lock_for(work, Eyes::Staff, id, SessionAction::Register)?;
    let reader = Reader::new(work, is_asked)?;
    let known = recorded(work, id, file, rows)?;
    let mut done = Vec::with_capacity(rows.len());
    for row in rows {
        if let Some(imported) = known.get(&row.number) {
            done.push(reader.told(row, imported.clone()));
            continue;
        }
        let ledger = locked.ledger.clone();
        let taken = registrations::alone(work, |work| take(work, &mut locked, &reader, row));
        let imported = match taken {
            Ok(imported) => imported,
            Err(Error::Db(error)) => return Err(error.into()),
            Err(error) => {
                locked.ledger = ledger;
                Imported::refused(row.number, error.reason())
            }
        };
        // What was refused may be taken next time: a session that was full has a seat by then.
        if imported.outcome != RowOutcome::Refused {
            keep(work, id, file, &imported)?;
        }
        done.push(reader.told(row, imported));
    }
    seat::close(work, &locked)?;
    Ok(done)
}

/// What was recorded for these rows, which stand in the file's order.
pub(super) fn recorded(
    work: &mut Work<'_>,
    id: SessionId,
    file: &[u8],
    rows: &[SheetRow],
) -> Result<BTreeMap<u32, Imported>, Error> {
    let number =
        |row: Option<&SheetRow>| row.map_or(0, |row| i32::try_from(row.number).unwrap_or(i32::MAX));
    let range = (number(rows.first()), number(rows.last()));
    let rows = store::imported(work.conn, (id, file), range)?;
    let listed: Vec<RegistrationId> = rows.iter().filter_map(|row| row.registration).collect();
    let listed = registration::whose(work.conn, id, &listed)?;
    let read = |row: ImportedRow| {
        let number = u32::try_from(row.number).unwrap_or_default();
        let outcome = RowOutcome::parse(&row.result).unwrap_or(RowOutcome::Refused);
        let notes = serde_json::from_str(&row.warnings).unwrap_or_default();
        let standing = row.registration.and_then(|one| listed.get(&one));
        (
            number,
            Imported {
                registration: row.registration,
                status: standing.map(|(status, _)| *status),
                attendee: standing.map(|(_, attendee)| *attendee),
                notes,
                is_repeat: true,
                ..Imported::of(number, outcome)
            },
        )
    };
    let taken = rows.into_iter().map(read);
    // Older versions recorded what they refused, too.
    let is_taken = |(_, one): &(u32, Imported)| one.outcome != RowOutcome::Refused;
    Ok(taken.filter(is_taken).collect())
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
    reader: &Reader,
    row: &SheetRow,
) -> Result<Imported, Error> {
    let Some(mut prepared) = reader.read(row) else {
        return Ok(Imported::refused(row.number, "name-missing"));
    };
    let known = known(work, &mut prepared)?;
    let outcome = outcome(&prepared, known.as_ref());
    let attendee = match known {
        Some(known) => known,
        None => people::create(work, &prepared.draft)?,
    };
    let mut imported = Imported {
        attendee: Some(attendee.id),
        notes: prepared.warnings,
        ..Imported::of(row.number, outcome)
    };
    if let Some(live) = people::live(work, locked.session.id, attendee.id)? {
        imported.outcome = RowOutcome::Duplicate;
        imported.registration = Some(live.id);
        imported.status = Some(live.status);
        return Ok(imported);
    }
    if said_no(work, locked.session.id, attendee.id)? {
        return Ok(Imported::refused(row.number, "said-no"));
    }
    let command = Register {
        who: Who::Known(attendee.id),
        ask: reader.is_asked,
        note: prepared.note,
    };
    let registration = registrations::put(work, locked, &attendee, Source::Import, &command)?;
    imported.registration = Some(registration.id);
    imported.status = Some(registration.status);
    Ok(imported)
}

/// Whether somebody declined, also by phone, or left: a sheet does not bring them back.
pub(super) fn said_no(
    work: &mut Work<'_>,
    session: SessionId,
    who: AttendeeId,
) -> Result<bool, Error> {
    let ended = [RegistrationStatus::Declined, RegistrationStatus::Cancelled];
    let last = registration::latest(work.conn, session, who, &ended)?;
    let is_no = |last: Registration| {
        last.status == RegistrationStatus::Declined || last.ended_by == Some(EndedBy::Attendee)
    };
    Ok(last.is_some_and(is_no))
}

/// Whom a row is about, where that is someone known.
pub(super) fn known(
    work: &mut Work<'_>,
    prepared: &mut Prepared,
) -> Result<Option<Attendee>, Error> {
    let office = work.office_id();
    let name = title::name_key(&prepared.draft.full_name);
    let mut namesakes = Vec::new();
    for one in attendee::named(work.conn, office, &name)? {
        // What a merged entry was known by tells of who they are now.
        let traits = Traits::from(&one);
        namesakes.push((traits, attendee::survivor(work.conn, one)?));
    }
    let found = prepared.among(namesakes, |(traits, _)| traits.clone());
    Ok(found.map(|(_, person)| person))
}

pub(super) fn outcome(prepared: &Prepared, known: Option<&Attendee>) -> RowOutcome {
    if known.is_some() {
        RowOutcome::Matched
    } else if prepared.warnings.is_empty() {
        RowOutcome::Created
    } else {
        RowOutcome::CreatedWithWarning
    }
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
    organiser_mail::tell_organiser(work, session, "import_finished", &values, &once)
}
