//! Notes: written, signed, added to, shown to families; every reading leaves one row in the log.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::case::{lock_for, note as log};
use super::{booking, break_glass};
use crate::counselling::appointment::AppointmentStatus;
use crate::counselling::error::Error;
use crate::counselling::model::{AppointmentId, Case, CaseId, Party, PartyId, PartyRole, Side};
use crate::counselling::policy::{self, Eyes};
use crate::counselling::record::{Addendum, Note, NoteContent, NoteId};
use crate::counselling::record_status::{NoteAction, NoteStatus};
use crate::counselling::status::CaseAction;
use crate::counselling::store::note::{self as store, Said};
use crate::counselling::store::{appointment as appointments, party};
use crate::counselling::{days, errand};
use crate::http::request::Expected;
use crate::identity::UserId;
use crate::kernel::error::Check;
use crate::kernel::{Fault, Id};
use crate::office::delegation::{self, Duty};
use crate::office::work::Work;

/// What a note says, validated.
#[derive(Debug, Clone)]
pub(in crate::counselling) struct NoteDraft {
    pub(in crate::counselling) appointment_id: Option<AppointmentId>,
    pub(in crate::counselling) content: NoteContent,
    pub(in crate::counselling) summary: Option<String>,
}

/// A note that was opened for someone.
#[derive(Debug)]
pub(in crate::counselling) struct Opened {
    pub(in crate::counselling) case: Case,
    /// Who writes in the case.
    pub(in crate::counselling) writers: Vec<UserId>,
    pub(in crate::counselling) note: Note,
    pub(in crate::counselling) said: Said,
    pub(in crate::counselling) addenda: Vec<Addendum>,
    pub(in crate::counselling) shared_with: Vec<PartyId>,
}

/// Opens a note for its counsellor, its supervisor, or whoever has a window open, and writes that
/// it was read. `form` is how: as JSON or as a document.
pub(in crate::counselling) fn read(
    work: &mut Work<'_>,
    eyes: &Eyes,
    (case, id): (CaseId, NoteId),
    form: &str,
) -> Result<Opened, Error> {
    let (case, window) = break_glass::look(work, eyes, case)?;
    let purpose = match window {
        _ if policy::reads_notes(&case, eyes) => "casework",
        Some(_) => "break-glass",
        None => return Err(Fault::NotFound.into()),
    };
    let note = store::load(work.conn, case.id, id)?;
    let mut facts = json!({"case": case.id, "purpose": purpose, "form": form});
    if purpose == "break-glass"
        && let Value::Object(members) = &mut facts
    {
        members.insert("break_glass".to_owned(), json!(window));
    }
    work.audit(
        "counselling-note.read",
        "counselling-note",
        id.uuid(),
        facts,
    )?;
    Ok(Opened {
        said: store::said(work, &case, id)?,
        addenda: store::addenda_of(work, &case, id)?,
        shared_with: store::shared_with(work.conn, id)?,
        writers: writers(work, &case)?,
        case,
        note,
    })
}

/// Who writes the notes of a case: its counsellor, its supervisor, whoever stands in for them today.
pub(in crate::counselling) fn writers(
    work: &mut Work<'_>,
    case: &Case,
) -> Result<Vec<UserId>, Error> {
    let (office, today) = (work.office_id(), work.zone().day(work.now));
    let counsellor = (Some(case.counsellor_id), Duty::Counsel);
    let supervisor = (case.supervisor_id, Duty::SuperviseCounselling);
    let mut writers = Vec::new();
    for (whose, duty) in [counsellor, supervisor] {
        let Some(whose) = whose else { continue };
        writers.push(whose);
        writers.extend(delegation::holders(work.conn, office, whose, duty, today)?);
    }
    Ok(writers)
}

/// The case, locked, whose notes these eyes write.
pub(super) fn lock(work: &mut Work<'_>, eyes: &Eyes, id: CaseId) -> Result<Case, Error> {
    match lock_for(work, eyes, id, CaseAction::WriteNote) {
        // To who reads none of them they are missing.
        Err(Error::Fault(Fault::Forbidden)) => Err(Fault::NotFound.into()),
        other => other,
    }
}

/// Refuses what a note may not say: who was not of the case, an appointment of another matter, a day
/// that is still to come.
fn require_fit(
    work: &mut Work<'_>,
    case: &Case,
    (old, draft): (Option<NaiveDate>, &NoteDraft),
) -> Result<(), Error> {
    let parties = party::of_case(work, case)?;
    let today = work.zone().day(work.now);
    let mut check = Check::new();
    find_parties(&mut check, &parties, "/present", &draft.content.present);
    if let Some(id) = draft.appointment_id {
        let known = appointments::those_of(work.conn, case.id, &[id])?;
        check.rule(!known.is_empty(), "/appointment_id", "unknown-reference");
    }
    let held_on = draft
        .content
        .held_on
        .filter(|_| draft.content.held_on != old);
    days::happened(&mut check, "/held_on", held_on, today);
    Ok(check.done()?)
}

pub(super) fn find_parties(
    check: &mut Check,
    parties: &[Party],
    at: &str,
    given: &[PartyId],
) -> Vec<(PartyId, Side)> {
    let mut found = Vec::new();
    for (index, id) in given.iter().enumerate().take(50) {
        match parties.iter().find(|party| party.id == *id) {
            Some(party) => found.push((party.id, party.role.side())),
            None => check.refuse(format!("{at}/{index}"), "unknown-reference"),
        }
    }
    check.rule(given.len() <= 50, at, "out-of-range");
    found
}

fn tell(work: &mut Work<'_>, case: &Case, note: &Note, kind: &str) -> Result<(), Error> {
    let facts = json!({"note": note.id, "status": note.status});
    log(work, case, kind, &facts, None)
}

/// What a draft leaves open, its appointment tells: the day, and once it was held who came and what
/// it was about.
fn fill(work: &mut Work<'_>, draft: &mut NoteDraft) -> Result<(), Error> {
    let Some(id) = draft.appointment_id else {
        return Ok(());
    };
    let told = appointments::load_any(work, id)?;
    let content = &mut draft.content;
    if !booking::is_ahead(told.span, work.now) {
        let day = work.zone().day(told.span.starts_at);
        content.held_on.get_or_insert(day);
    }
    if told.status == AppointmentStatus::Completed {
        if content.present.is_empty() {
            let came = told
                .seats
                .iter()
                .filter(|seat| seat.has_attended == Some(true));
            content.present = came.filter_map(|seat| seat.party_id).collect();
        }
        if content.topics.is_empty() {
            content.topics = told.topics;
        }
    }
    Ok(())
}

/// Begins a note.
pub(in crate::counselling) fn create(
    work: &mut Work<'_>,
    eyes: &Eyes,
    case: CaseId,
    mut draft: NoteDraft,
) -> Result<Note, Error> {
    let case = lock(work, eyes, case)?;
    require_fit(work, &case, (None, &draft))?;
    fill(work, &mut draft)?;
    let note = Note {
        id: Id::new(work.now),
        case_id: case.id,
        appointment_id: draft.appointment_id,
        author_id: eyes.user,
        status: NoteStatus::Draft,
        phase: case.phase,
        signed_at: None,
        shared_at: None,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
    };
    let said = Said {
        content: draft.content,
        summary: draft.summary,
    };
    store::insert(work, &case, (&note, &said))?;
    tell(work, &case, &note, "note-add")?;
    Ok(note)
}

/// Writes a changed note.
fn move_on(work: &mut Work<'_>, note: &mut Note) -> Result<(), Error> {
    let seen = note.version;
    note.version += 1;
    note.updated_at = work.now;
    store::update(work.conn, note, seen)
}

/// Writes a changed note and that it changed.
pub(super) fn save(
    work: &mut Work<'_>,
    case: &Case,
    note: &mut Note,
    kind: &str,
) -> Result<(), Error> {
    move_on(work, note)?;
    tell(work, case, note, kind)
}

/// The same of what concerns some parties: the timeline names them, for staff alone.
pub(super) fn save_for(
    work: &mut Work<'_>,
    case: &Case,
    note: &mut Note,
    (kind, parties): (&str, &[(PartyId, PartyRole)]),
) -> Result<(), Error> {
    move_on(work, note)?;
    let named = parties.iter();
    let named = named.map(|(party, role)| json!({"party": party, "role": role}));
    let parties: Vec<Value> = named.collect();
    let facts = json!({"note": note.id, "status": note.status, "parties": parties});
    log(work, case, kind, &facts, None)
}

/// A note of a locked case in which this action is possible.
pub(super) fn load_for(
    work: &mut Work<'_>,
    case: &Case,
    id: NoteId,
    action: NoteAction,
) -> Result<Note, Error> {
    let mut note = store::load(work.conn, case.id, id)?;
    note.status = note.status.apply(action)?;
    Ok(note)
}

/// Refuses whoever did not write the note.
fn require_author(note: &Note, eyes: &Eyes) -> Result<(), Error> {
    if note.author_id == eyes.user {
        Ok(())
    } else {
        Err(Fault::Forbidden.into())
    }
}

/// Changes a draft; only its author does.
pub(in crate::counselling) fn edit(
    work: &mut Work<'_>,
    eyes: &Eyes,
    (case, id): (CaseId, NoteId),
    expected: Expected,
    change: impl FnOnce(&Note, Said) -> Result<NoteDraft, Fault>,
) -> Result<Note, Error> {
    let case = lock(work, eyes, case)?;
    let mut note = load_for(work, &case, id, NoteAction::Edit)?;
    require_author(&note, eyes)?;
    expected.require(note.version)?;
    let old = store::said(work, &case, id)?;
    let held_on = old.content.held_on;
    let draft = change(&note, old.clone())?;
    require_fit(work, &case, (held_on, &draft))?;
    let was = std::mem::replace(&mut note.appointment_id, draft.appointment_id);
    let said = Said {
        content: draft.content,
        summary: draft.summary,
    };
    if said == old && note.appointment_id == was {
        return Ok(note);
    }
    store::write(work, &case, (id, &said))?;
    save(work, &case, &mut note, "note-edit")?;
    Ok(note)
}

/// Makes a draft the record; only its author does, and something must stand in it.
pub(in crate::counselling) fn sign(
    work: &mut Work<'_>,
    eyes: &Eyes,
    (case, id): (CaseId, NoteId),
) -> Result<Note, Error> {
    let case = lock(work, eyes, case)?;
    let mut note = load_for(work, &case, id, NoteAction::Sign)?;
    require_author(&note, eyes)?;
    let said = store::said(work, &case, id)?;
    if said.content.body.is_none() {
        return Err(Fault::rule("/body", "required").into());
    }
    note.signed_at = Some(work.now);
    save(work, &case, &mut note, "note-sign")?;
    errand::note_signed(work, id.uuid())?;
    Ok(note)
}

/// Refuses to touch another's draft that they can still sign.
fn require_left(work: &mut Work<'_>, case: &Case, note: &Note) -> Result<(), Error> {
    if policy::is_left(&writers(work, case)?, note) {
        return Ok(());
    }
    Err(Fault::Forbidden.into())
}

/// Takes over a draft of somebody who writes in the case no longer, as whoever stood in for its
/// counsellor, to finish and sign it; it says from then on who began it.
pub(in crate::counselling) fn take_over(
    work: &mut Work<'_>,
    eyes: &Eyes,
    (case, id): (CaseId, NoteId),
) -> Result<Note, Error> {
    let case = lock(work, eyes, case)?;
    let mut note = load_for(work, &case, id, NoteAction::TakeOver)?;
    require_left(work, &case, &note)?;
    let from = std::mem::replace(&mut note.author_id, eyes.user);
    let mut said = store::said(work, &case, id)?;
    said.content.begun_by.get_or_insert(from);
    store::write(work, &case, (id, &said))?;
    move_on(work, &mut note)?;
    let facts = json!({"note": id, "from": from, "to": eyes.user});
    log(work, &case, "note-take-over", &facts, None)?;
    errand::note_taken(work, id.uuid(), eyes.user)?;
    Ok(note)
}

/// Throws a draft away: its author, or whoever reads it once its author is no writer any more.
pub(in crate::counselling) fn discard(
    work: &mut Work<'_>,
    eyes: &Eyes,
    (case, id): (CaseId, NoteId),
    expected: Expected,
) -> Result<(), Error> {
    let case = lock(work, eyes, case)?;
    let note = load_for(work, &case, id, NoteAction::Discard)?;
    if note.author_id != eyes.user {
        require_left(work, &case, &note)?;
    }
    expected.require(note.version)?;
    store::delete(work.conn, id)?;
    errand::note_signed(work, id.uuid())?;
    tell(work, &case, &note, "note-discard")
}

/// Whether a note of a case is a draft.
pub(super) fn has_drafts(work: &mut Work<'_>, case: &Case) -> Result<bool, Error> {
    Ok(!store::unsigned(work.conn, case.id, work.now)?.is_empty())
}

/// Refuses to let a case go while a note of it is a draft: nobody else could sign it.
pub(super) fn require_signed(work: &mut Work<'_>, case: &Case) -> Result<(), Error> {
    let drafts = store::unsigned(work.conn, case.id, work.now)?;
    if drafts.is_empty() {
        return Ok(());
    }
    let notes = drafts.into_iter().map(|(note, _)| note).collect();
    Err(Error::DraftsOpen { notes })
}

/// Adds something below a signed note.
pub(in crate::counselling) fn add(
    work: &mut Work<'_>,
    eyes: &Eyes,
    (case, id): (CaseId, NoteId),
    text: &str,
) -> Result<Note, Error> {
    let case = lock(work, eyes, case)?;
    let mut note = load_for(work, &case, id, NoteAction::Add)?;
    let addendum = Addendum {
        id: Id::new(work.now),
        author_id: eyes.user,
        created_at: work.now,
        text: text.to_owned(),
    };
    store::add(work, &case, (id, &addendum))?;
    save(work, &case, &mut note, "note-addendum")?;
    Ok(note)
}
