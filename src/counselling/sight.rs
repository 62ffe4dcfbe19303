//! What others may ask of this slice: whether a caller sees one of its things.

use uuid::Uuid;

use super::error::Error;
use super::policy;
use super::service::break_glass;
use super::store::{appointment, case, request};
use crate::http::Problem;
use crate::identity::Cx;
use crate::kernel::{Fault, Id};
use crate::office::risk_alert::AlertSubject;

/// Whether a caller sees a request, a case or an appointment: a family its own; of another slice's
/// things it sees none.
///
/// # Errors
/// When storage fails.
pub fn sees(cx: &mut Cx<'_>, kind: AlertSubject, id: Uuid) -> Result<bool, Problem> {
    let (mut work, eyes) = match policy::casework(cx) {
        Err(Error::Fault(Fault::Forbidden)) => return sees_own(cx, kind, id),
        other => other?,
    };
    let found = match kind {
        AlertSubject::CounsellingRequest => {
            let scope = request::Scope::Staff(eyes);
            request::find(&mut work, &scope, Id::from_uuid(id))?.is_some()
        }
        AlertSubject::CounsellingCase => {
            let id = Id::from_uuid(id);
            let is_own = case::find(&mut work, &eyes, id)?.is_some();
            is_own || is_there(break_glass::look(&mut work, &eyes, id))?
        }
        AlertSubject::CounsellingAppointment => {
            let scope = appointment::Scope::Staff(eyes);
            is_there(appointment::load(&mut work, &scope, Id::from_uuid(id)))?
        }
        AlertSubject::LegalAidRequest | AlertSubject::TrainingSession => false,
    };
    Ok(found)
}

fn sees_own(cx: &mut Cx<'_>, kind: AlertSubject, id: Uuid) -> Result<bool, Problem> {
    let (mut work, user) = match policy::family(cx) {
        Err(Error::Fault(Fault::Forbidden)) => return Ok(false),
        other => other?,
    };
    let found = match kind {
        AlertSubject::CounsellingRequest => {
            let scope = request::Scope::Own(user);
            request::find(&mut work, &scope, Id::from_uuid(id))?.is_some()
        }
        AlertSubject::CounsellingAppointment => {
            let scope = appointment::Scope::Own(user);
            is_there(appointment::load(&mut work, &scope, Id::from_uuid(id)))?
        }
        AlertSubject::CounsellingCase
        | AlertSubject::LegalAidRequest
        | AlertSubject::TrainingSession => false,
    };
    Ok(found)
}

fn is_there<T>(found: Result<T, Error>) -> Result<bool, Error> {
    match found {
        Ok(_) => Ok(true),
        Err(Error::Fault(Fault::NotFound)) => Ok(false),
        Err(error) => Err(error),
    }
}
