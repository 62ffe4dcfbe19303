//! The papers of a request: what they are lies open, their names and digests sealed. The file has
//! the id of its row.

use std::collections::BTreeSet;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::db::schema::{
    data_keys, legal_aid_documents as documents, legal_aid_requests as requests,
};
use crate::db::{self, Conn};
use crate::identity::UserId;
use crate::kernel::{Fault, Timestamp};
use crate::legal_aid::error::Error;
use crate::legal_aid::model::{DocumentId, PaperKind, Request, RequestId};
use crate::office::work::Work;
use crate::paper::incoming::FileKind;
use crate::sealed::vault::is_live;
use crate::sealed::{DataKey, Place, StoredId};

/// What of a paper is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::legal_aid) struct DocumentSecret {
    /// What its file is called.
    pub(in crate::legal_aid) name: String,
    /// The SHA-256 of its file, in hex.
    pub(in crate::legal_aid) sha256: String,
}

/// A page of a paper.
#[derive(Debug, Clone)]
pub(in crate::legal_aid) struct Document {
    pub(in crate::legal_aid) id: DocumentId,
    pub(in crate::legal_aid) request_id: RequestId,
    /// The paper it is a page of: the id of its first page.
    pub(in crate::legal_aid) paper_id: DocumentId,
    pub(in crate::legal_aid) page: i32,
    pub(in crate::legal_aid) kind: PaperKind,
    pub(in crate::legal_aid) media: FileKind,
    pub(in crate::legal_aid) size: i32,
    pub(in crate::legal_aid) is_from_family: bool,
    pub(in crate::legal_aid) uploaded_by: Option<UserId>,
    pub(in crate::legal_aid) created_at: Timestamp,
    pub(in crate::legal_aid) secret: DocumentSecret,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = documents, treat_none_as_default_value = false)]
struct Row {
    id: DocumentId,
    request_id: RequestId,
    paper_id: DocumentId,
    page: i32,
    kind: PaperKind,
    media: FileKind,
    size: i32,
    sealed: Vec<u8>,
    is_from_family: bool,
    uploaded_by_id: Option<UserId>,
    replaced_by_id: Option<DocumentId>,
    removed_at: Option<Timestamp>,
    created_at: Timestamp,
}

fn place(id: DocumentId) -> Place {
    Place {
        table: "legal_aid_documents",
        column: "sealed",
        row: id.uuid(),
    }
}

impl Row {
    fn open(self, key: &DataKey) -> Result<Document, Error> {
        Ok(Document {
            secret: key.open_json(place(self.id), &self.sealed)?,
            id: self.id,
            request_id: self.request_id,
            paper_id: self.paper_id,
            page: self.page,
            kind: self.kind,
            media: self.media,
            size: self.size,
            is_from_family: self.is_from_family,
            uploaded_by: self.uploaded_by_id,
            created_at: self.created_at,
        })
    }
}

/// The pages that are there, in the order they came.
pub(in crate::legal_aid) fn live(
    work: &mut Work<'_>,
    request: &Request,
) -> Result<Vec<Document>, Error> {
    let key = work.data_key(request.data_key_id)?;
    let rows: Vec<Row> = documents::table
        .filter(documents::request_id.eq(request.id))
        .filter(documents::removed_at.is_null())
        .filter(documents::replaced_by_id.is_null())
        .order((documents::created_at, documents::id))
        .select(Row::as_select())
        .load(work.conn)?;
    rows.into_iter().map(|row| row.open(&key)).collect()
}

/// How many bytes an account handed in, whatever became of them: they lie on the disk until they are
/// erased.
pub(in crate::legal_aid) fn bytes_of(conn: &mut Conn, user: UserId) -> db::Result<i64> {
    let bytes: Option<i64> = documents::table
        .inner_join(requests::table.on(requests::id.eq(documents::request_id)))
        .filter(requests::user_id.eq(user))
        .filter(is_live!(requests::data_key_id))
        .filter(documents::is_from_family.eq(true))
        .select(diesel::dsl::sum(documents::size))
        .first(conn)?;
    Ok(bytes.unwrap_or_default())
}

/// Writes a page.
pub(in crate::legal_aid) fn insert(
    work: &mut Work<'_>,
    request: &Request,
    one: &Document,
) -> Result<(), Error> {
    let key = work.data_key(request.data_key_id)?;
    let row = Row {
        id: one.id,
        request_id: one.request_id,
        paper_id: one.paper_id,
        page: one.page,
        kind: one.kind,
        media: one.media,
        size: one.size,
        sealed: key.seal_json(place(one.id), &one.secret)?,
        is_from_family: one.is_from_family,
        uploaded_by_id: one.uploaded_by,
        replaced_by_id: None,
        removed_at: None,
        created_at: one.created_at,
    };
    diesel::insert_into(documents::table)
        .values(row)
        .execute(work.conn)?;
    Ok(())
}

/// Notes that another page stands for this one.
pub(in crate::legal_aid) fn replace(
    conn: &mut Conn,
    old: DocumentId,
    new: DocumentId,
) -> db::Result<()> {
    diesel::update(documents::table.find(old))
        .set(documents::replaced_by_id.eq(Some(new)))
        .execute(conn)?;
    Ok(())
}

/// Takes a page out.
pub(in crate::legal_aid) fn remove(
    conn: &mut Conn,
    now: Timestamp,
    id: DocumentId,
) -> db::Result<()> {
    diesel::update(documents::table.find(id))
        .set(documents::removed_at.eq(Some(now)))
        .execute(conn)?;
    Ok(())
}

/// The kinds of the papers that are there and came at a time or later.
pub(in crate::legal_aid) fn kinds_since(
    conn: &mut Conn,
    id: RequestId,
    since: Option<Timestamp>,
) -> db::Result<Vec<PaperKind>> {
    let mut query = documents::table
        .filter(documents::request_id.eq(id))
        .filter(documents::removed_at.is_null())
        .filter(documents::replaced_by_id.is_null())
        .into_boxed();
    if let Some(since) = since {
        query = query.filter(documents::created_at.ge(since));
    }
    // In the order of the list, which both engines give alike.
    let kinds: BTreeSet<PaperKind> = query
        .select(documents::kind)
        .load(conn)?
        .into_iter()
        .collect();
    Ok(kinds.into_iter().collect())
}

/// Refuses a paper that is not of the request.
pub(in crate::legal_aid) fn require(
    conn: &mut Conn,
    request: RequestId,
    id: DocumentId,
) -> Result<(), Error> {
    let count: i64 = documents::table
        .filter(documents::id.eq(id))
        .filter(documents::request_id.eq(request))
        .filter(documents::removed_at.is_null())
        .count()
        .get_result(conn)?;
    if count == 0 {
        return Err(Fault::rule("/document", "unknown-reference").into());
    }
    Ok(())
}

/// Which of some stored files are named. What was taken out, or erased with its request, is not.
pub(in crate::legal_aid) fn named(
    conn: &mut Conn,
    ids: &[StoredId],
) -> db::Result<BTreeSet<StoredId>> {
    let ids: Vec<DocumentId> = ids.iter().copied().map(StoredId::cast).collect();
    let erased = data_keys::table
        .filter(data_keys::wrapped.is_null())
        .select(data_keys::id);
    let forgotten = requests::table
        .filter(requests::data_key_id.eq_any(erased))
        .select(requests::id);
    let found: Vec<DocumentId> = documents::table
        .filter(documents::id.eq_any(ids))
        .filter(documents::removed_at.is_null())
        .filter(documents::request_id.ne_all(forgotten))
        .select(documents::id)
        .load(conn)?;
    Ok(found.into_iter().map(DocumentId::cast).collect())
}
