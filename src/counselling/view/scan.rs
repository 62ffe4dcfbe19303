//! Scans of signed records on the wire.

use serde::{Deserialize, Serialize};

use crate::counselling::model::Case;
use crate::counselling::policy::{self, Eyes};
use crate::counselling::record::{Note, Scan, ScanId};
use crate::identity::UserId;
use crate::kernel::Zone;
use crate::kernel::civil::Shown;
use crate::paper::incoming::FileKind;

/// Nothing but the file.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::counselling) struct NoteScanForm {}

/// A page of the record as it was signed.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::counselling) struct NoteScanView {
    id: ScanId,
    /// What the file is, by its content.
    media: FileKind,
    /// In bytes.
    size: i32,
    name: String,
    /// Of the file as it is given back: positions and the like were taken out of photographs.
    sha256: String,
    uploaded_by: UserId,
    created_at: Shown,
    allowed_actions: Vec<&'static str>,
}

impl NoteScanView {
    /// A scan of a note in the office's zone, for these eyes.
    pub(in crate::counselling) fn of(
        zone: Zone,
        (case, note, eyes): (&Case, &Note, &Eyes),
        scan: &Scan,
    ) -> Self {
        Self {
            id: scan.id,
            media: scan.media,
            size: scan.size,
            name: scan.secret.name.clone(),
            sha256: scan.secret.sha256.clone(),
            uploaded_by: scan.uploaded_by,
            created_at: zone.show(scan.created_at),
            allowed_actions: policy::scan_actions(case, eyes, note),
        }
    }
}

/// The scans of a note, all of them: a note has at most twenty.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::counselling) struct NoteScansView {
    /// In the order they came.
    pub(in crate::counselling) items: Vec<NoteScanView>,
}
