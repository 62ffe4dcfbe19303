//! What legal aid reads of a stranger, for the fuzz targets alone: no build has it that is not made
//! with `--cfg fuzzing`.

use chrono::NaiveDate;
use uuid::Uuid;

use super::view::body::LegalAidRequestBody;
use super::view::centre::{CentreAssignmentBody, CentreDecisionBody, CentreReceiptBody, ReferBody};
use super::view::document::LegalAidDocumentForm;
use super::view::own::OwnLegalAidRequestsQuery;
use super::view::request::LegalAidRequestsQuery;
use super::view::step::{
    ConfirmWithdrawalBody, DeclareConflictBody, LegalAidKeepBody, LegalAidNoteBody,
    LegalAidOutcomeBody, LegalAidReasonBody, LegalAidRedirectBody, LegalAidWithdrawBody,
    RequestSupplementBody, SupplementBody,
};
use super::view::timeline::LegalAidTimelineQuery;
use crate::http::fuzz::{Read, body, form, query};
use crate::identity::UserId;
use crate::sealed::Depot;
use crate::sealed::stored::Incoming;

/// Somebody.
const ANYONE: UserId = UserId::from_uuid(Uuid::nil());

/// The day of the call.
fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 1).unwrap_or_default()
}

/// The bodies.
pub const BODIES: &[Read] = &[
    |bytes| body::<CentreAssignmentBody>(bytes).is_some_and(|body| body.read(today()).is_ok()),
    |bytes| body::<CentreDecisionBody>(bytes).is_some_and(|body| body.read(today()).is_ok()),
    |bytes| body::<CentreReceiptBody>(bytes).is_some_and(|body| body.read(today()).is_ok()),
    |bytes| body::<ConfirmWithdrawalBody>(bytes).is_some_and(|body| body.read().is_ok()),
    |bytes| body::<DeclareConflictBody>(bytes).is_some_and(|body| body.read(ANYONE).is_ok()),
    |bytes| body::<LegalAidKeepBody>(bytes).is_some_and(|body| body.read().is_ok()),
    |bytes| body::<LegalAidNoteBody>(bytes).is_some_and(|body| body.read().is_ok()),
    |bytes| body::<LegalAidOutcomeBody>(bytes).is_some_and(|body| body.read().is_ok()),
    |bytes| body::<LegalAidReasonBody>(bytes).is_some_and(|body| body.read().is_ok()),
    |bytes| body::<LegalAidRedirectBody>(bytes).is_some_and(|body| body.read().is_ok()),
    |bytes| body::<LegalAidRequestBody>(bytes).is_some(),
    |bytes| body::<LegalAidWithdrawBody>(bytes).is_some_and(|body| body.read().is_ok()),
    |bytes| body::<ReferBody>(bytes).is_some_and(|body| body.read(today()).is_ok()),
    |bytes| body::<RequestSupplementBody>(bytes).is_some_and(|body| body.read().is_ok()),
    |bytes| body::<SupplementBody>(bytes).is_some_and(|body| body.read().is_ok()),
];

/// The queries.
pub const QUERIES: &[Read] = &[
    |bytes| query::<LegalAidRequestsQuery>(bytes, |q| q.after_time::<UserId>().is_ok()),
    |bytes| query::<LegalAidTimelineQuery>(bytes, |q| q.after_time::<UserId>().is_ok()),
    |bytes| query::<OwnLegalAidRequestsQuery>(bytes, |q| q.after_time::<UserId>().is_ok()),
];

/// The form a paper comes in: its file, and what that is called.
pub fn paper(
    depot: &Depot,
    media: &[u8],
    bytes: &[u8],
    piece: usize,
) -> Option<(Incoming, String)> {
    let (_page, incoming, name) = form::<LegalAidDocumentForm>(depot, media, bytes, piece)?;
    Some((incoming, name))
}
