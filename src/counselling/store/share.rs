//! Whom summaries are shown to.

use diesel::prelude::*;

use crate::counselling::model::PartyId;
use crate::counselling::record::NoteId;
use crate::db::schema::counselling_note_shares as shares;
use crate::db::{self, Conn};
use crate::kernel::Timestamp;

/// Shows a note's summary to a party.
pub(in crate::counselling) fn share(
    conn: &mut Conn,
    (note, party): (NoteId, PartyId),
    now: Timestamp,
) -> db::Result<()> {
    diesel::insert_into(shares::table)
        .values((
            shares::note_id.eq(note),
            shares::party_id.eq(party),
            shares::shared_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// Takes a summary back from parties; gives how many had it.
pub(in crate::counselling) fn unshare(
    conn: &mut Conn,
    note: NoteId,
    parties: &[PartyId],
) -> db::Result<usize> {
    let theirs = shares::table
        .filter(shares::note_id.eq(note))
        .filter(shares::party_id.eq_any(parties));
    Ok(diesel::delete(theirs).execute(conn)?)
}
