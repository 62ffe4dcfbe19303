//! A family asks and is answered; staff keep notes that no family sees.

use serde_json::json;

use crate::identity::UserId;
use crate::kernel::Fault;
use crate::legal_aid::errand;
use crate::legal_aid::error::Error;
use crate::legal_aid::messages::{self, Telling};
use crate::legal_aid::model::{Request, RequestId};
use crate::legal_aid::policy::{self, Eyes, Scope};
use crate::legal_aid::status::Action;
use crate::legal_aid::store::request as requests;
use crate::legal_aid::store::talk::{self as store, Asked, Noted, QuestionId};
use crate::office::work::Work;

/// The most questions of a request, and the most notes.
const MOST: usize = 200;

fn audit(work: &mut Work<'_>, request: &Request, what: &str) -> Result<(), Error> {
    let action = format!("legal-aid-request.{what}");
    let facts = json!({"status": request.status});
    work.audit(&action, "legal-aid-request", request.id.uuid(), facts)?;
    Ok(())
}

/// What was asked about a request, and whose it is.
#[derive(Debug)]
pub(in crate::legal_aid) struct Talk {
    pub(in crate::legal_aid) family: Option<UserId>,
    pub(in crate::legal_aid) questions: Vec<Asked>,
}

impl Talk {
    fn of(work: &mut Work<'_>, request: &Request) -> Result<Self, Error> {
        Ok(Self {
            family: request.user_id,
            questions: store::questions(work, request)?,
        })
    }
}

/// The questions of a request and their answers.
pub(in crate::legal_aid) fn questions(
    work: &mut Work<'_>,
    scope: &Scope,
    id: RequestId,
) -> Result<Talk, Error> {
    let request = requests::load(work, scope, id)?;
    Talk::of(work, &request)
}

/// A family asks, or staff write down what it asked; somebody answers.
pub(in crate::legal_aid) fn ask(
    work: &mut Work<'_>,
    scope: &Scope,
    (id, question): (RequestId, &str),
) -> Result<Talk, Error> {
    requests::touch(work.conn, work.office.id, id)?;
    let request = requests::load(work, scope, id)?;
    policy::require(&request, scope, Action::Ask)?;
    if store::questions(work, &request)?.len() >= MOST {
        return Err(Fault::rule("/text", "out-of-range").into());
    }
    let asked = store::ask(work, &request, question)?;
    audit(work, &request, "ask")?;
    errand::asked(work, &request, asked.uuid())?;
    Talk::of(work, &request)
}

/// Staff answer; the family is told that there is news.
pub(in crate::legal_aid) fn answer(
    work: &mut Work<'_>,
    eyes: Eyes,
    id: RequestId,
    (question, words): (QuestionId, &str),
) -> Result<Talk, Error> {
    requests::touch(work.conn, work.office.id, id)?;
    let request = requests::load(work, &Scope::Staff(eyes), id)?;
    if !store::answer(work, &request, (question, words))? {
        return Err(Error::Answered);
    }
    audit(work, &request, "answer")?;
    let all = Talk::of(work, &request)?;
    if all.questions.iter().all(|one| one.answer.is_some()) {
        errand::answered(work, &request)?;
    }
    messages::tell(work, &request, Telling::News, &format!(":{question}"))?;
    Ok(all)
}

/// The notes staff keep.
pub(in crate::legal_aid) fn notes(
    work: &mut Work<'_>,
    eyes: Eyes,
    id: RequestId,
) -> Result<Vec<Noted>, Error> {
    let request = requests::load(work, &Scope::Staff(eyes), id)?;
    audit(work, &request, "read-notes")?;
    store::notes(work, &request)
}

/// Adds a note; none is ever changed.
pub(in crate::legal_aid) fn note(
    work: &mut Work<'_>,
    eyes: Eyes,
    (id, words): (RequestId, &str),
) -> Result<Vec<Noted>, Error> {
    requests::touch(work.conn, work.office.id, id)?;
    let request = requests::load(work, &Scope::Staff(eyes), id)?;
    if store::notes(work, &request)?.len() >= MOST {
        return Err(Fault::rule("/text", "out-of-range").into());
    }
    store::note(work, &request, (eyes.user, words))?;
    audit(work, &request, "note")?;
    store::notes(work, &request)
}
