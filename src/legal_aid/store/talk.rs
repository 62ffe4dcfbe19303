//! What a family asks and what it is answered, and the notes staff keep among themselves; sealed.

use diesel::prelude::*;

use crate::db::schema::{legal_aid_notes as notes, legal_aid_questions as questions};
use crate::identity::UserId;
use crate::kernel::{Fault, Id, Timestamp};
use crate::legal_aid::error::Error;
use crate::legal_aid::model::{Request, RequestId};
use crate::office::work::Work;
use crate::sealed::{DataKey, Place};

/// Marks ids of questions.
#[derive(Debug)]
pub(in crate::legal_aid) enum Question {}
/// The id of a question.
pub(in crate::legal_aid) type QuestionId = Id<Question>;

/// Marks ids of notes.
#[derive(Debug)]
pub(in crate::legal_aid) enum Note {}
/// The id of a note.
pub(in crate::legal_aid) type NoteId = Id<Note>;

/// A question, and its answer where there is one.
#[derive(Debug, Clone)]
pub(in crate::legal_aid) struct Asked {
    pub(in crate::legal_aid) id: QuestionId,
    pub(in crate::legal_aid) text: String,
    pub(in crate::legal_aid) at: Timestamp,
    pub(in crate::legal_aid) by: Option<UserId>,
    pub(in crate::legal_aid) answer: Option<String>,
    pub(in crate::legal_aid) answered_at: Option<Timestamp>,
    pub(in crate::legal_aid) answered_by: Option<UserId>,
}

/// A note of staff.
#[derive(Debug, Clone)]
pub(in crate::legal_aid) struct Noted {
    pub(in crate::legal_aid) id: NoteId,
    pub(in crate::legal_aid) author: UserId,
    pub(in crate::legal_aid) text: String,
    pub(in crate::legal_aid) at: Timestamp,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = questions, treat_none_as_default_value = false)]
struct QuestionRow {
    id: QuestionId,
    request_id: RequestId,
    asked_by_id: Option<UserId>,
    sealed: Vec<u8>,
    answer_sealed: Option<Vec<u8>>,
    answered_by_id: Option<UserId>,
    answered_at: Option<Timestamp>,
    created_at: Timestamp,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = notes)]
struct NoteRow {
    id: NoteId,
    request_id: RequestId,
    author_id: UserId,
    sealed: Vec<u8>,
    created_at: Timestamp,
}

fn place(table: &'static str, column: &'static str, row: uuid::Uuid) -> Place {
    Place { table, column, row }
}

fn asked_at(id: QuestionId) -> Place {
    place("legal_aid_questions", "sealed", id.uuid())
}

fn answered_at(id: QuestionId) -> Place {
    place("legal_aid_questions", "answer_sealed", id.uuid())
}

fn noted_at(id: NoteId) -> Place {
    place("legal_aid_notes", "sealed", id.uuid())
}

fn text(key: &DataKey, place: Place, sealed: &[u8]) -> Result<String, Error> {
    let plain = key.open(place, sealed)?;
    Ok(String::from_utf8_lossy(&plain).into_owned())
}

impl QuestionRow {
    fn open(self, key: &DataKey) -> Result<Asked, Error> {
        let answer = match &self.answer_sealed {
            None => None,
            Some(sealed) => Some(text(key, answered_at(self.id), sealed)?),
        };
        Ok(Asked {
            text: text(key, asked_at(self.id), &self.sealed)?,
            id: self.id,
            at: self.created_at,
            by: self.asked_by_id,
            answer,
            answered_at: self.answered_at,
            answered_by: self.answered_by_id,
        })
    }
}

/// The questions of a request, in order.
pub(in crate::legal_aid) fn questions(
    work: &mut Work<'_>,
    request: &Request,
) -> Result<Vec<Asked>, Error> {
    let key = work.data_key(request.data_key_id)?;
    let rows: Vec<QuestionRow> = questions::table
        .filter(questions::request_id.eq(request.id))
        .order((questions::created_at, questions::id))
        .select(QuestionRow::as_select())
        .load(work.conn)?;
    rows.into_iter().map(|row| row.open(&key)).collect()
}

/// Writes a question.
pub(in crate::legal_aid) fn ask(
    work: &mut Work<'_>,
    request: &Request,
    question: &str,
) -> Result<QuestionId, Error> {
    let (id, key) = (
        QuestionId::new(work.now),
        work.data_key(request.data_key_id)?,
    );
    let row = QuestionRow {
        id,
        request_id: request.id,
        asked_by_id: work.actor,
        sealed: key.seal(asked_at(id), question.as_bytes())?,
        answer_sealed: None,
        answered_by_id: None,
        answered_at: None,
        created_at: work.now,
    };
    diesel::insert_into(questions::table)
        .values(row)
        .execute(work.conn)?;
    Ok(id)
}

/// Writes an answer, where there is none yet; whether it did.
pub(in crate::legal_aid) fn answer(
    work: &mut Work<'_>,
    request: &Request,
    (id, answer): (QuestionId, &str),
) -> Result<bool, Error> {
    let key = work.data_key(request.data_key_id)?;
    let of_request = questions::table
        .filter(questions::id.eq(id))
        .filter(questions::request_id.eq(request.id));
    let known: i64 = of_request.count().get_result(work.conn)?;
    if known == 0 {
        return Err(Fault::NotFound.into());
    }
    let open = questions::table
        .filter(questions::id.eq(id))
        .filter(questions::answered_at.is_null());
    let written = diesel::update(open)
        .set((
            questions::answer_sealed.eq(Some(key.seal(answered_at(id), answer.as_bytes())?)),
            questions::answered_by_id.eq(work.actor),
            questions::answered_at.eq(Some(work.now)),
        ))
        .execute(work.conn)?;
    Ok(written == 1)
}

/// The notes of a request, in order.
pub(in crate::legal_aid) fn notes(
    work: &mut Work<'_>,
    request: &Request,
) -> Result<Vec<Noted>, Error> {
    let key = work.data_key(request.data_key_id)?;
    let rows: Vec<NoteRow> = notes::table
        .filter(notes::request_id.eq(request.id))
        .order((notes::created_at, notes::id))
        .select(NoteRow::as_select())
        .load(work.conn)?;
    rows.into_iter()
        .map(|row| {
            Ok(Noted {
                text: text(&key, noted_at(row.id), &row.sealed)?,
                id: row.id,
                author: row.author_id,
                at: row.created_at,
            })
        })
        .collect()
}

/// Writes a note.
pub(in crate::legal_aid) fn note(
    work: &mut Work<'_>,
    request: &Request,
    (author, words): (UserId, &str),
) -> Result<(), Error> {
    let (id, key) = (NoteId::new(work.now), work.data_key(request.data_key_id)?);
    let row = NoteRow {
        id,
        request_id: request.id,
        author_id: author,
        sealed: key.seal(noted_at(id), words.as_bytes())?,
        created_at: work.now,
    };
    diesel::insert_into(notes::table)
        .values(row)
        .execute(work.conn)?;
    Ok(())
}
