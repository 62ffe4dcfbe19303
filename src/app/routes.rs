//! The table of contents: one line a slice.

use uuid::Uuid;

use crate::http::{Api, Problem};
use crate::identity::Cx;
use crate::office::risk_alert::AlertSubject;
use crate::{counselling, identity, legal_aid, office, plan, report, training};

/// Every route of the service.
pub fn all() -> Api {
    let mut api = Api::default();
    super::pages::mount(&mut api);
    api.base("/api/v1");
    identity::routes::mount(&mut api);
    office::routes::mount(&mut api, sees);
    training::routes::mount(&mut api);
    counselling::routes::mount(&mut api);
    legal_aid::routes::mount(&mut api);
    plan::routes::mount(&mut api);
    report::routes::mount(&mut api);
    api
}

/// Whether a caller sees what a risk alert is to be about.
fn sees(cx: &mut Cx<'_>, kind: AlertSubject, id: Uuid) -> Result<bool, Problem> {
    match kind {
        AlertSubject::CounsellingRequest
        | AlertSubject::CounsellingCase
        | AlertSubject::CounsellingAppointment => counselling::sees(cx, kind, id),
        AlertSubject::TrainingSession => Ok(training::sees(cx, id)?),
        AlertSubject::LegalAidRequest => Ok(legal_aid::sees(cx, id)?),
    }
}

/// Whether a caller still sees the thing that is at a path, or that the path is below.
pub(super) fn sees_at(cx: &mut Cx<'_>, path: &str) -> Result<bool, Problem> {
    let below = path.strip_prefix("/api/v1/").unwrap_or_default();
    let mut parts = below.split('/');
    let kind = match parts.next() {
        Some("counselling-requests") => AlertSubject::CounsellingRequest,
        Some("counselling-cases") => AlertSubject::CounsellingCase,
        Some("counselling-appointments") => AlertSubject::CounsellingAppointment,
        Some("legal-aid-requests") => AlertSubject::LegalAidRequest,
        // Of the rest roles alone decide, and they are looked at before.
        _ => return Ok(true),
    };
    match parts.next().map(Uuid::try_parse) {
        Some(Ok(id)) => sees(cx, kind, id),
        _ => Ok(true),
    }
}
