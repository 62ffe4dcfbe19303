//! The papers of a request: handed in, looked at, replaced, taken out. A file is durable before its
//! row is written, and whether this caller may is asked before it is sent and again then.

use serde_json::json;

use super::draft::note;
use crate::identity::contact;
use crate::kernel::Fault;
use crate::kernel::token;
use crate::legal_aid::errand;
use crate::legal_aid::error::Error;
use crate::legal_aid::model::{DocumentId, PaperKind, Request, RequestId};
use crate::legal_aid::policy::{self, Scope};
use crate::legal_aid::status::{Action, Status};
use crate::legal_aid::store::document::{self as store, Document, DocumentSecret};
use crate::legal_aid::store::event::Told;
use crate::legal_aid::store::request as requests;
use crate::office::work::Work;
use crate::sealed::{DataKey, Stored};

/// The most pages of a request.
const PAGES_MAX: usize = 50;

/// What a page is said to be.
#[derive(Debug, Clone, Copy)]
pub(in crate::legal_aid) struct Page {
    /// What the paper is.
    pub(in crate::legal_aid) kind: PaperKind,
    /// The paper it is a further page of.
    pub(in crate::legal_aid) paper: Option<DocumentId>,
}

/// The key a file is sealed by, for whoever may hand one in now.
pub(in crate::legal_aid) fn key(
    work: &mut Work<'_>,
    scope: &Scope,
    id: RequestId,
) -> Result<DataKey, Error> {
    let request = requests::load(work, scope, id)?;
    policy::require(&request, scope, Action::Upload)?;
    require_room(work, scope, 0)?;
    Ok(work.data_key(request.data_key_id)?)
}

/// Refuses a family what would let one account fill the disk that all write to.
fn require_room(work: &mut Work<'_>, scope: &Scope, size: i64) -> Result<(), Error> {
    let Scope::Own(user) = scope else {
        return Ok(());
    };
    if size > 0 {
        // It is written: two papers at once are counted one after the other.
        contact::lock(work.conn, *user)?;
    }
    let most = work.settings()?.policies.account_megabytes.value;
    if store::bytes_of(work.conn, *user)? + size.max(1) > i64::from(most) * 1_000_000 {
        return Err(Error::AccountFull);
    }
    Ok(())
}

/// The pages this caller sees: a family its own, and what the Centre wrote once that is recorded.
pub(in crate::legal_aid) fn list(
    work: &mut Work<'_>,
    scope: &Scope,
    id: RequestId,
) -> Result<Vec<Document>, Error> {
    let request = requests::load(work, scope, id)?;
    seen(work, scope, &request)
}

fn seen(work: &mut Work<'_>, scope: &Scope, request: &Request) -> Result<Vec<Document>, Error> {
    let mut pages = store::live(work, request)?;
    if scope.is_own() {
        let secret = &request.secret;
        let sent = secret.referral.as_ref();
        let is_received = sent.is_some_and(|sent| sent.receipt_number.is_some());
        let is_decided = secret.decision.is_some() || secret.refused_before.is_some();
        pages.retain(|page| match page.kind {
            PaperKind::CentreReceipt => is_received,
            PaperKind::CentreDecision => is_decided,
            _ => page.is_from_family,
        });
    }
    Ok(pages)
}

fn find(
    work: &mut Work<'_>,
    scope: &Scope,
    request: &Request,
    id: DocumentId,
) -> Result<Document, Error> {
    let mut pages = seen(work, scope, request)?.into_iter();
    let found = pages.find(|page| page.id == id);
    found.ok_or_else(|| Fault::NotFound.into())
}

/// A page as it is read, and the key that opens its file; each reading is one row of the log.
pub(in crate::legal_aid) fn read(
    work: &mut Work<'_>,
    scope: &Scope,
    (id, page): (RequestId, DocumentId),
) -> Result<(Document, DataKey), Error> {
    let request = requests::load(work, scope, id)?;
    let found = find(work, scope, &request, page)?;
    let facts = json!({"kind": found.kind});
    let action = "legal-aid-document.read";
    work.audit(action, "legal-aid-document", page.uuid(), facts)?;
    Ok((found, work.data_key(request.data_key_id)?))
}

/// Writes the row of a stored file.
pub(in crate::legal_aid) fn add(
    work: &mut Work<'_>,
    scope: &Scope,
    id: RequestId,
    (said, stored): (Page, &Stored),
) -> Result<Document, Error> {
    let request = lock(work, scope, id)?;
    require_room(work, scope, stored.size)?;
    let pages = store::live(work, &request)?;
    if pages.len() >= PAGES_MAX {
        return Err(Error::DocumentsFull);
    }
    let is_theirs = !scope.is_own() || said.kind.is_of_family();
    if !is_theirs {
        return Err(Fault::rule("/kind", "not-of-a-family").into());
    }
    let number = match said.paper {
        None => 1,
        Some(paper) => next_page(&seen(work, scope, &request)?, paper, said.kind)?,
    };
    let page = page_of(work, scope, (id, said), (number, stored));
    write(work, &request, &page, "document-add")?;
    if scope.is_own() && request.status == Status::NeedsSupplement {
        // Whether or not the family says that it was all: what was waited for may be there.
        errand::look_at(work, &request)?;
    }
    Ok(page)
}

fn lock(work: &mut Work<'_>, scope: &Scope, id: RequestId) -> Result<Request, Error> {
    requests::touch(work.conn, work.office.id, id)?;
    let request = requests::load(work, scope, id)?;
    policy::require(&request, scope, Action::Upload)?;
    Ok(request)
}

fn next_page(pages: &[Document], paper: DocumentId, kind: PaperKind) -> Result<i32, Error> {
    let of_paper = pages.iter().filter(|page| page.paper_id == paper);
    let last = of_paper.max_by_key(|page| page.page);
    match last {
        Some(last) if last.kind == kind => Ok(last.page + 1),
        _ => Err(Fault::rule("/paper", "unknown-reference").into()),
    }
}

fn page_of(
    work: &Work<'_>,
    scope: &Scope,
    (request_id, said): (RequestId, Page),
    (page, stored): (i32, &Stored),
) -> Document {
    let id: DocumentId = stored.id.cast();
    Document {
        id,
        request_id,
        paper_id: said.paper.unwrap_or(id),
        page,
        kind: said.kind,
        media: stored.kind,
        // The largest file is far smaller.
        size: i32::try_from(stored.size).unwrap_or(i32::MAX),
        is_from_family: scope.is_own(),
        uploaded_by: Some(scope.user()),
        created_at: work.now,
        secret: DocumentSecret {
            name: stored.name.clone(),
            sha256: token::hex(&stored.sha256),
        },
    }
}

fn write(work: &mut Work<'_>, request: &Request, page: &Document, kind: &str) -> Result<(), Error> {
    store::insert(work, request, page)?;
    tell(work, request, page, kind)
}

fn tell(work: &mut Work<'_>, request: &Request, page: &Document, kind: &str) -> Result<(), Error> {
    let told = Told {
        facts: json!({"kind": page.kind, "page": page.page}),
        document: Some(page.id),
        ..Told::default()
    };
    note(work, request, (kind, None), &told)
}

/// Puts another file in a page's place: families in place of their own pages until the request goes to
/// the Centre, staff of any.
pub(in crate::legal_aid) fn replace(
    work: &mut Work<'_>,
    scope: &Scope,
    (id, old): (RequestId, DocumentId),
    stored: &Stored,
) -> Result<Document, Error> {
    let request = lock(work, scope, id)?;
    require_room(work, scope, stored.size)?;
    let old = find(work, scope, &request, old)?;
    require_own(scope, &old)?;
    let is_with_ward = matches!(
        request.status,
        Status::Draft | Status::Submitted | Status::NeedsSupplement
    );
    if scope.is_own() && !is_with_ward {
        // What the Centre was sent stays to be shown: a better picture is one page more.
        return Err(Fault::Forbidden.into());
    }
    let said = Page {
        kind: old.kind,
        paper: Some(old.paper_id),
    };
    let page = page_of(work, scope, (id, said), (old.page, stored));
    write(work, &request, &page, "document-replace")?;
    store::replace(work.conn, old.id, page.id)?;
    Ok(page)
}

/// Takes a page out: a family one of its own draft's, staff any, with a reason.
pub(in crate::legal_aid) fn remove(
    work: &mut Work<'_>,
    scope: &Scope,
    (id, page): (RequestId, DocumentId),
    reason: String,
) -> Result<(), Error> {
    let request = lock(work, scope, id)?;
    let page = find(work, scope, &request, page)?;
    require_own(scope, &page)?;
    if scope.is_own() && request.status != Status::Draft {
        // What was handed in stays until staff take it out.
        return Err(Fault::Forbidden.into());
    }
    store::remove(work.conn, work.now, page.id)?;
    let told = Told {
        facts: json!({"kind": page.kind, "page": page.page}),
        note: Some(reason),
        document: Some(page.id),
        ..Told::default()
    };
    note(work, &request, ("document-remove", None), &told)
}

fn require_own(scope: &Scope, page: &Document) -> Result<(), Error> {
    if scope.is_own() && !page.is_from_family {
        return Err(Fault::Forbidden.into());
    }
    Ok(())
}
