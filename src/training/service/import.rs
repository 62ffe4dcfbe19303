//! Imports: a sheet as the office saved it becomes attendees and registrations, row by row, each
//! row once however often the file is sent.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike as _;
use serde::Deserialize;

use super::import_row::{Prepared, prepare};
use super::{people, registration as registrations, seat, whom};
use crate::kernel::AgencyId;
use crate::kernel::text_enum::text_enum;
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
use crate::training::store::imported::{self as store, ImportedRow};
use crate::training::store::ledger::Locked;
use crate::training::store::registration;
use crate::training::store::session::Eyes;

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
    /// Who else of this name it may be.
    pub(in crate::training) alike: Vec<AttendeeId>,
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
            alike: Vec::new(),
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
    let mut told = store::registrations(work.conn, (id, file))?;
    let mut done = Vec::with_capacity(rows.len());
    for row in rows {
        if let Some(imported) = known.get(&row.number) {
            done.push(reader.told(row, imported.clone()));
            continue;
        }
        let ledger = locked.ledger.clone();
        let taken =
            registrations::alone(work, |work| take(work, &mut locked, (&reader, &told), row));
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
            told.extend(imported.registration);
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
    let rows = store::of(work.conn, (id, file), range)?;
    let listed: Vec<RegistrationId> = rows.iter().filter_map(|row| row.registration).collect();
    let listed = registration::whose(work.conn, id, &listed)?;
    let read = |row: ImportedRow| {
        let number = u32::try_from(row.number).unwrap_or_default();
        let outcome = RowOutcome::parse(&row.result).unwrap_or(RowOutcome::Refused);
        let Doubts { notes, alike } = Doubts::read(&row.warnings);
        let standing = row.registration.and_then(|one| listed.get(&one));
        (
            number,
            Imported {
                registration: row.registration,
                status: standing.map(|(status, _)| *status),
                attendee: standing.map(|(_, attendee)| *attendee),
                notes,
                alike,
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
        warnings: Doubts::written(imported),
    };
    Ok(store::keep(work.conn, (id, file), &row)?)
}

/// What is recorded of a row's doubts.
#[derive(Debug, Default, Deserialize)]
struct Doubts {
    notes: Vec<String>,
    alike: Vec<AttendeeId>,
}

impl Doubts {
    fn written(imported: &Imported) -> String {
        serde_json::json!({"notes": imported.notes, "alike": imported.alike}).to_string()
    }

    /// Older versions recorded the notes alone.
    fn read(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_else(|_bare| Self {
            notes: serde_json::from_str(text).unwrap_or_default(),
            alike: Vec::new(),
        })
    }
}

fn take(
    work: &mut Work<'_>,
    locked: &mut Locked,
    (reader, told): (&Reader, &BTreeSet<RegistrationId>),
    row: &SheetRow,
) -> Result<Imported, Error> {
    let Some(mut prepared) = reader.read(row) else {
        return Ok(Imported::refused(row.number, "name-missing"));
    };
    let session = locked.session.id;
    let namesakes = whom::namesakes(work, &prepared)?;
    let known = whom::choose(work, session, &mut prepared, &namesakes, told)?;
    let mut imported = judged(&mut prepared, known.as_ref());
    let attendee = if let Some(mut known) = known {
        imported.attendee = Some(known.id);
        let live = people::live(work, session, known.id)?;
        if live.is_none() && said_no(work, session, known.id)? {
            return Ok(Imported::refused(row.number, "said-no"));
        }
        let said = whom::complete(work, locked, &mut known, &prepared.draft)?;
        imported.notes.extend(said);
        if let Some(live) = live {
            imported.outcome = RowOutcome::Duplicate;
            imported.registration = Some(live.id);
            imported.status = Some(live.status);
            return Ok(imported);
        }
        known
    } else {
        people::create(work, &prepared.draft)?
    };
    let command = Register {
        who: Who::Known(attendee.id),
        ask: reader.is_asked,
        note: prepared.note,
    };
    let registration = registrations::put(work, locked, &attendee, Source::Import, &command)?;
    imported.attendee = Some(attendee.id);
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

/// A row about somebody known or new, before they are on the list.
pub(super) fn judged(prepared: &mut Prepared, known: Option<&Attendee>) -> Imported {
    let outcome = if known.is_some() {
        RowOutcome::Matched
    } else if prepared.warnings.is_empty() {
        RowOutcome::Created
    } else {
        RowOutcome::CreatedWithWarning
    };
    Imported {
        notes: std::mem::take(&mut prepared.warnings),
        alike: std::mem::take(&mut prepared.alike),
        ..Imported::of(prepared.number, outcome)
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
