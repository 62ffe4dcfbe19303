//! Papers on the wire.

use serde::{Deserialize, Serialize};

use crate::identity::UserId;
use crate::kernel::Zone;
use crate::kernel::civil::Shown;
use crate::legal_aid::model::{DocumentId, PaperKind};
use crate::legal_aid::policy::Scope;
use crate::legal_aid::service::document::Page;
use crate::legal_aid::store::document::Document;
use crate::paper::incoming::FileKind;

/// What a page is said to be.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::legal_aid) struct LegalAidDocumentForm {
    /// What the paper is; families hand in what is theirs.
    kind: PaperKind,
    /// The paper it is a further page of: `paper` of an earlier page of the same kind.
    #[schema(value_type = Option<uuid::Uuid>)]
    paper: Option<DocumentId>,
}

impl LegalAidDocumentForm {
    /// The page.
    pub(in crate::legal_aid) fn page(&self) -> Page {
        Page {
            kind: self.kind,
            paper: self.paper,
        }
    }
}

/// Nothing but the file.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::legal_aid) struct LegalAidReplacementForm {}

/// A page of a paper.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::legal_aid) struct LegalAidDocumentView {
    id: DocumentId,
    /// The paper it is a page of.
    paper: DocumentId,
    page: i32,
    kind: PaperKind,
    /// What the file is, by its content.
    media: FileKind,
    /// In bytes.
    size: i32,
    name: String,
    /// Of the file as it is given back: positions and the like were taken out of photographs.
    sha256: String,
    is_from_family: bool,
    /// Who handed it in; of the ward's own pages staff alone see it.
    uploaded_by: Option<UserId>,
    created_at: Shown,
}

impl LegalAidDocumentView {
    /// A page in the office's zone.
    pub(in crate::legal_aid) fn of(zone: Zone, page: &Document, scope: &Scope) -> Self {
        let is_shown = page.is_from_family || !scope.is_own();
        Self {
            id: page.id,
            paper: page.paper_id,
            page: page.page,
            kind: page.kind,
            media: page.media,
            size: page.size,
            name: page.secret.name.clone(),
            sha256: page.secret.sha256.clone(),
            is_from_family: page.is_from_family,
            uploaded_by: page.uploaded_by.filter(|_| is_shown),
            created_at: zone.show(page.created_at),
        }
    }
}

/// The papers of a request, all of them: a request has at most fifty pages.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::legal_aid) struct LegalAidDocumentsView {
    /// The pages, in the order they came.
    pub(in crate::legal_aid) items: Vec<LegalAidDocumentView>,
}
