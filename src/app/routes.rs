//! The table of contents: one line a slice.

use uuid::Uuid;

use crate::http::{Api, Problem};
use crate::identity::Cx;
use crate::office::risk_alert::AlertSubject;
use crate::{counselling, identity, legal_aid, office, training};

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
