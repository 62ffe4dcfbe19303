//! Which families see the summary of a note.

use super::note;
use crate::counselling::error::Error;
use crate::counselling::model::{CaseId, Party, PartyId, Side};
use crate::counselling::policy::Eyes;
use crate::counselling::record::{Note, NoteId};
use crate::counselling::record_status::NoteAction;
use crate::counselling::store::note as notes;
use crate::counselling::store::party;
use crate::counselling::store::share as store;
use crate::counselling::{errand, messages};
use crate::kernel::Fault;
use crate::kernel::error::Check;
use crate::office::work::Work;

/// Shows the summary to the families of these parties; never one summary to both sides, unless
/// they may meet. Each is told that there is news.
pub(in crate::counselling) fn share(
    work: &mut Work<'_>,
    eyes: &Eyes,
    (case, id): (CaseId, NoteId),
    parties: &[PartyId],
) -> Result<Note, Error> {
    let case = note::lock(work, eyes, case)?;
    let mut note = note::load_for(work, &case, id, NoteAction::Share)?;
    let said = notes::said(work, &case, id)?;
    if said.summary.is_none() {
        return Err(Fault::rule("/shared_summary", "required").into());
    }
    let all = party::of_case(work, &case)?;
    let mut check = Check::new();
    let asked = note::find_parties(&mut check, &all, "/parties", parties);
    check.done()?;
    let known = notes::shared_with(work.conn, id)?;
    let told = all.iter().filter(|party| known.contains(&party.id));
    let sides: Vec<Side> = told
        .map(|party| party.role.side())
        .chain(asked.iter().map(|(_, side)| *side))
        .collect();
    let is_both = sides.contains(&Side::Birth) && sides.contains(&Side::Adoptive);
    if is_both && !case.sides_may_meet() {
        return Err(Fault::rule("/parties", "both-sides").into());
    }
    let is_new = |party: &&Party| parties.contains(&party.id) && !known.contains(&party.id);
    let new: Vec<&Party> = all.iter().filter(is_new).collect();
    for party in &new {
        store::share(work.conn, (id, party.id), work.now)?;
    }
    note.shared_at = note.shared_at.or(Some(work.now));
    let named: Vec<_> = new.iter().map(|party| (party.id, party.role)).collect();
    note::save_for(work, &case, &mut note, ("note-share", &named))?;
    for party in new {
        messages::tell_shared(work, (&case, &note), party)?;
    }
    Ok(note)
}

/// Shows it to the families of these parties no longer: what they read they read, and it is there no
/// more. Whom it was not shown to is passed over.
pub(in crate::counselling) fn unshare(
    work: &mut Work<'_>,
    eyes: &Eyes,
    (case, id): (CaseId, NoteId),
    parties: &[PartyId],
) -> Result<Note, Error> {
    let case = note::lock(work, eyes, case)?;
    let mut note = note::load_for(work, &case, id, NoteAction::Unshare)?;
    let mut left = party::once_of(work.conn, case.id)?;
    let known = notes::shared_with(work.conn, id)?;
    left.retain(|(party, _)| parties.contains(party) && known.contains(party));
    if store::unshare(work.conn, id, parties)? == 0 {
        return Err(Fault::rule("/parties", "unchanged").into());
    }
    if notes::shared_with(work.conn, id)?.is_empty() {
        note.shared_at = None;
        errand::note_unshown(work, id.uuid())?;
    }
    messages::withdraw_shared(work, &note, &left)?;
    note::save_for(work, &case, &mut note, ("note-unshare", &left))?;
    Ok(note)
}
