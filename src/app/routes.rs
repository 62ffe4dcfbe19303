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
    let (list, id) = (parts.next(), parts.next().map(Uuid::try_parse));
    let Some(Ok(id)) = id else {
        return Ok(true);
    };
    match list {
        Some("counselling-requests") => sees(cx, AlertSubject::CounsellingRequest, id),
        Some("counselling-cases") => sees(cx, AlertSubject::CounsellingCase, id),
        Some("counselling-appointments") => sees(cx, AlertSubject::CounsellingAppointment, id),
        Some("legal-aid-requests") => sees(cx, AlertSubject::LegalAidRequest, id),
        Some("concerns") => Ok(plan::concern::sees(cx, id)?),
        Some("difficulties") => Ok(plan::difficulty::sees(cx, id)?),
        // Of the rest roles alone decide, and they are looked at before.
        _ => Ok(true),
    }
}
