//! Notes, what is added to them, and to whom their summaries are shown.

use diesel::prelude::*;

use crate::counselling::error::Error;
use crate::counselling::model::{AppointmentId, Case, CaseId, PartyId, Phase};
use crate::counselling::record::{Addendum, AddendumId, Note, NoteContent, NoteId};
use crate::counselling::record_status::NoteStatus;
use crate::db::schema::{
    counselling_cases as cases, counselling_note_addenda as addenda,
    counselling_note_shares as shares, counselling_notes as notes, counselling_parties as parties,
};
use crate::db::{self, Conn};
use crate::identity::UserId;
use crate::kernel::{Fault, Timestamp};
use crate::office::work::Work;
use crate::sealed::{DataKey, DataKeyId, Place};

/// What is not sealed of a note.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = notes, treat_none_as_null = true)]
#[diesel(treat_none_as_default_value = false)]
struct Row {
    id: NoteId,
    case_id: CaseId,
    appointment_id: Option<AppointmentId>,
    author_id: UserId,
    status: NoteStatus,
    phase: Phase,
    signed_at: Option<Timestamp>,
    shared_at: Option<Timestamp>,
    version: i32,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<Row> for Note {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            case_id: row.case_id,
            appointment_id: row.appointment_id,
            author_id: row.author_id,
            status: row.status,
            phase: row.phase,
            signed_at: row.signed_at,
            shared_at: row.shared_at,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

impl Row {
    fn of(note: &Note) -> Self {
        let note = note.clone();
        Self {
            id: note.id,
            case_id: note.case_id,
            appointment_id: note.appointment_id,
            author_id: note.author_id,
            status: note.status,
            phase: note.phase,
            signed_at: note.signed_at,
            shared_at: note.shared_at,
            version: note.version,
            created_at: note.created_at,
            updated_at: note.updated_at,
        }
    }
}

fn place(id: NoteId, column: &'static str) -> Place {
    Place {
        table: "counselling_notes",
        column,
        row: id.uuid(),
    }
}

fn addendum_place(id: AddendumId) -> Place {
    Place {
        table: "counselling_note_addenda",
        column: "sealed",
        row: id.uuid(),
    }
}

fn text(bytes: Vec<u8>) -> Result<String, Error> {
    String::from_utf8(bytes)
        .map_err(|_quotes| Fault::Internal("a sealed text is not UTF-8".into()).into())
}

/// What a note says, and the summary for the family.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::counselling) struct Said {
    pub(in crate::counselling) content: NoteContent,
    pub(in crate::counselling) summary: Option<String>,
}

/// One page of a case's notes without what they say, oldest first, and one row more.
pub(in crate::counselling) fn page(
    conn: &mut Conn,
    case: CaseId,
    after: Option<(Timestamp, NoteId)>,
    limit: i64,
) -> db::Result<Vec<Note>> {
    let mut query = notes::table.filter(notes::case_id.eq(case)).into_boxed();
    if let Some((at, id)) = after {
        query = query.filter(
            notes::created_at
                .gt(at)
                .or(notes::created_at.eq(at).and(notes::id.gt(id))),
        );
    }
    let rows: Vec<Row> = query
        .order((notes::created_at, notes::id))
        .limit(limit + 1)
        .select(Row::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(Note::from).collect())
}

/// The drafts of a case that were begun before a time, with their authors.
pub(in crate::counselling) fn unsigned(
    conn: &mut Conn,
    case: CaseId,
    before: Timestamp,
) -> db::Result<Vec<(NoteId, UserId)>> {
    Ok(notes::table
        .filter(notes::case_id.eq(case))
        .filter(notes::status.eq(NoteStatus::Draft))
        .filter(notes::created_at.le(before))
        .order(notes::id)
        .select((notes::id, notes::author_id))
        .load(conn)?)
}

/// Takes a draft out, for good.
pub(in crate::counselling) fn delete(conn: &mut Conn, id: NoteId) -> db::Result<()> {
    let draft = notes::table
        .filter(notes::id.eq(id))
        .filter(notes::status.eq(NoteStatus::Draft));
    diesel::delete(draft).execute(conn)?;
    Ok(())
}

/// How many notes a case has.
pub(in crate::counselling) fn count(conn: &mut Conn, case: CaseId) -> db::Result<i64> {
    let of_case = notes::table.filter(notes::case_id.eq(case));
    Ok(of_case.count().get_result(conn)?)
}

/// One note of a case, without what it says.
pub(in crate::counselling) fn load(
    conn: &mut Conn,
    case: CaseId,
    id: NoteId,
) -> Result<Note, Error> {
    let row: Option<Row> = notes::table
        .filter(notes::case_id.eq(case))
        .filter(notes::id.eq(id))
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    Ok(row.ok_or(Fault::NotFound)?.into())
}

/// What a note says. Whoever shows it writes the audit row of that reading.
pub(in crate::counselling) fn said(
    work: &mut Work<'_>,
    case: &Case,
    id: NoteId,
) -> Result<Said, Error> {
    let (sealed, summary): (Vec<u8>, Option<Vec<u8>>) = notes::table
        .filter(notes::case_id.eq(case.id))
        .filter(notes::id.eq(id))
        .select((notes::sealed, notes::summary_sealed))
        .first(work.conn)?;
    let key = work.data_key(case.data_key_id)?;
    let summary = match summary {
        None => None,
        Some(sealed) => Some(text(key.open(place(id, "summary_sealed"), &sealed)?)?),
    };
    Ok(Said {
        content: key.open_json(place(id, "sealed"), &sealed)?,
        summary,
    })
}

fn sealed(key: &DataKey, id: NoteId, said: &Said) -> Result<(Vec<u8>, Option<Vec<u8>>), Error> {
    let summary = match &said.summary {
        None => None,
        Some(text) => Some(key.seal(place(id, "summary_sealed"), text.as_bytes())?),
    };
    Ok((key.seal_json(place(id, "sealed"), &said.content)?, summary))
}

/// Writes a new note.
pub(in crate::counselling) fn insert(
    work: &mut Work<'_>,
    case: &Case,
    (note, said): (&Note, &Said),
) -> Result<(), Error> {
    let key = work.data_key(case.data_key_id)?;
    let (content, summary) = sealed(&key, note.id, said)?;
    diesel::insert_into(notes::table)
        .values((
            Row::of(note),
            notes::sealed.eq(content),
            notes::summary_sealed.eq(summary),
        ))
        .execute(work.conn)?;
    Ok(())
}

/// Writes what a draft says now.
pub(in crate::counselling) fn write(
    work: &mut Work<'_>,
    case: &Case,
    (id, said): (NoteId, &Said),
) -> Result<(), Error> {
    let key = work.data_key(case.data_key_id)?;
    let (content, summary) = sealed(&key, id, said)?;
    diesel::update(notes::table.find(id))
        .set((notes::sealed.eq(content), notes::summary_sealed.eq(summary)))
        .execute(work.conn)?;
    Ok(())
}

/// Writes a change of what is not sealed; the version guards it.
pub(in crate::counselling) fn update(conn: &mut Conn, note: &Note, seen: i32) -> Result<(), Error> {
    let mine = notes::table
        .filter(notes::id.eq(note.id))
        .filter(notes::version.eq(seen));
    let changed = diesel::update(mine).set(Row::of(note)).execute(conn)?;
    if changed == 1 {
        Ok(())
    } else {
        Err(Fault::Stale.into())
    }
}

/// Adds something below a note.
pub(in crate::counselling) fn add(
    work: &mut Work<'_>,
    case: &Case,
    (id, addendum): (NoteId, &Addendum),
) -> Result<(), Error> {
    let key = work.data_key(case.data_key_id)?;
    let sealed = key.seal(addendum_place(addendum.id), addendum.text.as_bytes())?;
    diesel::insert_into(addenda::table)
        .values((
            addenda::id.eq(addendum.id),
            addenda::note_id.eq(id),
            addenda::author_id.eq(addendum.author_id),
            addenda::sealed.eq(sealed),
            addenda::created_at.eq(addendum.created_at),
        ))
        .execute(work.conn)?;
    Ok(())
}

/// What was added below a note, in order.
pub(in crate::counselling) fn addenda_of(
    work: &mut Work<'_>,
    case: &Case,
    id: NoteId,
) -> Result<Vec<Addendum>, Error> {
    let rows: Vec<(AddendumId, UserId, Vec<u8>, Timestamp)> = addenda::table
        .filter(addenda::note_id.eq(id))
        .order((addenda::created_at, addenda::id))
        .select((
            addenda::id,
            addenda::author_id,
            addenda::sealed,
            addenda::created_at,
        ))
        .load(work.conn)?;
    let key = work.data_key(case.data_key_id)?;
    rows.into_iter()
        .map(|(id, author_id, sealed, created_at)| {
            Ok(Addendum {
                id,
                author_id,
                created_at,
                text: text(key.open(addendum_place(id), &sealed)?)?,
            })
        })
        .collect()
}

/// The parties a note's summary is shown to.
pub(in crate::counselling) fn shared_with(conn: &mut Conn, id: NoteId) -> db::Result<Vec<PartyId>> {
    Ok(shares::table
        .filter(shares::note_id.eq(id))
        .order((shares::shared_at, shares::party_id))
        .select(shares::party_id)
        .load(conn)?)
}

/// Whether any summary is shown to a party.
pub(in crate::counselling) fn is_shown_any(conn: &mut Conn, id: PartyId) -> db::Result<bool> {
    let theirs = shares::table.filter(shares::party_id.eq(id));
    Ok(diesel::select(diesel::dsl::exists(theirs)).get_result(conn)?)
}

/// The notes of a case.
pub(in crate::counselling) fn ids_of(conn: &mut Conn, case: CaseId) -> db::Result<Vec<NoteId>> {
    Ok(notes::table
        .filter(notes::case_id.eq(case))
        .order(notes::id)
        .select(notes::id)
        .load(conn)?)
}

/// The parties to whom the summaries of some notes are shown.
pub(in crate::counselling) fn shares_of(
    conn: &mut Conn,
    ids: &[NoteId],
) -> db::Result<Vec<(NoteId, PartyId)>> {
    Ok(shares::table
        .filter(shares::note_id.eq_any(ids))
        .order((shares::shared_at, shares::party_id))
        .select((shares::note_id, shares::party_id))
        .load(conn)?)
}

/// A summary as the family of a party sees it.
#[derive(Debug, Clone)]
pub(in crate::counselling) struct Summary {
    pub(in crate::counselling) id: NoteId,
    pub(in crate::counselling) party: PartyId,
    pub(in crate::counselling) code: String,
    pub(in crate::counselling) shared_at: Timestamp,
    pub(in crate::counselling) text: String,
}

type SummaryRow = (NoteId, PartyId, String, Timestamp, Vec<u8>, DataKeyId);

/// The summaries shown to the parties an account stands for, newest first, and one row more.
pub(in crate::counselling) fn summaries(
    work: &mut Work<'_>,
    user: UserId,
    before: Option<(Timestamp, NoteId)>,
    limit: i64,
) -> Result<Vec<Summary>, Error> {
    let mut query = shares::table
        .inner_join(notes::table.on(notes::id.eq(shares::note_id)))
        .inner_join(parties::table.on(parties::id.eq(shares::party_id)))
        .inner_join(cases::table.on(cases::id.eq(notes::case_id)))
        .filter(parties::office_id.eq(work.office_id()))
        .filter(parties::user_id.eq(user))
        .filter(parties::removed_at.is_null())
        .filter(notes::summary_sealed.is_not_null())
        .into_boxed();
    if let Some((at, id)) = before {
        query = query.filter(
            shares::shared_at
                .lt(at)
                .or(shares::shared_at.eq(at).and(shares::note_id.lt(id))),
        );
    }
    let rows: Vec<SummaryRow> = query
        .order((shares::shared_at.desc(), shares::note_id.desc()))
        .limit(limit + 1)
        .select((
            notes::id,
            parties::id,
            parties::code,
            shares::shared_at,
            notes::summary_sealed.assume_not_null(),
            cases::data_key_id,
        ))
        .load(work.conn)?;
    let ids: Vec<DataKeyId> = rows.iter().map(|row| row.5).collect();
    let keys = work.data_keys(&ids)?;
    let known = rows
        .into_iter()
        .filter_map(|row| keys.get(&row.5).map(|key| (row, key)));
    known
        .map(|((id, party, code, shared_at, sealed, _), key)| {
            Ok(Summary {
                id,
                party,
                code,
                shared_at,
                text: text(key.open(place(id, "summary_sealed"), &sealed)?)?,
            })
        })
        .collect()
}
