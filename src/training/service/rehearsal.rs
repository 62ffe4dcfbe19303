//! A dry run of an import: every row judged as the import would, and nothing written.

use std::collections::{BTreeMap, BTreeSet};

use super::import::{Imported, Reader, RowOutcome, known, outcome, recorded, said_no};
use super::import_row::{Prepared, Traits};
use super::people;
use crate::kernel::title;
use crate::office::work::Work;
use crate::training::error::Error;
use crate::training::model::{Admission, AttendeeId, Session, SessionId};
use crate::training::sheet::SheetRow;
use crate::training::status::{RegistrationStatus, SessionAction};
use crate::training::store::session::Eyes;
use crate::training::store::{ledger, session as sessions};

/// What a dry run has seen so far of what the import would do.
struct Rehearsal {
    session: Session,
    seats_taken: i32,
    /// Those of the file who would be new, by their folded names.
    seen: BTreeMap<String, Vec<Traits>>,
    /// Those known before who would be on the list.
    listed: BTreeSet<AttendeeId>,
}

impl Rehearsal {
    /// Where one more would stand; nowhere where the session is full.
    fn admit(&mut self, is_asked: bool) -> Option<RegistrationStatus> {
        if is_asked {
            return Some(RegistrationStatus::Invited);
        }
        match self.session.admit(self.seats_taken) {
            Admission::Seat => {
                self.seats_taken += 1;
                Some(RegistrationStatus::Confirmed)
            }
            Admission::Line => Some(RegistrationStatus::Waitlisted),
            Admission::Full => None,
        }
    }

    /// Whether the file told of the same person before; else it is remembered.
    fn is_twin(&mut self, prepared: &mut Prepared) -> bool {
        let name = title::name_key(&prepared.draft.full_name);
        let earlier = self.seen.entry(name).or_default();
        let is_twin = prepared.among(earlier.clone(), Traits::clone).is_some();
        if !is_twin {
            earlier.push(Traits::from(&prepared.draft));
        }
        is_twin
    }
}

/// What a dry run says: every row judged as the import would, seats counted, nothing written.
pub(in crate::training) fn rehearse(
    work: &mut Work<'_>,
    id: SessionId,
    (file, is_asked): (&[u8], bool),
    rows: &[SheetRow],
) -> Result<Vec<Imported>, Error> {
    let office = work.office_id();
    let session = sessions::find(work.conn, (office, Eyes::Staff), id)?
        .ok_or(crate::kernel::Fault::NotFound)?;
    session.require(SessionAction::Register, work.now)?;
    let reader = Reader::new(work, is_asked)?;
    let known = recorded(work, id, file, rows)?;
    let mut rehearsal = Rehearsal {
        seats_taken: ledger::seats_taken(work.conn, id)?,
        session,
        seen: BTreeMap::new(),
        listed: BTreeSet::new(),
    };
    let mut done = Vec::with_capacity(rows.len());
    for row in rows {
        let imported = match (known.get(&row.number), reader.read(row)) {
            (Some(imported), _) => imported.clone(),
            (None, None) => Imported::refused(row.number, "name-missing"),
            (None, Some(prepared)) => judge(work, &mut rehearsal, prepared, is_asked)?,
        };
        done.push(reader.told(row, imported));
    }
    Ok(done)
}

fn judge(
    work: &mut Work<'_>,
    rehearsal: &mut Rehearsal,
    mut prepared: Prepared,
    is_asked: bool,
) -> Result<Imported, Error> {
    let known = known(work, &mut prepared)?;
    let is_twin = known.is_none() && rehearsal.is_twin(&mut prepared);
    let mut imported = Imported {
        attendee: known.as_ref().map(|known| known.id),
        notes: prepared.warnings.clone(),
        ..Imported::of(prepared.number, outcome(&prepared, known.as_ref()))
    };
    let duplicate = |mut imported: Imported| {
        imported.outcome = RowOutcome::Duplicate;
        imported
    };
    if is_twin {
        return Ok(duplicate(imported));
    }
    if let Some(known) = &known {
        if let Some(live) = people::live(work, rehearsal.session.id, known.id)? {
            imported.registration = Some(live.id);
            imported.status = Some(live.status);
            return Ok(duplicate(imported));
        }
        if said_no(work, rehearsal.session.id, known.id)? {
            return Ok(Imported::refused(prepared.number, "said-no"));
        }
        if !rehearsal.listed.insert(known.id) {
            return Ok(duplicate(imported));
        }
    }
    imported.status = rehearsal.admit(is_asked);
    if imported.status.is_none() {
        imported.outcome = RowOutcome::Refused;
        imported.notes = vec!["session-full".to_owned()];
    }
    Ok(imported)
}
