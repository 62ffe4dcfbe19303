//! A dry run of an import: every row judged as the import would, and nothing written.

use std::collections::{BTreeMap, BTreeSet};

use super::import::{Imported, Reader, RowOutcome, judged, recorded, said_no};
use super::import_row::{Prepared, Traits};
use super::people;
use super::whom::{self, Namesake};
use crate::kernel::title;
use crate::office::work::Work;
use crate::training::error::Error;
use crate::training::model::{Admission, Attendee, AttendeeId, RegistrationId, Session, SessionId};
use crate::training::sheet::SheetRow;
use crate::training::status::{RegistrationStatus, SessionAction};
use crate::training::store::session::Eyes;
use crate::training::store::{imported as store, ledger, session as sessions};

/// What a dry run has seen so far of what the import would do.
struct Rehearsal {
    session: Session,
    seats_taken: i32,
    /// The registrations that rows were about.
    told: BTreeSet<RegistrationId>,
    /// Those of the file who would be new, by their folded names.
    fresh: BTreeMap<String, Vec<AttendeeId>>,
    /// What would be known of those whom rows were about.
    people: BTreeMap<AttendeeId, Attendee>,
    /// Those who would be put on the list, and where.
    listed: BTreeMap<AttendeeId, RegistrationStatus>,
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

    /// Everybody of the name a row has, as earlier rows would leave them.
    fn namesakes(&self, work: &mut Work<'_>, prepared: &Prepared) -> Result<Vec<Namesake>, Error> {
        let mut found = whom::namesakes(work, prepared)?;
        for one in &mut found {
            if let Some(person) = self.people.get(&one.person.id) {
                let is_own = one.traits == Traits::from(&one.person);
                one.person = person.clone();
                if is_own {
                    one.traits = Traits::from(person);
                }
            }
        }
        let name = title::name_key(&prepared.draft.full_name);
        let fresh = self.fresh.get(&name).into_iter().flatten();
        let fresh = fresh.filter_map(|id| self.people.get(id));
        found.extend(fresh.cloned().map(Namesake::of));
        Ok(found)
    }

    /// Remembers somebody who would be new.
    fn meet(&mut self, person: Attendee) {
        let name = title::name_key(&person.full_name);
        self.fresh.entry(name).or_default().push(person.id);
        self.people.insert(person.id, person);
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
        told: store::registrations(work.conn, (id, file))?,
        fresh: BTreeMap::new(),
        people: BTreeMap::new(),
        listed: BTreeMap::new(),
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
    let session = rehearsal.session.id;
    let name = title::name_key(&prepared.draft.full_name);
    let namesakes = rehearsal.namesakes(work, &prepared)?;
    let known = whom::choose(work, session, &mut prepared, &namesakes, &rehearsal.told)?;
    let mut imported = judged(&mut prepared, known.as_ref());
    // Whoever would be new has no id yet to be named by.
    let fresh = rehearsal.fresh.get(&name).cloned().unwrap_or_default();
    imported.alike.retain(|id| !fresh.contains(id));
    let Some(known) = known else {
        let person = people::unsaved(work, &prepared.draft);
        let Some(status) = rehearsal.admit(is_asked) else {
            return Ok(Imported::refused(prepared.number, "session-full"));
        };
        imported.status = Some(status);
        rehearsal.listed.insert(person.id, status);
        rehearsal.meet(person);
        return Ok(imported);
    };
    imported.attendee = Some(known.id).filter(|id| !fresh.contains(id));
    let (after, said) = whom::completed(work, &known, &prepared.draft);
    imported.notes.extend(said);
    if let Some(live) = people::live(work, session, known.id)? {
        imported.outcome = RowOutcome::Duplicate;
        imported.registration = Some(live.id);
        imported.status = Some(live.status);
        rehearsal.told.insert(live.id);
    } else if let Some(status) = rehearsal.listed.get(&known.id) {
        imported.outcome = RowOutcome::Duplicate;
        imported.status = Some(*status);
    } else if said_no(work, session, known.id)? {
        return Ok(Imported::refused(prepared.number, "said-no"));
    } else if let Some(status) = rehearsal.admit(is_asked) {
        imported.status = Some(status);
        rehearsal.listed.insert(known.id, status);
    } else {
        return Ok(Imported::refused(prepared.number, "session-full"));
    }
    rehearsal.people.insert(after.id, after);
    Ok(imported)
}
