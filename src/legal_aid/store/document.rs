//! The papers of a request: what they are lies open, their names and digests sealed.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::db::schema::legal_aid_documents as documents;
use crate::db::{self, Conn};
use crate::kernel::Fault;
use crate::legal_aid::error::Error;
use crate::legal_aid::model::{DocumentId, PaperKind, RequestId};

/// The kinds of the papers that are there.
pub(in crate::legal_aid) fn kinds(conn: &mut Conn, id: RequestId) -> db::Result<Vec<PaperKind>> {
    Ok(documents::table
        .filter(documents::request_id.eq(id))
        .filter(documents::removed_at.is_null())
        .filter(documents::replaced_by_id.is_null())
        .select(documents::kind)
        .distinct()
        .load(conn)?)
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

/// What of a paper is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::legal_aid) struct DocumentSecret {
    /// What its file was called.
    pub(in crate::legal_aid) name: String,
    /// The SHA-256 of its file, in hex.
    pub(in crate::legal_aid) sha256: String,
}
